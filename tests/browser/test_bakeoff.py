"""A bake-off by the keyboard, and the rehearsal's key, in a real browser."""

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from studio.models import Job
from tests.browser.conftest import axe_violations
from tests.browser.test_models import opened
from tests.factories import make_member, make_price, make_project

pytestmark = pytest.mark.browser


@pytest.fixture
def page(chromium, server, data_folder, sellers, monkeypatch):
    lab = sellers["lab"]
    film = replace(lab.capabilities[0], needs=())
    monkeypatch.setattr(lab, "capabilities", (film, lab.capabilities[1]))
    member = make_member()
    make_project(member.team)
    make_price(provider="lab", credits_per_second=2)
    make_price(credits_per_second=0)
    page = opened(chromium, server, member)
    page.fill("#prompt", "A red door.")
    yield page
    page.context.close()


def open_dialog(page):
    page.get_by_role("heading", name="Director").click()
    page.keyboard.press("b")
    expect(page.locator("[data-bakeoff]")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Animatic")).to_be_focused()


def test_open_tick_and_send_with_the_keyboard(page):
    open_dialog(page)
    expect(page.locator("#bakeoff-body")).to_contain_text("Tick one more")
    page.get_by_role("checkbox", name="Lab Film").focus()
    page.keyboard.press("Space")
    expect(page.locator("[data-bakeoff-send]")).to_contain_text("Send to 2")
    expect(page.locator("[data-bakeoff-send]")).to_contain_text("10 cr")
    assert [one for one in axe_violations(page) if "bake" in one] == []
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("Ordered from 2 models")
    assert sorted(Job.objects.values_list("provider", flat=True)) == ["animatic", "lab"]
    expect(page.locator("[data-bakeoff]")).to_have_count(0)
    assert page.input_value("#prompt") == "A red door."
    assert page.errors == []


def test_escape_closes_it_and_nothing_is_ordered(page):
    open_dialog(page)
    page.keyboard.press("Escape")
    expect(page.locator("[data-bakeoff]")).to_have_count(0)
    expect(page.locator("#director")).to_be_visible()
    assert page.input_value("#prompt") == "A red door."
    assert not Job.objects.exists()


def test_rehearse_by_its_keys(page):
    page.locator("#models label", has_text="Film").click()
    expect(page.locator("[data-rehearse]")).to_be_visible()
    page.locator("#prompt").focus()
    page.keyboard.press("Control+Shift+Enter")
    expect(page.locator("#toasts")).to_contain_text("Animatic rehearses it.")
    job = Job.objects.get()
    assert (job.provider, job.meant.provider) == ("animatic", "lab")
