"""The history of prompts: what is remembered when, and what two of them differ in."""

import importlib

import pytest
from django.apps import apps

from studio.core.errors import BudgetExceeded, InvalidChoice
from studio.models import Job, Prompt
from studio.services import jobs, prompts
from studio.services.batches import Origin, Wanted, order_all
from tests.factories import make_job, make_member, make_order, make_painting, make_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def author(providers):
    member = make_member()
    make_project(member.team)
    return member


def press(member, *texts, written="", **options):
    wanted = [
        Wanted(order=make_painting(prompt=text), origin=Origin(written=written), shot=number)
        for number, text in enumerate(texts)
    ]
    return order_all(member, member.team.projects.first(), wanted, **options)


def rows():
    return {row.text: row.times for row in Prompt.objects.all()}


class TestRemember:
    def test_each_text_once_with_who_and_how_often(self, author):
        press(author, "A door.")
        other = make_member(team=author.team)
        press(other, "A door.")
        press(author, "A gate.")
        assert rows() == {"A door.": 2, "A gate.": 1}
        door = Prompt.objects.get(text="A door.")
        assert (door.author, door.team, door.project) == (
            other, author.team, author.team.projects.first(),
        )  # fmt: skip
        assert list(Prompt.objects.newest_first()) == [Prompt.objects.get(text="A gate."), door]

    def test_a_press_counts_once_and_as_it_was_written(self, author):
        press(author, "A door at dawn.", "A door at dusk.", written="A door at {dawn|dusk}.")
        assert rows() == {"A door at {dawn|dusk}.": 1}

    def test_a_form_sent_twice_counts_once(self, author):
        for _ in range(2):
            one = Wanted(order=make_painting(prompt="A door."), origin=Origin(key="k" * 32))
            order_all(author, author.team.projects.first(), [one])
        assert rows() == {"A door.": 1}

    def test_a_refused_order_leaves_no_trace(self, author):
        with pytest.raises(BudgetExceeded):
            press(author, *["A door."] * 101)
        assert rows() == {}

    def test_retry_and_duplicate_keep_what_was_written(self, author):
        (job,) = press(author, "A door at dawn.", written="A door at {dawn|dusk}.")
        again = jobs.duplicate(author, job)
        assert again.written == "A door at {dawn|dusk}."
        assert rows() == {"A door at {dawn|dusk}.": 2}

    def test_each_project_has_its_own(self, author):
        press(author, "A door.")
        elsewhere = make_project(author.team)
        order_all(author, elsewhere, [Wanted(order=make_painting(prompt="A door."))])
        assert Prompt.objects.count() == 2

    def test_recent_ones_are_ones_own(self, author):
        for text in ("One.", "Two.", "One."):
            press(author, text)
        press(make_member(team=author.team), "Theirs.")
        assert prompts.recent(author, author.team.projects.first()) == ["One.", "Two."]


class TestPlainText:
    @pytest.mark.parametrize(
        ("typed", "ordered"),
        [
            ("<script>alert(1)</script> & <% x %> &lt;b&gt;", None),
            ("👩\u200d🚀 floats 🏳️\u200d🌈", None),
            ("דלת אדומה \u202eabc\u202c بالثلج", None),
            ("e\u0301 a\u0308\u0323 हिन्दी", None),
            ("one\r\ntwo\rthree\n", "one\ntwo\nthree"),
            ("$(rm) `x` \\n %s '\"", None),
        ],
    )
    def test_reaches_the_order_as_it_was_typed(self, client, author, typed, ordered):
        client.force_login(author.user)
        answer = client.post(
            "/orders/",
            {
                "model": "painter/painter-1",
                "prompt": typed,
                "duration": "1",
                "count": "1",
                "seed": "1",
            },
        )
        assert answer.status_code == 302, answer.content.decode()[:300]
        wanted = typed.strip() if ordered is None else ordered
        assert Job.objects.get().order.prompt == wanted
        assert Prompt.objects.get().text == wanted


class TestCompared:
    def test_two_from_older_to_newer(self, author):
        press(author, "A blue door.")
        press(author, "A red door.")
        newer, older = Prompt.objects.newest_first()
        pieces = prompts.compared(older.project, [newer.pk, older.pk], "")
        assert [piece.text for piece in pieces] == ["A ", "blue", "red", " door."]

    def test_one_and_the_present(self, author):
        press(author, "A door.")
        row = Prompt.objects.get()
        pieces = prompts.compared(row.project, [row.pk], "A gate.")
        assert [piece.text for piece in pieces] == ["A ", "door", "gate", "."]

    def test_anything_else_is_refused(self, author):
        press(author, "A door.")
        row = Prompt.objects.get()
        theirs = make_project()
        for project, picked, present in (
            (row.project, [], "x"), (row.project, [row.pk], ""), (theirs, [row.pk], "x"),
        ):  # fmt: skip
            with pytest.raises(InvalidChoice, match="Tick two prompts"):
                prompts.compared(project, picked, present)


def test_jobs_of_before_are_remembered_by_the_migration():
    author = make_member()
    for text in ("Old.", "Older.", "Old."):
        make_job(author=author, order=make_order(prompt=text))
    assert rows() == {}
    migration = importlib.import_module("studio.migrations.0008_prompt_history")
    migration.BATCH = 1
    migration.remember(apps, None)
    migration.remember(apps, None)
    assert rows() == {"Old.": 2, "Older.": 1}
    old = Prompt.objects.get(text="Old.")
    last = Job.objects.order_by("pk").last()
    assert (old.author, old.used_at, old.digest) == (
        author, last.created_at, prompts.digest_of("Old."),
    )  # fmt: skip
