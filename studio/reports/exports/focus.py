"""The ledger in FOCUS 1.2 with the columns of 1.3: what finance departments read costs as.

FOCUS: https://focus.finops.org/focus-specification/ (v1.2 of June 2025, v1.3 of December 2025). A
grant is the purchase of prepaid credits: it is billed and has no effective cost. A charge is the
usage of them: it is not billed and has one. A refund or correction is an adjustment; one of an
earlier month is a correction in its words, too. Months and days are the team's own, told in UTC.
"""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from studio.core.amounts import PICO_PLACES, exact, in_usd
from studio.core.money import USD
from studio.models import EntryKind, Per
from studio.reports.exports.lines import Line

Cell = str | int | Decimal | None
Read = Callable[[Line], Cell]

USAGE, PURCHASE, ADJUSTMENT = "Usage", "Purchase", "Adjustment"
# Which entries are costs. Holds and releases are not: nothing is spent by them.
CATEGORIES = {
    EntryKind.CHARGE: USAGE, EntryKind.REFUND: ADJUSTMENT, EntryKind.CORRECTION: ADJUSTMENT,
    EntryKind.GRANT: PURCHASE,
}  # fmt: skip
FREQUENCIES = {USAGE: "Usage-Based", PURCHASE: "One-Time", ADJUSTMENT: "One-Time"}
OURS = "Dailies"  # who issues credits
CREDITS = "credits"
NOTHING = Decimal(0)


def _always(value: str | None) -> Read:
    return lambda _line: value


def _category(line: Line) -> str:
    return CATEGORIES[EntryKind(line.kind)]


def _is_purchase(line: Line) -> bool:
    return _category(line) == PURCHASE


def _by_purchase(bought: Read, used: Read) -> Read:
    """One value for purchases of credits, another for their use."""
    return lambda line: bought(line) if _is_purchase(line) else used(line)


def _of_purchase(bought: str, used: Read) -> Read:
    return _by_purchase(_always(bought), used)


def _credits(line: Line) -> Decimal:
    """What was bought, or used."""
    return exact(line.granted if _is_purchase(line) else line.spent)


def _worth(line: Line) -> Decimal:
    return in_usd(line.granted if _is_purchase(line) else line.spent, line.credit_price)


def _credit_price(line: Line) -> Decimal:
    return exact(line.credit_price)


def _nothing(_line: Line) -> Decimal:
    return NOTHING


def _class(line: Line) -> str | None:
    """A correction in FOCUS's words is one of an earlier month."""
    about = line.corrected_day
    return "Correction" if about and _month(about) < _month(line.day) else None


def _month(day: date) -> date:
    return day.replace(day=1)


def _next_month(day: date) -> date:
    return _month(_month(day) + timedelta(days=31))


def _midnight(day: date, line: Line) -> str:
    """When that day begins by the team's clocks, in UTC."""
    begins = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(line.time_zone))
    return begins.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _description(line: Line) -> str:
    about = f" for {line.title}" if line.title else ""
    return f"{EntryKind(line.kind).label}{about}: {line.cause}"


def _consumed(line: Line) -> Decimal | None:
    """Seconds of video that were ordered; only usage has any."""
    if _category(line) != USAGE:
        return None
    return Decimal(str(line.duration or 0)) * (line.takes or 1)


def _sku_price(line: Line) -> str:
    """The model at its price version."""
    begins = f"{line.price_from.astimezone(UTC):%Y-%m-%d}" if line.price_from else ""
    return f"{line.model}@{begins}"


def _price_details(line: Line) -> str | None:
    """The settings that the price is for; properties that FOCUS does not define begin with x_."""
    told = {f"x_{name}": value for name, value in sorted((line.conditions or {}).items())}
    return json.dumps(told, ensure_ascii=False) if told else None


def _meter(line: Line) -> str:
    return "Takes" if line.per == Per.TAKE else "Seconds of video"


def _tags(line: Line) -> str | None:
    if not line.project_name:
        return None
    return json.dumps({"project": line.project_name}, ensure_ascii=False)


def _resource(line: Line) -> str | None:
    """A text: a plain number would be read as one."""
    return f"job-{line.job}" if line.job else None


def _estimated(line: Line) -> Decimal | None:
    return None if line.quoted is None else in_usd(line.quoted, line.credit_price)


def _basis(line: Line) -> str | None:
    """Who says what it costs: a person, the provider, or our price list, where a charge is as quoted."""
    if _is_purchase(line):
        return None
    if line.actor:
        return "manual"
    return "price-list" if line.spent == line.quoted else "provider-reported"


