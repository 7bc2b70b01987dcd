"""A provider's bill in a real browser: from the file to the correction, at a desk and on a phone."""

import json
import re
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ROOT, axe_violations, own_environment

# An admin of the first team, and the bill of five jobs: one is dearer, one line is of no job, one is
# there twice, and one of our charges is missing.
PREPARE = """
import json
from dataclasses import replace
from studio import ledger
from studio.models import Member, User
from studio.services import setup
from tests.bills import as_csv, charged_jobs
team = setup.first_admin().team
user = User.objects.create_user("{name}@x.example", "{name} and a long password", name="Priya Nair")
member = Member.objects.create(team=team, user=user, role="admin")
ledger.grant(team, 10**9, actor=None, cause="test")
rows = charged_jobs(member, [350_000] * 5)
strange = replace(rows[1], reference="", remote_id="job-of-nobody")
bill = [replace(rows[0], native=420_000), rows[1], rows[1], strange, *rows[2:4]]
print(json.dumps([setup.sign_in_token(user), as_csv(bill, delimiter=";").replace(".", ",")]))
"""
# A bill that a worker elsewhere reads; {name} is as above.
READ_ELSEWHERE = (
    PREPARE.split("rows =")[0].replace(
        "import ledger", "import ledger\nfrom studio.models import Bill"
    )
    + """
from datetime import timedelta
from django.utils import timezone
now = timezone.now()
bill = Bill.objects.create(
    team=team, provider="transend", name="Long.csv", digest="{name}", source="uploaded", wanted_at=now,
    starts_on=now.date(), ends_on=now.date(), lease_owner="elsewhere:1:2:3",
    lease_until=now + timedelta(hours=1), done=120_000, line_count=1_000_000, uploaded_by=member,
)
print(json.dumps([setup.sign_in_token(user), str(bill.pk)]))
"""
)
LATER = """
from django.utils import timezone
from studio.models import Bill
Bill.objects.filter(digest="{name}").update(done=500_000)
"""
READ = LATER.replace("done=500_000", 'read_at=timezone.now(), wanted_at=None, lease_owner=""')
CHOSEN = {
    "Our reference": "reference", "Their id": "id", "Time": "time", "Amount": "amount",
    "Currency": "currency", "Numbers are written": "Like 1.234,56",
}  # fmt: skip


@pytest.fixture
def page(desk_or_phone):
    return desk_or_phone


@pytest.fixture
def told(request, studio):
    """Runs lines of Python in the studio, with this test's {name}, and returns what they say."""
    name = re.sub(r"\W", "", request.node.name)

    def tell(text):
        command = [sys.executable, "manage.py", "shell", "-v0", "-c", text.replace("{name}", name)]
        said = subprocess.run(
            [*command, "--data", str(studio.data)], cwd=ROOT, capture_output=True, text=True,
            check=True, env=own_environment(),
        )  # fmt: skip
        return said.stdout

    return tell


@pytest.fixture
def prepared(told):
    """A one-time token, and the text of a bill."""
    return json.loads(told(PREPARE).splitlines()[-1])


def look(page):
    """What axe finds here, and whether the page is wider than the window."""
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return axe_violations(page) + (["too wide"] if wide else [])


def test_how_far_it_is_until_it_is_read(page, told):
    token, bill = json.loads(told(READ_ELSEWHERE).splitlines()[-1])
    page.goto(f"/door/{token}/")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/door/" not in url)
    page.goto(f"/costs/bills/{bill}/")
    bar = page.get_by_role("progressbar", name="Reading: 120,000 of 1,000,000 rows")
    expect(bar).to_have_js_property("value", 120_000)
    assert look(page) == []
    before = page.locator("#reading").bounding_box()
    told(LATER)
    expect(page.get_by_text("Reading: 500,000 of 1,000,000 rows")).to_be_visible()
    assert page.locator("#reading").bounding_box() == before
    told(READ)
    expect(page.get_by_text("The bill and the ledger agree")).to_be_visible()
    assert look(page) == []
    assert page.errors == []


def test_from_the_file_to_the_correction(page, prepared):
    token, text = prepared
    page.goto(f"/door/{token}/")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/door/" not in url)

    page.goto("/costs/bills/")
    assert look(page) == []
    upload = page.locator("#upload")
    upload.get_by_label("Provider").select_option(label="Runware")
    bill = {"name": "November.csv", "mimeType": "text/csv", "buffer": text.encode("utf-16")}
    upload.get_by_label("File").set_input_files(bill)
    upload.get_by_role("button", name="Upload").click()

    expect(page.get_by_role("heading", name="November.csv")).to_be_visible()
    assert look(page) == []
    form = page.locator("#columns")
    for label, option in CHOSEN.items():
        form.get_by_label(label, exact=True).select_option(label=option)
    form.get_by_label("From", exact=True).fill("2026-11-01")
    form.get_by_label("Until", exact=True).fill("2026-11-30")
    form.get_by_role("button", name="Read the bill").click()

    differences = page.locator("#differences")
    expect(differences.get_by_role("heading", name="Another amount")).to_be_visible()
    assert look(page) == []
    differences.get_by_role("button", name="Book 1 amount difference").click()
    expect(differences.get_by_text("Correction of +7 cr")).to_be_visible()
    expect(differences.get_by_text("1 difference booked.")).to_be_visible()

    differences.get_by_role("link", name="Not in our books").click()
    differences.locator("summary", has_text="Note").click()
    differences.get_by_label("Note").fill("Asked Runware")
    differences.get_by_role("button", name="Settle").click()
    expect(differences.get_by_text("Asked Runware")).to_be_visible()

    differences.get_by_role("link", name="On no bill").click()
    differences.get_by_role("button", name="Refund −35 cr").click()
    expect(differences.get_by_text("Refund of −35 cr")).to_be_visible()
    assert look(page) == []
    assert page.errors == []
