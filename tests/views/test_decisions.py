"""Deciding by HTTP, with and without scripts, and the review queue's pages."""

import re

import pytest
from django.urls import reverse

from studio.core.review import ReviewStatus, Verdict
from studio.models import Clip, Decision, Role, Take
from studio.services.decisions import decide
from studio.views import clip_cards, steps
from tests.factories import (
    make_clip_share,
    make_done,
    make_guest,
    make_member,
    make_price,
    make_project,
    make_take,
    make_team,
)

pytestmark = pytest.mark.django_db
A, C, R = Verdict.APPROVE, Verdict.CHANGES, Verdict.REJECT
S = ReviewStatus
HTMX = {"HX-Request": "true"}


@pytest.fixture
def rio(client):
    """A reviewer, signed in, in a team with a project where anybody decides."""
    make_price()
    team = make_team()
    make_project(team)
    member = make_member(Role.REVIEWER, team=team, name="Rio")
    client.force_login(member.user)
    return member


@pytest.fixture
def takes(rio):
    author = make_member(Role.AUTHOR, team=rio.team, name="Ana")
    return [make_done(author) for _ in range(3)]


def page_of(take) -> str:
    return f"/clips/{take.clip_id}/?take={take.number}"


def post(client, take, verdict: str, **headers):
    return client.post(
        reverse("take-decide", args=[take.pk]), {"verdict": verdict}, headers=headers
    )


def token_on(page: str) -> str:
    return re.search(r'name="token" value="([^"]+)"', page)[1]


def review_of(take) -> str:
    return Take.objects.get(pk=take.pk).review


class TestDecide:
    def test_the_next_one_that_waits_comes_with_an_undo(self, client, takes):
        answer = post(client, takes[0], "approve")
        assert (answer.status_code, answer.url) == (302, page_of(takes[1]))
        page = client.get(answer.url).content.decode()
        assert "take 1: approved." in page
        assert "1 of 2 to review" in page
        back = client.post(reverse("decisions-undo") + "?to=take", {"token": token_on(page)})
        assert back.url == page_of(takes[0])
        assert review_of(takes[0]) == S.REVIEW

    def test_with_htmx_undo_leads_back_too(self, client, rio, takes):
        said = decide(member=rio, take=takes[2], verdict=R)
        body = {"token": steps.write(rio, said.steps)}
        answer = client.post(reverse("decisions-undo") + "?to=take", body, headers=HTMX)
        assert answer["HX-Redirect"] == page_of(takes[2])

    def test_after_the_last_one_it_is_told_what_was_decided(self, client, takes):
        for take, verdict in zip(takes, ("approve", "changes", "reject"), strict=True):
            answer = post(client, take, verdict)
        assert answer.url == reverse("review")
        page = client.get(answer.url).content.decode()
        for words in ("All reviewed", "1 approved", "1 needs changes", "1 rejected"):
            assert words in page
        assert "data-undo" in page

    def test_taking_back_stays_on_the_page(self, client, rio, takes):
        decide(member=rio, take=takes[0], verdict=A)
        answer = post(client, takes[0], "")
        assert answer.url == page_of(takes[0])
        assert review_of(takes[0]) == S.REVIEW

    def test_another_word_about_an_old_one_stays_when_nothing_waits(self, client, rio, takes):
        for take in takes:
            decide(member=rio, take=take, verdict=A)
        assert post(client, takes[1], "reject").url == page_of(takes[1])

    def test_one_s_own_verdict_is_pressed_and_takes_it_back(self, client, rio, takes):
        decide(member=rio, take=takes[0], verdict=C)
        page = client.get(page_of(takes[0])).content.decode()
        pressed = re.findall(r'value="(\w*)" aria-pressed="true" data-verdict="(\w+)"', page)
        assert pressed == [("", "changes")]

    @pytest.mark.parametrize("verdict", ["perhaps", "Approve", "approved", "a" * 200])
    def test_no_such_verdict(self, client, takes, verdict):
        answer = post(client, takes[0], verdict)
        assert answer.status_code == 422
        assert "Decision must be approve, changes or reject" in answer.content.decode()
        assert not Decision.objects.exists()

    def test_in_the_trash(self, client, takes):
        Clip.objects.filter(pk=takes[0].clip_id).update(trashed_at=takes[0].created_at)
        answer = post(client, takes[0], "approve")
        assert answer.status_code == 409
        assert "in the trash" in answer.content.decode()
        assert "data-verdict=" not in re.sub(
            r'<span class="face.*?</span>', "", client.get(page_of(takes[0])).content.decode()
        )

    def test_a_take_of_another_team_is_not_here(self, client, takes):
        make_project(theirs := make_team())
        other = make_done(make_member(team=theirs))
        assert post(client, other, "approve").status_code == 404


