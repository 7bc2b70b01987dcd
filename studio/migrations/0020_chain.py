"""Number, date and chain the entries that there are; days and budgets learn of them."""

from zoneinfo import ZoneInfo

from django.db import migrations

from studio.core import chain

BATCH = 1000
CHAINED = (
    'team_id', 'number', 'job_id', 'kind', 'granted', 'available', 'held', 'spent', 'native', 'unit',
    'credit_price', 'unit_price', 'actor_id', 'cause', 'corrects_id', 'day', 'created_at',
)


def chain_all(apps, _editor):
    for budget in apps.get_model('studio', 'Budget').objects.select_related('team'):
        days = _chain(apps.get_model('studio', 'LedgerEntry'), budget)
        model = apps.get_model('studio', 'Day')
        model.objects.bulk_create(model(team=budget.team, date=day) for day in sorted(days))
        budget.save(update_fields=['entries', 'head'])


def _chain(entries, budget):
    zone, days, done = ZoneInfo(budget.team.time_zone), set(), 0
    mine = entries.objects.filter(team=budget.team).order_by('pk')
    while rows := list(mine.filter(pk__gt=done)[:BATCH]):
        for row in rows:
            _follow(row, budget, zone)
            days.add(row.day)
        entries.objects.bulk_update(rows, ['number', 'day', 'digest'])
        done = rows[-1].pk
    return days


def _follow(row, budget, zone):
    row.number, row.day = budget.entries + 1, row.created_at.astimezone(zone).date()
    row.digest = chain.digest(bytes(budget.head), tuple(chain.plain(getattr(row, name)) for name in CHAINED))
    budget.entries, budget.head = row.number, row.digest


class Migration(migrations.Migration):

    dependencies = [
        ('studio', '0019_costs'),
    ]

    operations = [
        migrations.RunPython(chain_all, migrations.RunPython.noop),
    ]
