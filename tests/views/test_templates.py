"""The templates panel, with and without scripts, and what a template puts into a draft."""

import json
import re

import pytest

from studio.models import Job, Template, TemplateVersion, WordList
from studio.services import templates
from tests.factories import make_member, make_project

pytestmark = pytest.mark.django_db
PANEL = {"HX-Request": "true", "HX-Target": "div#panel"}
TYPED = {
    "dock": "director", "model": "animatic/animatic-1", "drawn_for": "animatic/animatic-1",
    "prompt": "Typed before.", "duration": "5", "aspect": "16:9", "resolution": "720p",
    "count": "1", "format": "mp4", "quality": "60", "camera_zoom": "-6", "key": "k" * 32,
}  # fmt: skip


@pytest.fixture
def author(client):
    author = make_member(name="Ana")
    make_project(author.team)
    client.force_login(author.user)
    return author


@pytest.fixture
def door(author):
    text = "A {{thing}} in the {{weather}}."
    settings = {"duration": 3, "negative_prompt": "text"}
    return templates.save(author, name="Door", text=text, settings=settings, is_private=False)


def post(client, address, data=None, *, status=200, headers=PANEL):
    answer = client.post(address, {**TYPED, **(data or {})}, headers=headers)
    assert answer.status_code == status, answer.content.decode()[:500]
    return answer.content.decode()


class TestSave:
    def test_the_form_offers_the_prompt_and_what_is_set(self, client, author):
        page = post(client, "/templates/new/")
        assert "Typed before.</textarea>" in page
        assert "zoom -6" in page
        assert "seed" not in page
        assert " checked" not in page.split("Settings that come with it")[1]

    def test_ticked_settings_are_kept(self, client, author):
        offered = [json.dumps(["duration", 5]), json.dumps(["camera", {"zoom": -6.0}])]
        data = {"name": "Door", "text": "A door.", "setting": offered, "keep": ["camera"]}
        page = post(client, "/templates/save/", {**data, "sharing": "private"})
        assert "Saved as version 1." in page
        version = TemplateVersion.objects.get()
        assert version.settings == {"camera": {"zoom": -6.0}}
        assert version.template.is_private

    def test_a_refusal_keeps_everything_typed(self, client, author, door):
        data = {
            "name": "Door", "text": " My {{text}}\nhere", "sharing": "private", "keep": "camera",
            "setting": json.dumps(["camera", {"zoom": -6.0}]),
        }  # fmt: skip
        templates.save(author, name="Door", text="x", settings={}, is_private=True)
        page = post(client, "/templates/save/", data, status=422)
        assert "There is a template “Door” already; choose another name." in page
        assert 'value="Door"' in page
        assert "\n My {{text}}\nhere</textarea>" in page
        assert 'value="camera" checked' in page
        assert 'value="private" checked' in page

    @pytest.mark.parametrize(
        ("data", "said"),
        [
            ({"name": "", "text": "A"}, "Name is needed: 1 to 60 characters."),
            ({"name": "n" * 61, "text": "A"}, "Name is 61 characters long"),
            ({"name": "A", "text": "t" * 10_001}, "Text is 10,001 characters long"),
            ({"name": "A", "text": "{{}}"}, "A placeholder {{}} has no name"),
            ({"name": "A", "text": "A", "setting": '["spin", 1]', "keep": "spin"}, "“spin”"),
            ({"name": "A\0", "text": "A"}, "character that is no text"),
        ],
    )
    def test_bad_input_is_one_sentence(self, client, author, data, said):
        assert said in post(client, "/templates/save/", data, status=422)
        assert not Template.objects.exists()

    @pytest.mark.parametrize("setting", ["x", "[]", "[1]", '["duration"]', "[[], 1]", "null"])
    def test_settings_that_no_form_wrote_are_none(self, client, author, setting):
        data = {"name": "A", "text": "A", "setting": setting, "keep": "duration"}
        post(client, "/templates/save/", data)
        assert TemplateVersion.objects.get().settings == {}

    def test_a_new_version_of_another(self, client, author, door):
        data = {"into": str(door.template_id), "text": "Two.", "name": ""}
        assert "Saved as version 2." in post(client, "/templates/save/", data)

    @pytest.mark.parametrize("into", ["x", "99999", "9" * 30])
    def test_a_version_of_nothing(self, client, author, into):
        post(client, "/templates/save/", {"into": into, "text": "Two."}, status=404)


