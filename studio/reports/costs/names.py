"""What costs are told by, and how each project, person or provider among them is called."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q

from studio.core.outcome import LABELS
from studio.models import Member, Project, Tag, Team, Template
from studio.providers.registry import all_providers

Labels = Mapping[str, str]  # by the key as an address says it


@dataclass(frozen=True)
class Names:
    """The names that a member knows of the team's rows, each list asked for once."""

    member: Member

    @property
    def team(self) -> Team:
        return self.member.team

    @cached_property
    def projects(self) -> Labels:
        rows = Project.objects.filter(team=self.team).order_by("name", "pk")
        return {str(pk): name for pk, name in rows.values_list("pk", "name")}

    @cached_property
    def people(self) -> Mapping[str, Member]:
        """Also those who left: what they spent is spent."""
        rows = Member.objects.filter(team=self.team).select_related("user")
        return {str(row.pk): row for row in rows.order_by("user__name", "pk")}

    @cached_property
    def person_names(self) -> Labels:
        return {key: str(member) for key, member in self.people.items()}

    @cached_property
    def templates(self) -> Labels:
        """Also removed ones; a private one of another person keeps its name to itself."""
        rows = Template.objects.filter(team=self.team).order_by("name", "pk")
        named = rows.values_list("pk", "name", "is_private", "author")
        return {
            str(pk): "A private template" if hidden and author != self.member.pk else name
            for pk, name, hidden, author in named
        }

    @cached_property
    def tags(self) -> Labels:
        rows = Tag.objects.filter(team=self.team).order_by("name", "pk")
        return {str(pk): name for pk, name in rows.values_list("pk", "name")}

    @cached_property
    def providers(self) -> Labels:
        return {slug: provider.label for slug, provider in all_providers().items()}

    @cached_property
    def models(self) -> Labels:
        return {
            able.model: able.label
            for provider in all_providers().values()
            for able in provider.capabilities
        }


@dataclass(frozen=True, kw_only=True)
class Field:
    """Something that costs can be told by. `column` is that of DailyTotal.

    `none` is what a row is called that has no such thing; `names` those that there are.
    """

    word: str
    plural: str
    column: str
    none: str
    names: Callable[[Names], Labels]

    def called(self, names: Names, key: str) -> str:
        return self.names(names).get(key, key) if key else self.none

    def is_called(self, key: str) -> Q:
        """The rows with this key; of a tag, those that have it among others."""
        if self.column != "tags":
            return Q(**{self.column: key})
        return Q(tags=key) | Q(tags__startswith=f"{key},") | (
            Q(tags__endswith=f",{key}") | Q(tags__contains=f",{key},")
        )  # fmt: skip

    def keys(self, value: str | int | None) -> list[str]:
        """The keys under which a row counts: each of its tags, else the one that it has."""
        text = "" if value is None else str(value)
        return text.split(",") if self.column == "tags" else [text]


FIELDS: Mapping[str, Field] = {
    "project": Field(
        word="Project", plural="projects", column="project_id", none="Without a project",
        names=lambda names: names.projects,
    ),
    "person": Field(
        word="Person", plural="people", column="author_id", none="Nobody",
        names=lambda names: names.person_names,
    ),
    "provider": Field(
        word="Provider", plural="providers", column="provider", none="Without a provider",
        names=lambda names: names.providers,
    ),
    "model": Field(
        word="Model", plural="models", column="model", none="Without a model",
        names=lambda names: names.models,
    ),
    "template": Field(
        word="Template", plural="templates", column="template_id", none="Without a template",
        names=lambda names: names.templates,
    ),
    "tag": Field(
        word="Tag", plural="tags", column="tags", none="Without a tag",
        names=lambda names: names.tags,
    ),
    "decision": Field(
        word="Decision", plural="decisions", column="outcome", none="Without a decision",
        names=lambda _: {str(outcome): label for outcome, label in LABELS.items()},
    ),
}  # fmt: skip
