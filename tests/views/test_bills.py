"""Pages of providers' bills: bringing one, choosing its columns, and what becomes of differences."""

import csv
import io
from dataclasses import replace
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from studio.core.errors import InvalidBill
from studio.core.money import MICRO
from studio.models import Bill, BillLine, LedgerEntry
from tests.bills import as_csv, bring, charged_jobs, read_bill, worked
from tests.factories import make_member, make_project

pytestmark = pytest.mark.django_db
NOVEMBER = {"starts_on": date(2026, 11, 1), "ends_on": date(2026, 11, 30)}
CHOSEN = {
    "reference": "reference", "remote_id": "id", "at": "time", "amount": "amount", "unit_in": "currency",
    "kept_in": "", "kept": "", "decimals": ".", "way": "iso", "unit": "USD",
    "starts_on": "2026-11-01", "ends_on": "2026-11-30",
}  # fmt: skip


@pytest.fixture
def admin(client):
    member = make_member("admin")
    make_project(member.team)
    client.force_login(member.user)
    return member


@pytest.fixture
def rows(admin):
    return charged_jobs(admin, [350_000] * 4)


@pytest.fixture
def differing(admin, rows, tmp_path):
    """An amount, an extra line, a duplicate and a missing charge."""
    dearer = replace(rows[0], native=420_000)
    strange = replace(rows[1], reference="", remote_id="<b>nobody</b>")
    return read_bill(admin, [dearer, rows[1], rows[1], strange, rows[2]], tmp_path, **NOVEMBER)


def upload(client, text, provider="runware", name="november.csv"):
    content = text if isinstance(text, bytes) else text.encode()
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("bill-upload"), {"provider": provider, "bill": file})


def htmx(client, route, pk, body):
    headers = {"HX-Request": "true", "HX-Target": "div#differences"}
    return client.post(reverse(route, args=[pk]), body, headers=headers)


class TestBringing:
    def test_upload_columns_differences(self, client, admin, rows):
        response = upload(client, as_csv(rows), name="Nov <b>.csv")
        bill = Bill.objects.get()
        assert response.url == reverse("bill-columns", args=[bill.pk])
        page = client.get(response.url).content.decode()
        assert "Nov &lt;b&gt;.csv" in page
        assert '<option value="amount" selected>' in page
        assert rows[0].remote_id in page
        read = client.post(response.url, CHOSEN)
        assert read.url == reverse("bill", args=[bill.pk])
        assert "Looking through all its rows" in client.get(read.url).content.decode()
        worked(bill)
        assert "agree to the last micro-unit" in client.get(read.url).content.decode()
        assert client.post(response.url, CHOSEN).status_code == 409

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            (b"", "Row 1 has only one column"),
            (b"%PDF-1.7", "File must be a CSV, not a PDF".replace("File", "The file")),
        ],
    )
    def test_what_is_no_table(self, client, admin, text, sentence):
        response = upload(client, text)
        assert response.status_code == 422
        assert sentence in response.content.decode()
        assert not Bill.objects.exists()

    def test_no_file_and_no_provider(self, client, admin):
        assert (
            "File is needed"
            in client.post(reverse("bill-upload"), {"provider": "runware"}).content.decode()
        )
        wrong = upload(client, b"a,b\n1,2\n", provider="nobody")
        assert (
            wrong.status_code,
            "Provider must be one of the list" in wrong.content.decode(),
        ) == (422, True)

    def test_too_large_a_file(self, client, admin, monkeypatch):
        monkeypatch.setattr("studio.services.bills.bring.BILL_MAX_BYTES", 1_000_000)
        response = upload(client, b"a,b\n" + b"1,2\n" * 300_000)
        assert response.status_code == 422
        assert "File may have at most 1 MB, not 1" in response.content.decode()

    def test_a_wrong_row_keeps_what_was_chosen(self, client, admin, rows):
        text = as_csv(rows).replace("0.35", "0.35x", 1)
        page = upload(client, text).url
        response = client.post(page, CHOSEN)
        said = response.content.decode()
        assert response.status_code == 422
        assert "Row 2: amount must be a number like 1,234.56, not “0.35x”." in said
        assert '<option value="id" selected>id</option>' in said
        assert 'value="2026-11-30"' in said
        assert not BillLine.objects.exists()

    def test_looking_again_reads_nothing(self, client, admin, rows):
        page = upload(client, as_csv(rows)).url
        good = client.post(page, {**CHOSEN, "look": "1"})
        assert (good.status_code, "can be read like this" in good.content.decode()) == (200, True)
        bad = client.post(page, {**CHOSEN, "way": "unix", "look": "1"})
        assert (bad.status_code, "time must be a time like" in bad.content.decode()) == (422, True)
        assert Bill.objects.get().read_at is None

    def test_columns_that_are_not_there(self, client, admin, rows):
        page = upload(client, as_csv(rows)).url
        said = client.post(page, {**CHOSEN, "amount": "price"}).content.decode()
        assert "Amount must be a column of the file, not “price”." in said
        said = client.post(page, {**CHOSEN, "amount": ""}).content.decode()
        assert "without amounts there is no bill" in said
        said = client.post(page, {**CHOSEN, "kept_in": "currency"}).content.decode()
        assert "Only rows of this kind must name a value" in said
        said = client.post(page, {**CHOSEN, "starts_on": "1999-01-01"}).content.decode()
        assert "From must be a day from 2000 on" in said

    def test_fetching_without_a_key(self, client, admin):
        body = {"source": "aimlapi/logs", "since": "2026-11-01", "until": "2026-11-30"}
        response = client.post(reverse("bill-fetch"), body)
        assert response.status_code == 422
        assert "AI/ML API needs a key" in response.content.decode()

    @pytest.mark.parametrize(
        ("change", "sentence"),
        [
            ({"until": "2026-10-30"}, "Until must be on or after From (2026-11-01), not 2026-10-30."),
            ({"until": "2027-03-30"}, "Until may be at most 92 days after From, not 150."),
            ({"source": "runware/logs"}, "What must be one of the list, not “runware/logs”."),
            ({"since": "soon"}, "From must be a day from 2000 on, like 2026-11-30."),
        ],
    )  # fmt: skip
    def test_days_that_can_not_be_fetched(self, client, admin, change, sentence):
        body = {"source": "aimlapi/logs", "since": "2026-11-01", "until": "2026-11-30", **change}
        response = client.post(reverse("bill-fetch"), body)
        assert response.status_code == 422
        assert sentence in response.content.decode()

    def test_strange_columns_are_not_guessed(self, client, admin):
        page = client.get(upload(client, "x;y\n1;2\n").url).content.decode()
        assert "callout-bad" not in page
        assert "It is not there" in page


