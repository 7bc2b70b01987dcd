"""A wall of thousands: only near tiles are in the document, and nothing that people see moves."""

import re
import time

import pytest
from playwright.sync_api import expect

from studio.core.status import JobStatus
from studio.models import Clip, Member
from studio.services import stars, trash
from tests.browser.conftest import until
from tests.browser.walls import (
    HEIGHT,
    PLACE,
    SCROLL,
    focus,
    focused,
    frames,
    is_at,
    load,
    problems,
    scroll_to,
    tile,
    wall,
)
from tests.factories import make_clips, make_job, make_member, make_project

pytestmark = pytest.mark.browser
TILES = "document.querySelectorAll('#wall > .tile').length"
MOST_IN_DOCUMENT = 300
LOADED_WITHIN = 300  # seconds, on a machine that does other things as well
# What there is to tell of a wall that does not go on.
END = """[document.getElementById('older')?.outerHTML, document.querySelectorAll('#wall > .tile').length,
    performance.getEntriesByType('resource').slice(-4).map((one) => [one.name, one.responseStatus])]"""


@pytest.fixture
def member(data_folder) -> Member:
    member = make_member("admin", name="Ana Ruiz")
    make_project(member.team)
    return member


class TestFailures:
    def test_what_did_not_come_is_asked_for_again(self, chromium, server, member):
        clips = make_clips(member, 120)
        page = wall(chromium, server, member)
        lost = iter([lambda one: one.abort(), lambda one: one.fulfill(status=502, body="")])
        page.route(re.compile(r"before="), lambda one: next(lost, lambda one: one.continue_())(one))
        load(page, clips[0])
        assert next(lost, None) is None
        assert len(page.errors) == 3  # of the network twice, of the server once


class TestThousands:
    def test_scrolls_through_1200_with_a_few_hundred_in_the_document(
        self, chromium, server, member
    ):
        clips = make_clips(member, 1200)
        page = wall(chromium, server, member)
        page.locator("fieldset[data-density] label").first.click()
        seen, most, ends = set(), 0, time.monotonic() + LOADED_WITHIN
        while f"clip-{clips[0].pk}" not in seen:
            assert time.monotonic() < ends, page.evaluate(END)
            page.evaluate(f"{SCROLL}.scrollTop += {SCROLL}.clientHeight")
            frames(page, 2)
            there = page.evaluate(
                "[...document.querySelectorAll('#wall > .tile')].map((tile) => tile.id)"
            )
            seen.update(there)
            most = max(most, len(there))
            before = page.evaluate(PLACE)
            frames(page, 2)
            assert page.evaluate(PLACE) == before, "it jumped"
        assert len(seen) >= 1200
        assert most <= MOST_IN_DOCUMENT
        assert problems(page) == []
        # A change far away shows when one comes back, and so does the end of a clip.
        far = Clip.objects.get(pk=clips[1180].pk)
        stars.give(member, far, 5)
        trash.put(member, [clips[1170]])
        made = make_job(JobStatus.QUEUED, author=member, clip=Clip.objects.get(pk=clips[1160].pk))
        until(
            page,
            f"Number(document.querySelector('[data-live]')._htmx.sse.lastEventId) >= {made.clip.rev}",
        )
        assert is_at(page, before)
        scroll_to(page, 0)
        expect(tile(page, far).locator(".tile-meta")).to_contain_text("5 stars")
        expect(tile(page, clips[1160])).to_have_attribute("data-state", "queued")
        expect(tile(page, clips[1170])).to_have_count(0)
        # From a clip far below, back leads to it.
        scroll_to(page, 0.6 * page.evaluate(HEIGHT))
        frames(page)
        place = page.evaluate(PLACE)
        door = page.locator(f"#{place[0]} .tile-link")
        door.focus()
        frames(page)
        place = page.evaluate(PLACE)
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"/clips/\d+/"))
        page.go_back()
        expect(page.locator(f"#{place[0]}")).to_be_visible()
        until(page, f"document.activeElement.closest('.tile')?.id === '{place[0]}'")
        assert is_at(page, place)
        assert page.evaluate(TILES) <= MOST_IN_DOCUMENT
        page.context.close()

    def test_boxes_are_exactly_as_high_as_what_they_hold(self, chromium, server, member):
        clips = make_clips(member, 400)
        page = wall(chromium, server, member)
        load(page, clips[0])
        heights = set()
        for part in (0, 0.13, 0.5, 0.77, 1):
            scroll_to(page, part * page.evaluate(HEIGHT))
            frames(page)
            heights.add(page.evaluate(HEIGHT))
        assert len(heights) == 1
        page.context.close()


