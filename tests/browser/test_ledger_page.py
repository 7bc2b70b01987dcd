"""The ledger and its months in a real browser: read by axe, no wider than the window, under our CSP."""

import re
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ROOT, axe_violations, own_environment

# A month of entries that is over, and the admin's way in.
MAKE = """
from datetime import timedelta
from unittest import mock
from django.utils import timezone
from studio import ledger
from studio.services import setup
admin = setup.first_admin()
with mock.patch.object(timezone, "now", return_value=timezone.now() - timedelta(days=40)):
    for number in range(60):
        ledger.grant(admin.team, 1_000_000, actor=admin, cause=f"For reel {number}")
print(setup.sign_in_token(admin.user))
"""


@pytest.fixture
def page(desk_or_phone):
    return desk_or_phone


@pytest.fixture
def token(studio):
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", MAKE, "--data", str(studio.data)]
    said = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=True, env=own_environment()
    )
    return said.stdout.split()[-1]


def _look(page) -> list[str]:
    """What axe finds, and whether the page is wider than the window."""
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return axe_violations(page) + (["too wide"] if wide else [])


def test_ledger_and_months(page, token):
    page.goto(f"/door/{token}/")
    page.get_by_role("button").first.click()
    page.wait_for_url(lambda url: "/door/" not in url)
    page.goto("/costs/ledger/?kind=grant")
    expect(page.get_by_role("table")).to_contain_text("For reel 59")
    assert _look(page) == []
    page.get_by_label("Kind").select_option("correction")
    page.get_by_label("Until").fill("2001-01-01")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("#entries")).to_contain_text("No entry is like that.")
    assert "kind=correction" in page.url
    page.goto("/costs/ledger/?provider=animatic")
    expect(page.locator("#entry-sums h2")).to_have_text(re.compile(r"^[\d,]+ (entry|entries)$"))
    assert _look(page) == []
    page.goto("/costs/ledger/?kind=grant")
    page.get_by_role("link", name="Older").click()
    expect(page.get_by_role("link", name="Newest")).to_be_visible()
    page.goto("/costs/months/")
    assert _look(page) == []
    page.get_by_role("button", name="Close ").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Nobody can open it again.")
    assert _look(page) == []
    dialog.get_by_role("button", name="Not yet").click()
    expect(dialog).to_be_hidden()
    assert page.errors == []
