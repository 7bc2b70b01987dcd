"""What clients find behind a link, beyond the table in test_link_actions.py."""

import logging
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from studio.core.slate import Slate
from studio.models import Board, Clip, Note, Placement, Share
from studio.services import shares
from studio.services.guests import HALF_HOUR
from studio.storage import carriers
from tests.factories import make_guest, make_job, make_member, make_project, make_share, make_take
from tests.storage import videos
from tests.views.links import PROMPT, WORDS, Visitor, body, make_links_take, visitor

pytestmark = pytest.mark.django_db
SAID = {"name": "Claire Dubois", "email": "Claire@Client.example"}


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    """A film that carries its order, as every saved take does."""
    folder = tmp_path_factory.mktemp("film")
    bare = videos.video(folder / "bare.mp4", frames=12, fps=24)
    slate = Slate(provider="animatic", model="animatic-1", prompt=PROMPT, settings={"seed": 918273})
    carriers.write(bare, slate, target=folder / "film.mp4")
    return folder / "film.mp4"


@pytest.fixture
def take(film):
    return make_links_take(film)


@pytest.fixture
def share(take):
    return make_share(take, name="Act I selects", message="Please choose.")


@pytest.fixture
def claire(share):
    return visitor(share)


class TestDoor:
    def test_a_name_and_a_mail_let_in(self, share):
        came = visitor(share, known=False)
        page = came.get().content.decode()
        assert "Act I selects" in page
        assert f"Shared with you by {share.created_by}" in page
        assert "password" not in page
        assert came.post(**SAID).url == came.address()
        guest = share.guests.get()
        assert (guest.name, guest.email) == ("Claire Dubois", "claire@client.example")
        assert "Please choose." in came.get().content.decode()

    def test_the_cookie_is_for_this_link_and_no_script(self, share):
        came = visitor(share, known=False)
        cookie = came.post(**SAID).cookies["guest"]
        assert cookie["path"] == came.address()
        assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
        assert share.guests.get().digest not in cookie.value
        secure = Client().post(came.address(), SAID, secure=True).cookies["guest"]
        assert secure["secure"]

    @pytest.mark.parametrize(
        ("said", "sentence"),
        [
            ({"name": ""}, "Your name is needed"),
            ({"name": "x" * 81}, "at most 80 characters"),
            ({"email": "claire"}, "E-mail must look like"),
        ],
    )
    def test_what_is_wrong_is_said_and_what_was_typed_stays(self, share, said, sentence):
        response = visitor(share, known=False).post(**{**SAID, **said})
        assert response.status_code == 422
        assert sentence in response.content.decode()
        assert not share.guests.exists()

    def test_after_ten_wrong_passwords_the_door_is_shut(self, share):
        Share.objects.update(password=make_password("ice nave"))
        came = visitor(share, known=False)
        for _ in range(10):
            assert came.post(**SAID, password="guess").status_code == 422
        shut = came.post(**SAID, password="ice nave")
        assert shut.status_code == 429
        assert shut["Retry-After"] == "1800"
        assert "too many wrong passwords" in shut.content.decode()
        assert "Act I" not in shut.content.decode()
        elsewhere = Client(REMOTE_ADDR="203.0.113.9")
        there = elsewhere.post(came.address(), {**SAID, "password": "ice nave"})
        assert there.status_code == 302

    def test_another_password_sends_everybody_back_as_who_they_are(self, claire, share, take):
        claire.post("decide", take.clip_id, verdict="approve")
        Share.objects.update(password=make_password("new"))
        page = claire.get().content.decode()
        assert 'value="Claire Dubois"' in page
        assert claire.get("media", take.video_id, "v").status_code == 404
        assert claire.post(**SAID, password="new").status_code == 302
        assert "You approved" in claire.get().content.decode()
        assert share.guests.count() == 1

    @pytest.mark.parametrize("cookie", ["", "x", "W10:1:2", "WzEsMl0:1tLq:abc"])
    def test_a_forged_cookie_is_none(self, share, cookie):
        came = visitor(share, known=False)
        came.client.cookies["guest"] = cookie
        assert b"Open the review" in came.get().content


