"""Lists of words for the whole team: `{{weather}}` in a prompt is one word of the list “weather”."""

import re
from collections import defaultdict
from collections.abc import Mapping

from django.db import IntegrityError, transaction

from studio import permissions
from studio.core.errors import InvalidWordList, NameTaken
from studio.core.lines import words_in
from studio.core.wildcards import name_of, names_in
from studio.core.words import short, storable
from studio.models import Member, Team, Template, TemplateVersion, WordList

LONGEST_NAME = 40
LONGEST_WORD = 200
MOST_WORDS = 1000
MOST = 200
_SIGNS = re.compile(r"[{}|\\\x00-\x1f\x7f]")


def of_team(team: Team) -> list[WordList]:
    """All lists by name, with who changed them last."""
    return list(WordList.objects.filter(team=team).select_related("author__user").order_by("name"))


def uses(member: Member) -> Mapping[str, list[Template]]:
    """The templates that this member may see, by the lists that their present text names."""
    seen = Template.objects.seen_by(member)
    newest = dict(
        TemplateVersion.objects.filter(template__in=seen)
        .order_by("number")
        .values_list("template", "text")
    )
    found = defaultdict[str, list[Template]](list)
    for template in seen.order_by("name", "pk"):
        for name in names_in(newest.get(template.pk, "")):
            found[name].append(template)
    return found


def save(member: Member, *, name: str, words: str, changed: WordList | None = None) -> WordList:
    """Keep a new list, or what `changed` is called and holds from now on.

    `words` is one on each line, or a single line of them with commas. Raises InvalidWordList,
    NameTaken.
    """
    permissions.require(permissions.can_order(member), "change word lists")
    _require_ours(member, changed)
    values = {"name": named(name), "words": sound(words), "author": member}
    try:
        with transaction.atomic():
            if changed:
                for field, value in values.items():
                    setattr(changed, field, value)
                changed.save()
                return changed
            _require_room(member)
            return WordList.objects.create(team=member.team, **values)
    except IntegrityError as error:
        raise NameTaken(
            f"The team has a list “{values['name']}” already; choose another name."
        ) from error


def _require_ours(member: Member, row: WordList | None) -> None:
    ours = row is None or row.team_id == member.team_id
    permissions.require(ours, "change what belongs to another team")


def _require_room(member: Member) -> None:
    """The team's row is a lock: two people at once do not make one too many."""
    Team.objects.select_for_update(no_key=True).get(pk=member.team_id)
    if WordList.objects.filter(team=member.team_id).count() >= MOST:
        raise InvalidWordList(f"The team has {MOST} lists already; remove one first.")


def remove(member: Member, row: WordList) -> None:
    """Orders that were made with it keep their own prompts."""
    permissions.require(permissions.can_order(member), "change word lists")
    _require_ours(member, row)
    WordList.objects.filter(pk=row.pk).delete()


def named(text: str) -> str:
    """The name as it is written in braces. Raises InvalidWordList."""
    name = name_of(storable(text))
    if not 0 < len(name) <= LONGEST_NAME:
        raise InvalidWordList(f"Name must have 1 to {LONGEST_NAME} characters, not {len(name)}.")
    if wrong := _SIGNS.search(name):
        raise InvalidWordList(
            f"Name can not have “{short(wrong[0])}” in it: it stands between braces."
        )
    return name


def sound(text: str) -> list[str]:
    """The words of the text. Raises InvalidWordList."""
    found = words_in(storable(text))
    if not 0 < len(found) <= MOST_WORDS:
        raise InvalidWordList(
            f"Words must be 1 to {MOST_WORDS:,}, one on each line, not {len(found):,}."
        )
    if long := next((word for word in found if len(word) > LONGEST_WORD), ""):
        raise InvalidWordList(
            f"A word may have at most {LONGEST_WORD} characters, not {len(long):,}: “{short(long)}”."
        )
    return found
