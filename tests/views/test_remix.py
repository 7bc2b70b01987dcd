"""Remix: all or parts of a take in a new draft, and the order of a film that comes back."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from studio.core.slate import Slate
from studio.models import Asset, AssetKind, Job, Take
from studio.services import remix
from studio.storage import carriers
from tests.factories import make_job, make_member, make_order, make_project
from tests.storage import videos
from tests.views.test_orders import TYPED

pytestmark = pytest.mark.django_db
HX = {"HX-Request": "true", "HX-Target": "div#dock"}
MINE = {"prompt": "What I typed.", "duration": "9", "seed": "4", "camera_roll": "-1"}


@pytest.fixture
def author():
    member = make_member()
    make_project(member.team)
    return member


@pytest.fixture
def client(client, author):
    client.force_login(author.user)
    return client


def make_asset(team, kind=AssetKind.UPLOAD, sha="ab", **fields):
    return Asset.objects.create(
        team=team, kind=kind, path=f"{team.pk}/{sha}.png", sha256=sha * 32, size=1,
        content_type="image/png", width=16, height=9, **fields,
    )  # fmt: skip


@pytest.fixture
def picture(author):
    return make_asset(author.team)


@pytest.fixture
def job(author, picture):
    order = make_order(
        prompt="Theirs.", duration=3, seed=77, camera={"zoom": -3}, first_frame=picture.pk
    )
    return make_job("succeeded", author=author, order=order)


def fields(page):
    """What the director's form would send: name → value, of what is chosen."""
    form = page.text.split('id="director"')[1].split("</form>")[0]
    inputs = re.findall(r"<input[^>]*>", form)
    sent = {}
    for one in inputs:
        said = dict(re.findall(r'([\w-]+)="([^"]*)"', one))
        is_box = said.get("type") in {"radio", "checkbox"}
        if "name" in said and (not is_box or re.search(r"\bchecked\b", one)):
            sent.setdefault(said["name"], said.get("value", ""))
    sent["prompt"] = re.search(r'<textarea[^>]*name="prompt"[^>]*>([^<]*)', form)[1]
    return sent


def seen(page):
    """The parts that a remix is about."""
    now = fields(page)
    names = ("prompt", "duration", "seed", "camera_zoom", "camera_roll", "first_frame")
    return tuple(now.get(name, "") for name in names)


# Use → what the director holds then: prompt, duration, seed, zoom, roll, first frame.
INTO_A_DRAFT = {
    "prompt": ("Theirs.", "9", "4", "0", "-1", ""),
    "frames": ("What I typed.", "9", "4", "0", "-1", "P"),
    "camera": ("What I typed.", "9", "4", "-3", "0", ""),
    "all": ("Theirs.", "3", "77", "-3", "0", "P"),
    "fresh": ("Theirs.", "3", "", "-3", "0", "P"),
}


