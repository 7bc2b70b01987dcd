"""Every entry is in its chain, and no two versions of a price or rate begin at the same moment."""

import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('studio', '0014_chain'),
    ]

    operations = [
        migrations.AlterField(
            model_name='ledgerentry',
            name='day',
            field=models.DateField(),
        ),
        migrations.AlterField(
            model_name='ledgerentry',
            name='digest',
            field=models.BinaryField(max_length=32),
        ),
        migrations.AlterField(
            model_name='ledgerentry',
            name='number',
            field=models.PositiveBigIntegerField(),
        ),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.UniqueConstraint(fields=('team', 'number'), name='entry_number_once'),
        ),
        migrations.AddConstraint(
            model_name='priceversion',
            constraint=models.UniqueConstraint(django.db.models.functions.comparison.Coalesce('team', 0), models.F('provider'), models.F('model'), models.F('conditions'), models.F('valid_from'), django.db.models.functions.comparison.Coalesce('replaces', 0), name='price_once'),
        ),
        migrations.AddConstraint(
            model_name='priceversion',
            constraint=models.CheckConstraint(condition=models.Q(('valid_until', None), ('valid_until__gt', models.F('valid_from')), _connector='OR'), name='price_ends_after_it_begins'),
        ),
        migrations.AddConstraint(
            model_name='rate',
            constraint=models.UniqueConstraint(django.db.models.functions.comparison.Coalesce('team', 0), models.F('unit'), models.F('valid_from'), name='rate_once'),
        ),
        migrations.AddConstraint(
            model_name='rate',
            constraint=models.CheckConstraint(condition=models.Q(('price__gt', 0)), name='rate_not_zero'),
        ),
    ]
