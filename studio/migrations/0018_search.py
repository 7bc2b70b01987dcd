"""The words of every clip in one table that is searched, and indexes for the sorts of the wall."""

import django.db.models.deletion
import studio.models.search
from django.db import migrations, models

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
        ('studio', '0017_share_titles'),
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
        migrations.AddIndex(
            model_name='clip',
            index=models.Index(models.F('project'), models.F('author'), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('trashed_at', None)), name='clip_wall_by_author'),
        ),
        migrations.AddIndex(
            model_name='clip',
            index=models.Index(models.F('project'), models.OrderBy(models.F('stars'), descending=True), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('trashed_at', None)), name='clip_wall_by_stars'),
        ),
        migrations.AddIndex(
            model_name='clip',
            index=models.Index(models.F('project'), models.OrderBy(models.F('charged'), descending=True), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('trashed_at', None)), name='clip_wall_by_cost'),
        ),
        migrations.AddIndex(
            model_name='clip',
            index=models.Index(models.F('project'), models.OrderBy(models.F('noted_at'), descending=True), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('trashed_at', None)), name='clip_wall_by_note'),
        ),
        migrations.AddIndex(
            model_name='clip',
            index=models.Index(models.F('project'), models.F('created_at'), condition=models.Q(('trashed_at', None)), name='clip_wall_by_day'),
        ),
        migrations.AddIndex(
            model_name='clip',
            index=models.Index(models.F('project'), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('purged_at', None), ('trashed_at__isnull', False)), name='clip_trash_wall'),
        ),
        migrations.AddIndex(
            model_name='take',
            index=models.Index(models.F('seed'), models.F('clip'), name='take_by_seed'),
        ),
        migrations.RunPython(build, remove),
    ]
