"""The banner of lanes that pause: on every page with jobs, also on those that are open."""

import pytest
from django.urls import reverse
from django.utils import timezone

from studio.models import Lane
from studio.views import cards
from tests.factories import make_job, make_member, make_painting, make_project

HX = {"HX-Request": "true"}


@pytest.fixture
def admin(client, paid):
    member = make_member("admin")
    make_project(member.team)
    client.force_login(member.user)
    return member


@pytest.fixture
def paused(admin):
    Lane.objects.filter(provider="paid").update(
        pause="key", paused_for="Paid does not accept the key.", paused_at=timezone.now()
    )


def resume(client, **headers):
    return client.post(reverse("lane-resume", args=["paid"]), headers=headers)


class TestBanner:
    @pytest.mark.parametrize("address", ["/", "/director/", "/queue/"])
    def test_is_on_pages_with_jobs(self, client, paused, address):
        page = client.get(address).content.decode()
        assert "<b>Paid is paused.</b> Paid does not accept the key. Jobs stay in line." in page
        assert reverse("lane-resume", args=["paid"]) in page
        assert reverse("settings-providers") in page

    @pytest.mark.parametrize("address", ["/", "/director/", "/queue/"])
    def test_is_not_there_while_all_run(self, client, admin, address):
        page = client.get(address).content.decode()
        assert 'id="paused-lanes"' in page, "it has its place"
        assert "is paused" not in page

    def test_comes_and_goes_on_the_wall_that_is_kept(self, client, admin):
        assert "is paused" not in client.get("/").content.decode()
        Lane.objects.filter(provider="paid").update(paused_for="No key.")
        assert "No key." in client.get("/").content.decode()
        Lane.objects.filter(provider="paid").update(paused_for="Another reason.")
        assert "Another reason." in client.get("/").content.decode()
        Lane.objects.filter(provider="paid").update(paused_for="")
        assert "is paused" not in client.get("/").content.decode()

    def test_costs_the_wall_no_query_while_all_run(self, client, admin, django_assert_num_queries):
        client.get("/")
        with django_assert_num_queries(6):  # session, member, projects, pulse, draft, clips
            client.get("/")

    def test_its_buttons_are_shown_to_admins_only(self, client, paused):
        """As with cards: the page is the same for everybody, and hides what others may not do."""
        page = client.get("/queue/").content.decode()
        banner = page.split('id="paused-lanes"')[1].split("</div>")[0]
        assert banner.count("<a ") + banner.count("<button") == banner.count('data-owner=""')

    @pytest.mark.parametrize("view", ["wall", "queue"])
    def test_comes_to_open_pages_with_the_job_that_went_back_in_line(self, admin, paused, view):
        job = make_job(author=admin, order=make_painting("paid"))
        sent = cards.VIEWS[view]([job.clip_id])[job.clip_id]
        assert "Paid is paused." in sent

    @pytest.mark.parametrize("view", ["wall", "queue"])
    def test_goes_from_open_pages_and_is_not_sent_for_nothing(self, admin, view):
        job = make_job(author=admin, order=make_painting("paid"))
        assert "paused-lanes" not in cards.VIEWS[view]([job.clip_id])[job.clip_id]
        Lane.objects.filter(provider="paid").update(paused_for="No key.")
        assert "is paused" in cards.VIEWS[view]([job.clip_id])[job.clip_id]
        Lane.objects.update(paused_for="")
        sent = cards.VIEWS[view]([job.clip_id])[job.clip_id]
        assert 'id="paused-lanes"' in sent
        assert "is paused" not in sent


class TestResume:
    def test_answers_with_the_banner_as_it_is_now(self, client, paused):
        answer = resume(client, **HX).content.decode()
        assert 'hx-target="#paused-lanes"' in answer
        assert "Paid goes on." in answer
        assert "is paused" not in answer
        assert Lane.objects.get(provider="paid").paused_for == ""

    def test_without_scripts_goes_back_to_the_page(self, client, paused):
        answer = resume(client, Referer="http://testserver/queue/")
        assert (answer.status_code, answer.url) == (302, "http://testserver/queue/")

    def test_of_a_lane_that_runs_says_so(self, client, admin):
        answer = resume(client, **HX)
        assert answer.status_code == 409
        assert "Paid is not paused." in answer.content.decode()

    def test_of_a_provider_that_there_is_not_is_404(self, client, admin):
        assert client.post(reverse("lane-resume", args=["nobody"])).status_code == 404

    @pytest.mark.parametrize("role", ["author", "reviewer"])
    def test_is_for_admins(self, client, paused, admin, role):
        client.force_login(make_member(role, team=admin.team).user)
        assert resume(client).status_code == 403
        assert Lane.objects.get(provider="paid").paused_for
