"""What stands in braces: `{{name}}` to fill in, and every `{…}` that must stay as it is.

A backslash before a brace makes it the sign itself.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

LONGEST_NAME = 40
MOST = 20

_NAMED = re.compile(r"(?<!\\)\{\{([^{}|\\]*)\}\}")


def names(text: str) -> tuple[str, ...]:
    """The names in `{{…}}`, each once, in the order in which they appear."""
    return tuple(dict.fromkeys(name for found in _NAMED.findall(text) if (name := found.strip())))


def problem(text: str) -> str:
    """One sentence that says why these placeholders cannot be filled, or ""."""
    found = names(text)
    if any(not name.strip() for name in _NAMED.findall(text)):
        return "A placeholder {{}} has no name; write one like {{weather}}."
    if long := next((name for name in found if len(name) > LONGEST_NAME), ""):
        return (
            f"The placeholder “{long[:LONGEST_NAME]}…” is too long; "
            f"a name may have at most {LONGEST_NAME} characters."
        )
    if len(found) > MOST:
        return f"A template may have at most {MOST} placeholders, not {len(found)}."
    return ""


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with the value of each name in its places; a name without one stays."""
    return _NAMED.sub(lambda found: values.get(found[1].strip(), found[0]), text)


def groups(text: str) -> Counter[str]:
    """Each outermost `{…}` with all that is in it, and each brace without a partner."""
    return Counter(_groups(text))


def _groups(text: str) -> Iterator[str]:
    depth = start = 0
    for found in re.finditer(r"\\[{}|]|[{}]", text):
        if len(found[0]) == 2 or (found[0] == "}" and not depth):
            if not depth:
                yield found[0]
            continue
        if found[0] == "{":
            start = start if depth else found.start()
            depth += 1
        else:
            depth -= 1
            if not depth:
                yield text[start : found.end()]
    if depth:
        yield text[start:]
