"""Pictures of an order in a real browser: library, any frame of any take, crop, bad files."""

import re
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import ROOT, Studio, axe_violations, own_environment, until
from tests.browser.test_first_light import join, open_wall
from tests.browser.test_frames import give
from tests.storage import pictures, videos

pytestmark = pytest.mark.browser
PROMPT = "Nothing that was typed is lost"
FRAMES, FPS = 60, 24
# Takes and pictures of the author; the pk of the clip and of its first take.
SEED = """
from pathlib import Path
from studio.models import Member, Project
from studio.services import uploads
from tests.factories import make_job, make_order
from tests.takes import make_takes
member = Member.objects.get(user__email={email!r})
Project.objects.filter(team=member.team).exists() or Project.objects.create(team=member.team, name="One")
film = Path({film!r})
order = make_order(prompt="Counting frames.", count=2)
first, _ = make_takes(film, film, author=member, order=order)
for picture in sorted(Path({folder!r}).glob("*.png")):
    uploads.add_at(member, "first_frame", picture)
print(first.clip_id, first.pk)
"""


@pytest.fixture(scope="module")
def token(studio: Studio) -> str:
    (found,) = join(studio, ("pic@x.example", "Pia Chen", "author"))
    return found


@pytest.fixture(scope="module")
def seeded(studio: Studio, token: str, tmp_path_factory) -> tuple[str, str]:
    folder = tmp_path_factory.mktemp("pictures")
    for number in range(30):
        size = (300, 200) if number % 2 else (320, 180)
        (folder / f"still {number:02}.png").write_bytes(pictures.png((size[0] + number, size[1])))
    film = videos.video(folder / "film.mp4", frames=FRAMES, fps=FPS)
    code = SEED.format(email="pic@x.example", film=str(film), folder=str(folder))
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", code, "--data", str(studio.data)]
    said = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=True, env=own_environment()
    )
    clip, take = said.stdout.split()[-2:]
    return clip, take


@pytest.fixture(scope="module")
def signed_in(chromium, studio: Studio, token: str, seeded) -> Page:
    return open_wall(chromium, studio, token)


@pytest.fixture
def page(signed_in: Page, studio: Studio) -> Page:
    """The director with a prompt and empty slots."""
    signed_in.goto(f"{studio.url}/director/")
    expect(signed_in.locator("#dock[aria-busy]")).to_have_count(0)  # as the last page was left
    for name in ("first", "last"):
        remove = signed_in.get_by_role("button", name=f"Remove the {name} frame")
        if remove.count():
            remove.click()
            expect(remove).to_have_count(0)
    signed_in.locator("#prompt").fill(PROMPT)
    signed_in.errors.clear()
    return signed_in


def dialog(page: Page):
    return page.locator("dialog#pictures[open]")


def picture_in(page: Page, slot: str) -> str:
    return page.locator(f'#slot-{slot} input[type="hidden"]').input_value()


def open_library(page: Page) -> None:
    page.get_by_role("button", name="Library", exact=True).click()
    expect(dialog(page).get_by_role("heading", name="Library")).to_be_visible()


def pick(page: Page, name: str) -> None:
    open_library(page)
    dialog(page).get_by_role("searchbox").fill(name)
    dialog(page).get_by_role("searchbox").press("Enter")
    dialog(page).locator(f'[data-pic-item][title="{name}.png"]').click()
    expect(dialog(page)).to_have_count(0)


class TestLibrary:
    def test_search_and_take_by_key(self, page: Page) -> None:
        open_library(page)
        search = dialog(page).get_by_role("searchbox")
        expect(search).to_be_focused()
        page.keyboard.type("still 2")
        page.keyboard.press("Enter")
        expect(dialog(page).locator("[data-pic-item]")).to_have_count(10)
        expect(search).to_be_focused()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowRight")
        expect(dialog(page).locator("[data-pic-item]").nth(1)).to_be_focused()
        assert axe_violations(page) == []
        page.keyboard.press("Enter")
        expect(dialog(page)).to_have_count(0)
        expect(page.locator("#slot-first_frame img")).to_have_attribute(
            "alt", "First frame: still 28.png"
        )
        expect(page.locator("#slot-first_frame-file")).to_be_focused()
        expect(page.locator("[data-frames-status]").first).to_have_text(
            "First frame is still 28.png"
        )
        expect(page.locator("#prompt")).to_have_value(PROMPT)
        assert page.errors == []

    def test_older_ones_come_below(self, page: Page) -> None:
        open_library(page)
        items = dialog(page).locator("[data-pic-item]")
        shown = items.count()
        dialog(page).get_by_role("button", name="Older").click()
        until(page, f"document.querySelectorAll('[data-pic-item]').length > {shown}")
        expect(items.nth(0)).to_be_visible()
        page.keyboard.press("Escape")
        expect(dialog(page)).to_have_count(0)
        expect(page.locator("#prompt")).to_have_value(PROMPT)

    def test_the_other_slot_can_be_meant(self, page: Page) -> None:
        open_library(page)
        dialog(page).get_by_text("Last frame", exact=True).click()
        dialog(page).locator('[data-pic-item][title="still 29.png"]').click()
        expect(page.locator("#slot-last_frame img")).to_be_visible()
        expect(page.locator("#slot-first_frame img")).to_have_count(0)

    def test_a_lost_connection_is_told(self, page: Page) -> None:
        page.route("**/pictures/", lambda route: route.abort())
        page.get_by_role("button", name="Library", exact=True).click()
        expect(dialog(page)).to_contain_text("No answer came. Check the connection")
        page.unroute("**/pictures/")
        page.keyboard.press("Escape")


