"""The page of word lists, with and without scripts."""

import re

import pytest

from studio.models import Role, Template, TemplateVersion, WordList
from tests.factories import make_member, make_project

pytestmark = pytest.mark.django_db

HX = {"HX-Request": "true", "HX-Target": "div#word-lists"}
PAGE = "/settings/words/"


@pytest.fixture
def author():
    member = make_member()
    make_project(member.team)
    return member


@pytest.fixture
def signed_in(client, author):
    client.force_login(author.user)
    return client


def make_list(member, name="weather", words=("rain", "snow")):
    return WordList.objects.create(team=member.team, name=name, words=list(words), author=member)


def said(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_a_new_list_is_on_the_page(signed_in, author):
    answer = signed_in.post(PAGE, {"name": "Light", "words": "dawn, dusk"}, follow=True)
    assert "The list “light” is saved." in said(answer)
    assert WordList.objects.get(team=author.team).words == ["dawn", "dusk"]


def test_what_is_refused_stays_in_its_form(signed_in, author):
    row = make_list(author)
    answer = signed_in.post(f"{PAGE}{row.pk}/", {"name": "a|b", "words": "x\ny"}, headers=HX)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Name can not have “|” in it" in page
    assert 'value="a|b"' in page
    assert "x\ny</textarea>" in page
    assert re.search(rf'id="list-{row.pk}" open', page)
    assert "<html" not in page


def test_renaming_says_which_templates_still_have_the_old_name(signed_in, author):
    row = make_list(author)
    template = Template.objects.create(team=author.team, author=author, name="Opening")
    TemplateVersion.objects.create(template=template, number=1, text="{{weather}}", author=author)
    assert "in 1 template" in said(signed_in.get(PAGE))
    answer = signed_in.post(f"{PAGE}{row.pk}/", {"name": "sky", "words": "rain"}, headers=HX)
    assert "“weather” is “sky” now. 1 template still says {{weather}}: “Opening”." in said(answer)


def test_removing_can_be_undone(signed_in, author):
    row = make_list(author, words=["rain, heavy"])
    page = signed_in.post(f"{PAGE}{row.pk}/remove/", headers=HX).content.decode()
    assert not WordList.objects.exists()
    name = re.search(r'name="name" value="([^"]*)"', page)[1]
    words = re.search(r'name="words" hidden>([^<]*)<', page)[1].replace("&quot;", '"')
    signed_in.post(PAGE, {"name": name, "words": words})
    assert WordList.objects.get().words == ["rain, heavy"]


def test_everybody_sees_them_and_reviewers_change_none(client, author):
    make_list(author)
    client.force_login(make_member(Role.REVIEWER, team=author.team).user)
    page = client.get(PAGE).content.decode()
    assert "rain" in page
    assert "<textarea" not in page


def test_names_are_offered_with_their_first_words(signed_in, author):
    make_list(author, words=["rain", "snow", "fog", "sun"])
    make_list(make_member(), name="other")
    answer = signed_in.get(f"{PAGE}names/").json()
    assert answer == {"lists": [{"label": "weather", "hint": "rain, snow, fog, …"}]}


def test_queries_do_not_grow_with_the_lists(signed_in, author):
    def queries():
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as found:
            signed_in.get(PAGE)
        return len(found)

    make_list(author)
    few = queries()
    for number in range(20):
        make_list(author, name=str(number))
    assert queries() == few


def test_the_clip_page_shows_how_it_was_written(signed_in, author):
    from tests.factories import make_job

    job = make_job(author=author, written="A {red|blue} door.")
    page = said(signed_in.get(f"/clips/{job.clip_id}/"))
    assert "Written as A {red|blue} door." in page
    other = make_job(author=author)
    assert "Written as" not in said(signed_in.get(f"/clips/{other.clip_id}/"))
