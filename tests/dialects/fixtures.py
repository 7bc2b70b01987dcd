"""What the documents of the providers show, as files."""

import json
from pathlib import Path
from typing import Any

FIXTURES = Path(__file__).parent.parent / "fixtures"


def fixture(path: str) -> Any:
    """fixture("trinetra/request") is tests/fixtures/trinetra/request.json."""
    return json.loads((FIXTURES / f"{path}.json").read_text())
