"""Prices may end, and no two versions of one kind begin at the same moment; nor do rates."""

from datetime import timedelta

import django.db.models.deletion
import django.db.models.functions.comparison
from django.db import migrations, models


def tell_apart(apps, _editor):
    """Of versions that begin at the same moment the later one counted: let it begin a little later."""
    _tell_apart(apps.get_model('studio', 'PriceVersion'), _kind_of_price)
    _tell_apart(apps.get_model('studio', 'Rate'), lambda row: (row.team_id, row.unit))


def _kind_of_price(row):
    row.conditions = dict(sorted(row.conditions.items()))
    return row.team_id, row.provider, row.model, str(row.conditions)


def _tell_apart(model, kind_of):
    taken = set()
    for row in model.objects.order_by('pk'):
        kind = kind_of(row)
        while (kind, row.valid_from) in taken:
            row.valid_from += timedelta(microseconds=1)
        taken.add((kind, row.valid_from))
        row.save()


class Migration(migrations.Migration):

    dependencies = [
        ('studio', '0025_bills'),
    ]

    operations = [
        migrations.RunPython(tell_apart, migrations.RunPython.noop),
        migrations.AddField(
            model_name='priceversion',
            name='replaces',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='studio.priceversion'),
        ),
        migrations.AddField(
            model_name='priceversion',
            name='valid_until',
            field=models.DateTimeField(blank=True, null=True),
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
