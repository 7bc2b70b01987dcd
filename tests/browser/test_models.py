"""Choosing another model, and the joints of a simulation, in a real browser."""

import re

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from studio.models import Job
from tests.browser.conftest import axe_violations, until, watched
from tests.browser.test_frames import file, session_of
from tests.factories import make_member, make_price, make_project
from tests.storage import models as scenes
from tests.storage import pictures

pytestmark = pytest.mark.browser
WIDE, NARROW = (1440, 900), (390, 844)
UNREADABLE = "0:0.2, 0.5:up"
# Whether a curve is drawn in that row of the table.
CURVE = "document.querySelectorAll('[data-joint-path]')[{}].getAttribute('d')"


def opened(chromium, server, member, *, size=WIDE, theme="dark", scripts=True) -> Page:
    base = f"http://127.0.0.1:{server.port}"
    context = chromium.new_context(
        base_url=base, viewport=dict(zip(("width", "height"), size, strict=True)),
        java_script_enabled=scripts,
    )  # fmt: skip
    cookies = {settings.SESSION_COOKIE_NAME: session_of(member), "theme": theme}
    context.add_cookies([{"name": n, "value": v, "url": base} for n, v in cookies.items()])
    page = watched(context)
    page.goto("/director/")
    return page


@pytest.fixture
def member(data_folder, sellers):
    member = make_member()
    make_project(member.team)
    make_price(provider="lab", credits_per_second=2)
    return member


@pytest.fixture
def page(chromium, server, member):
    page = opened(chromium, server, member)
    yield page
    page.context.close()


def choose(page: Page, name: str) -> None:
    page.locator("#models label", has_text=name).click()


def value(page: Page, selector: str) -> str:
    return page.locator(selector).input_value()


class TestSwitch:
    def test_the_form_follows_and_gives_back_what_was_there(self, page):
        page.fill("#prompt", "A red door.")
        page.fill("#quality", "61")
        page.fill("#camera_zoom", "-6")
        page.fill("#duration", "7")
        choose(page, "Film")
        expect(page.locator("#cfg")).to_be_visible()
        expect(page.locator("#generate")).to_contain_text("10 cr")
        expect(page.get_by_role("radio", name="Lab Film")).to_be_focused()
        assert page.locator("#quality").count() == 0
        assert value(page, "#prompt") == "A red door."
        assert value(page, "#camera_zoom") == "-6"
        assert page.locator('[name="duration"]:checked').get_attribute("value") == "5"
        choose(page, "Simulation")
        expect(page.locator("[data-motion]")).to_be_visible()
        choose(page, "Animatic")
        expect(page.locator("#quality")).to_have_value("61")
        assert value(page, "#duration") == "7"
        assert value(page, "#camera_zoom") == "-6"
        assert page.errors == []

    def test_by_the_arrow_keys_and_not_to_one_without_a_key(self, page):
        page.get_by_role("radio", name="Animatic").focus()
        page.keyboard.press("ArrowDown")
        expect(page.get_by_role("radio", name="Lab Film")).to_be_checked()
        expect(page.locator("#cfg")).to_be_visible()
        expect(page.get_by_role("radio", name="Lab Film")).to_be_focused()
        expect(page.get_by_role("radio", name="Locked 1")).to_be_disabled()

    def test_a_first_frame_comes_back_too(self, page):
        page.locator("#slot-first_frame [data-slot-file]").set_input_files(
            file("door.png", pictures.png())
        )
        expect(page.locator("#slot-first_frame img")).to_be_visible()
        choose(page, "Simulation")
        expect(page.locator("#slot-first_frame")).to_have_count(0)
        expect(page.locator("#director")).to_contain_text("First frame is kept for another model")
        choose(page, "Film")
        expect(page.locator("#slot-first_frame img")).to_be_visible()

    def test_in_the_compose_bar_the_list_stays_open(self, page):
        page.goto("/")
        page.locator("[popovertarget=menu-model]").click()
        choose(page, "Simulation")
        expect(page.locator("[popovertarget=menu-model]")).to_contain_text("Lab Simulation")
        expect(page.locator("#menu-model")).to_be_visible()
        assert page.errors == []


