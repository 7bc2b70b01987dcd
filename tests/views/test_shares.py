"""Links for clients as the team sees them: making, changing, the one table."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from studio.models import Board, Decision, Placement, Share
from studio.reports.shares import PAGE
from tests.factories import (
    make_guest,
    make_job,
    make_member,
    make_price,
    make_share,
    make_take,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def take():
    make_price()
    return make_take(make_job("succeeded"))


@pytest.fixture
def member(take):
    return take.clip.author


@pytest.fixture
def client(client, member):
    client.force_login(member.user)
    return client


def typed(*clips, **changes):
    said = {"name": "Act I selects", "kind": "approval", "ends": "14", "may_comment": "on"}
    shown = {f"clip-{clip.pk}-shown": "on" for clip in clips}
    return {**said, **shown, **changes}


def new(*clips, **query) -> str:
    keys = ",".join(str(clip.pk) for clip in clips)
    more = "".join(f"&{name}={value}" for name, value in query.items())
    return f"{reverse('share-new')}?clips={keys}{more}"


class TestNew:
    def test_it_is_made_as_it_was_asked_for(self, client, take):
        said = typed(
            take.clip, message="Please.", may_download="on", password="ice", most_views="5",
            **{f"clip-{take.clip_id}-title": "The opening"},
        )  # fmt: skip
        response = client.post(new(take.clip), said)
        share = Share.objects.get()
        assert response.url == reverse("share", args=[share.pk])
        assert (share.kind, share.message, share.most_views) == ("approval", "Please.", 5)
        assert (share.may_comment, share.may_download, share.may_see_prompts) == (True, True, False)
        days = (share.expires_at - timezone.now()).total_seconds() / 86400
        assert 13.9 < days < 14.1
        chosen = share.chosen.get()
        assert (chosen.take, chosen.title) == (take, "The opening")

    def test_its_address_can_be_copied_then_and_later(self, client, take):
        page = client.post(new(take.clip), typed(take.clip), follow=True).content.decode()
        address = page.partition('data-copy-text="')[2].partition('"')[0]
        assert address.startswith("http://testserver/share/")
        assert f'data-copy-text="{address}"' in client.get(reverse("shares")).content.decode()
        assert b"Open the review" in client.get(address.removeprefix("http://testserver")).content

    def test_the_take_of_the_clip_page_is_offered_first(self, client, take, member):
        other = make_take(make_job("succeeded", author=member, clip=take.clip))
        page = client.get(new(take.clip, take=other.pk)).content.decode()
        assert f'<option value="{other.pk}" selected>Take 2' in page

    def test_a_board_is_shown_as_it_is_then(self, client, take, member):
        board = Board.objects.create(team=member.team, name="Selects", created_by=member)
        Placement.objects.create(board=board, clip=take.clip, placed_by=member)
        address = f"{reverse('share-new')}?board={board.pk}"
        assert "Whatever is on the board “Selects”" in client.get(address).content.decode()
        client.post(address, typed())
        assert Share.objects.get().board == board
        assert take.clip.events.filter(status="shared").exists()

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"name": " "}, "Name is needed: 1 to 80 characters."),
            ({"kind": "party"}, "Kind must be Review or Approval, not “party”."),
            ({"most_views": "0"}, "Most views must be a whole number from 1 to 1,000,000."),
            ({"most_views": "many"}, "Most views must be a whole number from 1 to 1,000,000."),
            ({"ends": "date"}, "Expires is needed: a day and a time."),
            ({"ends": "date", "expires_at": "soon"}, "Expires must be a day and a time, like"),
            ({"ends": "date", "expires_at": "2020-01-01T10:00"}, "Expires must be later than now."),
            ({"ends": "99"}, "Open for must be one of the list, not “99”."),
            ({"message": "x" * 2001}, "Message may have at most 2,000 characters."),
            ({"password": "x" * 101}, "Password may have at most 100 characters."),
        ],
    )
    def test_what_is_wrong_is_said_at_its_field(self, client, take, changes, sentence):
        response = client.post(new(take.clip), typed(take.clip, **changes))
        assert response.status_code == 422
        assert sentence in response.content.decode()
        assert not Share.objects.exists()

    @pytest.mark.parametrize(
        ("field", "value", "sentence"),
        [
            ("title", "x" * 121, "may have at most 120 characters, not 121."),
            ("take", "0", "must be one of the list."),
        ],
    )
    def test_what_is_wrong_with_a_clip_is_said_too(self, client, take, field, value, sentence):
        said = typed(take.clip, **{f"clip-{take.clip_id}-{field}": value})
        response = client.post(new(take.clip), said)
        assert response.status_code == 422
        assert sentence in response.content.decode()

    def test_nothing_ticked_is_refused(self, client, take):
        response = client.post(new(take.clip), typed())
        assert response.status_code == 422
        assert "A link shows 1 to 500 clips, not 0" in response.content.decode()

    @pytest.mark.parametrize("query", ["", "?clips=", "?clips=x", "?clips=1,x", "?board=0"])
    def test_no_clips_are_no_page(self, client, take, query):
        assert client.get(reverse("share-new") + query).status_code == 404

    def test_what_is_another_teams_is_no_page(self, client, take):
        theirs = make_take(make_job("succeeded"))
        board = Board.objects.create(
            team=theirs.clip.team, name="Theirs", created_by=theirs.clip.author
        )
        assert client.get(new(take.clip, board=board.pk)).status_code == 404
        for method in (client.get, client.post):
            assert method(new(take.clip, theirs.clip)).status_code == 404

    def test_times_are_the_teams(self, client, take, member):
        member.team.time_zone = "Asia/Tokyo"
        member.team.save()
        said = typed(take.clip, ends="date", expires_at="2040-03-27T18:00")
        client.post(new(take.clip), said)
        share = Share.objects.get()
        assert share.expires_at.isoformat() == "2040-03-27T09:00:00+00:00"
        page = client.get(reverse("share", args=[share.pk])).content.decode()
        assert 'value="2040-03-27T18:00"' in page

    def test_rehearsals_tell_their_prompt_and_the_form_says_so(self, client, take):
        assert (
            "has its prompt written in the picture" in client.get(new(take.clip)).content.decode()
        )


class TestChange:
    def test_it_counts_at_once(self, client, take):
        share = make_share(take, password="first")
        said = typed(take.clip, name="Act II", kind="review", ends="never")
        assert client.post(reverse("share", args=[share.pk]), said).status_code == 302
        now = Share.objects.get()
        assert (now.name, now.kind, now.expires_at) == ("Act II", "review", None)
        assert now.password == share.password

    def test_the_password_goes_when_it_is_said(self, client, take):
        share = make_share(take, password="first")
        said = typed(take.clip, forget="on")
        client.post(reverse("share", args=[share.pk]), said)
        assert Share.objects.get().password == ""

    def test_only_who_made_it_or_an_admin_gets_its_address(self, client, take, member):
        share = make_share(take)
        for role, status in (("author", 403), ("admin", 200)):
            client.force_login(make_member(role, team=member.team).user)
            assert client.get(reverse("share", args=[share.pk])).status_code == status
            table = client.get(reverse("shares")).content.decode()
            assert share.name in table
            assert (share.address_token in table) is (status == 200)


class TestRevoke:
    def test_it_is_undone_from_the_toast(self, client, take):
        share = make_share(take)
        done = client.post(reverse("share-revoke", args=[share.pk]), HTTP_HX_REQUEST="true")
        undo = reverse("share-restore", args=[share.pk])
        assert f'formaction="{undo}"' in done.content.decode()
        assert f'id="share-{share.pk}"' in done.content.decode()
        assert Share.objects.get().revoked_at
        assert client.post(undo).status_code == 302
        assert Share.objects.get().revoked_at is None

    def test_later_it_is_too_late(self, client, take):
        share = make_share(take)
        client.post(reverse("share-revoke", args=[share.pk]))
        Share.objects.update(revoked_at=timezone.now() - timedelta(seconds=11))
        response = client.post(reverse("share-restore", args=[share.pk]))
        assert response.status_code == 409
        assert "too late to undo" in response.content.decode()
        page = client.get(reverse("share", args=[share.pk])).content.decode()
        assert "was revoked" in page
        assert share.address_token not in page


class TestTable:
    def test_what_became_of_a_link_is_in_its_row(self, client, take, member):
        other = make_take(make_job("succeeded", author=member))
        share = make_share(take, other, views=3, most_views=5)
        claire, dan = make_guest(share), make_guest(share, name="Dan")
        now = timezone.now()
        for guest in (claire, dan):
            Decision.objects.create(take=take, guest=guest, verdict="approve", decided_at=now)
        Decision.objects.create(take=other, guest=dan, verdict="changes", decided_at=now)
        page = client.get(reverse("shares")).content.decode()
        for words in ("1 of 2 approved", "1 with changes asked for", "3 of 5", "Approval"):
            assert words in page

    def test_answers_of_a_living_link_are_of_what_is_on_its_board(self, client, take, member):
        board = Board.objects.create(team=member.team, name="Selects", created_by=member)
        other = make_take(make_job("succeeded", author=member))
        Placement.objects.create(board=board, clip=take.clip, placed_by=member)
        share = make_share(member=member, board=board)
        for one in (take, other):  # the other one is not on it any more
            Decision.objects.create(
                take=one, guest=make_guest(share), verdict="approve", decided_at=timezone.now()
            )
        assert "1 of 1 approved" in client.get(reverse("shares")).content.decode()

    def test_it_can_be_narrowed(self, client, take, member):
        admin = make_member("admin", team=member.team)
        now = timezone.now()
        rows = {
            "Open one": {},
            "Early one": {"opens_at": now + timedelta(days=1)},
            "Old one": {"expires_at": now - timedelta(days=1)},
            "Gone one": {"revoked_at": now},
            "Theirs": {"member": admin},
        }
        for name, fields in rows.items():
            make_share(take, name=name, **fields)
        make_share(make_take(make_job("succeeded")), name="Of another team")
        expected = {
            "all": set(rows),
            "open": {"Open one", "Early one", "Theirs"},
            "ended": {"Old one", "Gone one"},
            "mine": set(rows) - {"Theirs"},
            "nonsense": set(rows),
        }
        for show, names in expected.items():
            page = client.get(f"{reverse('shares')}?show={show}").content.decode()
            assert {name for name in [*rows, "Of another team"] if name in page} == names

    def test_pages_follow_each_other_without_a_gap(self, client, take):
        made = [make_share(take, name=f"Link no. {number:03}") for number in range(PAGE + 3)]
        first = client.get(reverse("shares")).content.decode()
        key = made[3].pk
        assert f"before={key}" in first
        second = client.get(f"{reverse('shares')}?before={key}").content.decode()
        for number, share in enumerate(made):
            assert (share.name in first) is (number >= 3)
            assert (share.name in second) is (number < 3)

    def test_it_takes_as_many_queries_for_fifty_links_as_for_two(
        self, client, take, django_assert_num_queries
    ):
        def count() -> int:
            with django_assert_num_queries(10) as asked:
                client.get(reverse("shares"))
            return len(asked)

        for _ in range(2):
            make_guest(make_share(take))
        few = count()
        for _ in range(48):
            make_guest(make_share(take))
        assert count() == few
