"""Saying a person's own value back to them, whatever it is."""

LONGEST = 40


def short(value: object) -> str:
    """A value in at most 40 characters that can be printed and sent, for use in a sentence."""
    try:
        text = str(value)
    except ValueError:  # a whole number of thousands of digits
        text = "a very long number"
    text = text.encode("utf-8", "replace").decode()
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
