"""Which takes wait for whom, in which order, and what stands around one of them."""

import pytest
from django.utils import timezone

from studio.core.review import Verdict, Voters
from studio.models import Clip, Role, Take
from studio.reports import review
from studio.reports.decisions import panels, rules_of
from studio.reports.review import Place, waiting
from studio.services.decisions import decide, decide_as_guest
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

pytestmark = pytest.mark.django_db
A, C, R = Verdict.APPROVE, Verdict.CHANGES, Verdict.REJECT


@pytest.fixture
def crew():
    make_price()
    team = make_team()
    project = make_project(team)
    people = {
        name: make_member(role, team=team, name=name.title())
        for name, role in (("ana", Role.ADMIN), ("jonas", Role.AUTHOR), ("rio", Role.REVIEWER))
    }
    return type("Crew", (), {"project": project, **people})


def set_rule(project, voters=Voters.ANYBODY, needed=1, people=(), **more):
    for name, value in {"voters": voters, "needed": needed, **more}.items():
        setattr(project, name, value)
    project.save()
    project.reviewers.set(people)


class TestWaiting:
    def test_oldest_clip_first_and_its_takes_by_number(self, crew):
        first, second = make_done(crew.jonas), make_done(crew.jonas)
        third = make_take(first.job)
        assert list(waiting(crew.rio, crew.project)) == [first, third, second]

    def test_what_is_decided_waits_no_more(self, crew):
        first, second = make_done(crew.jonas), make_done(crew.jonas)
        decide(member=crew.ana, take=first, verdict=C)
        assert list(waiting(crew.rio, crew.project)) == [second]

    def test_what_i_decided_does_not_wait_for_me_but_for_others(self, crew):
        take = make_done(crew.jonas)
        set_rule(crew.project, needed=2)
        decide(member=crew.ana, take=take, verdict=A)
        assert list(waiting(crew.ana, crew.project)) == []
        assert list(waiting(crew.rio, crew.project)) == [take]

    def test_only_who_counts_is_asked(self, crew):
        take = make_done(crew.jonas)
        set_rule(crew.project, Voters.ADMINS)
        assert list(waiting(crew.rio, crew.project)) == []
        assert list(waiting(crew.ana, crew.project)) == [take]
        set_rule(crew.project, Voters.NAMED, people=[crew.rio])
        assert list(waiting(crew.rio, crew.project)) == [take]
        assert list(waiting(crew.ana, crew.project)) == []

    def test_no_trash_no_rehearsals_no_other_project(self, crew):
        gone, rough, elsewhere = (make_done(crew.jonas) for _ in range(3))
        Clip.objects.filter(pk=gone.clip_id).update(trashed_at=timezone.now())
        job = rough.job
        job.intended = {"provider": "runware"}
        job.save()
        Clip.objects.filter(pk=elsewhere.clip_id).update(project=make_project(crew.ana.team))
        assert list(waiting(crew.rio, crew.project)) == []

    def test_counting_stops(self, crew):
        for _ in range(5):
            make_done(crew.jonas)
        takes = waiting(crew.rio, crew.project)
        assert (review.count(takes, most=3), review.count(takes, most=5)) == (4, 5)


class TestPlace:
    def around(self, crew, take):
        place = Place.of(take, crew.rio, crew.project)
        return place.position, place.total, place.previous, place.following

    def test_it_goes_around_at_the_ends(self, crew):
        one, two, three = (make_done(crew.jonas) for _ in range(3))
        assert self.around(crew, one) == (1, 3, three, two)
        assert self.around(crew, two) == (2, 3, one, three)
        assert self.around(crew, three) == (3, 3, two, one)

    def test_the_next_take_of_the_clip_comes_before_the_next_clip(self, crew):
        one, two = make_done(crew.jonas), make_done(crew.jonas)
        again = make_take(one.job)
        assert self.around(crew, one) == (1, 3, two, again)
        assert self.around(crew, again) == (2, 3, one, two)

    def test_the_last_one_has_nobody_around_it(self, crew):
        assert self.around(crew, make_done(crew.jonas)) == (1, 1, None, None)

    def test_one_that_does_not_wait_stands_beside_the_queue(self, crew):
        one, two, three = (make_done(crew.jonas) for _ in range(3))
        decide(member=crew.ana, take=two, verdict=A)
        assert self.around(crew, two) == (None, 2, one, three)


class TestPanel:
    def panel(self, take):
        take.clip.refresh_from_db()
        return panels(take.clip, [take.pk])[take.pk]

    def test_who_said_what_and_who_is_waited_for(self, crew):
        take = make_done(crew.jonas)
        set_rule(crew.project, Voters.NAMED, needed=2, people=[crew.ana, crew.rio])
        decide(member=crew.jonas, take=take, verdict=R)
        decide(member=crew.ana, take=take, verdict=A)
        guest = make_guest(make_clip_share(take.clip))
        decide_as_guest(guest=guest, take=take, verdict=A)
        panel = self.panel(take)
        assert [(str(one.person), one.verdict, one.counts) for one in panel.faces] == [
            ("Jonas", "reject", False), ("Ana", "approve", True),
            ("Claire Dubois", "approve", False), ("Rio", "", True),
        ]  # fmt: skip
        assert (panel.agreed, panel.needed, panel.rule) == (1, 2, "2 of 2: Ana, Rio")

    def test_three_queries_for_any_number_of_takes(self, crew, django_assert_num_queries):
        set_rule(crew.project, Voters.NAMED, people=[crew.ana, crew.rio])
        take = make_done(crew.jonas)
        for _ in range(4):
            decide(member=crew.rio, take=make_take(take.job), verdict=A)
        clip = Clip.objects.select_related("project").get(pk=take.clip_id)
        takes = list(Take.objects.filter(clip=clip).values_list("pk", flat=True))
        for asked in (takes[:1], takes):
            with django_assert_num_queries(3):
                assert len(panels(clip, asked)) == len(asked)


class TestRuleInWords:
    @pytest.mark.parametrize(
        ("rule", "words"),
        [
            ({}, "Anybody decides"),
            ({"needed": 2}, "2 people must agree"),
            ({"voters": Voters.ADMINS}, "Any admin decides"),
            ({"voters": Voters.ADMINS, "needed": 2}, "2 admins must agree"),
            ({"guests_count": True}, "Anybody decides; clients count too"),
        ],
    )
    def test_words(self, crew, rule, words):
        set_rule(crew.project, **rule)
        assert rules_of([crew.project])[crew.project.pk] == words

    def test_names(self, crew):
        people = [crew.ana, crew.jonas, crew.rio]
        set_rule(crew.project, Voters.NAMED, needed=2, people=people)
        assert rules_of([crew.project])[crew.project.pk] == "2 of 3: Ana, Jonas, Rio"
        for one in people:
            one.is_active = False
            one.save()
        assert rules_of([crew.project])[crew.project.pk].startswith("Nobody who decides is left")

    def test_one_query_for_all_projects(self, crew, django_assert_num_queries):
        projects = [crew.project, make_project(crew.ana.team), make_project(crew.ana.team)]
        for project in projects:
            set_rule(project, Voters.NAMED, people=[crew.ana, crew.rio])
        with django_assert_num_queries(1):
            assert len(rules_of(projects)) == 3


def test_a_failed_clip_has_nothing_to_review(crew):
    make_job("failed", author=crew.jonas)
    assert list(waiting(crew.rio, crew.project)) == []
