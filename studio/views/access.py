"""Guards as sentences: each returns the row that may be seen, or answers 404."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, cast

from django.contrib.auth.views import redirect_to_login
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404

from studio import permissions
from studio.core.errors import TooLate
from studio.models import (
    Asset,
    Bill,
    BillLine,
    Board,
    Cap,
    CapRequest,
    Clip,
    Delivery,
    Endpoint,
    Invitation,
    Job,
    Member,
    Mention,
    Note,
    Notice,
    Preset,
    Project,
    Prompt,
    SavedView,
    Share,
    Stream,
    Take,
    Template,
    TemplateVersion,
    WordList,
)
from studio.reports.downloads.choice import Wanted
from studio.views.hx import MemberRequest, Request

View = Callable[..., HttpResponseBase]


def signed_in(view: View) -> View:
    """Past this door there is a member and a current project."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        asked = cast(Request, request)
        if asked.member is None:
            return redirect_to_login(request.get_full_path())
        asked.project = current_project(asked)
        return view(request, *args, **kwargs)

    return guarded


def allowed(predicate: Callable[[Member], bool], action: str) -> Callable[[View], View]:
    """Only for members whom the predicate lets in; others read who may."""

    def decorate(view: View) -> View:
        @signed_in
        @wraps(view)
        def guarded(request: MemberRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            permissions.require(predicate(request.member), action)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def current_project(request: Request) -> Project:
    """The project chosen in the session, else the team's first; a team always has one."""
    assert request.member, "guarded by signed_in"
    chosen = request.session.get("project")
    request.projects = Project.of_team(request.member.team_id)
    return next((one for one in request.projects if one.pk == chosen), request.projects[0])


def clip_read(request: MemberRequest, pk: int) -> Clip:
    """Also one in the trash, as long as there is something to see."""
    ours = Clip.objects.of_team(request.member.team).filter(purged_at=None)
    return get_object_or_404(ours, pk=pk)


def job_read(request: MemberRequest, pk: int) -> Job:
    jobs = Job.objects.of_team(request.member.team)
    return get_object_or_404(
        jobs.select_related("clip__project", "team", "price", "author__user"), pk=pk
    )


def all_read(request: MemberRequest, wanted: Wanted) -> None:
    """What is chosen for a download is all the team's own, or it is as if there were nothing."""
    if not wanted.are_of(request.member.team):
        raise Http404


def take_read(request: MemberRequest, pk: int) -> Take:
    takes = Take.objects.filter(clip__team=request.member.team).select_related("clip", "job")
    return get_object_or_404(takes, pk=pk)


def note_read(request: MemberRequest, pk: int) -> Note:
    """Also one that was taken back, for the undo."""
    notes = Note.objects.filter(clip__team=request.member.team, clip__purged_at=None)
    return get_object_or_404(notes.select_related("clip", "take", "parent"), pk=pk)


def mention_read(request: MemberRequest, pk: int) -> Mention:
    mentions = Mention.objects.filter(note__clip__team=request.member.team)
    return get_object_or_404(mentions.select_related("note__clip", "member__user"), pk=pk)


def takes_read(request: MemberRequest, pks: Sequence[int]) -> list[Take]:
    """In the order in which they are asked for, each with all that Compare shows of it."""
    ours = Take.objects.filter(clip__team=request.member.team, clip__purged_at=None)
    found = ours.select_related("clip__project", "job", "video", "poster", "strip").in_bulk(pks)
    if len(found) < len(pks):
        raise Http404("There is no such take.")
    return [found[pk] for pk in pks]


def clips_read(request: MemberRequest, pks: Sequence[int]) -> list[Clip]:
    """In the order in which they are asked for."""
    found = Clip.objects.of_team(request.member.team).filter(purged_at=None).in_bulk(pks)
    if len(found) < len(pks):
        raise Http404("There is no such clip.")
    return [found[pk] for pk in pks]


def stream_read(request: MemberRequest, pk: int) -> Stream:
    ours = Stream.objects.filter(take__clip__team=request.member.team, take__clip__purged_at=None)
    return get_object_or_404(ours.select_related("take__clip", "file"), pk=pk)


def asset_read(request: MemberRequest, pk: int) -> Asset:
    return get_object_or_404(Asset, team=request.member.team, pk=pk)


def picture_read(request: MemberRequest, pk: int) -> Asset:
    """What may stand in a slot."""
    ours = Asset.objects.pictures().filter(team=request.member.team)
    return get_object_or_404(ours.select_related("made_from"), pk=pk)


def preset_read(request: MemberRequest, pk: int) -> Preset:
    return get_object_or_404(Preset, team=request.member.team, pk=pk)


def prompt_read(request: MemberRequest, pk: int) -> Prompt:
    return get_object_or_404(Prompt, team=request.member.team, pk=pk)


def template_read(request: MemberRequest, pk: int) -> Template:
    """A private one of another person is as if there were none."""
    seen = Template.objects.seen_by(request.member).select_related("author__user")
    return get_object_or_404(seen, pk=pk)


def template_version_read(request: MemberRequest, pk: int) -> TemplateVersion | None:
    """What an order began with; None where it was made private meanwhile."""
    versions = TemplateVersion.objects.filter(template__team=request.member.team)
    version = get_object_or_404(versions.select_related("template"), pk=pk)
    may = permissions.can_use_template(request.member, version.template)
    return version if may else None


def word_list_read(request: MemberRequest, pk: int) -> WordList:
    return get_object_or_404(WordList, team=request.member.team, pk=pk)


def notice_read(request: MemberRequest, pk: int) -> Notice:
    """One's own alone."""
    return get_object_or_404(Notice, member=request.member, pk=pk)


def endpoint_read(request: MemberRequest, pk: int) -> Endpoint:
    """One's own or the team's; those of other people are as if there were none."""
    seen = Endpoint.objects.filter(Q(member=None) | Q(member=request.member))
    return get_object_or_404(seen, team=request.member.team, pk=pk)


def delivery_read(request: MemberRequest, pk: int) -> Delivery:
    """One to an endpoint that may be seen; mails are not sent again."""
    delivery = get_object_or_404(Delivery.objects.posts().select_related("endpoint"), pk=pk)
    delivery.endpoint = endpoint_read(request, delivery.endpoint_id or 0)
    return delivery


def saved_view_read(request: MemberRequest, pk: int) -> SavedView:
    """Of the current project; a private one of another person is as if there were none."""
    return get_object_or_404(SavedView.objects.seen_by(request.member, request.project), pk=pk)


def board_read(request: MemberRequest, pk: int) -> Board:
    boards = Board.objects.filter(team=request.member.team).select_related("project")
    return get_object_or_404(boards, pk=pk)


def cap_read(request: MemberRequest, pk: int) -> Cap:
    """Also one that was removed, for the undo; those of the studio are seen by who runs it."""
    ours = Q(team=request.member.team)
    if permissions.can_run_studio(request.member):
        ours |= Q(team=None)
    return get_object_or_404(Cap.objects.filter(ours).named(), pk=pk)


def request_read(request: MemberRequest, pk: int) -> CapRequest:
    """Of the team; who runs the studio also sees what is asked of its limits."""
    ours = Q(team=request.member.team)
    if permissions.can_run_studio(request.member):
        ours |= Q(cap__isnull=False, cap__team=None)
    return get_object_or_404(CapRequest.objects.filter(ours).named(), pk=pk)


def bill_read(request: MemberRequest, pk: int) -> Bill:
    bills = Bill.objects.kept().filter(team=request.member.team).select_related("team")
    return get_object_or_404(bills, pk=pk)


def bill_with_lines(request: MemberRequest, pk: int) -> Bill:
    """Raises TooLate, in the sense of too early, while it is not read."""
    bill = bill_read(request, pk)
    if not bill.read_at:
        raise TooLate(f"“{bill.name}” is not read yet.")
    return bill


def bill_line_read(request: MemberRequest, pk: int) -> BillLine:
    lines = BillLine.objects.shown().filter(bill__team=request.member.team)
    related = lines.select_related("bill", "job__team", "job__clip")
    return get_object_or_404(related, pk=pk)


def project_read(request: MemberRequest, pk: int) -> Project:
    return get_object_or_404(Project, team=request.member.team, pk=pk)


def member_read(request: MemberRequest, pk: int) -> Member:
    members = Member.objects.active().filter(team=request.member.team).select_related("user")
    return get_object_or_404(members, pk=pk)


def invitation_read(request: MemberRequest, pk: int) -> Invitation:
    return get_object_or_404(Invitation, team=request.member.team, pk=pk)


def share_read(request: MemberRequest, pk: int) -> Share:
    people = Share.objects.filter(team=request.member.team).select_related("created_by__user")
    return get_object_or_404(people.select_related("team", "board", "project"), pk=pk)
