"""Takes of several models side by side."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from studio.core.status import JobStatus
from studio.models import Job
from studio.views.sides import sides_partials
from tests.factories import make_job, make_member, make_order, make_price, make_project, make_take

pytestmark = pytest.mark.django_db


@pytest.fixture
def author(sellers):
    make_price(provider="lab", credits_per_second=2)
    member = make_member()
    make_project(member.team)
    return member


@pytest.fixture
def done(author):
    """Made by Animatic in 65 seconds."""
    job = make_job(JobStatus.SUCCEEDED, author=author)
    ended = job.created_at
    Job.objects.filter(pk=job.pk).update(started_at=ended - timedelta(seconds=65), ended_at=ended)
    make_take(job)
    return job


def film(done, status, **fields):
    order = make_order(provider="lab", model="lab-film", duration=5)
    return make_job(status, author=done.author, order=order, clip=done.clip, **fields)


@pytest.fixture
def page(client, done):
    client.force_login(done.author.user)
    return lambda: client.get(f"/clips/{done.clip_id}/side-by-side/").content.decode()


def test_shows_video_price_time_and_the_way_on(done, page):
    paid = film(done, JobStatus.SUCCEEDED)
    make_take(paid)
    text = page()
    assert text.count("<video") == 2
    assert "Free · took 1 min 5 s" in text
    assert "10 cr charged" in text
    assert f'href="/director/?from={paid.pk}"' in text


@pytest.mark.parametrize(
    ("status", "fields", "sentence"),
    [
        (JobStatus.QUEUED, {}, "Queued"),
        (JobStatus.RUNNING, {"progress": 40, "phase": "Drawing"}, "40%"),
        (JobStatus.FAILED, {"error": "It shows a brand."}, "It shows a brand."),
        (JobStatus.WAITING, {}, "Needs 10 cr"),
    ],
)
def test_what_has_no_take_says_where_it_is(done, page, status, fields, sentence):
    film(done, status, **fields)
    text = page()
    assert text.count("<video") == 1
    assert sentence in text


def test_tried_again_it_stands_there_once_and_another_prompt_not_at_all(done, page):
    other = make_order(provider="lab", model="lab-sim", duration=5, prompt="Another shot.")
    make_job(JobStatus.RUNNING, author=done.author, order=other, clip=done.clip)
    film(done, JobStatus.FAILED, error="Too busy.")
    film(done, JobStatus.RUNNING)
    text = page()
    assert "Too busy." not in text
    assert text.count('class="sides-one"') == 2


def test_the_stream_brings_what_changed(done):
    running = film(done, JobStatus.RUNNING)
    html = sides_partials([done.clip_id])[done.clip_id]
    assert 'hx-target="#sides"' in html
    assert f'id="side-{running.pk}"' in html


def test_of_one_model_it_says_so_and_the_clip_page_offers_it_from_two_on(client, done, page):
    link = f"/clips/{done.clip_id}/side-by-side/"
    assert "Only one model has made this shot" in page()
    assert link not in client.get(f"/clips/{done.clip_id}/").content.decode()
    film(done, JobStatus.RUNNING)
    assert link in client.get(f"/clips/{done.clip_id}/").content.decode()


def test_queries_do_not_grow_with_sides(done, page):
    def asked():
        with CaptureQueriesContext(connection) as seen:
            page()
        return len(seen)

    asked()
    one = asked()
    make_take(film(done, JobStatus.SUCCEEDED))
    assert asked() == one
