"""Whose decisions a project counts: changing it changes at once what is decided."""

import pytest

from studio.core.errors import InvalidRule, NotAllowed
from studio.core.review import ReviewStatus, Verdict, Voters
from studio.models import Clip, Event, Invitation, Member, Project, Role, Take
from studio.services import audit, rules, teams
from studio.services.decisions import decide, decide_as_guest
from studio.services.rules import set_rule
from tests.factories import (
    make_clip_share,
    make_done,
    make_guest,
    make_member,
    make_price,
    make_project,
    make_team,
)
from tests.houses import in_threads

A, C, R = Verdict.APPROVE, Verdict.CHANGES, Verdict.REJECT
S = ReviewStatus


class Crew:
    """A project where anybody decides: Ana and Mei are admins, Jonas an author, Rio a reviewer."""

    def __init__(self):
        make_price()
        self.team = make_team()
        self.project = make_project(self.team)
        self.ana = make_member(Role.ADMIN, team=self.team, name="Ana")
        self.mei = make_member(Role.ADMIN, team=self.team, name="Mei")
        self.jonas = make_member(Role.AUTHOR, team=self.team, name="Jonas")
        self.rio = make_member(Role.REVIEWER, team=self.team, name="Rio")

    def take(self, **said) -> Take:
        """A take about which these have said this, in this order."""
        take = make_done(self.jonas)
        for name, verdict in said.items():
            decide(member=getattr(self, name), take=take, verdict=verdict)
        return take

    def rule(self, voters=Voters.ANYBODY, needed=1, **more):
        reviewers = [one.pk for one in more.pop("reviewers", ())]
        return set_rule(
            member=self.ana, project=self.project, voters=voters, needed=needed,
            reviewers=reviewers, **more,
        )  # fmt: skip


