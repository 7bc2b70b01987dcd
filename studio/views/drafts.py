"""A draft: the order that a form holds before it is sent, with its pictures and its price."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.http import QueryDict

from studio import ledger, permissions
from studio.core.errors import InvalidOrder, NoPrice
from studio.core.orders import Order
from studio.core.spec import Capability, Kind
from studio.forms.orders import (
    FRAMES,
    OrderForm,
    all_capabilities,
    capability_named,
    flat,
    key_of,
)
from studio.models import Asset, Budget, Clip, Job, Per, Take, Team
from studio.providers.registry import capability_of, provider_of
from studio.services.jobs import Origin
from studio.views import access
from studio.views.hx import MemberRequest
from studio.views.uploads import Frames, frames_from, slots_of

COMPOSE, DIRECTOR = "compose", "director"
SLOT_LOOKS = {COMPOSE: "small", DIRECTOR: "large"}
REMEMBERED = "order"  # in the session: model and settings of the last order


@dataclass(frozen=True, kw_only=True)
class Note:
    """A sentence about a model, with an icon; `tone` is ok, warn or ""."""

    words: str
    icon: str = "check"
    tone: str = "ok"


def _limit(words: str) -> Note:
    return Note(words=words, icon="alert", tone="warn")


# What the director says of a model: a test, and the note for yes and for no.
NOTES: tuple[tuple[Callable[[Capability], bool], Note, Note], ...] = (
    (
        lambda able: any(param.kind == Kind.CAMERA for param in able.params),
        Note(words="All six camera axes go through as numbers."),
        _limit("It takes no camera numbers."),
    ),
    (
        lambda able: able.first_frame and able.last_frame,
        Note(words="It starts and ends on your own frames."),
        _limit("It takes no last frame."),
    ),
    (
        lambda able: able.reports_progress,
        Note(words="Progress is shown frame by frame."),
        _limit("No progress is reported; you see elapsed time."),
    ),
)


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What the button says: a price in micro-credits, or the reason why there is none."""

    amount: int = 0
    available: int = 0
    granted: int = 0
    takes: int = 1
    seconds: int = 0
    per_second: bool = False
    refused: str = ""

    @property
    def asks(self) -> bool:
        """The budget has no room: the job would wait for it."""
        return self.amount > self.available

    @property
    def one_take(self) -> int:
        return self.amount // self.takes

    @property
    def one_second(self) -> int:
        return self.one_take // self.seconds if self.seconds else 0

    @property
    def left(self) -> int:
        return self.available - self.amount

    @property
    def used_then(self) -> int:
        """Spent or held of the budget once this is ordered."""
        return self.granted - self.left


@dataclass(kw_only=True)
class Draft:
    """Everything that the compose bar and the director show of an order."""

    form: OrderForm
    frames: Frames
    team: Team
    mode: str = COMPOSE
    replaces: Job | None = None
    repeats: Job | None = None
    continues: Take | None = None
    key: str = field(default_factory=lambda: secrets.token_hex(16))

    @property
    def template(self) -> str:
        return f"{self.mode}/_dock.html"

    @cached_property
    def offer(self) -> Offer:
        return offer_of(self.team, self.form.priced(), self.budget)

    @cached_property
    def budget(self) -> Budget:
        return ledger.team_budget(self.team)

    @property
    def problems(self) -> list[str]:
        """What is wrong beside the fields that can be seen: the whole order, frames and menus."""
        seen = {"prompt", *FRAMES} if self.mode == COMPOSE else set(self.form.fields)
        found = self.form.errors.items()
        return [sentence for name, said in found if name not in seen for sentence in said]

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
        """What the model can and cannot do, each as a sentence."""
        able = self.form.capability
        return [yes if has(able) else no for has, yes, no in NOTES]

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
            key=secrets.token_hex(16),
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
                "offer": offer_of(self.team, _moved(self.form.priced(), able), self.budget),
                "now": able is self.form.capability,
            }
            for able in all_capabilities()
        ]


def offer_of(team: Team, order: Order, budget: Budget) -> Offer:
    """What the team would pay for this order out of this budget."""
    parts = {"available": budget.available, "granted": budget.granted}
    try:
        quote = ledger.quote(team, order)
    except NoPrice as error:
        return Offer(refused=error.message, seconds=order.seconds, **parts)
    return Offer(
        amount=quote.amount,
        takes=quote.count,
        seconds=quote.seconds,
        per_second=quote.price.per == Per.SECOND,
        **parts,
    )


def crop_in_words(label: str, asset: Asset | None, aspect: str) -> str:
    """“The last frame is 3:2, so 16 % of its height is cut.”; "" where it fits."""
    wide, _, high = aspect.partition(":")
    if not asset or not asset.height or not (wide.isdecimal() and high.isdecimal()):
        return ""
    wanted, given = int(wide) / int(high), asset.width / asset.height
    side, kept = ("height", given / wanted) if given < wanted else ("width", wanted / given)
    cut = round(100 * (1 - kept))
    size = f"{asset.width} × {asset.height}"
    return f"The {label.lower()} is {size}, so {cut} % of its {side} is cut." if cut else ""


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
        mode=mode,
    )


def sent(request: MemberRequest) -> Draft:
    """The draft as a form sent it, pictures stored first; its form says what is wrong with it."""
    data = request.POST.copy()
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
        mode=mode if mode in SLOT_LOOKS else COMPOSE,
        key=data.get("key", "")[:32] or secrets.token_hex(16),
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


