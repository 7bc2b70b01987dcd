"""Rows, constraints, querysets and transitions."""

from studio.models.accounts import StoredAccount
from studio.models.assets import Asset, AssetKind
from studio.models.clips import Clip, Stream, Take
from studio.models.jobs import Attempt, Job, JobEvent
from studio.models.lanes import Lane
from studio.models.ledger import Budget, EntryKind, LedgerEntry
from studio.models.prices import Per, PriceVersion, Rate
from studio.models.projects import Project
from studio.models.teams import Invitation, Member, Role, SignInLink, Team, User

__all__ = [
    "Asset",
    "AssetKind",
    "Attempt",
    "Budget",
    "Clip",
    "EntryKind",
    "Invitation",
    "Job",
    "JobEvent",
    "Lane",
    "LedgerEntry",
    "Member",
    "Per",
    "PriceVersion",
    "Project",
    "Rate",
    "Role",
    "SignInLink",
    "StoredAccount",
    "Stream",
    "Take",
    "Team",
    "User",
]
