"""An open page in a real browser, under the product's own content security policy."""

from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.template.loader import render_to_string
from playwright.sync_api import Page, Request, expect

from studio import live as bell
from studio.core.status import JobStatus
from studio.models import Member
from studio.views import cards, live
from tests.browser.conftest import until
from tests.factories import make_job, make_member, make_project
from tests.streaming import Server, address, start_server

pytestmark = pytest.mark.browser


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


WALL = """<!DOCTYPE html><html><head><title>Wall · Dailies</title>
<meta name="htmx-config" content='{{"includeIndicatorCSS":false}}'>
<link rel="stylesheet" href="/static/css/tokens.css">
<link rel="stylesheet" href="/static/css/studio.css">
<link rel="stylesheet" href="/static/css/product.css">
<script defer src="/static/vendor/htmx-4.0.1.min.js"></script>
<script defer src="/static/vendor/hx-sse-4.0.1.min.js"></script>
<script type="module" src="/static/js/live.js"></script></head>
<body data-member="{member}">
<span role="status" data-connection>…</span><button data-new-pill hidden></button>
<p data-announcer aria-live="polite"></p><time data-elapsed datetime="2020-01-01T00:00:00Z">x</time>
<main id="main"><div class="wall" id="wall">{tiles}</div></main><textarea id="prompt"></textarea>
{live}</body></html>"""


@pytest.fixture
def page(chromium, server, author):
    """A page of the wall that is rendered at each visit, by the browser's own route."""
    context = chromium.new_context(base_url=f"http://127.0.0.1:{server.port}")
    context.add_cookies(
        [
            {
                "name": settings.SESSION_COOKIE_NAME,
                "value": session_of(author),
                "url": f"http://127.0.0.1:{server.port}",
            }
        ]
    )
    opened = context.new_page()
    opened.problems = []
    opened.streams = []
    opened.on("console", lambda said: said.type == "error" and opened.problems.append(said.text))
    opened.on("pageerror", lambda error: opened.problems.append(str(error)))
    opened.on("request", lambda one: live.PATH in one.url and opened.streams.append(one.headers))
    opened.route("**/wall", lambda route: route.fulfill(
        body=_answer(author, route.request), content_type="text/html; charset=utf-8", headers=_policy()
    ))  # fmt: skip
    yield opened
    context.close()


def _policy() -> dict[str, str]:
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    policy = "; ".join(f"{name} {' '.join(values)}" for name, values in directives.items())
    return {"Content-Security-Policy": policy}


def _answer(author: Member, request: Request) -> str:
    """The whole page, or for htmx just the tiles of the wall."""
    clips = author.team.clips.newest_first().values_list(*cards.SHOWN)
    tiles = "".join(cards.tiles(clips, team=author.team).values())
    if "hx-target" in request.headers:
        return tiles
    stream = render_to_string("ui/_live.html", {"stream": address(author)})
    return WALL.format(member=author.pk, tiles=tiles, live=stream)


def visit(page: Page) -> None:
    page.goto("/wall")
    expect(page.locator("[data-connection]")).to_have_text("Live")
    expect(page.locator("[data-connection]")).to_have_attribute("data-state", "live")