class TestPlace:
    @pytest.fixture
    def clips(self, member):
        return make_clips(member, 300)

    @pytest.fixture
    def page(self, chromium, server, member, clips):
        page = wall(chromium, server, member)
        load(page, clips[60])
        scroll_to(page, 5000)
        frames(page)
        yield page
        assert problems(page) == []
        page.context.close()

    @pytest.mark.parametrize("size", ["S", "L"])
    def test_other_size_keeps_the_first_tile_where_it_is(self, page, size):
        before = page.evaluate(PLACE)
        page.locator("fieldset[data-density] label", has_text=size).first.click()
        frames(page)
        after = page.evaluate(PLACE)
        row = page.evaluate(
            "(id) => document.getElementById(id).getBoundingClientRect().top", before[0]
        )
        assert abs(row - before[1]) <= 1, (before, after)

    def test_other_width_keeps_the_first_tile_where_it_is(self, page):
        before = page.evaluate(PLACE)
        page.set_viewport_size({"width": 1100, "height": 900})
        frames(page)
        row = page.evaluate(
            "(id) => document.getElementById(id).getBoundingClientRect().top", before[0]
        )
        assert abs(row - before[1]) <= 1

    def test_reload_deep_in_the_list_asks_for_the_page_of_the_place(self, page, clips):
        before = page.evaluate(PLACE)
        left = page.evaluate(
            "(id) => document.getElementById(id).getBoundingClientRect().left", before[0]
        )
        page.reload()
        expect(page.locator(f"#{before[0]}")).to_be_visible()
        frames(page)
        assert is_at(page, before)
        # Upwards the newer ones come, in the same columns, up to the first.
        for _ in range(60):
            page.evaluate(f"{SCROLL}.scrollTop -= 600")
            frames(page)
            if page.evaluate(f"{SCROLL}.scrollTop < 1 && !document.getElementById('newer')"):
                break
        expect(tile(page, clips[-1])).to_be_visible()
        expect(page.locator("h2.day:visible")).to_have_count(1)
        ids = page.evaluate("[...document.querySelectorAll('#wall > .tile')].map((one) => one.id)")
        assert ids == sorted(set(ids), key=lambda one: -int(one[5:]))
        scroll_to(page, 5000)
        frames(page)
        again = page.evaluate(
            "(id) => document.getElementById(id)?.getBoundingClientRect().left", before[0]
        )
        assert again == left

    def test_a_change_in_the_same_frame_does_not_undo_a_scroll(self, page):
        gone = "document.querySelector('#wall > .tile:last-of-type').remove()"
        page.evaluate(f"{SCROLL}.scrollTop = 2000; {gone}")
        frames(page)
        assert page.evaluate(f"{SCROLL}.scrollTop") == 2000

    def test_a_link_to_the_wall_begins_at_the_top(self, page):
        page.goto("/queue/")
        page.locator(".rail-logo").click()
        expect(page.locator("[data-connection]")).to_have_text("Live")
        assert page.evaluate(f"{SCROLL}.scrollTop") == 0

    def test_focus_is_kept_though_its_tile_is_far(self, page, clips):
        (first, _) = page.evaluate(PLACE)
        page.locator(f"#{first} .tile-link").focus()
        scroll_to(page, 0)
        frames(page)
        assert focused(page) == first
        page.keyboard.press("ArrowRight")
        expect(page.locator(f"#clip-{int(first[5:]) - 1}")).to_be_in_viewport()

    def test_key_of_the_wall_leads_to_the_first_tile(self, page, clips):
        (first, _) = page.evaluate(PLACE)
        page.locator(f"#{first} .tile-link").focus()
        page.keyboard.press("g")
        until(page, f"document.activeElement.closest('.tile')?.id === 'clip-{clips[-1].pk}'")

    def test_starring_liking_and_what_others_trash_moves_nothing(self, page, member, clips):
        (first, _) = page.evaluate(PLACE)
        page.locator(f"#{first} .tile-link").focus()
        frames(page)
        before, top = page.evaluate(PLACE), page.evaluate(f"{SCROLL}.scrollTop")
        page.keyboard.press("4")
        expect(page.locator(f"#{first} .tile-meta")).to_contain_text("4 stars")
        page.keyboard.press("f")
        expect(page.locator(f"#{first} [data-favorite]")).to_have_attribute("aria-pressed", "true")
        assert (page.evaluate(PLACE), page.evaluate(f"{SCROLL}.scrollTop")) == (before, top)
        assert focused(page) == first
        # Whole rows above go: the rest stays under the eye.
        above = [clip for clip in clips if clip.pk > int(first[5:])]
        gone = trash.put(member, above[-8:])
        until(
            page,
            f"Number(document.querySelector('[data-live]')._htmx.sse.lastEventId) >= {Clip.objects.get(pk=gone.clips[-1]).rev}",
        )
        frames(page)
        assert is_at(page, before)

    def test_a_new_clip_of_ones_own_is_shown_at_the_top_once(self, page, clips):
        page.fill("#prompt", "A red door in the snow.")
        page.locator("#generate button").first.click()
        until(page, f"{SCROLL}.scrollTop === 0")
        until(page, "document.querySelector('#today').nextElementSibling.matches('.tile')")
        ids = page.evaluate("[...document.querySelectorAll('#wall > .tile')].map((one) => one.id)")
        assert ids[1] == f"clip-{clips[-1].pk}"
        assert len(ids) == len(set(ids))

    def test_selection_is_kept_out_of_the_document(self, page, clips):
        (first, _) = page.evaluate(PLACE)
        page.locator(f"#{first} .tile-link").focus()
        page.keyboard.press("Space")
        page.evaluate("document.activeElement.blur()")
        scroll_to(page, 0)
        frames(page)
        assert page.locator(f"#{first}").count() == 0
        expect(page.locator("[data-selected]")).to_have_text("1 selected")
        scroll_to(page, 5000)
        expect(page.locator(f"#{first} .tile-select")).to_be_checked()