class TestMotion:
    @pytest.fixture
    def panel(self, page):
        choose(page, "Simulation")
        panel = page.locator("[data-motion]")
        panel.get_by_text("Joint curves").click()
        return panel

    def test_curves_follow_what_is_typed_and_rows_come_and_go(self, page, panel):
        panel.locator("[name=motion_joint]").first.fill("elbow")
        angles = panel.locator("[name=motion_angles]").first
        angles.fill("0:0, 1:1")
        until(page, f"{CURVE.format(0)} === 'M0.0 29.0 L0.0 29.0 L160.0 3.0 L160.0 3.0'")
        expect(panel.locator("[data-joint-range]").first).to_have_text("0 to 1 rad")
        angles.fill(UNREADABLE)
        expect(angles).to_have_attribute("aria-invalid", "true")
        assert page.evaluate(CURVE.format(0)) == ""
        panel.get_by_role("button", name="Add a joint").click()
        expect(panel.locator("[data-joint]")).to_have_count(2)
        expect(panel.locator("[name=motion_joint]").last).to_be_focused()
        page.keyboard.type("wrist")
        panel.get_by_role("button", name="Remove this joint").first.click()
        expect(panel.locator("[name=motion_joint]")).to_have_value("wrist")
        expect(panel.locator("[name=motion_joint]")).to_be_focused()
        assert page.errors == []

    def test_the_table_is_ordered_with_its_scene(self, page, panel, member):
        page.locator("#slot-scene [data-slot-file]").set_input_files(
            file("cell.glb", scenes.glb(), "model/gltf-binary")
        )
        expect(page.locator("#slot-scene")).to_contain_text("4 joints found")
        assert page.locator("#joints option").count() == 4
        panel.locator("[name=motion_joint]").first.fill("elbow")
        panel.locator("[name=motion_angles]").first.fill("0:0.2, 1:0.4")
        page.locator("#generate button").click()
        expect(page.locator("article.tile")).to_be_visible()
        order = Job.objects.get(team=member.team).order
        assert order.scene
        assert order.settings["motion"] == {
            "joints": [{"name": "elbow", "angles": [[0, 0.2], [1, 0.4]]}]
        }
        assert page.errors == []

    def test_a_wrong_row_is_told_and_kept(self, page, panel):
        page.fill("#scene_link", "https://files.example.org/cell.glb")
        panel.locator("[name=motion_joint]").first.fill("elbow")
        panel.locator("[name=motion_angles]").first.fill(UNREADABLE)
        page.locator("#generate button").click()
        row = panel.locator("[data-joint]").first
        expect(row.locator("[data-joint-problem]")).to_contain_text("Motion of “elbow” can not be")
        expect(page.locator("#motion-problem")).to_have_count(0)
        expect(panel.locator("[name=motion_angles]").first).to_have_value(UNREADABLE)

    def test_a_file_of_curves_becomes_text(self, page, panel):
        panel.locator(".seg").get_by_text("JSON").click()
        text = b'{"joints": [{"name": "elbow", "angles": [[0, 1]]}]}'
        panel.locator("[data-motion-file]").set_input_files(
            file("arm.json", text, "application/json")
        )
        expect(page.locator("#motion")).to_have_value(text.decode())

    def test_generate_waits_for_a_scene_that_is_on_its_way(self, page, panel):
        page.route("**/frames/", lambda route: None)  # never answered
        page.locator("#slot-scene [data-slot-file]").set_input_files(
            file("cell.glb", scenes.glb(), "model/gltf-binary")
        )
        expect(page.locator("#slot-scene progress")).to_be_visible()
        page.locator("#generate button").click()
        expect(page.locator("#slot-scene-problem")).to_contain_text("still on its way")
        assert not Job.objects.exists()


class TestWithoutScripts:
    def test_a_button_draws_the_form_of_another_model_and_a_joint_is_added(
        self, chromium, server, member
    ):
        page = opened(chromium, server, member, scripts=False)
        page.fill("#prompt", "A red door.")
        choose(page, "Simulation")
        page.get_by_role("button", name="Show its settings").click()
        expect(page.locator("#prompt")).to_have_value("A red door.")
        page.locator("[data-motion] .seg").get_by_text("Joint curves").click()
        page.locator("[name=motion_joint]").fill("elbow")
        page.locator("[name=motion_angles]").fill("0:0, 1:1")
        page.get_by_role("button", name="Add a joint").click()
        expect(page.locator("[name=motion_joint]")).to_have_count(2)
        expect(page.locator("[data-joint-range]").first).to_have_text("0 to 1 rad")
        page.context.close()


@pytest.mark.parametrize("size", [WIDE, NARROW])
@pytest.mark.parametrize("theme", ["dark", "light"])
def test_axe_finds_nothing_and_nothing_is_too_wide(chromium, server, member, size, theme):
    page = opened(chromium, server, member, size=size, theme=theme)
    for model, sign in (("Film", "#cfg"), ("Simulation", "[data-motion]")):
        choose(page, model)
        expect(page.locator(sign)).to_be_visible()
        for closed in page.locator("details:not([open]) > summary:visible").all():
            closed.click()
        if sign == "[data-motion]":
            page.get_by_text("Joint curves").click()
        assert axe_violations(page) == []
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert [said for said in page.errors if not re.search("favicon", said)] == []
    page.context.close()
