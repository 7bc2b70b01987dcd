"""Budgets, bills, closed months and daily totals; entries get a number, a day and a digest."""

import django.db.models.deletion
import django.db.models.functions.comparison
import django.utils.timezone
import studio.core.outcome
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('studio', '0012_search'),
    ]

    operations = [
        migrations.AddField(
            model_name='budget',
            name='closed_until',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='budget',
            name='entries',
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='budget',
            name='head',
            field=models.BinaryField(default=b'\xba\x8e\xce`\xa3A\x8b\xd7\x96\x9dA\xc1#\x9e\xd1\x1e@P\xcd\xa6\x8c\x02\xa77\xe8\x86K\xa2D(3$', max_length=32),
        ),
        migrations.AddField(
            model_name='clip',
            name='looked_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='job',
            name='purged_takes',
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.RemoveIndex(
            model_name='job',
            name='job_by_status',
        ),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(models.F('team'), models.F('status'), models.OrderBy(models.F('ended_at'), descending=True), name='job_by_status'),
        ),
        migrations.AlterField(
            model_name='ledgerentry',
            name='created_at',
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.AddField(
            model_name='ledgerentry',
            name='corrects',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='studio.ledgerentry'),
        ),
        migrations.AddField(
            model_name='ledgerentry',
            name='day',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='ledgerentry',
            name='digest',
            field=models.BinaryField(max_length=32, null=True),
        ),
        migrations.AddField(
            model_name='ledgerentry',
            name='number',
            field=models.PositiveBigIntegerField(null=True),
        ),
        migrations.AddIndex(
            model_name='ledgerentry',
            index=models.Index(models.F('team'), models.F('day'), models.F('id'), name='entry_by_day'),
        ),
        migrations.AddIndex(
            model_name='ledgerentry',
            index=models.Index(models.F('team'), models.F('kind'), models.F('day'), models.F('id'), name='entry_by_kind'),
        ),
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
        migrations.CreateModel(
            name='Bill',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('provider', models.CharField(max_length=20)),
                ('name', models.CharField(max_length=120)),
                ('digest', models.CharField(max_length=64)),
                ('source', models.CharField(max_length=40)),
                ('starts_on', models.DateField(null=True)),
                ('ends_on', models.DateField(null=True)),
                ('uploaded_at', models.DateTimeField(auto_now_add=True)),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='bills', to='studio.team')),
                ('uploaded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='studio.member')),
                ('columns', models.JSONField(default=dict)),
                ('elsewhere', models.PositiveIntegerField(default=0)),
                ('file', models.CharField(blank=True, max_length=200)),
                ('line_count', models.PositiveIntegerField(default=0)),
                ('read_at', models.DateTimeField(null=True)),
                ('sums', models.JSONField(default=list)),
                ('done', models.PositiveIntegerField(default=0)),
                ('lease_owner', models.CharField(blank=True, max_length=80)),
                ('lease_until', models.DateTimeField(null=True)),
                ('problem', models.CharField(blank=True, max_length=300)),
                ('removed_at', models.DateTimeField(null=True)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('wanted_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(models.F('team'), models.OrderBy(models.F('id'), descending=True), name='bill_newest')],
                'constraints': [models.UniqueConstraint(fields=('team', 'provider', 'digest'), name='bill_once'), models.CheckConstraint(condition=models.Q(('starts_on__lte', models.F('ends_on'))), name='bill_has_days'), models.UniqueConstraint(condition=models.Q(('lease_owner', ''), _negated=True), fields=('provider',), name='bill_one_at_a_time')],
            },
        ),
        migrations.CreateModel(
            name='BillLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('row', models.PositiveIntegerField(null=True)),
                ('reference', models.CharField(blank=True, max_length=200)),
                ('remote_id', models.CharField(blank=True, max_length=200)),
                ('at', models.DateTimeField(null=True)),
                ('native', models.BigIntegerField(default=0)),
                ('unit', models.CharField(blank=True, max_length=8)),
                ('matched_by', models.CharField(blank=True, choices=[('reference', 'our reference'), ('id', 'their id'), ('time', 'time and amount'), ('elsewhere', "another team's job")], max_length=10)),
                ('expected', models.BigIntegerField(null=True)),
                ('difference', models.CharField(blank=True, choices=[('', 'Agrees'), ('missing', 'On no bill'), ('extra', 'Not in our books'), ('amount', 'Another amount'), ('currency', 'Another currency'), ('duplicate', 'Billed twice')], max_length=10)),
                ('settled_note', models.CharField(blank=True, max_length=200)),
                ('settled_at', models.DateTimeField(null=True)),
                ('bill', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='studio.bill')),
                ('booked', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='studio.ledgerentry')),
                ('job', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bill_lines', to='studio.job')),
                ('settled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='studio.member')),
                ('expected_unit', models.CharField(blank=True, max_length=8)),
                ('worth', models.BigIntegerField(default=0)),
            ],
            options={
                'indexes': [models.Index(models.F('bill'), models.F('difference'), models.F('id'), name='bill_line_by_difference')],
            },
        ),
        migrations.CreateModel(
            name='Cap',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('provider', models.CharField(blank=True, max_length=20)),
                ('every', models.CharField(choices=[('day', 'a day'), ('week', 'a week'), ('month', 'a month'), ('ever', 'for good')], default='month', max_length=5)),
                ('amount', models.PositiveBigIntegerField()),
                ('warn_at', models.PositiveSmallIntegerField(default=80)),
                ('stops', models.BooleanField(default=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='studio.member')),
                ('member', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='caps', to='studio.member')),
                ('project', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='caps', to='studio.project')),
                ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='caps', to='studio.team')),
            ],
            options={
                'constraints': [models.UniqueConstraint(django.db.models.functions.comparison.Coalesce('team', 0), django.db.models.functions.comparison.Coalesce('project', 0), django.db.models.functions.comparison.Coalesce('member', 0), models.F('provider'), models.F('every'), condition=models.Q(('removed_at', None)), name='cap_once'), models.CheckConstraint(condition=models.Q(('warn_at__gte', 1), ('warn_at__lte', 100)), name='cap_warns')],
            },
        ),
        migrations.CreateModel(
            name='CapPeriod',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_on', models.DateField()),
                ('used', models.BigIntegerField(default=0)),
                ('limit', models.BigIntegerField()),
                ('extra', models.BigIntegerField(default=0)),
                ('warned_at', models.DateTimeField(blank=True, null=True)),
                ('reached_at', models.DateTimeField(blank=True, null=True)),
                ('cap', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='periods', to='studio.cap')),
            ],
            options={
                'indexes': [models.Index(models.F('starts_on'), name='cap_period_by_day')],
                'constraints': [models.UniqueConstraint(fields=('cap', 'starts_on'), name='cap_period_once')],
            },
        ),
        migrations.CreateModel(
            name='CapHold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.BigIntegerField()),
                ('job', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cap_holds', to='studio.job')),
                ('period', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='holds', to='studio.capperiod')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('job', 'period'), name='cap_hold_once')],
            },
        ),
        migrations.CreateModel(
            name='CapRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.PositiveBigIntegerField()),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('asked_at', models.DateTimeField(auto_now_add=True)),
                ('expires_at', models.DateTimeField()),
                ('reminded_at', models.DateTimeField(blank=True, null=True)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('granted', models.PositiveBigIntegerField(default=0, help_text='0: refused, or not decided')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cap_requests', to='studio.team')),
                ('cap', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='requests', to='studio.cap')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='studio.member')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='studio.member')),
                ('period', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='studio.capperiod')),
            ],
            options={
                'indexes': [models.Index(models.F('team'), models.OrderBy(models.F('id'), descending=True), name='cap_request_newest'), models.Index(models.F('team'), condition=models.Q(('decided_at', None)), name='cap_request_open')],
            },
        ),
        migrations.CreateModel(
            name='ClosedMonth',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField()),
                ('granted', models.BigIntegerField()),
                ('held', models.BigIntegerField()),
                ('spent', models.BigIntegerField()),
                ('entries', models.PositiveBigIntegerField(help_text='How many entries are booked in it')),
                ('closed_at', models.DateTimeField(auto_now_add=True)),
                ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='studio.member')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='closed_months', to='studio.team')),
                ('team_name', models.CharField(blank=True, max_length=80)),
                ('time_zone', models.CharField(default='UTC', max_length=64)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('team', 'month'), name='month_closed_once')],
            },
        ),
        migrations.CreateModel(
            name='ClosedName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('clip', 'Clip'), ('project', 'Project'), ('member', 'Member'), ('provider', 'Provider')], max_length=8)),
                ('key', models.CharField(max_length=20)),
                ('name', models.CharField(max_length=254)),
                ('month', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='names', to='studio.closedmonth')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('month', 'kind', 'key'), name='closed_name_once')],
            },
        ),
        migrations.CreateModel(
            name='DailyTime',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('provider', models.CharField(max_length=20)),
                ('bucket', models.PositiveSmallIntegerField()),
                ('jobs', models.PositiveIntegerField()),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='studio.team')),
            ],
            options={
                'indexes': [models.Index(models.F('team'), models.F('day'), name='time_by_day')],
            },
        ),
        migrations.CreateModel(
            name='DailyTotal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('provider', models.CharField(blank=True, max_length=20)),
                ('model', models.CharField(blank=True, max_length=60)),
                ('tags', models.TextField(blank=True)),
                ('outcome', models.CharField(blank=True, choices=[(studio.core.outcome.Outcome['APPROVED'], 'Approved'), (studio.core.outcome.Outcome['CHANGES'], 'Needs changes'), (studio.core.outcome.Outcome['REJECTED'], 'Rejected'), (studio.core.outcome.Outcome['UNDECIDED'], 'No decision yet'), (studio.core.outcome.Outcome['UNSEEN'], 'Never looked at'), (studio.core.outcome.Outcome['REHEARSAL'], 'Rehearsals'), (studio.core.outcome.Outcome['FAILED'], 'Failed'), (studio.core.outcome.Outcome['CANCELLED'], 'Cancelled'), (studio.core.outcome.Outcome['OPEN'], 'Still running')], max_length=10)),
                ('granted', models.BigIntegerField(default=0)),
                ('held', models.BigIntegerField(default=0)),
                ('released', models.BigIntegerField(default=0)),
                ('charged', models.BigIntegerField(default=0)),
                ('refunded', models.BigIntegerField(default=0)),
                ('corrected', models.BigIntegerField(default=0)),
                ('spent', models.BigIntegerField(default=0)),
                ('jobs', models.PositiveIntegerField(default=0)),
                ('succeeded', models.PositiveIntegerField(default=0)),
                ('failed', models.PositiveIntegerField(default=0)),
                ('takes', models.PositiveIntegerField(default=0)),
                ('milliseconds', models.PositiveBigIntegerField(default=0)),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='studio.member')),
                ('project', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='studio.project')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='studio.team')),
                ('template', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='studio.template')),
            ],
            options={
                'indexes': [models.Index(models.F('team'), models.F('day'), models.F('provider'), models.F('spent'), models.F('outcome'), models.F('milliseconds'), name='total_by_day')],
            },
        ),
        migrations.CreateModel(
            name='Day',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('date', models.DateField()),
                ('stale', models.BooleanField(default=True)),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='days', to='studio.team')),
            ],
            options={
                'indexes': [models.Index(models.F('team'), models.F('date'), condition=models.Q(('stale', True)), name='day_stale')],
                'constraints': [models.UniqueConstraint(fields=('team', 'date'), name='day_once')],
            },
        ),
        migrations.CreateModel(
            name='ReportSchedule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('query', models.CharField(blank=True, max_length=500)),
                ('rhythm', models.CharField(choices=[('daily', 'Every morning'), ('weekly', 'Every Monday morning'), ('monthly', 'On the first of the month')], default='weekly', max_length=7)),
                ('next_at', models.DateTimeField(db_index=True)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='report_schedules', to='studio.member')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='studio.team')),
            ],
        ),
    ]
