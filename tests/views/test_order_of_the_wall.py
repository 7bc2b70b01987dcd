"""What people do to keep order on the wall, as pages and as parts of one."""

import html
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from studio.models import Board, Clip, Favorite, Role, Tag
from studio.services import placements, stars, tags, trash
from studio.views import cards, found
from tests.factories import make_board, make_clip, make_job, make_member, make_project

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
SHEET = {**HTMX, "HX-Target": "div#sheet"}


@pytest.fixture
def author(client):
    member = make_member(name="Ana Ruiz")
    make_project(member.team)
    client.force_login(member.user)
    return member


def send(client, route: str, headers=HTMX, args=(), /, **values):
    return client.post(reverse(route, args=args), values, headers=headers)


def token_in(answer) -> str:
    return html.unescape(re.search(r'name="token" value="([^"]+)"', answer.content.decode())[1])


def undo(client, answer, headers=HTMX):
    return send(client, "undo", headers, token=token_in(answer))


class TestTile:
    def test_says_what_was_decided_noted_and_given(self, client, author):
        clip = make_clip(author, takes=2)
        clip.takes.update(review="approved", stars=4)
        clip.notes.create(take=clip.cover, member=author, text="Warmer.")
        clip.touch()
        page = client.get("/").content.decode()
        first, second = clip.takes.order_by("number").values_list("pk", flat=True)
        for words in (
            "Done, Approved", 'mark-ok"', ">4<", "1<span class=\"sr\"> note</span>",
            "2<span class=\"sr\"> takes</span>", f'href="/compare/?takes={first},{second}"',
        ):  # fmt: skip
            assert words in page, words

    def test_rehearsal_bears_no_mark_of_review(self, client, author):
        clip = make_clip(author)
        clip.takes.update(review="")
        clip.touch()
        page = client.get("/").content.decode()
        assert "Needs review" not in page[page.index("<article") :]
        assert "/compare/?takes" not in page

    def test_nothing_personal_is_in_it(self, client, author):
        clip = make_clip(author)
        stars.like(author, [clip], liked=True)
        mine = client.get("/").content.decode()
        mate = make_member(team=author.team)
        client.force_login(mate.user)
        theirs = client.get("/").content.decode()
        tile = re.compile(r'<article class="tile" id="clip-\d+".*?</article>', re.S)
        assert tile.search(mine)[0] == tile.search(theirs)[0]
        assert f'<p data-liked="{clip.pk}" hidden></p>' in mine
        assert "data-liked" not in theirs

    def test_in_the_trash_it_says_until_when(self, client, author):
        clip = make_clip(author)
        trash.put(author, [clip])
        row = Clip.objects.filter(pk=clip.pk).values_list(*cards.SHOWN)
        (tile,) = cards.tiles(row, team=author.team).values()
        assert 'data-state="trashed"' in tile
        assert "Put here by Ana Ruiz" in tile
        assert reverse("trash-restore") in tile


class TestStars:
    def test_answer_is_the_tile_without_a_toast(self, client, author):
        clip = make_clip(author)
        answer = send(client, "stars", HTMX, [clip.pk], stars="5").content.decode()
        assert f'hx-target="#clip-{clip.pk}"' in answer
        assert "data-toast" not in answer

    @pytest.mark.parametrize("count", ["", "6", "-1", "five", "5" * 30])
    def test_nonsense_is_named(self, client, author, count):
        answer = send(client, "stars", HTMX, [make_clip(author).pk], stars=count)
        assert answer.status_code == 422
        assert b"Stars must be 0 to 5" in answer.content

    def test_works_without_scripts(self, client, author):
        clip = make_clip(author)
        answer = client.post(reverse("stars", args=[clip.pk]), {"stars": "2"}, follow=True)
        assert "2 stars for “A red door in the snow”." in answer.content.decode()


class TestFavorite:
    def test_said_or_turned_round(self, client, author):
        one, other = make_clip(author), make_clip(author)
        assert send(client, "favorite", clips=one.pk, liked="1").status_code == 204
        send(client, "favorite", clips=f"{one.pk},{other.pk}")
        assert Favorite.objects.count() == 2
        send(client, "favorite", clips=[one.pk, other.pk])
        assert Favorite.objects.count() == 0


