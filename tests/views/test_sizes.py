"""What the studio page ships, compressed as a server sends it: small enough for a phone."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

from tests.factories import make_member, make_project

pytestmark = pytest.mark.django_db

KB = 1000
MOST_SCRIPT, MOST_STYLE = 90 * KB, 40 * KB
# What a module needs before it runs; import() fetches later, and only where it is asked for.
IMPORTS = re.compile(r'^(?:import|export)\b[^;"]*"(\./[^"]+)"', re.MULTILINE)


def linked(page: str, pattern: str) -> set[str]:
    """Names of static files that the page loads by itself."""
    prefix = re.escape(settings.STATIC_URL)
    return set(re.findall(pattern.replace("STATIC", prefix), page))


def with_imports(names: set[str]) -> set[str]:
    known: set[str] = set()
    waiting = set(names)
    while waiting:
        name = waiting.pop()
        known.add(name)
        found = IMPORTS.findall(read(name).decode())
        asked = {str(Path(name).parent / one.removeprefix("./")) for one in found}
        waiting |= asked - known
    return known


def read(name: str) -> bytes:
    path = finders.find(name)
    assert path, f"{name} is linked but not there"
    return Path(path).read_bytes()


def compressed(names: set[str]) -> int:
    return sum(len(gzip.compress(read(name), 9)) for name in names)


@pytest.fixture(params=["/", "/director/"])
def page(client, request):
    member = make_member()
    make_project(member.team)
    client.force_login(member.user)
    return client.get(request.param).text


def test_scripts_of_the_studio_page(page):
    scripts = with_imports(linked(page, r'<script[^>]+src="STATIC([^"]+)"'))
    assert "js/keys.js" in scripts, "imports are followed"
    assert compressed(scripts) <= MOST_SCRIPT


def test_styles_of_the_studio_page(page):
    styles = linked(page, r'<link[^>]+href="STATIC([^"]+\.css)"')
    assert len(styles) > 3
    assert compressed(styles) <= MOST_STYLE
