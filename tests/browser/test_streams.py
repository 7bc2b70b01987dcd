"""The streams of a simulation in a real player: one video after the other, at the same moment."""

import json
import re
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ROOT, Studio, axe_violations, own_environment, until, watched
from tests.browser.test_first_light import join
from tests.storage import tars, videos

# A saved take of the studio's own engine, as if it had been a simulation.
SAVE = """
from pathlib import Path
from studio.models import Member
from studio.pipeline import save
from studio.providers.base import Provider, Result, Update, Verdict
from tests.factories import make_job
folder = Path({folder!r})
files = {{
    "video": folder / "rgb.mp4", "depth": folder / "depth.tar", "normals": folder / "normals.tar",
    "log": folder / "log.json",
}}
class Fake(Provider):
    def poll(self, remote_id):
        return Update(verdict=Verdict.SUCCEEDED, results=(Result(index=0, files=files),))
save.provider_of = lambda slug: Fake()
job = make_job("saving", author=Member.objects.order_by("pk").first())
job.attempts.create(number=1, reference="x", remote_id="x", outcome="accepted")
save.save(job)
print(job.clip_id)
"""


@pytest.fixture(scope="module")
def clip(studio: Studio, tmp_path_factory) -> str:
    """The address of its page."""
    folder = tmp_path_factory.mktemp("simulation")
    videos.video(folder / "rgb.mp4", frames=48, fps=24)
    tars.depth_tar(folder / "depth.tar", frames=48)
    tars.normals_tar(folder / "normals.tar", frames=24)
    steps = [{"t": n / 120, "joints": {"a": {"position": n}}, "force": n % 7} for n in range(241)]
    (folder / "log.json").write_text(json.dumps(steps))
    code = SAVE.format(folder=str(folder))
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", code, "--data", str(studio.data)]
    said = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=True, env=own_environment()
    )
    return f"{studio.url}/clips/{said.stdout.split()[-1]}/"


def signed_in(chromium, studio: Studio, email: str, **options):
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, **options)
    page = watched(context)
    (token,) = join(studio, (email, "Rea", "reviewer"))
    page.goto(f"{studio.url}/door/{token}/")
    page.get_by_role("button", name=re.compile("^Sign in as")).click()
    page.wait_for_url(re.compile(r"/$"))
    return page


def test_the_player_goes_on_where_it_was(chromium, studio: Studio, clip: str) -> None:
    page = signed_in(chromium, studio, "streams@example.org")
    page.goto(clip)
    until(page, "document.querySelector('video').readyState > 1")
    page.evaluate("document.querySelector('video').currentTime = 1.02")
    page.evaluate("document.body.dataset.same = 'page'")
    page.get_by_role("link", name="Normals", exact=True).click()
    until(page, "document.querySelector('video').videoWidth === 64")
    until(page, "document.querySelector('video').currentTime > 1")
    expect(page.get_by_role("link", name="Normals", exact=True)).to_have_attribute(
        "aria-current", "true"
    )
    expect(page.get_by_text("Red is x, green is y, blue is z.")).to_be_visible()
    expect(page.get_by_label("Position", exact=True)).to_have_attribute("max", "23")
    expect(page.locator("[data-now]")).to_have_text("00:00:01:00")
    assert page.url.endswith("?take=1&stream=normals")
    assert page.evaluate("document.body.dataset.same") == "page"
    assert axe_violations(page) == []
    assert page.errors == []


def test_the_archive_comes_under_its_name(chromium, studio: Studio, clip: str) -> None:
    page = signed_in(chromium, studio, "keeper@example.org")
    page.goto(clip)
    with page.expect_download() as saved:
        page.get_by_role("link", name=re.compile("Download 16-bit frames.*Depth")).click()
    assert saved.value.suggested_filename == "A red door in the snow, take 1, depth.tar"
    with page.expect_download() as decoder:
        page.get_by_role("link", name="decode_flow.py").click()
    assert decoder.value.suggested_filename == "decode_flow.py"


