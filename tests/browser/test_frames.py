"""Slots for first and last frames in a real browser: pick, drop, paste, swap, remove."""

import base64

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.template.loader import render_to_string
from playwright.sync_api import Page, expect

from studio.forms.orders import all_capabilities
from studio.models import Asset, Member
from studio.views.slots import files_of
from tests.browser.conftest import axe_violations, until
from tests.factories import make_member, make_project
from tests.storage import pictures

pytestmark = pytest.mark.browser
TOKEN = "t" * 32
FORM = """<!DOCTYPE html><html lang="en"><head><title>Compose · Dailies</title>
<link rel="stylesheet" href="/static/css/tokens.css"><link rel="stylesheet" href="/static/css/studio.css">
<link rel="stylesheet" href="/static/css/product.css"><link rel="stylesheet" href="/static/css/frames.css">
<script type="module" src="/static/js/frames.js"></script></head><body><main><h1>Compose</h1>
<form class="compose" method="post" action="/sent/" enctype="multipart/form-data" data-frames-form>
<input type="hidden" name="csrfmiddlewaretoken" value="{token}"><div class="compose-row">{frames}
<label class="sr" for="prompt">Describe the shot</label><textarea id="prompt"></textarea></div>
<button id="generate" type="submit">Generate</button></form></main></body></html>"""
# Fires a drop on, or a paste into, the element with these [name, type, base64] files.
GIVE = """([selector, kind, files]) => {
  const transfer = new DataTransfer();
  for (const [name, type, data] of files) {
    const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
    transfer.items.add(new File([bytes], name, { type }));
  }
  const options = { bubbles: true, cancelable: true, dataTransfer: transfer, clipboardData: transfer };
  const Kind = kind === "paste" ? ClipboardEvent : DragEvent;
  return document.querySelector(selector).dispatchEvent(new Kind(kind, options));
}"""


@pytest.fixture
def author(data_folder) -> Member:
    member = make_member()
    make_project(member.team)
    return member


def session_of(member: Member) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(member.user_id)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = member.user.get_session_auth_hash()
    session.save()
    return session.session_key


@pytest.fixture
def page(chromium, server, author):
    """A form with both slots, under the product's policy, with the real server behind it."""
    base = f"http://127.0.0.1:{server.port}"
    cookies = {
        settings.SESSION_COOKIE_NAME: session_of(author), settings.CSRF_COOKIE_NAME: TOKEN,
    }  # fmt: skip
    context = chromium.new_context(base_url=base)
    context.add_cookies([{"name": n, "value": v, "url": base} for n, v in cookies.items()])
    opened = context.new_page()
    opened.problems = []
    opened.on("console", lambda said: said.type == "error" and opened.problems.append(said.text))
    opened.on("pageerror", lambda error: opened.problems.append(str(error)))
    html = FORM.format(
        token=TOKEN,
        frames=render_to_string(
            "compose/_frames.html", {"files": files_of(all_capabilities()[0], {})}
        ),
    )
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    policy = "; ".join(f"{name} {' '.join(values)}" for name, values in directives.items())
    opened.route("**/compose", lambda route: route.fulfill(
        body=html, content_type="text/html; charset=utf-8",
        headers={"Content-Security-Policy": policy},
    ))  # fmt: skip
    opened.goto("/compose")
    yield opened
    context.close()


def file(name: str, data: bytes, kind: str = "image/png") -> dict:
    return {"name": name, "mimeType": kind, "buffer": data}


def pick(page: Page, slot: str, name: str, data: bytes) -> None:
    page.locator(f"#slot-{slot} [data-slot-file]").set_input_files(file(name, data))


def give(page: Page, selector: str, kind: str, *files: tuple[str, bytes]) -> None:
    packed = [[name, "image/png", base64.b64encode(data).decode()] for name, data in files]
    page.evaluate(GIVE, [selector, kind, packed])


def shown(page: Page, slot: str):
    return page.locator(f"#slot-{slot} img")


def value(page: Page, slot: str) -> str:
    return page.locator(f'input[type="hidden"][name="{slot}"]').input_value()


def is_drawn(page: Page, slot: str) -> bool:
    expect(shown(page, slot)).to_be_visible()
    picture = f"document.querySelector('#slot-{slot} img')"
    until(page, f"{picture}?.naturalWidth > 0")
    return True