class TestBoards:
    def test_panel_is_a_part_and_a_page(self, client, author):
        make_board(author, "Act <I>")
        part = client.get("/boards/", headers={**HTMX, "HX-Target": "aside#side"}).content.decode()
        assert "<html" not in part
        assert "?q=board%3A%22Act%20%3CI%3E%22" in part
        assert "Act &lt;I&gt;" in part
        page = client.get("/boards/").content.decode()
        assert "<h1>Boards</h1>" in page
        assert "New board" in page

    def test_wall_itself_asks_for_no_board(self, client, author, django_assert_num_queries):
        make_board(author)
        make_clip(author)
        client.get("/")
        with django_assert_num_queries(7) as asked:
            client.get("/")
        assert "studio_board" not in str([query["sql"] for query in asked.captured_queries])

    def test_panel_costs_the_same_with_many_boards(
        self, client, author, django_assert_max_num_queries
    ):
        clip = make_clip(author)
        for _ in range(8):
            placements.arrange(author, [clip], onto=make_board(author))
        with django_assert_max_num_queries(10):
            client.get("/boards/", headers={**HTMX, "HX-Target": "aside#side"})

    def test_new_one_takes_the_clips_along(self, client, author):
        clip = make_clip(author)
        asked = send(client, "board-new", SHEET, ask="1", clips=clip.pk)
        assert f'name="clips" value="{clip.pk}"' in asked.content.decode()
        answer = send(client, "board-new", SHEET, name="Act I", of="project", clips=clip.pk)
        assert "1 clip is on “Act I” now." in answer.content.decode()
        assert "data-done" in answer.content.decode()
        assert Board.objects.get().clips.get() == clip

    def test_form_that_can_not_be_keeps_what_was_typed(self, client, author):
        make_board(author, "Act I")
        answer = send(client, "board-new", SHEET, name="Act I", of="team")
        assert answer.status_code == 200
        for name, of, said in (
            ("Act I", "project", "There is a board “Act I” already"),
            ("", "project", "1 to 60 characters"),
            ("Act II", "moon", "For must be project or team"),
        ):
            answer = send(client, "board-new", SHEET, name=name, of=of)
            assert answer.status_code == 422, name
            assert said in html.unescape(answer.content.decode())
            assert f'value="{name}"' in answer.content.decode() or not name

    def test_rename_and_open(self, client, author):
        board = make_board(author)
        answer = send(client, "board", SHEET, [board.pk], name="Act I", is_auto="on")
        assert "The board is “Act I” now." in answer.content.decode()
        board.refresh_from_db()
        assert board.is_auto
        assert send(client, "board", SHEET, [board.pk], name="").status_code == 422

    def test_who_may_not_change_it_reads_who_may(self, client, author):
        board = make_board(make_member(team=author.team, name="Jonas Weber"))
        page = client.get(reverse("board", args=[board.pk]), headers=SHEET).content.decode()
        assert "Jonas Weber made this board" in page
        assert "Remove" not in page

    def test_removed_and_brought_back(self, client, author):
        board, clip = make_board(author, "Act I"), make_clip(author)
        placements.arrange(author, [clip], onto=board)
        gone = send(client, "board-remove", SHEET, [board.pk])
        assert not Board.objects.exists()
        assert "The board “Act I” is back." in undo(client, gone).content.decode()
        assert Board.objects.get().clips.get() == clip

    def test_choice_offers_to_move_from_the_board_that_is_looked_at(self, client, author):
        board, other, clip = make_board(author), make_board(author), make_clip(author)
        page = send(client, "board-choose", SHEET, clips=clip.pk, off=board.pk).content.decode()
        assert f"Move from “{board.name}”" in page
        assert f'name="onto" value="{other.pk}"' in page
        assert f'name="onto" value="{board.pk}"' not in page
        for wrong in ("x", "9" * 30, str(make_board(make_member(), project=None).pk)):
            answer = send(client, "board-choose", SHEET, clips=clip.pk, off=wrong)
            assert answer.status_code == 404

    def test_moved_and_put_back(self, client, author):
        board, other, clip = make_board(author), make_board(author), make_clip(author)
        placements.arrange(author, [clip], onto=board)
        moved = send(client, "arrange", clips=clip.pk, onto=other.pk, off=board.pk)
        assert f"1 clip moved to “{other.name}”." in moved.content.decode()
        assert clip.boards.get() == other
        undo(client, moved)
        assert clip.boards.get() == board
        again = send(client, "arrange", clips=clip.pk, onto=board.pk)
        assert f"Already on “{board.name}”." in again.content.decode()
        assert 'name="token"' not in again.content.decode()
        off = send(client, "arrange", clips=clip.pk, off=board.pk)
        assert f"1 clip is off “{board.name}”." in off.content.decode()