def test_without_scripts_the_links_lead_there_and_a_phone_has_room(
    chromium, studio: Studio, clip: str
) -> None:
    page = signed_in(chromium, studio, "plain@example.org")
    state = page.context.storage_state()
    phone = chromium.new_context(
        viewport={"width": 390, "height": 844}, storage_state=state, java_script_enabled=False
    ).new_page()
    phone.goto(clip)
    phone.get_by_role("link", name="Depth", exact=True).click()
    expect(phone.get_by_role("link", name="Depth", exact=True)).to_have_attribute(
        "aria-current", "true"
    )
    expect(phone.locator("[data-player] video")).to_have_attribute("data-frames", "48")
    box = phone.locator(".clip-streams").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390


ALL = "[...document.querySelectorAll('[data-all-streams] video')]"


@pytest.fixture
def together(chromium, studio: Studio, clip: str):
    """The page with all streams, for somebody new each time."""
    contexts = []

    def go(email: str, **options):
        page = signed_in(chromium, studio, email, **options)
        contexts.append(page.context)
        page.goto(f"{clip}?take=1&stream=all")
        until(page, f"{ALL}.every((one) => one.readyState > 2)")
        return page

    yield go
    for context in contexts:
        context.close()


class TestAllStreams:
    def test_they_play_in_step_and_each_can_be_large(self, together):
        page = together("all@example.org")
        assert page.evaluate(f"{ALL}.length") == 3
        page.keyboard.press("k")
        until(page, f"{ALL}.every((one) => one.currentTime > 0.3)")
        off = page.evaluate(
            f"""() => new Promise((done) => {{
              const seen = [];
              const look = () => {{
                const at = {ALL}.map((one) => one.currentTime);
                seen.push(Math.max(...at) - Math.min(...at));
                if (seen.length < 60) requestAnimationFrame(look);
                else done(seen.sort((a, b) => a - b)[54]);
              }};
              look();
            }})"""
        )
        assert off < 1 / 24
        page.keyboard.press("k")
        until(page, f"{ALL}.every((one) => one.paused)")
        page.get_by_role("button", name="Enlarge Depth").click()
        expect(page.locator("[data-stream=depth]")).to_be_visible()
        expect(page.locator("[data-stream=rgb]")).to_be_hidden()
        page.get_by_role("button", name="Enlarge Depth").click()
        expect(page.locator("[data-stream=rgb]")).to_be_visible()
        assert axe_violations(page) == []
        assert page.errors == []

    def test_the_moment_goes_with_them_and_back(self, together):
        page = together("moment@example.org")
        page.keyboard.press("l")
        until(page, f"{ALL}.every((one) => Math.abs(one.currentTime - 1.02) < 0.03)")
        page.get_by_role("link", name="RGB", exact=True).click()
        expect(page.locator("[data-all-streams]")).to_be_hidden()
        until(
            page,
            "Math.abs(document.querySelector('[data-player] video').currentTime - 1.02) < 0.05",
        )
        page.keyboard.press(".")
        expect(page.locator("[data-now]")).to_have_text("00:00:01:01")
        page.get_by_role("link", name="All streams").click()
        until(page, f"{ALL}.every((one) => Math.abs(one.currentTime - 1.06) < 0.03)")

    def test_on_a_phone_there_is_room(self, together):
        page = together("phone@example.org")
        page.set_viewport_size({"width": 390, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert axe_violations(page) == []


class TestPhysicsLog:
    def test_values_follow_the_film_and_a_click_leads_there(
        self, chromium, studio: Studio, clip: str
    ):
        page = signed_in(chromium, studio, "physics@example.org")
        page.goto(clip)
        value = page.locator("[data-physics-value]")
        expect(value).to_have_text("0")
        box = page.locator("[data-physics-at]").bounding_box()
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        until(
            page, "Math.abs(document.querySelector('[data-player] video').currentTime - 1) < 0.05"
        )
        until(
            page, "Math.abs(document.querySelector('[data-physics-value]').textContent - 120) < 7"
        )
        page.keyboard.press("Home")
        page.keyboard.press("ArrowRight")
        until(page, "document.querySelector('[data-physics-at]').value > 0")
        page.get_by_label("Series").select_option("Force")
        expect(page.locator(".physics .legend")).to_contain_text("Force")
        page.get_by_text("As a table").click()
        expect(page.get_by_role("row", name=re.compile("^Highest"))).to_contain_text("6 at 0.05 s")
        assert axe_violations(page) == []
        assert page.errors == []
        page.context.close()
