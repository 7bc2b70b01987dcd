"""The bell, the list behind it, and the hint that makes a page ask."""

import json
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from studio import notices
from studio.core.notices import Kind
from studio.models import Notice
from studio.views.told import Told
from tests.factories import make_job, make_member, make_notice, make_project
from tests.streaming import Viewer, address


@pytest.fixture
def ana(db, client):
    member = make_member(name="Ana Ruiz")
    make_project(member.team)
    client.force_login(member.user)
    return member


def unread(client):
    return client.get(reverse("notices-unread")).json()


class TestBell:
    def test_counts_what_nobody_has_read(self, client, ana):
        for _ in range(3):
            make_notice(ana)
        make_notice(ana, read_at=timezone.now())
        make_notice(ana, on_page=False)
        make_notice(make_member(team=ana.team))
        assert unread(client)["count"] == 3

    def test_counts_no_further_than_it_can_show(self, client, ana):
        Notice.objects.bulk_create(
            Notice(team=ana.team, member=ana, kind="note_written", cause=str(number),
                   aloud_at=timezone.now())
            for number in range(150)
        )  # fmt: skip
        assert unread(client)["count"] == 100

    def test_says_aloud_what_is_wanted_when_it_may_and_while_it_is_news(self, client, ana):
        now = timezone.now()
        fresh = make_notice(ana, in_browser=True)
        make_notice(ana, in_browser=True, aloud_at=now + timedelta(hours=1))
        make_notice(ana, in_browser=True, aloud_at=now - timedelta(hours=1))
        make_notice(ana, in_browser=True, read_at=now)
        make_notice(ana)
        assert unread(client)["aloud"] == [
            {"id": fresh.pk, "title": "Red door", "body": "Ben wrote a note\nMore snow."}
        ]

    def test_is_on_every_page_and_holds_nothing_personal(self, client, ana):
        make_notice(ana, facts={"subject": "A secret"})
        for name in ("wall", "queue", "settings-profile", "notices"):
            page = client.get(reverse(name)).content.decode()
            assert "data-bell=" in page
        assert "A secret" not in client.get(reverse("wall")).content.decode()

    def test_newest_few(self, client, ana):
        for number in range(10):
            make_notice(ana, facts={"subject": f"Clip {number}.", "who": "Ben"})
        shown = client.get(reverse("notices-newest")).content.decode()
        assert [f"Clip {number}." in shown for number in range(10)] == [False] * 2 + [True] * 8

    @pytest.mark.parametrize("route", ["notices-unread", "notices-newest", "notices"])
    def test_is_kept_by_no_cache(self, client, ana, route):
        assert "no-store" in client.get(reverse(route))["Cache-Control"]


