"""A message as Slack's incoming webhooks take it: {"text", "blocks"}, in their “mrkdwn”.

https://docs.slack.dev/messaging/formatting-message-text, read in November 2026: &, < and > must be
written as entities, and with `verbatim` no name in the text is looked up, so nobody is called.
"""

import re
from typing import Any

ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
MASS = re.compile(r"@(?=channel|here|everyone|group)", re.I)
APART = "@\u2060"  # a joiner of no width: reads the same, and is no name any more
LONGEST, LONGEST_TEXT = 120, 300  # a section takes 3,000 characters, of which an entity is five


def escape(text: str) -> str:
    """Text that means nothing but itself."""
    calm = MASS.sub(APART, text)
    return "".join(ENTITIES.get(letter, letter) for letter in calm)


def message(*, subject: str, said: str, text: str = "", url: str = "") -> dict[str, Any]:
    """`url` is of our own making; everything else may have been written by anybody."""
    subject, said, text = subject[:LONGEST], said[:LONGEST], text[:LONGEST_TEXT]
    title = f"<{url}|{_label(subject)}>" if url else f"*{escape(subject)}*"
    quoted = [f">{line}" for line in escape(text).splitlines() if line.strip()]
    told = "\n".join([f"{title}: {escape(said)}", *quoted])
    section = {"type": "mrkdwn", "text": told, "verbatim": True}
    plain = f"{escape(subject)}: {escape(said)}"
    return {"text": plain, "blocks": [{"type": "section", "text": section}]}


def _label(subject: str) -> str:
    """Within a link a bar would end its address."""
    return escape(subject).replace("|", "¦") or "Dailies"
