"""The compare page: what its address asks for, and what a winner changes."""

import re

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from studio.core.status import JobStatus
from studio.models import Note, Take
from studio.templatetags.compare import with_take
from tests.factories import make_job, make_member, make_order, make_take

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(client):
    member = make_member("reviewer")
    client.force_login(member.user)
    return member


@pytest.fixture
def takes(member):
    """Four of one clip."""
    author, clip, made = make_member(team=member.team), {}, []
    for seed in range(4):
        job = make_job(JobStatus.SUCCEEDED, author=author, order=make_order(seed=seed), **clip)
        clip = {"clip": job.clip}
        made.append(make_take(job))
    return made


@pytest.fixture
def get(client):
    def ask(query, status=200):
        answer = client.get(f"/compare/?{query}")
        assert answer.status_code == status, answer.content.decode()[:300]
        return answer.content.decode()

    return ask


def keys(*takes):
    return "takes=" + ",".join(str(take.pk) for take in takes)


def shown(html):
    """The takes of the page, A first, as its script is told."""
    found = re.search(r'data-takes="([\d,]*)"', html)
    return [int(key) for key in found[1].split(",")] if found else []


def pks(*takes):
    return [take.pk for take in takes]


class TestAddress:
    @pytest.mark.parametrize("count", [2, 3, 4])
    def test_two_to_four_takes_in_their_order(self, get, takes, count):
        chosen = takes[:count][::-1]
        html = get(keys(*chosen))
        assert shown(html) == pks(*chosen)
        assert html.count("<video") == count

    def test_the_best_take_of_each_clip(self, get, takes, member):
        other = make_take(make_job(JobStatus.SUCCEEDED, author=takes[0].job.author))
        Take.objects.filter(pk=takes[2].pk).update(stars=3)
        takes[2].clip.touch()
        html = get(f"clips={takes[0].clip_id},{other.clip_id}")
        assert shown(html) == pks(takes[2], other)

    def test_a_clip_without_takes_says_so(self, get, takes):
        empty = make_job(JobStatus.RUNNING, author=takes[0].job.author)
        html = get(f"clips={takes[0].clip_id},{empty.clip_id}")
        assert "has no take yet." in html

    def test_everything_that_is_asked_stands_on_the_page(self, get, takes):
        query = "&mode=wipe&frame=83&a=1&b=-2&wipe=40&sound=b&loop=0&in=10&out=90"
        html = get(keys(*takes[:2]) + query)
        for words in (
            'data-frame="83"', 'data-wipe="40"', 'data-sound="b"', 'data-loop="0"', 'data-in="10"',
            'data-out="90"', 'value="wipe" autocomplete="off" checked', 'data-offset="-2"',
        ):  # fmt: skip
            assert words in html, words
        assert "cmp-problem" not in html

    def test_nonsense_is_what_is_usual_with_a_sentence(self, get, takes):
        html = get(keys(*takes[:2]) + "&mode=zigzag&frame=abc&b=x")
        assert html.count("cmp-problem") == 3
        assert 'value="side" autocomplete="off" checked' in html

    def test_five_takes_are_the_first_four(self, get, takes):
        fifth = make_take(make_job(JobStatus.SUCCEEDED, author=takes[0].job.author))
        html = get(keys(*takes, fifth))
        assert shown(html) == pks(*takes)
        assert "At most 4 takes" in html

    def test_one_take_gets_the_best_other_one_beside_it(self, get, takes):
        Take.objects.filter(pk=takes[3].pk).update(stars=5)
        html = get(keys(takes[0]))
        assert shown(html) == pks(takes[0], takes[3])
        assert "Take 4 of the same clip is beside it." in html

    def test_one_take_alone_offers_others(self, get, takes):
        lonely = make_take(make_job(JobStatus.SUCCEEDED, author=takes[0].job.author))
        html = get(keys(lonely))
        assert "One take can not be compared with itself." in html
        assert f"?takes={lonely.pk},{takes[3].pk}" in html

    @pytest.mark.parametrize("query", ["", "takes=", "takes=abc", "takes=²", "clips="])
    def test_none_at_all_offers_some(self, get, takes, query):
        assert f"?takes={takes[3].pk}" in get(query)

    @pytest.mark.parametrize("query", ["takes=999999,1", "clips=999999", "takes=" + "9" * 17])
    def test_what_is_not_there_is_not_found(self, get, takes, query):
        get(query, status=404)

    def test_what_is_not_ours_is_not_found(self, get, takes):
        foreign = make_take(make_job(JobStatus.SUCCEEDED))
        get(keys(takes[0], foreign), status=404)
        get(f"clips={foreign.clip_id}", status=404)

    def test_what_is_purged_is_not_found(self, get, takes):
        from django.utils import timezone

        takes[0].clip.purged_at = timezone.now()
        takes[0].clip.save()
        get(keys(*takes[:2]), status=404)


