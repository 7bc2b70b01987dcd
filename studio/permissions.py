"""Who may do what: one predicate per action, and nowhere else.

Each takes the acting member and, where the action has one, the row that it is done to. A row of
another team is never allowed; pages answer 404 for it before they ask.
"""

from studio.core.errors import NotAllowed
from studio.models import Clip, Job, Member, Preset, Project, Role, Team, Template


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


def can_resume(member: Member) -> bool:
    """Let a lane that paused go on."""
    return is_admin(member)


def can_resolve(member: Member, job: Job) -> bool:
    """Decide about an order that may have been sent, and about the money held for it."""
    return is_admin(member) and member.team_id == job.team_id


def can_rename_team(member: Member) -> bool:
    return is_admin(member)


def can_rename_clip(member: Member, clip: Clip) -> bool:
    if member.team_id != clip.team_id:
        return False
    return is_admin(member) or (can_order(member) and clip.author_id == member.pk)


def require(allowed: bool, action: str) -> None:  # noqa: FBT001  (reads as a sentence)
    """Raise NotAllowed with a sentence that says who may; the first line of every service."""
    if not allowed:
        raise NotAllowed(f"You may not {action}. Ask an admin of the team.")
