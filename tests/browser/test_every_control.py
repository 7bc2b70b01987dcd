"""Every setting of every model that there is: in the director, with a label that can be seen."""

import pytest
from django.conf import settings
from playwright.sync_api import Page

from studio.core.spec import FILES
from studio.forms.fields import parts_of
from studio.forms.orders import all_capabilities, key_of
from studio.models import StoredAccount, StoredDraft
from studio.providers import registry
from tests.browser.conftest import axe_violations
from tests.browser.test_models import opened
from tests.factories import make_member, make_project

pytestmark = pytest.mark.browser

# The label that stands at a control: its own, that of its group, or what it is described as.
LABELED = """(names) => names.flatMap((name) => [
  ...document.querySelectorAll(`#director [name="${CSS.escape(name)}"]:not([type=hidden])`),
]).filter((control) => control.tabIndex >= 0 && control.checkVisibility()).map((control) => {
  const group = control.closest(".opt") ?? control.closest(".field");
  const heading = control.closest("section, .cam")?.querySelector("h3");
  return [...(control.labels ?? []), group, heading].map((one) => one?.innerText ?? "").join(" ");
})"""
OPEN_ALL = (
    "() => document.querySelectorAll('#director details').forEach((one) => (one.open = true))"
)


@pytest.fixture
def member(data_folder, monkeypatch):
    """A studio that every provider can reach, with a key for each."""
    member = make_member()
    make_project(member.team)
    monkeypatch.setattr(settings, "PUBLIC_URL", "https://studio.example")
    registry.all_providers.cache_clear()
    for slug in registry.all_providers():
        account = StoredAccount(provider=slug)
        account.lock_up("a key of no use")
        account.save()
    yield member
    registry.all_providers.cache_clear()


def labels_of(page: Page, names) -> str:
    return " ".join(page.evaluate(LABELED, list(names))).lower()


def test_is_reachable_and_labeled(chromium, server, member):
    """One browser for all models: each is the kept draft's once."""
    draft = StoredDraft.objects.create(member=member, project=member.team.projects.get())
    page = opened(chromium, server, member)
    missing, found = [], []
    for able in all_capabilities():
        draft.fields = {"model": [key_of(able)], "drawn_for": [key_of(able)]}
        draft.rev += 1
        draft.save()
        page.goto("/director/")
        page.evaluate(OPEN_ALL)
        wanted = {param.label: parts_of(param) for param in able.params if param.name != "prompt"}
        wanted |= {words: [f"{name}_file"] for name, words in FILES.items() if getattr(able, name)}
        wanted["Shot"] = ["prompt"]
        missing += [
            f"{key_of(able)}: {label}"
            for label, names in wanted.items()
            if label.lower() not in labels_of(page, names)
        ]
        found += [f"{key_of(able)}: {said}" for said in axe_violations(page)]
    page.context.close()
    assert len(all_capabilities()) > 8
    assert (missing, found) == ([], [])