class TestFrame:
    @pytest.fixture
    def scrubber(self, page: Page) -> Page:
        page.get_by_role("button", name="Frame from a clip", exact=True).click()
        dialog(page).locator('[data-pic-item][title="Counting frames"]').first.click()
        until(page, "document.querySelector('#pictures video')?.readyState > 1")
        return page

    def gray(self, page: Page) -> float:
        """The light that the player shows, which is 8 times the number of the frame, below 31."""
        return page.evaluate(
            """() => { const c = document.createElement('canvas'); c.width = c.height = 1;
            const x = c.getContext('2d'); x.drawImage(document.querySelector('#pictures video'), 0, 0, 1, 1);
            return x.getImageData(0, 0, 1, 1).data[0]; }"""
        )

    def test_every_key_goes_to_its_frame(self, scrubber: Page) -> None:
        number = scrubber.locator("#pic-frame")
        steps = [(".", 1), (".", 2), (",", 1), ("ArrowRight", 1 + FPS), (".", 2 + FPS),
                 ("ArrowLeft", 2), ("End", FRAMES - 1), (".", FRAMES - 1), ("Home", 0)]  # fmt: skip
        for key, frame in steps:
            scrubber.keyboard.press(key)
            expect(number).to_have_value(str(frame))
        number.fill("17")
        expect(scrubber.get_by_label("Position")).to_have_value("17")
        until(scrubber, "!document.querySelector('#pictures video').seeking")
        assert self.gray(scrubber) == pytest.approx(17 * 8, abs=12)
        assert axe_violations(scrubber) == []

    def test_what_is_used_is_the_very_frame(self, scrubber: Page, studio: Studio) -> None:
        scrubber.locator("#pic-frame").fill("23")
        scrubber.get_by_role("button", name="Use as last frame").click()
        image = scrubber.locator("#slot-last_frame img")
        expect(image).to_have_attribute("alt", "Last frame: Counting frames, take 1, frame 23")
        address = image.get_attribute("src").split("?")[0]
        whole = scrubber.request.get(f"{studio.url}{address}")
        path = studio.data / "seen.png"
        path.write_bytes(whole.body())
        with Image.open(path) as picture:
            assert picture.size == (320, 180)
            assert np.asarray(picture).mean() == pytest.approx(23 * 8 + 3.5, abs=4)
        expect(scrubber.locator("#prompt")).to_have_value(PROMPT)

    def test_beyond_the_end_is_told_and_stays_to_be_changed(self, scrubber: Page) -> None:
        scrubber.locator("#pic-frame").fill("400")
        scrubber.get_by_role("button", name="Use as first frame").click()
        expect(dialog(scrubber).get_by_role("alert")).to_have_text(
            "Frame must be from 0 to 59; 400 is beyond the end of this take."
        )
        expect(scrubber.locator("#pic-frame")).to_have_value("400")
        scrubber.locator("#pic-frame").fill("40")
        scrubber.locator("#pic-frame").press("Enter")
        expect(dialog(scrubber)).to_have_count(0)
        expect(scrubber.locator("#prompt")).to_have_value(PROMPT)


