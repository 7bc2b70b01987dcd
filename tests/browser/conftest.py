"""A real studio (`manage.py up` on a folder of its own) and a real Chromium to use it with."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
AXE = Path(__file__).with_name("axe.min.js")
# Menus and toasts fade in: what is half there has too little contrast. Spinners never end, what is
# driven by scrolling does not move by itself, and a window behind another one draws nothing.
AT_REST = """async () => {
  const drawn = () => new Promise(requestAnimationFrame);
  const moves = (one) =>
    one.playState === "running" && one.timeline === document.timeline && one.effect.getComputedTiming().endTime !== Infinity;
  const rest = async () => {
    await drawn();
    await drawn();
    await Promise.allSettled(document.getAnimations().filter(moves).map((one) => one.finished));
  };
  await Promise.race([rest(), new Promise((done) => setTimeout(done, 2000))]);
}"""
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
STARTS_WITHIN_SECONDS = 240  # of a machine that does much else


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All browser tests in one process, since they share one studio; and marked as such."""
    for item in items:
        if "tests/browser/" in str(item.path).replace(os.sep, "/"):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@dataclass
class Studio:
    """A running studio. `link` is the printed sign-in link, good once."""

    url: str
    link: str
    data: Path
    process: subprocess.Popen[str]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def own_environment() -> dict[str, str]:
    """This process's environment without the settings of the test run."""
    ours = ("DAILIES_", "DJANGO_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


@pytest.fixture(scope="session")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    data = tmp_path_factory.mktemp("studio")
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "up", "--port", str(port), "--data", str(data)],
        cwd=ROOT, env=own_environment(), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        link = _read_link(process)
        yield Studio(url=f"http://127.0.0.1:{port}", link=link, data=data, process=process)
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)


def _read_link(process: subprocess.Popen[str]) -> str:
    """Read what the studio says until it has printed its link."""
    said: list[str] = []
    deadline = time.monotonic() + STARTS_WITHIN_SECONDS
    assert process.stdout
    for line in process.stdout:
        said.append(line)
        if found := re.search(r"http://\S+/door/\S+", line):
            return found[0]
        if time.monotonic() > deadline:
            break
    raise AssertionError(f"No sign-in link: {''.join(said)}")


@pytest.fixture(scope="module")
def monkeypatch_module() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.fixture(scope="module")
def chromium(monkeypatch_module: pytest.MonkeyPatch) -> Iterator[Browser]:
    """For one file of tests: as long as it runs, Playwright keeps an event loop in this thread."""
    monkeypatch_module.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    expect.set_options(timeout=20_000)  # a busy machine is not a broken page
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next(filter(None, map(shutil.which, names)), None)
    assert path, "Chromium is missing; tests/run installs it."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


def watched(context: BrowserContext) -> Page:
    """A page whose console errors and CSP violations fail the test that reads `page.errors`."""
    page = context.new_page()
    page.errors = []  # type: ignore[attr-defined]
    page.on("console", lambda m: page.errors.append(m.text) if m.type == "error" else None)  # type: ignore[attr-defined]
    page.on("pageerror", lambda error: page.errors.append(str(error)))  # type: ignore[attr-defined]
    return page


LOOKS = [(1440, 900, "dark"), (390, 844, "light")]


@pytest.fixture(params=LOOKS, ids=["desk", "phone"])
def desk_or_phone(
    request: pytest.FixtureRequest, chromium: Browser, studio: Studio
) -> Iterator[Page]:
    """A page of the running studio, on a desk in the dark and on a phone in the light."""
    width, height, theme = request.param
    context = chromium.new_context(
        viewport={"width": width, "height": height}, base_url=studio.url, bypass_csp=False
    )
    context.add_cookies([{"name": "theme", "value": theme, "url": studio.url}])
    yield watched(context)
    context.close()


def axe_violations(page: Page) -> list[str]:
    """What axe finds, one line per element, once all that moves has come to rest.

    The script enters past the CSP, as the page forbids it.
    """
    page.evaluate(AT_REST)
    page.evaluate(AXE.read_text())
    found = page.evaluate(
        "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"
    )
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
    ]


def until(page: Page, expression: str) -> None:
    """Ask again and again from here: the page's own policy forbids it to evaluate strings."""
    for _ in range(200):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never true: {expression}")