class TestParts:
    @pytest.mark.parametrize("use", INTO_A_DRAFT)
    def test_go_into_the_form_that_is_open(self, client, job, picture, use):
        page = client.post(f"/remix/{job.pk}/", {**TYPED, **MINE, "use": use}, headers=HX)
        wanted = [str(picture.pk) if one == "P" else one for one in INTO_A_DRAFT[use]]
        assert seen(page) == tuple(wanted)

    @pytest.mark.parametrize("use", INTO_A_DRAFT)
    def test_go_into_the_draft_that_is_kept(self, client, job, picture, use):
        assert client.post("/drafts/", {**TYPED, **MINE}).status_code == 204
        page = client.get(f"/director/?from={job.pk}&use={use}")
        wanted = [str(picture.pk) if one == "P" else one for one in INTO_A_DRAFT[use]]
        assert seen(page) == tuple(wanted)

    def test_start_from_the_last_settings_where_nothing_was_typed(self, client, job):
        client.post("/orders/", {**TYPED, "duration": "8"})
        client.post("/drafts/", {**TYPED, "prompt": "", "duration": "8"})
        page = client.get(f"/director/?from={job.pk}&use=camera")
        assert seen(page)[:4] == ("", "8", "", "-3")

    def test_start_from_nothing_on_the_first_day(self, client, job):
        assert seen(client.get(f"/director/?from={job.pk}&use=prompt"))[0] == "Theirs."

    def test_only_the_whole_one_repeats_the_job(self, client, job):
        for use, said in (("all", True), ("fresh", True), ("prompt", False), ("camera", False)):
            page = client.get(f"/director/?from={job.pk}&use={use}")
            assert ('name="from"' in page.text) is said

    def test_what_the_draft_follows_stays(self, client, job, author):
        before = make_job("succeeded", author=author)
        sent = {**TYPED, **MINE, "use": "camera", "from": before.pk}
        page = client.post(f"/remix/{job.pk}/", sent, headers=HX)
        assert fields(page)["from"] == str(before.pk)

    def test_an_unknown_use_means_all(self, client, job):
        assert seen(client.get(f"/director/?from={job.pk}&use=half"))[:2] == ("Theirs.", "3")

    def test_a_take_without_frames_takes_none_away(self, client, author, picture):
        bare = make_job("succeeded", author=author)
        sent = {**TYPED, "first_frame": picture.pk, "use": "frames"}
        page = client.post(f"/remix/{bare.pk}/", sent, headers=HX)
        assert fields(page)["first_frame"] == str(picture.pk)
        assert "That take has none of these; nothing was changed." in page.text

    def test_what_the_present_model_does_not_take_is_told(self, client, job):
        sent = {**TYPED, "model": "octopusx/kling-2.5", "use": "camera"}
        model = next(one for one in _models() if one.param("camera") is None)
        sent |= {
            "model": f"{model.provider}/{model.model}",
            "drawn_for": f"{model.provider}/{model.model}",
        }
        page = client.post(f"/remix/{job.pk}/", sent, headers=HX)
        assert f"Camera was left out: {model.label} does not take it." in page.text

    def test_nothing_of_it_is_ordered(self, client, job):
        before = Job.objects.count()
        client.post(f"/remix/{job.pk}/", {**TYPED, **MINE, "use": "all"}, headers=HX)
        assert Job.objects.count() == before


def _models():
    from studio.forms.orders import all_capabilities

    return all_capabilities()


class TestMenu:
    def test_is_on_the_page_once_however_many_tiles_there_are(self, client, job):
        page = client.get("/").text
        assert page.count('id="remix"') == 1
        for use in remix.Use:
            assert page.count(f'data-use="{use}"') == 1

    def test_reviewers_have_none(self, client, author):
        client.force_login(make_member("reviewer", team=author.team).user)
        assert 'id="remix"' not in client.get("/").text

    def test_the_clip_page_has_links(self, client, job):
        page = client.get(f"/clips/{job.clip_id}/").text
        for use in remix.Use:
            assert f'href="/director/?from={job.pk}&amp;use={use}"' in page


@pytest.fixture
def film(tmp_path):
    """An exported film with that slate, as a form sends it."""
    plain = videos.video(tmp_path / "plain.mp4", frames=5, fps=24)

    def make(slate=None, *, without=b""):
        path = tmp_path / "film.mp4"
        if slate:
            carriers.write(plain, slate, target=path)
        else:
            path.write_bytes(plain.read_bytes())
        whole = path.read_bytes()
        return SimpleUploadedFile(
            "film.mp4", whole.replace(without, b"\0" * len(without)) if without else whole
        )

    return make


SLATE = Slate(
    provider="animatic", model="animatic-1", prompt="From a file.", seed=0,
    settings={"duration": 3, "aspect": "1:1", "camera": {"zoom": -3}, "seed": 5, "count": 1},
)  # fmt: skip


def open_film(client, file, **headers):
    return client.post("/remix/file/", {"film": file}, headers=headers)