PROVIDER: Read = _of_purchase(OURS, lambda line: line.provider_label)
USED: Read = _by_purchase(_nothing, _worth)
CREDIT_FOR_CREDIT: Read = lambda _line: Decimal(1)  # noqa: E731  (a row of the table below)

# FOCUS's columns by their names, those of 1.3 among them, then our own.
COLUMNS: tuple[tuple[str, Read], ...] = (
    ("AllocatedMethodDetails", _always(None)),
    ("AllocatedMethodId", _always(None)),
    ("AllocatedResourceId", _always(None)),
    ("AllocatedResourceName", _always(None)),
    ("AllocatedTags", _always(None)),
    ("BilledCost", _by_purchase(_worth, _nothing)),
    ("BillingAccountId", _of_purchase(OURS.lower(), lambda line: line.provider)),
    ("BillingAccountName", PROVIDER),
    ("BillingAccountType", _of_purchase("Studio", _always("Provider account"))),
    ("BillingCurrency", _always(USD)),
    ("BillingPeriodEnd", lambda line: _midnight(_next_month(line.day), line)),
    ("BillingPeriodStart", lambda line: _midnight(_month(line.day), line)),
    ("ChargeCategory", _category),
    ("ChargeClass", _class),
    ("ChargeDescription", _description),
    ("ChargeFrequency", lambda line: FREQUENCIES[_category(line)]),
    ("ChargePeriodEnd", lambda line: _midnight(line.day + timedelta(days=1), line)),
    ("ChargePeriodStart", lambda line: _midnight(line.day, line)),
    ("ConsumedQuantity", _consumed),
    ("ConsumedUnit", lambda line: "Seconds" if _category(line) == USAGE else None),
    ("ContractApplied", _always(None)),
    ("ContractedCost", _worth),
    ("ContractedUnitPrice", _credit_price),
    ("EffectiveCost", USED),
    ("HostProviderName", PROVIDER),
    ("InvoiceId", _always(None)),
    ("InvoiceIssuerName", PROVIDER),
    ("ListCost", _worth),
    ("ListUnitPrice", _credit_price),
    ("PricingCategory", _always("Standard")),
    ("PricingCurrency", _always(CREDITS)),
    ("PricingCurrencyContractedUnitPrice", CREDIT_FOR_CREDIT),
    ("PricingCurrencyEffectiveCost", _by_purchase(_nothing, _credits)),
    ("PricingCurrencyListUnitPrice", CREDIT_FOR_CREDIT),
    ("PricingQuantity", _credits),
    ("PricingUnit", _always("Credits")),
    ("ProviderName", PROVIDER),
    ("PublisherName", PROVIDER),
    ("ResourceId", _resource),
    ("ResourceName", lambda line: line.title),
    ("ResourceType", lambda line: "Job" if line.job else None),
    ("ServiceCategory", _of_purchase("Other", _always("AI and Machine Learning"))),
    ("ServiceName", _of_purchase("Credits", _always("Video generation"))),
    ("ServiceProviderName", PROVIDER),
    ("ServiceSubcategory", _of_purchase("Other (Other)", _always("Generative AI"))),
    ("SkuId", _of_purchase(CREDITS, lambda line: line.model)),
    ("SkuMeter", _of_purchase("Credits", _meter)),
    ("SkuPriceDetails", _price_details),
    ("SkuPriceId", _of_purchase(CREDITS, _sku_price)),
    ("SubAccountId", lambda line: f"team-{line.team}"),
    ("SubAccountName", lambda line: line.team_name),
    ("SubAccountType", _always("Team")),
    ("Tags", _tags),
    ("x_CorrectsEntry", lambda line: line.corrects),
    ("x_CostBasis", _basis),
    ("x_EntryDigest", lambda line: bytes(line.digest).hex()),
    ("x_EntryKind", lambda line: line.kind),
    ("x_EntryNumber", lambda line: line.number),
    ("x_EstimatedCost", _estimated),
    ("x_JobId", lambda line: line.job),
    ("x_NativeAmount", lambda line: exact(line.native)),
    ("x_NativeUnit", lambda line: line.unit),
    ("x_NativeUnitPrice", lambda line: exact(line.unit_price, places=PICO_PLACES)),
    ("x_UserId", lambda line: line.author or line.actor),
    ("x_UserName", lambda line: line.author_name or line.actor_name),
)