class TestReading:
    @pytest.fixture
    def asked(self, client, admin, rows):
        """A bill that a worker is to read."""
        page = upload(client, as_csv(rows)).url
        assert client.post(page, CHOSEN).status_code == 302
        return Bill.objects.get()

    @staticmethod
    def look(client, bill):
        headers = {"HX-Request": "true", "HX-Target": "section#reading"}
        return client.get(reverse("bill", args=[bill.pk]), headers=headers)

    def test_the_page_says_how_far_it_is(self, client, asked):
        Bill.objects.filter(pk=asked.pk).update(done=120_000, line_count=1_000_000)
        page = client.get(reverse("bill", args=[asked.pk])).content.decode()
        assert "Reading: 120,000 of 1,000,000 rows" in page
        assert '<progress class="bar" id="rows-read" max="1000000" value="120000">' in page
        assert "being read" in client.get(reverse("bills")).content.decode().lower()

    def test_it_asks_again_for_a_part_and_ends_in_the_whole_page(self, client, asked):
        part = self.look(client, asked).content.decode()
        assert part.strip().startswith('<section class="panel panel-body stack" id="reading"')
        assert 'hx-trigger="load delay:1s"' in part
        worked(asked)
        answer = self.look(client, asked)
        assert answer["HX-Redirect"] == reverse("bill", args=[asked.pk])
        page = client.get(answer["HX-Redirect"]).content.decode()
        assert "agree to the last micro-unit" in page
        assert 'id="reading"' not in page

    def test_a_problem_is_shown_with_what_was_chosen(self, client, admin, rows):
        text = as_csv(rows * 60) + "x,y,2026-11-03T10:00:00,0.35x,USD\n"
        page = upload(client, text).url
        client.post(page, {**CHOSEN, "reference": "", "ends_on": "2026-11-29"})
        bill = Bill.objects.get()
        with pytest.raises(InvalidBill):
            worked(bill)
        assert self.look(client, bill)["HX-Redirect"] == reverse("bill", args=[bill.pk])
        shown = client.get(reverse("bill", args=[bill.pk]), follow=True)
        said = shown.content.decode()
        assert shown.redirect_chain == [(page, 302)]
        assert "Row 242: amount must be a number like 1,234.56, not “0.35x”." in said
        assert 'value="2026-11-29"' in said
        assert shown.context["form"]["reference"].initial == ""
        assert shown.context["form"]["remote_id"].initial == "id"
        assert "Row 242: amount must be" in client.get(reverse("bills")).content.decode()

    def test_what_is_being_read_can_not_be_chosen_again(self, client, asked):
        page = reverse("bill-columns", args=[asked.pk])
        assert client.get(page).url == reverse("bill", args=[asked.pk])
        refused = client.post(page, CHOSEN)
        assert (refused.status_code, "is being read" in refused.content.decode()) == (409, True)

    @pytest.mark.parametrize("route", ["bill-table", "bill-book", "bill-settle"])
    def test_what_is_not_read_has_no_lines(self, client, asked, route):
        asked.lines.create(row=2, native=1, unit="USD", difference="extra")
        url = reverse(route, args=[asked.pk])
        body = {"sum": "0", "note": "Fine", "kind": "extra"}
        answer = client.get(url) if route == "bill-table" else client.post(url, body)
        assert (answer.status_code, "is not read yet" in answer.content.decode()) == (409, True)

    def test_its_lines_are_not_there(self, client, asked):
        line = asked.lines.create(row=2, native=1, unit="USD", difference="extra")
        for route in ("bill-line-book", "bill-line-settle"):
            assert client.post(reverse(route, args=[line.pk]), {"note": "Fine"}).status_code == 404

    @pytest.mark.parametrize(
        ("who", "answers"),
        [
            ("admin", {"bill": 200, "bill-columns": 409, "bill-remove": 302}),
            ("author", {"bill": 403, "bill-columns": 403, "bill-remove": 403}),
            ("reviewer", {"bill": 403, "bill-columns": 403, "bill-remove": 403}),
            ("stranger", {"bill": 404, "bill-columns": 403, "bill-remove": 403}),
        ],
    )
    def test_who_may_what_while_it_is_read(self, client, admin, asked, who, answers):
        team = None if who == "stranger" else admin.team
        member = make_member("admin" if who == "stranger" else who, team=team)
        make_project(member.team)
        client.force_login(member.user)
        for route, status in answers.items():
            url = reverse(route, args=[asked.pk])
            answer = client.get(url) if route == "bill" else client.post(url, CHOSEN)
            assert (route, answer.status_code) == (route, status)

    def test_removing_it_works(self, client, asked):
        answer = client.post(reverse("bill-remove", args=[asked.pk]), follow=True)
        assert "“november.csv” is removed." in answer.content.decode()
        assert client.get(reverse("bill", args=[asked.pk])).status_code == 404


