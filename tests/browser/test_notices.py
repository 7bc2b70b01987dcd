"""The bell in open pages, the list by keyboard, what is heard as a table of boxes, and the browser."""

import re
import subprocess
import sys
import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ROOT, Studio, axe_violations, own_environment, watched
from tests.browser.test_first_light import join

LOOKS = [(1440, 900, "dark"), (390, 844, "light")]
TELL = """
from django.db import transaction
from studio import notices
from studio.core.notices import Kind
from studio.models import Member
import time
member = Member.objects.get(user__email="{email}")
with transaction.atomic():
    for number in range({count}):
        notices.tell(
            kind=Kind.NOTE, cause="test {cause} " + str(number), to=[member],
            about=notices.About(team=member.team), subject="{subject}", who="Ben Ode",
            text="More snow.",
        )
print(time.time())
"""
# Counts what the browser is asked to say, as if nobody looked at the page.
SPY = """
window.said = [];
window.Notification = class extends EventTarget {
  static permission = "granted";
  static requestPermission = async () => "granted";
  constructor(title, options) { super(); window.said.push(`${title}: ${options.body}`); }
};
document.hasFocus = () => false;
"""

NOTE_THE_TIME = """
new MutationObserver(() => (window.rungAt ??= Date.now()))
  .observe(document.querySelector("[data-bell-count]"), { attributes: true });
"""


def tell(studio: Studio, email: str, subject: str, count: int = 1) -> float:
    """As another process of the studio does it; the moment of its commit."""
    code = TELL.format(email=email, subject=subject, count=count, cause=time.monotonic_ns())
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", code, "--data", str(studio.data)]
    said = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=True, env=own_environment()
    )
    return float(said.stdout.split()[-1])


@pytest.fixture
def person(request, studio):
    """E-mail and one-time token of somebody of this test's own."""
    email = f"{abs(hash(request.node.name))}@notices.example"
    return email, join(studio, (email, "Ana Ruiz", "admin"))[0]


def enter(page: Page, studio: Studio, token: str) -> Page:
    page.goto(f"{studio.url}/door/{token}/")
    page.get_by_role("button", name=re.compile("^Sign in as")).click()
    page.wait_for_url(lambda url: "/door/" not in url)
    return page


def bell(page: Page):
    return page.locator("[data-bell]")


class TestBell:
    def test_counts_within_moments_and_reads_by_keyboard(self, chromium, studio, person):
        email, token = person
        page = enter(watched(chromium.new_context()), studio, token)
        page.goto(studio.url)
        expect(page.locator("[data-connection]").first).to_have_text("Live")
        expect(page.locator("[data-bell-count]")).to_be_hidden()
        page.evaluate(NOTE_THE_TIME)
        committed = tell(studio, email, "Red door")
        expect(page.locator("[data-bell-count]")).to_have_text("1")
        waited = page.evaluate("window.rungAt") / 1000 - committed
        print(f"\nFrom commit to bell: {waited:.2f} s")
        assert waited < 5, "the stream hints at it; by itself the page asks only once a minute"
        expect(page.locator("[data-bell-said]")).to_have_text("1 new notice")
        tell(studio, email, "Blue door", count=2)
        expect(page.locator("[data-bell-words]")).to_have_text("Notices, 3 new")
        bell(page).focus()
        page.keyboard.press("Enter")
        expect(page.locator("#bell-list .notice")).to_have_count(3)
        expect(page.locator("#bell-list .notice").first).to_contain_text("Blue door Ben Ode wrote")
        assert axe_violations(page) == []
        tell(studio, email, "Green door")
        expect(page.locator("#bell-list .notice")).to_have_count(4)
        page.get_by_role("button", name="Mark all read").focus()
        page.keyboard.press("Enter")
        expect(page.locator("[data-bell-count]")).to_be_hidden()
        expect(page.locator("#bell-list [data-unread]")).to_have_count(0)
        page.keyboard.press("Escape")
        expect(page.locator("#bell")).to_be_hidden()
        expect(bell(page)).to_be_focused()
        assert page.errors == []
        page.context.close()

    def test_pages_without_a_stream_ask_by_themselves_and_tabs_tell_each_other(
        self, chromium, studio, person
    ):
        email, token = person
        context = chromium.new_context()
        page = enter(watched(context), studio, token)
        page.goto(f"{studio.url}/settings/profile/")
        other = watched(context)
        other.goto(f"{studio.url}/settings/profile/")
        tell(studio, email, "Red door")
        for one in (page, other):
            expect(one.locator("[data-bell-count]")).to_have_text("1", timeout=10_000)
        other.goto(f"{studio.url}/notices/")
        other.get_by_role("button", name="Mark all read").click()
        expect(page.locator("[data-bell-count]")).to_be_hidden()
        assert page.errors == other.errors == []
        context.close()

    def test_leads_to_the_list_without_scripts(self, chromium, studio, person):
        email, token = person
        context = chromium.new_context(java_script_enabled=False)
        page = enter(context.new_page(), studio, token)
        tell(studio, email, "Red door")
        page.goto(f"{studio.url}/settings/profile/")
        bell(page).click()
        page.get_by_role("link", name="All notices").click()
        expect(page.locator(".notice[data-unread]")).to_have_count(1)
        page.get_by_role("button", name="Mark all read").click()
        expect(page.locator(".notice[data-unread]")).to_have_count(0)
        context.close()


