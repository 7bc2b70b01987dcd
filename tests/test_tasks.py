"""The shells around the pipeline: a message is only a hint."""

import pytest
from kombu.exceptions import OperationalError

from studio import tasks
from studio.core.decision import Decision, Step
from studio.models import Day
from tests.factories import make_team


@pytest.fixture
def sent(monkeypatch):
    messages = []

    def remember(name):
        def apply_async(arguments, **options):
            messages.append((name, arguments, options["queue"], options["expires"]))

        return apply_async

    monkeypatch.setattr(tasks.drive, "apply_async", remember("drive"))
    monkeypatch.setattr(tasks.poll, "apply_async", remember("poll"))
    monkeypatch.setattr(tasks.sweep, "apply_async", remember("sweep"))
    return messages


class TestHints:
    def test_each_step_goes_to_its_queue_and_grows_stale(self, sent):
        steps = [step for step in Step if step not in {Step.POLL, Step.REST}]
        tasks.follow(Decision(step=step, job_id=3) for step in steps)
        tasks.follow([Decision(step=Step.POLL, lane="paid")])
        tasks.hint(4)
        tasks.hint_sweep()
        assert sent == [
            ("drive", (3, "send"), "drive", 60), ("drive", (3, "resolve"), "drive", 60),
            ("drive", (3, "track"), "drive", 60), ("drive", (3, "render"), "render", 60),
            ("drive", (3, "save"), "media", 60), ("poll", ("paid",), "poll", 60),
            ("drive", (4,), "drive", 60), ("sweep", (), "drive", 60),
        ]  # fmt: skip

    def test_a_queue_that_is_down_loses_the_hint_only(self, monkeypatch, caplog):
        def down(*_arguments, **_options):
            raise OperationalError

        monkeypatch.setattr(tasks.drive, "apply_async", down)
        tasks.hint(1)
        assert "The sweep will find the work" in caplog.text.replace("the sweep", "The sweep")


@pytest.mark.django_db
class TestTasks:
    def test_totals_are_made_before_anybody_asks_for_them(self):
        team = make_team()
        assert Day.objects.get(team=team).stale
        tasks.add_up()
        assert not Day.objects.get(team=team).stale

    def test_drive_takes_the_step_and_passes_on_what_follows(self, sent, monkeypatch):
        taken = []

        def take(decision, *, should_stop):
            taken.append((decision, should_stop()))
            return [Decision(step=Step.SAVE, job_id=9)]

        monkeypatch.setattr(tasks.pipeline, "take", take)
        tasks.drive(7, "render")
        assert taken == [(Decision(step=Step.RENDER, job_id=7), False)]
        assert [message[1] for message in sent] == [(9, "save")]

    def test_sweep_passes_on_what_is_due(self, sent):
        tasks.sweep()
        assert sent == []

    def test_poll_passes_on_what_follows_from_each_round(self, sent, monkeypatch):
        rounds = [[Decision(step=Step.SAVE, job_id=7)], [], [Decision(step=Step.POLL, lane="paid")]]

        def watch(slug, *, should_stop):
            assert (slug, should_stop()) == ("paid", False)
            yield from rounds

        monkeypatch.setattr(tasks.pipeline, "watch", watch)
        tasks.poll("paid")
        assert [message[:2] for message in sent] == [("drive", (7, "save")), ("poll", ("paid",))]
