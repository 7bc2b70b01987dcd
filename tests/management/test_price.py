"""`manage.py price`: what it sets, what it refuses (exit 2), and the sentence that says why."""

import io
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from studio.core.money import MICRO, PICO
from studio.models import PriceVersion, Rate
from studio.services import setup

pytestmark = pytest.mark.django_db

AMOUNT = "AMOUNT must be a number from 0 to 100,000 with at most 6 decimals, like 2 or 0.07."
RATE = "--rate must be a number of dollars from 0.000001 to 100,000"
RUNWARE = ("runware", "0.08", "--unit", "USD")
REFUSED = [
    *((("runware", value), AMOUNT) for value in
      ("-1", "1e12", "1000000000000", "NaN", "Infinity", "two", "", "0.07" + "0" * 17 + "1")),
    ((*RUNWARE, "--per", "minute"), "--per must be second or take, not “minute”."),
    (("runware", "1", "--unit", "shells"), "--unit must be our credits, those of a provider, or"),
    ((*RUNWARE, "--only-for", "mode=pro"), "--only-for must be empty or"),
    ((*RUNWARE, "--model", "none"), "klingai:6@1"),
    (("nobody", "1"), "Provider must be animatic"),
    (("nobody",), "Provider must be animatic"),
    ((*RUNWARE, "--from", "2020-01-01"), "--from must be a day from today"),
    ((*RUNWARE, "--from", "soon"), "--from must be a day from today"),
    ((*RUNWARE, "--until", "9999-12-31"), "--until must be a day from today"),
    (("--rate", "0", "--unit", "EUR"), RATE),
    (("--rate", "-1", "--unit", "EUR"), RATE),
    (("--rate", "x", "--unit", "EUR"), RATE),
    (("--rate", "1", "--unit", "USD"), "--unit must be the credits of a provider, or the code"),
    (("--rate", "1"), "--unit must be the credits of a provider, or the code"),
    (("--rate", "1", "--unit", "EUR", "--from", "2020-01-01"), "--from must be a day from today"),
]  # fmt: skip


@pytest.fixture
def price(monkeypatch):
    """Run the command; exit code, what it printed, what it complained about."""
    monkeypatch.setattr(setup, "prepare", lambda: None)

    def run(*arguments: str) -> tuple[int, str, str]:
        out, err = io.StringIO(), io.StringIO()
        try:
            call_command("price", *_joined(arguments), stdout=out, stderr=err)
        except SystemExit as stop:
            return int(str(stop.code)), out.getvalue(), err.getvalue()
        return 0, out.getvalue(), err.getvalue()

    return run


def _joined(words: tuple[str, ...]) -> list[str]:
    """Values that look like flags stand behind `=` or `--`, as a person types them."""
    joined: list[str] = []
    for word in words:
        if joined and joined[-1].startswith("--") and "=" not in joined[-1]:
            joined[-1] += f"={word}"
        else:
            joined.append(word)
    negative = [word for word in joined if word.startswith("-") and not word.startswith("--")]
    rest = [word for word in joined if word not in negative]
    return [*rest[:1], "--", *negative] if negative else rest


def day(number: int) -> str:
    return str(timezone.now().date() + timedelta(days=number))


class TestRefusals:
    @pytest.mark.parametrize(("arguments", "sentence"), REFUSED)
    def test_exit_2_and_nothing_is_set(self, price, arguments, sentence):
        count = PriceVersion.objects.count(), Rate.objects.count()
        code, _, complaint = price(*arguments)
        assert code == 2
        assert sentence in complaint
        assert (PriceVersion.objects.count(), Rate.objects.count()) == count

    def test_overlap_names_the_other_and_the_way_out(self, price):
        assert price(*RUNWARE, "--from", day(2), "--until", day(9))[0] == 0
        code, _, complaint = price("runware", "0.09", "--unit", "USD", "--from", day(4))
        assert code == 2
        assert "0.08 USD per second is valid from" in complaint
        assert complaint.startswith("--from must be")
        assert "--replace" in complaint
        assert price("runware", "0.09", "--unit", "USD", "--from", day(4), "--replace")[0] == 0
        assert PriceVersion.objects.get(amount=90_000).replaces.amount == 80_000

    def test_of_several_models_all_or_none(self, price):
        """The second one has a price in the way."""
        aiml = ("aimlapi", "0.1", "--unit", "USD", "--from", day(2))
        second = "klingai/v2.5-turbo/pro/image-to-video"
        assert price(*aiml, "--model", second)[0] == 0
        assert price(*aiml)[0] == 2
        assert PriceVersion.objects.filter(provider="aimlapi").count() == 1


class TestSetting:
    def test_a_price_with_its_days(self, price):
        code, out, _ = price(*RUNWARE, "--from", day(2), "--until", day(5))
        row = PriceVersion.objects.get(provider="runware")
        assert (code, row.amount, row.team) == (0, 80_000, None)
        assert f"from {day(2)} until {day(5)}, planned" in out

    def test_a_rate_of_a_currency_from_a_day_on(self, price):
        code, out, _ = price("--rate", "1.08", "--unit", "EUR", "--from", day(2))
        assert (code, Rate.objects.get(unit="EUR").price) == (0, PICO * 108 // 100)
        assert f"1 EUR: 1.08 USD, from {day(2)}, planned" in out

    def test_a_provider_alone_is_listed(self, price):
        assert price("animatic")[1].startswith("animatic: 0 credit per second, from 2026-01-01")
        assert PriceVersion.objects.filter(provider="animatic").count() == 1

    def test_free(self, price):
        assert price("runware", "0")[0] == 0
        assert PriceVersion.objects.get(provider="runware").amount == 0 * MICRO
