"""Reading notices, and changing what one hears: it counts for what waits as well."""

from datetime import timedelta

import pytest
from django.utils import timezone

from studio.core.notices import OFFERED, SPECS, Channel, Kind
from studio.models import Delivery, NoticeSettings
from studio.services import notices
from studio.services.notices import Wish
from tests.factories import make_endpoint, make_member, make_notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    return make_member()


def wish(**changes):
    everything = {kind: [*Channel] for kind in OFFERED}
    values = {
        "channels": everything, "quiet_from": None, "quiet_until": None, "time_zone": "",
        "digest": "now", "digest_hour": 8, **changes,
    }  # fmt: skip
    return Wish(**values)


def waiting(member, *, kind=Kind.NOTE, endpoint=None):
    next_at = timezone.now() + timedelta(hours=5)
    notice = make_notice(member, kind=kind)
    return Delivery.objects.create(notice=notice, endpoint=endpoint, next_at=next_at)


class TestRead:
    def test_all_up_to_what_was_seen(self, ana):
        other = make_notice(make_member(team=ana.team))
        seen, later = make_notice(ana), make_notice(ana)
        assert notices.read_all(ana, upto=seen.pk) == 1
        later.refresh_from_db()
        other.refresh_from_db()
        assert (later.read_at, other.read_at) == (None, None)
        assert notices.read_all(ana) == 1
        assert notices.read_all(ana) == 0

    def test_one_keeps_the_moment_it_was_read_first(self, ana):
        notice = make_notice(ana)
        notices.read(ana, notice)
        notice.refresh_from_db()
        first = notice.read_at
        notices.read(ana, notice)
        notice.refresh_from_db()
        assert notice.read_at == first


class TestChange:
    def test_waiting_mail_goes_by_the_new_times(self, ana):
        mail = waiting(ana)
        notices.change(ana, wish())
        mail.refresh_from_db()
        assert mail.next_at < timezone.now() + timedelta(minutes=11)

    def test_what_is_not_wanted_any_more_does_not_go(self, ana):
        mail, post = waiting(ana), waiting(ana, endpoint=make_endpoint(ana, for_team=False))
        kept = waiting(ana, kind=Kind.REPLY)
        notices.change(ana, wish(channels={Kind.NOTE: [], Kind.REPLY: [Channel.MAIL]}))
        states = Delivery.objects.in_bulk([mail.pk, post.pk, kept.pk])
        assert [states[one.pk].status for one in (mail, post, kept)] == [
            "dropped", "dropped", "waiting",
        ]  # fmt: skip

    def test_a_test_and_what_is_on_its_way_are_not_touched(self, ana):
        hook = make_endpoint(ana, for_team=False)
        test, sending = waiting(ana, kind=Kind.TEST, endpoint=hook), waiting(ana)
        Delivery.objects.filter(pk=sending.pk).update(status="sending")
        notices.change(ana, wish(channels={}))
        test.refresh_from_db()
        sending.refresh_from_db()
        assert (test.status, sending.status) == ("waiting", "sending")


class TestMails:
    def test_end_by_one_press_and_all_else_stays(self, ana):
        mail = waiting(ana)
        notices.stop_mails(ana)
        row = NoticeSettings.objects.get(member=ana)
        assert not any(row.wants(kind, Channel.MAIL) for kind in OFFERED)
        for kind in OFFERED:
            for channel in SPECS[kind].channels - {Channel.MAIL}:
                assert row.wants(kind, channel)
        mail.refresh_from_db()
        assert mail.status == "dropped"

    def test_come_again_for_what_is_heard_at_all(self, ana):
        notices.change(ana, wish(channels={Kind.NOTE: [], Kind.REPLY: [Channel.PAGE]}))
        notices.stop_mails(ana)
        notices.resume_mails(ana)
        row = NoticeSettings.objects.get(member=ana)
        assert not row.wants(Kind.NOTE, Channel.MAIL)
        assert row.wants(Kind.REPLY, Channel.MAIL)