class TestUndo:
    @pytest.mark.parametrize("token", ["", "nonsense", "a:b:c"])
    def test_forged(self, client, rio, token):
        answer = client.post(reverse("decisions-undo"), {"token": token})
        assert answer.status_code == 409

    def test_another_person_s(self, client, rio, takes):
        ana = takes[0].job.author
        said = decide(member=ana, take=takes[0], verdict=A)
        answer = client.post(reverse("decisions-undo"), {"token": steps.write(ana, said.steps)})
        assert answer.status_code == 409
        assert review_of(takes[0]) == S.APPROVED

    def test_too_late(self, client, rio, takes, monkeypatch):
        said = decide(member=rio, take=takes[0], verdict=A)
        token = steps.write(rio, said.steps)
        monkeypatch.setattr(steps, "MAX_AGE_SECONDS", -1)
        answer = client.post(reverse("decisions-undo"), {"token": token})
        assert "too long ago" in answer.content.decode()

    def test_decided_anew_since(self, client, rio, takes):
        said = decide(member=rio, take=takes[0], verdict=A)
        decide(member=rio, take=takes[0], verdict=R)
        token = steps.write(rio, said.steps)
        answer = client.post(reverse("decisions-undo"), {"token": token}, headers=HTMX)
        assert "Nothing to undo" in answer.content.decode()
        assert review_of(takes[0]) == S.REJECTED


class TestDecideClips:
    def ask(self, client, clips, verdict="approve", **headers):
        body = {"clips": clips, "verdict": verdict}
        return client.post(reverse("clips-decide"), body, headers=headers)

    def test_tiles_and_a_toast_come_back(self, client, takes):
        keys = [take.clip_id for take in takes]
        answer = self.ask(client, ",".join(map(str, keys)), **HTMX).content.decode()
        assert "3 clips: approved." in answer
        assert all(f'hx-target="#clip-{key}"' in answer for key in keys)
        assert {review_of(take) for take in takes} == {S.APPROVED}
        body = {"token": token_on(answer)}
        undone = client.post(reverse("decisions-undo"), body, headers=HTMX).content.decode()
        assert "Undone." in undone
        assert {review_of(take) for take in takes} == {S.REVIEW}

    def test_as_fields_of_a_form_and_back_to_where_it_was(self, client, takes):
        keys = [take.clip_id for take in takes]
        answer = self.ask(client, keys, REFERER="http://testserver/?view=everything")
        assert answer.url == "http://testserver/?view=everything"
        assert {review_of(take) for take in takes} == {S.APPROVED}

    def test_what_has_no_take_is_said(self, client, rio, takes):
        empty = Clip.objects.create(
            team=rio.team, project=takes[0].clip.project, author=rio, title="Empty", state="failed"
        )
        keys = f"{empty.pk},{takes[0].clip_id}"
        answer = self.ask(client, keys, **HTMX).content.decode()
        assert "1 clip: approved. 1 clip has no take to decide about." in answer

    @pytest.mark.parametrize("clips", ["", "x", "1,,x", "-1", "9" * 30])
    def test_no_keys(self, client, rio, clips):
        answer = self.ask(client, clips)
        assert answer.status_code == 422
        assert "Clips must be their numbers" in answer.content.decode()

    def test_one_of_another_team_and_none_is_decided(self, client, takes):
        make_project(theirs := make_team())
        other = make_done(make_member(team=theirs))
        answer = self.ask(client, f"{takes[0].clip_id},{other.clip_id}")
        assert answer.status_code == 404
        assert not Decision.objects.exists()

    def test_six_thousand(self, client, takes):
        Clip.objects.bulk_create(
            Clip(team=takes[0].clip.team, project=takes[0].clip.project,
                 author=takes[0].clip.author, title="Many", state="succeeded")
            for _ in range(5_100)
        )  # fmt: skip
        answer = self.ask(client, list(Clip.objects.values_list("pk", flat=True)))
        assert answer.status_code == 422
        assert "at most 5,000" in answer.content.decode()


