"""What a person types is kept while they type: one draft for each project."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from studio import permissions
from studio.core.errors import DraftChanged, InvalidOrder, Problem
from studio.models import Member, Project, StoredDraft
from studio.models.jobs import storable

MOST_CHARACTERS = 500_000

Fields = Mapping[str, Sequence[str]]


def of(member: Member, project: Project) -> StoredDraft | None:
    return StoredDraft.objects.filter(member=member, project=project).first()


def keep(
    member: Member, project: Project, fields: Fields, *, rev: int, over: bool = False
) -> StoredDraft:
    """Keep these fields in place of the draft that has the revision `rev` (0: there is none yet).

    If it has another one by now, another window changed it: DraftChanged, unless it may be written
    `over`, and nothing is lost on either side. The same fields again change nothing. Raises
    InvalidOrder for more than 500,000 characters.
    """
    permissions.require(permissions.can_order(member), "write prompts")
    permissions.require(project.team_id == member.team_id, "write in another team's project")
    _require_size(fields)
    fields = storable({name: list(texts) for name, texts in fields.items()})
    with transaction.atomic():
        draft, is_new = StoredDraft.objects.select_for_update().get_or_create(
            member=member, project=project, defaults={"fields": fields, "rev": 1}
        )
        if is_new or draft.fields == fields:
            return draft
        if draft.rev != rev and not over:
            raise DraftChanged("This draft was changed in another window.")
        _write(draft, fields)
    return draft


def _write(draft: StoredDraft, fields: Fields) -> None:
    StoredDraft.objects.filter(pk=draft.pk).update(
        fields=fields, rev=F("rev") + 1, changed_at=timezone.now()
    )
    draft.refresh_from_db()


def _require_size(fields: Fields) -> None:
    size = sum(len(name) + sum(map(len, texts)) for name, texts in fields.items())
    if size > MOST_CHARACTERS:
        sentence = f"A draft may have {MOST_CHARACTERS:,} characters in all, not {size:,}."
        raise InvalidOrder([Problem("prompt", sentence)])
