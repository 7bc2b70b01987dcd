"""Pages that begin at a clip, for who comes back to a wall that is sorted or searched."""

import html
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from studio.core.status import JobStatus
from studio.models import Clip
from studio.models.prepared import Prepared
from studio.reports.sorting import SORTS
from studio.services import placements, stars
from studio.views import found
from tests.factories import make_board, make_job, make_member, make_order, make_project

pytestmark = pytest.mark.django_db
PAGE = 4
SORTED = [name for name, sort in SORTS.items() if sort.column]
# Of each clip: stars, credits, minutes since its last note; with ties, and some without a note.
VALUES = (
    (0, 0, None), (3, 20, 5), (5, 10, None), (3, 20, 5), (0, 10, 1), (3, 0, None), (5, 30, 9),
    (3, 20, 5), (3, 20, None), (0, 0, 7), (3, 20, 5), (4, 10, 5), (3, 20, None),
)  # fmt: skip


@pytest.fixture
def author(client):
    member = make_member(name="Ana Ruiz")
    make_project(member.team)
    client.force_login(member.user)
    return member


@pytest.fixture
def clips(author, monkeypatch):
    monkeypatch.setattr(found, "PAGE", PAGE)
    # What is prepared keeps the size of its page, for as long as the process lives.
    afresh = {key: Prepared(one.build, *one.marks.values()) for key, one in found._CLIPS.items()}
    monkeypatch.setattr(found, "_CLIPS", afresh)
    now = timezone.now()
    for number, (given, charged, minutes) in enumerate(VALUES):
        order = make_order(prompt=f"{'Blue' if number % 3 == 0 else 'Red'} door.")
        clip = make_job(JobStatus.FAILED, author=author, order=order).clip
        noted_at = None if minutes is None else now - timedelta(minutes=minutes)
        Clip.objects.filter(pk=clip.pk).update(stars=given, charged=charged, noted_at=noted_at)
    return ordered("newest")


def ordered(sort: str) -> list[int]:
    """All clips as that sort shows them."""
    rows = Clip.objects.values_list(SORTS[sort].column or "pk", "pk")
    return [pk for *_, pk in sorted(((v is not None, v or 0, pk) for v, pk in rows), reverse=True)]


def part(client, address: str = "/", target: str = "div#wall", **parameters) -> str:
    headers = {"HX-Request": "true", "HX-Target": target}
    return html.unescape(client.get(address, parameters, headers=headers).content.decode())


def shown(text: str) -> list[int]:
    return [int(pk) for pk in re.findall(r'<article class="tile" id="clip-(\d+)"', text)]


def door(text: str, name: str) -> str:
    """Where it leads; "" where there is none."""
    address = re.search(rf'id="{name}" hx-get="([^"]+)"', text)
    return address[1] if address else ""


def above(client, text: str) -> list[int]:
    """What comes page by page through the upper door, in the wall's order."""
    found = []
    while address := door(text, "newer"):
        text = part(client, address, "p#newer")
        found[:0] = shown(text)
    return found


def below(client, text: str) -> list[int]:
    found = []
    while address := door(text, "older"):
        text = part(client, address, "p#older")
        found += shown(text)
    return found


def throw_away(clip: int) -> None:
    Clip.objects.filter(pk=clip).update(trashed_at=timezone.now())


