import json
import re
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from studio.models import AssetKind, Mention, Note
from studio.services import notes
from studio.services.notes import Said
from studio.views import note_cards
from tests.factories import make_job, make_member, make_take

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "form#composer"}
BOX = [{"kind": "box", "color": "red", "points": [[0.1, 0.2], [0.5, 0.6]]}]


@pytest.fixture
def ana():
    return make_member(name="Ana Ruiz")


@pytest.fixture
def samir(ana):
    return make_member("reviewer", team=ana.team, name="Samir Haddad")


@pytest.fixture
def take(ana):
    return make_take(make_job("succeeded", author=ana))


@pytest.fixture
def author(client, ana):
    client.force_login(ana.user)
    return client


def send(client, take, **fields):
    return client.post(reverse("notes", args=[take.pk]), {"for_guests": "on", **fields}, **HTMX)


def picture(size=(100, 100), form="PNG"):
    made = BytesIO()
    Image.new("RGB", size, "red").save(made, form)
    return SimpleUploadedFile("ref.png", made.getvalue(), "image/png")


class TestWrite:
    def test_answers_with_the_list_the_pins_and_the_count(self, author, take):
        answer = send(author, take, text="Too <b>dark</b>", frame="52", drawing=json.dumps(BOX))
        html = answer.content.decode()
        assert answer.status_code == 200
        assert re.findall(r'hx-target="#([\w-]+)"', html) == ["notes-list", "pins", "notes-count"]
        assert "Too &lt;b&gt;dark&lt;/b&gt;" in html
        assert "Drawing by Ana Ruiz: a box." in html
        assert 'cx="43.697%"' in html
        assert f'id="note-{Note.objects.get().pk}"' in html

    def test_without_scripts_leads_back_to_the_note(self, author, take):
        answer = author.post(
            reverse("notes", args=[take.pk]), {"text": "Too dark", "frame": "02:04"}
        )
        note = Note.objects.get()
        assert answer.url == f"{reverse('clip', args=[take.clip_id])}?take=1#note-{note.pk}"
        assert (note.frame, note.for_guests) == (52, False)

    @pytest.mark.parametrize(
        ("fields", "sentence"),
        [
            ({"text": ""}, "Note is empty"),
            ({"text": "x", "frame": "10000"}, "Frame must be from 0 to 119; take 1 has no frame 10,000."),
            ({"text": "x", "frame": "soon"}, "Frame must be a number from 0 to 119 or a timecode like 00:00:04:23, not “soon”."),
            ({"text": "x", "frame": "9", "last_frame": "3"}, "Range must end at or after its first frame"),
            ({"text": "x" * 1_000_000}, "Note may have at most 5,000 characters, not 1,000,000."),
            ({"text": "x", "drawing": "x" * 100_000}, "Drawing may have at most 64 kB"),
            ({"text": "x", "drawing": '{"a": 1}'}, "Drawing can not be read"),
        ],
    )  # fmt: skip
    def test_refused_is_one_sentence_and_what_was_typed_stays(self, author, take, fields, sentence):
        answer = send(author, take, **fields)
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
        assert "notes-list" not in answer.content.decode()
        plain = author.post(reverse("notes", args=[take.pk]), fields)
        assert plain.status_code == 422
        assert sentence in plain.content.decode()
        assert f">{fields['text']}</textarea>" in plain.content.decode()
        assert not Note.objects.exists()

    def test_drawing_of_ten_megabytes_is_told_in_a_sentence_and_nothing_is_stored(
        self, author, take
    ):
        for headers in (HTMX, {}):
            answer = author.post(
                reverse("notes", args=[take.pk]),
                {"text": "Mine", "drawing": "x" * 10_000_000},
                **headers,
            )
            assert answer.status_code == 413
            assert "a form may have at most 2 MB beside its files" in answer.content.decode()
        assert not Note.objects.exists()

    def test_reply_and_change_go_by_the_same_door(self, author, ana, take):
        note = notes.write(ana, take, Said(text="One", frame=3))
        send(author, take, text="Two", parent=note.pk)
        send(author, take, text="Other", note=note.pk)
        assert list(Note.objects.order_by("pk").values_list("text", "parent")) == [
            ("Other", None),
            ("Two", note.pk),
        ]

    def test_note_of_another_team_is_none(self, client, author, ana, take):
        stranger = make_member()
        theirs = make_take(make_job("succeeded", author=stranger))
        note = notes.write(stranger, theirs, Said(text="x"))
        assert send(author, take, text="x", parent=note.pk).status_code == 404
        assert send(author, theirs, text="x").status_code == 404


class TestAttachment:
    def test_is_kept_and_shown(self, client, samir, take):
        client.force_login(samir.user)
        answer = send(client, take, text="Like this", attachment=picture())
        note = Note.objects.get()
        assert (note.attachment.kind, note.attachment.name) == (AssetKind.ATTACHED, "ref.png")
        assert 'alt="Attached: ref.png"' in answer.content.decode()
        file = client.get(reverse("media", args=[note.attachment_id, "ref.png"]))
        assert (file.status_code, file["Content-Type"]) == (200, "image/png")
        file.close()

    def test_alone_is_a_note(self, author, take):
        assert send(author, take, text="", attachment=picture()).status_code == 200

    @pytest.mark.parametrize(
        ("file", "sentence"),
        [
            (SimpleUploadedFile("a.png", b"<svg onload=alert(1)>"), "Attachment must be a PNG, JPEG or WebP picture"),
            (SimpleUploadedFile("a.pdf", b"%PDF-1.7 hello"), "Attachment must be a PNG, JPEG or WebP picture"),
            (SimpleUploadedFile("a.png", b""), "is empty"),
        ],
    )  # fmt: skip
    def test_is_known_by_its_content(self, author, take, file, sentence):
        answer = send(author, take, text="x", attachment=file)
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
        assert not Note.objects.exists()

    def test_is_no_picture_of_the_library(self, author, ana, take):
        send(author, take, text="x", attachment=picture())
        assert ana.team.assets.filter(kind=AssetKind.ATTACHED).count() == 1
        assert not ana.team.assets.pictures().filter(name="ref.png").exists()