class TestPage:
    def test_only_what_differs_is_in_the_table(self, get, takes):
        html = get(keys(*takes[:2]))
        assert '<th scope="row">Seed</th>' in html
        assert '<th scope="row">Prompt</th>' not in html
        assert re.search(r"1 setting differs.*?\d+ are the same", html, re.S)

    def test_notes_of_both_are_on_the_timeline(self, get, takes, member):
        common = {"clip": takes[0].clip, "member": member}
        Note.objects.create(take=takes[0], frame=60, text="Here", **common)
        Note.objects.create(take=takes[1], frame=30, last_frame=59, text="There", **common)
        Note.objects.create(take=takes[1], text="All of it", **common)
        html = get(keys(*takes[:2]) + "&b=6")
        assert html.count("data-pin=") == 2
        assert 'cx="50.0%"' in html
        assert 'x="20.0%" y="24" width="25.0%"' in html  # six frames earlier

    def test_queries_do_not_grow_with_takes_or_notes(self, get, takes, member):
        def asked(*chosen):
            with CaptureQueriesContext(connection) as seen:
                get(keys(*chosen))
            return len(seen)

        asked(*takes[:2])
        few = asked(*takes[:2])
        for take in takes:
            Note.objects.create(take=take, clip=take.clip, member=member, frame=1, text="x")
        assert asked(*takes) == few
        assert few <= 12


class TestChoices:
    def test_a_search_finds_takes_of_other_clips(self, client, takes):
        order = make_order(prompt="A blue bird.")
        bird = make_take(make_job(JobStatus.SUCCEEDED, author=takes[0].job.author, order=order))
        make_take(make_job(JobStatus.SUCCEEDED, order=order))  # of another team
        address = f"/compare/takes/?{keys(*takes[:2])}&place=1&q=BLUE"
        html = client.get(address).content.decode()
        assert html.count("<a ") == 1
        assert f"?takes={takes[0].pk},{bird.pk}" in html

    def test_nothing_found_says_so(self, client, takes):
        html = client.get(f"/compare/takes/?{keys(*takes)}&q=%00zebra").content.decode()
        assert "No take of a clip with “zebra” in its title." in html


class TestWinner:
    def win(self, client, take, takes, **headers):
        return client.post(f"/compare/win/{take.pk}/?{keys(*takes)}", headers=headers)

    def test_the_page_says_so_and_offers_undo(self, client, takes):
        answer = self.win(client, takes[1], takes[:2], **{"HX-Request": "true"})
        html = answer.content.decode()
        assert f'hx-target="#crown-{takes[1].pk}"' in html
        assert "On top of its clip" in html
        assert 'hx-target="#differences"' in html
        undo = re.search(r'formaction="(/compare/undo/[^"]+)"', html)[1].replace("&amp;", "&")
        undone = client.post(undo, headers={"HX-Request": "true"})
        assert undone.status_code == 200
        assert set(Take.objects.values_list("stars", flat=True)) == {0}
        assert client.post(undo).status_code == 409  # it is no longer as we left it

    def test_without_scripts_it_leads_back(self, client, takes):
        answer = self.win(client, takes[1], takes[:2])
        assert (answer.status_code, answer.url) == (302, f"/compare/?{keys(*takes[:2])}")
        assert "Take 2 won" in client.get(answer.url).content.decode()

    def test_tokens_of_another_take_or_of_nobody_undo_nothing(self, client, takes):
        html = self.win(client, takes[1], takes[:2], **{"HX-Request": "true"}).content.decode()
        token = re.search(r"was=([^\"&]+)", html)[1]
        for pk, was in ((takes[0].pk, token), (takes[1].pk, "made-up"), (takes[1].pk, token[:-2])):
            assert client.post(f"/compare/undo/{pk}/?{keys(*takes)}&was={was}").status_code == 404
        assert sorted(Take.objects.values_list("stars", flat=True)) == [0, 0, 0, 4]

    def test_a_foreign_take_is_not_found(self, client, takes):
        foreign = make_take(make_job(JobStatus.SUCCEEDED))
        assert self.win(client, foreign, takes).status_code == 404
        assert self.win(client, takes[0], [*takes[:1], foreign]).status_code == 404


class TestWayIn:
    def test_side_by_side_leads_here_from_two_takes_on(self, client, takes, sellers):
        from tests.factories import make_price

        make_price(provider="lab", credits_per_second=2)
        page = f"/clips/{takes[0].clip_id}/side-by-side/"
        assert "/compare/" not in client.get(page).content.decode()
        order = make_order(provider="lab", model="lab-film", duration=5)
        job = make_job(
            JobStatus.SUCCEEDED, author=takes[0].job.author, order=order, clip=takes[0].clip
        )
        other = make_take(job)
        assert f"?takes={takes[3].pk},{other.pk}" in client.get(page).content.decode()

    def test_a_clip_offers_its_best_other_take(self, takes):
        Take.objects.filter(pk=takes[1].pk).update(stars=2)
        beside = list(takes[0].clip.takes.order_by("number"))
        html = render_to_string("compare/_open.html", {"take": takes[0], "takes": beside})
        assert f"?takes={takes[0].pk},{takes[1].pk}" in html
        assert "<a" not in render_to_string(
            "compare/_open.html", {"take": takes[0], "takes": beside[:1]}
        )
        assert "<a" not in render_to_string("compare/_open.html", {"take": None, "takes": []})

    @pytest.mark.parametrize(
        ("place", "take", "found"),
        [(0, 9, "9,2,3"), (1, 1, "2,1,3"), (3, 9, "1,2,3,9"), (3, 1, "2,3,1"), ("x", 9, "1,2,3,9")],
    )
    def test_a_menu_puts_a_take_into_its_place(self, place, take, found):
        assert with_take("1,2,3", place, take) == found