class TestDifferences:
    def test_each_kind_with_its_count(self, client, differing):
        page = client.get(reverse("bill", args=[differing.pk])).content.decode()
        for label in ("Another amount", "Billed twice", "Not in our books", "On no bill"):
            assert label in page
        assert "Book 1 amount difference" in page
        extra = client.get(reverse("bill", args=[differing.pk]), {"kind": "extra"}).content.decode()
        assert "&lt;b&gt;nobody&lt;/b&gt;" in extra

    def test_booking_answers_with_the_part(self, client, admin, differing):
        line = differing.lines.get(difference="amount")
        response = htmx(client, "bill-line-book", line.pk, {"kind": "amount", "after": "0"})
        said = response.content.decode()
        assert said.strip().startswith('<div class="stack stack-4" id="differences">')
        assert "Correction of +7 cr" in said
        again = htmx(client, "bill-line-book", line.pk, {"kind": "amount"})
        assert again.status_code == 409
        assert "Row 2 is settled already" in again.content.decode()

    def test_without_scripts_it_comes_back_to_the_same_place(self, client, differing):
        url = reverse("bill-book", args=[differing.pk])
        response = client.post(url, {"kind": "amount", "sum": str(7 * MICRO)})
        assert (
            response.url
            == f"{reverse('bill', args=[differing.pk])}?kind=amount&after=0#differences"
        )
        assert "1 difference booked." in client.get(response.url.partition("#")[0]).content.decode()
        assert LedgerEntry.objects.filter(kind="correction").count() == 1

    def test_another_sum_than_the_button_showed(self, client, differing):
        url = reverse("bill-book", args=[differing.pk])
        assert client.post(url, {"sum": "1"}).status_code == 409
        assert client.post(url, {"sum": "much"}).status_code == 422
        assert not LedgerEntry.objects.filter(kind="correction").exists()

    def test_a_note_that_is_too_long_stays_in_its_field(self, client, differing):
        line, note = differing.lines.get(difference="extra"), "x" * 201
        response = htmx(client, "bill-line-settle", line.pk, {"kind": "extra", "note": note})
        said = response.content.decode()
        assert response.status_code == 422
        assert "Note may have at most 200 characters." in said
        assert note in said
        good = htmx(client, "bill-line-settle", line.pk, {"kind": "extra", "note": "Asked <them>"})
        assert "Asked &lt;them&gt;" in good.content.decode()

    def test_a_missing_charge_is_refunded(self, client, differing):
        line = differing.lines.get(difference="missing")
        said = htmx(client, "bill-line-book", line.pk, {"kind": "missing"}).content.decode()
        assert "Refund of −35 cr" in said

    def test_all_of_a_kind_are_noted(self, client, differing):
        url = reverse("bill-settle", args=[differing.pk])
        client.post(url, {"kind": "duplicate", "note": "They pay it back"})
        assert differing.lines.get(difference="duplicate").settled_note == "They pay it back"
        assert client.post(url, {"kind": "extra", "note": ""}).status_code == 422

    def test_the_table_runs_no_formula(self, client, admin, rows, tmp_path):
        evil = replace(rows[0], reference="", remote_id="=1+1")
        bill = read_bill(admin, [evil], tmp_path)
        response = client.get(reverse("bill-table", args=[bill.pk]))
        text = b"".join(response.streaming_content).decode("utf-8-sig")
        head, extra, *_ = csv.reader(io.StringIO(text))
        assert (head[3], extra[1], extra[3]) == ("Their id", "Not in our books", "'=1+1")
        assert "attachment" in response["content-disposition"]


