"""Money as whole micro-units: one million of them are one credit, or one unit of a currency."""

from decimal import ROUND_HALF_UP, Decimal

from studio.core.words import short

MICRO = 1_000_000
MOST = 2**63 - 1

CREDIT = "credit"
USD = "USD"
PICO = 1_000_000_000_000

# What one unit costs in pico-dollars, where that is a fact; for other units an admin says it.
# AIML: 2,000,000 credits are 1 USD (docs/faq/how-can-i-track-my-funds.md of aimlapi, 2026-08-21).
UNIT_PRICES = {USD: PICO, "AIML": PICO // 2_000_000}


def micros(amount: Decimal | int | str) -> int:
    """Whole micro-units of a decimal amount: micros("0.07") == 70_000.

    Raises ValueError for what is no number, or more than a row can hold.
    """
    try:
        whole = (Decimal(amount) * MICRO).to_integral_value(rounding=ROUND_HALF_UP)
        if abs(whole) <= MOST:
            return int(whole)
    except ArithmeticError:
        pass
    raise ValueError(f"“{short(amount)}” is not an amount of money.")


def decimal(amount: int, *, places: int = 6) -> Decimal:
    """The decimal amount of whole micro-units (12 places: pico-units), without trailing zeros."""
    value = Decimal(amount).scaleb(-places)
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def in_credits(native: int, *, credit_price: int, unit_price: int = PICO) -> int:
    """Micro-credits for `native` micro-units.

    `credit_price` is what one credit costs in micro-USD, at least 1; `unit_price` what one of the
    units costs in pico-USD.
    """
    worth = credit_price * PICO
    return (2 * native * MICRO * unit_price + worth) // (2 * worth)


def words(amount: int) -> str:
    """How a page says it: thousands separated, cents only where there are any ("1,780", "0.5")."""
    return f"{decimal(amount):,f}"


def divided(amount: int, count: int) -> list[int]:
    """So many shares that differ by one micro-unit at most and add up to the amount, larger first.

    What is below 0 is divided as what is above.
    """
    share, rest = divmod(abs(amount), count)
    sign = -1 if amount < 0 else 1
    return [sign * (share + (place < rest)) for place in range(count)]
