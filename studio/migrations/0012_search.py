"""What was made before there were decisions, and the words of every clip in one table that is searched."""

import django.db.models.deletion
import studio.models.search
from django.db import migrations, models
from django.db.models import OuterRef, Subquery, Sum, Value
from django.db.models.functions import Coalesce

BATCH = 500

TABLES = {
    'sqlite': [
        """CREATE VIRTUAL TABLE studio_search USING fts5(
            words, notes, facts, tokenize = "unicode61 remove_diacritics 2", prefix = '2 3'
        )""",
    ],
    'postgresql': [
        """CREATE TABLE studio_search (
            rowid bigint PRIMARY KEY, words text NOT NULL, notes text NOT NULL,
            facts text NOT NULL, studio_search tsvector NOT NULL
        )""",
        'CREATE INDEX studio_search_found ON studio_search USING gin (studio_search)',
    ],
}


def tell(apps, _schema_editor):
    """Takes of before wait for a decision; rehearsals do not."""
    Take, Clip, Job = (apps.get_model('studio', name) for name in ('Take', 'Clip', 'Job'))
    Take.objects.filter(job__intended__isnull=False).update(review='')
    cover = Take.objects.filter(pk=OuterRef('cover'))
    costs = Job.objects.filter(clip=OuterRef('pk')).order_by().values('clip')
    Clip.objects.update(
        review=Coalesce(Subquery(cover.values('review')[:1]), Value('')),
        charged=Coalesce(Subquery(costs.annotate(sum=Sum('charged')).values('sum')[:1]), 0),
    )


def build(apps, editor):
    for statement in TABLES[editor.connection.vendor]:
        editor.execute(statement)
    clips, done = apps.get_model('studio', 'Clip').objects.order_by('pk'), 0
    while pks := list(clips.filter(pk__gt=done).values_list('pk', flat=True)[:BATCH]):
        found = studio.models.search.gather(lambda name: apps.get_model('studio', name), pks)
        for pk, text in found.items():
            studio.models.search.write(editor.connection, pk, text)
        done = pks[-1]


def remove(_apps, editor):
    editor.execute('DROP TABLE studio_search')


class Migration(migrations.Migration):

    dependencies = [
        ('studio', '0011_notices'),
    ]

    operations = [
        migrations.CreateModel(
            name='SearchText',
            fields=[
                ('clip', models.OneToOneField(db_column='rowid', db_constraint=False, on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='search', serialize=False, to='studio.clip')),
                ('words', models.TextField()),
                ('notes', models.TextField()),
                ('facts', models.TextField()),
                ('found', studio.models.search.Index(db_column='studio_search')),
            ],
            options={
                'db_table': 'studio_search',
                'managed': False,
            },
        ),
        migrations.RunPython(tell, migrations.RunPython.noop),
        migrations.RunPython(build, remove),
    ]