class TestList:
    def test_pages_by_key_without_gap_or_double_while_new_ones_come(self, client, ana):
        for number in range(90):
            make_notice(ana, facts={"subject": f"Clip {number}.", "who": "Ben"})
        first = client.get(reverse("notices"))
        make_notice(ana, facts={"subject": "Meanwhile"})
        seen, page = [], first
        while True:
            seen += [str(one.pk) for one in page.context["notices"]]
            older = page.context["older"]
            if older is None:
                break
            page = client.get(reverse("notices"), {"before": older})
        assert len(seen) == len(set(seen)) == 90

    @pytest.mark.parametrize("count", [3, 40])
    def test_costs_the_same_however_long(self, client, ana, count, django_assert_max_num_queries):
        clip = make_job(author=ana).clip
        for _ in range(count):
            make_notice(ana, clip=clip)
        client.get(reverse("notices"))
        with django_assert_max_num_queries(9):
            client.get(reverse("notices"))

    def test_older_ones_for_htmx_are_rows_alone(self, client, ana):
        for _ in range(41):
            make_notice(ana)
        headers = {"HX-Request": "true", "HX-Target": "li#older"}
        rows = client.get(reverse("notices"), {"before": 10**9}, headers=headers).content.decode()
        assert "<html" not in rows
        assert rows.count('class="notice"') == 40

    @pytest.mark.parametrize("before", ["x", "-1", "9" * 40, "0"])
    def test_nonsense_is_the_first_page_or_an_empty_one(self, client, ana, before):
        make_notice(ana)
        assert client.get(reverse("notices"), {"before": before}).status_code == 200

    def test_what_people_wrote_is_text(self, client, ana):
        evil = "<img src=x onerror=alert(1)>"
        make_notice(ana, facts={"subject": evil, "who": evil, "text": evil})
        for route in ("notices", "notices-newest"):
            assert "<img src=x" not in client.get(reverse(route)).content.decode()

    def test_following_one_reads_it(self, client, ana):
        clip = make_job(author=ana).clip
        notice = make_notice(ana, clip=clip, facts={"subject": "x", "take": 1, "frame": 9})
        found = client.get(reverse("notice", args=[notice.pk]))
        assert found.url == f"/clips/{clip.pk}/?take=1&frame=9"
        assert unread(client)["count"] == 0

    def test_those_of_others_are_not_there(self, client, ana):
        other = make_member(team=ana.team)
        theirs, nobody_s = make_notice(other), make_notice(ana)
        Notice.objects.filter(pk=nobody_s.pk).update(member=None)
        for notice in (theirs, nobody_s):
            assert client.get(reverse("notice", args=[notice.pk])).status_code == 404

    def test_of_another_team_of_the_same_person_are_not_there(self, client, ana):
        other = make_member()
        second = other.team.members.create(user=ana.user, role="author")
        notice = make_notice(second)
        assert client.get(reverse("notice", args=[notice.pk])).status_code == 404

    def test_all_are_read_up_to_what_was_shown(self, client, ana):
        seen = make_notice(ana)
        make_notice(ana)
        client.post(reverse("notices-read"), {"upto": seen.pk})
        assert unread(client)["count"] == 1
        client.post(reverse("notices-read"), {"upto": "nonsense"})
        assert unread(client)["count"] == 0

    def test_marking_from_the_bell_answers_its_list(self, client, ana):
        make_notice(ana)
        headers = {"HX-Request": "true", "HX-Target": "div#bell-list"}
        answer = client.post(reverse("notices-read"), headers=headers)
        assert "data-unread" not in answer.content.decode()

    def test_needs_the_token_of_a_form(self, ana):
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(ana.user)
        assert strict.post(reverse("notices-read")).status_code == 403


class TestHint:
    def test_comes_to_the_person_s_own_pages_without_a_word(self, server, data_folder):
        ana = make_member()
        make_project(ana.team)
        ben = make_member(team=ana.team)
        with (
            Viewer(server.port, address(ana)).settle() as hers,
            Viewer(server.port, address(ben)).settle() as his,
        ):
            with transaction.atomic():
                notices.tell(
                    kind=Kind.NOTE, cause="x", to=[ana], about=notices.About(team=ana.team),
                    subject="A secret", who="Ben",
                )  # fmt: skip
            job = make_job(author=ben)
            message = hers.next()
            assert (message.event, json.loads(message.data)) == ("notice", {})
            heard = []
            for one in his.messages():
                heard.append(one.event)
                if one.id and str(job.clip_id) in one.data:
                    break
            assert "notice" not in heard

    def test_each_once_and_not_what_was_there_before(self, ana):
        make_notice(ana)
        told = Told()
        assert told.read() == set()
        make_notice(ana)
        make_notice(ana)
        assert told.read() == {ana.pk}
        assert told.read() == set()

    def test_one_that_becomes_visible_late_is_not_missed(self, ana, monkeypatch):
        monkeypatch.setattr("studio.views.told.overlap", lambda: 100)
        told = Told()
        told.read()
        first, second = make_notice(ana), make_notice(make_member(team=ana.team))
        late = Notice.objects.get(pk=first.pk)
        first.delete()
        assert told.read() == {second.member_id}
        late.save(force_insert=True)
        assert told.read() == {ana.pk}
        assert told.read() == set()
