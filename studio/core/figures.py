"""Figures of costs in words."""

from studio.core.money import MICRO, words

CENT = MICRO // 100
MINUTE = 60


def cr(amount: int, places: int = 2) -> str:
    """Micro-credits to the nearest hundredth (0 places: whole ones): “1,430”, “−0.25”."""
    unit = CENT if places else MICRO
    near = (2 * abs(amount) + unit) // (2 * unit) * unit
    sign = "−" if amount < 0 and near else ""
    return f"{sign}{words(near)}"


def about(amount: int) -> str:
    """Micro-credits of what is reckoned, not booked: whole ones from ten upward."""
    return cr(amount, 0 if abs(amount) >= 10 * MICRO else 2)


def rate(amount: int | None) -> str:
    """What one of something costs, to a tenth, below 1 to a hundredth: “14.8”; “none” of none."""
    if amount is None:
        return "none"
    return f"{amount / MICRO:,.1f}" if abs(amount) >= MICRO else f"{amount / MICRO:.2f}"


def usd(micros: int) -> str:
    """Micro-dollars: “$39.18”."""
    sign = "−" if micros < 0 else ""
    return f"{sign}${abs(micros) / MICRO:,.2f}"


def percent(value: int | None) -> str:
    return "none" if value is None else f"{value} %"


def lasting(seconds: float) -> str:
    """“48 s”, “2 min 5 s”, “14 min”."""
    minutes, rest = divmod(round(seconds), MINUTE)
    if not minutes:
        return f"{rest} s"
    return f"{minutes} min {rest} s" if rest and minutes < 10 else f"{minutes} min"
