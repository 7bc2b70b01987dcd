"""Rows, constraints, querysets and transitions."""

from studio.models.accounts import StoredAccount
from studio.models.assets import Asset, AssetKind
from studio.models.chains import Chain
from studio.models.clips import Clip, Stream, Take
from studio.models.drafts import StoredDraft
from studio.models.jobs import Attempt, Job, JobEvent
from studio.models.lanes import Lane
from studio.models.ledger import Budget, EntryKind, LedgerEntry
from studio.models.presets import Preset, PresetKind
from studio.models.prices import Per, PriceVersion, Rate
from studio.models.projects import Project
from studio.models.prompts import Prompt, Template, TemplateVersion, WordList
from studio.models.teams import Invitation, Member, Role, SignInLink, Team, User

__all__ = [
    "Asset",
    "AssetKind",
    "Attempt",
    "Budget",
    "Chain",
    "Clip",
    "EntryKind",
    "Invitation",
    "Job",
    "JobEvent",
    "Lane",
    "LedgerEntry",
    "Member",
    "Per",
    "Preset",
    "PresetKind",
    "PriceVersion",
    "Project",
    "Prompt",
    "Rate",
    "Role",
    "SignInLink",
    "StoredAccount",
    "StoredDraft",
    "Stream",
    "Take",
    "Team",
    "Template",
    "TemplateVersion",
    "User",
    "WordList",
]
