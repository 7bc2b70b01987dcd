from datetime import timedelta

import pytest
from django.utils import timezone

from studio.core.errors import InvalidShare, NotAllowed, TooLate
from studio.models import Event, Share
from studio.services import shares
from studio.services.shares import Choice, Terms
from tests.factories import make_job, make_member, make_price, make_project, make_share, make_take

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def terms(**changes) -> Terms:
    values = {
        "name": "Act I selects", "message": "", "kind": "approval", "may_comment": True,
        "may_download": False, "may_see_prompts": False, "opens_at": None, "expires_at": None,
        "most_views": None,
    }  # fmt: skip
    return Terms(**{**values, **changes})


@pytest.fixture
def take():
    make_price()
    return make_take(make_job("succeeded"))


@pytest.fixture
def member(take):
    return take.clip.author


@pytest.fixture
def project(take):
    return take.clip.project


class TestCreate:
    def test_it_is_known_by_its_token_which_no_row_tells(self, take, member, project):
        share = shares.create(member, project, terms=terms(), choices=[Choice(clip=take.clip)])
        token = shares.token_of(share)
        assert len(token) >= 43  # 256 bits
        assert token not in (share.token, share.digest)
        assert Share.known(token) == share
        assert Share.known(share.digest) is None

    def test_every_clip_tells_that_it_was_shared(self, take, member, project):
        other = make_take(make_job("succeeded", author=member))
        choices = [Choice(clip=take.clip), Choice(clip=other.clip)]
        shares.create(member, project, terms=terms(), choices=choices)
        told = Event.objects.filter(status="shared").order_by("clip")
        assert [(event.clip, event.actor, event.note) for event in told] == [
            (take.clip, member, "Act I selects"),
            (other.clip, member, "Act I selects"),
        ]
        take.clip.refresh_from_db()
        assert take.clip.rev == told[0].pk

    def test_a_password_is_kept_as_a_hash(self, take, member, project):
        share = shares.create(
            member, project, terms=terms(), password="ice nave", choices=[Choice(clip=take.clip)]
        )
        assert "ice" not in share.password
        assert share.password

    def test_reviewers_make_none(self, take, project):
        reviewer = make_member("reviewer", team=take.clip.team)
        with pytest.raises(NotAllowed):
            shares.create(reviewer, project, terms=terms(), choices=[Choice(clip=take.clip)])

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"expires_at": timezone.now() - DAY}, "Expires must be later than now."),
            (
                {"opens_at": timezone.now() + 2 * DAY, "expires_at": timezone.now() + DAY},
                "Expires must be later than Opens.",
            ),
        ],
    )
    def test_an_end_before_its_time_is_refused(self, take, member, project, changes, sentence):
        with pytest.raises(InvalidShare, match=sentence) as refused:
            shares.create(member, project, terms=terms(**changes), choices=[Choice(clip=take.clip)])
        assert refused.value.field == "expires_at"

    def test_a_link_to_nothing_is_refused(self, member, project):
        with pytest.raises(InvalidShare, match="1 to 500 clips, not 0"):
            shares.create(member, project, terms=terms())
        assert not Share.objects.exists()


class TestChange:
    def test_it_counts_at_once(self, take, member):
        share = make_share(take)
        wanted = terms(name="Act II", may_download=True, kind="review", most_views=3)
        shares.change(member, share, terms=wanted, choices=[Choice(clip=take.clip, title="One")])
        now = Share.objects.get()
        assert (now.name, now.may_download, now.kind, now.most_views) == (
            "Act II",
            True,
            "review",
            3,
        )
        assert [(one.take, one.title) for one in now.chosen.all()] == [(None, "One")]

    @pytest.mark.parametrize(("password", "kept"), [(None, True), ("", False), ("another", False)])
    def test_the_password_stays_goes_or_changes(self, take, member, password, kept):
        share = make_share(take, password="first")
        was = share.password
        choices = [Choice(clip=take.clip)]
        shares.change(member, share, terms=terms(), password=password, choices=choices)
        assert (share.password == was) is kept
        assert bool(share.password) is (password != "")

    def test_an_end_in_the_past_may_stay_but_not_be_set(self, take, member):
        past = timezone.now() - DAY
        share = make_share(take, expires_at=past)
        choices = [Choice(clip=take.clip)]
        shares.change(member, share, terms=terms(expires_at=past), choices=choices)
        with pytest.raises(InvalidShare):
            shares.change(member, share, terms=terms(expires_at=past - DAY), choices=choices)

    def test_only_who_made_it_or_an_admin(self, take):
        share = make_share(take)
        colleague = make_member("author", team=share.team)
        for act in (shares.revoke, shares.restore):
            with pytest.raises(NotAllowed):
                act(colleague, share)
        with pytest.raises(NotAllowed):
            shares.change(colleague, share, terms=terms(), choices=[Choice(clip=take.clip)])
        shares.revoke(make_member("admin", team=share.team), share)


class TestRevoke:
    def test_it_is_as_if_it_had_never_been(self, take, member):
        share = make_share(take)
        shares.revoke(member, share)
        assert Share.known(share.address_token) is None
        assert share.revoked_by == member

    def test_who_did_it_undoes_it_at_once(self, take, member):
        share = make_share(take)
        shares.revoke(member, share)
        assert shares.can_restore(member, share)
        shares.restore(member, share)
        assert Share.known(share.address_token) == share

    def test_nobody_else_does_and_nobody_later(self, take, member):
        share = make_share(take)
        shares.revoke(member, share)
        admin = make_member("admin", team=share.team)
        assert not shares.can_restore(admin, share)
        with pytest.raises(TooLate):
            shares.restore(admin, share)
        Share.objects.update(revoked_at=timezone.now() - timedelta(seconds=11))
        share.refresh_from_db()
        assert not shares.can_restore(member, share)
        with pytest.raises(TooLate):
            shares.restore(member, share)

    def test_a_second_one_does_not_move_the_first(self, take, member):
        share = make_share(take)
        shares.revoke(member, share)
        was = share.revoked_at
        shares.revoke(make_member("admin", team=share.team), share)
        assert (share.revoked_at, share.revoked_by) == (was, member)


class TestStates:
    NOW = timezone.now()

    @pytest.mark.parametrize(
        ("fields", "state", "names"),
        [
            ({}, "open", {"open", "running", "unended", "standing"}),
            ({"opens_at": NOW + DAY}, "early", {"unended", "standing"}),
            ({"expires_at": NOW - DAY}, "expired", {"ended", "standing"}),
            ({"most_views": 1, "views": 1}, "used up", {"ended", "running", "standing"}),
            ({"revoked_at": NOW}, "revoked", {"ended"}),
            ({"expires_at": NOW + DAY, "most_views": 2, "views": 1}, "open",
             {"open", "running", "unended", "standing"}),
        ],
    )  # fmt: skip
    def test_rows_and_questions_agree(self, take, fields, state, names):
        share = make_share(take, **fields)
        assert share.state == state
        known = {"open", "running", "unended", "ended", "standing"}
        assert {name for name in known if getattr(Share.objects, name)().exists()} == names


def test_token_of_another_studio_is_none(take, member, settings):
    share = shares.create(
        member, make_project(member.team), terms=terms(), choices=[Choice(clip=take.clip)]
    )
    settings.SECRET_KEY = "another"
    assert shares.token_of(share) == ""