class TestClosed:
    def test_revoked_and_unknown_are_the_same_to_the_byte(self, claire, share, take):
        unknown = Visitor(share=Share(), client=claire.client)
        unknown.share.address_token = "A" * 43
        shares.revoke(share.created_by, share)
        pages = [("",), ("clip", take.clip_id), ("media", take.video_id, "v")]
        for page in pages:
            one, other = claire.get(*page), unknown.get(*page)
            assert (one.status_code, one.content) == (404, other.content)
            assert dict(one.headers) == dict(other.headers)
        assert claire.post("finish").content == unknown.post("finish").content

    @pytest.mark.parametrize(
        ("fields", "status", "sentence"),
        [
            ({"expires_at": timezone.now()}, 410, "has expired"),
            ({"opens_at": timezone.now() + timedelta(days=1)}, 403, "not open yet"),
            ({"most_views": 1, "views": 1}, 410, "as often as it may be"),
        ],
    )
    def test_why_is_said_and_nothing_of_what_is_inside(self, share, take, fields, status, sentence):
        Share.objects.update(**fields)
        response = visitor(share, known=False).get()
        page = response.content.decode()
        assert response.status_code == status
        assert sentence in page
        for word in ("Act I", "Please choose", share.created_by.user.name, share.team.name, "Shot"):
            assert word not in page

    def test_an_open_page_learns_it_by_loading_itself_again(self, claire, share, take):
        shares.revoke(share.created_by, share)
        address = claire.address("decide", take.clip_id)
        answer = claire.client.post(address, {"verdict": "approve"}, HTTP_HX_REQUEST="true")
        assert answer["HX-Refresh"] == "true"

    def test_a_clip_in_the_trash_is_gone_from_it(self, claire, take):
        Clip.objects.update(trashed_at=timezone.now())
        assert claire.get("clip", take.clip_id).status_code == 404
        assert claire.get("media", take.video_id, "v").status_code == 404


class TestHeaders:
    def test_nothing_is_kept_told_or_found(self, claire, take):
        visits = [
            claire.get(), claire.get("clip", take.clip_id), claire.get("media", take.video_id, "v"),
            claire.get("clip", 0), claire.post("decide", take.clip_id, verdict="x"),
            visitor(claire.share, known=False).get(),
        ]  # fmt: skip
        for response in visits:
            assert response["Cache-Control"] == "private, no-store"
            assert response["Referrer-Policy"] == "no-referrer"
            assert response["X-Robots-Tag"] == "noindex, nofollow"
            response.close()

    def test_logs_tell_no_token(self, claire, share, take, caplog):
        caplog.set_level(logging.DEBUG)
        claire.get("clip", 0)
        claire.post("decide", take.clip_id, verdict="x")
        Client(enforce_csrf_checks=True).post(claire.address(), SAID)
        Share.objects.update(expires_at=timezone.now())
        claire.get()
        assert share.address_token not in caplog.text


class TestForms:
    """CSRF on pages without referrers, whose forms have the origin “null”."""

    POSTS = ("", "decide", "notes", "note", "note-remove", "rest", "finish")

    @pytest.mark.parametrize("page", POSTS)
    def test_without_our_token_nothing_is_taken(self, claire, take, page):
        client = Client(enforce_csrf_checks=True)
        client.cookies = claire.client.cookies
        args = [] if page in {"", "rest", "finish"} else [take.clip_id]
        response = client.post(claire.address(page, *args), {**SAID, "verdict": "approve"})
        assert response.status_code == 403
        assert "Load it again" in response.content.decode()
        assert not take.decisions.exists()

    @pytest.mark.parametrize(
        ("headers", "secure", "status"),
        [
            ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, True, 302),
            ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, True, 403),
            ({"Origin": "null", "Sec-Fetch-Site": "same-site"}, True, 403),
            ({"Origin": "null"}, True, 403),
            ({"Origin": "null"}, False, 302),
            ({"Origin": "https://evil.example"}, True, 403),
            ({"Origin": "https://testserver"}, True, 302),
        ],
    )
    def test_a_browser_has_to_say_that_the_form_is_ours(self, share, headers, secure, status):
        client = Client(enforce_csrf_checks=True)
        address = Visitor(share, client).address()
        token = client.get(address, secure=secure).context["csrf_token"]
        said = {**SAID, "csrfmiddlewaretoken": str(token)}
        response = client.post(address, said, headers=headers, secure=secure)
        assert response.status_code == status


