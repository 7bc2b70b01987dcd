"""Keeping order on the wall with keys, the mouse and a finger."""

import re

import pytest
from playwright.sync_api import Page, expect

from studio.models import Board, Clip, Favorite, Member, Role, Tag
from studio.services import placements, trash
from tests.browser.conftest import axe_violations, until
from tests.browser.test_models import NARROW, opened
from tests.browser.walls import focus, focused, frames, problems, tile, wall
from tests.factories import make_board, make_clips, make_member, make_project

pytestmark = pytest.mark.browser


@pytest.fixture
def member(data_folder) -> Member:
    member = make_member("admin", name="Ana Ruiz")
    make_project(member.team)
    return member


@pytest.fixture
def clips(member) -> list[Clip]:
    """Newest first, as they stand on the wall."""
    return make_clips(member, 12)[::-1]


@pytest.fixture
def page(chromium, server, member, clips):
    page = wall(chromium, server, member)
    yield page
    assert problems(page) == []
    page.context.close()


def said(page: Page, words: str) -> None:
    expect(page.locator("[data-toast]", has_text=words).last).to_be_visible()


def undo(page: Page) -> None:
    page.locator("[data-toast] .btn", has_text="Undo").last.click()


def chosen(page: Page) -> list[str]:
    return page.evaluate(
        "[...document.querySelectorAll('.tile-select:checked')].map((box) => box.value)"
    )


def keys(clips) -> list[str]:
    return [str(clip.pk) for clip in clips]


class TestKeys:
    def test_stars_and_favorite(self, page, member, clips):
        focus(page, clips[1])
        page.keyboard.press("5")
        expect(tile(page, clips[1]).locator(".tile-meta")).to_contain_text("5 stars")
        page.keyboard.press("0")
        expect(tile(page, clips[1]).locator(".tile-meta")).not_to_contain_text("stars")
        page.keyboard.press("f")
        expect(tile(page, clips[1])).to_have_attribute("data-liked", "")
        until(
            page,
            "document.querySelector('[data-place=\"is:favorite\"] .count').textContent === '1'",
        )
        assert Favorite.objects.get().clip == clips[1]
        page.reload()
        expect(tile(page, clips[1])).to_have_attribute("data-liked", "")
        until(page, f"document.activeElement.closest('.tile')?.id === 'clip-{clips[1].pk}'")

    def test_space_shift_all_and_none(self, page, clips):
        focus(page, clips[0])
        page.keyboard.press("Space")
        for _ in range(3):
            page.keyboard.press("ArrowRight")
        page.keyboard.press("Shift+Space")
        assert chosen(page) == keys(clips[:4])
        expect(page.locator("[data-selected]")).to_have_text("4 selected")
        expect(page.locator("[data-selected-said]")).to_have_text("4 selected")
        page.keyboard.press("Control+a")
        expect(page.locator("[data-selected]")).to_have_text("13 selected")
        expect(page.locator("#dock")).to_be_hidden()
        page.keyboard.press("Escape")
        expect(page.locator("[data-selbar]")).to_be_hidden()
        expect(page.locator("#dock")).to_be_visible()

    def test_delete_and_undo(self, page, clips):
        focus(page, clips[2])
        page.keyboard.press("Delete")
        said(page, "is in the trash, for 30 days.")
        expect(tile(page, clips[2])).to_have_count(0)
        assert focused(page) == f"clip-{clips[3].pk}"
        undo(page)
        said(page, "It is back on the wall.")
        expect(tile(page, clips[2])).to_be_visible()

    def test_board_by_key_alone_and_back(self, page, member, clips):
        board = make_board(member, "Act I")
        focus(page, clips[0])
        page.keyboard.press("m")
        sheet = page.get_by_role("dialog", name="Put on a board")
        expect(sheet).to_be_visible()
        sheet.get_by_role("button", name="Act I").press("Enter")
        said(page, "1 clip is on “Act I” now.")
        expect(sheet).to_be_hidden()
        assert focused(page) == f"clip-{clips[0].pk}"
        until(
            page, f"document.querySelector('#board-{board.pk} .count')?.textContent.trim() === '1'"
        )
        undo(page)
        said(page, "Put back as it was.")
        assert not board.clips.exists()

    def test_tag_by_key_with_completion(self, page, member, clips):
        focus(page, clips[0])
        page.keyboard.press("t")
        expect(page.get_by_label("Add a tag")).to_be_focused()
        page.keyboard.type("Night")
        page.keyboard.press("Enter")
        expect(page.locator("#sheet .chip")).to_contain_text("Night")
        expect(page.get_by_label("Add a tag")).to_be_focused()
        page.keyboard.type("a,b")
        page.keyboard.press("Enter")
        expect(page.locator("#tag-problem")).to_contain_text("1 to 40 characters")
        page.get_by_role("button", name="Take Night off").click()
        expect(page.locator("#sheet .chip")).to_have_count(0)
        page.keyboard.press("Escape")
        assert not Tag.objects.exists()
        page.errors[:] = [one for one in page.errors if "422" not in one]

    def test_off_while_somebody_types(self, page, clips):
        page.locator("#prompt").fill("")
        page.locator("#prompt").press("f")
        page.locator("#prompt").press("Delete")
        page.locator("#prompt").press("1")
        assert not Favorite.objects.exists()
        expect(page.locator("[data-tile]")).to_have_count(13)


