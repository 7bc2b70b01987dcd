"""Bills are read by a worker: who asked, how far it is, and why it could not be done."""

from django.db import migrations, models


def forget_unread(apps, _editor):
    """Going back: nobody would go on with a reading, and its lines would count."""
    apps.get_model('studio', 'BillLine').objects.filter(bill__read_at=None).delete()


class Migration(migrations.Migration):

    dependencies = [
        ('studio', '0026_prices'),
    ]

    operations = [
        migrations.AddField(
            model_name='bill',
            name='done',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='bill',
            name='lease_owner',
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name='bill',
            name='lease_until',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='bill',
            name='problem',
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name='bill',
            name='removed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='bill',
            name='tries',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='bill',
            name='wanted_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddConstraint(
            model_name='bill',
            constraint=models.UniqueConstraint(condition=models.Q(('lease_owner', ''), _negated=True), fields=('provider',), name='bill_one_at_a_time'),
        ),
        migrations.RunPython(migrations.RunPython.noop, forget_unread),
    ]
