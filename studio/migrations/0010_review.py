"""Decisions, notes, boards, tags, links for clients, trash: takes are reviewed."""

import django.db.models.deletion
import studio.core.review
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('studio', '0009_chain_lease'),
    ]

    operations = [
        migrations.RenameModel(
            old_name='JobEvent',
            new_name='Event',
        ),
        migrations.AlterField(
            model_name='asset',
            name='kind',
            field=models.CharField(choices=[('upload', 'Upload'), ('video', 'Video'), ('poster', 'Poster'), ('preview', 'Preview'), ('last_frame', 'Last frame'), ('filmstrip', 'Filmstrip'), ('scene', 'Scene'), ('stream', 'Stream'), ('log', 'Log'), ('frame', 'Frame of a take'), ('fitted', 'Fitted picture'), ('joined', 'Joined takes'), ('attached', 'Attached to a note')], max_length=10),
        ),
        migrations.AddField(
            model_name='clip',
            name='charged',
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='clip',
            name='note_count',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='clip',
            name='noted_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='clip',
            name='open_notes',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='clip',
            name='purged_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='clip',
            name='review',
            field=models.CharField(blank=True, choices=[(studio.core.review.ReviewStatus['REVIEW'], studio.core.review.ReviewStatus['REVIEW']), (studio.core.review.ReviewStatus['APPROVED'], studio.core.review.ReviewStatus['APPROVED']), (studio.core.review.ReviewStatus['CHANGES'], studio.core.review.ReviewStatus['CHANGES']), (studio.core.review.ReviewStatus['REJECTED'], studio.core.review.ReviewStatus['REJECTED'])], max_length=10),
        ),
        migrations.AddField(
            model_name='clip',
            name='stars',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='clip',
            name='trashed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='clip',
            name='trashed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='studio.member'),
        ),
        migrations.RemoveIndex(
            model_name='clip',
            name='clip_wall',
        ),
        migrations.RemoveIndex(
            model_name='clip',
            name='clip_wall_by_state',
        ),
        migrations.AddIndex(
            model_name='clip',
            index=models.Index(models.F('project'), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('trashed_at', None)), name='clip_wall'),
        ),
        migrations.AddIndex(
            model_name='clip',
            index=models.Index(models.F('project'), models.F('state'), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('trashed_at', None)), name='clip_wall_by_state'),
        ),
        migrations.AddIndex(
            model_name='clip',
            index=models.Index(models.F('project'), models.F('review'), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('trashed_at', None)), name='clip_wall_by_review'),
        ),
        migrations.AddIndex(
            model_name='clip',
            index=models.Index(models.F('trashed_at'), condition=models.Q(('purged_at', None), ('trashed_at__isnull', False)), name='clip_trash'),
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
        migrations.AlterField(
            model_name='event',
            name='clip',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to='studio.clip'),
        ),
        migrations.AlterField(
            model_name='event',
            name='job',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='events', to='studio.job'),
        ),
        migrations.AddField(
            model_name='project',
            name='guests_count',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='project',
            name='needed',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name='project',
            name='reviewers',
            field=models.ManyToManyField(blank=True, related_name='+', to='studio.member'),
        ),
        migrations.AddField(
            model_name='project',
            name='voters',
            field=models.CharField(choices=[(studio.core.review.Voters['ANYBODY'], studio.core.review.Voters['ANYBODY']), (studio.core.review.Voters['ADMINS'], studio.core.review.Voters['ADMINS']), (studio.core.review.Voters['NAMED'], studio.core.review.Voters['NAMED'])], default=studio.core.review.Voters['ANYBODY'], max_length=10),
        ),
        migrations.AddField(
            model_name='take',
            name='review',
            field=models.CharField(blank=True, choices=[(studio.core.review.ReviewStatus['REVIEW'], studio.core.review.ReviewStatus['REVIEW']), (studio.core.review.ReviewStatus['APPROVED'], studio.core.review.ReviewStatus['APPROVED']), (studio.core.review.ReviewStatus['CHANGES'], studio.core.review.ReviewStatus['CHANGES']), (studio.core.review.ReviewStatus['REJECTED'], studio.core.review.ReviewStatus['REJECTED'])], default=studio.core.review.ReviewStatus['REVIEW'], max_length=10),
        ),
        migrations.AddField(
            model_name='take',
            name='reviewed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='take',
            name='stars',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddIndex(
            model_name='take',
            index=models.Index(models.F('clip'), models.F('number'), condition=models.Q(('review', studio.core.review.ReviewStatus['REVIEW'])), name='take_to_review'),
        ),
        migrations.AddIndex(
            model_name='take',
            index=models.Index(models.F('seed'), models.F('clip'), name='take_by_seed'),
        ),
        migrations.AddConstraint(
            model_name='take',
            constraint=models.CheckConstraint(condition=models.Q(('stars__lte', 5)), name='take_stars_to_five'),
        ),
        migrations.AddField(
            model_name='team',
            name='file_names',
            field=models.CharField(default='{clip}, take {take}', max_length=120),
        ),
        migrations.CreateModel(
            name='Board',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60)),
                ('is_auto', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='studio.member')),
                ('project', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='boards', to='studio.project')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='boards', to='studio.team')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('project', 'name'), name='board_name_once'), models.UniqueConstraint(condition=models.Q(('project', None)), fields=('team', 'name'), name='collection_name_once'), models.UniqueConstraint(condition=models.Q(('is_auto', True)), fields=('project',), name='board_auto_once')],
            },
        ),
        migrations.CreateModel(
            name='Share',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('review', 'Review'), ('approval', 'Approval')], max_length=8)),
                ('name', models.CharField(max_length=80)),
                ('message', models.TextField(blank=True)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('token', models.TextField(help_text='Encrypted')),
                ('password', models.CharField(blank=True, max_length=128)),
                ('may_comment', models.BooleanField(default=True)),
                ('may_download', models.BooleanField(default=False)),
                ('may_see_prompts', models.BooleanField(default=False)),
                ('opens_at', models.DateTimeField(blank=True, null=True)),
                ('expires_at', models.DateTimeField(blank=True, null=True)),
                ('most_views', models.PositiveIntegerField(blank=True, null=True)),
                ('views', models.PositiveIntegerField(default=0)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('board', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='shares', to='studio.board')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='studio.member')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shares', to='studio.project')),
                ('revoked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='studio.member')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shares', to='studio.team')),
            ],
        ),
        migrations.CreateModel(
            name='Guest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('email', models.EmailField(max_length=254)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('seen_at', models.DateTimeField(auto_now_add=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('share', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='guests', to='studio.share')),
            ],
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verdict', models.CharField(choices=[(studio.core.review.Verdict['APPROVE'], studio.core.review.Verdict['APPROVE']), (studio.core.review.Verdict['CHANGES'], studio.core.review.Verdict['CHANGES']), (studio.core.review.Verdict['REJECT'], studio.core.review.Verdict['REJECT'])], max_length=10)),
                ('decided_at', models.DateTimeField()),
                ('member', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='studio.member')),
                ('take', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='decisions', to='studio.take')),
                ('guest', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='studio.guest')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('guest__isnull', False), ('member', None)), models.Q(('guest', None), ('member__isnull', False)), _connector='OR'), name='decision_by_one_person'), models.UniqueConstraint(condition=models.Q(('guest', None)), fields=('take', 'member'), name='member_decides_once'), models.UniqueConstraint(condition=models.Q(('member', None)), fields=('take', 'guest'), name='guest_decides_once')],
            },
        ),
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('frame', models.PositiveIntegerField(blank=True, null=True)),
                ('last_frame', models.PositiveIntegerField(blank=True, null=True)),
                ('text', models.TextField(blank=True)),
                ('drawing', models.JSONField(blank=True, null=True)),
                ('for_guests', models.BooleanField(default=True)),
                ('resolved_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('edited_at', models.DateTimeField(blank=True, null=True)),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
                ('attachment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='studio.asset')),
                ('clip', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='studio.clip')),
                ('guest', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='studio.guest')),
                ('member', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='studio.member')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='replies', to='studio.note')),
                ('resolved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='studio.member')),
                ('take', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='studio.take')),
            ],
            options={
                'indexes': [models.Index(models.F('clip'), models.F('id'), name='note_by_clip')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('guest__isnull', False), ('member', None)), models.Q(('guest', None), ('member__isnull', False)), _connector='OR'), name='note_by_one_person'), models.CheckConstraint(condition=models.Q(('last_frame', None), ('last_frame__gte', models.F('frame')), _connector='OR'), name='note_range_goes_on')],
            },
        ),
        migrations.CreateModel(
            name='Favorite',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('clip', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='favorites', to='studio.clip')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='favorites', to='studio.member')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('member', 'clip'), name='favorite_once')],
            },
        ),
        migrations.CreateModel(
            name='Mention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('done_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='studio.member')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mentions', to='studio.member')),
                ('note', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mentions', to='studio.note')),
            ],
            options={
                'indexes': [models.Index(models.F('member'), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('done_at', None)), name='mention_open')],
                'constraints': [models.UniqueConstraint(fields=('note', 'member'), name='mention_once')],
            },
        ),
        migrations.CreateModel(
            name='Placement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('placed_at', models.DateTimeField(auto_now_add=True)),
                ('board', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='placements', to='studio.board')),
                ('clip', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='placements', to='studio.clip')),
                ('placed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='studio.member')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('board', 'clip'), name='placement_once')],
            },
        ),
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40)),
                ('query', models.CharField(max_length=500)),
                ('sort', models.CharField(max_length=10)),
                ('is_private', models.BooleanField(default=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='studio.member')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='saved_views', to='studio.project')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='saved_views', to='studio.team')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_private', False)), fields=('project', 'name'), name='team_view_once'), models.UniqueConstraint(condition=models.Q(('is_private', True)), fields=('project', 'author', 'name'), name='private_view_once')],
            },
        ),
        migrations.CreateModel(
            name='ShareClip',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField(default=0)),
                ('clip', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='studio.clip')),
                ('share', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='chosen', to='studio.share')),
                ('take', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='studio.take')),
                ('title', models.CharField(blank=True, max_length=120)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('share', 'clip'), name='share_clip_once')],
            },
        ),
        migrations.CreateModel(
            name='Tag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40)),
                ('clips', models.ManyToManyField(related_name='tags', to='studio.clip')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tags', to='studio.team')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('team', 'name'), name='tag_once')],
            },
        ),
        migrations.CreateModel(
            name='Visit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.GenericIPAddressField(null=True)),
                ('browser', models.CharField(blank=True, max_length=200)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('guest', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='visits', to='studio.guest')),
                ('share', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='visits', to='studio.share')),
            ],
            options={
                'indexes': [models.Index(models.F('share'), models.OrderBy(models.F('id'), descending=True), name='visit_newest')],
            },
        ),
        migrations.AddField(
            model_name='board',
            name='clips',
            field=models.ManyToManyField(related_name='boards', through='studio.Placement', to='studio.clip'),
        ),
        migrations.AddField(
            model_name='clip',
            name='fixes',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='fixed_by', to='studio.note'),
        ),
        migrations.AddField(
            model_name='event',
            name='guest',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='studio.guest'),
        ),
    ]
