"""The FinOps Foundation's own validator reads our export, where it is installed.

It needs Python 3.12, so it lives in an environment of its own:

    python3.12 -m venv ~/focus && ~/focus/bin/pip install focus-validator==2.2.1 "pyarrow<19"
    DAILIES_FOCUS_VALIDATOR=~/focus/bin/focus-validator python -m pytest tests/reports/exports
"""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from studio import ledger
from tests.books import HOSTILE, at, charged_jobs, make_books, noon
from tests.reports.exports.test_exports import made

FAULTS = Path(__file__).parents[2] / "fixtures" / "focus" / "faults.json"
FAILURE = re.compile(r"^- ([\w-]+): violations=\d+; (.*)$", re.MULTILINE)
ONLY_BY_OTHERS = "failed child rules"
SUPPORTED = [
    "ACCOUNT_NAMING", "MULTIPLE_BILLING_ACCOUNT_TYPES", "MULTIPLE_PRICING_CATEGORIES",
    "NEGOTIATED_PRICING", "PUBLIC_PRICE_LIST", "USAGE_MEASUREMENT", "UNIT_PRICING", "SUB_ACCOUNT",
    "MULTIPLE_SUB_ACCOUNT_TYPES", "RESOURCE_TYPE_ASSIGNMENT",
    "BILLING_BASED_ON_PROVISIONED_RESOURCES", "PRICING_BILLING_CURRENCY_DIFFERENCES",
    "VIRTUAL_CURRENCY", "TAGGING",
]  # fmt: skip


@pytest.fixture
def validator() -> Path:
    found = os.environ.get("DAILIES_FOCUS_VALIDATOR") or shutil.which("focus-validator")
    if not found:
        pytest.skip("focus-validator is not installed; the file says how")
    return Path(found)


def told_by(validator: Path, file: Path) -> str:
    """It exits with 0 whatever it finds, and reads its rules from the folder it is started in."""
    (packages,) = validator.parent.parent.glob("lib/python3*/site-packages")
    criteria = ",".join(f"{name}_SUPPORTED" for name in SUPPORTED)
    command = [str(validator), "--data-file", str(file), "--block-download", "--validate-version",
               "1.2.0.1", "--focus-dataset", "CostAndUsage", "--applicability-criteria", criteria]  # fmt: skip
    done = subprocess.run(command, cwd=packages, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.mark.django_db
def test_nothing_fails_but_for_its_own_faults(validator, tmp_path):
    admin = make_books(names=HOSTILE, zone="Europe/Berlin")
    job = charged_jobs(admin.team)[0]
    with at(noon("2026-11-03")):
        ledger.refund(job, 5, native=5, cause="late", actor=None)
    file = tmp_path / "focus.csv"
    file.write_bytes(made(admin.team, "focus"))
    told = told_by(validator, file)
    total, passed = re.search(r"Total: (\d+) \| Pass: (\d+)", told).groups()
    failed = {rule for rule, why in FAILURE.findall(told) if ONLY_BY_OTHERS not in why}
    assert failed <= set(json.loads(FAULTS.read_text())["rules"]), told[
        told.index("--- Failures") :
    ]
    assert int(passed) > 270, (total, passed)