@pytest.fixture
def crew(db):
    return Crew()


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """What follows after the commit is done when the block ends."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def review(take):
    return Take.objects.get(pk=take.pk).review


def wrong():
    found = audit.findings(with_files=False)
    return [str(one) for one in found if one.check in {"decisions", "clips"}]


class TestSetRule:
    def test_what_is_decided_follows_at_once(self, crew):
        one = crew.take(jonas=A)
        two = crew.take(jonas=R, ana=A)
        both = crew.take(ana=A, mei=A)
        nobody = crew.take()
        rev = Clip.objects.get(pk=one.clip_id).rev
        assert crew.rule(Voters.ADMINS, needed=2) == 2
        assert [review(take) for take in (one, two, both, nobody)] == [
            S.REVIEW, S.REVIEW, S.APPROVED, S.REVIEW,
        ]  # fmt: skip
        assert Clip.objects.get(pk=one.clip_id).rev > rev
        assert crew.rule() == 2
        assert [review(take) for take in (one, two)] == [S.APPROVED, S.APPROVED]
        assert wrong() == []

    def test_unchanged_tiles_are_not_drawn_anew(self, crew):
        take = crew.take(ana=A)
        rev = Clip.objects.get(pk=take.clip_id).rev
        assert crew.rule(Voters.ADMINS) == 0
        assert Clip.objects.get(pk=take.clip_id).rev == rev

    def test_changed_ones_have_one_touch_each(self, crew):
        take = crew.take(jonas=A)
        for voters in (Voters.ADMINS, Voters.ANYBODY, Voters.ADMINS):
            crew.rule(voters)
        events = Event.objects.filter(clip=take.clip_id, status=Event.TOUCH)
        assert events.filter(job=None).count() == 1
        assert wrong() == []

    def test_named_reviewers(self, crew):
        take = crew.take(jonas=A, rio=A, ana=R)
        assert crew.rule(Voters.NAMED, needed=2, reviewers=[crew.jonas, crew.rio, crew.mei]) == 1
        assert review(take) == S.APPROVED

    def test_reviewers_are_remembered_while_others_decide(self, crew):
        crew.rule(Voters.NAMED, reviewers=[crew.rio])
        crew.rule(Voters.ADMINS)
        assert list(crew.project.reviewers.all()) == [crew.rio]

    def test_clients(self, crew):
        take = crew.take()
        guest = make_guest(make_clip_share(take.clip))
        decide_as_guest(guest=guest, take=take, verdict=A)
        assert crew.rule(guests_count=True) == 1
        assert review(take) == S.APPROVED
        assert crew.rule() == 1

    def test_other_projects_stay(self, crew):
        take = crew.take(jonas=A)
        other = make_project(crew.team)
        Clip.objects.filter(pk=take.clip_id).update(project=other)
        assert crew.rule(Voters.ADMINS) == 0
        assert review(take) == S.APPROVED

    def test_in_batches(self, crew, monkeypatch, django_assert_max_num_queries):
        monkeypatch.setattr(rules, "CHUNK", 4)
        takes = [crew.take(jonas=A) for _ in range(9)]
        with django_assert_max_num_queries(60):
            assert crew.rule(Voters.ADMINS) == 9
        assert {review(take) for take in takes} == {S.REVIEW}
        assert wrong() == []

    def test_cut_off_the_audit_names_the_rest_and_saving_once_more_goes_on(self, crew, monkeypatch):
        monkeypatch.setattr(rules, "CHUNK", 2)
        takes = [crew.take(jonas=A) for _ in range(5)]
        follow, done = rules._follow, []

        def cut_off(*batch):
            if done:
                raise KeyboardInterrupt
            done.append(follow(*batch))
            return done[0]

        monkeypatch.setattr(rules, "_follow", cut_off)
        with pytest.raises(KeyboardInterrupt):
            crew.rule(Voters.ADMINS)
        assert [one.split(":")[1].split()[1] for one in wrong()] == [str(t.pk) for t in takes[2:]]
        monkeypatch.setattr(rules, "_follow", follow)
        assert crew.rule(Voters.ADMINS) == 3
        assert wrong() == []

    @pytest.mark.parametrize("name", ["jonas", "rio"])
    def test_only_admins(self, crew, name):
        with pytest.raises(NotAllowed):
            set_rule(
                member=getattr(crew, name), project=crew.project, voters=Voters.ADMINS, needed=1
            )


class TestBadRule:
    @pytest.mark.parametrize(
        ("rule", "sentence"),
        [
            ({"needed": 0}, "Needed must be 1 to 20, not 0."),
            ({"needed": 21, "guests_count": True}, "Needed must be 1 to 20, not 21."),
            ({"needed": 5}, "Needed must be 1 to 4, as many as there are people, not 5."),
            (
                {"voters": Voters.ADMINS, "needed": 3},
                "Needed must be 1 to 2, as many as there are admins, not 3.",
            ),
            ({"voters": Voters.NAMED}, "Reviewers: choose at least one person, or let anybody"),
        ],
    )
    def test_one_sentence(self, crew, rule, sentence):
        with pytest.raises(InvalidRule, match=sentence):
            crew.rule(**rule)

    def test_more_than_there_are_reviewers(self, crew):
        with pytest.raises(InvalidRule, match="must be 1, as many as there are reviewers, not 2"):
            crew.rule(Voters.NAMED, needed=2, reviewers=[crew.rio])

    def test_a_client_may_be_one_more(self, crew):
        crew.rule(Voters.NAMED, needed=2, reviewers=[crew.rio], guests_count=True)

    def test_a_reviewer_of_another_team(self, crew):
        with pytest.raises(InvalidRule, match="must be people of this team"):
            crew.rule(Voters.NAMED, reviewers=[crew.rio, make_member()])

    def test_a_reviewer_who_left(self, crew):
        teams.let_go(crew.ana, crew.rio)
        with pytest.raises(InvalidRule, match="Rio has left the team"):
            crew.rule(Voters.NAMED, reviewers=[crew.rio])

    def test_nothing_is_changed_by_it(self, crew):
        take = crew.take(jonas=A)
        with pytest.raises(InvalidRule):
            crew.rule(Voters.ADMINS, needed=3)
        project = Project.objects.get(pk=crew.project.pk)
        assert (project.voters, project.needed) == (Voters.ANYBODY, 1)
        assert review(take) == S.APPROVED


class TestPeople:
    """What somebody said before they left still counts; nobody waits for them any more."""

    def test_what_a_reviewer_approved_stays_approved(self, crew, committed):
        crew.rule(Voters.NAMED, needed=2, reviewers=[crew.ana, crew.rio])
        take = crew.take(ana=A, rio=A)
        with committed():
            teams.let_go(crew.ana, crew.rio)
        assert review(take) == S.APPROVED
        crew.rule(Voters.NAMED, needed=1, reviewers=[crew.ana])
        assert crew.project.reviewers.filter(pk=crew.rio.pk).exists()
        assert review(take) == S.APPROVED
        assert wrong() == []

    def test_nobody_waits_for_who_left(self, crew, committed):
        crew.rule(Voters.NAMED, needed=2, reviewers=[crew.ana, crew.jonas, crew.rio])
        split = crew.take(ana=A, jonas=R)
        with committed():
            teams.let_go(crew.ana, crew.rio)
        assert review(split) == S.CHANGES
        crew.rule(Voters.NAMED, needed=2, reviewers=[crew.ana, crew.jonas])
        alone = crew.take(ana=A)
        with committed():
            teams.let_go(crew.ana, crew.jonas)
        assert review(alone) == S.APPROVED
        assert wrong() == []

    def test_all_reviewers_left(self, crew, committed):
        crew.rule(Voters.NAMED, reviewers=[crew.rio])
        take = crew.take()
        with committed():
            teams.let_go(crew.ana, crew.rio)
        decide(member=crew.ana, take=take, verdict=A)
        assert review(take) == S.REVIEW
        assert wrong() == []

    def test_an_admin_with_another_role_counts_no_more_and_a_new_one_does(self, crew, committed):
        crew.rule(Voters.ADMINS)
        by_mei, by_jonas = crew.take(mei=A), crew.take(jonas=R)
        with committed():
            teams.change_role(crew.ana, crew.mei, role=Role.AUTHOR)
        with committed():
            teams.change_role(crew.ana, crew.jonas, role=Role.ADMIN)
        assert (review(by_mei), review(by_jonas)) == (S.REVIEW, S.REJECTED)
        assert wrong() == []

    def test_who_comes_back_counts_by_the_new_role(self, crew, committed):
        crew.rule(Voters.ADMINS)
        take = crew.take(mei=A)
        with committed():
            teams.let_go(crew.ana, crew.mei)
        assert review(take) == S.APPROVED
        invitation, _ = teams.invite(crew.ana, role=Role.REVIEWER)
        with committed():
            teams.join(crew.mei.user, Invitation.objects.get(pk=invitation.pk))
        assert review(take) == S.REVIEW
        assert wrong() == []


def make_two():
    """A crew and a take that nobody has decided about."""
    crew = Crew()
    return crew.take().pk, crew.ana.pk, crew.jonas.pk, crew.project.pk


def change_or_decide(number, take, ana, jonas, project):
    if number:
        decide(member=Member.objects.get(pk=jonas), take=Take.objects.get(pk=take), verdict=A)
        return
    set_rule(
        member=Member.objects.get(pk=ana), project=Project.objects.get(pk=project),
        voters=Voters.ADMINS, needed=1,
    )  # fmt: skip


class TestAtOnce:
    def test_a_first_word_never_misses_a_rule_that_is_just_changing(self, any_house):
        def race():
            for _ in range(10):
                take, *others = make_two()
                in_threads(2, change_or_decide, take, *others)
                assert Take.objects.get(pk=take).review == S.REVIEW
            return wrong()

        assert any_house.inside(race) == []
