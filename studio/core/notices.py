"""What people can be told, as a table: words, who hears it by which way, and what it is on the wire."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    JOB_DONE = "job_done"
    JOB_FAILED = "job_failed"
    JOB_STOPPED = "job_stopped"
    NOTE = "note_written"
    REPLY = "note_replied"
    MENTION = "note_mentioned"
    TASK_DONE = "task_done"
    DECISION = "take_decided"
    APPROVED = "take_approved"
    CHANGES = "take_changes"
    REJECTED = "take_rejected"
    LINK_OPENED = "link_opened"
    GUEST_NOTE = "link_note"
    GUEST_DECIDED = "link_decided"
    GUEST_FINISHED = "link_finished"
    CREDITS = "credits_asked"
    CREDITS_DECIDED = "credits_decided"
    CAP_WARNED = "budget_warned"
    CAP_REACHED = "budget_reached"
    LANE_PAUSED = "lane_paused"
    ENDPOINT_OFF = "webhook_off"
    REPORT = "report_made"
    TEST = "test_sent"

    @property
    def wire(self) -> str:
        """The event's type as receivers of webhooks read it: “note.written”."""
        return self.value.replace("_", ".", 1)


class Channel(StrEnum):
    PAGE = "page"
    BROWSER = "browser"
    MAIL = "mail"
    WEBHOOK = "webhook"
    SLACK = "slack"


CHANNELS: Mapping[Channel, str] = {
    Channel.PAGE: "In Dailies",
    Channel.BROWSER: "Browser",
    Channel.MAIL: "Mail",
    Channel.WEBHOOK: "Webhook",
    Channel.SLACK: "Slack",
}

QUIETLY = frozenset({Channel.PAGE})
ALOUD = frozenset({Channel.PAGE, Channel.BROWSER, Channel.WEBHOOK, Channel.SLACK})
EVERYWHERE = frozenset(Channel)


@dataclass(frozen=True, kw_only=True)
class Spec:
    """One kind of event: `label` as a person's settings have it, `of_team` as those of the team do.

    `says` is told beside its subject. `channels` are the ways by which a person who changed nothing
    hears of it. What is for `admins` is told to nobody else.
    """

    label: str
    of_team: str
    says: str
    icon: str
    channels: frozenset[Channel]
    admins: bool = False


SPECS: Mapping[Kind, Spec] = {
    Kind.JOB_DONE: Spec(
        label="A job of mine is done", of_team="A job is done",
        says="Done", icon="check", channels=ALOUD,
    ),
    Kind.JOB_FAILED: Spec(
        label="A job of mine failed", of_team="A job failed",
        says="Failed", icon="alert", channels=EVERYWHERE,
    ),
    Kind.JOB_STOPPED: Spec(
        label="A job needs a decision", of_team="A job needs a decision",
        says="Needs a decision", icon="question", channels=EVERYWHERE,
    ),
    Kind.NOTE: Spec(
        label="A note on my clip", of_team="A note on a clip",
        says="{who} wrote a note", icon="reply", channels=EVERYWHERE,
    ),
    Kind.REPLY: Spec(
        label="A reply where I wrote", of_team="A reply to a note",
        says="{who} replied", icon="reply", channels=EVERYWHERE,
    ),
    Kind.MENTION: Spec(
        label="Somebody mentions me", of_team="Somebody is mentioned",
        says="{who} mentioned {whom}", icon="user", channels=EVERYWHERE,
    ),
    Kind.TASK_DONE: Spec(
        label="What I asked for is done", of_team="A task is done",
        says="{who} did what was asked", icon="check", channels=QUIETLY,
    ),
    Kind.DECISION: Spec(
        label="Somebody decides on my take", of_team="Somebody decides on a take",
        says="{who} said: {verdict}", icon="eye", channels=QUIETLY,
    ),
    Kind.APPROVED: Spec(
        label="My take is approved", of_team="A take is approved",
        says="Take {take} is approved", icon="check", channels=EVERYWHERE,
    ),
    Kind.CHANGES: Spec(
        label="My take needs changes", of_team="A take needs changes",
        says="Take {take} needs changes", icon="undo", channels=EVERYWHERE,
    ),
    Kind.REJECTED: Spec(
        label="My take is rejected", of_team="A take is rejected",
        says="Take {take} is rejected", icon="x", channels=EVERYWHERE,
    ),
    Kind.LINK_OPENED: Spec(
        label="A link of mine is opened first", of_team="A link is opened first",
        says="{who} opened the link", icon="link", channels=QUIETLY,
    ),
    Kind.GUEST_NOTE: Spec(
        label="A client writes a note", of_team="A client writes a note",
        says="{who} wrote a note", icon="reply", channels=EVERYWHERE,
    ),
    Kind.GUEST_DECIDED: Spec(
        label="A client decides", of_team="A client decides",
        says="{who} said: {verdict}", icon="eye", channels=ALOUD,
    ),
    Kind.GUEST_FINISHED: Spec(
        label="A client has finished", of_team="A client has finished",
        says="{who} has finished the review", icon="check", channels=EVERYWHERE,
    ),
    Kind.CREDITS: Spec(
        label="Somebody asks for credits", of_team="Somebody asks for credits",
        says="{who} asks for credits", icon="coin", channels=EVERYWHERE, admins=True,
    ),
    Kind.CREDITS_DECIDED: Spec(
        label="What I asked for is decided", of_team="What was asked for is decided",
        says="{who} {verdict}", icon="coin", channels=EVERYWHERE,
    ),
    Kind.CAP_WARNED: Spec(
        label="A budget is nearly used", of_team="A budget is nearly used",
        says="{percent} % are used", icon="alert", channels=EVERYWHERE,
    ),
    Kind.CAP_REACHED: Spec(
        label="A budget is used up", of_team="A budget is used up",
        says="Used up", icon="coin", channels=EVERYWHERE,
    ),
    Kind.LANE_PAUSED: Spec(
        label="A provider is paused", of_team="A provider is paused",
        says="Paused until an admin acts", icon="pause", channels=EVERYWHERE, admins=True,
    ),
    Kind.ENDPOINT_OFF: Spec(
        label="A webhook is turned off", of_team="A webhook is turned off",
        says="Turned off", icon="alert", channels=frozenset({Channel.PAGE, Channel.MAIL}),
    ),
    Kind.REPORT: Spec(
        label="A cost report that I asked for", of_team="A cost report is made",
        says="Costs of {days}", icon="costs", channels=frozenset({Channel.PAGE, Channel.MAIL}),
    ),
    Kind.TEST: Spec(
        label="A test", of_team="A test",
        says="This is a test from Dailies", icon="send", channels=frozenset(),
    ),
}  # fmt: skip

# What one can choose to hear of; a test comes because somebody pressed its button.
OFFERED = tuple(kind for kind in Kind if kind != Kind.TEST)


def sentence(kind: str, facts: Mapping[str, Any]) -> str:
    """What is told of it, without its subject: “Ben wrote a note”."""
    return SPECS[Kind(kind)].says.format_map(defaultdict(str, facts))