class TestBrowser:
    def test_each_is_said_once_however_many_tabs_are_open(self, chromium, studio, person):
        email, token = person
        context = chromium.new_context()
        context.add_init_script(SPY)
        tabs = [enter(watched(context), studio, token), watched(context), watched(context)]
        tabs[0].goto(f"{studio.url}/settings/notices/")
        switch = tabs[0].locator("[data-browser-switch]")
        expect(switch).to_have_attribute("aria-pressed", "false")
        switch.click()
        expect(switch).to_have_attribute("aria-pressed", "true")
        for tab in tabs[1:]:
            tab.goto(studio.url)
            expect(tab.locator("[data-connection]").first).to_have_text("Live")
        tell(studio, email, "Red door")
        for tab in tabs:
            expect(tab.locator("[data-bell-count]")).to_have_text("1")
        tell(studio, email, "Blue door", count=5)
        for tab in tabs:
            expect(tab.locator("[data-bell-count]")).to_have_text("6")
        for tab in tabs * 2:  # each asks again, and then again, which is after the first answer
            with tab.expect_response("**/notices/unread/"):
                tab.evaluate("document.dispatchEvent(new CustomEvent('dailies:notice'))")
        said = [one for tab in tabs for one in tab.evaluate("window.said")]
        assert sorted(said) == [
            "Dailies: 5 new notices",
            "Red door: Ben Ode wrote a note\nMore snow.",
        ]
        switch.click()
        expect(switch).to_have_attribute("aria-pressed", "false")
        context.close()


@pytest.fixture(params=LOOKS, ids=["desk", "phone"])
def page(request, chromium, studio, person):
    width, height, theme = request.param
    context = chromium.new_context(viewport={"width": width, "height": height})
    context.add_cookies([{"name": "theme", "value": theme, "url": studio.url}])
    yield enter(watched(context), studio, person[1])
    context.close()


class TestPages:
    def test_are_readable_at_every_size(self, page, studio, person):
        tell(studio, person[0], "Averylongtitle" * 8, count=45)
        for address in ("/notices/", "/settings/notices/"):
            page.goto(f"{studio.url}{address}")
            assert axe_violations(page) == []
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.goto(f"{studio.url}/notices/")
        page.locator("#older").scroll_into_view_if_needed()
        expect(page.locator(".notice")).to_have_count(45)
        page.goto(studio.url)
        bell(page).click()
        expect(page.locator("#bell-list .notice")).to_have_count(8)
        assert axe_violations(page) == []
        assert page.errors == []

    def test_what_is_heard_is_chosen_by_keyboard(self, page, studio):
        page.goto(f"{studio.url}/settings/notices/")
        first = page.get_by_label("A job of mine is done: In Dailies")
        expect(first).to_be_checked()
        first.focus()
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
        expect(page.get_by_label("A job of mine is done: Browser")).to_be_focused()
        page.keyboard.press("Space")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Saved. It counts from now on.")).to_be_visible()
        page.reload()
        expect(page.get_by_label("A job of mine is done: In Dailies")).not_to_be_checked()
        expect(page.get_by_label("A job of mine is done: Browser")).not_to_be_checked()
        expect(page.get_by_label("A job of mine failed: In Dailies")).to_be_checked()
        page.fill("[name=quiet_from]", "22:00")
        page.fill("[name=quiet_until]", "22:00")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("must end at another time")
        expect(page.locator("[name=quiet_from]")).to_have_value("22:00")
        assert axe_violations(page) == []
        # A refused form is 422, which the console mentions.
        assert all("422" in one for one in page.errors)

    def test_webhook_is_added_tested_and_says_what_came(self, page, studio):
        page.goto(f"{studio.url}/settings/notices/")
        section = page.locator("#endpoints-team")
        section.locator("summary").click()
        section.get_by_label("Name").fill("Board")
        section.get_by_label("Address").fill("http://127.0.0.1:9/in")
        section.get_by_role("button", name="Add", exact=True).click()
        expect(section).to_contain_text("leads to this machine")
        expect(section.get_by_label("Name")).to_have_value("Board")
        assert axe_violations(page) == []