class TestLists:
    def test_pages_of_differences(self, client, admin, rows, tmp_path, monkeypatch):
        monkeypatch.setattr("studio.reports.bills.PAGE", 2)
        strange = [replace(rows[0], reference="", remote_id=f"nobody-{n}") for n in range(5)]
        bill = read_bill(admin, [*rows, *strange], tmp_path)
        url, shown, after = reverse("bill", args=[bill.pk]), [], 0
        while after is not None:
            page = client.get(url, {"kind": "extra", "after": after}).context["page"]
            shown, after = [*shown, *(line.remote_id for line in page.lines)], page.after
        assert shown == [row.remote_id for row in strange]

    def test_pages_of_bills(self, client, admin, rows, tmp_path, monkeypatch):
        monkeypatch.setattr("studio.reports.bills.PAGE", 2)
        made = [bring(admin, as_csv(rows[:n]), tmp_path, name=f"{n}.csv").pk for n in (1, 2, 3)]
        first = client.get(reverse("bills")).context["page"]
        second = client.get(reverse("bills"), {"before": first.before}).context["page"]
        shown = [row.bill.pk for page in (first, second) for row in page.rows]
        assert (shown, second.before) == (made[::-1], None)

    def test_no_query_for_a_row(self, client, admin, tmp_path, django_assert_num_queries):
        rows = charged_jobs(admin, [350_000] * 40)
        wrong = [replace(row, native=420_000) for row in rows]
        few, many = read_bill(admin, wrong[:2], tmp_path), read_bill(admin, wrong[2:], tmp_path)
        with django_assert_num_queries(100, exact=False) as counted:
            client.get(reverse("bill", args=[few.pk]))
        with django_assert_num_queries(len(counted)):
            client.get(reverse("bill", args=[many.pk]))
        with django_assert_num_queries(100, exact=False) as counted:
            client.get(reverse("bills"))
        bring(admin, as_csv(rows[:3]), tmp_path, name="three.csv")
        with django_assert_num_queries(len(counted)):
            client.get(reverse("bills"))

    def test_other_teams_see_nothing_of_it(self, client, differing):
        other = make_member("admin")
        make_project(other.team)
        client.force_login(other.user)
        assert differing.name not in client.get(reverse("bills")).content.decode()
        assert client.get(reverse("bill", args=[differing.pk])).status_code == 404

    def test_an_admin_who_does_not_run_the_studio_brings_none(self, client, admin):
        other = make_member("admin")
        make_project(other.team)
        client.force_login(other.user)
        assert "Upload a bill" not in client.get(reverse("bills")).content.decode()
