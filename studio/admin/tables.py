"""Which tables are shown, with which columns, filters and searches; and which are not, and why."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import models

from studio import models as rows
from studio.admin.filters import ByBookedDay, ByDate, ByDay, ByKind, ByTeam, Filters
from studio.admin.finding import Finds

SECRETS = ("password", "digest", "token", "secret", "former_secret", "url")


@dataclass(frozen=True, kw_only=True)
class Rows:
    """The columns of the list; what it can be narrowed to besides the team; what a search finds
    besides the key.
    """

    columns: tuple[str, ...]
    by: Filters = ()
    finds: Finds = field(default_factory=dict)

    def options(self, model: type[models.Model]) -> dict[str, Any]:
        """What Django's ModelAdmin calls all this."""
        owners = {one.name: one.related_model for one in model._meta.fields if one.many_to_one}
        shown = [column for column in self.columns if column in owners]
        # A member is called as its user is.
        joins = tuple(f"{one}__user" if owners[one] is rows.Member else one for one in shown)
        pk = str if isinstance(model._meta.pk, models.CharField) else int
        finds = {"pk": pk, **self.finds}
        by = (*((ByTeam,) if "team" in owners else ()), *self.by)
        # A tag or a board can have every clip there is.
        of_clips = [one.name for one in model._meta.many_to_many if one.related_model is rows.Clip]
        return {
            "list_display": self.columns, "list_select_related": joins or False, "finds": finds,
            "list_filter": by, "by": by, "exclude": (*SECRETS, *of_clips),
            "search_fields": tuple(finds), "search_help_text": f"Finds exactly: {_said(finds)}.",
        }  # fmt: skip


def _said(finds: Finds) -> str:
    return ", ".join(name.removesuffix("__icontains").replace("__", " ") for name in finds)


NAMED: Finds = {"name__icontains": str}
OF_JOB: Finds = {"job": int, "job__attempts__remote_id": str, "job__attempts__reference": str}
OF_CLIP: Finds = {"clip": int}

