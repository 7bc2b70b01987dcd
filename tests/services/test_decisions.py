"""What people decide about takes, and what the project's rule makes of it at once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from studio.core.errors import InvalidChoice, NotAllowed, TooLate
from studio.core.notices import Kind
from studio.core.review import ReviewStatus, Verdict, Voters
from studio.models import (
    Board,
    Clip,
    Decision,
    Event,
    Notice,
    Placement,
    Project,
    Role,
    ShareKind,
    Take,
)
from studio.services import audit, decisions
from studio.services.decisions import decide, decide_as_guest, decide_many, take_back
from tests.factories import (
    make_clip_share,
    make_done,
    make_guest,
    make_job,
    make_member,
    make_price,
    make_project,
    make_take,
    make_team,
)
from tests.houses import in_threads

A, C, R = Verdict.APPROVE, Verdict.CHANGES, Verdict.REJECT
S = ReviewStatus


def make_cast(**rule):
    """A project with this rule, and a take in it: Ana, Ben and Cleo of the team, Ana an admin."""
    make_price()
    team = make_team()
    project = make_project(team)
    Project.objects.filter(pk=project.pk).update(**rule)
    ana = make_member(Role.ADMIN, team=team, name="Ana")
    ben = make_member(Role.REVIEWER, team=team, name="Ben")
    cleo = make_member(Role.AUTHOR, team=team, name="Cleo")
    return make_done(cleo), ana, ben, cleo


def named(take, *people, needed):
    project = take.clip.project
    project.voters, project.needed = Voters.NAMED, needed
    project.save()
    project.reviewers.set(people)


def wrong():
    """What the audit finds of decisions and tiles; jobs of the factory were never sent."""
    found = audit.findings(with_files=False)
    return [str(one) for one in found if one.check in {"decisions", "clips"}]


def told(clip):
    """Of the clip itself, oldest first: what happened, who did it, and to which take."""
    events = Event.objects.filter(clip=clip, job=None).exclude(status=Event.TOUCH).order_by("pk")
    return [(one.status, one.actor or one.guest, one.note) for one in events]


@pytest.mark.django_db
class TestDecide:
    def test_a_word_makes_the_take_and_its_tile_what_they_are(self):
        take, ana, *_ = make_cast()
        before = take.clip.rev
        said = decide(member=ana, take=take, verdict=A)
        clip = Clip.objects.get(pk=take.clip_id)
        assert (take.review, clip.review) == (S.APPROVED, S.APPROVED)
        assert take.reviewed_at is not None
        assert clip.rev > before
        assert told(clip) == [("approve", ana, "Take 1")]
        assert (said.takes, len(said.steps)) == ([take.pk], 1)
        assert wrong() == []

    def test_who_made_the_take_hears_of_it_until_it_is_taken_back(self):
        take, ana, _, cleo = make_cast()
        decide(member=ana, take=take, verdict=C)
        heard = Notice.objects.filter(member=cleo)
        assert set(heard.values_list("kind", flat=True)) == {Kind.DECISION, Kind.CHANGES}
        decide(member=ana, take=take, verdict=None)
        assert not heard.exists()

    def test_another_word_takes_the_place_of_the_first(self):
        take, ana, *_ = make_cast()
        decide(member=ana, take=take, verdict=A)
        decide(member=ana, take=take, verdict=R)
        assert [one.verdict for one in take.decisions.all()] == [R]
        assert take.review == S.REJECTED
        assert [one for one, *_ in told(take.clip)] == ["approve", "reject"]

    def test_none_takes_it_back(self):
        take, ana, *_ = make_cast()
        decide(member=ana, take=take, verdict=A)
        decide(member=ana, take=take, verdict=None)
        assert (take.review, take.decisions.count()) == (S.REVIEW, 0)
        assert told(take.clip)[-1] == ("withdrawn", ana, "Take 1")

    @pytest.mark.parametrize("verdict", [A, None])
    def test_the_same_word_again_changes_nothing(self, verdict):
        take, ana, *_ = make_cast()
        decide(member=ana, take=take, verdict=verdict)
        take.refresh_from_db()
        then, rev = take.reviewed_at, Clip.objects.get(pk=take.clip_id).rev
        said = decide(member=ana, take=take, verdict=verdict)
        assert (said.takes, said.steps) == ([take.pk], [])
        assert take.reviewed_at == then
        assert Clip.objects.get(pk=take.clip_id).rev == rev

    def test_reviewed_at_stays_while_the_status_does(self):
        take, ana, ben, _ = make_cast()
        decide(member=ana, take=take, verdict=A)
        then = take.reviewed_at
        decide(member=ben, take=take, verdict=A)
        assert (take.review, take.reviewed_at) == (S.APPROVED, then)

    def test_the_best_take_comes_on_top(self):
        take, ana, *_ = make_cast()
        second = make_take(take.job)
        decide(member=ana, take=second, verdict=A)
        assert Clip.objects.get(pk=take.clip_id).cover == second

    def test_a_rehearsal_waits_for_nobody_but_can_be_decided_about(self):
        _, ana, *_ = make_cast()
        take = make_done(ana, intended={"provider": "runware"})
        Take.objects.filter(pk=take.pk).update(review="")
        decide(member=ana, take=take, verdict=R)
        assert take.review == S.REJECTED
        decide(member=ana, take=take, verdict=None)
        assert take.review == ""
        assert wrong() == []

    def test_a_clip_in_the_trash_is_not_decided_about(self):
        take, ana, *_ = make_cast()
        Clip.objects.filter(pk=take.clip_id).update(trashed_at=timezone.now())
        with pytest.raises(TooLate, match="in the trash"):
            decide(member=ana, take=take, verdict=A)


@pytest.mark.django_db
class TestRule:
    def test_two_of_three(self):
        take, ana, ben, cleo = make_cast()
        named(take, ana, ben, cleo, needed=2)
        decide(member=ana, take=take, verdict=A)
        assert take.review == S.REVIEW
        decide(member=ben, take=take, verdict=A)
        assert take.review == S.APPROVED

    def test_the_order_is_that_of_the_decisions_and_not_of_their_rows(self):
        take, ana, ben, _ = make_cast()
        decide(member=ana, take=take, verdict=A)
        decide(member=ben, take=take, verdict=R)
        decide(member=ana, take=take, verdict=C)
        assert take.review == S.CHANGES

    def test_everybody_else_is_heard_and_does_not_count(self):
        take, ana, ben, cleo = make_cast(voters=Voters.ADMINS)
        decide(member=ben, take=take, verdict=R)
        decide(member=cleo, take=take, verdict=A)
        assert (take.review, take.decisions.count()) == (S.REVIEW, 2)
        decide(member=ana, take=take, verdict=C)
        assert take.review == S.CHANGES

    def test_all_have_spoken_and_do_not_agree(self):
        take, ana, ben, _ = make_cast()
        named(take, ana, ben, needed=2)
        decide(member=ana, take=take, verdict=A)
        decide(member=ben, take=take, verdict=R)
        assert take.review == S.CHANGES


@pytest.mark.django_db
class TestGuest:
    def test_a_guest_counts_where_the_project_says_so(self):
        take, *_ = make_cast(guests_count=True)
        guest = make_guest(make_clip_share(take.clip))
        decide_as_guest(guest=guest, take=take, verdict=A)
        assert take.review == S.APPROVED
        assert told(take.clip) == [("approve", guest, "Take 1")]
        decide_as_guest(guest=guest, take=take, verdict=None)
        assert take.review == S.REVIEW

    def test_and_is_only_heard_where_it_does_not(self):
        take, *_ = make_cast()
        decide_as_guest(guest=make_guest(make_clip_share(take.clip)), take=take, verdict=R)
        assert (take.review, take.decisions.get().verdict) == (S.REVIEW, R)

    def test_named_people_may_be_one_too_few_without_the_client(self):
        take, ana, *_ = make_cast(guests_count=True)
        named(take, ana, needed=2)
        decide(member=ana, take=take, verdict=A)
        assert take.review == S.REVIEW
        decide_as_guest(guest=make_guest(make_clip_share(take.clip)), take=take, verdict=A)
        assert take.review == S.APPROVED

    def test_a_board_shows_what_is_on_it(self):
        take, ana, *_ = make_cast()
        other = make_done(ana)
        board = Board.objects.create(team=ana.team, name="Selects", created_by=ana)
        Placement.objects.create(board=board, clip=take.clip, placed_by=ana)
        share = make_clip_share(take.clip, board=board)
        share.chosen.all().delete()
        guest = make_guest(share)
        decide_as_guest(guest=guest, take=take, verdict=A)
        with pytest.raises(NotAllowed):
            decide_as_guest(guest=guest, take=other, verdict=A)

    @pytest.mark.parametrize(
        "change",
        [
            {"kind": ShareKind.REVIEW},
            {"revoked_at": timezone.now()},
            {"expires_at": timezone.now() - timedelta(seconds=1)},
            {"opens_at": timezone.now() + timedelta(hours=1)},
        ],
    )
    def test_no_link_no_word(self, change):
        take, *_ = make_cast()
        guest = make_guest(make_clip_share(take.clip, **{"kind": ShareKind.APPROVAL, **change}))
        with pytest.raises(NotAllowed):
            decide_as_guest(guest=guest, take=take, verdict=A)

    def test_only_the_take_that_the_link_shows(self):
        take, *_ = make_cast()
        second = make_take(take.job)
        share = make_clip_share(take.clip)
        share.chosen.update(take=second)
        guest = make_guest(share)
        decide_as_guest(guest=guest, take=second, verdict=A)
        with pytest.raises(NotAllowed):
            decide_as_guest(guest=guest, take=take, verdict=A)


# Who × what: "." may not, "x" may, "c" may and counts, by the rule of the column.
WHO = """
who              anybody  admins  named  with-guests
admin            c        c       x      c
author           c        x       x      c
reviewer         c        x       c      c
gone             .        .       .      .
stranger         .        .       .      .
approval-guest   x        x       x      c
review-guest     .        .       .      .
"""
RULES = {
    "anybody": {}, "admins": {"voters": Voters.ADMINS}, "named": {"voters": Voters.NAMED},
    "with-guests": {"guests_count": True},
}  # fmt: skip
HEAD, *LINES = (line.split() for line in WHO.strip().splitlines())
CELLS = [
    (who, rule, mark) for who, *marks in LINES for rule, mark in zip(HEAD[1:], marks, strict=True)
]


@pytest.mark.django_db
class TestWho:
    @pytest.mark.parametrize("verdict", [*Verdict, None])
    @pytest.mark.parametrize(("who", "rule", "mark"), CELLS)
    def test_cell(self, who, rule, mark, verdict):
        take, ana, ben, cleo = make_cast(**RULES[rule])
        take.clip.project.reviewers.set([ben])
        gone = make_member(Role.ADMIN, team=ana.team)
        gone.is_active = False
        gone.save()
        people = {
            "admin": ana, "author": cleo, "reviewer": ben, "gone": gone,
            "stranger": make_member(Role.ADMIN),
        }  # fmt: skip

        def say(word):
            if who in people:
                return decide(member=people[who], take=take, verdict=word)
            kind = who.removesuffix("-guest")
            guest = take.decisions.exclude(guest=None).first()
            one = guest.guest if guest else make_guest(make_clip_share(take.clip, kind))
            return decide_as_guest(guest=one, take=take, verdict=word)

        if mark == ".":
            with pytest.raises(NotAllowed):
                say(verdict)
            assert Decision.objects.count() == 0
            return
        say(A if verdict is None else verdict)
        if verdict is None:
            say(None)
        counts = take.review != S.REVIEW
        assert counts == (mark == "c" and verdict is not None)
        assert Decision.objects.count() == (verdict is not None)


@pytest.mark.django_db
class TestMany:
    def test_the_best_take_of_each(self):
        first, ana, _, cleo = make_cast()
        takes = [first, *(make_done(cleo) for _ in range(4))]
        failed = make_job("failed", author=cleo).clip
        gone = make_done(cleo).clip
        Clip.objects.filter(pk=gone.pk).update(trashed_at=timezone.now())
        clips = Clip.objects.filter(team=ana.team)
        said = decide_many(member=ana, clips=list(clips), verdict=A)
        assert said.takes == [take.pk for take in takes]
        assert set(clips.filter(review=S.APPROVED)) == {take.clip for take in takes}
        assert told(failed) == told(gone) == []
        assert wrong() == []

    def test_as_many_queries_for_many_as_for_few(self, monkeypatch, django_assert_num_queries):
        monkeypatch.setattr(decisions, "MOST_TOLD", 0)  # each notice is a row, with its ways
        take, ana, _, cleo = make_cast()
        takes = [take, *(make_done(cleo) for _ in range(12))]
        clips = list(Clip.objects.filter(pk__in=[one.clip_id for one in takes]))
        with django_assert_num_queries(18):
            decide_many(member=ana, clips=clips[:2], verdict=A)
        with django_assert_num_queries(18):
            decide_many(member=ana, clips=clips[2:], verdict=A)

    def test_who_made_a_few_hears_of_each_and_of_very_many_nothing(self, monkeypatch):
        take, ana, _, cleo = make_cast()
        decide_many(member=ana, clips=[take.clip, make_done(cleo).clip], verdict=A)
        approved = Notice.objects.filter(member=cleo, kind=Kind.APPROVED)
        assert approved.count() == 2
        monkeypatch.setattr(decisions, "MOST_TOLD", 1)
        decide_many(member=ana, clips=[make_done(cleo).clip for _ in range(2)], verdict=A)
        assert approved.count() == 2

    def test_in_chunks(self, monkeypatch):
        monkeypatch.setattr(decisions, "CHUNK", 2)
        _, ana, _, cleo = make_cast()
        clips = [make_done(cleo).clip for _ in range(5)]
        said = decide_many(member=ana, clips=clips, verdict=R)
        assert len(said.takes) == 5
        assert take_back(member=ana, steps=said.steps) == 5
        assert Decision.objects.count() == 0

    def test_not_without_limit(self, monkeypatch):
        monkeypatch.setattr(decisions, "MOST_CLIPS", 1)
        take, ana, _, cleo = make_cast()
        with pytest.raises(InvalidChoice, match="at most 1 to decide about at once, not 2"):
            decide_many(member=ana, clips=[take.clip, make_done(cleo).clip], verdict=A)

    def test_one_of_another_team_and_nothing_happens(self):
        take, ana, *_ = make_cast()
        make_project(theirs := make_team())
        other = make_done(make_member(team=theirs)).clip
        with pytest.raises(NotAllowed):
            decide_many(member=ana, clips=[take.clip, other], verdict=A)
        assert Decision.objects.count() == 0


@pytest.mark.django_db
class TestTakeBack:
    def test_everything_is_as_before_also_whose_word_is_the_newest(self):
        take, ana, ben, _ = make_cast()
        decide(member=ana, take=take, verdict=A)
        decide(member=ben, take=take, verdict=R)
        before = list(take.decisions.order_by("pk").values("member", "verdict", "decided_at"))
        said = decide(member=ana, take=take, verdict=C)
        assert take_back(member=ana, steps=said.steps) == 1
        take.refresh_from_db()
        assert take.review == S.REJECTED
        after = list(take.decisions.order_by("pk").values("member", "verdict", "decided_at"))
        assert after == before

    def test_a_word_taken_back_comes_again(self):
        take, ana, *_ = make_cast()
        decide(member=ana, take=take, verdict=A)
        said = decide(member=ana, take=take, verdict=None)
        assert take_back(member=ana, steps=said.steps) == 1
        take.refresh_from_db()
        assert take.review == S.APPROVED

    def test_what_was_said_since_stays(self):
        take, ana, *_ = make_cast()
        said = decide(member=ana, take=take, verdict=A)
        decide(member=ana, take=take, verdict=R)
        assert take_back(member=ana, steps=said.steps) == 0
        take.refresh_from_db()
        assert take.review == S.REJECTED

    def test_nobody_takes_back_the_word_of_another(self):
        take, ana, ben, _ = make_cast()
        said = decide(member=ana, take=take, verdict=A)
        assert take_back(member=ben, steps=said.steps) == 0
        assert take_back(member=make_member(), steps=said.steps) == 0
        take.refresh_from_db()
        assert take.review == S.APPROVED


def cast_of_two():
    take, ana, ben, _ = make_cast(needed=2)
    return take.pk, (ana.pk, ben.pk)


def say(number, take, people, words):
    from studio.models import Member

    member = Member.objects.get(pk=people[number % len(people)])
    decide(member=member, take=Take.objects.get(pk=take), verdict=words[number])


class TestAtOnce:
    """On both databases, with real threads."""

    def test_two_people_both_count(self, any_house):
        def race():
            for _ in range(8):
                take, people = cast_of_two()
                in_threads(2, say, take, people, (A, A))
                row = Take.objects.get(pk=take)
                assert (row.review, row.decisions.count()) == (S.APPROVED, 2)
                assert row.clip.review == S.APPROVED
                assert row.clip.rev == Event.objects.filter(clip=row.clip).latest("pk").pk
            return wrong()

        assert any_house.inside(race) == []

    def test_one_person_in_two_windows_and_the_later_wins(self, any_house):
        def race():
            for _ in range(8):
                take, people = cast_of_two()
                Project.objects.update(needed=1)
                in_threads(4, say, take, people[:1], (A, R, A, R))
                row = Take.objects.get(pk=take)
                word = row.decisions.get().verdict
                last = Event.objects.filter(clip=row.clip, job=None).latest("pk")
                assert last.status == word
                assert row.review == {A: S.APPROVED, R: S.REJECTED}[word]
            return wrong()

        assert any_house.inside(race) == []

    def test_processes_too(self, any_house):
        take, people = any_house.inside(cast_of_two)
        any_house.together(2, say, take, people, (R, R))
        assert any_house.inside(lambda: Take.objects.get(pk=take).review) == S.REJECTED