class TestTags:
    def test_sheet_stays_open_and_offers_the_teams_words(self, client, author):
        one, other = make_clip(author), make_clip(author)
        tags.mark(author, [other], name="door")
        page = send(client, "tag-add", SHEET, clips=f"{one.pk},{other.pk}", name="Night")
        shown = page.content.decode()
        assert "2 of 2" in shown
        assert '<option value="door">' in shown
        assert "“Night” is on 2 clips." in shown
        assert "data-done" not in shown

    def test_word_that_can_not_be_stays_in_the_box(self, client, author):
        answer = send(client, "tag-add", SHEET, clips=make_clip(author).pk, name="a,b")
        assert answer.status_code == 422
        assert 'value="a,b"' in answer.content.decode()

    def test_both_ways_can_be_taken_back(self, client, author):
        clip = make_clip(author)
        added = send(client, "tag-add", clips=clip.pk, name="night")
        undo(client, added)
        assert not Tag.objects.exists()
        send(client, "tag-add", clips=clip.pk, name="night")
        removed = send(client, "tag-remove", clips=clip.pk, name="NIGHT")
        assert not Tag.objects.exists()
        undo(client, removed)
        assert Tag.objects.get().clips.get() == clip


class TestTrash:
    def test_tiles_go_and_undo_brings_them_to_their_place(self, client, author):
        one, other = make_clip(author), make_clip(author)
        gone = send(client, "trash", clips=f"{one.pk},{other.pk}")
        shown = gone.content.decode()
        assert f'<hx-partial hx-target="#clip-{one.pk}" hx-swap="delete">' in shown
        assert "2 clips are in the trash, for 30 days." in shown
        back = undo(client, gone).content.decode()
        assert f'hx-target="#clip-{other.pk}" hx-swap="outerMorph"' in back
        assert Clip.objects.shown().count() == 2

    def test_says_what_stayed(self, client, author):
        busy, done = make_job(author=author).clip, make_clip(author)
        shown = send(client, "trash", clips=f"{busy.pk},{done.pk}").content.decode()
        assert "1 stays as it is: still being made." in shown

    def test_restored_and_thrown_away_again(self, client, author):
        clip = make_clip(author)
        trash.put(author, [clip])
        back = send(client, "trash-restore", clips=clip.pk)
        assert "is back on the wall." in back.content.decode()
        undo(client, back)
        assert Clip.objects.trashed().exists()

    def test_an_open_trash_loses_what_is_brought_back_and_undo_returns_it(self, client, author):
        clip = make_clip(author)
        trash.put(author, [clip])
        there = {**HTMX, "HX-Current-URL": "http://testserver/?q=in%3Atrash"}
        back = send(client, "trash-restore", there, clips=clip.pk)
        assert f'hx-target="#clip-{clip.pk}" hx-swap="delete"' in back.content.decode()
        again = undo(client, back, there).content.decode()
        assert f'hx-target="#clip-{clip.pk}" hx-swap="outerMorph"' in again
        assert 'data-state="trashed"' in again

    def test_deleting_for_good_asks_first(self, client, author):
        author.role = Role.ADMIN
        author.save()
        clip = make_clip(author)
        assert (
            "None of these is in the trash"
            in send(client, "trash-purge", SHEET, clips=clip.pk).content.decode()
        )
        trash.put(author, [clip])
        asked = send(client, "trash-purge", SHEET, clips=clip.pk).content.decode()
        assert "Delete for good?" in asked
        assert Clip.objects.trashed().exists()
        done = send(client, "trash-purge", SHEET, clips=clip.pk, sure="1").content.decode()
        assert "deleted for good" in done
        assert 'name="token"' not in done
        assert Clip.objects.over().get() == clip

    def test_works_without_scripts(self, client, author):
        clip = make_clip(author)
        answer = client.post("/trash/", {"clips": [clip.pk], "next": "/queue/"})
        assert answer.url == "/queue/"
        answer = client.post("/trash/restore/", {"clips": clip.pk, "next": "//evil.example"})
        assert answer.url == "/"


