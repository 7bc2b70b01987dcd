"""The typed language: what it reads, what it explains, and that it can be written back."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.errors import InvalidSearch
from studio.core.search import FIELDS, LONGEST, Query, Span, Term, days_of, named, plain, read


def terms(text: str) -> list[Term]:
    return list(read(text).terms)


def one(text: str) -> Term:
    (term,) = terms(text)
    return term


def refused(text: str) -> str:
    with pytest.raises(InvalidSearch) as caught:
        read(text)
    return caught.value.message


READ = {
    "": [],
    "  ": [],
    "red": [Term(value="red")],
    "red car": [Term(value="red"), Term(value="car")],
    '"red car"': [Term(value="red car", exact=True)],
    '"red  car" -draft': [Term(value="red car", exact=True), Term(value="draft", negated=True)],
    "“red car”": [Term(value="red car", exact=True)],
    "16:9": [Term(value="16:9")],
    "red red": [Term(value="red")],
    "STATUS:Approved": [Term(field="status", value="approved")],
    "-status:canceled": [Term(field="status", value="cancelled", negated=True)],
    "status:running": [Term(field="status", value="generating")],
    "by:me": [Term(field="by", value="me")],
    'by:"Ana Ruiz"': [Term(field="by", value="Ana Ruiz")],
    'by:"ana"': [Term(field="by", value="ana")],
    "by:ana@example.org": [Term(field="by", value="ana@example.org")],
    "is:Favourite": [Term(field="is", value="favorite")],
    "has:drawings": [Term(field="has", value="drawing")],
    "needs:me": [Term(field="needs", value="me")],
    "seed:042": [Term(field="seed", value="42")],
    "seed:-1": [Term(field="seed", value="-1")],
    "note:logo": [Term(field="note", value="logo")],
    'note:"the logo"': [Term(field="note", value="the logo", exact=True)],
    "tag:!": [Term(field="tag", value="!")],
    'board:"Act I"': [Term(field="board", value="Act I")],
    "on:2026-11-30": [Term(field="on", value="2026-11-30")],
    "before:Today": [Term(field="before", value="today")],
    "in:trash": [Term(field="in", value="trash")],
    "cost:>30": [Term(field="cost", value=Span(low=Decimal(30), above=True))],
    "cost:<=0.5": [Term(field="cost", value=Span(high=Decimal("0.5")))],
    "cost:10..30": [Term(field="cost", value=Span(low=Decimal(10), high=Decimal(30)))],
    "cost:10..": [Term(field="cost", value=Span(low=Decimal(10)))],
    "length:5": [Term(field="length", value=Span(low=Decimal(5), high=Decimal(5)))],
    "rating:>=4": [Term(field="rating", value=Span(low=Decimal(4)))],
    "takes:<3": [Term(field="takes", value=Span(high=Decimal(3), below=True))],
}  # fmt: skip

# What cannot be read, and words that its sentence must have.
REFUSED = {
    "seed:abc": ["seed takes one whole number, such as seed:42", "“abc”"],
    "seed:1..5": ["seed takes one whole number"],
    "cost:>x": ["cost takes credits, such as cost:>30", "“>x”"],
    "cost:30..10": ["cost takes", "“30..10”"],
    "cost:..": ["cost takes"],
    "rating:9": ["rating takes 0 to 5 stars", "“9”"],
    "rating:2.5": ["rating takes 0 to 5 stars"],
    "takes:1.5": ["takes takes a number"],
    "length:999999": ["length takes seconds"],
    "status:aproved": ["status takes review, approved,", "Did you mean status:approved?"],
    "has:cats": ["has takes note, drawing, attachment, camera, frame or sound", "“cats”"],
    "needs:ana": ["needs takes me, not “ana”"],
    "in:bin": ["in takes trash"],
    "on:2026-02-30": ["on takes a day, such as 2026-11-30", "“2026-02-30”"],
    "on:tomorrow": ["today, yesterday, week or month"],
    "on:9999-12-31": ["on takes a day"],
    "staus:review": ["no field “staus”", "Did you mean status:?", "Fields are status, by,"],
    "author:ana": ["no field “author”", "Did you mean by:?"],
    "stars:5": ["Did you mean rating:?"],
    "http://x": ["no field “http”", "words with a colon go into quotes"],
    '"red car': ["A quote is not closed", '"red car'],
    'by:"ana': ["A quote is not closed", 'by:"ana'],
    "tag:": ["tag takes words, such as tag:hero", "has none here"],
    'note:"!"': ["note takes words", "“!”"],
    "by:%": ["by takes words, such as by:ana", "“%”"],
    "-": ["“-” has no letter or digit"],
    "red ?!": ["“?!” has no letter or digit"],
    "🦊": ["has no letter or digit"],
}  # fmt: skip


class TestRead:
    @pytest.mark.parametrize("text", READ)
    def test_reads(self, text):
        assert terms(text) == READ[text]

    @pytest.mark.parametrize("text", REFUSED)
    def test_explains(self, text):
        sentence = refused(text)
        for words in REFUSED[text]:
            assert words in sentence

    def test_every_problem_is_told_with_its_field(self):
        with pytest.raises(InvalidSearch) as caught:
            read("red seed:abc colour:blue rating:9")
        assert [problem.field for problem in caught.value.problems] == ["seed", "colour", "rating"]

    def test_has_an_end(self):
        assert "at most 500 characters" in refused("a" * (LONGEST + 1))
        assert "at most 20 words" in refused(" ".join(f"w{number}" for number in range(21)))

    @pytest.mark.parametrize("text", ["re\0d", "re\ud800d", "\N{RIGHT-TO-LEFT MARK}red"])
    def test_holds_nothing_that_no_database_takes(self, text):
        for term in terms(text):
            str(term.value).encode()
            assert "\0" not in str(term.value)


TEXTS = st.text(st.sampled_from('abcé19 \t":->=<.,-@/\\_\'"“”(){}*') | st.characters(), max_size=60)
PIECES = st.lists(
    st.tuples(
        st.sampled_from(["", "-"]),
        st.sampled_from(["", "nonsense:", *(f"{name}:" for name in FIELDS)]),
        st.sampled_from([*READ, *REFUSED, ">30", "5", "approved", "me", "2026-11", "a b", '"a  b"'])
        | TEXTS,
    ).map("".join),
    max_size=5,
).map(" ".join)


class TestWriting:
    @given(TEXTS | PIECES)
    def test_what_was_read_reads_the_same_when_it_is_written_back(self, text):
        try:
            query = read(text)
        except InvalidSearch:
            return
        assert read(str(query)) == query

    @pytest.mark.parametrize("text", READ)
    def test_of_each_field(self, text):
        assert read(str(read(text))) == read(text)

    @given(st.text(max_size=40).filter(plain))
    def test_every_name_can_be_asked_for(self, name):
        term = named("board", name)
        assert terms(str(term)) == [term]
        assert '"' not in term.value


class TestQuery:
    def test_each_term_can_be_taken_away(self):
        query = read('red -draft by:ana "red car"')
        for term in query.terms:
            rest = query.without(term)
            assert term not in rest.terms
            assert len(rest.terms) == 3

    def test_a_status_takes_the_place_of_another_one(self):
        (approved,) = terms("status:approved")
        query = read("red status:review").toggled(approved)
        assert str(query) == "red status:approved"
        assert str(query.toggled(approved)) == "red"

    @pytest.mark.parametrize("text", ["by:me", "is:mine", "is:favorite", "-needs:me"])
    def test_personal_ones_are_known(self, text):
        assert read(text).is_personal

    def test_others_are_not(self):
        assert not read("by:ana status:review is:rehearsal").is_personal

    def test_empty_one_is_false(self):
        assert not Query()


class TestSpan:
    @pytest.mark.parametrize(
        ("text", "words"),
        [("30", "30"), (">30", "over 30"), (">=30", "30 or more"), ("<30", "under 30"),
         ("<=30", "30 or less"), ("10..30", "10 to 30"), ("..30", "30 or less")],
    )  # fmt: skip
    def test_in_words(self, text, words):
        assert Span.read(text).words == words

    @pytest.mark.parametrize(
        ("text", "low", "high"),
        [("5", "4.5", "5.5"), ("5.0", "4.95", "5.05"), ("0", "-0.5", "0.5")],
    )
    def test_a_measured_number_is_what_is_shown_as_it(self, text, low, high):
        around = Span.read(text).around()
        assert (around.low, around.high, around.below) == (Decimal(low), Decimal(high), True)

    def test_a_range_has_its_own_ends(self):
        assert Span.read("3..6").around() == Span.read("3..6")


class TestDays:
    TODAY = date(2026, 12, 2)  # a Wednesday

    @pytest.mark.parametrize(
        ("text", "first", "after"),
        [
            ("today", (2026, 12, 2), (2026, 12, 3)),
            ("yesterday", (2026, 12, 1), (2026, 12, 2)),
            ("week", (2026, 11, 30), (2026, 12, 7)),
            ("month", (2026, 12, 1), (2027, 1, 1)),
            ("2026-11-30", (2026, 11, 30), (2026, 12, 1)),
            ("2026-2-1", (2026, 2, 1), (2026, 2, 2)),
            ("2024-02", (2024, 2, 1), (2024, 3, 1)),
            ("2026-12", (2026, 12, 1), (2027, 1, 1)),
            ("2026", (2026, 1, 1), (2027, 1, 1)),
        ],
    )
    def test_first_and_after(self, text, first, after):
        assert days_of(text, self.TODAY) == (date(*first), date(*after))