class TestFit:
    @pytest.fixture
    def cropper(self, page: Page) -> Page:
        """A 3:2 picture in the first slot, with its crop open."""
        pick(page, "still 05")
        expect(page.locator("#crops")).to_contain_text("% of its height is cut. Adjust crop")
        page.get_by_role("button", name="Adjust crop").click()
        expect(page.get_by_role("heading", name="First frame")).to_be_visible()
        return page

    def box(self, page: Page) -> list[float]:
        return page.evaluate(
            "['x', 'y', 'width', 'height'].map((n) => +document.querySelector('[data-fit-box]').getAttribute(n))"
        )

    def test_the_box_is_what_the_server_cuts(self, cropper: Page) -> None:
        expect(cropper.get_by_label("Up or down")).to_be_focused()
        expect(cropper.get_by_label("Left or right")).to_be_hidden()
        cropper.keyboard.press("Home")
        assert self.box(cropper)[1] == 0
        stage = cropper.locator("[data-fit-crop]").bounding_box()
        cropper.mouse.move(stage["x"] + 100, stage["y"] + 100)
        cropper.mouse.down()
        cropper.mouse.move(stage["x"] + 100, stage["y"] + 400, steps=5)
        cropper.mouse.up()
        expect(cropper.get_by_label("Up or down")).to_have_value("100")
        cropper.locator("#pic-zoom").fill("125")
        _, _, width, height = self.box(cropper)
        assert width / height == pytest.approx(16 / 9, abs=0.001)
        assert axe_violations(cropper) == []
        cropper.get_by_role("button", name="Use this crop").click()
        expect(
            cropper.get_by_role("button", name="Undo the fit of the first frame")
        ).to_be_visible()
        image = cropper.locator("#slot-first_frame img")
        assert int(image.get_attribute("width")) == round(width)
        assert int(image.get_attribute("height")) == round(height)
        expect(cropper.locator("#crops")).not_to_contain_text("is cut")
        expect(cropper.locator("#prompt")).to_have_value(PROMPT)

    def test_pad_and_back_to_the_whole(self, cropper: Page) -> None:
        before = picture_in(cropper, "first_frame")
        cropper.get_by_text("Pad", exact=True).click()
        expect(cropper.locator("#pic-zoom")).to_be_hidden()
        for bars in ("Blurred", "Edge color", "Black"):
            cropper.get_by_text(bars, exact=True).click()
        assert axe_violations(cropper) == []
        cropper.get_by_role("button", name="Use it padded").click()
        undo = cropper.get_by_role("button", name="Undo the fit of the first frame")
        expect(undo).to_be_visible()
        assert picture_in(cropper, "first_frame") != before
        undo.click()
        expect(undo).to_have_count(0)
        assert picture_in(cropper, "first_frame") == before

    def test_cancel_changes_nothing(self, cropper: Page) -> None:
        before = picture_in(cropper, "first_frame")
        cropper.get_by_role("button", name="Cancel").click()
        expect(dialog(cropper)).to_have_count(0)
        assert picture_in(cropper, "first_frame") == before


class TestBadFiles:
    """One sentence at the slot; what was typed stays, and so does the picture of before."""

    @pytest.mark.parametrize(
        ("name", "build", "said"),
        [
            ("notes.png", lambda: b"Shots for Tuesday", "“notes.png” is a text file."),
            ("moving.png", lambda: pictures.animated("PNG"), "“moving.png” is animated."),
            ("claims.png", lambda: pictures.png_of(30_000, 30_000), "at most 50 megapixels"),
            ("heavy.png", lambda: b"\x89PNG" + b"\0" * (40 << 20), "may have at most 20 MB."),
        ],
    )
    @pytest.mark.parametrize("way", ["paste", "drop"])
    def test_it_is_told_at_the_slot(self, page: Page, name, build, said, way) -> None:
        pick(page, "still 05")
        give(page, "#prompt", way, (name, build()))
        problem = page.locator("#slot-last_frame .frame-problem")
        expect(problem).to_be_visible()
        expect(problem).to_contain_text(said)
        expect(problem).to_contain_text("Last frame")
        expect(page.locator("#prompt")).to_have_value(PROMPT)
        expect(page.locator("#slot-first_frame img")).to_be_visible()


class TestContinue:
    def test_the_frame_that_stands_still_goes_along(self, signed_in: Page, studio, seeded) -> None:
        page = signed_in
        page.goto(f"{studio.url}/clips/{seeded[0]}/?take=1")
        until(page, "document.querySelector('video').readyState > 1")
        link = page.get_by_role("link", name=re.compile("Continue after frame"))
        expect(link).to_have_count(0)
        expect(page.get_by_role("link", name="Continue from here")).to_be_visible()
        for _ in range(3):
            page.keyboard.press(".")
        expect(link).to_have_text(re.compile("Continue after frame 3"))
        page.keyboard.press("End")
        expect(link).to_have_count(0)
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Home")
        page.keyboard.press("ArrowRight")
        expect(link).to_have_text(re.compile(f"Continue after frame {FPS}"))
        link.click()
        expect(page.locator("#director")).to_contain_text(
            f"Continues “Counting frames” after frame {FPS}"
        )
        expect(page.locator("#slot-first_frame img")).to_have_attribute(
            "alt", f"First frame: Counting frames, take 1, frame {FPS}"
        )