class TestFrom:
    @pytest.mark.parametrize("sort", SORTS)
    def test_begins_at_any_clip_and_leads_to_all_others(self, client, clips, sort):
        order = ordered(sort)
        for index, clip in enumerate(order):
            text = part(client, sort=sort, **{"from": clip})
            assert shown(text) == order[index : index + PAGE]
            assert above(client, text) == order[:index]
            assert below(client, text) == order[index + PAGE :]

    @pytest.mark.parametrize("sort", SORTS)
    @pytest.mark.parametrize("search", ["red", "-red", "is:favorite", "board:picks", "rating:<5"])
    def test_keeps_to_the_search(self, client, author, clips, sort, search):
        some = list(Clip.objects.filter(pk__in=clips[::2]))
        stars.like(author, some, liked=True)
        placements.arrange(author, some, onto=make_board(author, "Picks"))
        text = part(client, q=search, sort=sort)
        order = shown(text) + below(client, text)
        assert order == [pk for pk in ordered(sort) if pk in order]
        text = part(client, q=search, sort=sort, **{"from": order[-2]})
        assert shown(text) == order[-2:]
        assert above(client, text) == order[:-2]

    def test_clip_that_was_rated_begins_where_it_stands_now(self, client, clips):
        last = ordered("rated")[-1]
        Clip.objects.filter(pk=last).update(stars=5)
        text = part(client, sort="rated", **{"from": last})
        order = ordered("rated")
        assert order[-1] != last
        assert shown(text) == order[order.index(last) :][:PAGE]

    def test_doors_lead_on_though_the_clip_is_rated_meanwhile(self, client, clips):
        order = ordered("rated")
        text = part(client, sort="rated", **{"from": order[6]})
        Clip.objects.filter(pk=order[6]).update(stars=0)
        assert above(client, text) == order[:6]

    @pytest.mark.parametrize("sort", SORTS)
    def test_clip_in_the_trash_begins_with_the_next_one(self, client, clips, sort):
        order = ordered(sort)
        throw_away(order[5])
        text = part(client, sort=sort, **{"from": order[5]})
        assert shown(text) == order[6 : 6 + PAGE]
        assert above(client, text) == order[:5]

    @pytest.mark.parametrize("sort", SORTS)
    def test_last_clip_in_the_trash_leaves_the_door_to_the_others(self, client, clips, sort):
        order = ordered(sort)
        throw_away(order[-1])
        text = part(client, sort=sort, **{"from": order[-1]})
        assert above(client, text) == order[:-1]

    def test_clip_that_the_search_finds_no_more_begins_with_the_next_one(self, client, clips):
        order = ordered("cost")
        kept = [pk for pk in order if pk != order[4]]
        Clip.objects.filter(pk=order[4]).update(stars=1)
        text = part(client, q="-rating:1", sort="cost", **{"from": order[4]})
        assert shown(text) == kept[4 : 4 + PAGE]
        assert above(client, text) == kept[:4]

    @pytest.mark.parametrize("sort", SORTED)
    def test_clip_of_others_is_the_first_page(self, client, author, clips, sort):
        order = ordered(sort)
        elsewhere = make_project(author.team)
        strangers = [make_job(author=make_member()).clip, make_job(author=author).clip]
        Clip.objects.filter(pk=strangers[1].pk).update(project=elsewhere)
        Clip.objects.filter(pk__in=[one.pk for one in strangers]).update(stars=3, charged=20)
        for key in (strangers[0].pk, strangers[1].pk, 10**12):
            text = part(client, sort=sort, **{"from": key})
            assert shown(text) == order[:PAGE]
            assert f"clip-{key}" not in text
            assert not door(text, "newer")

    @pytest.mark.parametrize("sort", SORTS)
    @pytest.mark.parametrize("nonsense", ["x", "-1", "9" * 30, "", "²", "1_2"])
    def test_nonsense_is_the_first_page(self, client, clips, sort, nonsense):
        assert shown(part(client, sort=sort, **{"from": nonsense})) == ordered(sort)[:PAGE]

    @pytest.mark.parametrize("sort", SORTED)
    @pytest.mark.parametrize("nonsense", ["x", "_", "_x", "x_1", "9" * 30 + "_1", "1_"])
    def test_no_place_to_be_above_is_the_first_page(self, client, clips, sort, nonsense):
        assert shown(part(client, sort=sort, after=nonsense)) == ordered(sort)[:PAGE]

    @pytest.mark.parametrize("sort", SORTS)
    def test_whole_page_without_scripts(self, client, clips, sort):
        order = ordered(sort)
        for address in ({"from": order[5]}, {"q": "door", "from": order[5]}):
            page = html.unescape(client.get("/", {"sort": sort, **address}).content.decode())
            assert shown(page) == order[5 : 5 + PAGE]
            link = html.unescape(re.search(r'href="([^"]+)">Newer', page)[1])
            assert shown(client.get(link).content.decode()) == order[1:5]
        assert f"{len(VALUES)} clips" in page

    @pytest.mark.parametrize("sort", SORTS)
    def test_costs_few_queries_wherever_it_is(
        self, client, clips, sort, django_assert_max_num_queries
    ):
        for clip in ordered(sort):
            part(client, sort=sort, **{"from": clip})  # what is drawn once is drawn
            with django_assert_max_num_queries(11):
                text = part(client, sort=sort, **{"from": clip})
            if address := door(text, "newer"):
                with django_assert_max_num_queries(8):
                    part(client, address, "p#newer")

    def test_address_of_a_page_over_the_wall_is_none_of_the_wall(self, client, clips):
        job = Clip.objects.get(pk=clips[-3]).job
        page = html.unescape(client.get("/director/", {"from": job.pk}).content.decode())
        assert shown(page)[0] == clips[0]
        assert not door(page, "newer")


class TestHeadings:
    @pytest.mark.parametrize("sort", SORTED)
    def test_sorted_wall_has_one_for_all_and_none_of_days(self, client, clips, sort):
        order = ordered(sort)
        text = part(client, sort=sort, **{"from": order[5]})
        heading = f'<h2 class="day">{SORTS[sort].label}</h2>'
        assert text.count(heading) == 1
        assert text.count("<h2") == 2
        assert '<h2 class="day" id="today" hidden>' in text
        assert text.index('id="newer"') < text.index(heading)
        assert "<h2" not in part(client, door(text, "older"), "p#older")
        text = part(client, door(text, "newer"), "p#newer")
        assert text.count("<h2") == text.count(heading) == 1

    def test_says_how_many_tiles_of_it_are_above_as_it_was_told(self, client, clips):
        text = part(client, sort="rated", above=9, **{"from": ordered("rated")[9]})
        told = []
        while address := door(text, "newer"):
            told.append(re.search(r'data-above="(\d+)">Best rated', text)[1])
            text = part(client, address, "p#newer")
        assert told == ["9", "5", "1"]
        assert "data-above" not in text

    @pytest.mark.parametrize("above", ["", "x", "-3", "9" * 30, "0"])
    def test_says_nothing_where_it_was_told_nonsense(self, client, clips, above):
        text = part(client, sort="rated", above=above, **{"from": ordered("rated")[5]})
        assert "data-above" not in text
        assert door(text, "newer").endswith("&above=0")

    def test_of_a_day_they_are_counted_whatever_is_told(self, client, clips):
        Clip.objects.filter(pk__in=clips[3:]).update(created_at=timezone.now() - timedelta(days=1))
        text = part(client, above=50, **{"from": clips[5]})
        assert 'data-above="2">Yesterday' in text
        assert "above=" not in door(text, "newer")