class TestNews:
    def test_new_clips_of_others_come_once_though_the_rest_is_out_of_the_document(
        self, chromium, server, member
    ):
        clips = make_clips(member, 200)
        page = wall(chromium, server, member)
        load(page, clips[20])
        mate = make_member(team=member.team)
        made = make_job(JobStatus.QUEUED, author=mate)
        pill = page.locator("[data-new-pill]")
        expect(pill).to_have_text("1 new clip")
        pill.click()
        expect(tile(page, made.clip)).to_be_visible()
        ids = page.evaluate("[...document.querySelectorAll('#wall > .tile')].map((one) => one.id)")
        assert len(ids) == len(set(ids))
        assert problems(page) == []
        page.context.close()

    def test_trash_that_is_taken_back_comes_to_its_place(self, chromium, server, member):
        clips = make_clips(member, 60)
        page = wall(chromium, server, member)
        focus(page, clips[55])
        page.keyboard.press("Delete")
        expect(tile(page, clips[55])).to_have_count(0)
        assert focused(page) == f"clip-{clips[54].pk}"
        page.locator("[data-toast] .btn", has_text="Undo").click()
        expect(tile(page, clips[55])).to_be_visible()
        order = page.evaluate(
            "[...document.querySelectorAll('#wall > .tile')].map((one) => one.id)"
        )
        at = order.index(f"clip-{clips[55].pk}")
        assert order[at - 1 : at + 2 : 2] == [f"clip-{clips[56].pk}", f"clip-{clips[54].pk}"]
        assert problems(page) == []
        page.context.close()
