"""Budgets in a real browser: an author over one asks, an admin approves, and the job goes on."""

import re
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ROOT, Studio, axe_violations, own_environment
from tests.browser.test_first_light import join, open_wall

# As narrow as a price can be that another test has set in the same studio, and newer.
PRICE = """
from django.utils import timezone
from studio import ledger
from studio.models import PriceVersion
from studio.services import setup
team = setup.first_admin().team
PriceVersion.objects.create(
    team=team, provider="animatic", model="animatic-1", per="second", amount={credits}_000_000,
    valid_from=timezone.now(), source="test", checked_on=timezone.now().date(),
)
ledger.grant(team, 1_000_000_000, actor=None, cause="test")
"""


def run(studio: Studio, code: str) -> None:
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", code, "--data", str(studio.data)]
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True, env=own_environment())


@pytest.fixture
def priced(studio):
    """Animatic costs 2 credits a second, as long as the test runs."""
    run(studio, PRICE.format(credits=2))
    yield studio
    run(studio, PRICE.format(credits=0))


def test_ask_approve_and_go_on(chromium, priced):
    studio = priced
    admin, author = join(
        studio,
        ("mei@budgets.example", "Mei Lin", "admin"),
        ("jo@budgets.example", "Jo Bo", "author"),
    )

    mei = open_wall(chromium, studio, admin)
    mei.goto(f"{studio.url}/costs/budgets/")
    mei.locator("#new-budget").evaluate("details => details.open = true")
    mei.locator("#cap-member").select_option("Jo Bo")
    mei.locator("#cap-amount").fill("4")
    mei.get_by_role("button", name="Add the budget").click()
    expect(mei.locator("#budgets")).to_contain_text("Jo Bo")
    assert axe_violations(mei) == []

    jo = open_wall(chromium, studio, author)
    jo.locator("[name=prompt]").first.fill("A red door in the snow.")
    ask = jo.get_by_role("button", name=re.compile("^Ask"))
    expect(ask).to_be_visible()
    expect(jo.locator("#offer-note")).to_contain_text(
        "the budget of Jo Bo this month has 4 cr left"
    )
    ask.click()
    tile = jo.locator(".tile", has_text="A red door in the snow").first
    expect(tile).to_have_attribute("data-state", "waiting")
    expect(tile).to_contain_text("are left in the budget of Jo Bo this month.")

    mei.goto(f"{studio.url}/costs/budgets/")
    row = mei.locator("#requests .budget", has_text="Jo Bo").first
    expect(row).to_contain_text("1 job waits")
    mei.set_viewport_size({"width": 390, "height": 844})
    assert axe_violations(mei) == []
    assert mei.evaluate("document.documentElement.scrollWidth") <= 390
    row.get_by_role("button", name=re.compile("^Approve")).click()
    expect(mei.locator("#requests")).to_contain_text("approved by Mei Lin")

    expect(tile).not_to_have_attribute("data-state", "waiting")
    assert (jo.errors, mei.errors) == ([], [])
    for page in (jo, mei):
        page.context.close()
