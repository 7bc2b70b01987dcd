"""Whom and what a search names: people, tags, boards, providers and models, by what they are called."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from studio.core.fulltext import Phrase, tokens
from studio.core.search import Term, plain
from studio.models import Board, Member, Project, Tag
from studio.providers.registry import all_providers

MOST_NAMED = 100  # that one word is taken for


@dataclass(frozen=True)
class Names:
    """The names that a member's searches of a project know, each list asked for once."""

    member: Member
    project: Project

    @cached_property
    def people(self) -> list[tuple[int, str, str]]:
        """Also those who left: their clips are there. (pk, name, mail)"""
        everybody = Member.objects.filter(team=self.project.team_id).order_by("pk")
        return list(everybody.values_list("pk", "user__name", "user__email"))

    @cached_property
    def tags(self) -> list[tuple[int, str]]:
        of_team = Tag.objects.filter(team=self.project.team_id).order_by("name", "pk")
        return list(of_team.values_list("pk", "name"))

    @cached_property
    def boards(self) -> list[tuple[int, str]]:
        beside = Board.objects.beside(self.project).order_by("name", "pk")
        return list(beside.values_list("pk", "name"))

    def authors(self, said: str) -> list[int]:
        """Members by the beginning of a name, or of a mail address."""
        if said.casefold() == "me":
            return [self.member.pk]
        if "@" in said:
            begun = said.casefold()
            return [pk for pk, _, mail in self.people if mail.casefold().startswith(begun)]
        sought = tokens(said)
        return [pk for pk, name, mail in self.people if _says(_of_person(name, mail), sought)]

    def tagged(self, said: str) -> list[int]:
        return _called(self.tags, said)

    def placed(self, said: str) -> list[int]:
        return _called(self.boards, said)

    def phrases(self, term: Term) -> list[Phrase]:
        """What words without a field may mean beside what is written."""
        sought, exact = tokens(str(term.value)), term.exact
        people = (
            Phrase.fact("by", pk)
            for pk, name, mail in self.people
            if _says(_of_person(name, mail), sought, exact=exact)
        )
        tags = (
            Phrase.fact("tag", pk)
            for pk, name in self.tags
            if _says(tokens(name), sought, exact=exact)
        )
        engines = (Phrase.fact(*one) for one in _engines(sought, exact=exact))
        return [phrase for found in (people, tags, engines) for phrase in found][:MOST_NAMED]


def providers(said: str) -> list[Phrase]:
    """By slug or label; also one that is gone, by its whole slug."""
    found = {value for kind, value in _engines(tokens(said)) if kind == "provider"}
    return [Phrase.fact("provider", slug) for slug in sorted(found | {said.casefold()})]


def models(said: str) -> list[Phrase]:
    found = {value for kind, value in _engines(tokens(said)) if kind == "model"}
    return [Phrase.fact("model", model) for model in sorted(found | {said.casefold()})]


def _engines(sought: Sequence[str], *, exact: bool = False) -> Iterator[tuple[str, str]]:
    for slug, provider in all_providers().items():
        if _says([*tokens(provider.label), *tokens(slug)], sought, exact=exact):
            yield "provider", slug
        for able in provider.capabilities:
            if _says([*tokens(able.label), *tokens(able.model)], sought, exact=exact):
                yield "model", able.model


def _of_person(name: str, mail: str) -> list[str]:
    return tokens(name) + tokens(mail.partition("@")[0])


def _called(rows: Sequence[tuple[int, str]], said: str) -> list[int]:
    wanted = plain(said).casefold()
    return [pk for pk, name in rows if plain(name).casefold() == wanted]


def _says(name: Sequence[str], sought: Sequence[str], *, exact: bool = False) -> bool:
    """Whether the words stand there one after the other, the last one maybe only begun."""
    *first, last = sought
    for start in range(len(name) - len(first)):
        here = name[start : start + len(sought)]
        whole = here[-1] == last or (not exact and len(last) > 1 and here[-1].startswith(last))
        if whole and list(here[:-1]) == first:
            return True
    return False