class TestOpenPage:
    def test_card_changes_in_its_place_and_nothing_else_moves(self, page, author):
        jobs = [make_job(author=author) for _ in range(40)]
        visit(page)
        page.locator("#prompt").fill("half a sentence")
        page.evaluate(
            "scrollTo(0, 300); document.querySelector('.tile:nth-child(9) .tile-title a').focus()"
        )
        before = page.evaluate("[scrollY, document.activeElement.closest('.tile').id]")
        page.evaluate("document.querySelector('.tile:nth-child(9)').dataset.kept = 'yes'")
        for job in jobs:
            job.move(JobStatus.SENDING)
        for job in jobs:
            expect(page.locator(f"#clip-{job.clip_id}")).to_have_attribute("data-state", "sending")
        assert page.evaluate("[scrollY, document.activeElement.closest('.tile').id]") == before
        assert page.locator("#prompt").input_value() == "half a sentence"
        assert page.problems == []

    def test_clips_of_others_wait_behind_a_count_own_ones_do_not(self, page, author):
        other = make_member(team=author.team)
        make_job(author=author)
        visit(page)
        make_job(author=author)
        theirs = [make_job(author=other) for _ in range(2)]
        pill = page.locator("[data-new-pill]")
        expect(pill).to_have_text("2 new clips")
        assert page.locator(".tile").count() == 1
        pill.click()
        expect(page.locator(".tile")).to_have_count(4)
        expect(pill).to_be_hidden()
        assert page.locator(".tile").first.get_attribute("id") == f"clip-{theirs[-1].clip_id}"
        assert page.problems == []

    def test_says_once_what_happened(self, page, author):
        job = make_job(JobStatus.SENDING, author=author)
        visit(page)
        job.move(JobStatus.RUNNING)
        expect(page.locator("[data-announcer]")).to_have_text(f"{job.clip.title}: started.")
        job.move(JobStatus.FAILED)
        expect(page.locator("[data-announcer]")).to_have_text(f"{job.clip.title}: failed.")
        expect(page.locator("time")).to_contain_text(":")

    def test_comes_back_and_fills_in_what_it_missed(self, chromium, page, author, server):
        job = make_job(author=author)
        visit(page)
        job.touch()
        until(page, "document.querySelector('[data-live]')._htmx?.sse?.lastEventId > 0")
        seen = bell.newest_event()
        until(page, f"document.querySelector('[data-live]')._htmx.sse.lastEventId == {seen}")
        server.stop()
        expect(page.locator("[data-connection]")).to_have_attribute("data-state", "catching-up")
        job.move(JobStatus.SENDING)
        again = restart(server)
        try:
            expect(page.locator("[data-connection]")).to_have_text("Live", timeout=30_000)
            expect(page.locator(".tile")).to_have_attribute("data-state", "sending")
            assert page.streams[-1]["last-event-id"] == str(seen)
        finally:
            again.stop()

    def test_polls_where_no_stream_can_be_opened(self, page, author):
        page.route(f"**{live.PATH}?*", lambda route: route.abort())
        job = make_job(author=author)
        page.clock.install()
        page.goto("/wall")
        expect(page.locator("[data-connection]")).to_have_text("Catching up")
        job.move(JobStatus.SENDING)
        page.clock.run_for(6000)
        expect(page.locator(".tile")).to_have_attribute("data-state", "sending")
        expect(page.locator("[data-connection]")).to_have_text("Live")

    def test_says_since_when_it_is_offline(self, page, author):
        page.clock.install()
        page.route("**/changes/**", lambda route: route.abort())
        page.route(f"**{live.PATH}?*", lambda route: route.abort())
        page.goto("/wall")
        expect(page.locator("[data-connection]")).to_have_text("Catching up")
        page.clock.run_for(6000)
        expect(page.locator("[data-connection]")).to_have_attribute("data-state", "offline")
        expect(page.locator("[data-connection]")).to_contain_text("Offline since")

    def test_counts_what_ended_while_it_was_hidden(self, page, author):
        job = make_job(JobStatus.SAVING, author=author)
        visit(page)
        hide = "(is) => { Object.defineProperty(document, 'hidden', {value: is, configurable: true}); document.dispatchEvent(new Event('visibilitychange')) }"
        page.clock.install()
        page.evaluate(hide, True)
        job.move(JobStatus.FAILED)
        page.clock.run_for(16_000)
        expect(page).to_have_title("(1) Wall · Dailies")
        page.evaluate(hide, False)
        expect(page).to_have_title("Wall · Dailies")


def restart(server: Server) -> Server:
    """Another server at the same port, as after an update."""
    return start_server(port=server.port)


def test_vendored_files_say_which_version_they_are():
    text = (Path(settings.BASE) / "static/vendor/htmx-4.0.1.min.js").read_text()
    assert 'version="4.0.1"' in text
