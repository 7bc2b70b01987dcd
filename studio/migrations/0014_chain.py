"""What was there before: entries are chained, prices told apart, and clips with a word said looked at."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.db import migrations
from django.db.models import Exists, F, OuterRef, Q

from studio.core import chain

BATCH = 1000
CHAINED = (
    'team_id', 'number', 'job_id', 'kind', 'granted', 'available', 'held', 'spent', 'native', 'unit',
    'credit_price', 'unit_price', 'actor_id', 'cause', 'corrects_id', 'day', 'created_at',
)


def chain_all(apps, _editor):
    """Number, date and chain the entries; days and budgets learn of them."""
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


def look(apps, _editor):
    """Who said anything of a clip has looked at it; of the others nobody knows."""
    said = Q(note_count__gt=0) | Q(stars__gt=0)
    for name, path in (('Note', 'clip'), ('Decision', 'take__clip'), ('Favorite', 'clip')):
        rows = apps.get_model('studio', name).objects.filter(**{path: OuterRef('pk')})
        said |= Q(Exists(rows))
    clips = apps.get_model('studio', 'Clip').objects.filter(said, take_count__gt=0, looked_at=None)
    clips.update(looked_at=F('created_at'))


class Migration(migrations.Migration):

    dependencies = [
        ('studio', '0013_costs'),
    ]

    operations = [
        migrations.RunPython(chain_all, migrations.RunPython.noop),
        migrations.RunPython(tell_apart, migrations.RunPython.noop),
        migrations.RunPython(look, migrations.RunPython.noop),
    ]