class TestMouse:
    def test_menu_of_a_tile(self, page, clips):
        tile(page, clips[0]).hover()
        tile(page, clips[0]).get_by_role("link", name=re.compile("^More for")).click()
        menu = page.locator("#tile-menu")
        expect(menu).to_be_visible()
        menu.get_by_role("button", name="3 stars").click()
        expect(tile(page, clips[0]).locator(".tile-meta")).to_contain_text("3 stars")
        tile(page, clips[0]).hover()
        tile(page, clips[0]).locator("[data-more]").click()
        expect(menu.get_by_role("button", name="3 stars")).to_have_attribute("aria-pressed", "true")
        menu.get_by_role("button", name="Move to the trash").click()
        said(page, "is in the trash")

    def test_heart(self, page, clips):
        tile(page, clips[0]).hover()
        tile(page, clips[0]).locator("[data-favorite]").click()
        expect(tile(page, clips[0]).locator("[data-favorite]")).to_have_attribute(
            "aria-pressed", "true"
        )
        page.mouse.move(0, 0)
        expect(tile(page, clips[0]).locator(".tile-liked")).to_be_visible()

    def test_click_and_shift_click(self, page, clips):
        for clip, options in ((clips[1], {}), (clips[5], {"modifiers": ["Shift"]})):
            tile(page, clip).hover()
            tile(page, clip).locator(".tile-select").click(**options)
        assert chosen(page) == keys(clips[1:6])
        page.get_by_role("button", name="Clear selection").click()
        assert chosen(page) == []

    def test_lasso_on_empty_wall(self, page, clips):
        first, sixth = (tile(page, clips[at]).bounding_box() for at in (0, 5))
        page.mouse.move(first["x"] - 8, first["y"] + 30)
        page.mouse.down()
        page.mouse.move(sixth["x"] + 40, sixth["y"] + 40, steps=6)
        expect(page.locator(".lasso")).to_be_visible()
        page.mouse.up()
        expect(page.locator(".lasso")).to_have_count(0)
        assert chosen(page) == keys([clips[0], clips[1], clips[4], clips[5]])
        page.mouse.click(first["x"] - 8, first["y"] + 30)
        assert chosen(page) == []

    def test_selection_is_dragged_onto_a_board(self, page, member, clips):
        board = make_board(member, "Act I")
        page.reload()
        row = page.locator(f"#board-{board.pk}")
        expect(row).to_be_visible()
        for clip in clips[:3]:
            focus(page, clip)
            page.keyboard.press("Space")
        tile(page, clips[1]).drag_to(row)
        said(page, "3 clips are on “Act I” now.")
        assert set(board.clips.all()) == set(clips[:3])
        expect(page.locator("[data-selbar]")).to_be_hidden()

    def test_bar_trashes_all_and_undo_brings_them_back(self, page, clips):
        for clip in clips[:3]:
            focus(page, clip)
            page.keyboard.press("Space")
        page.get_by_role("button", name="Move to the trash").click()
        said(page, "3 clips are in the trash")
        expect(page.locator("[data-tile]")).to_have_count(10)
        undo(page)
        expect(page.locator("[data-tile]")).to_have_count(13)

    def test_others_buttons_get_the_chosen_clips(self, page, clips):
        sent = []
        page.route(
            "**/downloads/new/",
            lambda route: (sent.append(route.request.post_data), route.fulfill(body="zip")),
        )
        page.route(
            "**/shares/new/**",
            lambda route: (sent.append(route.request.url), route.fulfill(body="form")),
        )
        for clip in clips[:2]:
            focus(page, clip)
            page.keyboard.press("Space")
        wanted = "%2C".join(keys(clips[:2]))
        page.get_by_role("button", name="Download", exact=True).click()
        page.wait_for_url("**/downloads/new/")
        assert f"clips={wanted}" in sent[0]
        page.go_back()
        for clip in clips[:2]:
            focus(page, clip)
            page.keyboard.press("Space")
        page.get_by_role("button", name="Share").click()
        page.wait_for_url("**/shares/new/**")
        assert sent[1].endswith(f"/shares/new/?clips={','.join(keys(clips[:2]))}")

    def test_more_than_go_at_once_are_told(self, page, clips):
        page.evaluate("""async () => {
          const { select } = await import('/static/js/select.js');
          select(Array.from({ length: 5001 }, (_, at) => `clip-${at}`));
        }""")
        expect(page.locator("[data-selbar-said]")).to_have_text(
            "At most 5,000 clips go at once; 5,001 are selected. Select fewer."
        )
        expect(page.get_by_role("button", name="Move to the trash")).to_be_disabled()


