"""Where drafts come from: an empty prompt, a job, a take, or a form that was sent."""

from collections.abc import Hashable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from django.http import Http404, QueryDict

from studio import permissions
from studio.core.errors import InvalidOrder
from studio.core.motion import named_in
from studio.core.orders import Order
from studio.core.spec import FILES, Capability, Kind
from studio.core.wildcards import escaped
from studio.forms import kept, motion, taken
from studio.forms.orders import OrderForm, all_capabilities, capability_named, flat, key_of
from studio.forms.parts import AtPart
from studio.models import Job, Note, StoredDraft, Take
from studio.models.prepared import Prepared
from studio.orders import closed_for
from studio.providers.registry import capability_of, provider_of
from studio.services import drafts, pictures, remix
from studio.storage.receive import Received
from studio.views import access
from studio.views.choices import first_usable
from studio.views.drafts import COMPOSE, DIRECTOR, SLOT_LOOKS, Draft, new_key
from studio.views.fixes import Fix
from studio.views.hx import MemberRequest
from studio.views.shell import budgets_of
from studio.views.slots import Files, files_of
from studio.views.uploads import asset_for, files_from

REV = "draft_rev"  # the revision of the kept draft that a form began with
REMEMBERED = "order"  # in the session: model and settings of the last order


def fresh(request: MemberRequest, *, dock: str = COMPOSE) -> Draft | None:
    """What was typed last in this project, else an empty prompt with the settings of last time.

    None for who may not order.
    """
    if not permissions.can_order(request.member):
        return None
    if stored := drafts.of(request.member, request.project):
        draft = _of_stored(request, stored, dock=dock)
    else:
        remembered: Mapping[str, Any] = request.session.get(REMEMBERED) or {}
        draft = _draft(request, _known(remembered), remembered.get("settings", {}), dock=dock)
    draft.is_fresh = True
    return draft


def _of_stored(request: MemberRequest, stored: StoredDraft, *, dock: str) -> Draft:
    """A kept draft as it was typed, for its model as long as orders can be sent there."""
    data = data_of(stored)
    able, unknown = _model_in(data)
    if closed_for(provider_of(able.provider)):
        able = first_usable()
    if data.get(kept.DRAWN_FOR, "") != key_of(able):
        data = kept.moved(data, able, team_id=request.member.team_id)
    assets = {name: asset_for(request.member.team, name, _pk(data, name)) for name in FILES}
    draft = _of_data(request, data, files_of(able, assets, look=SLOT_LOOKS[dock]), able)
    draft.dock, draft.rev, draft.unknown = dock, stored.rev, unknown
    with suppress(Http404):  # what it continued may be gone since
        _follow(request, draft, data)
    return draft.unjudged()


def data_of(stored: StoredDraft) -> QueryDict:
    """The fields as a form sends them."""
    data = QueryDict(mutable=True)
    for name, texts in stored.fields.items():
        data.setlist(name, texts)
    return data


def _known(remembered: Mapping[str, Any]) -> Capability:
    """The model of last time, as long as orders can be sent there."""
    found = (able for able in all_capabilities() if key_of(able) == remembered.get("model"))
    able = next(found, None)
    return able if able and not closed_for(provider_of(able.provider)) else first_usable()


def start_of(request: MemberRequest) -> tuple[Hashable, ...]:
    """What `fresh` starts from, to tell two of them apart."""
    rows = _REVISION.rows(member=request.member.pk, project=request.project.pk)
    return repr(request.session.get(REMEMBERED)), *rows


_REVISION = Prepared(
    lambda member, project: StoredDraft.objects.filter(member=member, project=project).values_list(
        "pk", "rev"
    ),
    "member",
    "project",
)


def remember(request: MemberRequest, draft: Draft) -> None:
    """Start the next order with these settings."""
    now = {"model": draft.form.model_key, "settings": draft.form.typed()}
    if request.session.get(REMEMBERED) != now:
        request.session[REMEMBERED] = now


def of_job(request: MemberRequest, job: Job, *, edit: bool) -> Draft:
    """All values of a job: to change it while it waits, or to start a new one from them."""
    order = job.order if edit else job.meant
    able = capability_of(order)
    values = {**flat(able, order), "prompt": escaped(order.prompt)}
    draft = _draft(request, able, values, dock=DIRECTOR, rev=revision(request))
    draft.replaces, draft.repeats = (job, None) if edit else (None, job)
    draft.made_from = job.template
    joints = named_in(job.error, order.settings.get("motion"))
    draft.form.refused = [AtPart(job.error, joint) for joint in joints]
    return draft


