"""The improve panel: changes to tick, faults as sentences, and no button without a model."""

import pytest
from django.core.cache import cache

from tests.factories import make_member, make_project
from tests.language import said, writing

pytestmark = pytest.mark.django_db
PANEL = {"HX-Request": "true", "HX-Target": "div#panel"}
TYPED = {
    "dock": "director", "model": "animatic/animatic-1", "drawn_for": "animatic/animatic-1",
    "prompt": "A red <b> door. Snow {a|b} falls.", "duration": "5", "quality": "61", "key": "k" * 32,
}  # fmt: skip


@pytest.fixture
def author(client):
    author = make_member()
    make_project(author.team)
    client.force_login(author.user)
    return author


@pytest.fixture
def writer(settings):
    cache.clear()
    settings.ALLOW_PRIVATE = ["127.0.0.0/8"]
    with writing() as writer:
        settings.LANGUAGE_MODEL = {"base_url": writer.url, "key": "", "model": "writer-1"}
        writer.answer = said("A tall <b> door. Snow falls.")
        yield writer
    cache.clear()


def post(client, address="/improve/", status=200, headers=PANEL, **changes):
    answer = client.post(address, {**TYPED, **changes}, headers=headers)
    assert answer.status_code == status
    return answer.content.decode()


class TestImprove:
    def test_each_sentence_can_be_ticked_unless_it_would_do_harm(self, client, author, writer):
        page = post(client)
        assert 'name="accept" value="0"' in page
        assert "&lt;b&gt; door" in page
        assert 'name="accept" value="1"' not in page
        assert "It would change {a|b}, so it stays as it is." in page

    def test_a_longer_one_than_the_model_takes_is_said(self, client, author, writer):
        writer.answer = said("A red <b> door. " + "x" * 2_600)
        assert "this model takes 2500" in post(client)

    def test_nothing_to_change(self, client, author, writer):
        writer.answer = said(TYPED["prompt"])
        assert "Nothing to change" in post(client)

    @pytest.mark.parametrize(
        ("changes", "status", "words"),
        [({"prompt": ""}, 422, "no prompt yet"), ({}, 502, "problem of its own")],
    )
    def test_faults_are_sentences(self, client, author, writer, changes, status, words):
        writer.status = 500
        assert words in post(client, status=status, **changes)

    def test_without_scripts_the_draft_goes_along(self, client, author, writer):
        page = post(client, headers=None)
        assert "<html" in page
        assert '<textarea name="quality" hidden>\n61</textarea>' in page
        data = {
            "old": ["A red <b> door. ", "Snow."],
            "new": ["A tall door. ", "Rain."],
            "accept": "1",
        }
        page = post(client, "/improve/take/", headers=None, **data)
        assert ">A red &lt;b&gt; door. Rain.</textarea>" in page
        assert 'value="61"' in page

    @pytest.mark.parametrize("accept", ["x", "99999999999", "7", "-1"])
    def test_a_number_of_no_sentence_takes_nothing(self, client, author, accept):
        page = post(client, "/improve/take/", headers=None, old=["A."], new=["B."], accept=accept)
        assert ">A.</textarea>" in page


class TestButton:
    @pytest.mark.parametrize("address", ["/", "/director/"])
    def test_only_with_a_model(self, client, author, writer, settings, address):
        assert "/improve/" in client.get(address).content.decode()
        settings.LANGUAGE_MODEL = {**settings.LANGUAGE_MODEL, "model": ""}
        from studio.views import marks

        marks._kept.clear()
        assert "/improve/" not in client.get(address).content.decode()