class TestQueue:
    def test_the_first_that_waits_opens(self, client, takes):
        assert client.get(reverse("review")).url == page_of(takes[0])

    def test_nothing_waits(self, client, rio):
        assert "Nothing to review" in client.get(reverse("review")).content.decode()

    def test_others_decide(self, client, takes):
        takes[0].clip.project.voters = "admins"
        takes[0].clip.project.save()
        page = client.get(reverse("review")).content.decode()
        assert "Others decide in" in page
        assert "Any admin decides" in page

    def test_the_number_on_the_rail(self, client, takes):
        badge = client.get(reverse("review-count")).content.decode()
        assert "3 waiting" in badge
        assert 'hx-get="/review/count/"' in client.get("/").content.decode()

    def test_no_number_for_nothing(self, client, rio):
        assert "waiting" not in client.get(reverse("review-count")).content.decode()

    def test_the_rail_counts_to_99(self, client, rio, monkeypatch):
        monkeypatch.setattr("studio.views.review.MOST_BADGE", 2)
        for _ in range(3):
            make_done(rio)
        assert "2+" in client.get(reverse("review-count")).content.decode()

    def test_list_in_pages(self, client, rio, monkeypatch):
        monkeypatch.setattr("studio.views.review.PAGE", 2)
        author = make_member(team=rio.team)
        first = make_done(author)
        waiting = [first, make_take(first.job), *(make_done(author) for _ in range(3))]
        shown, address = [], reverse("review-list")
        while address:
            page = client.get(address).content.decode()
            shown += re.findall(r'class="review-row" href="([^"]+)"', page)
            found = re.search(r'class="btn" href="([^"]+)"', page)
            address = found and found[1]
        assert shown == [page_of(take) for take in waiting]

    @pytest.mark.parametrize("after", ["x", "1", "1-x", "1-2-3", f"{'9' * 30}-1", "-"])
    def test_a_page_after_nonsense_is_the_first(self, client, takes, after):
        page = client.get(reverse("review-list"), {"after": after}).content.decode()
        assert page.count("review-row") == 3


class TestQueries:
    """No more for many than for few."""

    def test_list(self, client, rio, django_assert_num_queries):
        author = make_member(team=rio.team)
        for count in (2, 12):
            for _ in range(count):
                make_done(author)
            client.get(reverse("review-list"))
            with django_assert_num_queries(6):
                client.get(reverse("review-list"))

    def test_the_clip_s_head(self, client, rio, django_assert_max_num_queries):
        author = make_member(team=rio.team)
        take = make_done(author)
        client.get(page_of(take))
        numbers = []
        for _ in range(2):
            with django_assert_max_num_queries(60) as asked:
                client.get(page_of(take))
            numbers.append(len(asked))
            for _ in range(3):
                decide(member=make_member(team=rio.team), take=take, verdict=A)
                decide(member=make_member(team=rio.team), take=make_take(take.job), verdict=A)
        assert numbers[1] <= numbers[0] <= 31

    def test_what_the_stream_sends(self, rio, django_assert_max_num_queries):
        take = make_done(make_member(team=rio.team))
        numbers = []
        for _ in range(2):
            with django_assert_max_num_queries(30) as asked:
                clip_cards.takes_partials([take.clip_id])
            numbers.append(len(asked))
            for _ in range(3):
                decide(member=make_member(team=rio.team), take=make_take(take.job), verdict=A)
        assert numbers[0] == numbers[1]


