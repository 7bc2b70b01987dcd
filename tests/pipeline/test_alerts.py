"""Limits that are nearly used or used up: told once per threshold and period."""

from datetime import timedelta

import pytest

from studio.core.money import MICRO
from studio.core.notices import Kind
from studio.models import CapPeriod, Notice
from studio.pipeline import alerts, drive
from studio.services import caps, requests
from tests.factories import make_cap, make_member, make_request
from tests.houses import in_threads

pytestmark = pytest.mark.django_db


@pytest.fixture
def mei(db):
    return make_member("admin", name="Mei")


def use(cap, credits):
    CapPeriod.objects.filter(cap=cap).update(used=credits * MICRO)


def told():
    return [(one.member, one.kind, one.said) for one in Notice.objects.order_by("pk")]


WARNED, REACHED = Kind.CAP_WARNED, Kind.CAP_REACHED


class TestTell:
    def test_each_threshold_once(self, mei):
        cap = make_cap(mei, 100)
        for credits, kinds in [(79, []), (80, [WARNED]), (99, []), (100, [REACHED]), (120, [])]:
            before = Notice.objects.count()
            use(cap, credits)
            for _ in range(2):
                alerts.tell()
            assert [kind for _, kind, _ in told()[before:]] == kinds, credits
        assert told()[0] == (mei, WARNED, "80 % are used")
        assert Notice.objects.first().subject == f"{mei.team}, all projects"
        assert Notice.objects.first().text == "80 of 100 cr are used or held, 20 are left."

    def test_used_up_at_one_stroke_is_said_once(self, mei):
        use(make_cap(mei, 100), 100)
        assert alerts.tell() == 1
        assert [kind for _, kind, _ in told()] == [REACHED]

    def test_nothing_used_is_nothing_to_tell(self, mei):
        make_cap(mei, 100)
        assert alerts.tell() == 0

    def test_the_member_hears_of_their_own(self, mei):
        jonas = make_member(team=mei.team, name="Jonas")
        make_member(team=mei.team)
        use(make_cap(mei, 100, member=jonas), 90)
        alerts.tell()
        assert {who for who, *_ in told()} == {mei, jonas}

    def test_one_that_never_stops_says_so(self, mei):
        use(make_cap(mei, 100, stops=False), 130)
        alerts.tell()
        assert "Jobs go on: it never stops." in Notice.objects.get().text

    def test_a_removed_one_is_silent(self, mei):
        cap = make_cap(mei, 100)
        use(cap, 90)
        caps.remove(mei, cap)
        assert alerts.tell() == 0

    def test_raised_below_its_threshold_it_warns_again(self, mei):
        cap = make_cap(mei, 100)
        use(cap, 100)
        alerts.tell()
        requests.approve(mei, make_request(mei, 20, cap=cap), 20 * MICRO)
        assert alerts.tell() == 0
        use(cap, 120)
        assert alerts.tell() == 1
        caps.change(mei, cap, amount=1000 * MICRO, warn_at=80, stops=True)
        use(cap, 900)
        alerts.tell()
        assert [kind for _, kind, _ in told() if kind in {WARNED, REACHED}] == [
            REACHED, REACHED, WARNED
        ]  # fmt: skip

    def test_each_period_for_itself(self, mei):
        cap = make_cap(mei, 100, every="day")
        use(cap, 90)
        alerts.tell()
        first = CapPeriod.objects.get()
        yesterday = first.starts_on - timedelta(days=1)
        CapPeriod.objects.create(cap=cap, starts_on=yesterday, limit=MICRO, used=MICRO)
        assert alerts.tell() == 1

    def test_the_sweep_does_it(self, mei, painter):
        use(make_cap(mei, 100), 90)
        drive.catch_up()
        assert [kind for _, kind, _ in told()] == [WARNED]


class TestAtOnce:
    def test_two_workers_tell_once(self, any_house):
        def begin():
            use(make_cap(make_member("admin"), 100), 90)

        def race():
            marked = in_threads(6, lambda _: alerts.tell())
            return sum(marked), Notice.objects.count()

        any_house.inside(begin)
        assert any_house.inside(race) == (1, 1)
