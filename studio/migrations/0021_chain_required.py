from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('studio', '0020_chain'),
    ]

    operations = [
        migrations.AlterField(model_name='ledgerentry', name='number', field=models.PositiveBigIntegerField()),
        migrations.AlterField(model_name='ledgerentry', name='day', field=models.DateField()),
        migrations.AlterField(model_name='ledgerentry', name='digest', field=models.BinaryField(max_length=32)),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.UniqueConstraint(fields=('team', 'number'), name='entry_number_once'),
        ),
    ]