class TestBoards:
    def test_made_renamed_removed_and_brought_back(self, page, member):
        page.get_by_role("link", name="New board").click()
        page.get_by_label("Name").fill("Act I")
        page.get_by_label("New clips of this project land here").check()
        page.get_by_role("button", name="Make the board").click()
        said(page, "The board “Act I” is there.")
        row = page.locator(".side-board", has_text="Act I")
        expect(row).to_contain_text("auto")
        row.hover()
        row.get_by_role("link", name="Change Act I").click()
        page.get_by_label("Name").fill("Act One")
        page.get_by_role("button", name="Save").click()
        expect(page.locator(".side-board")).to_contain_text("Act One")
        page.locator(".side-board").hover()
        page.get_by_role("link", name="Change Act One").click()
        page.get_by_role("button", name="Remove").click()
        said(page, "The board “Act One” is removed.")
        expect(page.locator(".side-board")).to_have_count(0)
        undo(page)
        expect(page.locator(".side-board")).to_contain_text("Act One")
        assert Board.objects.get().is_auto

    def test_refused_name_stays_in_the_box(self, page, member):
        make_board(member, "Act I")
        page.get_by_role("link", name="New board").click()
        page.get_by_label("Name").fill("Act I")
        page.get_by_role("button", name="Make the board").click()
        expect(page.locator("#sheet [role=alert]")).to_contain_text(
            "There is a board “Act I” already"
        )
        expect(page.get_by_label("Name")).to_have_value("Act I")
        page.errors[:] = [one for one in page.errors if "422" not in one]

    def test_comes_without_a_jump(self, page, member, clips):
        before = tile(page, clips[0]).bounding_box()
        page.route("**/boards/", lambda route: None)  # it never comes
        page.reload()
        expect(page.locator("[data-connection]")).to_have_text("Live")
        assert tile(page, clips[0]).bounding_box() == before

    def test_current_place_is_marked(self, page, member):
        expect(page.locator("[data-place='']")).to_have_attribute("aria-current", "true")
        page.goto("/?view=failed")
        expect(page.locator("[data-side] [aria-current]")).to_have_count(0)


