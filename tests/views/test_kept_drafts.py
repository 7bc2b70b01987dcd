"""What is typed comes back after a reload, a sign-out, and in the right project."""

import pytest

from studio.models import StoredDraft
from tests.factories import make_member, make_project
from tests.views.test_orders import TYPED

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    member = make_member()
    make_project(member.team)
    return member


@pytest.fixture
def signed_in(client, author):
    client.force_login(author.user)
    return client


def keep(client, prompt="Snow on a red door.", **changes):
    return client.post("/drafts/", {**TYPED, "prompt": prompt, **changes})


class TestKeep:
    def test_comes_back_on_the_wall_with_all_settings(self, signed_in):
        answer = keep(signed_in, duration="7", camera_pan="4")
        assert (answer.status_code, answer["Draft-Rev"]) == (204, "1")
        page = signed_in.get("/").text
        assert "Snow on a red door.</textarea>" in page
        assert 'name="draft_rev" value="1"' in page
        assert 'name="duration" value="7" checked' in page or 'value="7"' in page

    def test_comes_back_after_signing_out(self, signed_in, author):
        keep(signed_in)
        signed_in.post("/sign-out/")
        signed_in.force_login(author.user)
        assert "Snow on a red door." in signed_in.get("/director/").text

    def test_the_wall_shows_each_change(self, signed_in):
        keep(signed_in, "One.")
        assert "One.</textarea>" in signed_in.get("/").text
        keep(signed_in, "Two.", draft_rev="1")
        assert "Two.</textarea>" in signed_in.get("/").text

    def test_another_project_has_its_own(self, signed_in, author):
        keep(signed_in, "In the first.")
        other = make_project(author.team)
        signed_in.post("/projects/switch/", {"project": other.pk})
        assert "In the first." not in signed_in.get("/").text

    def test_what_belongs_to_one_sending_is_not_kept(self, signed_in):
        keep(signed_in, over="1")
        kept = StoredDraft.objects.get().fields
        assert not {"key", "shown_price", "over", "dock", "csrfmiddlewaretoken"} & set(kept)

    def test_a_model_that_is_gone_keeps_the_words(self, signed_in):
        keep(signed_in, model="nobody/nothing")
        page = signed_in.get("/director/").text
        assert "Snow on a red door." in page

    def test_a_take_that_is_gone_does_not_shut_the_wall(self, signed_in):
        keep(signed_in, take="987654")
        assert signed_in.get("/").status_code == 200


class TestTwoWindows:
    def test_the_second_is_told_and_offered_both_ways(self, signed_in):
        keep(signed_in, "Here.")
        keep(signed_in, "There.", draft_rev="1")
        answer = keep(signed_in, "Here again.", draft_rev="1")
        assert answer.status_code == 409
        assert "Another window changed this draft" in answer.text
        assert "Keep this one" in answer.text
        assert StoredDraft.objects.get().fields["prompt"] == ["There."]

    def test_keep_this_one(self, signed_in):
        keep(signed_in, "There.")
        assert keep(signed_in, "Here.", over="1").status_code == 204
        assert StoredDraft.objects.get().fields["prompt"] == ["Here."]

    @pytest.mark.parametrize("dock", ["compose", "director"])
    def test_use_the_other_one(self, signed_in, dock):
        keep(signed_in, "There.")
        page = signed_in.get(
            f"/drafts/?dock={dock}", headers={"HX-Request": "true", "HX-Target": "div#dock"}
        ).text
        assert f'name="dock" value="{dock}"' in page
        assert "There." in page

    @pytest.mark.parametrize("rev", ["", "-1", "x", "9" * 30, "²"])
    def test_a_revision_that_is_none(self, signed_in, rev):
        keep(signed_in, "There.")
        assert keep(signed_in, "Here.", draft_rev=rev).status_code == 409


class TestTooMuch:
    def test_is_one_sentence(self, signed_in):
        answer = keep(signed_in, "x" * 600_000)
        assert answer.status_code == 422
        assert "A draft may have 500,000 characters" in answer.text