class TestChosen:
    @pytest.mark.parametrize("name", ["trash", "tags", "board-choose", "favorite"])
    @pytest.mark.parametrize(
        ("clips", "status"),
        [("", 422), ("x", 422), (",".join(map(str, range(5001))), 422), ("999999", 404)],
    )
    def test_nonsense_has_a_sentence(self, client, author, name, clips, status):
        assert send(client, name, clips=clips).status_code == status

    def test_one_foreign_clip_among_ours_is_not_found(self, client, author):
        mine, theirs = make_clip(author), make_clip(make_member())
        answer = send(client, "trash", clips=f"{mine.pk},{theirs.pk}")
        assert answer.status_code == 404
        assert Clip.objects.shown().count() == 2


class TestUndo:
    @pytest.mark.parametrize("token", ["", "nonsense", "a:b:c"])
    def test_nonsense_changes_nothing(self, client, author, token):
        answer = send(client, "undo", token=token)
        assert answer.status_code == 409
        assert b"can not be taken back" in answer.content

    def test_is_for_who_did_it_alone(self, client, author):
        gone = send(client, "trash", clips=make_clip(author).pk)
        client.force_login(make_member(Role.ADMIN, team=author.team).user)
        assert send(client, "undo", token=token_in(gone)).status_code == 409

    def test_permission_is_asked_again(self, client, author):
        gone = send(client, "trash", clips=make_clip(author).pk)
        author.role = Role.REVIEWER
        author.save()
        assert undo(client, gone).status_code == 403

    def test_not_for_ever(self, client, author, monkeypatch):
        gone = send(client, "trash", clips=make_clip(author).pk)
        monkeypatch.setattr("studio.views.chosen.UNDO_SECONDS", -1)
        assert undo(client, gone).status_code == 409


