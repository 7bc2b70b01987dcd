"""A draft: the order that a form holds before it is sent, with its pictures and its price."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.http import QueryDict

from studio import ledger, permissions
from studio.core.errors import InvalidOrder
from studio.core.orders import Order
from studio.core.spec import Capability
from studio.forms.orders import (
    FRAMES,
    OrderForm,
    all_capabilities,
    capability_named,
    flat,
    key_of,
)
from studio.models import Asset, Budget, Clip, Job, Take, Team
from studio.providers.registry import capability_of, provider_of
from studio.services.jobs import Origin
from studio.views import access
from studio.views.hx import MemberRequest
from studio.views.offers import Note, Offer, crop_in_words, notes_on, offer_of
from studio.views.shell import budget_of
from studio.views.uploads import Frames, frames_from, slots_of

COMPOSE, DIRECTOR = "compose", "director"
SLOT_LOOKS = {COMPOSE: "small", DIRECTOR: "large"}
REMEMBERED = "order"  # in the session: model and settings of the last order


def new_key() -> str:
    """Names a form, so that it counts once however often it is sent."""
    return secrets.token_hex(16)


@dataclass(kw_only=True)
class Draft:
    """Everything that the compose bar and the director show of an order."""

    form: OrderForm
    frames: Frames
    team: Team
    budget: Budget
    mode: str = COMPOSE
    replaces: Job | None = None
    repeats: Job | None = None
    continues: Take | None = None
    key: str = field(default_factory=new_key)

    @property
    def template(self) -> str:
        return f"{self.mode}/_dock.html"

    @cached_property
    def offer(self) -> Offer:
        return offer_of(self.team, self.form.priced(), self.budget)

    def show_frame_problems(self) -> None:
        """Put what the check says of a frame at its slot."""
        first, last = (
            replace(slot, problem=" ".join(map(str, self.form.errors.get(slot.name, []))))
            for slot in self.frames.slots
        )
        self.frames = Frames(first_frame=first, last_frame=last)

    @property
    def problems(self) -> list[str]:
        """What is wrong beside the fields that can be seen: the whole order, frames and menus."""
        seen = {"prompt", *FRAMES} if self.mode == COMPOSE else set(self.form.fields)
        found = self.form.errors.items()
        return [str(sentence) for name, said in found if name not in seen for sentence in said]

    @property
    def said_origin(self) -> str:
        """What this draft follows, in the badge beside the title."""
        if self.replaces:
            return f"Editing “{self.replaces.clip.title}”"
        if self.continues:
            return f"Continues “{self.continues.clip.title}”"
        return f"From “{self.repeats.clip.title}”" if self.repeats else ""

    @property
    def _aspect(self) -> str:
        return str(self.form.now("aspect")) if "aspect" in self.form.fields else ""

    @property
    def said_fit(self) -> str:
        given = any(slot.asset for slot in self.frames.slots)
        return f"cropped to {self._aspect}" if given and self.crops else ""

    @property
    def crops(self) -> list[str]:
        """One sentence for each picture that loses an edge to the ratio."""
        said = (crop_in_words(slot.label, slot.asset, self._aspect) for slot in self.frames.slots)
        return [sentence for sentence in said if sentence]

    @property
    def notes(self) -> list[Note]:
        return notes_on(self.form.capability)

    @property
    def origin(self) -> Origin:
        """An order that failed or was stopped is tried again in its own clip."""
        repeated = self.repeats
        clip: Clip | None = None
        if repeated and not repeated.is_active and not repeated.clip.take_count:
            clip = repeated.clip
        return Origin(clip=clip, take=self.continues, job=repeated, key=self.key)

    def makes_a_clip(self, job: Job) -> bool:
        """Whether that job of this draft stands in a clip that was not on the wall before."""
        return not self.replaces and not self.origin.clip and job.key == self.key

    def for_the_next_order(self) -> "Draft":
        """The same again under a new key; what was changed or continued is done with."""
        return replace(
            self,
            key=new_key(),
            budget=ledger.team_budget(self.team),
            replaces=None,
            repeats=None,
            mode=COMPOSE if self.replaces or self.repeats else self.mode,
        ).with_slots_of_its_size()

    def with_slots_of_its_size(self) -> "Draft":
        self.frames = slots_of(
            {slot.name: slot.asset for slot in self.frames.slots}, look=SLOT_LOOKS[self.mode]
        )
        return self

    def models(self) -> list[dict[str, Any]]:
        """Each model with what this order would cost there, the present one marked."""
        return [
            {
                "key": key_of(able),
                "label": able.label,
                "note": provider_of(able.provider).note,
                "offer": self._offer_at(able),
                "now": able is self.form.capability,
            }
            for able in all_capabilities()
        ]

    def _offer_at(self, able: Capability) -> Offer:
        if able is self.form.capability:
            return self.offer
        return offer_of(self.team, _moved(self.form.priced(), able), self.budget)


def _moved(order: Order, able: Capability) -> Order:
    known = {name: value for name, value in order.settings.items() if able.param(name)}
    return Order(
        provider=able.provider,
        model=able.model,
        prompt=order.prompt,
        settings={**able.defaults(), **known},
    )


def fresh(request: MemberRequest, *, mode: str = COMPOSE) -> Draft | None:
    """An empty prompt with the settings of last time; None for who may not order."""
    if not permissions.can_order(request.member):
        return None
    remembered: Mapping[str, Any] = request.session.get(REMEMBERED) or {}
    return _draft(request, _known(remembered), remembered.get("settings", {}), mode=mode)


def _known(remembered: Mapping[str, Any]) -> Capability:
    able = all_capabilities()
    return next((one for one in able if key_of(one) == remembered.get("model")), able[0])


def remembered_as_text(request: MemberRequest) -> str:
    """What `fresh` starts from, to tell two of them apart."""
    return repr(request.session.get(REMEMBERED))


def remember(request: MemberRequest, draft: Draft) -> None:
    """Start the next order with these settings."""
    now = {"model": draft.form.model_key, "settings": draft.form.typed()}
    if request.session.get(REMEMBERED) != now:
        request.session[REMEMBERED] = now


def of_job(request: MemberRequest, job: Job, *, edit: bool) -> Draft:
    """All values of a job: to change it while it waits, or to start a new one from them."""
    able = capability_of(job.order)
    draft = _draft(request, able, flat(able, job.order), mode=DIRECTOR)
    draft.replaces, draft.repeats = (job, None) if edit else (None, job)
    return draft


def of_take(request: MemberRequest, take: Take) -> Draft:
    """The settings of a take, its last frame as first frame, and an empty prompt."""
    order = take.job.order
    able = capability_of(order)
    values = {**flat(able, order), "prompt": "", "first_frame": take.last_frame_id}
    draft = _draft(request, able, {**values, "last_frame": None}, mode=DIRECTOR)
    draft.continues = take
    return draft


def _draft(
    request: MemberRequest, able: Capability, values: Mapping[str, Any], *, mode: str
) -> Draft:
    team = request.member.team
    keys = {name: values.get(name) for name in ("first_frame", "last_frame")}
    found = Asset.objects.pictures().filter(team=team).in_bulk([pk for pk in keys.values() if pk])
    pictures = {name: found.get(pk or 0) for name, pk in keys.items()}
    return Draft(
        form=OrderForm(able, team_id=team.pk, initial=values),
        frames=slots_of(pictures, look=SLOT_LOOKS[mode]),
        team=team,
        budget=budget_of(request),
        mode=mode,
    )


def sent(request: MemberRequest, *, edit: int | None = None) -> Draft:
    """The draft as a form sent it, pictures stored first; its form says what is wrong with it.

    `edit` is the job that it is to replace, whatever the form says.
    """
    data = request.POST.copy()
    if edit:
        data["edit"] = str(edit)
    mode = data.get("mode", COMPOSE)
    if first_idea := data.get("start"):
        data["prompt"] = first_idea
    frames = frames_from(request)
    for name, pk in frames.keys.items():
        data[name] = str(pk or "")
    able, problem = _model_in(data)
    form = OrderForm(able, data, team_id=request.member.team_id)
    for name, sentence in [*frames.problems.items(), *problem]:
        form.add_error(name or None, sentence)
    draft = Draft(
        form=form,
        frames=frames,
        team=request.member.team,
        budget=budget_of(request),
        mode=mode if mode in SLOT_LOOKS else COMPOSE,
        key=data.get("key", "")[:32] or new_key(),
    )
    _follow(request, draft, data)
    return draft


def _model_in(data: QueryDict) -> tuple[Capability, list[tuple[str, str]]]:
    try:
        return capability_named(data.get("model", "")), []
    except InvalidOrder as error:
        return all_capabilities()[0], [("", problem.message) for problem in error.problems]


def _follow(request: MemberRequest, draft: Draft, data: QueryDict) -> None:
    """What the draft changes, repeats or continues; rows of other teams answer 404."""
    if pk := _pk(data, "edit"):
        draft.replaces = access.job_read(request, pk)
    if pk := _pk(data, "from"):
        draft.repeats = access.job_read(request, pk)
    if pk := _pk(data, "take"):
        draft.continues = access.take_read(request, pk)


def _pk(data: QueryDict, name: str) -> int | None:
    text = data.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 18 else None


def asked(request: MemberRequest) -> Draft | None:
    """The draft that an address asks for: `?edit=JOB`, `?from=JOB`, `?take=TAKE`, else a new one."""
    if pk := _pk(request.GET, "edit"):
        return of_job(request, access.job_read(request, pk), edit=True)
    if pk := _pk(request.GET, "from"):
        return of_job(request, access.job_read(request, pk), edit=False)
    if pk := _pk(request.GET, "take"):
        return of_take(request, access.take_read(request, pk))
    return fresh(request, mode=DIRECTOR)
