"""The wall in a browser, with pictures that need no files."""

from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from studio.models import Clip, Member
from tests.browser.test_models import WIDE, opened
from tests.streaming import Server

PICTURE = (Path(__file__).parents[1] / "pictures/wall.webp").read_bytes()
SCROLL = "document.querySelector('[data-wall-scroll]')"
HEIGHT = f"{SCROLL}.scrollHeight"
# What stands at the upper edge of the view, under the toolbar: [clip, pixels from the view's edge].
PLACE = """() => {
  const view = document.querySelector('[data-wall-scroll]').getBoundingClientRect().top + 60;
  const tile = [...document.querySelectorAll('#wall > .tile')].find((one) => one.getBoundingClientRect().bottom > view);
  return [tile.id, Math.round(tile.getBoundingClientRect().top * 10) / 10];
}"""


def wall(
    chromium: Browser, server: Server, member: Member, *, size=WIDE, address: str = "/", **options
) -> Page:
    page = opened(chromium, server, member, size=size, **options)
    page.route("**/media/**", lambda route: route.fulfill(body=PICTURE, content_type="image/webp"))
    page.goto(address)
    page.errors.clear()  # of the page before, whose pictures were asked for
    expect(page.locator("[data-connection]")).to_have_text("Live")
    return page


def tile(page: Page, clip: Clip):
    return page.locator(f"#clip-{clip.pk}")


def focus(page: Page, clip: Clip) -> None:
    tile(page, clip).locator(".tile-link, .tile-title a").first.focus()


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.closest('.tile')?.id ?? ''")


def scroll_to(page: Page, top: float) -> None:
    page.evaluate(f"(top) => {{ {SCROLL}.scrollTop = top }}", top)


def frames(page: Page, count: int = 3) -> None:
    """Let the browser draw so often."""
    page.evaluate(
        "(count) => new Promise((done) => { const next = () => count-- ? requestAnimationFrame(next) : done(); next() })",
        count,
    )


def is_at(page: Page, place: list) -> bool:
    """The tile is where it was; a browser rounds what it scrolls to whole pixels."""
    top = page.evaluate("(id) => document.getElementById(id).getBoundingClientRect().top", place[0])
    return abs(top - place[1]) < 1


def load(page: Page, clip: Clip) -> None:
    """Scroll down until the page with that clip is loaded."""
    for _ in range(400):
        page.evaluate(f"{SCROLL}.scrollTop = {HEIGHT}")
        frames(page)
        page.wait_for_timeout(50)  # the next page is asked for over HTTP
        if page.evaluate(f"Boolean(document.getElementById('clip-{clip.pk}'))"):
            return
    raise AssertionError("never loaded")


def problems(page: Page) -> list[str]:
    """What the browser complains about, without pictures that were cut off when their tile went."""
    return [one for one in page.errors if "ERR_CONTENT_LENGTH_MISMATCH" not in one]