class TestLivePart:
    def test_nothing_personal_and_every_take(self, rio, takes):
        take, second = takes[0], make_take(takes[0].job)
        decide(member=rio, take=take, verdict=A)
        html = clip_cards.takes_partials([take.clip_id])[take.clip_id]
        for one in (take, second):
            assert f'hx-target="#review-{one.pk}"' in html
            assert f'hx-target="#said-{one.pk}"' in html
        assert "Approved" in html
        assert f'data-member="{rio.pk}" data-verdict="approve"' in html
        assert "aria-pressed" not in html.partition("review-")[2]

    def test_a_client_is_square_and_faint_where_they_do_not_count(self, takes):
        from studio.services.decisions import decide_as_guest

        guest = make_guest(make_clip_share(takes[0].clip), name="<b>Claire</b>")
        decide_as_guest(guest=guest, take=takes[0], verdict=R)
        html = clip_cards.takes_partials([takes[0].clip_id])[takes[0].clip_id]
        assert "face-guest face-faint" in html
        assert "av-guest" in html
        assert "<b>Claire" not in html


class TestRulePage:
    @pytest.fixture
    def ana(self, client):
        team = make_team()
        make_project(team)
        member = make_member(Role.ADMIN, team=team, name="Ana")
        client.force_login(member.user)
        return member

    def rule(self, client, project, **body):
        url = reverse("project-rule", args=[project.pk])
        return client.post(url, {"voters": "anybody", "needed": "1", **body})

    def test_an_admin_names_reviewers_and_reads_what_changed(self, client, ana):
        make_price()
        rio = make_member(Role.REVIEWER, team=ana.team, name="Rio")
        take = make_done(ana)
        decide(member=ana, take=take, verdict=A)
        project = take.clip.project
        opened = client.get(reverse("settings-projects"), {"rule": project.pk}).content.decode()
        assert f"Who decides in {project.name}" in opened
        answer = self.rule(client, project, voters="named", reviewers=[rio.pk])
        assert answer.url == reverse("settings-projects")
        page = client.get(answer.url).content.decode()
        assert "1 of 1: Rio. 1 take changed." in page

    def test_others_read_the_rule(self, client, rio):
        page = client.get(reverse("settings-projects"), {"rule": rio.team.projects.get().pk})
        assert "Anybody decides" in page.content.decode()
        assert 'id="rule"' not in page.content.decode()

    @pytest.mark.parametrize(
        ("body", "sentence"),
        [
            ({"needed": "0"}, "Needed must be 1 to 20, not 0."),
            ({"needed": "two"}, "Needed must be a whole number, like 2."),
            ({"needed": ""}, "Needed must be a whole number, like 2."),
            ({"needed": "2"}, "Needed must be 1, as many as there are people, not 2."),
            ({"voters": "cats"}, "Who decides must be anybody, any admin or named reviewers."),
            ({"voters": "named"}, "Reviewers: choose at least one person"),
            ({"voters": "named", "reviewers": ["x"]}, "Reviewers must be people of this team"),
            ({"voters": "named", "reviewers": ["999999"]}, "Reviewers must be people of this team"),
        ],
    )
    def test_bad_input_is_kept_and_named(self, client, ana, body, sentence):
        answer = self.rule(client, ana.team.projects.get(), **body)
        assert answer.status_code == 422
        page = answer.content.decode()
        assert page.count('role="alert"') == 1
        assert sentence in page
        if "needed" in body:
            assert f'name="needed" value="{body["needed"]}"' in page