class TestHiddenPrompts:
    """No word of the prompt, no setting, no maker: in no page, name, header or file."""

    SECRET = (*WORDS, "918273", "animatic", "Animatic")

    def _everything(self, came, take):
        yield came.get()
        yield came.get("clip", take.clip_id)
        for part in ("video", "poster", "preview", "strip"):
            yield came.get("media", getattr(take, f"{part}_id"), "f", query="")
        yield came.get("media", take.video_id, "f", query="?download=1")
        yield came.post("decide", take.clip_id, verdict="changes", text="Slower")
        yield came.post("notes", take.clip_id, text="Softer", frame="10000")
        yield came.get()
        yield came.client.post(
            came.address("finish"), HTTP_HX_REQUEST="true", HTTP_HX_TARGET="review"
        )

    def test_no_answer_has_a_word_of_it(self, take, share):
        share.may_download = True
        share.save()
        member = share.created_by
        Note.objects.create(
            clip=take.clip, take=take, member=member, text=f"Internal: {PROMPT}", for_guests=False
        )
        for response in self._everything(visitor(share), take):
            told = body(response) + repr(response.headers).encode()
            for word in self.SECRET:
                assert word.encode() not in told, (word, response.request["PATH_INFO"])

    def test_the_file_is_called_as_the_client_reads_it(self, take, share):
        Share.objects.update(may_download=True)
        kept = visitor(share).get("media", take.video_id, "video", query="?download=1")
        assert kept["Content-Disposition"] == 'attachment; filename="Shot 1, take 1.mp4"'
        kept.close()

    def test_shown_prompts_come_with_settings_and_the_file_as_it_is(self, take, share):
        Share.objects.update(may_see_prompts=True)
        came = visitor(share)
        page = came.get("clip", take.clip_id).content.decode()
        assert "Zanzibar heron over quartz. Vermilion dusk." in page
        assert "918273" in page
        assert " cr" not in page
        with default_storage.open(take.video.path) as stored:
            assert body(came.get("media", take.video_id, "v")) == stored.read()


class TestMedia:
    def test_ranges_fit_the_clean_copy(self, claire, take):
        whole = body(claire.get("media", take.video_id, "v"))
        headers = {"Range": "bytes=100-199"}
        part = claire.get("media", take.video_id, "v", headers=headers)
        assert (part.status_code, body(part)) == (206, whole[100:200])
        assert part["Content-Range"] == f"bytes 100-199/{len(whole)}"
        beyond = claire.get("media", take.video_id, "v", headers={"Range": "bytes=99999999-"})
        assert beyond.status_code == 416

    def test_a_bucket_gives_no_link_of_its_own(self, claire, take, settings):
        settings.S3_BUCKET = "takes"
        for part in (take.poster_id, take.video_id):
            response = claire.get("media", part, "v")
            assert response.status_code == 200
            response.close()

    def test_a_file_that_is_gone_is_404(self, claire, take):
        default_storage.delete(take.video.path)
        assert claire.get("media", take.video_id, "v").status_code == 404


