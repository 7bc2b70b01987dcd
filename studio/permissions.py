"""Who may do what: one predicate per action, and nowhere else.

Each takes the acting member and, where the action has one, the row that it is done to. A row of
another team is never allowed; pages answer 404 for it before they ask.
"""

from django.db.models import Q
from django.utils import timezone

from studio.core.errors import NotAllowed
from studio.models import (
    Board,
    Cap,
    CapRequest,
    Clip,
    Endpoint,
    Guest,
    Job,
    Member,
    Mention,
    Note,
    Preset,
    Project,
    Role,
    SavedView,
    Share,
    ShareKind,
    Take,
    Team,
    Template,
)


def is_admin(member: Member) -> bool:
    return member.is_active and member.role == Role.ADMIN


def can_look(member: Member) -> bool:
    """See the wall, clips, takes and the queue of the team."""
    return member.is_active


def can_order(member: Member) -> bool:
    """Write prompts, upload frames and spend the team's credits."""
    return member.is_active and member.role in {Role.ADMIN, Role.AUTHOR}


def can_steer(member: Member, job: Job) -> bool:
    """Cancel, edit, reorder, retry: the job's author, or an admin."""
    if member.team_id != job.team_id:
        return False
    return is_admin(member) or (can_order(member) and job.author_id == member.pk)


def can_repeat(member: Member, job: Job) -> bool:
    """Order the same again: whoever may order, as it is their own new job."""
    return member.team_id == job.team_id and can_order(member)


def can_join(member: Member, clip: Clip) -> bool:
    """Have a chain of takes made into one file, which takes time of this machine."""
    return member.team_id == clip.team_id and can_order(member)


def can_name_project(member: Member) -> bool:
    return can_order(member)


def can_rename_project(member: Member, project: Project) -> bool:
    if member.team_id != project.team_id:
        return False
    return is_admin(member) or (can_order(member) and project.created_by_id == member.pk)


def can_change_preset(member: Member, preset: Preset) -> bool:
    """Rename or remove what the team keeps under a name: its author, or an admin."""
    if member.team_id != preset.team_id:
        return False
    return is_admin(member) or (can_order(member) and preset.author_id == member.pk)


def can_use_template(member: Member, template: Template) -> bool:
    """Begin shots with it: a private one is its author's alone, also before an admin."""
    if member.team_id != template.team_id or not can_order(member):
        return False
    return not template.is_private or template.author_id == member.pk


def can_change_template(member: Member, template: Template) -> bool:
    """Save versions, rename, share or remove it: its author, or an admin who can see it."""
    if not can_use_template(member, template):
        return False
    return is_admin(member) or template.author_id == member.pk


def can_invite(member: Member) -> bool:
    return is_admin(member)


def can_change_member(member: Member, other: Member) -> bool:
    """Change the role of another member or let them go; nobody changes their own."""
    return is_admin(member) and member.team_id == other.team_id and member.pk != other.pk


def can_make_sign_in_link(member: Member, other: Member) -> bool:
    """Open the door for somebody who forgot the password.

    Such a link is the whole person: it must not lead into another team, nor to more rights on
    this machine than the one who makes it has.
    """
    if not (is_admin(member) and other.is_active and member.team_id == other.team_id):
        return False
    elsewhere = Member.objects.active().filter(user=other.user_id).exclude(team=member.team_id)
    return not elsewhere.exists() and (member.user.is_superuser or not other.user.is_superuser)


def can_see_costs(member: Member) -> bool:
    """See the budget and the ledger of the team."""
    return can_order(member)


def can_grant(member: Member) -> bool:
    return is_admin(member)


def can_limit(member: Member) -> bool:
    """Set limits on what the team spends."""
    return is_admin(member)


def can_change_cap(member: Member, cap: Cap) -> bool:
    """One of all teams is for whoever runs the studio."""
    if cap.team_id is None:
        return can_run_studio(member)
    return is_admin(member) and cap.team_id == member.team_id


def can_ask_for_more(member: Member, cap: Cap | None = None) -> bool:
    """Ask an admin to raise what stops one's own orders; `cap` None: what the team was granted."""
    if not can_order(member):
        return False
    if cap is None:
        return True
    return cap.team_id in (None, member.team_id) and cap.member_id in (None, member.pk)


def can_decide_request(member: Member, request: CapRequest) -> bool:
    """Grant what somebody asks for, or not: whoever could change that budget."""
    if request.cap is not None:
        return can_change_cap(member, request.cap)
    return can_grant(member) and request.team_id == member.team_id


def can_close_months(member: Member) -> bool:
    """End the books of a month, which nobody can undo."""
    return is_admin(member)


def can_price(member: Member) -> bool:
    return is_admin(member)


def can_run_studio(member: Member) -> bool:
    """Set what all teams share, such as the keys of providers.

    An admin of the first team, which is the studio's own, or whoever runs this server.
    """
    if not is_admin(member):
        return False
    first = Team.objects.order_by("pk").values_list("pk", flat=True).first()
    return member.user.is_superuser or member.team_id == first


def can_reconcile(member: Member) -> bool:
    """See what providers billed for the team's jobs, and book or settle what differs."""
    return is_admin(member)


def can_bring_bills(member: Member) -> bool:
    """Upload or fetch a provider's bill, or take one away again: as for the provider's key.

    An account is the whole studio's, and so its bill tells what every team spent there.
    """
    return can_run_studio(member)


