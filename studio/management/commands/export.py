"""`manage.py export`: the takes of a project as a timeline for editors, or as a ZIP of files."""

import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser

from studio import permissions
from studio.core.errors import InvalidDownload, InvalidOrder, StudioError
from studio.core.words import listed
from studio.management import arguments, folder, ordering
from studio.models import Clip, Member, Project
from studio.reports.downloads import plans
from studio.reports.downloads.choice import Sort, Wanted, Which
from studio.reports.downloads.formats import Format, text_of
from studio.reports.downloads.plans import Packing
from studio.services import setup

NOT_MADE = 1
BAD_INPUT = 2


class Command(BaseCommand):
    help = (
        "Write the takes of a project as a timeline or, with --zip, as an archive of files with a "
        "manifest. Exit 2 for bad input."
    )

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Wrong arguments get one sentence, as wrong values do."""
        parser = super().create_parser(prog_name, subcommand, allow_abbrev=False, **kwargs)
        parser.error = self.refuse  # type: ignore[method-assign,assignment]
        return parser

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--project", metavar="NAME", help="The first one, if none is given.")
        parser.add_argument("--as", dest="email", metavar="EMAIL", help="The first admin, if none.")
        parser.add_argument("--format", help=f"{listed([*Format], 'or')}; otio, if none is given.")
        parser.add_argument(
            "--zip", action="store_true", help="Files; with --format also a timeline."
        )
        parser.add_argument("--approved", action="store_true", help="Only approved takes.")
        parser.add_argument(
            "--all", action="store_true", help="Every take of each clip; for --zip."
        )
        parser.add_argument("--clean", action="store_true", help="Without our metadata; for --zip.")
        parser.add_argument("--posters", action="store_true", help="Also posters; for --zip.")
        parser.add_argument("--order", default=Sort.CREATED, help=f"{listed([*Sort], 'or')}.")
        parser.add_argument("-o", "--output", metavar="FILE", help="Where it is written to.")
        parser.add_argument("--data", metavar="FOLDER", help="The data folder.")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            target = self.target(options)
            member, project = self.whose(options)
            write = self.write_archive if options["zip"] else self.write_timeline
            count = write(member, project, target, options)
        except (InvalidDownload, InvalidOrder, ValueError) as error:
            self.refuse(" ".join(_sentences(error)))
        except (StudioError, OSError) as error:
            self.stderr.write(f"{target} could not be written: {error}")
            sys.exit(NOT_MADE)
        self.stdout.write(f"{target}: {count} take{'s' if count > 1 else ''}.")

    def whose(self, options: dict[str, Any]) -> tuple[Member, Project]:
        """Raises InvalidOrder for a person or project that there is not."""
        if not folder.has_a_studio():
            raise ValueError("There is no studio in this data folder; manage.py up makes one.")
        first = setup.first_admin()
        if options["email"] or not first:
            first = ordering.member_of(options["email"] or "")
        permissions.require(permissions.can_download(first), "download files")
        return first, ordering.project_of(first, options["project"])

    def target(self, options: dict[str, Any]) -> Path:
        """Raises ValueError with what has to be said."""
        only_zip = [name for name in ("all", "clean", "posters") if options[name]]
        if only_zip and not options["zip"]:
            raise ValueError(f"--{only_zip[0]} is about files: add --zip.")
        if options["all"] and options["approved"]:
            raise ValueError("--all and --approved are two choices: give one of them.")
        _one_of("--format", options["format"] or Format.OTIO, [*Format])
        _one_of("--order", options["order"], [*Sort])
        if not options["output"]:
            raise ValueError("-o is needed: the file to write, like cut.otio.")
        target = Path(options["output"])
        if target.is_dir() or not target.parent.is_dir():
            raise ValueError(f"-o must be a file in a folder that is there, not “{target}”.")
        return target

    def write_timeline(
        self, member: Member, project: Project, target: Path, options: dict[str, Any]
    ) -> int:
        wanted = _wanted(project, options, one_each=True)
        cut = plans.cut_of(member.team, wanted, name=project.name)
        text = text_of(cut, Format(options["format"] or Format.OTIO))
        target.write_text(text, encoding="utf-8", newline="")
        return len(cut.shots)

    def write_archive(
        self, member: Member, project: Project, target: Path, options: dict[str, Any]
    ) -> int:
        """Half an archive never has the name of a whole one."""
        packing = Packing(
            clean=options["clean"], posters=options["posters"],
            timeline=Format(options["format"]) if options["format"] else None,
            costs=permissions.can_see_costs(member),
        )  # fmt: skip
        wanted = _wanted(project, options)
        archive = plans.packed(member.team, wanted, packing, name=project.name)
        try:
            with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as part:
                part.writelines(archive)
            Path(part.name).chmod(0o644)
            Path(part.name).replace(target)
        finally:
            archive.close()
        self.tell_missing([item.name for item in archive.items if item.missing])
        return len(archive.items)

    def tell_missing(self, names: list[str]) -> None:
        for name in names:
            self.stderr.write(f"Missing: {name}; the manifest says why.")

    def refuse(self, sentence: str) -> NoReturn:
        self.stderr.write(sentence)
        sys.exit(BAD_INPUT)


def _sentences(error: Exception) -> list[str]:
    return arguments.sentences(error) if isinstance(error, StudioError) else [str(error)]


def _one_of(flag: str, word: str, words: list[str]) -> None:
    if word not in words:
        raise ValueError(f"{flag} must be {listed(words, 'or')}, not “{word[:40]}”.")


def _wanted(project: Project, options: dict[str, Any], *, one_each: bool = False) -> Wanted:
    clips = Clip.objects.shown().filter(project=project).order_by("pk")
    which = Which.APPROVED if options["approved"] else Which.ALL if options["all"] else Which.BEST
    return Wanted(
        clips=tuple(clips.values_list("pk", flat=True)), which=which, sort=Sort(options["order"]),
        one_each=one_each,
    )  # fmt: skip
