"""Who is told, by which ways and when; and that nobody is told twice."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from studio import notices
from studio.core.notices import CHANNELS, OFFERED, SPECS, Channel, Kind, sentence
from studio.models import Delivery, Notice, NoticeSettings
from tests.factories import (
    make_endpoint,
    make_job,
    make_member,
    make_note,
    make_notice,
    make_take,
    make_team,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    return make_member(name="Ana Ruiz")


@pytest.fixture
def mail_is_on(settings):
    settings.MAIL_IS_ON = True


def tell(*members, kind=Kind.NOTE, cause="note 1", **more):
    about = notices.About(team=members[0].team)
    return notices.tell(
        kind=kind, cause=cause, to=members, about=about, subject="Red door", who="Ben", **more
    )


def wish(member, **fields):
    return NoticeSettings.objects.create(member=member, **fields)


class TestTable:
    def test_every_kind_has_words(self):
        assert set(SPECS) == set(Kind)
        assert set(CHANNELS) == set(Channel)
        facts = {"who": "Ben", "whom": "you", "take": 2, "verdict": "approve"}
        for kind in Kind:
            assert "{" not in sentence(kind, facts)
            assert "{" not in sentence(kind, {})

    def test_everything_offered_is_at_least_in_the_list(self):
        for kind in OFFERED:
            assert Channel.PAGE in SPECS[kind].channels

    def test_types_on_the_wire(self):
        assert Kind.NOTE.wire == "note.written"
        assert len({kind.wire for kind in Kind}) == len(Kind)

    def test_words_in_braces_are_no_places_to_fill(self):
        assert (
            sentence(Kind.NOTE, {"who": "{take} {0} {who.pk}"})
            == "{take} {0} {who.pk} wrote a note"
        )


class TestTell:
    def test_writes_one_notice_for_each_person(self, ana):
        ben = make_member(team=ana.team)
        tell(ana, ben, ana)
        assert sorted(Notice.objects.values_list("member", flat=True)) == [ana.pk, ben.pk]
        notice = ana.notices.get()
        assert str(notice) == "Red door: Ben wrote a note"
        assert (notice.on_page, notice.in_browser, notice.read_at) == (True, True, None)

    def test_same_cause_is_told_once_whatever_runs_twice(self, ana):
        assert len(tell(ana)) == 1
        assert tell(ana) == []
        assert tell(ana, kind=Kind.MENTION) == []
        assert ana.notices.count() == 1
        with pytest.raises(IntegrityError), transaction.atomic():
            make_notice(ana, cause="note 1")

    def test_nobody_hears_what_they_did_themselves(self, ana):
        assert tell(ana, actor=ana) == []

    def test_only_people_of_the_team_who_are_there(self, ana):
        gone = make_member(team=ana.team)
        gone.is_active = False
        gone.save()
        assert tell(gone) == []
        about = notices.About(team=ana.team)
        stranger = make_member()
        assert notices.tell(kind=Kind.NOTE, cause="x", to=[stranger], about=about) == []

    def test_what_somebody_does_not_want_is_not_written(self, ana):
        wish(ana, channels={Kind.NOTE: []})
        assert tell(ana) == []
        assert len(tell(ana, kind=Kind.REPLY, cause="note 2")) == 1

    def test_texts_fit_into_every_database(self, ana):
        (notice,) = tell(ana, text="\0 \ud800" + "x" * 1000)
        assert len(notice.text) == 300
        assert "\0" not in notice.text

    def test_in_the_transaction_of_what_caused_it(self, ana):
        def changed_and_failed():
            with transaction.atomic():
                tell(ana)
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            changed_and_failed()
        assert not Notice.objects.exists()


class TestMail:
    def test_waits_for_the_next_digest(self, ana, mail_is_on):
        before = timezone.now()
        (notice,) = tell(ana)
        (mail,) = notice.deliveries.all()
        assert timedelta(minutes=5) <= mail.next_at - before <= timedelta(minutes=10, seconds=5)

    def test_is_not_promised_where_no_server_is_set(self, ana):
        (notice,) = tell(ana)
        assert not notice.deliveries.exists()

    def test_daily_at_the_hour_of_the_team_after_quiet_hours(self, ana, mail_is_on):
        ana.team.time_zone = "Europe/Vienna"
        ana.team.save()
        wish(ana, digest="daily", digest_hour=6, quiet_from=time(22), quiet_until=time(7))
        (notice,) = tell(ana)
        assert notice.deliveries.get().next_at.astimezone(
            NoticeSettings.of([ana])[ana.pk].zone
        ).time() == time(7)  # fmt: skip


class TestQuietHours:
    def test_hold_back_what_is_loud_and_lose_nothing(self, ana, monkeypatch, mail_is_on):
        night, morning = datetime(2026, 6, 1, 23, tzinfo=UTC), datetime(2026, 6, 2, 7, tzinfo=UTC)
        monkeypatch.setattr(timezone, "now", lambda: night)
        wish(ana, quiet_from=time(22), quiet_until=time(7))
        make_endpoint(ana, for_team=False)
        (notice,) = tell(ana)
        assert notice.on_page
        assert notice.aloud_at == morning
        assert {one.next_at for one in notice.deliveries.all()} == {morning}
        assert notice.deliveries.count() == 2

    def test_by_the_clocks_that_the_person_chose(self, ana, monkeypatch):
        monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 6, 1, 14, tzinfo=UTC))
        wish(ana, quiet_from=time(22), quiet_until=time(7), time_zone="Asia/Tokyo")
        (notice,) = tell(ana)
        assert notice.aloud_at == datetime(2026, 6, 1, 22, tzinfo=UTC)

    def test_do_not_hold_back_what_the_team_hears(self, ana):
        wish(ana, quiet_from=time(0), quiet_until=time(23, 59))
        make_endpoint(make_member("admin", team=ana.team))
        tell(ana)
        assert Delivery.objects.due().posts().count() == 1


class TestEndpoints:
    def test_of_the_team_hears_once_whoever_else_does(self, ana):
        ben = make_member(team=ana.team)
        hook = make_endpoint(ana)
        tell(ana, ben)
        tell(ana, ben)
        (delivery,) = hook.deliveries.all()
        assert delivery.notice.member is None

    def test_of_the_team_hears_also_what_concerns_nobody_else(self, ana):
        hook = make_endpoint(ana)
        tell(ana, actor=ana)
        assert hook.deliveries.count() == 1

    def test_of_the_team_hears_only_what_it_asked_for(self, ana):
        hook = make_endpoint(ana, events=[Kind.REPLY])
        tell(ana)
        tell(ana, kind=Kind.REPLY, cause="note 2")
        assert [one.notice.kind for one in hook.deliveries.all()] == [Kind.REPLY]

    def test_of_a_person_hears_what_the_person_wants_by_that_way(self, ana):
        hook = make_endpoint(ana, for_team=False)
        chat = make_endpoint(ana, for_team=False, format="slack")
        wish(ana, channels={Kind.NOTE: [Channel.SLACK]})
        (notice,) = tell(ana)
        assert (hook.deliveries.count(), chat.deliveries.count()) == (0, 1)
        assert (notice.on_page, notice.in_browser) == (False, False)

    def test_of_other_people_and_teams_hear_nothing(self, ana):
        hooks = [
            make_endpoint(make_member(team=ana.team), for_team=False),
            make_endpoint(make_member(team=make_team())),
            make_endpoint(ana, is_on=False),
        ]
        tell(ana)
        assert not Delivery.objects.filter(endpoint__in=hooks).exists()

    def test_whom_is_a_name_for_the_team_and_you_for_the_person(self, ana):
        make_endpoint(ana)
        mine, theirs = tell(ana, kind=Kind.MENTION, whom="Ana Ruiz")
        assert (mine.said, theirs.said) == ("Ben mentioned you", "Ben mentioned Ana Ruiz")


class TestPlace:
    def test_leads_to_take_frame_and_note(self, settings, ana):
        settings.PUBLIC_URL = "https://studio.example"
        take = make_take(make_job("succeeded", author=make_member(team=ana.team)))
        note = make_note(take, ana, frame=12)
        (notice,) = [one for one in _told_of(note) if one.member]
        assert notice.address == (
            f"https://studio.example/clips/{take.clip_id}/?take=1&frame=12#note-{note.pk}"
        )

    def test_without_a_clip_it_is_a_page_of_its_own(self, ana):
        assert make_notice(ana, kind=Kind.LANE_PAUSED).get_absolute_url() == "/queue/"
        assert make_notice(ana, kind=Kind.GUEST_FINISHED).get_absolute_url() == "/shares/"


def _told_of(note):
    notices.note_written(note)
    return Notice.objects.filter(note=note)