class TestActs:
    @pytest.mark.parametrize(
        ("route", "undo", "told"),
        [
            ("note-resolve", "note-reopen", "Resolved."), ("note-remove", "note-undo", "The note is taken back."),
            ("note-team", "note-everyone", "Only the team reads it now."),
        ],
    )  # fmt: skip
    def test_change_the_list_and_offer_the_way_back(self, author, ana, take, route, undo, told):
        note = notes.write(ana, take, Said(text="One", frame=3))
        for now, back in ((route, undo), (undo, route)):
            answer = author.post(reverse(now, args=[note.pk]), **HTMX)
            html = answer.content.decode()
            assert 'hx-target="#notes-list"' in html
            assert f'formaction="{reverse(back, args=[note.pk])}"' in html
            assert (told in html) == (now == route)
        note.refresh_from_db()
        assert (note.resolved_at, note.removed_at, note.for_guests) == (None, None, True)


class TestTasks:
    def test_lists_what_notes_ask_for_and_counts_it(self, client, ana, samir, take):
        notes.write(ana, take, Said(text="@Samir can you?", frame=52))
        client.force_login(samir.user)
        page = client.get(reverse("tasks")).content.decode()
        assert "take 1 at 02:04" in page
        assert client.get(reverse("task-count")).content == b"1 open"
        task = Mention.objects.get()
        answer = client.post(reverse("task-finish", args=[task.pk]) + "?view=tasks", **HTMX)
        assert "Nobody waits for you." in answer.content.decode()
        assert client.get(reverse("task-count")).content == b""

    def test_in_the_list_of_notes_is_done_there(self, author, ana, samir, take):
        notes.write(ana, take, Said(text="@Samir can you?"))
        answer = author.post(reverse("task-finish", args=[Mention.objects.get().pk]), **HTMX)
        assert "Task for Samir Haddad, done" in answer.content.decode()

    def test_costs_the_same_number_of_queries_for_many(self, client, ana, samir, take):
        client.force_login(samir.user)
        counts = []
        for _ in range(2):
            for _ in range(10):
                notes.write(ana, take, Said(text="@Samir"))
            with CaptureQueriesContext(
                connection,
            ) as queries:
                client.get(reverse("tasks"))
            counts.append(len(queries))
        assert counts[0] == counts[1]


class TestClipPage:
    def page(self, client, take, query=""):
        return client.get(reverse("clip", args=[take.clip_id]) + query).content.decode()

    def test_costs_no_more_queries_with_fifty_notes(self, author, ana, samir, take):
        counts = []
        for number in (1, 50):
            for _ in range(number):
                note = notes.write(
                    ana, take, Said(text="@Samir look", frame=3, drawing=json.dumps(BOX))
                )
                notes.reply(samir, note, Said(text="Yes @Ana"))
            self.page(author, take)
            with CaptureQueriesContext(connection) as queries:
                self.page(author, take)
            counts.append(len(queries))
        assert counts[0] == counts[1]

    def test_names_the_notes_of_other_takes_with_a_link(self, author, ana, take):
        other = make_take(take.job)
        notes.write(ana, take, Said(text="On one"))
        notes.write(ana, other, Said(text="On two"))
        page = self.page(author, take, "?take=2")
        assert re.search(r'id="notes-of-1" data-take="1" data-elsewhere', page)
        assert re.search(r'id="notes-of-2" data-take="2">', page)
        assert "Take 1: 1 note</a>" in page

    def test_without_scripts_the_box_can_reply_and_change(self, author, ana, take):
        note = notes.write(ana, take, Said(text="My words"))
        assert "Reply to Ana Ruiz" in self.page(author, take, f"?reply={note.pk}")
        assert ">My words</textarea>" in self.page(author, take, f"?edit={note.pk}")

    def test_history_tells_in_words(self, author, ana, samir, take):
        note = notes.write(ana, take, Said(text="Too dark", frame=52))
        notes.resolve(samir, note)
        page = self.page(author, take)
        assert "Note by Ana Ruiz" in page
        assert "Note resolved by Samir Haddad" in page
        assert "<small>Take 1 at 02:04: Too dark</small>" in page

    def test_has_the_same_parts_as_the_stream(self, author, ana, take):
        notes.write(ana, take, Said(text="Too dark", frame=52))
        live = note_cards.parts(take.clip)
        articles = re.findall(r"<article.*?</article>", live, re.DOTALL)
        assert articles
        assert all(article in self.page(author, take) for article in articles)


class TestForGuests:
    def test_team_notes_and_replies_under_them_stay_at_home(self, ana, take):
        public = notes.write(ana, take, Said(text="Public"))
        private = notes.write(ana, take, Said(text="Private", for_guests=False))
        notes.reply(ana, private, Said(text="Below"))
        notes.reply(ana, public, Said(text="Secret", for_guests=False))
        (group,) = note_cards.notes_of(take.clip, among=Note.objects.for_guests())
        assert [(one.note.text, one.replies) for one in group.threads] == [("Public", [])]


class TestBadRequest:
    def test_of_a_strange_host_is_told_in_a_sentence(self, author, settings):
        settings.ALLOWED_HOSTS = ["testserver"]
        answer = author.get("/", HTTP_HOST="evil.example")
        assert answer.status_code == 400
        assert "can not be read" in answer.content.decode()
