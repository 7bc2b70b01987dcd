"""`manage.py price`: what a model costs in the whole studio, for whoever runs the server."""

import sys
from argparse import ArgumentParser
from decimal import Decimal
from typing import Any, NoReturn

from django.core.management.base import BaseCommand

from studio.core import money
from studio.core.errors import StudioError
from studio.core.orders import Order
from studio.core.prices import Price, conditions_in, said
from studio.core.spec import Capability
from studio.models import Per, PriceVersion
from studio.providers.registry import all_providers, capability_of
from studio.services import prices, setup

BAD_INPUT = 2


class Command(BaseCommand):
    help = (
        "List prices, or set one: price aimlapi 0.07 --unit USD --per second. Exit 2 for bad input."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("provider", nargs="?", help="Without one, all prices are listed.")
        parser.add_argument("amount", nargs="?", help="A decimal number of units.")
        parser.add_argument("--model", help="One model; all of the provider, if none is given.")
        parser.add_argument("--per", default=Per.SECOND, help=f"{' or '.join(Per.values)}.")
        parser.add_argument(
            "--unit", default=money.CREDIT, help="credit, USD, or the provider's own."
        )
        parser.add_argument("--only-for", default="", help="Settings, such as resolution=1080p.")
        parser.add_argument("--rate", help="What one of --unit costs in USD, instead of a price.")
        parser.add_argument(
            "--data", metavar="FOLDER", help="The data folder; DAILIES_DATA or ./var."
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        setup.prepare()
        try:
            if options["rate"] is not None:
                self.set_rate(options)
            elif options["provider"]:
                self.set_prices(options)
            self.list_prices(options["provider"])
        except (StudioError, ValueError) as error:
            self.refuse(str(error))

    def set_prices(self, options: dict[str, Any]) -> None:
        for able in self.models(options):
            price = Price(
                able=able, per=self.per(options["per"]), unit=self.unit(options["unit"]),
                amount=self.amount(options["amount"]),
                conditions=conditions_in(able, options["only_for"]),
            )  # fmt: skip
            prices.set_studio_price(price, source="Set by the command price")

    def models(self, options: dict[str, Any]) -> tuple[Capability, ...]:
        """Raises InvalidOrder with the providers or models there are."""
        slug, model = options["provider"], options["model"]
        if model or slug not in all_providers():
            return (capability_of(Order(provider=slug, model=model or "", prompt="")),)
        return all_providers()[slug].capabilities

    def per(self, text: str) -> str:
        if text not in Per.values:
            raise ValueError(f"--per must be {' or '.join(Per.values)}, not “{text[:40]}”.")
        return text

    def unit(self, text: str) -> str:
        """Raises ValueError with the units that prices may be in."""
        known = {money.CREDIT, *money.UNIT_PRICES}
        known |= {price.unit for provider in all_providers().values() for price in provider.prices}
        if text not in known:
            raise ValueError(f"--unit must be {', '.join(sorted(known))}, not “{text[:40]}”.")
        return text

    def amount(self, text: str | None) -> int:
        try:
            amount = money.micros(text or "")
        except ValueError:
            amount = -1
        if amount < 0:
            raise ValueError(f"The amount must be a number from 0, like 0.07, not “{text or ''}”.")
        return amount

    def set_rate(self, options: dict[str, Any]) -> None:
        unit = self.unit(options["unit"])
        if unit == money.CREDIT or unit in money.UNIT_PRICES:
            raise ValueError("--rate is for a provider's own credits; name them with --unit.")
        price = self.amount(options["rate"]) * (money.PICO // money.MICRO)
        if not price:
            raise ValueError("--rate must be a number of dollars above 0, like 0.0115.")
        prices.set_studio_rate(unit=unit, price=price, source="Set by the command price")

    def list_prices(self, slug: str | None) -> None:
        rows = PriceVersion.objects.filter(team=None).order_by(
            "provider", "model", "valid_from", "pk"
        )
        for row in rows.filter(provider=slug) if slug else rows:
            where = f" {row.model}" if row.model else ""
            only = f" only for {said(row.conditions)}" if row.conditions else ""
            amount: Decimal = money.decimal(row.amount)
            self.stdout.write(
                f"{row.provider}{where}: {amount:f} {row.unit} per {row.per}{only}, "
                f"from {row.valid_from:%Y-%m-%d}, {row.source}"
            )

    def refuse(self, sentence: str) -> NoReturn:
        self.stderr.write(sentence)
        sys.exit(BAD_INPUT)