class TestOne:
    def test_older_version_with_what_changed_since(self, client, author, door):
        templates.add_version(author, door.template, text="A {{thing}} in fog.", settings={})
        page = client.get(
            f"/templates/{door.template_id}/?version=1", headers=PANEL
        ).content.decode()
        assert "version 1 of 2" in page
        assert "<del>" in page
        assert "Make it the newest" in page
        assert "Change the text" not in page

    def test_rename_restore_remove_and_back(self, client, author, door):
        row = f"/templates/{door.template_id}/"
        assert "Gate" in post(client, f"{row}change/", {"name": "Gate", "sharing": "team"})
        assert "version 2 of 2" in post(client, f"{row}restore/1/")
        assert "“Gate” is removed." in post(client, f"{row}remove/")
        assert client.get(row).status_code == 404
        assert "“Gate” is back." in post(client, f"{row}undo/")
        assert client.get(row).status_code == 200

    def test_a_name_that_is_taken_stays_in_its_box(self, client, author, door):
        templates.save(author, name="Gate", text="x", settings={}, is_private=False)
        data = {"name": "Gate", "sharing": "team"}
        page = post(client, f"/templates/{door.template_id}/change/", data, status=422)
        assert "There is a template “Gate” already" in page
        assert 'name="name" value="Gate"' in page

    def test_private_ones_are_seen_by_nobody_else(self, client, author):
        other = make_member("admin", team=author.team)
        row = templates.save(other, name="Mine", text="x", settings={}, is_private=True).template
        assert client.get(f"/templates/{row.pk}/").status_code == 404
        assert client.get("/templates/names/").json() == {"templates": []}
        assert "Mine" not in client.get("/templates/").content.decode()

    def test_queries_do_not_grow_with_templates(
        self, client, author, door, django_assert_num_queries
    ):
        with django_assert_num_queries(4):  # session, member, project, versions
            client.get("/templates/", headers=PANEL)
        for number in range(10):
            templates.save(author, name=f"T{number}", text="x", settings={}, is_private=False)
        with django_assert_num_queries(4):
            client.get("/templates/", headers=PANEL)
        with django_assert_num_queries(4):
            client.get("/templates/names/")


class TestUse:
    def test_placeholders_are_asked_for_first(self, client, author, door):
        WordList.objects.create(
            team=author.team, name="weather", words=["fog", "<rain>"], author=author
        )
        page = post(client, f"/templates/{door.template_id}/use/", {"before": "\nA", "after": "Z"})
        assert 'name="fill-thing"' in page
        assert '<select class="select" id="blank-2" name="fill-weather"' in page
        assert "<option>&lt;rain&gt;</option>" in page
        assert '<textarea name="before" hidden>\n\nA</textarea>' in page
        assert "data-taken" not in page

    def test_goes_into_the_draft_with_its_settings(self, client, author, door):
        data = {"filled": "1", "fill-thing": "fox", "fill-weather": "fog"}
        page = post(client, f"/templates/{door.template_id}/use/", data)
        assert "data-taken" in page
        assert ">A fox in the fog.</textarea>" in page
        assert re.search(r'name="duration"[^>]* value="3"', page)
        assert 'name="camera_zoom"' in page
        assert 'value="-6"' in page
        assert "has no setting “Negative prompt”: it was left out." in page
        assert f'name="template" value="{door.pk}"' in page

    def test_between_what_was_typed(self, client, author, door):
        data = {
            "filled": "1", "fill-thing": "fox", "fill-weather": "fog",
            "before": "Look: ", "after": " Slowly.",
        }  # fmt: skip
        page = post(client, f"/templates/{door.template_id}/use/", data)
        assert ">Look: A fox in the fog. Slowly.</textarea>" in page

    def test_what_is_missing_is_said_at_its_field(self, client, author, door):
        data = {"filled": "1", "fill-thing": "fox", "fill-wether": "fog", "before": "Look: "}
        page = post(client, f"/templates/{door.template_id}/use/", data, status=422)
        assert "“weather” is needed" in page
        assert "no placeholder “wether”; it has thing, weather." in page
        assert 'name="fill-thing" value="fox"' in page
        assert "Look: </textarea>" in page

    def test_without_scripts_a_new_draft_begins(self, client, author, door):
        data = {"filled": "1", "fill-thing": "fox", "fill-weather": "fog"}
        answer = client.post(f"/templates/{door.template_id}/use/", data)
        page = answer.content.decode()
        assert "<html" in page
        assert ">A fox in the fog.</textarea>" in page

    def test_an_older_version(self, client, author, door):
        templates.add_version(author, door.template, text="Two.", settings={})
        address = f"/templates/{door.template_id}/use/"
        assert ">Two.</textarea>" in post(client, address)
        assert 'name="fill-thing"' in post(client, address, {"version": "1"})
        post(client, address, {"version": "7"}, status=404)

    def test_the_job_knows_it(self, client, author, door):
        post(
            client,
            "/orders/",
            {"template": str(door.pk), "shown_price": "0"},
            headers=None,
            status=302,
        )
        job = Job.objects.get()
        assert job.template == door
        page = client.get(f"/director/?from={job.pk}").content.decode()
        assert f'name="template" value="{door.pk}"' in page

    def test_one_that_was_hidden_meanwhile_does_not_stand_in_the_way(self, client, author):
        other = make_member(team=author.team)
        theirs = templates.save(other, name="Mine", text="x", settings={}, is_private=True)
        data = {"template": str(theirs.pk), "shown_price": "0"}
        post(client, "/orders/", data, headers=None, status=302)
        assert Job.objects.get().template is None

    def test_one_of_another_team_is_not_there(self, client, author):
        stranger = make_member()
        theirs = templates.save(stranger, name="T", text="x", settings={}, is_private=False)
        post(client, "/orders/", {"template": str(theirs.pk)}, status=404)
        post(client, f"/templates/{theirs.template_id}/use/", status=404)
