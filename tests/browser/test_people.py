"""Door, first run and settings in a real browser: read by axe, walked by keyboard, under our CSP."""

import os
import subprocess
import sys

import pytest

from tests.browser.conftest import ROOT, axe_violations

INSIDE = [
    "/settings/profile/", "/settings/team/", "/settings/projects/", "/settings/providers/",
    "/settings/prices/", "/settings/prices/history/?provider=runware&model=klingai:6@1",
    "/settings/budget/", "/welcome/team/", "/welcome/project/",
]  # fmt: skip
AT_THE_DOOR = ["/sign-in/", "/sign-in/forgotten/"]
NOT_OURS = ("DAILIES_", "DJANGO_")  # settings of this test run, which the studio does not have
PASSWORD = "a long and quite new password"
MAKE_ADMIN = """
from studio.models import Member, User
from studio.services import setup
user = User.objects.create_user("{email}", "{password}", name="Priya Nair")
Member.objects.create(team=setup.first_admin().team, user=user, role="admin")
print(setup.sign_in_token(user))
"""


@pytest.fixture
def page(desk_or_phone):
    return desk_or_phone


@pytest.fixture
def admin(request, studio):
    """E-mail and one-time token of an admin of this test's own."""
    email = f"{abs(hash(request.node.name))}@x.example"
    code = MAKE_ADMIN.format(email=email, password=PASSWORD)
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", code, "--data", str(studio.data)]
    own = {name: value for name, value in os.environ.items() if not name.startswith(NOT_OURS)}
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, env=own)
    return email, said.stdout.split()[-1]


def _sign_in(page, email) -> None:
    """By keyboard alone: the e-mail, Tab, the password, Enter."""
    page.goto("/sign-in/")
    page.focus("[name=email]")
    page.keyboard.type(email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/sign-in/" not in url)


def _look(page, address) -> list[str]:
    """What axe finds there, and whether the page is wider than the window."""
    page.goto(address)
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return axe_violations(page) + ([f"{address} is too wide"] if wide else [])


class TestPages:
    def test_door(self, page, admin):
        _, token = admin
        for address in [*AT_THE_DOOR, f"/door/{token}/"]:
            assert _look(page, address) == []
        assert page.errors == []

    def test_settings_and_first_run(self, page, admin):
        _sign_in(page, admin[0])
        for address in INSIDE:
            assert _look(page, address) == []
            assert page.url.endswith(address)
        assert page.errors == []


class TestTeam:
    def test_link_of_an_invitation_opens_for_somebody_else(self, page, admin, chromium):
        _sign_in(page, admin[0])
        page.goto("/settings/team/")
        page.click("text=Make a link")
        link = page.input_value("#invitation-link")
        guest = chromium.new_context().new_page()
        guest.goto(link)
        guest.fill("[name=name]", "Mei Tanaka")
        guest.fill("[name=email]", f"mei-{admin[0]}")
        guest.fill("[name=password]", PASSWORD)
        guest.keyboard.press("Enter")
        guest.wait_for_url(lambda url: "/join/" not in url)
        guest.context.close()
        page.reload()
        assert f"mei-{admin[0]}" in page.inner_text("#members")


class TestPrices:
    def test_preview_follows_the_typing_and_the_price_is_set_in_place(self, page, admin):
        _sign_in(page, admin[0])
        page.goto("/settings/prices/")
        page.fill("#price-amount", "2")
        page.wait_for_selector("#price-preview b")
        assert "would cost 10 cr" in page.inner_text("#price-preview")
        page.fill("#price-amount", "0")
        page.click("text=Set the price")
        page.wait_for_selector("text=The price is valid from now on.")
        assert page.errors == []