def can_resume(member: Member) -> bool:
    """Let a lane that paused go on."""
    return is_admin(member)


def can_resolve(member: Member, job: Job) -> bool:
    """Decide about an order that may have been sent, and about the money held for it."""
    return is_admin(member) and member.team_id == job.team_id


def can_rename_team(member: Member) -> bool:
    return is_admin(member)


def can_download(member: Member) -> bool:
    """Take files home: who may look at them has them already; costs are for can_see_costs."""
    return can_look(member)


def can_name_files(member: Member) -> bool:
    return is_admin(member)


def can_rename_clip(member: Member, clip: Clip) -> bool:
    if member.team_id != clip.team_id:
        return False
    return is_admin(member) or (can_order(member) and clip.author_id == member.pk)


def can_review(member: Member, clip: Clip) -> bool:
    """Write notes, decide, give stars: everybody of the team, for that is what reviewers are for."""
    return can_look(member) and member.team_id == clip.team_id


def can_decide_as_guest(guest: Guest, take: Take) -> bool:
    """Decide by a link: in an approval that is neither revoked nor over, about a clip that it shows.

    Where it shows the best take, any take of that clip: which one is best may change while somebody
    looks, by their own word too.
    """
    share, now = guest.share, timezone.now()
    begun = share.opens_at is None or share.opens_at <= now
    is_open = begun and (share.expires_at is None or share.expires_at > now)
    if share.kind != ShareKind.APPROVAL or share.revoked_at or not is_open:
        return False
    if share.board_id:
        return take.clip.placements.filter(board=share.board_id).exists()
    shown = Q(take=None) | Q(take=take)
    return share.chosen.filter(shown, clip=take.clip_id).exists()


def can_change_note(member: Member, note: Note) -> bool:
    """Change the words: only who wrote it, or the name above it would lie."""
    return can_review(member, note.clip) and note.member_id == member.pk


def can_remove_note(member: Member, note: Note) -> bool:
    """Take it back: who wrote it, or an admin."""
    return can_review(member, note.clip) and (is_admin(member) or note.member_id == member.pk)


def can_resolve_note(member: Member, note: Note) -> bool:
    return can_review(member, note.clip)


def can_finish_task(member: Member, mention: Mention) -> bool:
    """Say that it is done: who was asked, who asked, or an admin."""
    if not can_review(member, mention.note.clip):
        return False
    return is_admin(member) or member.pk in {mention.member_id, mention.note.member_id}


def can_arrange(member: Member) -> bool:
    """Make boards, put clips on them, and mark clips with tags."""
    return can_order(member)


def can_change_board(member: Member, board: Board) -> bool:
    """Rename it, remove it, let new clips land on it: who made it, or an admin."""
    if member.team_id != board.team_id:
        return False
    return is_admin(member) or (can_order(member) and board.created_by_id == member.pk)


def can_share_view(member: Member) -> bool:
    """Keep a search for the whole team; for oneself everybody may."""
    return can_order(member)


def can_change_view(member: Member, view: SavedView) -> bool:
    """Rename or remove it: who kept it, or for one of the team an admin."""
    if not can_look(member) or member.team_id != view.team_id:
        return False
    return view.author_id == member.pk or (is_admin(member) and not view.is_private)


def can_trash(member: Member, clip: Clip) -> bool:
    """Put it into the trash and bring it back: its author, or an admin."""
    return can_rename_clip(member, clip)


def can_purge(member: Member, clip: Clip) -> bool:
    """Delete it for good before its time, which nobody can undo."""
    return is_admin(member) and member.team_id == clip.team_id


def can_set_rule(member: Member) -> bool:
    """Say whose decisions count in a project, and how many are needed."""
    return is_admin(member)


def can_share(member: Member) -> bool:
    """Show clips to clients by a link."""
    return can_order(member)


def can_change_share(member: Member, share: Share) -> bool:
    """Change or revoke a link: who made it, or an admin."""
    if member.team_id != share.team_id:
        return False
    return is_admin(member) or (can_order(member) and share.created_by_id == member.pk)


def can_change_endpoint(member: Member, endpoint: Endpoint) -> bool:
    """Have an address told, or see what was sent there: its owner, for the team's an admin."""
    if member.team_id != endpoint.team_id:
        return False
    return is_admin(member) if endpoint.member_id is None else endpoint.member_id == member.pk


def guest_can_decide(guest: Guest) -> bool:
    """Approve or ask for changes: in a link for approval."""
    return guest.share.is_approval


def guest_can_comment(guest: Guest) -> bool:
    return guest.share.may_comment


def guest_can_change_note(guest: Guest, note: Note) -> bool:
    """Change or take back the words: only who wrote them, while the link takes comments."""
    return guest_can_comment(guest) and note.guest_id == guest.pk


def require_of_guest(allowed: bool, action: str) -> None:  # noqa: FBT001  (reads as a sentence)
    """As `require`, for somebody who has no admin to ask."""
    if not allowed:
        raise NotAllowed(f"You may not {action}. Ask whoever sent you the link.")


def require(allowed: bool, action: str) -> None:  # noqa: FBT001  (reads as a sentence)
    """Raise NotAllowed with a sentence that says who may; the first line of every service."""
    if not allowed:
        raise NotAllowed(f"You may not {action}. Ask an admin of the team.")
