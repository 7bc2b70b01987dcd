"""Mails against a real server: one letter for all that is due, at most once, with a way out."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from studio.core.notices import Kind
from studio.models import Clip, Delivery, NoticeSettings
from studio.pipeline import deliveries, letters
from studio.pipeline.deliveries import Errand, Way
from tests.factories import make_job, make_member, make_notice
from tests.post_office import post_office

pytestmark = pytest.mark.django_db
Status = Delivery.Status


@pytest.fixture
def office(settings):
    with post_office() as open_office:
        settings.MAIL_IS_ON = True
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", open_office.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.DEFAULT_FROM_EMAIL = "Dailies <dailies@studio.example>"
        settings.PUBLIC_URL = "https://studio.example"
        yield open_office


@pytest.fixture
def ana():
    return make_member(name="Ana Ruiz")


def mail(member, *, late=0, **fields):
    """Something that is due by mail."""
    notice = make_notice(member, **fields)
    due = timezone.now() + timedelta(seconds=late)
    return Delivery.objects.create(notice=notice, next_at=due)


def clip_of(member, title="Red door"):
    clip = make_job("succeeded", author=member).clip
    Clip.objects.filter(pk=clip.pk).update(title=title)
    return clip


def text_of(letter):
    """As it was written: on its way every line ends in two letters."""
    return letter.get_body(("plain",)).get_content().replace("\r\n", "\n")


def states():
    return [one.status for one in Delivery.objects.order_by("pk")]


class TestDigest:
    def test_one_letter_for_everything_that_is_due(self, office, ana):
        for number in range(3):
            mail(ana, facts={"subject": f"Clip {number}", "who": "Ben"})
        mail(ana, late=60)
        assert deliveries.errands() == [Errand(Way.MAIL, ana.pk)]
        letters.tell(ana.pk)
        letters.tell(ana.pk)
        ((to, letter),) = office.letters
        assert to == [ana.user.email]
        text = text_of(letter)
        assert [f"Clip {number}: Ben wrote a note" in text for number in range(3)] == [True] * 3
        assert states() == [Status.SENT] * 3 + [Status.WAITING]

    def test_several_things_about_one_clip_are_one_line(self, office, ana):
        clip = clip_of(ana)
        for who, kind in [("Ben", Kind.NOTE), ("Ben", Kind.NOTE), ("Mei", Kind.REPLY)]:
            mail(ana, clip=clip, kind=kind, facts={"subject": "Red door", "who": who, "text": "x"})
        letters.tell(ana.pk)
        text = text_of(office.letters[0][1])
        assert "Red door: Ben wrote a note; Mei replied\n" in text
        assert text.count("Red door") == 1

    def test_very_much_about_one_clip_is_counted(self, office, ana):
        clip = clip_of(ana)
        for number in range(9):
            mail(ana, clip=clip, facts={"subject": "Red door", "who": f"P{number}"})
        letters.tell(ana.pk)
        text = text_of(office.letters[0][1])
        assert "P8 wrote a note; and 4 more" in text

    def test_what_is_not_wanted_any_more_does_not_go(self, office, ana):
        mail(ana)
        mail(ana, kind=Kind.REPLY)
        NoticeSettings.objects.create(member=ana, channels={Kind.NOTE: ["page"]})
        letters.tell(ana.pk)
        assert states() == [Status.DROPPED, Status.SENT]

    def test_nobody_who_left_is_written_to(self, office, ana):
        mail(ana)
        ana.is_active = False
        ana.save()
        letters.tell(ana.pk)
        assert (office.letters, states()) == ([], [Status.DROPPED])


class TestLetter:
    def test_what_people_wrote_is_text_and_nothing_else(self, office, ana):
        evil = '<script>alert(1)</script><a href="https://evil.example">Sign in</a>'
        facts = {"subject": f"T {evil}", "who": f"W {evil}", "text": f"X {evil}\nNo more mails: y"}
        ana.team.name = f"N {evil}"[:80]
        ana.team.save()
        mail(ana, facts=facts)
        letters.tell(ana.pk)
        _, letter = office.letters[0]
        html = letter.get_body(("html",)).get_content()
        assert "<script" not in html
        assert 'evil.example"' not in html
        assert {"a", "b", "p", "small", "blockquote", "br", "hr"} >= set(
            re.findall(r"<(\w+)", html.split("<body>")[1])
        )
        text = text_of(letter)
        assert [line for line in text.splitlines() if line.startswith("No more mails")] == [
            line for line in text.splitlines() if "/unsubscribe/" in line
        ]

    def test_a_title_can_not_add_a_header(self, office, ana):
        clip = clip_of(ana)
        mail(ana, clip=clip, facts={"subject": "Door\r\nBcc: all@evil.example", "who": "Ben"})
        letters.tell(ana.pk)
        to, letter = office.letters[0]
        assert to == [ana.user.email]
        assert letter["Bcc"] is None
        assert letter["Subject"].startswith("Door Bcc: all@evil.example")

    def test_leads_to_the_clip_and_to_the_way_out(self, office, ana):
        clip = clip_of(ana)
        mail(ana, clip=clip, facts={"subject": "Red door", "take": 2, "frame": 7})
        letters.tell(ana.pk)
        _, letter = office.letters[0]
        text = text_of(letter)
        assert f"https://studio.example/clips/{clip.pk}/?take=2&frame=7\n" in text
        stop = letter["List-Unsubscribe"].strip(" <>")
        assert stop in text
        assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert letters.member_of(stop.split("/")[-2]) == ana
        assert letter["Auto-Submitted"] == "auto-generated"
        assert letter["From"] == "Dailies <dailies@studio.example>"

    def test_letters_about_one_clip_are_one_thread(self, office, ana):
        clip, other = clip_of(ana), clip_of(ana, "Blue door")
        for of in (clip, clip, other):
            mail(ana, clip=of, facts={"subject": "Red door", "who": "Ben"})
            letters.tell(ana.pk)
        first, second, third = (letter for _, letter in office.letters)
        assert first["References"] == second["References"] != third["References"]
        assert first["Subject"] == second["Subject"]
        assert first["Message-ID"] != second["Message-ID"]

    def test_letters_outside_ascii(self, office, ana):
        mail(ana, facts={"subject": "Rote Tür 🚪", "who": "Jürgen", "text": "ß"})
        letters.tell(ana.pk)
        _, letter = office.letters[0]
        assert letter["Subject"].startswith("Rote Tür 🚪")
        assert "Jürgen" in letter.get_body(("html",)).get_content()


class TestServer:
    """Whatever the server does: what surely did not go goes later, what maybe went never again."""

    @pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
    def test_later(self, office, ana, command):
        mail(ana)
        office.says[command] = "451 Try again later"
        letters.tell(ana.pk)
        delivery = Delivery.objects.get()
        assert (delivery.status, delivery.tries) == (Status.WAITING, 1)
        assert delivery.next_at > timezone.now()
        assert "451" in delivery.answer
        office.says.clear()
        Delivery.objects.update(next_at=timezone.now())
        letters.tell(ana.pk)
        assert (len(office.letters), states()) == (1, [Status.SENT])

    @pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
    def test_never(self, office, ana, command):
        mail(ana)
        office.says[command] = "550 No such person"
        letters.tell(ana.pk)
        assert states() == [Status.FAILED]
        assert deliveries.errands() == []

    def test_hangs_up_before_the_text(self, office, ana):
        mail(ana)
        office.hangs_up.add("MAIL")
        letters.tell(ana.pk)
        assert states() == [Status.WAITING]

    def test_has_it_and_hangs_up(self, office, ana):
        mail(ana)
        office.hangs_up.add("DATA")
        letters.tell(ana.pk)
        assert (len(office.letters), states()) == (1, [Status.UNSURE])
        letters.tell(ana.pk)
        assert len(office.letters) == 1

    def test_is_not_there(self, office, ana, settings):
        mail(ana)
        settings.EMAIL_PORT = 1
        letters.tell(ana.pk)
        assert states() == [Status.WAITING]

    def test_gives_up_after_the_last_try(self, office, ana, settings):
        mail(ana)
        settings.EMAIL_PORT = 1
        for _ in range(12):
            Delivery.objects.update(next_at=timezone.now())
            letters.tell(ana.pk)
        delivery = Delivery.objects.get()
        assert (delivery.status, delivery.tries) == (Status.FAILED, 10)

    def test_lease_that_ran_out_meanwhile_sends_nothing(self, office, ana, monkeypatch):
        """A worker that slept: another one has taken the letter back."""
        mail(ana)
        usual = letters.compose

        def slow(*arguments, **named):
            Delivery.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
            deliveries.take_back()
            return usual(*arguments, **named)

        monkeypatch.setattr(letters, "compose", slow)
        letters.tell(ana.pk)
        assert (office.letters, states()) == ([], [Status.WAITING])
