"""What differs between takes, in words, and who is better at what."""

from datetime import timedelta

import pytest
from django.utils import timezone

from studio.core.diff import Change
from studio.core.status import JobStatus
from studio.models import Job, Note, Take
from studio.reports.comparison import comparison, verdict_words
from tests.factories import (
    make_job,
    make_member,
    make_order,
    make_picture,
    make_price,
    make_project,
    make_take,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def author(sellers):
    make_price(provider="lab", credits_per_second=2)
    member = make_member()
    make_project(member.team)
    return member


@pytest.fixture
def made(author):
    """A take of an order; all of one clip."""
    clip = {}

    def make(*, took=None, **changes):
        order = make_order(**changes)
        job = make_job(JobStatus.SUCCEEDED, author=author, order=order, **clip)
        clip["clip"] = job.clip
        if took is not None:
            now = timezone.now()
            Job.objects.filter(pk=job.pk).update(
                started_at=now - timedelta(seconds=took), ended_at=now
            )
        return make_take(job)

    return make


def fresh(*takes):
    found = Take.objects.select_related("clip__project", "job").in_bulk([one.pk for one in takes])
    return [found[one.pk] for one in takes]


def rows_of(*takes):
    found = comparison(fresh(*takes))
    return (
        {row.label: [cell.text for cell in row.cells] for row in found.differing},
        {row.label: row.text for row in found.same},
    )


def cells_of(label, *takes):
    found = comparison(fresh(*takes))
    return next(row for row in [*found.differing, *found.same] if row.label == label).cells


class TestWhatDiffers:
    def test_only_that_is_a_row_and_the_rest_is_the_same(self, made):
        differing, same = rows_of(made(), made(seed=8, camera={"zoom": -6}))
        assert differing == {
            "Camera": ["stays still", "moves in strongly (zoom=-6)"], "Seed": ["7", "8"],
        }  # fmt: skip
        assert same["Prompt"] == "A red door in the snow."
        assert same["Last frame"] == "none"

    def test_a_prompt_is_told_word_by_word(self, made):
        _, second = cells_of("Prompt", made(), made(prompt="A green door in the snow."))
        assert [(one.change, one.text) for one in second.pieces if one.change != Change.SAME] == [
            (Change.GONE, "red"), (Change.NEW, "green"),
        ]  # fmt: skip

    def test_what_another_model_does_not_have_is_told(self, made):
        differing, _ = rows_of(made(), made(provider="lab", model="lab-film", duration=5))
        assert differing["Provider"][0] == "Animatic"
        assert "not offered" in {text for texts in differing.values() for text in texts}

    def test_frames_are_told_by_their_names(self, made, author):
        picture = make_picture(author.team)
        differing, _ = rows_of(made(), made(first_frame=picture.pk))
        assert differing["First frame"] == ["none", f"Picture {picture.pk}"]

    def test_four_takes_have_four_cells(self, made):
        differing, _ = rows_of(*(made(seed=seed) for seed in (1, 2, 1, 3)))
        assert differing["Seed"] == ["1", "2", "1", "3"]


class TestWhoIsBetter:
    def test_less_money_less_time_fewer_notes_more_stars(self, made, author):
        paid = made(provider="lab", model="lab-film", duration=5, took=60)
        free = made(took=90)
        Note.objects.create(clip=paid.clip, take=paid, member=author, frame=3, text="Dark")
        Note.objects.create(
            clip=paid.clip, take=paid, member=author, text="Done", resolved_at=timezone.now()
        )
        Take.objects.filter(pk=paid.pk).update(stars=4)
        better = {
            label: [cell.is_better for cell in cells_of(label, paid, free)]
            for label in ("Cost", "Time taken", "Open notes", "Stars")
        }
        assert better == {
            "Cost": [False, True], "Time taken": [True, False], "Open notes": [False, True],
            "Stars": [True, False],
        }  # fmt: skip
        assert [cell.text for cell in cells_of("Open notes", paid, free)] == ["1", "none"]

    def test_nobody_is_where_one_has_no_figure_or_all_are_the_same(self, made):
        unknown, known = made(), made(took=90)
        assert not any(cell.is_better for cell in cells_of("Time taken", unknown, known))
        assert not any(cell.is_better for cell in cells_of("Cost", unknown, known))


def test_a_side_in_few_words(made):
    paid = made(provider="lab", model="lab-film", duration=5, took=91)
    assert verdict_words(fresh(paid))[0].endswith("· 10 cr · 1 min 31 s")
    assert verdict_words(fresh(made()))[0] == "Animatic · Free"


def test_queries_do_not_grow_with_takes(made, django_assert_num_queries):
    takes = fresh(*(made(seed=seed) for seed in range(4)))
    for few in (takes[:2], takes):
        with django_assert_num_queries(2):  # and one where they have frames
            comparison(few)