class TestPhone:
    @pytest.fixture
    def phone(self, chromium, server, member, clips):
        placements.arrange(member, clips[:2], onto=make_board(member, "Act I"))
        page = wall(chromium, server, member, size=NARROW)
        yield page
        assert problems(page) == []
        page.context.close()

    def test_boards_are_a_sheet_from_below(self, phone):
        side = phone.locator("#side")
        expect(side).to_be_hidden()
        phone.get_by_role("button", name="Boards").click()
        expect(side).to_be_visible()
        frames(phone)
        box = side.bounding_box()
        assert (box["x"], box["width"]) == (0, 390)
        assert abs(box["y"] + box["height"] - 844) <= 1
        expect(side).to_contain_text("Act I")
        assert axe_violations(phone) == []
        phone.keyboard.press("Escape")
        expect(side).to_be_hidden()

    def test_bar_fits(self, phone, clips):
        focus(phone, clips[0])
        phone.keyboard.press("Space")
        expect(phone.locator("[data-selbar]")).to_be_visible()
        assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert axe_violations(phone) == []


class TestFinger:
    def test_long_press_chooses_then_taps_do(self, chromium, server, member, clips):
        page = wall(chromium, server, member, size=NARROW)
        box = tile(page, clips[0]).bounding_box()
        point = {"x": box["x"] + 100, "y": box["y"] + 80}
        touch = {
            "pointerType": "touch",
            "bubbles": True,
            "cancelable": True,
            "clientX": point["x"],
            "clientY": point["y"],
        }
        link = tile(page, clips[0]).locator(".tile-link")
        link.dispatch_event("pointerdown", touch)
        expect(page.locator("[data-selected]")).to_have_text("1 selected")
        link.dispatch_event("pointerup", touch)
        link.dispatch_event("click", touch)
        assert "/clips/" not in page.url
        for event in ("pointerdown", "pointerup", "click"):
            tile(page, clips[1]).locator(".tile-link").dispatch_event(event, touch)
        assert chosen(page) == keys(clips[:2])
        page.context.close()


