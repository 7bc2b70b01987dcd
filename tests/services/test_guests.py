from datetime import timedelta

import pytest
from django.utils import timezone

from studio.core.errors import LinkSpent, TooOften, WrongPassword
from studio.models import Clip, Guest, Share, Visit
from studio.services import answers, guests, shares
from studio.services.guests import HALF_HOUR, Came
from tests.factories import make_guest, make_job, make_price, make_share, make_take
from tests.houses import in_threads

HERE = Came(address="203.0.113.7", browser="Firefox")
THERE = Came(address="203.0.113.8", browser="Firefox")


def link(**fields) -> Share:
    make_price()
    return make_share(make_take(make_job("succeeded")), **fields)


def enter(share: Share, *, password: str = "", came: Came = HERE, name: str = "Claire") -> Guest:
    guest, _ = guests.enter(
        share, name=name, email="claire@client.example", password=password, came=came
    )
    return guest


def away(guest: Guest, since: timedelta) -> Guest:
    Guest.objects.filter(pk=guest.pk).update(seen_at=timezone.now() - since)
    guest.refresh_from_db()
    return guest


@pytest.mark.django_db
class TestVisits:
    def test_each_guest_counts_once_in_half_an_hour(self):
        share = link()
        guest = enter(share)
        guests.come_in(share, guest, HERE)
        guests.come_in(share, away(guest, timedelta(minutes=29)), HERE)
        share.refresh_from_db()
        assert (share.views, share.visits.count()) == (1, 1)
        guests.come_in(share, away(guest, HALF_HOUR), THERE)
        share.refresh_from_db()
        assert (share.views, share.visits.count()) == (2, 2)
        visit = share.visits.latest("pk")
        assert (visit.guest, visit.address, visit.browser) == (guest, "203.0.113.8", "Firefox")

    def test_who_is_in_stays_in_when_the_last_view_is_used(self):
        share = link(most_views=1)
        guest = enter(share)
        guests.come_in(share, guest, HERE)
        with pytest.raises(LinkSpent):
            enter(share, name="Late")
        with pytest.raises(LinkSpent):
            guests.come_in(share, away(guest, HALF_HOUR), HERE)
        assert share.guests.count() == 1

    def test_a_refused_visit_is_not_begun(self):
        share = link(most_views=1)
        guest = away(enter(share), HALF_HOUR)
        for _ in range(2):
            with pytest.raises(LinkSpent):
                guests.come_in(share, guest, HERE)
        share.refresh_from_db()
        assert (share.views, share.visits.count()) == (1, 1)


class TestManyAtOnce:
    def test_twenty_for_five_views_are_five(self, any_house):
        def knock(_number, pk):
            try:
                return bool(enter(Share.objects.get(pk=pk), came=Came(address=None, browser="")))
            except LinkSpent:
                return False

        def race():
            pk = link(most_views=25, views=20).pk
            let_in = in_threads(20, knock, pk)
            share = Share.objects.get(pk=pk)
            return let_in.count(True), share.views, share.guests.count(), share.visits.count()

        assert any_house.inside(race) == (5, 25, 5, 5)

    def test_the_requests_of_one_page_begin_one_visit(self, any_house):
        def ask(_number, pk):
            guest = Guest.objects.select_related("share").get(pk=pk)
            guests.come_in(guest.share, guest, HERE)

        def race():
            guest = away(make_guest(link()), HALF_HOUR)
            stale = Guest.objects.get(pk=guest.pk)
            in_threads(8, ask, stale.pk)
            return Share.objects.get().views, Visit.objects.count()

        assert any_house.inside(race) == (1, 1)

    def test_forty_guesses_at_once_are_ten(self, any_house):
        def guess(number, pk):
            try:
                enter(Share.objects.get(pk=pk), password=f"guess {number}")
            except WrongPassword:
                return "looked at"
            except TooOften:
                return "refused"

        def race():
            pk = link(password="right").pk
            said = in_threads(40, guess, pk)
            return said.count("looked at") <= 10, set(said)

        assert any_house.inside(race) == (True, {"looked at", "refused"})

    def test_nothing_is_decided_once_a_link_was_revoked(self, any_house):
        def decide(number, pk):
            guest = Guest.objects.select_related("share").get(pk=pk)
            if number == 0:
                shares.revoke(guest.share.created_by, guest.share)
                return timezone.now()
            try:
                answers.answer(guest, guest.share.chosen.get().take, "approve")
            except LinkSpent:
                return None
            return None

        def race():
            guest = make_guest(link())
            revoked, *_ = in_threads(6, decide, guest.pk)
            late = guest.decisions.filter(decided_at__gt=revoked).exists()
            return late, Clip.objects.get().events.filter(at__gt=revoked).exists()

        assert any_house.inside(race) == (False, False)


@pytest.mark.django_db
class TestPassword:
    def test_the_right_one_opens_and_leaves_no_try(self):
        share = link(password="right")
        assert enter(share, password="right").share == share
        assert not share.visits.filter(guest=None).exists()

    def test_ten_wrong_ones_shut_the_door_for_that_address_alone(self):
        share = link(password="right")
        for left in range(9, -1, -1):
            with pytest.raises(WrongPassword, match=f"{left} tr"):
                enter(share, password="wrong")
        with pytest.raises(TooOften):
            enter(share, password="right")
        assert enter(share, password="right", came=THERE)
        assert share.visits.filter(guest=None).count() == 10

    def test_another_link_is_open_to_that_address(self):
        shut, other = link(password="right"), link(password="right")
        for _ in range(10):
            with pytest.raises(WrongPassword):
                enter(shut, password="wrong")
        assert enter(other, password="right")

    def test_the_door_opens_again_after_half_an_hour(self):
        share = link(password="right")
        for _ in range(10):
            with pytest.raises(WrongPassword):
                enter(share, password="wrong")
        share.visits.update(at=timezone.now() - HALF_HOUR)
        assert enter(share, password="right")

    def test_thirty_people_from_one_address_have_to_wait(self):
        share = link()
        for _ in range(30):
            enter(share)
        with pytest.raises(TooOften):
            enter(share)
        assert enter(share, came=THERE)
