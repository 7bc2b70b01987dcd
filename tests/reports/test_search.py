"""Every word of the search language against real rows, on either database."""

import itertools
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from studio.core.money import MICRO
from studio.core.review import Happening
from studio.core.search import read
from studio.core.status import JobStatus
from studio.models import (
    Board,
    Clip,
    Decision,
    Favorite,
    Job,
    Member,
    Note,
    Placement,
    Project,
    Tag,
    Take,
)
from studio.reports.search import MOST_COUNTED, Search
from studio.reports.sorting import ABOVE, ONWARD, SORTS, page, place_in, place_of
from tests.factories import make_job, make_member, make_order, make_price, make_take, make_team

S = JobStatus


def made(title: str, author: Member, status: str = S.SUCCEEDED, **facts) -> Clip:
    """A clip with a job and, if that succeeded, a take."""
    order = make_order(
        prompt=f"{title}. {facts.pop('prompt', '')}", camera=facts.pop("camera", {}),
        negative_prompt=facts.pop("negative", ""), audio=facts.pop("audio", False),
        first_frame=facts.pop("frame", None),
    )  # fmt: skip
    job = make_job(status, author=author, order=order, intended=facts.pop("intended", None))
    clip = job.clip
    if engine := facts.pop("engine", None):
        provider, model = engine
        Job.objects.filter(pk=job.pk).update(provider=provider, model=model)
    if status == S.SUCCEEDED:
        take = make_take(job, seed=facts.pop("seed", 1), seconds=facts.pop("seconds", 5))
        Take.objects.filter(pk=take.pk).update(
            review=facts.pop("review", "review"), stars=facts.pop("stars", 0)
        )
    clip.touch()
    Clip.objects.filter(pk=clip.pk).update(**facts)
    return clip


def noted(clip: Clip, member: Member, text: str, **facts) -> Note:
    facts = {"take": clip.takes.get(), **facts}
    note = Note.objects.create(clip=clip, member=member, text=text, **facts)
    clip.record(Happening.NOTED, actor=member)
    return note


def marked(clip: Clip, tag: Tag) -> None:
    tag.clips.add(clip)
    clip.touch()


NOW = datetime(2026, 12, 2, 12, tzinfo=timezone.get_default_timezone())


def wall() -> tuple[int, int]:
    """The clips that the table below names, and others that it must never find."""
    make_price()
    me = make_member(team=make_team(), name="Mei Tanaka")
    ana, jonas = (make_member(team=me.team, name=name) for name in ("Ana Ruiz", "Jonas Weber"))
    ana.user.email = "ruiz@example.org"
    ana.user.save()
    door = made(
        "Red door", ana, prompt="Snow falls. Fúr coat.", review="approved", stars=5, seed=42,
        seconds="5.042", charged=30 * MICRO, camera={"zoom": 2}, negative="blur",
    )  # fmt: skip
    car = made(
        "Red car", jonas, prompt="Door of the garage.", stars=3, seed=7, seconds=10, frame=1,
        charged=75 * MICRO // 2, engine=("runware", "klingai:6@1"), audio=True,
    )  # fmt: skip
    fox = made("Fox", me, review="changes", take_count=3, charged=0)
    made("Owl", me, S.FAILED, charged=2 * MICRO)
    made("Queue", ana, S.QUEUED)
    made("Rough", jonas, intended=make_order(prompt="A stork").to_json(), review="", charged=0)
    gone = made("Gone", ana)
    Clip.objects.filter(pk=gone.pk).update(trashed_at=timezone.now(), trashed_by=me)
    away = made("Purged", ana)
    Clip.objects.filter(pk=away.pk).update(trashed_at=timezone.now(), purged_at=timezone.now())
    _said(door, car, fox, me, ana)
    _arranged(door, car, fox, me)
    _elsewhere(me)
    for days, title in enumerate(("Rough", "Queue", "Owl", "Fox", "Red car", "Red door")):
        moment = timezone.now() - timedelta(days=days * 10)
        Clip.objects.filter(title=title).update(created_at=moment)
    return me.pk, door.project_id


def _said(door, car, fox, me, ana) -> None:
    noted(door, me, "The Logo is cut", drawing=[{"kind": "box"}])
    first = noted(car, ana, "Too dark")
    noted(car, me, "Make it glow", parent=first)
    removed = noted(fox, ana, "Never mind the hedgehog")
    Note.objects.filter(pk=removed.pk).update(removed_at=timezone.now())
    fox.record(Happening.REMOVED, actor=ana)
    Decision.objects.create(
        take=car.takes.get(), member=ana, verdict="approve", decided_at=timezone.now()
    )


def _arranged(door, car, fox, me) -> None:
    marked(door, Tag.objects.create(team=me.team, name="Hero"))
    marked(car, Tag.objects.create(team=me.team, name="first cut"))
    act = Board.objects.create(team=me.team, project=door.project, name="Act I", created_by=me)
    picks = Board.objects.create(team=me.team, name="Picks", created_by=me)
    for board, clip in ((act, door), (act, fox), (picks, car)):
        Placement.objects.create(board=board, clip=clip, placed_by=me)
    Favorite.objects.create(member=me, clip=fox)


