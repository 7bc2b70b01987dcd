"""Raw rows: every table is shown or left out with a reason, none is changed, and no list reads a whole table."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.admin.sites import NotRegistered
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from studio.admin import site
from studio.admin.tables import LEFT_OUT, SHOWN
from studio.models import (
    Attempt,
    Cap,
    DailyTotal,
    Day,
    Job,
    LedgerEntry,
    PriceVersion,
    Rate,
    Tag,
)
from studio.models.frozen import FrozenRow
from tests.factories import make_job, make_member, make_price, make_take

pytestmark = pytest.mark.django_db

# What grows with every job, and may never be read from end to end.
LARGE = ("ledgerentry", "job", "attempt", "event", "clip", "take", "caphold", "dailytotal", "billline",
         "notice", "delivery", "asset", "note", "decision")  # fmt: skip
# Addresses of lists with what they are narrowed by; `{…}` is filled in.
LISTS = {
    "ledgerentry": [
        "", "q={job}", "q={remote}", "q=2026-11-30", "q=12", "team={team}", "days=1", "days=366",
        "kind=refund", "kind=hold&days=7&team={team}", "pk__lt=500", "job__id__exact={job}", "o=5",
    ],
    "job": ["", "q={job}", "q={remote}", "team={team}", "clip__id__exact=1", "o=4"],
    "attempt": ["", "q={remote}", "q={reference}", "q={job}"],
    "event": ["", "q={job}", "team={team}"],
    "clip": ["", "q={job}", "team={team}"],
    "take": ["", "q={job}"],
    "caphold": ["", "q={job}", "q={remote}"],
    "dailytotal": ["", "team={team}", "days=7", "q=2026-11-30"],
    "billline": ["", "q={job}", "q={remote}"],
    "notice": ["", "team={team}", "q=1"],
    "delivery": ["", "q=1", "q=msg_x"],
    "decision": ["", "q=1"],
}  # fmt: skip
NARROWED = [(name, query) for name, queries in LISTS.items() for query in queries]


@pytest.fixture
def root(client):
    member = make_member("admin")
    member.user.is_superuser = member.user.is_staff = True
    member.user.save()
    client.force_login(member.user)
    return member


@pytest.fixture
def job(root):
    job = make_job(author=root)
    Attempt.objects.create(job=job, number=1, reference="ref-1", remote_id="remote-1")
    return job


def _list(name: str, query: str = "") -> str:
    return f"{reverse(f'admin:studio_{name}_changelist')}?{query}"


def _filled(query: str, job: Job) -> str:
    return query.format(job=job.pk, team=job.team_id, remote="remote-1", reference="ref-1")


class TestTables:
    def test_each_is_shown_or_left_out_with_a_reason(self):
        ours = {model for model in apps.get_models() if model._meta.app_label == "studio"}
        assert set(SHOWN) | set(LEFT_OUT) == ours
        assert not set(SHOWN) & set(LEFT_OUT)
        assert all(len(reason) > 20 for reason in LEFT_OUT.values())
        for model in LEFT_OUT:
            with pytest.raises(NotRegistered):
                site.get_model_admin(model)

    @pytest.mark.parametrize("model", SHOWN, ids=lambda model: model.__name__)
    def test_list_and_search_answer(self, client, root, job, model):
        name = model._meta.model_name
        for query in ("", "q=1", "q=x%00y", "q=99999999999999999999999", "q=2026-13-99"):
            assert client.get(_list(name, query)).status_code == 200, query


class TestNothingChanges:
    @pytest.mark.parametrize("model", SHOWN, ids=lambda model: model.__name__)
    def test_no_adding_changing_deleting_and_no_action(self, client, root, job, model):
        name, pk = model._meta.model_name, 1
        row = model._default_manager.order_by("-pk").first()
        pk = row.pk if row else 1
        before = list(model._default_manager.order_by("pk").values())
        for act, args in (("add", []), ("delete", [pk]), ("change", [pk])):
            url = reverse(f"admin:studio_{name}_{act}", args=args)
            answer = client.post(url, {"spent": 5, "_save": "Save", "post": "yes"})
            assert answer.status_code in ({403} if row or act == "add" else {302, 403}), act
        doing = {"action": "delete_selected", "_selected_action": [pk], "post": "yes"}
        client.post(_list(name), doing)
        page = client.get(_list(name)).content.decode()
        assert list(model._default_manager.order_by("pk").values()) == before
        for word in ('name="action"', 'class="addlink"', 'name="_save"'):
            assert word not in page

    @pytest.mark.parametrize(
        "model", [one for one in SHOWN if issubclass(one, FrozenRow)], ids=lambda one: one.__name__
    )
    def test_of_append_only_rows_not_even_code_can(self, root, job, model):
        for change in (lambda rows: rows.update(pk=1), lambda rows: rows.delete()):
            with pytest.raises(TypeError, match="append-only"):
                change(model._default_manager.all())

    def test_the_page_of_a_tag_does_not_list_its_clips(self, client, root, job):
        tag = Tag.objects.create(team=root.team, name="hero")
        tag.clips.add(job.clip)
        page = client.get(reverse("admin:studio_tag_change", args=[tag.pk])).content.decode()
        assert "hero" in page
        assert job.clip.title not in page

    def test_the_page_of_a_row_has_nothing_to_type(self, client, root, job):
        entry = LedgerEntry.objects.filter(job=job).get()
        page = client.get(reverse("admin:studio_ledgerentry_change", args=[entry.pk]))
        text = page.content.decode()
        assert '<input type="submit"' not in text
        assert 'name="_save"' not in text


class TestFinding:
    @pytest.mark.parametrize("term", ["{job}", "remote-1", "ref-1"])
    def test_an_entry_by_its_job_and_by_what_the_provider_calls_it(self, client, root, job, term):
        page = client.get(_list("ledgerentry", f"q={term.format(job=job.pk)}"))
        assert job.entries.get() in page.context["cl"].result_list

    def test_by_number_and_day(self, client, root, job):
        entry = job.entries.get()
        for term in (entry.number, entry.day):
            page = client.get(_list("ledgerentry", f"q={term}"))
            assert entry in page.context["cl"].result_list

    def test_each_term_narrows(self, client, root, job):
        other = make_job(author=root)
        page = client.get(_list("ledgerentry", f"q={job.pk}+{other.entries.get().number}"))
        assert job.entries.get() not in page.context["cl"].result_list

    def test_narrowed_by_team_days_and_kind(self, client, root, job):
        theirs = make_job()
        rows = client.get(_list("ledgerentry", f"team={root.team_id}&days=7&kind=hold"))
        assert list(rows.context["cl"].result_list) == [job.entries.get()]
        rows = client.get(_list("ledgerentry", "days=31"))
        assert theirs.entries.get() in rows.context["cl"].result_list

    @pytest.mark.parametrize(
        "query", ["team=x", "team=²", "days=5000", "kind=none", "team=" + "9" * 30]
    )
    def test_nonsense_finds_nothing(self, client, root, job, query):
        response = client.get(_list("ledgerentry", query))
        assert response.status_code == 200
        assert not response.context["cl"].result_list

    @pytest.mark.parametrize(
        "query", ["spent__gt=5", "cause__contains=x", "job__author__user__password=x"]
    )
    def test_no_other_columns_can_be_asked_for(self, client, root, job, query):
        assert client.get(_list("ledgerentry", query)).status_code == 400

    def test_more_than_is_counted_goes_on_by_key(self, client, root):
        now = timezone.now()
        Day.objects.bulk_create(
            Day(team=root.team, date=now.date() - timedelta(days=number))
            for number in range(1, 1101)
        )
        first = client.get(_list("day", "p=20"))
        assert first.context["cl"].result_count == 1000
        older = first.context["cl"].older
        assert older in first.content.decode().replace("&amp;", "&")
        rest = client.get(reverse("admin:studio_day_changelist") + older)
        assert rest.context["cl"].result_count == Day.objects.count() - 1000
        assert not rest.context["cl"].older


class TestCost:
    @pytest.mark.parametrize(("name", "query"), NARROWED)
    def test_no_large_table_is_read_from_end_to_end(self, client, root, job, name, query):
        """SCAN is allowed for the newest rows alone: by the key, without a condition."""
        make_take(job)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(_list(name, _filled(query, job))).status_code == 200
        for one in asked.captured_queries:
            if one["sql"].startswith("SELECT"):
                _require_no_scan(one["sql"])

    def test_number_of_queries_does_not_grow(self, client, root, django_assert_max_num_queries):
        def more() -> None:
            make_job(author=make_member(team=root.team))
            make_price(team=root.team)
            Rate.objects.create(team=root.team, unit="EUR", price=1, valid_from=timezone.now())
            Cap.objects.create(team=root.team, member=make_member(team=root.team), amount=1)
            DailyTotal.objects.create(team=root.team, day=timezone.now().date())

        for model in (LedgerEntry, Job, PriceVersion, Rate, Cap, DailyTotal):
            more()
            url = _list(model._meta.model_name)
            with django_assert_max_num_queries(14) as first:
                client.get(url)
            for _ in range(4):
                more()
            with django_assert_max_num_queries(len(first)):
                client.get(url)


def _require_no_scan(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        plan = [row[3] for row in cursor.fetchall()]
    tables = {f"SCAN studio_{name}" for name in LARGE}
    scans = [step for step in plan if step in tables or step.split(" USING")[0] in tables]
    newest_only = " WHERE " not in sql and not any("TEMP B-TREE" in step for step in plan)
    assert not scans or newest_only, (sql, plan)
