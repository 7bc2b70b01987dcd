"""The panel of a simulation in a real browser: its scene, its nodes, its curves, its JSON."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from studio.models import Job
from tests.browser.conftest import axe_violations, until
from tests.browser.test_models import NARROW, WIDE, choose, file, opened
from tests.factories import make_member, make_price, make_project
from tests.storage import models as scenes
from tests.storage import pictures

pytestmark = pytest.mark.browser
GLB = "model/gltf-binary"
CANVAS = "[data-scene-stage] canvas"
NODES = "[role=treeitem]"


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


@pytest.fixture
def panel(page: Page):
    page.fill("#prompt", "The arm picks a part.")
    choose(page, "Simulation")
    expect(page.locator("[data-motion]")).to_be_visible()
    return page.locator(".motion-panel")


def drop(page: Page, data: bytes, name: str = "cell.glb") -> None:
    page.locator("#slot-scene [data-slot-file]").set_input_files(file(name, data, GLB))


def show(page: Page) -> None:
    drop(page, scenes.arm(pictures.png()))
    expect(page.locator("#slot-scene")).to_contain_text("4 joints found")
    expect(page.locator(CANVAS)).to_be_visible()
    expect(page.locator("[data-nodes]")).to_be_visible()


def pick(page: Page, name: str) -> None:
    nodes = page.locator("[data-nodes]")
    if nodes.get_attribute("open") is None:
        nodes.locator("summary").click()
    page.get_by_role("treeitem", name=name, exact=True).click()


def rows(page: Page) -> list[list[str]]:
    names = page.locator("[data-joint] .joint-name").all()
    angles = page.locator("[data-joint] [data-joint-angles]").all()
    typed = [[n.input_value(), a.input_value()] for n, a in zip(names, angles, strict=True)]
    return [row for row in typed if any(row)]


class TestScene:
    def test_it_is_shown_before_it_has_arrived(self, page, panel):
        page.route("**/frames/", lambda route: None)  # never answered
        drop(page, scenes.arm(pictures.png()))
        expect(page.locator(CANVAS)).to_be_visible()
        page.locator("[data-nodes] summary").click()
        expect(page.locator(NODES)).to_have_text(scenes.ARM)
        assert [node.get_attribute("aria-level") for node in page.locator(NODES).all()] == list(
            "1234"
        )
        assert page.errors == []

    def test_a_stored_one_is_shown_again_and_removed_it_is_gone(self, page, panel):
        show(page)
        pick(page, "elbow")
        page.locator("#generate button").click()
        expect(page.locator("article.tile")).to_be_visible()
        page.goto(f"/director/?from={Job.objects.get().pk}")
        expect(page.locator(CANVAS)).to_be_visible()
        page.locator("[data-nodes] summary").click()
        expect(page.locator(NODES)).to_have_text(scenes.ARM)
        assert rows(page) == [["elbow", "0:0, 1:0"]]
        page.locator("[data-slot-remove]").click()
        expect(page.locator("[data-scene-view]")).to_be_hidden()
        assert page.errors == []

    def test_it_stays_when_the_form_is_drawn_anew(self, page, panel):
        show(page)
        page.locator("#constraints").fill("fast")
        page.locator("#generate button").click()
        expect(page.locator("#constraints-problem")).to_be_visible()
        expect(page.locator(CANVAS)).to_be_visible()
        assert page.locator(CANVAS).bounding_box()["width"] > 200

    @pytest.mark.parametrize(
        ("data", "name", "words"),
        [
            (scenes.glb(extensionsRequired=["KHR_draco_mesh_compression"],
                        extensionsUsed=["KHR_draco_mesh_compression"],
                        meshes=[{"primitives": [{"attributes": {}, "extensions": {
                            "KHR_draco_mesh_compression": {"bufferView": 0, "attributes": {}}}}]}],
                        buffers=[{"byteLength": 64}],
                        bufferViews=[{"buffer": 0, "byteLength": 64}],
                        scene=0, scenes=[{"nodes": [0]}]), "cell.glb", "its data is compressed"),
            (scenes.fbx(), "cell.fbx", "it could not be read"),
            (scenes.glb(scene=0, scenes=[{"nodes": [0, 1, 2, 3]}]), "cell.glb", "Nothing in this scene has a surface"),
        ],
    )  # fmt: skip
    def test_what_can_not_be_shown_is_said_and_can_be_ordered(
        self,
        page,
        panel,
        data,
        name,
        words,
    ):
        drop(page, data, name)
        expect(page.locator("[data-scene-said]")).to_contain_text(words)
        expect(page.locator("#slot-scene .scenefile")).to_be_visible()
        page.locator("#generate button").click()
        expect(page.locator("article.tile")).to_be_visible()

    def test_a_refused_one_goes_and_the_one_before_comes_back(self, page, panel):
        show(page)
        drop(page, scenes.OBJ)
        expect(page.locator("#slot-scene-problem")).to_be_visible()
        page.locator("[data-nodes] summary").click()
        expect(page.locator(NODES)).to_have_text(scenes.ARM)

    def test_an_fbx_is_shown_with_its_names(self, page, panel):
        drop(page, scenes.fbx_arm(), "cell.fbx")
        expect(page.locator("[data-scene-said]")).to_have_text("")
        page.locator("[data-nodes] summary").click()
        expect(page.locator(NODES)).to_have_text(["base", "elbow joint"])
        assert page.errors == []

    def test_keys_turn_and_buttons_show_all(self, page, panel):
        show(page)
        stage = page.locator("[data-scene-stage]")
        stage.focus()
        before = stage.screenshot()
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("+")
        turned = stage.screenshot()
        assert turned != before
        page.get_by_role("button", name="Show all of the scene").click()
        page.get_by_role("button", name="Floor grid").click()
        expect(page.get_by_role("button", name="Floor grid")).to_have_attribute(
            "aria-pressed", "false"
        )
        page.keyboard.press("Tab")
        assert stage.screenshot() != turned


class TestPick:
    def test_a_click_on_a_block_makes_it_a_joint(self, page, panel):
        show(page)
        box = page.locator(CANVAS).bounding_box()
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.4)
        expect(page.locator("[data-scene-picked]")).to_have_text("elbow 0.00 rad")
        expect(page.get_by_role("radio", name="Joint curves")).to_be_checked()
        assert rows(page) == [["elbow", "0:0, 1:0"]]
        expect(page.locator("[data-joint-angles]").first).to_be_focused()
        page.mouse.click(box["x"] + 4, box["y"] + box["height"] / 2)  # beside all blocks
        assert rows(page) == [["elbow", "0:0, 1:0"]]

    def test_by_keys_from_the_list_and_a_joint_is_there_once(self, page, panel):
        show(page)
        page.locator("[data-nodes] summary").click()
        page.get_by_label("Find a node").fill("s")
        expect(page.locator(NODES)).to_have_text(["base", "shoulder", "wrist"])
        page.keyboard.press("Enter")  # is no order
        page.get_by_label("Find a node").fill("")
        page.keyboard.press("Tab")
        page.keyboard.press("End")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Enter")
        expect(page.locator("[data-joint-angles]").first).to_be_focused()
        pick(page, "wrist")
        pick(page, "elbow")
        assert [name for name, _ in rows(page)] == ["elbow", "wrist"]
        expect(page.locator("[data-joint]").first).to_have_attribute("data-picked", "")
        page.locator(".joint-name").nth(1).focus()
        expect(page.get_by_role("treeitem", name="wrist")).to_have_attribute(
            "aria-selected", "true"
        )
        assert not Job.objects.exists()

    def test_a_name_that_the_scene_has_not_is_told_in_its_row(self, page, panel):
        show(page)
        pick(page, "elbow")
        page.locator(".joint-name").first.fill("knee")
        expect(page.locator("[data-joint-doubt]").first).to_have_text(
            "The scene has no joint “knee”."
        )
        page.locator("#generate button").click()
        expect(page.locator("[data-joint-problem]").first).to_contain_text(
            "The scene has no joint “knee”; it has"
        )
        page.locator(".joint-name").first.fill("wrist")
        expect(page.locator("[data-joint-problem]").first).to_be_hidden()
        expect(page.locator("[data-joint-doubt]").first).to_be_hidden()


class TestCurve:
    @pytest.fixture
    def knots(self, page, panel):
        show(page)
        pick(page, "elbow")
        page.locator("[data-joint-angles]").first.fill("0:0, 0.4:1, 1:0")
        expect(page.locator("[data-knot]")).to_have_count(3)
        return page.locator("[data-knot]")

    def test_a_waypoint_is_dragged_and_ordered(self, page, knots, member):
        knot = knots.nth(1).locator(".knot").bounding_box()
        plot = page.locator("[data-curve] svg.plot").bounding_box()
        x, y = knot["x"] + knot["width"] / 2, knot["y"] + knot["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + plot["width"] * 0.2, y + 20, steps=5)
        page.mouse.up()
        ((_, text),) = rows(page)
        place, angle = (float(number) for number in text.split(", ")[1].split(":"))
        assert place == pytest.approx(0.6, abs=0.011)
        assert 0 < angle < 0.99
        expect(page.locator("[data-scene-picked]")).to_have_text(f"elbow {angle:.2f} rad")
        page.locator("#generate button").click()
        expect(page.locator("article.tile")).to_be_visible()
        (joint,) = Job.objects.get(team=member.team).order.settings["motion"]["joints"]
        assert joint == {"name": "elbow", "angles": [[0, 0], [place, angle], [1, 0]]}
        assert page.errors == []

    def test_it_stays_between_its_neighbors(self, page, knots):
        knot = knots.nth(1).locator(".knot").bounding_box()
        page.mouse.move(knot["x"] + 4, knot["y"] + 4)
        page.mouse.down()
        page.mouse.move(knot["x"] + 2000, knot["y"] + 4)
        page.mouse.up()
        assert rows(page)[0][1].split(", ")[1].startswith("0.99:")

    def test_by_keys_it_moves_comes_and_goes(self, page, knots):
        knots.nth(1).focus()
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Shift+ArrowRight")
        assert rows(page) == [["elbow", "0:0, 0.5:1.01, 1:0"]]
        expect(knots.nth(1)).to_be_focused()
        expect(knots.nth(1)).to_have_attribute("aria-valuetext", "1.01 rad at 2.5 s")
        page.get_by_role("button", name="Add a waypoint").click()
        assert rows(page) == [["elbow", "0:0, 0.5:1.01, 0.75:0.51, 1:0"]]
        expect(knots.nth(2)).to_be_focused()
        page.keyboard.press("Delete")
        page.get_by_role("button", name="Add a waypoint").click()
        page.get_by_role("button", name="Remove it, the waypoint at the play head").click()
        assert rows(page) == [["elbow", "0:0, 0.5:1.01, 1:0"]]
        expect(knots.nth(1)).to_be_focused()

    def test_a_double_click_adds_one(self, page, knots):
        plot = page.locator("[data-curve] svg.plot").bounding_box()
        page.mouse.dblclick(plot["x"] + plot["width"] * 0.8, plot["y"] + 20)
        expect(knots).to_have_count(4)
        assert rows(page)[0][1].split(", ")[2].startswith("0.8:")

    def test_the_play_head_moves_the_joint_and_stops_at_the_end(self, page, knots):
        stage = page.locator("[data-scene-stage]")
        rest = stage.screenshot()
        page.locator("#duration").fill("1")
        page.get_by_role("slider", name="Time of the motion").fill("400")
        expect(page.locator("[data-scene-picked]")).to_have_text("elbow 1.00 rad")
        expect(page.locator("[data-curve] [data-time-said]")).to_have_text("0.40 / 1.00 s")
        assert stage.screenshot() != rest
        play = page.get_by_role("button", name="Play the motion")
        play.click()
        expect(play).to_have_attribute("aria-pressed", "true")
        expect(play).to_have_attribute("aria-pressed", "false")
        expect(page.locator("[data-scene-picked]")).to_have_text("elbow 0.00 rad")

    def test_a_joint_over_its_limit_is_told_in_its_row(self, page, knots):
        page.locator("#constraints").fill("joint_speed_rad = 0.4")
        doubt = page.locator("[data-joint-doubt]").first
        expect(doubt).to_have_text("It turns at 0.5 rad/s from 0 s on; the limit is 0.4.")
        page.locator("#duration").fill("10")
        expect(doubt).to_be_hidden()


class TestJson:
    PATHS = [{"name": "wrist", "points": [[0, 0, 4, 0], [1, 1, 4, 0]]}]

    def test_out_and_in_again_it_is_the_same(self, page, panel):
        page.get_by_text("Joint curves").click()
        for number, (name, angles) in enumerate(
            [("elbow", "0:0.2, 1:0.4"), ("wrist", "0.5:-1.25")]
        ):
            if number:
                page.get_by_role("button", name="Add a joint").click()
            page.locator(".joint-name").nth(number).fill(name)
            page.locator("[data-joint-angles]").nth(number).fill(angles)
        typed = rows(page)
        with page.expect_download() as download:
            page.get_by_role("button", name="Download the JSON").click()
        assert download.value.suggested_filename == "motion.json"
        text = download.value.path().read_bytes()
        assert json.loads(text)["joints"][1] == {"name": "wrist", "angles": [[0.5, -1.25]]}
        page.locator("[data-joint-remove]").first.click()
        page.locator("[data-motion] .seg").get_by_text("JSON").click()
        page.locator("[data-motion-file]").set_input_files(
            file("arm.json", text, "application/json")
        )
        expect(page.locator("#motion")).to_have_value(text.decode())
        page.get_by_text("Joint curves").click()
        assert sorted(rows(page)) == typed
        assert page.errors == []

    def test_paths_stay_in_the_json_and_the_table_says_so(self, page, panel):
        show(page)
        page.locator("[data-motion] .seg").get_by_text("JSON").click()
        value = {"joints": [{"name": "elbow", "angles": [[0, 1]]}], "paths": self.PATHS}
        page.fill("#motion", json.dumps(value))
        stage = page.locator("[data-scene-stage]")
        start = stage.screenshot()
        until(page, "Boolean(document.querySelector('[data-scene-stage] canvas'))")
        page.get_by_text("Joint curves").click()
        expect(page.locator("[data-paths-note]")).to_be_visible()
        assert rows(page) == [["elbow", "0:1"]]
        page.locator("[data-joint-angles]").first.fill("0:0.5")
        assert stage.screenshot() != start
        page.locator("[data-motion] .seg").get_by_text("JSON").click()
        assert json.loads(page.locator("#motion").input_value()) == {
            "joints": [{"name": "elbow", "angles": [[0, 0.5]]}], "paths": self.PATHS,
        }  # fmt: skip


def test_only_a_simulation_with_a_scene_loads_the_view(chromium, server, member):
    page = opened(chromium, server, member)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    choose(page, "Film")
    expect(page.locator("#cfg")).to_be_visible()
    assert not [url for url in asked if re.search(r"three-|/scene/(panel|view)", url)]
    choose(page, "Simulation")
    expect(page.locator("[data-motion]")).to_be_visible()
    loaded = (
        "performance.getEntriesByType('resource').some(({ name }) => name.includes('/scene/%s'))"
    )
    until(page, loaded % "panel")
    assert not [url for url in asked if "three-" in url]
    show(page)
    assert [url for url in asked if "three-" in url]
    page.context.close()


@pytest.mark.parametrize("size", [WIDE, NARROW])
@pytest.mark.parametrize("theme", ["dark", "light"])
def test_axe_finds_nothing_and_nothing_is_too_wide(chromium, server, member, size, theme):
    page = opened(chromium, server, member, size=size, theme=theme)
    choose(page, "Simulation")
    show(page)
    pick(page, "elbow")
    head, chart, scene = (
        page.locator(one).bounding_box()
        for one in (".director-head", "[data-curve]", "[data-scene-view]")
    )
    assert head["y"] >= 0
    assert 0 <= chart["y"] - scene["y"] - scene["height"] < 20  # both can be seen
    page.locator("[data-joint-angles]").first.fill("0:0, 0.4:1, 1:0")
    expect(page.locator("[data-knot]")).to_have_count(3)
    assert axe_violations(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert page.errors == []
    page.context.close()
