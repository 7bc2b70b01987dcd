"""What is found of a clip is what it says now, on either database."""

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from studio.core.fulltext import Phrase, Sought, fact, tokens
from studio.core.orders import Order
from studio.core.status import JobStatus
from studio.models import Clip, Job, Member, Note, SearchText, Tag
from studio.models.search import keep, texts_of
from studio.services import jobs
from studio.services.batches import Origin, Wanted, order_all
from tests.factories import make_job, make_lane, make_member, make_order, make_price, make_take


def finds(word: str) -> list[str]:
    phrase = Phrase(tokens=tokens(word), parts=("words", "notes", "facts"))
    found = Clip.objects.filter(search__found__match=Sought(needed=[[phrase]]))
    return sorted(found.values_list("title", flat=True))


def a_life() -> list[list[str]]:
    """What is found after each step of a clip's life."""
    make_price()
    take = make_take(make_job(JobStatus.SUCCEEDED, order=make_order(prompt="Red door. Snow.")))
    clip, said = take.clip, [finds("snow")]
    note = Note.objects.create(clip=clip, take=take, member=clip.author, text="Too dark")
    clip.touch()
    said.append(finds("dark"))
    note.removed_at = timezone.now()
    note.save()
    clip.touch()
    said.append(finds("dark"))
    tag = Tag.objects.create(team=clip.team, name="Hero")
    tag.clips.add(clip)
    clip.touch()
    said.append(finds(fact("tag", tag.pk)))
    Clip.objects.filter(pk=clip.pk).update(title="Blue gate")
    Clip.objects.get(pk=clip.pk).record("touch")
    said += [finds("gate"), finds("snow")]
    with transaction.atomic():
        Clip.objects.filter(pk=clip.pk).update(title="Green gate")
        Clip.objects.get(pk=clip.pk).touch()
        transaction.set_rollback(True)
    said += [finds("green"), finds("blue")]
    return said


def before_this() -> str:
    """The migration that stands before the one that makes the table, whatever their numbers are."""
    graph = MigrationLoader(connection).graph
    (own,) = (key for key in graph.nodes if key[0] == "studio" and key[1].endswith("_search"))
    (parent,) = (one.key for one in graph.node_map[own].parents if one.key[0] == "studio")
    return parent[1]


def refilled() -> tuple[int, list[str], list[str]]:
    """The table made anew by its migration, from rows that were there before."""
    make_price()
    author = make_member()
    for number in range(3):
        make_job(author=author, order=make_order(prompt=f"Red door {number}. Snow."))
    before = dict(SearchText.objects.values_list("pk", "words"))
    call_command("migrate", "studio", before_this(), verbosity=0)
    gone = "studio_search" not in connection.introspection.table_names()
    call_command("migrate", "studio", verbosity=0)
    after = dict(SearchText.objects.values_list("pk", "words"))
    return gone, before == after, finds("snow")


class TestOnEitherDatabase:
    def test_follows_a_clip_through_its_life(self, any_house):
        was, now = ["Red door"], ["Blue gate"]
        assert any_house.inside(a_life) == [was, was, [], was, now, now, [], now]

    def test_is_made_of_rows_that_were_there_before(self, any_house):
        gone, same, found = any_house.inside(refilled)
        assert (gone, same) == (True, True)
        assert found == ["Red door 0", "Red door 1", "Red door 2"]


@pytest.mark.django_db
class TestKeep:
    @pytest.fixture
    def author(self, db) -> Member:
        make_price()
        make_lane()
        author = make_member()
        author.team.projects.create(name="Film")
        return author

    def order(self, author, *prompts, **origin) -> list[Job]:
        wanted = [
            Wanted(order=make_order(prompt=prompt), origin=Origin(**origin), shot=number)
            for number, prompt in enumerate(prompts)
        ]
        return order_all(author, author.team.projects.get(), wanted)

    def test_new_orders_are_found_at_once_also_as_they_were_written(self, author):
        self.order(author, "Red door. Snow.", "Blue gate. Rain.", written="{red|blue}, weather")
        assert finds("snow") == ["Red door"]
        assert finds("rain") == ["Blue gate"]
        assert finds("weather") == ["Blue gate", "Red door"]

    def test_a_second_prompt_in_a_clip_adds_to_it(self, author):
        (job,) = self.order(author, "Red door. Snow.")
        self.order(author, "Red door. Fog.", clip=job.clip)
        assert finds("snow") == finds("fog") == ["Red door"]

    def test_an_edited_order_brings_its_title(self, author):
        (job,) = self.order(author, "Red door.")
        jobs.edit(author, job, Order.from_json(make_order(prompt="Golden gate.").to_json()))
        assert finds("golden") == ["Golden gate"]

    def test_progress_writes_nothing(self, author, django_assert_max_num_queries):
        (job,) = self.order(author, "Red door.")
        with django_assert_max_num_queries(12) as asked:
            job.touch()
        assert not [one for one in asked if "studio_search" in one["sql"]]

    def test_asks_little_however_many_clips(self, author, django_assert_num_queries):
        found = self.order(author, *(f"Door {number}." for number in range(10)))
        with django_assert_num_queries(4):
            assert len(texts_of([job.clip_id for job in found])) == 10

    def test_a_clip_that_is_deleted_is_found_no_more(self, author):
        clip = Clip.objects.create(
            team=author.team, project=author.team.projects.get(), author=author, title="Red door",
            state=JobStatus.SUCCEEDED,
        )  # fmt: skip
        keep([clip.pk])
        clip.delete()
        assert not SearchText.objects.exists()

    def test_a_very_long_life_fits(self, author):
        (job,) = self.order(author, "Red door.")
        take = make_take(job)
        words = " ".join(f"w{number}" for number in range(30_000))
        Note.objects.create(clip=job.clip, take=take, member=author, text=words)
        job.clip.touch()
        assert finds("w19000") == ["Red door"]
