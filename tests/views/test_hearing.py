"""Settings → Notices: the table of boxes, quiet hours, addresses, and the link that ends mails."""

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from studio.core.notices import OFFERED, SPECS, Channel, Kind
from studio.models import Delivery, Endpoint, NoticeSettings
from studio.pipeline import letters
from tests.factories import make_endpoint, make_member, make_notice, make_project

pytestmark = pytest.mark.django_db
URL = "/settings/notices/"
NORMAL = {"digest": "now", "digest_hour": "8"}


@pytest.fixture(autouse=True)
def _mail_is_on(settings):
    settings.MAIL_IS_ON = True


@pytest.fixture
def ana(client):
    member = make_member(name="Ana Ruiz")
    make_project(member.team)
    client.force_login(member.user)
    return member


@pytest.fixture
def mei(client):
    member = make_member("admin", name="Mei Tanaka")
    make_project(member.team)
    client.force_login(member.user)
    return member


def row(member):
    return NoticeSettings.objects.get(member=member)


class TestTable:
    def test_everything_unticked_is_nothing_wanted(self, client, ana):
        assert client.post(URL, NORMAL).status_code == 302
        assert not any(row(ana).wants(kind, way) for kind in OFFERED for way in Channel
                       if not SPECS[kind].admins)  # fmt: skip

    def test_each_box_counts_for_itself(self, client, ana):
        client.post(URL, {**NORMAL, "note_written-mail": "on", "job_done-page": "on"})
        assert row(ana).channels[Kind.NOTE] == ["mail"]
        assert row(ana).channels[Kind.JOB_DONE] == ["page"]

    def test_shows_what_is_chosen(self, client, ana):
        page = client.get(URL).content.decode()
        assert 'name="note_written-mail"' in page
        client.post(URL, NORMAL)
        assert "checked" not in client.get(URL).content.decode().split("<tbody>")[1].split(
            "</tbody>"
        )[0]  # fmt: skip

    def test_what_only_admins_hear_is_shown_to_them_alone(self, client, mei):
        assert "A provider is paused" in client.get(URL).content.decode()
        client.force_login(make_member(team=mei.team).user)
        assert "A provider is paused" not in client.get(URL).content.decode()

    def test_mail_that_is_off_says_so_and_keeps_its_boxes(self, client, ana, settings):
        settings.MAIL_IS_ON = False
        page = client.get(URL).content.decode()
        assert "Mail is off" in page
        client.post(URL, NORMAL)
        assert row(ana).wants(Kind.NOTE, Channel.MAIL)
        assert not row(ana).wants(Kind.NOTE, Channel.PAGE)

    def test_saved_in_place(self, client, ana):
        headers = {"HX-Request": "true", "HX-Target": "section#hearing"}
        answer = client.post(URL, NORMAL, headers=headers)
        assert "Saved." in answer.content.decode()
        assert "<html" not in answer.content.decode()


class TestQuietHours:
    @pytest.mark.parametrize(
        ("said", "sentence"),
        [
            ({"quiet_from": "22:00", "quiet_until": "22:00"}, "must end at another time"),
            ({"quiet_from": "22:00"}, "need a beginning and an end"),
            ({"quiet_until": "07:00"}, "need a beginning and an end"),
            ({"quiet_from": "25:00", "quiet_until": "07:00"}, "Quiet from must be a time like"),
            ({"quiet_from": "late", "quiet_until": "early"}, "Quiet until must be a time like"),
            ({"time_zone": "Mars/Base"}, "Time zone must be one of the list"),
            ({"digest": "never"}, "within minutes, every hour or every day, not “never”"),
            ({"digest": ""}, "choose one"),
            ({"digest_hour": "24"}, "from 00:00 to 23:00"),
            ({"digest_hour": "x"}, "from 00:00 to 23:00"),
        ],
    )
    def test_bad_values_are_said_and_kept(self, client, ana, said, sentence):
        answer = client.post(URL, {**NORMAL, **said, "note_written-mail": "on"})
        assert answer.status_code == 422
        page = answer.content.decode()
        assert sentence in page
        assert not NoticeSettings.objects.exists()
        for value in (said.get("quiet_from"), said.get("quiet_until")):
            assert not value or f'value="{value}"' in page

    def test_are_kept(self, client, ana):
        said = {"quiet_from": "22:00", "quiet_until": "07:00", "time_zone": "Asia/Tokyo"}
        client.post(URL, {**NORMAL, **said, "digest": "daily", "digest_hour": "6"})
        kept = row(ana)
        assert (str(kept.quiet_from), str(kept.quiet_until)) == ("22:00:00", "07:00:00")
        assert (kept.time_zone, kept.digest, kept.digest_hour) == ("Asia/Tokyo", "daily", 6)
        page = client.get(URL).content.decode()
        assert 'value="22:00"' in page