class TestEverybody:
    def test_axe_finds_nothing(self, page, member, clips):
        placements.arrange(member, clips[:2], onto=make_board(member, "Act I"))
        page.reload()
        expect(page.locator(".side-board")).to_be_visible()
        focus(page, clips[0])
        page.keyboard.press("Space")
        assert axe_violations(page) == []
        page.keyboard.press("m")
        expect(page.locator("#sheet .menu-item")).to_be_visible()
        assert axe_violations(page) == []
        page.keyboard.press("Escape")
        page.keyboard.press("t")
        expect(page.get_by_label("Add a tag")).to_be_visible()
        assert axe_violations(page) == []

    def test_trash_of_one_window_leaves_the_others(self, page, chromium, server, member, clips):
        other = wall(chromium, server, make_member(team=member.team))
        focus(page, clips[0])
        page.keyboard.press("Backspace")
        expect(tile(other, clips[0])).to_have_count(0)
        undo(page)
        expect(tile(other, clips[0])).to_be_visible()
        other.context.close()

    def test_reviewer_likes_and_stars_but_arranges_nothing(self, chromium, server, member, clips):
        page = wall(chromium, server, make_member(Role.REVIEWER, team=member.team))
        focus(page, clips[0])
        page.keyboard.press("4")
        expect(tile(page, clips[0]).locator(".tile-meta")).to_contain_text("4 stars")
        for key in ("m", "t", "Delete"):
            page.keyboard.press(key)
        expect(page.get_by_role("dialog")).to_have_count(0)
        page.keyboard.press("Space")
        for name in ("Move", "Tag", "Share", "Move to the trash"):
            expect(page.get_by_role("button", name=name, exact=True)).to_be_hidden()
        expect(page.get_by_role("link", name="New board")).to_have_count(0)
        assert Clip.objects.shown().count() == 13
        page.context.close()

    def test_what_came_since_one_looked_has_a_dot_until_it_is_opened(
        self, page, chromium, server, member, clips
    ):
        mate = make_member(team=member.team)
        (new,) = make_clips(mate, 1, project=member.team.projects.get())
        page.reload()
        dot = tile(page, new).get_by_role("img", name="New", exact=True)
        expect(dot).to_be_visible()
        expect(tile(page, clips[0]).locator(".tile-new")).to_have_count(0)
        page.evaluate(
            f"document.querySelector('#clip-{new.pk} .tile-link').addEventListener('click', (event) => event.preventDefault())"
        )
        tile(page, new).locator(".tile-link").click(position={"x": 60, "y": 70})
        expect(dot).to_have_count(0)

    def test_motion_is_reduced_where_it_is_asked_for(self, page, clips):
        page.emulate_media(reduced_motion="reduce")
        tile(page, clips[0]).hover()
        frames(page, 5)
        assert page.locator("#wall video").count() == 0
        assert (
            page.evaluate(
                "getComputedStyle(document.querySelector('.tile-acts')).transitionDuration"
            )
            is not None
        )

    def test_toasts_are_three_at_most_and_leave(self, page, clips):
        page.clock.install()
        page.evaluate("""() => { for (let at = 0; at < 5; at += 1) {
          const toast = document.createElement('p');
          toast.className = 'toast'; toast.dataset.toast = ''; toast.textContent = `Toast ${at}`;
          document.getElementById('toasts').append(toast);
        } }""")
        expect(page.locator("[data-toast]")).to_have_count(3)
        page.locator("[data-toast]").last.hover()
        page.clock.run_for(10_500)
        expect(page.locator("[data-toast]")).to_have_count(1)
        page.mouse.move(700, 10)
        page.clock.run_for(10_500)
        expect(page.locator("[data-toast]")).to_have_count(0)

    def test_in_the_trash_one_restores_or_deletes_for_good(self, page, member, clips):
        trash.put(member, clips[:2])
        page.goto("/?q=in:trash")
        first = tile(page, clips[0])
        expect(first).to_have_attribute("data-state", "trashed")
        focus(page, clips[0])
        page.keyboard.press("Space")
        expect(page.locator("[data-selbar]").get_by_role("button", name="Restore")).to_be_visible()
        expect(page.locator("[data-selbar]").get_by_role("button", name="Approve")).to_be_hidden()
        assert axe_violations(page) == []
        page.locator("[data-selbar]").get_by_role("button", name="Delete for good").click()
        page.get_by_role("dialog").get_by_role("button", name="Delete for good").click()
        said(page, "deleted for good")
        expect(first).to_have_count(0)
        tile(page, clips[1]).get_by_role("button", name="Restore").click()
        said(page, "is back on the wall")
        expect(tile(page, clips[1])).to_have_count(0)
        undo(page)
        expect(tile(page, clips[1])).to_have_attribute("data-state", "trashed")


class TestWithoutScripts:
    def test_ticks_and_the_bar_work(self, chromium, server, member, clips):
        page = opened(chromium, server, member, scripts=False)
        page.goto("/")
        for clip in clips[:2]:
            tile(page, clip).locator(".tile-select").check(force=True)
        page.get_by_role("button", name="Move to the trash").click()
        expect(page.locator("[data-toast]")).to_contain_text("2 clips are in the trash")
        expect(page.locator("[data-tile]")).to_have_count(11)
        page.get_by_role("link", name="Boards").first.click()
        page.get_by_role("link", name="New board").click()
        page.get_by_label("Name").fill("Act I")
        page.get_by_role("button", name="Make the board").click()
        expect(page.locator("[data-toast]")).to_contain_text("The board “Act I” is there.")
        page.context.close()
