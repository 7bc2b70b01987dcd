"""Rows, constraints, querysets and transitions."""

from studio.models.accounts import StoredAccount
from studio.models.assets import Asset, AssetKind
from studio.models.bill_lines import BillLine, Difference, MatchedBy
from studio.models.bills import Bill
from studio.models.boards import Board, Favorite, Placement, SavedView, Tag
from studio.models.caps import Cap, CapHold, CapPeriod, CapRequest, Every
from studio.models.chains import Chain
from studio.models.clips import Clip, Stream, Take
from studio.models.deliveries import Delivery, Endpoint
from studio.models.drafts import StoredDraft
from studio.models.electorate import Electorate
from studio.models.events import Event
from studio.models.jobs import Attempt, Job
from studio.models.lanes import Lane
from studio.models.ledger import Budget, ClosedMonth, ClosedName, EntryKind, LedgerEntry, Named
from studio.models.notices import Notice, NoticeSettings
from studio.models.presets import Preset, PresetKind
from studio.models.prices import Per, PriceVersion, Rate
from studio.models.projects import Project
from studio.models.prompts import Prompt, Template, TemplateVersion, WordList
from studio.models.review import Decision, Mention, Note
from studio.models.schedules import ReportSchedule
from studio.models.search import SearchText
from studio.models.shares import Guest, Share, ShareClip, ShareKind, ShareState, Visit
from studio.models.teams import Invitation, Member, Role, SignInLink, Team, User
from studio.models.totals import DailyTime, DailyTotal, Day

__all__ = [
    "Asset",
    "AssetKind",
    "Attempt",
    "Bill",
    "BillLine",
    "Board",
    "Budget",
    "Cap",
    "CapHold",
    "CapPeriod",
    "CapRequest",
    "Chain",
    "Clip",
    "ClosedMonth",
    "ClosedName",
    "DailyTime",
    "DailyTotal",
    "Day",
    "Decision",
    "Delivery",
    "Difference",
    "Electorate",
    "Endpoint",
    "EntryKind",
    "Event",
    "Every",
    "Favorite",
    "Guest",
    "Invitation",
    "Job",
    "Lane",
    "LedgerEntry",
    "MatchedBy",
    "Member",
    "Mention",
    "Named",
    "Note",
    "Notice",
    "NoticeSettings",
    "Per",
    "Placement",
    "Preset",
    "PresetKind",
    "PriceVersion",
    "Project",
    "Prompt",
    "Rate",
    "ReportSchedule",
    "Role",
    "SavedView",
    "SearchText",
    "Share",
    "ShareClip",
    "ShareKind",
    "ShareState",
    "SignInLink",
    "StoredAccount",
    "StoredDraft",
    "Stream",
    "Tag",
    "Take",
    "Team",
    "Template",
    "TemplateVersion",
    "User",
    "Visit",
    "WordList",
]