class TestAnswers:
    def test_an_answer_with_words_becomes_a_note(self, claire, take):
        claire.post("decide", take.clip_id, verdict="changes", text="Could she slow down?")
        page = claire.get().content.decode()
        assert "You asked for changes" in page
        assert "“Could she slow down?”" in page
        assert take.clip.events.filter(guest=claire.guest).count() == 2

    def test_it_can_be_changed_and_taken_back(self, claire, take):
        for verdict, left in (("changes", ["changes"]), ("approve", ["approve"]), ("none", [])):
            claire.post("decide", take.clip_id, verdict=verdict)
            assert list(take.decisions.values_list("verdict", flat=True)) == left

    @pytest.mark.parametrize("verdict", ["reject", "", "APPROVE"])
    def test_what_is_not_a_clients_to_say_is_refused(self, claire, take, verdict):
        response = claire.post("decide", take.clip_id, verdict=verdict)
        assert response.status_code == 422
        assert "Verdict must be one of approve, changes, none" in response.content.decode()
        assert not take.decisions.exists()

    def test_the_rest_is_what_the_client_has_seen(self, take):
        """A clip that came to a living link meanwhile is not approved with the others."""
        member = take.clip.author
        board = Board.objects.create(team=member.team, name="Selects", created_by=member)
        Placement.objects.create(board=board, clip=take.clip, placed_by=member)
        came = visitor(make_share(member=member, board=board))
        late = make_take(make_job("succeeded", author=member))
        Placement.objects.create(board=board, clip=late.clip, placed_by=member)
        came.post("rest", take=take.pk)
        assert take.decisions.get().verdict == "approve"
        assert not late.decisions.exists()

    def test_the_rest_leaves_answers_alone(self, claire, take):
        claire.post("decide", take.clip_id, verdict="changes")
        claire.post("rest", take=[take.pk, 10**17, "x"])
        assert take.decisions.get().verdict == "changes"

    def test_finishing_is_said_and_answers_still_change(self, claire, take):
        claire.post("finish")
        page = claire.get().content.decode()
        assert "your review is finished" in page
        claire.post("decide", take.clip_id, verdict="approve")
        assert take.decisions.exists()

    def test_a_program_that_answers_on_and_on_is_slowed_down(self, claire, take):
        for number in range(61):
            verdict = ("approve", "changes")[number % 2]
            assert claire.post("decide", take.clip_id, verdict=verdict).status_code == 302
        assert claire.post("decide", take.clip_id, verdict="none").status_code == 429


