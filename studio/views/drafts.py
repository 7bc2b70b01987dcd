"""A draft: the order that a form holds before it is sent, with its files and its price."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from studio.core.spec import FILES
from studio.forms.batches import Batch
from studio.forms.controls import Group
from studio.forms.orders import OrderForm
from studio.forms.sections import MIDDLE, OUTPUT, SHOT
from studio.ledger import Rooms
from studio.models import Clip, Job, Member, Take, Team, TemplateVersion
from studio.models.presets import PresetKind
from studio.reports import lineage
from studio.services import improve
from studio.services.batches import Origin, Wanted
from studio.views.asking import Asking, asking_of
from studio.views.choices import Choice, choices
from studio.views.entries import BakeOff
from studio.views.fixes import Fix
from studio.views.offers import Note, Offer, notes_on, offers_of, summed
from studio.views.ratios import Ratios
from studio.views.rough import Rough, rough_of
from studio.views.shelves import Shelf, shelf_of
from studio.views.slots import Files, files_of

COMPOSE, DIRECTOR = "compose", "director"
SLOT_LOOKS = {COMPOSE: "small", DIRECTOR: "large"}


def new_key() -> str:
    """Names a form, so that it counts once however often it is sent."""
    return secrets.token_hex(16)


@dataclass(kw_only=True)
class Draft:
    """Everything that the compose bar and the director show of an order.

    `dock` says where it stands. `unknown` is the sentence about a model that there is not;
    `redrawn` says that another model was chosen since the form was drawn: it is to be looked at
    before it is sent. `kept` is what the other models knew (see `forms.kept`), `rev`
    the revision of the stored draft that this one began with, `is_fresh` says that it is just that one
    or an empty one, and `rehearsed` the last rehearsal of
    this form. `made_from` is the template that it began with, `said` what there is to say about
    what was just put into it, `fixes` the note that it is to satisfy, `told` what could not be taken over from a take or a file.
    """

    form: OrderForm
    files: Files
    member: Member
    budgets: Rooms
    project: int
    dock: str = COMPOSE
    replaces: Job | None = None
    repeats: Job | None = None
    continues: Take | None = None
    frame: int | None = None
    bakeoff: BakeOff | None = None
    rehearsed: Job | None = None
    made_from: TemplateVersion | None = None
    fixes: Fix | None = None
    said: str = ""
    key: str = field(default_factory=new_key)
    kept: str = ""
    rev: int = 0
    is_fresh: bool = False
    unknown: str = ""
    redrawn: bool = False
    may_price: bool = False
    told: Sequence[str] = ()

    @property
    def template(self) -> str:
        return f"{self.dock}/_dock.html"

    @property
    def team(self) -> Team:
        return self.member.team

    @cached_property
    def moves(self) -> Shelf:
        """The camera moves that the team keeps."""
        return shelf_of(self.member, PresetKind.CAMERA)

    @cached_property
    def texts(self) -> Shelf:
        """What the team keeps of texts to leave out."""
        return shelf_of(self.member, PresetKind.LEAVE_OUT)

    @cached_property
    def models(self) -> Sequence[Choice]:
        """Each model with what this order would cost there."""
        batch = self.batch
        return choices(
            self.team, self.budgets, batch.kinds, now=self.form.capability, each=batch.each
        )

    @property
    def batch(self) -> Batch:
        """All that it would order, as far as it can be read."""
        return self.form.batch

    @property
    def model(self) -> Choice:
        return next(choice for choice in self.models if choice.now)

    @cached_property
    def offer(self) -> Offer:
        """For everything that it would order, at whichever models."""
        if not self.batch.varies_model:
            return self.model.offer
        orders = [variant.order for variant in self.batch.variants]
        return summed(offers_of(self.team, orders, self.budgets))

    @cached_property
    def asking(self) -> Asking:
        """Whom to ask for what a budget lacks."""
        short = self.offer.short
        return asking_of(self.member, self.offer.missing, cap=short.cap if short else None)

    @cached_property
    def rough(self) -> Rough | None:
        return rough_of(self.form.so_far(), self.models)

    def judge(self) -> None:
        """Add what the form can not know to what it finds wrong by itself."""
        for name, sentence in self.files.problems.items():
            self.form.add_error(name, sentence)
        if self.unknown:
            self.form.add_error(None, self.unknown)
        if self.form.is_valid() and len(self.form.variants) > 1 and self.said_single:
            self.form.add_error("prompt", self.said_single)

    @property
    def along(self) -> list[tuple[str, str]]:
        """What the form says of several values without showing it."""
        return list(self.form.matrix.hidden(shown=self.dock == DIRECTOR))

    @property
    def said_single(self) -> str:
        """Why it can be one job only, or ""."""
        how = "take out the wildcards, and switch Several off."
        if self.replaces:
            return f"A job that is edited stays one job: {how}"
        return f"What goes on from a take is one job: {how}" if self.continues else ""

    def show_file_problems(self) -> None:
        """Put what the check says of a file at its slot."""
        found = {name: " ".join(map(str, self.form.errors.get(name, []))) for name in FILES}
        self.files = self.files.with_problems(found)

    @property
    def problems(self) -> list[str]:
        """What is wrong beside the fields that can be seen: the whole order, files and menus."""
        shown = {slot.name for slot in self.files.frames}
        seen = {"prompt", *shown} if self.dock == COMPOSE else set(self.form.fields)
        found = self.form.errors.items()
        return [str(sentence) for name, said in found if name not in seen for sentence in said]

    def unjudged(self, changes: Mapping[str, Any] | None = None) -> "Draft":
        """To go on with: what is missing is only told to who wants to send it.

        `changes` are values that stand in its form instead.
        """
        self.form = self.form.unjudged(changes)
        return self

    @property
    def may_improve(self) -> bool:
        """Whether the studio knows a language model to ask."""
        return improve.is_offered()

    @property
    def remark(self) -> str:
        """What there is to say about the form itself."""
        if self.form.is_bound:  # then it is among its problems
            return ""
        changed = f"This is the form of {self.model.said} now. Check it, then press Generate again."
        return self.unknown or self.said or (changed if self.redrawn else "")

    @property
    def said_origin(self) -> str:
        """What this draft follows, in the badge beside the title."""
        if self.replaces:
            return f"Editing “{self.replaces.clip.title}”"
        if self.fixes:
            return f"Fixes a note in “{self.fixes.note.clip.title}”"
        if self.continues:
            after = "" if self.frame is None else f" after frame {self.frame}"
            return f"Continues “{self.continues.clip.title}”{after}"
        return f"From “{self.repeats.clip.title}”" if self.repeats else ""

    @property
    def _aspect(self) -> str:
        return str(self.form.now("aspect") or "") if "aspect" in self.form.fields else ""

    @property
    def drift(self) -> str:
        """A warning where a chain has become so long that its pictures wander off."""
        return lineage.DRIFT if self.continues and lineage.drifts(self.continues.clip) else ""

    @cached_property
    def ratios(self) -> Ratios:
        """How the pictures fit the ratio of the video."""
        return Ratios(able=self.form.capability, aspect=self._aspect, files=self.files)

    @property
    def said_fit(self) -> str:
        return f"cropped to {self.ratios.ruling}" if self.ratios.misfits else ""

    @property
    def notes(self) -> list[Note]:
        return notes_on(self.form.capability)

    @property
    def shot_groups(self) -> list[Group]:
        return self.form.groups(SHOT)

    @property
    def middle_groups(self) -> list[Group]:
        return self.form.groups(MIDDLE)

    @property
    def has_stage(self) -> bool:
        """Whether something needs the broad column in the middle: a camera or a motion."""
        return any(group.heads_itself for group in self.middle_groups)

    @property
    def output_groups(self) -> list[Group]:
        return self.form.groups(OUTPUT)

    @property
    def origin(self) -> Origin:
        """An order that failed or was stopped is tried again in its own clip.

        So is a shot that was rehearsed: it is the same one as long as its prompt is.
        """
        repeated = self.repeats
        clip: Clip | None = None
        if self.rehearsed and self.rehearsed.meant.prompt == self.prompt:
            repeated, clip = self.rehearsed, self.rehearsed.clip
        elif repeated and not repeated.is_active and not repeated.clip.take_count:
            clip = repeated.clip
        return Origin(
            clip=clip,
            take=self.continues,
            frame=self.frame,
            job=repeated,
            template=self.made_from,
            fixes=self.fixes.note if self.fixes else None,
            key=self.key,
        )

    @property
    def wanted(self) -> list[Wanted]:
        """Every order of the clean form, each a shot of its own."""
        variants, typed = self.form.variants, self.prompt
        origin = self.origin if len(variants) == 1 else replace(self.origin, clip=None)
        return [
            Wanted(
                order=one.order, shot=number,
                origin=replace(origin, written=typed if typed != one.order.prompt else ""),
            )
            for number, one in enumerate(variants)
        ]  # fmt: skip

    @property
    def origin_of_rehearsal(self) -> Origin:
        """A job that is being changed is rehearsed beside it."""
        origin = self.origin
        return replace(origin, clip=self.replaces.clip) if self.replaces else origin

    @property
    def prompt(self) -> str:
        return str(self.form.now("prompt") or "").strip()

    def makes_a_clip(self, job: Job) -> bool:
        """Whether that job of this draft stands in a clip that was not on the wall before."""
        return not self.replaces and not self.origin.clip and job.key == self.key

    def after(self, job: Job) -> "Draft":
        """What the form goes on with: after a rehearsal nothing is done with."""
        if not job.intended:
            return self.for_the_next_order()
        return replace(self, key=new_key(), rehearsed=job).with_slots_of_its_size()

    def for_the_next_order(self) -> "Draft":
        """The same again under a new key; what was changed or continued is done with."""
        return replace(
            self,
            key=new_key(),
            budgets=Rooms(team=self.team, project=self.project, member=self.member.pk),
            replaces=None,
            repeats=None,
            rehearsed=None,
            fixes=None,
            continues=None if self.fixes else self.continues,
            frame=None if self.fixes else self.frame,
            dock=COMPOSE if self.replaces or self.repeats else self.dock,
        ).with_slots_of_its_size()

    def with_slots_of_its_size(self) -> "Draft":
        assets = {slot.name: slot.asset for slot in self.files.slots}
        problems = self.files.problems
        files = files_of(self.form.capability, assets, look=SLOT_LOOKS[self.dock])
        self.files = files.with_problems(problems)
        return self