def _elsewhere(me: Member) -> None:
    """Another team, and another project of this one, with the same words, tags and boards."""
    other = make_member(name="Ana Ruiz")
    for member in (other, me):
        clip = made("Red door", member, seed=42)
        project = Project.objects.create(team=member.team, name="Elsewhere", created_by=member)
        Clip.objects.filter(pk=clip.pk).update(project=project)
        clip.touch()
        board = Board.objects.create(
            team=member.team, project=project, name="Elsewhere", created_by=member
        )
        Placement.objects.create(board=board, clip=clip, placed_by=member)
    marked(clip, Tag.objects.create(team=other.team, name="foreign"))
    Favorite.objects.create(member=other, clip=clip)


ALL = "Red door, Red car, Fox, Owl, Queue, Rough"

# A search, and the titles that it finds.
FINDS = {
    "": ALL,
    "red": "Red door, Red car",
    "RED": "Red door, Red car",
    "door": "Red door, Red car",
    '"red door"': "Red door",
    '"door red"': "",
    '"red d"': "",
    "red-do": "Red door",
    "fur": "Red door",
    "gar": "Red car",
    '"gar"': "",
    "g": "",
    "red snow": "Red door",
    "-red": "Fox, Owl, Queue, Rough",
    "red -snow": "Red car",
    "stork": "Rough",
    "blur": "Red door",
    "logo": "Red door",
    "glow": "Red car",
    "hedgehog": "",
    "zebra": "",
    "-zebra": ALL,
    "ana": "Red door, Queue",
    '"Ana Ruiz"': "Red door, Queue",
    "hero": "Red door",
    '"first cut"': "Red car",
    "runware": "Red car",
    "note:logo": "Red door",
    'note:"is cut"': "Red door",
    "note:red": "",
    "-note:logo": "Red car, Fox, Owl, Queue, Rough",
    "status:review": "Red car",
    "status:approved": "Red door",
    "status:changes": "Fox",
    "status:rejected": "",
    "status:failed": "Owl",
    "status:queued": "Queue",
    "status:progress": "Queue",
    "-status:progress": "Red door, Red car, Fox, Owl, Rough",
    "status:done": "Red door, Red car, Fox, Rough",
    "-status:review": "Red door, Fox, Owl, Queue, Rough",
    "by:me": "Fox, Owl",
    "by:ana": "Red door, Queue",
    "by:Ruiz": "Red door, Queue",
    "by:ruiz@example": "Red door, Queue",
    'by:"jonas weber"': "Red car, Rough",
    "-by:ana": "Red car, Fox, Owl, Rough",
    "is:mine": "Fox, Owl",
    "is:favorite": "Fox",
    "-is:favorite": "Red door, Red car, Owl, Queue, Rough",
    "is:rehearsal": "Rough",
    "-is:rehearsal": "Red door, Red car, Fox, Owl, Queue",
    "needs:me": "Red car",
    "has:note": "Red door, Red car",
    "has:drawing": "Red door",
    "has:attachment": "",
    "has:camera": "Red door",
    "has:frame": "Red car",
    "has:sound": "Red car",
    "-has:camera red": "Red car",
    "rating:5": "Red door",
    "rating:>=3": "Red door, Red car",
    "rating:1..4": "Red car",
    "rating:0": "Fox, Owl, Queue, Rough",
    "takes:3": "Fox",
    "takes:0": "Owl, Queue",
    "takes:>1": "Fox",
    "length:5": "Red door, Fox, Rough",
    "length:5.0": "Red door, Fox, Rough",
    "length:5.00": "Fox, Rough",
    "length:>5": "Red door, Red car",
    "length:6..20": "Red car",
    "-length:5": "Red car, Owl, Queue",
    "cost:30": "Red door",
    "cost:>30": "Red car",
    "cost:37.5": "Red car",
    "cost:1..30": "Red door, Owl",
    "seed:42": "Red door",
    "seed:43": "",
    "tag:hero": "Red door",
    'tag:"First Cut"': "Red car",
    "tag:her": "",
    "-tag:hero red": "Red car",
    'board:"Act I"': "Red door, Fox",
    "board:picks": "Red car",
    '-board:"act i"': "Red car, Owl, Queue, Rough",
    "board:elsewhere": "",
    "tag:foreign": "",
    "-tag:foreign red": "Red door, Red car",
    "provider:runware": "Red car",
    "provider:anim": "Red door, Fox, Owl, Queue, Rough",
    "-provider:runware red": "Red door",
    "model:klingai:6@1": "Red car",
    "model:nothing": "",
    "on:today": "Rough",
    "after:today": "Rough",
    "before:today": "Red door, Red car, Fox, Owl, Queue",
    "in:trash": "Gone",
    "in:trash red": "",
    "in:trash gone": "Gone",
    "in:trash by:ana": "Gone",
    "red status:approved by:ana rating:>=4 tag:hero note:logo cost:>=30 seed:42": "Red door",
}  # fmt: skip


