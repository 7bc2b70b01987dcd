import pytest
from django.urls import reverse

from tests.downloads import filed_take
from tests.factories import make_member, make_project

pytestmark = pytest.mark.django_db
ADDRESS = "/settings/downloads/"


@pytest.fixture
def admin():
    admin = make_member("admin")
    make_project(admin.team)
    return admin


@pytest.fixture
def client(client, admin):
    client.force_login(admin.user)
    return client


class TestFileNames:
    def test_saved_ones_are_those_of_downloads(self, client, admin):
        take = filed_take(author=admin)
        response = client.post(ADDRESS, {"file_names": " {project} {clip} "}, follow=True)
        assert "File names are saved." in response.content.decode()
        address = reverse("media", args=[take.video_id, "take.mp4"])
        response = client.get(f"{address}?download=1")
        response.close()
        expected = f'attachment; filename="{take.clip.project} A red door in the snow.mp4"'
        assert response["Content-Disposition"] == expected

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ("{foo}", "File names know no {foo}"),
            ("../{clip}", "File names can not contain “/”"),
            ("...", "File names need at least one word"),
            ("", "File names need at least one word"),
            ("{clip", "a brace without its pair"),
            ("{clip}" * 30, "at most 120 characters, not 180"),
        ],
    )
    def test_wrong_ones_are_told_and_kept_on_the_page(self, client, admin, typed, sentence):
        response = client.post(ADDRESS, {"file_names": typed})
        assert response.status_code == 422
        page = response.content.decode()
        assert sentence in page
        assert f'value="{typed}"' in page
        admin.team.refresh_from_db()
        assert admin.team.file_names == "{clip}, take {take}"

    def test_preview_changes_nothing(self, client, admin):
        filed_take(author=admin, title="Waves")
        headers = {"HX-Request": "true", "HX-Target": "div#file-names-preview"}
        response = client.get(ADDRESS, {"file_names": "{n} {clip}"}, headers=headers)
        page = response.content.decode()
        assert "<code>1 Waves.mp4</code>" in page
        assert "<form" not in page
        admin.team.refresh_from_db()
        assert admin.team.file_names == "{clip}, take {take}"

    def test_a_team_without_takes_sees_an_example(self, client):
        page = client.get(ADDRESS, {"file_names": "{clip} {seed}"}).content.decode()
        assert "A red door in the snow 42.mp4" in page

    def test_others_read_them_and_have_no_form(self, client, admin):
        client.force_login(make_member("author", team=admin.team).user)
        page = client.get(ADDRESS).content.decode()
        assert "{clip}, take {take}" in page
        assert 'name="file_names"' not in page
