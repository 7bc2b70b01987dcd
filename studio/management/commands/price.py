"""`manage.py price`: what a model costs in the whole studio, for whoever runs the server."""

import sys
from argparse import ArgumentParser
from dataclasses import replace
from typing import Any, NoReturn

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from studio.core import money
from studio.core.errors import PricesOverlap, StudioError
from studio.core.orders import Order
from studio.core.prices import Price, said
from studio.core.spec import Capability
from studio.forms.base import StudioForm
from studio.forms.prices import PriceForm, RateForm
from studio.models import Per, PriceVersion, Rate
from studio.providers.registry import all_providers, capability_of, provider_of
from studio.services import prices, rates, setup

BAD_INPUT = 2
SOURCE = "Set by the command price"
# The forms of the page check what is typed here; their labels as this command calls them.
FLAGS = {
    "amount": "AMOUNT", "only_for": "--only-for", "unit": "--unit", "per": "--per",
    "starts": "--from", "ends": "--until", "price": "--rate",
}  # fmt: skip


class Command(BaseCommand):
    help = (
        "List prices and rates, or set one: price aimlapi 0.07 --unit USD --per second. "
        "Exit 2 for bad input."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("provider", nargs="?", help="Without one, all prices are listed.")
        parser.add_argument("amount", nargs="?", help="A decimal number of units.")
        parser.add_argument("--model", help="One model; all of the provider, if none is given.")
        parser.add_argument("--per", default=Per.SECOND, help=f"{' or '.join(Per.values)}.")
        parser.add_argument(
            "--unit", default=money.CREDIT,
            help="credit, the provider's own, or a currency like USD or EUR.",
        )  # fmt: skip
        parser.add_argument("--only-for", default="", help="Settings, such as resolution=1080p.")
        parser.add_argument("--rate", help="What one of --unit costs in USD, instead of a price.")
        parser.add_argument("--from", default="", dest="starts", help="A day, in UTC; now.")
        parser.add_argument("--until", default="", dest="ends", help="The first day without it.")
        parser.add_argument(
            "--replace", action="store_true", help="Take the place of a price that is in the way."
        )
        parser.add_argument(
            "--data", metavar="FOLDER", help="The data folder; DAILIES_DATA or ./var."
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        setup.prepare()
        try:
            if options["rate"] is not None:
                self.set_rate(options)
            elif options["amount"] is not None:
                self.set_prices(options)
            elif options["provider"]:
                provider_of(options["provider"])
        except PricesOverlap as error:
            hint = " Or set it with --replace." if error.other else ""
            self.refuse(_flagged(PriceForm, error.field, error.message) + hint)
        except (StudioError, ValueError) as error:
            self.refuse(str(error))
        self.list_prices(options["provider"])
        self.list_rates()

    def set_prices(self, options: dict[str, Any]) -> None:
        """All of them or none. Raises StudioError, ValueError."""
        found = [self.price(able, options) for able in self.models(options)]
        with transaction.atomic():
            for price in found:
                self.set_price(price, may_replace=options["replace"])

    def set_price(self, price: Price, *, may_replace: bool) -> None:
        try:
            prices.set_studio_price(price, source=SOURCE)
        except PricesOverlap as error:
            if not (may_replace and error.other):
                raise
            prices.set_studio_price(replace(price, replaces=error.other), source=SOURCE)

    def models(self, options: dict[str, Any]) -> tuple[Capability, ...]:
        """Raises InvalidOrder with the providers or models there are."""
        slug, model = options["provider"], options["model"]
        if model or slug not in all_providers():
            return (capability_of(Order(provider=slug, model=model or "", prompt="")),)
        return all_providers()[slug].capabilities

    def price(self, able: Capability, options: dict[str, Any]) -> Price:
        typed = {name: options[name] or "" for name in ("amount", "only_for", "unit", "per")}
        days = {name: options[name] for name in ("starts", "ends")}
        form = PriceForm({**typed, **days, "able": f"{able.provider}/{able.model}"})
        _require(form)
        return form.price

    def set_rate(self, options: dict[str, Any]) -> None:
        typed = {name: options[name] for name in ("unit", "starts")}
        form = RateForm({**typed, "price": options["rate"]})
        _require(form)
        rates.set_studio_rate(**form.rate, source=SOURCE)

    def list_prices(self, slug: str | None) -> None:
        rows = PriceVersion.objects.filter(team=None)
        rows = rows.order_by("provider", "model", "valid_from", "pk")
        for row in rows.filter(provider=slug) if slug else rows:
            where = f" {row.model}" if row.model else ""
            only = f" only for {said(row.conditions)}" if row.conditions else ""
            ends = f" until {row.valid_until:%Y-%m-%d}" if row.valid_until else ""
            planned = ", planned" if row.valid_from > timezone.now() else ""
            self.stdout.write(
                f"{row.provider}{where}: {money.decimal(row.amount):f} {row.unit} per {row.per}"
                f"{only}, from {row.valid_from:%Y-%m-%d}{ends}{planned}, {row.source}"
            )

    def list_rates(self) -> None:
        for rate in Rate.objects.filter(team=None).order_by("unit", "valid_from", "pk"):
            planned = ", planned" if rate.valid_from > timezone.now() else ""
            self.stdout.write(
                f"1 {rate.unit}: {rate.dollars} USD, from {rate.valid_from:%Y-%m-%d}{planned}, "
                f"{rate.source}"
            )

    def refuse(self, sentence: str) -> NoReturn:
        self.stderr.write(sentence)
        sys.exit(BAD_INPUT)


def _require(form: StudioForm) -> None:
    """Raises ValueError with everything that is wrong, as the command line calls it."""
    if not form.is_valid():
        found = [(name, text) for name, texts in form.errors.items() for text in texts]
        raise ValueError(" ".join(_flagged(type(form), name, str(text)) for name, text in found))


def _flagged(form: type[StudioForm], field: str, sentence: str) -> str:
    """A form's sentence with the flag instead of the label that it begins with."""
    label = str(form.base_fields[field].label or "").partition(",")[0]
    return f"{FLAGS[field]}{sentence.removeprefix(label)}" if field in FLAGS else sentence
