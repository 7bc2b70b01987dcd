"""Amounts as a file tells them: every digit that there is, and never an exponent."""

from decimal import Context, Decimal

EXACT = Context(prec=60)  # a row holds at most 19 digits, and a product of two of them 38
MICRO_PLACES = 6
PICO_PLACES = 12


def exact(amount: int, *, places: int = MICRO_PLACES) -> Decimal:
    """The decimal amount of whole micro-units, or of units of so many places."""
    return Decimal(amount).scaleb(-places, EXACT)


def in_usd(credits: int, credit_price: int) -> Decimal:
    """What micro-credits cost, to the last pico-USD; `credit_price` is in micro-USD."""
    return exact(credits * credit_price, places=PICO_PLACES)


def digits(value: Decimal) -> str:
    """“0.07”, “-5”, “0.0000000012”: no trailing zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def decimal_digits(value: Decimal) -> str:
    """The same, always with a point: “-5.0”."""
    text = digits(value)
    return text if "." in text else f"{text}.0"