class TestSlots:
    def test_a_picked_picture_is_shown_and_carried_by_the_form(self, page, author):
        pick(page, "first_frame", "door.png", pictures.png())
        assert is_drawn(page, "first_frame")
        assert value(page, "first_frame") == str(Asset.objects.get(team=author.team).pk)
        expect(page.locator("[data-frames-status]")).to_have_text("First frame is door.png")
        assert page.problems == []

    def test_a_wrong_file_is_told_and_the_old_picture_stays(self, page):
        pick(page, "first_frame", "door.png", pictures.png())
        is_drawn(page, "first_frame")
        before = value(page, "first_frame")
        page.locator("#prompt").fill("half a sentence")
        pick(page, "first_frame", "notes.png", b"Shots for Tuesday")
        problem = page.locator("#slot-first_frame .frame-problem")
        expect(problem).to_have_text(
            "First frame must be a PNG, JPEG or WebP picture; “notes.png” is a text file."
        )
        assert value(page, "first_frame") == before
        assert page.locator("#prompt").input_value() == "half a sentence"
        assert axe_violations(page) == []

    def test_a_file_that_is_too_large_is_not_even_sent(self, page):
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        pick(page, "last_frame", "heavy.png", b"x" * (settings.UPLOAD_MAX_BYTES + 1))
        problem = page.locator("#slot-last_frame .frame-problem")
        expect(problem).to_have_text("Last frame may have at most 20 MB.")
        assert asked == []

    def test_two_pictures_dropped_anywhere_are_first_and_last(self, page):
        give(
            page, "#generate", "drop", ("a.png", pictures.png()), ("b.png", pictures.png((99, 88)))
        )
        assert is_drawn(page, "first_frame")
        assert is_drawn(page, "last_frame")
        expect(shown(page, "first_frame")).to_have_attribute("alt", "First frame: a.png")
        expect(shown(page, "last_frame")).to_have_attribute("alt", "Last frame: b.png")

    def test_a_picture_dropped_on_a_slot_goes_there(self, page):
        give(page, "#slot-last_frame label", "drop", ("a.png", pictures.png()))
        assert is_drawn(page, "last_frame")
        expect(shown(page, "first_frame")).to_have_count(0)

    def test_a_pasted_picture_goes_to_the_first_empty_slot(self, page):
        for name, size in (("a.png", (99, 88)), ("b.png", (88, 99))):
            give(page, "#prompt", "paste", (name, pictures.png(size)))
            expect(page.locator(f'img[alt$="{name}"]')).to_be_visible()
        assert is_drawn(page, "first_frame")
        assert is_drawn(page, "last_frame")
        assert page.problems == []

    def test_swap_and_remove_by_key(self, page):
        give(page, "#prompt", "drop", ("a.png", pictures.png()), ("b.png", pictures.png((99, 88))))
        is_drawn(page, "first_frame")
        is_drawn(page, "last_frame")
        keys = value(page, "first_frame"), value(page, "last_frame")
        page.get_by_role("button", name="Swap first and last frame").press("Enter")
        expect(shown(page, "first_frame")).to_have_attribute("alt", "First frame: b.png")
        expect(shown(page, "last_frame")).to_have_attribute("alt", "Last frame: a.png")
        assert (value(page, "last_frame"), value(page, "first_frame")) == keys
        page.get_by_role("button", name="Remove the first frame").press("Enter")
        expect(shown(page, "first_frame")).to_have_count(0)
        expect(page.locator("#slot-first_frame [data-slot-file]")).to_be_focused()
        assert axe_violations(page) == []
        assert page.problems == []

    def test_generate_while_a_picture_is_on_its_way_sends_it_with_the_form(self, page):
        sent = []
        page.route("**/frames/", lambda route: None)  # never answered
        page.route("**/sent/", lambda route: (sent.append(route.request.post_data_buffer),
                                              route.fulfill(body="ok"))[1])  # fmt: skip
        give(page, "#prompt", "drop", ("a.png", pictures.png()))
        expect(page.locator("#slot-first_frame")).to_have_attribute("aria-busy", "true")
        page.locator("#generate").click()
        expect(page.locator("body")).to_have_text("ok")
        assert b'name="first_frame_file"; filename="a.png"' in sent[0]

    def test_a_lost_connection_is_told(self, page):
        page.route("**/frames/", lambda route: route.abort())
        pick(page, "first_frame", "door.png", pictures.png())
        problem = page.locator("#slot-first_frame .frame-problem")
        expect(problem).to_contain_text("could not be sent")
        expect(page.locator("#slot-first_frame")).to_have_attribute("aria-busy", "false")

    def test_whoever_was_signed_out_is_told(self, page):
        page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
        pick(page, "first_frame", "door.png", pictures.png())
        problem = page.locator("#slot-first_frame .frame-problem")
        expect(problem).to_contain_text("You are signed out")