def of_take(request: MemberRequest, take: Take, frame: int | None = None) -> Draft:
    """The settings of a take, one of its frames (else the last) as first frame, an empty prompt.

    Raises InvalidPicture for a frame beyond its end.
    """
    order = take.job.order
    able = capability_of(order)
    frame = None if frame == take.frames - 1 else frame
    first = take.last_frame_id
    if frame is not None:
        first = pictures.frame_of(request.member, take, frame).pk
    values = {**flat(able, order), "prompt": "", "first_frame": first}
    draft = _draft(
        request, able, {**values, "last_frame": None}, dock=DIRECTOR, rev=revision(request)
    )
    draft.continues, draft.frame = take, frame
    return draft


def of_fix(request: MemberRequest, note: Note) -> Draft:
    """The order of the take that a note is about, and its frame as the first one of the new shot.

    Where the model takes no picture, or the note is about the whole take, it is the same order again.
    """
    draft = of_job(request, note.take.job, edit=False)
    draft.fixes = Fix(note=note)
    if note.frame is None or not draft.files.slot("first_frame").taken:
        return draft
    first = pictures.frame_of(request.member, note.take, note.frame).pk
    draft = _with_first_frame(request, draft, first)
    draft.continues = note.take
    draft.frame = None if note.frame == note.take.frames - 1 else note.frame
    return draft


def _with_first_frame(request: MemberRequest, draft: Draft, picture: int) -> Draft:
    able = draft.form.capability
    keys = {**draft.files.keys, "first_frame": picture}
    assets = {name: asset_for(request.member.team, name, pk) for name, pk in keys.items()}
    draft.files = files_of(able, assets, look=SLOT_LOOKS[draft.dock])
    return draft


def of_prompt(request: MemberRequest, text: str) -> Draft:
    """A new order with a prompt that was ordered before."""
    draft = fresh(request, dock=DIRECTOR)
    assert draft, "reviewers were told so before"
    return draft.unjudged({"prompt": text})


def as_typed(order: Order) -> Order:
    """Its prompt as it has to be typed to mean itself."""
    return replace(order, prompt=escaped(order.prompt))


def remixed(request: MemberRequest, job: Job, use: remix.Use) -> Draft:
    """All of a job, or the present draft with some parts of it."""
    order = as_typed(job.meant)
    if names := remix.WAYS[use].fields:
        return with_parts(request, order, names)
    draft = of_job(request, job, edit=False)
    if use == remix.Use.FRESH:
        able = draft.form.capability
        values = flat(able, remix.without_seed(order, able))
        draft.form = OrderForm(able, team_id=draft.team.pk, initial=values)
    return draft


def with_parts(request: MemberRequest, order: Order, names: Iterable[str]) -> Draft:
    """What was typed last in this project, with these parts of another order."""
    stored = drafts.of(request.member, request.project)
    if stored:
        data = data_of(stored)
        able, _ = _model_in(data)
    else:
        remembered: Mapping[str, Any] = request.session.get(REMEMBERED) or {}
        able = _known(remembered)
        data = taken.written(able, remembered.get("settings", {}))
    told = taken.take_over(data, able, order, names)
    row = StoredDraft(fields=dict(data.lists()), rev=stored.rev if stored else 0)
    draft = _of_stored(request, row, dock=DIRECTOR)
    draft.told = told
    return draft


def of_file(request: MemberRequest, found: remix.Restored) -> Draft:
    """The order of a file that came back, with what could not be found told."""
    order = as_typed(found.order)
    if found.able is None:
        draft = with_parts(request, order, ["prompt"])
    else:
        values = flat(found.able, order)
        rev = revision(request)
        draft = _draft(request, found.able, values, dock=DIRECTOR, rev=rev)
    draft.told = found.told
    draft.continues = found.take
    return draft


def _draft(
    request: MemberRequest, able: Capability, values: Mapping[str, Any], *, dock: str, rev: int = 0
) -> Draft:
    team = request.member.team
    assets = {name: asset_for(team, name, values.get(name)) for name in FILES}
    return Draft(
        form=OrderForm(able, team_id=team.pk, initial=values),
        files=files_of(able, assets, look=SLOT_LOOKS[dock]),
        member=request.member,
        budgets=budgets_of(request),
        project=request.project.pk,
        dock=dock,
        rev=rev,
        may_price=permissions.can_price(request.member),
    )


def revision(request: MemberRequest) -> int:
    """That of the kept draft, 0 while there is none."""
    rows = _REVISION.rows(member=request.member.pk, project=request.project.pk)
    return int(rows[0][1]) if rows else 0