class TestFile:
    @pytest.mark.parametrize("without", [b"", b"\xa9cmt", bytes.fromhex("BE7ACFCB97A942E8")])
    def test_its_order_comes_back_by_either_carrier(self, client, film, without):
        page = open_film(client, film(SLATE, without=without))
        assert page.status_code == 200
        assert seen(page) == ("From a file.", "3", "0", "-3", "0", "")
        assert fields(page)["aspect"] == "1:1"

    def test_frames_are_found_by_their_content(self, client, film, picture):
        slate = replace(SLATE, files={"first_frame": picture.sha256})
        assert fields(open_film(client, film(slate)))["first_frame"] == str(picture.pk)

    def test_frames_of_other_teams_are_missing(self, client, film):
        theirs = make_asset(make_member().team, sha="cd")
        page = open_film(client, film(replace(SLATE, files={"first_frame": theirs.sha256})))
        assert not fields(page).get("first_frame")
        assert "The first frame is not among this team&#x27;s files; add it again." in page.text

    def test_a_model_that_there_is_not_leaves_the_prompt(self, client, film):
        client.post("/drafts/", {**TYPED, **MINE})
        page = open_film(client, film(replace(SLATE, model="gone-<1>")))
        assert seen(page)[:2] == ("From a file.", "9")
        assert "There is no model gone-&lt;1&gt; of animatic here; the prompt is kept." in page.text

    def test_values_that_no_model_takes_are_left_out_one_by_one(self, client, film):
        wrong = {**SLATE.settings, "duration": {"a": 1}, "aspect": "9:1", "lut": "x", "quality": 60}
        page = open_film(client, film(replace(SLATE, settings=wrong)))
        assert page.status_code == 200
        assert fields(page)["quality"] == "60"
        for sentence in ("Duration must be", "Ratio must be", "“lut” is no setting of this model"):
            assert sentence in page.text

    def test_what_it_continues_is_found_again(self, client, film, author, job):
        shown = make_asset(author.team, AssetKind.VIDEO, "ef")
        still = make_asset(author.team, AssetKind.LAST_FRAME, "12")
        take = Take.objects.create(
            clip=job.clip, job=job, number=1, index=0, width=1, height=1, fps=24, frames=24,
            seconds=1, video=shown, poster=still, preview=shown, last_frame=still, strip=still,
        )  # fmt: skip
        page = open_film(client, film(replace(SLATE, continues=shown.sha256)))
        assert fields(page)["take"] == str(take.pk)
        page = open_film(client, film(replace(SLATE, continues="99" * 32)))
        assert "The take that it continues is not in this team." in page.text

    def test_a_joined_film_says_whose_order_this_is(self, client, film):
        page = open_film(client, film(replace(SLATE, joins=(SLATE, SLATE))))
        assert "This film joins 2 takes; this is the order of its last one." in page.text

    def test_what_it_says_is_plain_text(self, client, film):
        page = open_film(client, film(replace(SLATE, prompt="</textarea><script>x</script>")))
        assert "<script>x" not in page.text
        assert "&lt;script&gt;x" in page.text

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (None, "This file carries no order of Dailies."),
            (b"\x89PNG\r\n\x1a\n" + bytes(99), "no order of Dailies. It is a PNG picture."),
            (b"", "Film is needed"),
            (b"\0\0\0\1moov" + bytes(7), "This file carries no order of Dailies."),
        ],
    )
    def test_a_file_without_an_order_is_told(self, client, film, content, said):
        file = SimpleUploadedFile("a.mp4", content) if content is not None else film()
        page = open_film(client, file)
        assert page.status_code == 422
        assert said in page.text
        assert 'type="file" name="film"' in page.text

    def test_scripts_get_a_sentence_and_keep_what_was_typed(self, client, film):
        answer = open_film(client, film(), **HX)
        assert (answer.status_code, answer["HX-Retarget"]) == (422, "#toasts")
        assert "no order of Dailies" in answer.text

    def test_nothing_of_it_is_stored(self, client, film, settings):
        before = Asset.objects.count()
        open_film(client, film(SLATE))
        assert Asset.objects.count() == before
        assert not [one for one in Path(settings.SCRATCH).iterdir() if one.is_file()]

    def test_one_that_is_too_large_is_told(self, client, film, monkeypatch):
        from studio.storage import receive
        from studio.views import remix as views

        for module in (receive, views):
            monkeypatch.setattr(module, "FILM_MAX_BYTES", 1000)
        answer = open_film(client, film(SLATE))
        assert answer.status_code == 422
        assert "Film may have at most" in answer.text
