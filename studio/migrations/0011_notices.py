"""Who is told of what, where, and when."""

import django.db.models.deletion
import studio.core.quiet
import studio.models.deliveries
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('studio', '0010_review'),
    ]

    operations = [
        migrations.CreateModel(
            name='Endpoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('format', models.CharField(choices=[('standard', 'Standard Webhooks'), ('slack', 'Slack')], max_length=8)),
                ('url', models.TextField(help_text='Encrypted')),
                ('shown', models.CharField(max_length=120)),
                ('secret', models.TextField(blank=True, help_text='Encrypted')),
                ('former_secret', models.TextField(blank=True, help_text='Encrypted')),
                ('former_until', models.DateTimeField(blank=True, null=True)),
                ('events', models.JSONField(blank=True, default=list)),
                ('is_on', models.BooleanField(default=True)),
                ('off_because', models.CharField(blank=True, max_length=300)),
                ('resting_until', models.DateTimeField(blank=True, null=True)),
                ('worked_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='studio.member')),
                ('member', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='endpoints', to='studio.member')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='endpoints', to='studio.team')),
            ],
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('cause', models.CharField(max_length=100)),
                ('facts', models.JSONField(blank=True, default=dict)),
                ('on_page', models.BooleanField(default=True)),
                ('in_browser', models.BooleanField(default=False)),
                ('aloud_at', models.DateTimeField()),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('read_at', models.DateTimeField(blank=True, null=True)),
                ('clip', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='studio.clip')),
                ('member', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='studio.member')),
                ('note', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='studio.note')),
                ('share', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='studio.share')),
                ('take', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='studio.take')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='studio.team')),
            ],
            options={
                'indexes': [models.Index(models.F('member'), models.OrderBy(models.F('id'), descending=True), name='notice_newest'), models.Index(models.F('member'), condition=models.Q(('on_page', True), ('read_at', None)), name='notice_unread')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('member__isnull', False)), fields=('member', 'cause'), name='told_once'), models.UniqueConstraint(condition=models.Q(('member', None)), fields=('team', 'cause'), name='team_told_once')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message_id', models.CharField(default=studio.models.deliveries.new_message_id, max_length=40, unique=True)),
                ('status', models.CharField(choices=[('waiting', 'Waiting'), ('sending', 'Sending'), ('sent', 'Delivered'), ('failed', 'Given up'), ('unsure', 'Maybe delivered'), ('dropped', 'Not wanted any more')], default='waiting', max_length=8)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('next_at', models.DateTimeField()),
                ('batch', models.CharField(blank=True, max_length=40)),
                ('lease_owner', models.CharField(blank=True, max_length=80)),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('code', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('answer', models.CharField(blank=True, max_length=300)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('endpoint', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='studio.endpoint')),
                ('notice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='studio.notice')),
            ],
            options={
                'verbose_name_plural': 'deliveries',
                'indexes': [models.Index(models.F('next_at'), condition=models.Q(('status', 'waiting')), name='delivery_due'), models.Index(models.F('lease_owner'), condition=models.Q(('status', 'sending')), name='delivery_under_way'), models.Index(models.F('endpoint'), models.OrderBy(models.F('id'), descending=True), name='delivery_log'), models.Index(models.F('batch'), condition=models.Q(('batch', ''), _negated=True), name='delivery_batch')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('endpoint', None)), fields=('notice',), name='mailed_once'), models.UniqueConstraint(condition=models.Q(('endpoint__isnull', False)), fields=('notice', 'endpoint'), name='posted_once')],
            },
        ),
        migrations.CreateModel(
            name='NoticeSettings',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channels', models.JSONField(blank=True, default=dict)),
                ('quiet_from', models.TimeField(blank=True, null=True)),
                ('quiet_until', models.TimeField(blank=True, null=True)),
                ('time_zone', models.CharField(blank=True, max_length=64)),
                ('digest', models.CharField(choices=[(studio.core.quiet.Digest['NOW'], studio.core.quiet.Digest['NOW']), (studio.core.quiet.Digest['HOURLY'], studio.core.quiet.Digest['HOURLY']), (studio.core.quiet.Digest['DAILY'], studio.core.quiet.Digest['DAILY'])], default=studio.core.quiet.Digest['NOW'], max_length=8)),
                ('digest_hour', models.PositiveSmallIntegerField(default=8)),
                ('member', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='notice_settings', to='studio.member')),
            ],
            options={
                'verbose_name_plural': 'notice settings',
                'constraints': [models.CheckConstraint(condition=models.Q(('digest_hour__lte', 23)), name='digest_hour_of_day'), models.CheckConstraint(condition=models.Q(('quiet_from', None), models.Q(('quiet_from', models.F('quiet_until')), _negated=True), _connector='OR'), name='quiet_hours_end')],
            },
        ),
    ]