def sent(
    request: MemberRequest, *, edit: int | None = None, put: Mapping[str, int | None] | None = None
) -> Draft:
    """The draft as a form sent it, files stored first; its form says what is wrong with it.

    `edit` is the job that it is to replace, whatever the form says; `put` fills slots. If another
    model was chosen, the form is that of the new one.
    """
    data = request.POST.copy()
    for name, pk in (put or {}).items():
        data[name] = str(pk or "")
    if edit:
        data["edit"] = str(edit)
    if first_idea := data.get("start"):
        data["prompt"] = first_idea
    able, unknown = _model_in(data)
    _rearrange(request, data)
    if data.get("say_move"):
        _say_move(data, able)
    if redrawn := data.get(kept.DRAWN_FOR, key_of(able)) != key_of(able):
        data = kept.moved(data, able, team_id=request.member.team_id)
    draft = _of_data(request, data, files_from(request, able, data), able)
    draft.redrawn, draft.unknown = redrawn, unknown
    _follow(request, draft, data)
    return draft


def _rearrange(request: MemberRequest, data: QueryDict) -> None:
    """Do what a form without scripts asks for: take out a row, read a file of joints."""
    names = {param.name for able in all_capabilities() for param in able.params
             if param.kind == Kind.MOTION}  # fmt: skip
    for name in names:
        if number := _pk(data, "remove_joint"):
            motion.without_row(data, name, number)
        received = request.FILES.get(f"{name}_file")
        if isinstance(received, Received) and not received.problem:
            motion.with_file(data, name, received.path)


def _say_move(data: QueryDict, able: Capability) -> None:
    """Put the camera's move into the prompt as words, unless they stand there."""
    camera = OrderForm(able, data, team_id=0).camera_control
    prompt = data.get("prompt", "").rstrip()
    if camera and camera.sentence not in prompt:
        data["prompt"] = f"{prompt} {camera.sentence}".lstrip()


def _of_data(request: MemberRequest, data: QueryDict, files: Files, able: Capability) -> Draft:
    dock = data.get("dock", COMPOSE)
    for name, pk in files.keys.items():
        data[name] = str(pk or "")
    return Draft(
        form=OrderForm(able, data, team_id=request.member.team_id),
        files=files,
        member=request.member,
        budgets=budgets_of(request),
        project=request.project.pk,
        dock=dock if dock in SLOT_LOOKS else COMPOSE,
        key=data.get("key", "")[:32] or new_key(),
        kept=data.get(kept.KEPT, ""),
        rev=_pk(data, REV) or 0,
        may_price=permissions.can_price(request.member),
    )


def _model_in(data: QueryDict) -> tuple[Capability, str]:
    """The model that was chosen; another one with the reason where there is no such model."""
    try:
        return capability_named(data.get("model", "")), ""
    except InvalidOrder as error:
        return first_usable(), error.message


def _follow(request: MemberRequest, draft: Draft, data: QueryDict) -> None:
    """What the draft changes, repeats or continues; rows of other teams answer 404."""
    if pk := _pk(data, "edit"):
        draft.replaces = access.job_read(request, pk)
    if pk := _pk(data, "from"):
        draft.repeats = access.job_read(request, pk)
    if pk := _pk(data, "take"):
        draft.continues = access.take_read(request, pk)
        frame = _pk(data, "frame")
        draft.frame = frame if frame is not None and frame < draft.continues.frames else None
    if pk := _pk(data, "fix"):
        draft.fixes = Fix(note=access.note_read(request, pk))
    if pk := _pk(data, "rehearsed"):
        draft.rehearsed = access.job_read(request, pk)
    if pk := _pk(data, "template"):
        draft.made_from = access.template_version_read(request, pk)


def _pk(data: QueryDict, name: str) -> int | None:
    text = data.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 18 else None


def asked(request: MemberRequest) -> Draft | None:
    """The draft that an address asks for: `?edit=JOB`, `?from=JOB`, `?take=TAKE`, `?fix=NOTE`,
    `?prompt=PROMPT`, else a new one.
    """
    if pk := _pk(request.GET, "edit"):
        return of_job(request, access.job_read(request, pk), edit=True)
    if pk := _pk(request.GET, "from"):
        use = remix.way_named(request.GET.get("use", ""))
        return remixed(request, access.job_read(request, pk), use)
    if pk := _pk(request.GET, "take"):
        take, typed = access.take_read(request, pk), request.GET.get("frame")
        return of_take(request, take, pictures.number_in(typed, take) if typed else None)
    if pk := _pk(request.GET, "fix"):
        return of_fix(request, access.note_read(request, pk))
    if pk := _pk(request.GET, "prompt"):
        return of_prompt(request, access.prompt_read(request, pk).text)
    return fresh(request, dock=DIRECTOR)
