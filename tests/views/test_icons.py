"""Every icon that a template or a table names is in the file of icons."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r'\{% icon "([a-z-]+)"|\bicon="([a-z-]+)"')


def test_every_icon_that_is_named_is_drawn():
    drawn = set(re.findall(r'id="i-([a-z-]+)"', (ROOT / "static/img/icons.svg").read_text()))
    files = [*ROOT.glob("templates/**/*.html"), *ROOT.glob("studio/**/*.py")]
    named = {first or second for file in files for first, second in NAMED.findall(file.read_text())}
    assert len(named) > 50
    assert named <= drawn