class TestEndpoints:
    def add(self, client, whose="own", **changes):
        values = {"name": "Hook", "format": "standard", "url": "https://127.0.0.1/in", **changes}
        return client.post(reverse(f"endpoints-{whose}"), values)

    def test_secret_is_shown_once(self, client, mei, settings):
        settings.ALLOW_PRIVATE = ["127.0.0.1/32"]
        answer = self.add(client, "team", events=["note_written"])
        secret = Endpoint.objects.get().secrets()[0]
        assert secret in answer.content.decode()
        assert "no-store" in answer["Cache-Control"]
        assert secret not in client.get(URL).content.decode()
        assert Endpoint.objects.get().events == ["note_written"]

    @pytest.mark.parametrize(
        ("said", "sentence"),
        [
            ({"url": "ftp://hooks.example/"}, "must begin with https://"),
            ({"url": "hooks.example"}, "must begin with https://"),
            ({"url": "https://"}, "must name a machine"),
            ({"url": "https://127.0.0.1/"}, "leads to this machine"),
            ({"url": "https://169.254.169.254/latest"}, "leads to the local link"),
            ({"url": ""}, "Address is needed"),
            ({"url": "https://x/" + "y" * 600}, "at most 500"),
            ({"url": "https://x/" + "y" * 3000}, "at most 500"),
            ({"name": ""}, "Name is needed"),
            ({"format": "carrier-pigeon"}, "Standard Webhooks or Slack, not “carrier-pigeon”"),
        ],
    )
    def test_bad_values_are_said_and_kept(self, client, ana, said, sentence):
        answer = self.add(client, **said)
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
        assert not Endpoint.objects.exists()

    def test_of_the_team_hear_nothing_that_there_is_not(self, client, mei):
        answer = self.add(client, "team", events=["everything"])
        assert "“everything” is nothing that can be told." in answer.content.decode()

    def test_those_of_other_people_are_not_there(self, client, mei):
        other = make_endpoint(make_member(team=mei.team), for_team=False, name="Hers")
        assert "Hers" not in client.get(URL).content.decode()
        for name in ("endpoint", "endpoint-test", "endpoint-remove", "endpoint-secret"):
            url = reverse(name, args=[other.pk])
            assert client.post(url, {"name": "Mine"}).status_code == 404
        assert client.get(reverse("endpoint", args=[other.pk])).status_code == 404

    def test_log_has_status_and_the_beginning_of_the_answer_as_text(self, client, mei):
        made = make_endpoint(mei)
        delivery = Delivery.objects.create(
            notice=make_notice(mei), endpoint=made, status="failed", tries=10, code=500,
            answer="<script>alert(1)</script>", next_at="2026-01-01T00:00Z",
        )  # fmt: skip
        page = client.get(reverse("endpoint", args=[made.pk])).content.decode()
        assert "&lt;script&gt;alert(1)" in page
        assert delivery.message_id in page
        assert reverse("delivery-again", args=[delivery.pk]) in page

    def test_log_looks_again_only_while_something_is_about_to_happen(self, client, mei):
        made = make_endpoint(mei)
        url = reverse("endpoint", args=[made.pk])
        assert "delay:1s" not in client.get(url).content.decode()
        client.post(reverse("endpoint-test", args=[made.pk]))
        assert "delay:1s" in client.get(url).content.decode()

    def test_test_of_one_that_is_off_says_why_not(self, client, mei):
        made = make_endpoint(mei, is_on=False)
        answer = client.post(reverse("endpoint-test", args=[made.pk]))
        assert answer.status_code == 409
        assert "is off. Turn it on first." in answer.content.decode()

    def test_mails_can_not_be_sent_again(self, client, mei):
        mail = Delivery.objects.create(notice=make_notice(mei), next_at="2026-01-01T00:00Z")
        assert client.post(reverse("delivery-again", args=[mail.pk])).status_code == 404

    def test_change_switch_secret_remove(self, client, mei):
        made = make_endpoint(mei)
        client.post(reverse("endpoint", args=[made.pk]), {"name": "Other", "events": ["job_done"]})
        client.post(reverse("endpoint-switch", args=[made.pk]))
        former = made.secrets()
        answer = client.post(reverse("endpoint-secret", args=[made.pk]))
        made.refresh_from_db()
        assert (made.name, made.events, made.is_on) == ("Other", ["job_done"], False)
        assert made.secrets()[0] in answer.content.decode()
        assert made.secrets()[1:] == former
        client.post(reverse("endpoint-remove", args=[made.pk]))
        assert not Endpoint.objects.exists()


class TestUnsubscribe:
    def test_one_click_of_a_mailbox_without_cookies_or_token(self, ana):
        strict = Client(enforce_csrf_checks=True)
        url = reverse("unsubscribe", args=[letters.token_of(ana)])
        assert strict.post(url, {"List-Unsubscribe": "One-Click"}).status_code == 200
        assert not row(ana).wants(Kind.NOTE, Channel.MAIL)

    def test_looking_alone_changes_nothing(self, client, ana):
        client.logout()
        page = client.get(reverse("unsubscribe", args=[letters.token_of(ana)]))
        assert "Stop these mails?" in page.content.decode()
        assert not NoticeSettings.objects.exists()

    def test_undo(self, client, ana):
        url = reverse("unsubscribe", args=[letters.token_of(ana)])
        client.post(url)
        assert "Mails come again" in client.post(f"{url}?undo").content.decode()
        assert row(ana).wants(Kind.NOTE, Channel.MAIL)

    @pytest.mark.parametrize("token", ["x", "1:abc", "MQ:1xY0:AAAA", ":", "1"])
    def test_forged(self, client, ana, token):
        url = reverse("unsubscribe", args=[token])
        assert client.get(url).status_code == client.post(url).status_code == 404
        assert not NoticeSettings.objects.exists()

    def test_another_signature_of_ours_is_none_for_this(self, client, ana):
        for token in (signing.dumps(ana.pk), signing.Signer().sign(str(ana.pk))):
            assert client.post(reverse("unsubscribe", args=[token])).status_code == 404
