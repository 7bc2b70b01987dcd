"""Coming back to a deep place of a wall that is sorted or searched, in a browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from studio.models import Clip, Member
from tests.browser.conftest import until
from tests.browser.walls import (
    PLACE,
    SCROLL,
    frames,
    is_at,
    load,
    problems,
    scroll_to,
    wall,
)
from tests.factories import make_clips, make_member, make_project

pytestmark = pytest.mark.browser
ALL = "[...document.querySelectorAll('#wall > .tile')].map((one) => one.id)"


@pytest.fixture
def member(data_folder) -> Member:
    member = make_member("admin", name="Ana Ruiz")
    make_project(member.team)
    return member


@pytest.fixture
def order(member) -> list[Clip]:
    """Best rated first, with many of each number of stars."""
    clips = make_clips(member, 300)
    for number, clip in enumerate(clips):
        clip.stars = number % 6
    Clip.objects.bulk_update(clips, ["stars"], batch_size=500)
    return sorted(clips, key=lambda clip: (-clip.stars, -clip.pk))


@pytest.fixture(params=["/?sort=rated", "/?q=status:done&sort=rated"])
def page(request, chromium, server, member, order):
    page = wall(chromium, server, member, address=request.param)
    load(page, order[220])
    scroll_to(page, 5000)
    frames(page)
    yield page
    page.context.close()


def left_of(page: Page, tile: str) -> float:
    return page.evaluate("(id) => document.getElementById(id).getBoundingClientRect().left", tile)


def to_the_top(page: Page) -> list[str]:
    """Scroll up until no page is missing; all tiles that were seen, from the first."""
    seen: dict[str, None] = {}
    for _ in range(90):
        seen = dict.fromkeys([*page.evaluate(ALL), *seen])
        if page.evaluate(f"{SCROLL}.scrollTop < 1 && !document.getElementById('newer')"):
            return list(seen)
        page.evaluate(f"{SCROLL}.scrollTop -= 500")
        frames(page)
    raise AssertionError("never at the top")


class TestSorted:
    def test_reload_stands_where_it_was_and_leads_up_to_the_first(self, page, order):
        before = page.evaluate(PLACE)
        left = left_of(page, before[0])
        page.reload()
        expect(page.locator(f"#{before[0]}")).to_be_visible()
        frames(page)
        assert is_at(page, before)
        assert left_of(page, before[0]) == left
        assert f"clip-{order[0].pk}" not in page.evaluate(ALL)
        seen = to_the_top(page)
        deep = next(n for n, clip in enumerate(order) if f"clip-{clip.pk}" == before[0])
        assert seen[: deep + 1] == [f"clip-{clip.pk}" for clip in order[: deep + 1]]
        expect(page.locator("h2.day:visible")).to_have_count(1)
        expect(page.locator("h2.day:visible")).to_have_text("Best rated")
        scroll_to(page, 5000)
        frames(page)
        assert left_of(page, before[0]) == left
        assert problems(page) == []

    def test_back_from_a_clip_stands_where_it_was(self, page):
        (first, _) = page.evaluate(PLACE)
        page.locator(f"#{first} .tile-link").focus()
        frames(page)
        before = page.evaluate(PLACE)
        left = left_of(page, before[0])
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"/clips/\d+/"))
        page.go_back()
        expect(page.locator(f"#{before[0]}")).to_be_visible()
        until(page, f"document.activeElement.closest('.tile')?.id === '{first}'")
        assert is_at(page, before)
        assert left_of(page, before[0]) == left
