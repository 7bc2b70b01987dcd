"""The physics log as a plot and a table, and what is said where there is none."""

import json

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from studio.core.status import JobStatus
from studio.models import Asset, AssetKind, Stream
from tests.factories import make_job, make_member, make_project, make_take

pytestmark = pytest.mark.django_db
STEPS = [
    {"t": n / 10, "joints": {"a": {"position": n}, "b": {"position": -n}}, "energy": 41 if n == 7 else 8}
    for n in range(51)
]  # fmt: skip


@pytest.fixture
def member(client):
    member = make_member("reviewer")
    client.force_login(member.user)
    return member


@pytest.fixture
def stream_of(member):
    def make(data, *, name="log", stored=True):
        take = make_take(make_job(JobStatus.SUCCEEDED, author=make_member(team=member.team)))
        path = f"logs/{take.pk}.json"
        if stored:
            default_storage.save(path, ContentFile(data))
        asset = Asset.objects.create(
            team=member.team, kind=AssetKind.LOG, path=path, sha256=f"{take.pk:064d}",
            size=len(data), content_type="application/json",
        )  # fmt: skip
        return Stream.objects.create(take=take, name=name, file=asset)

    return make


@pytest.fixture
def get(client):
    def ask(stream, query="", *, status=200):
        answer = client.get(f"/streams/{stream.pk}/log/{query}", headers={"HX-Request": "true"})
        assert answer.status_code == status
        return answer.content.decode()

    return ask


def test_the_first_group_is_drawn_over_the_length_of_the_film(get, stream_of):
    html = get(stream_of(json.dumps(STEPS).encode()))
    assert html.count('class="curve"') == 2
    assert 'data-span="5.0"' in html
    assert "Joints position over 5 s: A from 0 at 0.00 s to 50 at 5.00 s" in html
    for name in ("Joints position", "Energy", "Joints position: A", "Joints position: B"):
        assert f">{name}</option>" in html


def test_the_menu_chooses_and_nonsense_is_the_first(get, stream_of):
    stream = stream_of(json.dumps(STEPS).encode())
    assert "Energy over 5 s: Energy from 8 at 0.00 s to 41 at 0.70 s" in get(
        stream, "?series=Energy"
    )
    assert get(stream, "?series=Joints position: B").count('class="curve"') == 1
    assert "Joints position over" in get(stream, "?series=zebra")


def test_there_is_a_table_with_the_extremes(get, stream_of):
    html = get(stream_of(json.dumps(STEPS).encode()), "?series=Energy")
    assert '<th scope="row">Highest</th><td class="num">41 at 0.70 s</td>' in html
    assert html.count('<th scope="row" class="mono">') == 21


def test_a_large_log_is_thin_and_keeps_its_peak(get, stream_of):
    steps = [{"t": n / 20_000, "force": 999 if n == 43_210 else n % 9} for n in range(100_000)]
    html = get(stream_of(json.dumps(steps).encode()))
    assert "to 999 at 2.16 s" in html
    data = json.loads(html.split('id="physics-data" type="application/json">')[1].split("<")[0])
    assert [2.1605, 999.0] in data["lines"][0]
    assert len(data["lines"][0]) <= 4004


def test_more_lines_than_colors_are_left_to_the_menu(get, stream_of):
    steps = [{"t": n, "joints": {f"j{k}": {"angle": k} for k in range(9)}} for n in range(5)]
    html = get(stream_of(json.dumps(steps).encode()))
    assert html.count('class="curve"') == 6
    assert "3 more in the menu" in html


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"{", "This log is no JSON."),
        (b"{}", "This log has no numbers over time."),
        (b"[" * 100_000, "This log is no JSON."),
        (b'[{"t": 0, "x": NaN}, {"t": 1, "x": Infinity}]', "This log has no numbers over time."),
    ],
)
def test_what_can_not_be_drawn_says_why(get, stream_of, data, sentence):
    html = get(stream_of(data))
    assert sentence in html
    assert '<svg class="plot' not in html


def test_a_file_that_is_gone_says_so(get, stream_of):
    assert "is not there at the moment" in get(stream_of(b"{}", stored=False))


def test_names_from_a_log_are_words_and_no_markup(get, stream_of):
    name = "</script><b>x"
    html = get(stream_of(json.dumps([{"t": n, name: n} for n in range(3)]).encode()))
    assert "<b>x" not in html


def test_without_scripts_it_is_a_page(client, stream_of):
    stream = stream_of(json.dumps(STEPS).encode())
    html = client.get(f"/streams/{stream.pk}/log/").content.decode()
    assert "<title>" in html
    assert "Download log (.json)" in html


def test_other_streams_and_other_teams_have_none(get, stream_of, client):
    get(stream_of(b"{}", name="depth"), status=404)
    stream = stream_of(b"{}")
    stranger = make_member("admin")
    make_project(stranger.team)
    client.force_login(stranger.user)
    get(stream, status=404)
