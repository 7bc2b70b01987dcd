"""The first bake-off of a new user: from the door to three orders with two frames and a camera move.

People are timed by the keystroke-level model (Card, Moran and Newell, "The Psychology of
Human-Computer Interaction", 1983): what a practised person needs for each press, pointing and
thought, counted while a browser really does it. The computer's own time is not in it.
"""

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from studio.models import Clip, Job, StoredAccount
from studio.providers import registry
from tests.browser.conftest import watched
from tests.browser.test_frames import file, give
from tests.factories import PASSWORD, make_member, make_price, make_project
from tests.storage import pictures

pytestmark = pytest.mark.browser

PROMPT = "Slow glide down the ice nave, warm light comes in"
BAKED = ("Runware", "OctopusX", "Animatic")
KEY, POINT, PRESS, HOME, THINK = 0.28, 1.1, 0.2, 0.4, 1.35
# Finding a picture in the system's own dialog: look, point at it, press twice.
CHOOSE_FILE = THINK + POINT + 2 * PRESS
MOST_TABS = 80


class Hand:
    """Does what a person does, and adds up the seconds that it takes one."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.seconds = 0.0
        self.on_keys = False

    def _home(self, *, on_keys: bool) -> None:
        self.seconds += HOME if self.on_keys != on_keys else 0
        self.on_keys = on_keys

    def type(self, text: str) -> None:
        self._home(on_keys=True)
        self.seconds += THINK + KEY * len(text)
        self.page.keyboard.type(text)

    def press(self, *keys: str) -> None:
        """Each with its own shift or control, which is a key as well."""
        self._home(on_keys=True)
        for key in keys:
            self.seconds += KEY * len(key.split("+"))
            self.page.keyboard.press(key)

    def click(self, target) -> None:
        self._home(on_keys=False)
        self.seconds += THINK + POINT + PRESS
        target.click()

    def choose(self, slot, picture) -> None:
        """The slot, then the picture in the system's dialog."""
        self._home(on_keys=False)
        self.seconds += THINK + POINT + PRESS + CHOOSE_FILE
        slot.set_input_files(picture)

    def paste(self, name: str, data: bytes) -> None:
        self._home(on_keys=True)
        self.seconds += THINK + 2 * KEY
        give(self.page, "[data-prompt]", "paste", (name, data))

    def tab_to(self, selector: str) -> None:
        """Tab until it has the focus."""
        self.seconds += THINK
        for _ in range(MOST_TABS):
            if self.page.evaluate("(one) => document.activeElement.matches(one)", selector):
                return
            self.press("Tab")
        raise AssertionError(f"{selector} is not among the next {MOST_TABS} stops")


@pytest.fixture
def author(data_folder, monkeypatch):
    """Three models that take two frames, two of them with a key and a price."""
    member = make_member()
    make_project(member.team)
    monkeypatch.setattr(settings, "PUBLIC_URL", "https://studio.example")
    registry.all_providers.cache_clear()
    for slug in ("runware", "octopusx"):
        account = StoredAccount(provider=slug)
        account.lock_up("a key of no use")
        account.save()
        make_price(provider=slug, credits_per_second=6)
    yield member
    registry.all_providers.cache_clear()


@pytest.fixture
def page(chromium, server, author):
    context = chromium.new_context(
        base_url=f"http://127.0.0.1:{server.port}", viewport={"width": 1440, "height": 900}
    )
    page = watched(context)
    page.goto("/sign-in/")
    yield page
    context.close()


# What stands for each slot: the name and the content of a picture.
FRAMES = {
    "first_frame": ("first.png", pictures.png((640, 360))),
    "last_frame": ("last.png", pictures.png((1280, 720))),
}


def filled(page: Page, slot: str) -> None:
    expect(page.locator(f"input[type=hidden][name={slot}]")).to_have_count(1)


def require_baked(page: Page) -> None:
    """One clip with a job for each, every one with both frames; the camera where it is taken."""
    expect(page.locator("article.tile")).to_have_count(1)
    jobs = Job.objects.order_by("pk")
    assert Clip.objects.count() == 1
    assert {job.provider for job in jobs} == {one.lower() for one in BAKED}
    assert all(job.order.first_frame and job.order.last_frame for job in jobs)
    assert jobs.get(provider="animatic").order.camera["zoom"] == -6
    assert page.errors == []


def test_with_the_mouse_in_under_two_minutes(page, author):
    hand = Hand(page)
    hand.click(page.locator("[name=email]"))
    hand.type(author.user.email)
    hand.click(page.locator("[name=password]"))
    hand.type(PASSWORD)
    hand.click(page.get_by_role("button", name="Sign in"))
    expect(page.locator("[data-connection]")).to_have_text("Live")
    hand.click(page.locator("[data-prompt]"))
    hand.type(PROMPT)
    for slot, (name, data) in FRAMES.items():
        hand.choose(page.locator(f"input[name={slot}_file]"), file(name, data))
        filled(page, slot)
    hand.click(page.locator("[data-director]"))
    hand.click(page.locator(".preset", has_text="Push in"))
    hand.click(page.get_by_role("button", name="Bake-off"))
    for label in BAKED:
        row = page.locator(".bake-row:has(input:enabled)", has_text=label).first
        if not row.locator("input").is_checked():
            hand.click(row.locator("label"))
    expect(page.locator("[data-bakeoff-send]")).to_contain_text("Send to 3")
    hand.click(page.locator("[data-bakeoff-send]"))
    require_baked(page)
    print(f"\nmouse: {hand.seconds:.0f} s")
    assert hand.seconds < 120


def test_with_the_keyboard_in_under_one(page, author):
    hand = Hand(page)
    page.locator("[name=email]").focus()
    hand.type(author.user.email)
    hand.press("Tab")
    hand.type(PASSWORD)
    hand.press("Enter")
    expect(page.locator("[data-connection]")).to_have_text("Live")
    hand.press("p")
    hand.type(PROMPT)
    for slot, (name, data) in FRAMES.items():
        hand.paste(name, data)
        filled(page, slot)
    hand.tab_to("[data-director]")
    hand.press("Enter")
    expect(page.locator("#director")).to_be_visible()
    hand.tab_to(".preset")
    hand.press("Enter")
    hand.press("b")
    expect(page.locator("[data-bakeoff]")).to_be_visible()
    for label in BAKED:
        box = page.locator(".bake-row:has(input:enabled)", has_text=label).first.locator("input")
        if not box.is_checked():
            hand.tab_to(f"#{box.get_attribute('id')}")
            hand.press("Space")
            expect(box).to_be_checked()
    expect(page.locator("[data-bakeoff-send]")).to_contain_text("Send to 3")
    hand.press("Control+Enter")
    require_baked(page)
    print(f"\nkeyboard: {hand.seconds:.0f} s")
    assert hand.seconds < 60