def found_by(member_pk: int, project_pk: int) -> dict[str, set[str]]:
    member = Member.objects.select_related("team", "user").get(pk=member_pk)
    project = Project.objects.get(pk=project_pk)
    return {
        text: {clip.title for clip in Search(read(text), member=member, project=project).clips}
        for text in FINDS
    }


def sorted_by(member_pk: int, project_pk: int) -> dict[tuple[str, str, int], list[str]]:
    """Whole walls, put together of pages of one and of three."""
    member = Member.objects.select_related("team", "user").get(pk=member_pk)
    project = Project.objects.get(pk=project_pk)
    found = {}
    for name, sort in SORTS.items():
        for text in ("", "-zebra"):
            for most in (1, 3):
                titles, place = [], None
                while place != "":
                    search = Search(read(text), member=member, project=project)
                    after = place_in(place, sort) if place else None
                    rows, place = page(search, sort, after, "title", most=most)
                    titles += [row[0] for row in rows]
                found[name, text, most] = titles
    return found


def around(member_pk: int, project_pk: int) -> dict[tuple[str, str, int], list[str]]:
    """Whole walls, of what is above a clip in pages of two, and what goes on from it."""
    member = Member.objects.select_related("team", "user").get(pk=member_pk)
    project = Project.objects.get(pk=project_pk)
    found = {}
    for (name, sort), text in itertools.product(SORTS.items(), ("", "-zebra")):
        search = Search(read(text), member=member, project=project)
        for clip in search.clips.values_list("pk", flat=True):
            place = place_of(clip, sort, project)
            rows, _ = page(search, sort, place, "title", most=9, way=ONWARD)
            assert rows[0][0] == Clip.objects.get(pk=clip).title
            while place:
                above, further = page(search, sort, place, "title", most=2, way=ABOVE)
                rows, place = above + rows, place_in(further, sort)
            found[name, text, clip] = [row[0] for row in rows]
    return found


SORTED = {
    "newest": ["Rough", "Queue", "Owl", "Fox", "Red car", "Red door"],
    "rated": ["Red door", "Red car", "Rough", "Queue", "Owl", "Fox"],
    "cost": ["Red car", "Red door", "Owl", "Rough", "Queue", "Fox"],
    "noted": ["Red car", "Red door", "Rough", "Queue", "Owl", "Fox"],
}


class TestOnEitherDatabase:
    def test_every_term_finds_what_it_says(self, any_house):
        keys = any_house.inside(wall)
        found = any_house.inside(found_by, *keys)
        wanted = {text: set(filter(None, titles.split(", "))) for text, titles in FINDS.items()}
        assert found == wanted

    def test_every_sort_is_whole_and_the_same_in_pages(self, any_house):
        keys = any_house.inside(wall)
        for (name, text, most), titles in any_house.inside(sorted_by, *keys).items():
            assert titles == SORTED[name], (name, text, most)

    def test_every_sort_is_whole_around_every_clip(self, any_house):
        keys = any_house.inside(wall)
        for (name, text, clip), titles in any_house.inside(around, *keys).items():
            assert titles == SORTED[name], (name, text, clip)


@pytest.mark.django_db
class TestSearch:
    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("by:nobody", "Nobody of the team is called “nobody”."),
            ("tag:nope", "No tag of the team is called “nope”."),
            ("board:nope", "No board of this project is called “nope”."),
        ],
    )
    def test_a_name_that_nobody_has_is_told(self, text, sentence):
        job = make_job()
        search = Search(read(text), member=job.author, project=job.clip.project)
        assert search.missing == [sentence]
        assert not search.clips.exists()

    def test_counting_ends(self, monkeypatch):
        monkeypatch.setattr("studio.reports.search.MOST_COUNTED", 3)
        author = make_member()
        clips = [make_job(author=author).clip for _ in range(5)]
        assert MOST_COUNTED > 3
        assert Search(read("red"), member=author, project=clips[0].project).count() == 3

    @pytest.mark.parametrize("text", ["red", "by:ana status:review", "tag:hero -red by:me"])
    def test_asks_little_however_many_terms(self, django_assert_max_num_queries, text):
        job = make_job()
        member, project = job.author, job.clip.project
        with django_assert_max_num_queries(3):  # people, tags, clips
            list(Search(read(text), member=member, project=project).clips)

    def test_words_and_values_that_databases_dislike(self):
        job = make_job()
        for text in ("length:86400", "cost:999999999.99", "cost:0", "takes:999999999", "seed:-999999999999999999",
                     "NOT", "AND OR NEAR", "{words}", "by:o'", "tag:%", "on:1900", "before:2199-12-31"):  # fmt: skip
            Search(read(text), member=job.author, project=job.clip.project).count()


class TestPlace:
    @pytest.mark.parametrize("sort", SORTS)
    @pytest.mark.parametrize(
        "text", ["", "x", "-1", "1_", "_x", "9" * 30, "1_2_3", "²", "999999999999999999_1"]
    )
    def test_anything_else_is_the_first_page(self, sort, text):
        place = place_in(text, SORTS[sort])
        assert place is None or isinstance(place.pk, int)