SHOWN: dict[type[models.Model], Rows] = {
    rows.Team: Rows(columns=("pk", "name", "created_at"), finds=NAMED),
    rows.User: Rows(
        columns=("pk", "email", "name", "is_active", "last_login"),
        finds={**NAMED, "email__icontains": str},
    ),
    rows.Member: Rows(
        columns=("pk", "team", "user", "role", "is_active"), finds={"user__email": str}
    ),
    rows.Invitation: Rows(columns=("pk", "team", "role", "email", "expires_at", "used_at")),
    rows.SignInLink: Rows(columns=("pk", "user", "created_at", "expires_at", "used_at")),
    rows.Project: Rows(columns=("pk", "team", "name", "created_at"), finds=NAMED),
    rows.Clip: Rows(
        columns=("pk", "team", "project", "title", "state", "rev"),
        finds={"jobs": int, "jobs__attempts__remote_id": str},
    ),
    rows.Job: Rows(
        columns=("pk", "team", "provider", "status", "quoted", "charged", "created_at"),
        finds={**OF_CLIP, "attempts__remote_id": str, "attempts__reference": str},
    ),
    rows.Attempt: Rows(
        columns=("pk", "job_id", "reference", "remote_id", "outcome", "created_at"),
        finds={"job": int, "reference": str, "remote_id": str},
    ),
    rows.Event: Rows(
        columns=("pk", "clip_id", "job_id", "status", "note", "at"), finds={"job": int, **OF_CLIP}
    ),
    rows.Take: Rows(
        columns=("pk", "clip", "number", "review", "stars"), finds={"job": int, **OF_CLIP}
    ),
    rows.Stream: Rows(columns=("pk", "take_id", "name"), finds={"take": int}),
    rows.Note: Rows(
        columns=("pk", "clip_id", "take_id", "frame", "created_at", "resolved_at", "removed_at"),
        finds={**OF_CLIP, "take": int},
    ),
    rows.Mention: Rows(columns=("pk", "note_id", "member", "done_at"), finds={"note": int}),
    rows.Decision: Rows(
        columns=("pk", "take_id", "member", "verdict", "decided_at"), finds={"take": int}
    ),
    rows.Board: Rows(columns=("pk", "team", "project", "name", "is_auto"), finds=NAMED),
    rows.Tag: Rows(columns=("pk", "team", "name"), finds=NAMED),
    rows.SavedView: Rows(columns=("pk", "team", "project", "name", "query", "is_private")),
    rows.Share: Rows(
        columns=("pk", "team", "project", "kind", "name", "views", "created_at", "revoked_at")
    ),
    rows.Guest: Rows(columns=("pk", "share_id", "name", "created_at"), finds={"share": int}),
    rows.Visit: Rows(columns=("pk", "share_id", "guest_id", "at"), finds={"share": int}),
    rows.Notice: Rows(
        columns=("pk", "team", "member", "kind", "cause", "created_at", "read_at"),
        finds={"member": int},
    ),
    rows.NoticeSettings: Rows(columns=("pk", "member", "digest", "time_zone")),
    rows.Endpoint: Rows(columns=("pk", "team", "member", "name", "format", "is_on", "off_because")),
    rows.Delivery: Rows(
        columns=("pk", "notice_id", "endpoint", "status", "tries", "next_at", "code"),
        finds={"notice": int, "endpoint": int, "message_id": str},
    ),
    rows.Asset: Rows(columns=("pk", "team", "kind", "size"), finds={"take": int}),
    rows.Lane: Rows(columns=("provider", "slots", "paused_for")),
    rows.Prompt: Rows(columns=("pk", "project", "author", "times", "used_at")),
    rows.Template: Rows(columns=("pk", "team", "author", "name", "is_private"), finds=NAMED),
    rows.TemplateVersion: Rows(columns=("pk", "template", "number", "created_at")),
    rows.WordList: Rows(columns=("pk", "team", "name", "changed_at"), finds=NAMED),
    rows.Preset: Rows(columns=("pk", "team", "kind", "name")),
    rows.Chain: Rows(columns=("pk", "team", "problem", "created_at")),
    # Money
    rows.Budget: Rows(columns=("pk", "team", "granted", "available", "held", "spent", "entries")),
    rows.LedgerEntry: Rows(
        columns=("pk", "team", "number", "day", "kind", "job_id", "available", "held", "spent",
                 "native", "unit", "cause"),
        by=(ByBookedDay, ByKind), finds={**OF_JOB, "number": int, "day": date},
    ),
    rows.ClosedMonth: Rows(
        columns=("pk", "team", "month", "granted", "held", "spent", "entries", "closed_at"),
        finds={"month": date},
    ),
    rows.ClosedName: Rows(
        columns=("pk", "month_id", "kind", "key", "name"), finds={"month_id": int}
    ),
    rows.PriceVersion: Rows(
        columns=("pk", "team", "provider", "model", "conditions", "per", "amount", "unit",
                 "valid_from", "valid_until", "source"),
        finds={"provider": str},
    ),
    rows.Rate: Rows(
        columns=("pk", "team", "unit", "price", "valid_from", "source"), finds={"unit": str}
    ),
    rows.Cap: Rows(
        columns=("pk", "team", "project", "member", "provider", "every", "amount", "removed_at"),
        finds={"project": int, "member": int},
    ),
    rows.CapPeriod: Rows(
        columns=("pk", "cap_id", "starts_on", "used", "limit", "extra", "warned_at", "reached_at"),
        finds={"cap": int},
    ),
    rows.CapHold: Rows(columns=("pk", "period_id", "job_id", "amount"),
                       finds={**OF_JOB, "period": int}),
    rows.CapRequest: Rows(
        columns=("pk", "cap_id", "member", "amount", "granted", "asked_at", "decided_at"),
        finds={"cap": int, "member": int},
    ),
    rows.Day: Rows(columns=("pk", "team", "date", "stale"), by=(ByDate,), finds={"date": date}),
    rows.DailyTotal: Rows(
        columns=("pk", "team", "day", "project", "author_id", "provider", "model", "outcome",
                 "spent", "jobs", "takes"),
        by=(ByDay,), finds={"day": date, "project": int},
    ),
    rows.DailyTime: Rows(
        columns=("pk", "team", "day", "provider", "bucket", "jobs"), by=(ByDay,),
        finds={"day": date},
    ),
    rows.Bill: Rows(
        columns=("pk", "team", "provider", "name", "starts_on", "ends_on", "uploaded_at")
    ),
    rows.BillLine: Rows(
        columns=("pk", "bill_id", "row", "reference", "remote_id", "native", "unit", "job_id",
                 "expected", "difference"),
        finds={"bill": int, **OF_JOB},
    ),
    rows.ReportSchedule: Rows(
        columns=("pk", "team", "member", "name", "rhythm", "next_at", "sent_at")
    ),
}  # fmt: skip

LEFT_OUT: dict[type[models.Model], str] = {
    rows.StoredAccount: "It is made of keys; the page of providers shows all that may be seen.",
    rows.StoredDraft: "What somebody is still typing is theirs alone.",
    rows.SearchText: "An index of other rows, which every database keeps in its own form.",
    rows.Placement: "A pair of keys: its board shows what lies on it.",
    rows.Favorite: "A pair of keys, and nobody's business but the member's.",
    rows.ShareClip: "A pair of keys: its share shows what is in it.",
}