class TestNotes:
    def test_what_the_team_drew_is_shown_and_said(self, claire, take):
        box = [{"kind": "box", "color": "red", "points": [[0.1, 0.1], [0.4, 0.5]]}]
        Note.objects.create(
            clip=take.clip, take=take, member=take.clip.author, frame=3, text="Here", drawing=box
        )
        page = claire.get("clip", take.clip_id).content.decode()
        assert "On the picture: a box" in page
        assert "data-drawing=" in page

    @pytest.mark.parametrize(
        ("said", "sentence"),
        [
            ({"frame": "10000"}, "Frame must be 0 to 11, not 10000: the clip has 12 frames."),
            ({"frame": "12"}, "Frame must be 0 to 11, not 12"),
            ({"frame": "-1"}, "Frame must be a whole number from 0, not “-1”."),
            ({"frame": "1e3"}, "Frame must be a whole number from 0, not “1e3”."),
            ({"text": " "}, "Note must have 1 to 2,000 characters, not 0."),
            ({"text": "x" * 2001}, "not 2,001."),
        ],
    )
    def test_what_does_not_fit_is_said_and_kept(self, claire, take, said, sentence):
        response = claire.post("notes", take.clip_id, **{"text": "Softer", "frame": "3", **said})
        page = response.content.decode()
        assert response.status_code == 422
        assert sentence in page
        assert said.get("frame", "3") in page
        assert not take.notes.exists()

    def test_first_and_last_frame_fit_and_none_is_the_whole_clip(self, claire, take):
        for frame in ("0", "11", ""):
            assert claire.post("notes", take.clip_id, text="Here", frame=frame).status_code == 302
        assert list(take.notes.values_list("frame", flat=True).order_by("pk")) == [0, 11, None]
        take.clip.refresh_from_db()
        assert take.clip.note_count == 3

    def test_ones_own_is_changed_and_taken_back(self, claire, take):
        claire.post("notes", take.clip_id, text="Softer")
        note = take.notes.get()
        claire.post("note", note.pk, text="Much softer")
        assert "Much softer" in claire.get("clip", take.clip_id).content.decode()
        claire.post("note-remove", note.pk)
        assert "Much softer" not in claire.get("clip", take.clip_id).content.decode()
        assert claire.post("note", note.pk, text="Again").status_code == 404

    def test_nobody_elses_is(self, claire, share, take):
        dan = make_guest(share, name="Dan")
        theirs = [
            Note.objects.create(clip=take.clip, take=take, text="Theirs", guest=dan),
            Note.objects.create(clip=take.clip, take=take, text="Ours", member=share.created_by),
        ]
        for note in theirs:
            assert claire.post("note", note.pk, text="Mine").status_code == 404
            assert claire.post("note-remove", note.pk).status_code == 404

    def test_clients_read_the_teams_words_for_them_and_each_others(self, claire, share, take):
        member = share.created_by
        other = make_guest(make_share(take, name="For others"), name="Rival")
        rows = {
            "For you": {"member": member},
            "By Dan": {"guest": make_guest(share, name="Dan")},
            "Ours alone": {"member": member, "for_guests": False},
            "By a rival": {"guest": other},
            "Taken back": {"member": member, "removed_at": timezone.now()},
        }
        made = {
            text: Note.objects.create(clip=take.clip, take=take, text=text, **fields)
            for text, fields in rows.items()
        }
        for text, note in made.items():
            Note.objects.create(
                clip=take.clip, take=take, text=f"Answer to {text}", parent=note, member=member
            )
        page = claire.get("clip", take.clip_id).content.decode()
        for text in ("For you", "By Dan"):
            assert text in page
            assert f"Answer to {text}" in page
        for text in ("Ours alone", "By a rival", "Taken back", "Rival"):
            assert text not in page

    def test_a_reply_only_to_what_can_be_read(self, claire, share, take):
        member = share.created_by
        note = Note.objects.create(clip=take.clip, take=take, text="For you", member=member)
        hidden = Note.objects.create(
            clip=take.clip, take=take, text="Ours", member=member, for_guests=False
        )
        assert claire.post("notes", take.clip_id, text="Yes", parent=note.pk).status_code == 302
        assert note.replies.get().guest == claire.guest
        for parent in (hidden.pk, 0, "x", 10**30):
            said = claire.post("notes", take.clip_id, text="What?", parent=parent)
            assert said.status_code == 404
        assert not hidden.replies.exists()

    def test_sixty_in_ten_minutes_are_enough(self, claire, take):
        Note.objects.bulk_create(
            Note(clip=take.clip, take=take, guest=claire.guest, text="x") for _ in range(60)
        )
        assert claire.post("notes", take.clip_id, text="One more").status_code == 429

    def test_words_are_words(self, claire, take):
        claire.post("notes", take.clip_id, text="<script>alert(1)</script>")
        page = claire.get("clip", take.clip_id).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page


class TestVisits:
    def test_a_page_with_all_its_files_is_one_view(self, share, take):
        came = visitor(share, known=False)
        came.get()
        came.post(**SAID)
        for page in ((), ("clip", take.clip_id), ("media", take.poster_id, "p")):
            came.get(*page).close()
        share.refresh_from_db()
        assert share.views == 1
        share.guests.update(seen_at=timezone.now() - HALF_HOUR)
        came.get()
        share.refresh_from_db()
        assert share.views == 2

    def test_the_author_reads_who_came(self, client, share):
        came = visitor(share, known=False)
        came.client.post(came.address(), SAID, headers={"User-Agent": "Firefox\0" + "x" * 300})
        client.force_login(share.created_by.user)
        page = client.get(reverse("share", args=[share.pk])).content.decode()
        for words in ("Claire Dubois", "claire@client.example", "127.0.0.1", "Firefoxxx"):
            assert words in page


def test_guests_page_takes_as_many_queries_however_many_clips(take, django_assert_max_num_queries):
    member = take.clip.author
    more = [make_take(make_job("succeeded", author=member)) for _ in range(9)]
    came = visitor(make_share(take, *more))
    with django_assert_max_num_queries(12):  # that somebody looks is kept the first time
        came.get()
    with django_assert_max_num_queries(8):
        assert came.get().content.count(b"<article") == 10


def test_another_teams_member_sees_no_link(client, share):
    stranger = make_member("admin")
    make_project(stranger.team)
    client.force_login(stranger.user)
    assert client.get(reverse("share", args=[share.pk])).status_code == 404