class TestPlaces:
    """Pages that begin at a clip, for who comes back."""

    @pytest.fixture
    def clips(self, author):
        return [make_job("failed", author=author).clip_id for _ in range(found.PAGE + 10)]

    @staticmethod
    def _ids(text: str) -> list[int]:
        return [int(pk) for pk in re.findall(r'id="clip-(\d+)"', text)]

    def _part(self, client, address: str, target: str = "div#wall") -> str:
        headers = {**HTMX, "HX-Target": target}
        return html.unescape(client.get(address, headers=headers).content.decode())

    def test_begins_at_the_clip_with_doors_both_ways(self, client, clips):
        part = self._part(client, f"/?from={clips[-5]}")
        assert self._ids(part) == clips[-5 - found.PAGE + 1 : -4][::-1]
        assert f"after={clips[-5]}" in part
        assert 'data-above="4"' in part
        assert 'id="older"' in part
        assert 'id="today"' in part

    def test_newer_page_fits_above_without_a_gap(self, client, clips):
        part = self._part(client, f"/?after={clips[2]}", "p#newer")
        assert self._ids(part) == clips[3 : 3 + found.PAGE][::-1]
        assert f"after={clips[2 + found.PAGE]}" in part
        assert 'id="older"' not in part
        top = self._part(client, f"/?after={clips[2 + found.PAGE]}", "p#newer")
        assert self._ids(top) == clips[3 + found.PAGE :][::-1]
        assert 'id="newer"' not in top

    def test_clip_that_is_gone_begins_with_the_next_older(self, client, clips, author):
        trash.put(author, [Clip.objects.get(pk=clips[5])])
        assert self._ids(self._part(client, f"/?from={clips[5]}"))[0] == clips[4]

    def test_counts_above_only_what_is_of_that_day(self, client, clips):
        day = timedelta(days=1)
        Clip.objects.filter(pk__in=clips[:8]).update(created_at=timezone.now() - day)
        part = self._part(client, f"/?from={clips[3]}")
        assert 'data-above="4"' in part
        assert "Yesterday" in part

    def test_keeps_the_view(self, client, clips):
        part = self._part(client, f"/?q=status:failed&from={clips[5]}")
        assert f"/?q=status%3Afailed&after={clips[5]}" in part

    @pytest.mark.parametrize("nonsense", ["x", "-1", "9" * 30, ""])
    def test_nonsense_is_the_first_page(self, client, clips, nonsense):
        part = self._part(client, f"/?from={nonsense}")
        assert self._ids(part)[0] == clips[-1]

    def test_as_a_whole_page_without_scripts(self, client, clips):
        page = client.get(f"/?from={clips[5]}").content.decode()
        assert "<html" in page
        assert self._ids(page)[0] == clips[5]

    def test_costs_few_queries(self, client, clips, django_assert_max_num_queries):
        self._part(client, f"/?from={clips[-2]}")
        with django_assert_max_num_queries(8):
            self._part(client, f"/?from={clips[-2]}")


class TestFoundByTheSearch:
    """What the panel beside the wall leads to."""

    @staticmethod
    def _found(client, query: str) -> list[int]:
        page = client.get("/", {"q": query}).content.decode()
        return sorted(int(pk) for pk in re.findall(r'<article class="tile" id="clip-(\d+)"', page))

    def test_tag_as_soon_as_it_is_there_and_no_longer(self, client, author):
        clip, _ = make_clip(author), make_clip(author)
        tags.mark(author, [clip], name="Night shot")
        assert self._found(client, 'tag:"night shot"') == [clip.pk]
        tags.mark(author, [clip], name="door")
        tags.unmark(author, [clip], name="night shot")
        assert self._found(client, "tag:door") == [clip.pk]
        assert self._found(client, 'tag:"night shot"') == []

    def test_every_place_of_the_panel_shows_as_many_as_it_counts(self, client, author):
        clips = [make_clip(author) for _ in range(5)]
        placements.arrange(author, clips[:2], onto=make_board(author, "Act I, frozen"))
        placements.arrange(author, clips[1:4], onto=make_board(author, "Selects", project=None))
        stars.like(author, clips[3:], liked=True)
        trash.put(author, clips[:1])
        panel = html.unescape(client.get("/boards/").content.decode())
        places = re.findall(
            r'href="([^"]+)" data-place="([^"]*)".*?<span class="count">\s*(\d+)', panel
        )
        assert len(places) == 7
        for address, place, count in places:
            query = place or None
            page = client.get(address).content.decode()
            assert page.count('<article class="tile"') == int(count), query

    def test_trash_offers_to_restore_to_whom_it_may(self, client, author):
        clip = make_clip(author)
        trash.put(author, [clip])
        page = client.get("/?q=in:trash").content.decode()
        assert 'data-state="trashed"' in page
        assert reverse("trash-restore") in page

    def test_place_in_a_board(self, client, author):
        board = make_board(author, "Act I")
        clips = [make_clip(author) for _ in range(4)]
        placements.arrange(author, clips[::2], onto=board)
        headers = {**HTMX, "HX-Target": "div#wall"}
        address = f'/?q=board:"Act I"&from={clips[1].pk}'
        part = html.unescape(client.get(address, headers=headers).content.decode())
        assert re.findall(r'id="clip-(\d+)"', part) == [str(clips[0].pk)]
        assert f"after={clips[1].pk}" in part
        assert "board%3A%22Act+I%22" in part
