"""Who may do what, as a table: role × action."""

import pytest

from studio import permissions
from studio.core.errors import NotAllowed
from studio.core.status import JobStatus
from studio.models import Member, Role
from studio.services import presets, templates
from tests.factories import make_job, make_member, make_project

# For an admin, an author, a reviewer, and an admin who has left.
ALONE = {
    "is_admin": "x...",
    "can_look": "xxx.",
    "can_order": "xx..",
    "can_name_project": "xx..",
    "can_invite": "x...",
    "can_grant": "x...",
    "can_see_costs": "xx..",
    "can_price": "x...",
    "can_rename_team": "x...",
    "can_resume": "x...",
}
# For an admin, the author of the row, another author, a reviewer, an author who has left, a stranger.
WITH_JOB = {"can_steer": "xx....", "can_repeat": "xxx...", "can_resolve": "x....."}
WITH_CLIP = {"can_rename_clip": "xx....", "can_join": "xxx..."}
BY_HAND = {
    "can_change_member", "can_change_preset", "can_change_template", "can_use_template", "can_rename_project", "can_make_sign_in_link", "can_run_studio",
}  # fmt: skip
TESTED = {*ALONE, *WITH_JOB, *WITH_CLIP, *BY_HAND}


def marks(answers):
    return "".join("x" if answer else "." for answer in answers)


@pytest.mark.django_db
class TestPermissions:
    def test_every_predicate_has_its_row(self):
        named = {name for name in vars(permissions) if name.startswith(("can_", "is_"))}
        assert named == TESTED

    @pytest.mark.parametrize("name", ALONE)
    def test_by_role(self, name):
        members = [make_member(role) for role in (Role.ADMIN, Role.AUTHOR, Role.REVIEWER)]
        gone = make_member(Role.ADMIN)
        gone.is_active = False
        asked = getattr(permissions, name)
        assert marks(map(asked, [*members, gone])) == ALONE[name]

    @pytest.mark.parametrize("name", [*WITH_JOB, *WITH_CLIP])
    def test_by_role_and_row(self, name):
        job = make_job(JobStatus.QUEUED)
        author, team = job.author, job.team
        gone = make_member(team=team)
        gone.is_active = False
        members = [
            make_member(Role.ADMIN, team=team), author, make_member(team=team),
            make_member(Role.REVIEWER, team=team), gone, make_member(Role.ADMIN),
        ]  # fmt: skip
        row = job if name in WITH_JOB else job.clip
        asked = getattr(permissions, name)
        assert marks(asked(member, row) for member in members) == (WITH_JOB | WITH_CLIP)[name]

    def test_presets_are_changed_by_their_author_and_admins_of_the_team(self):
        author = make_member()
        row = presets.add(author, kind="camera", name="Slow push", value={"zoom": -3})
        team = author.team
        gone = make_member(team=team)
        row_of_gone = presets.add(gone, kind="camera", name="Mine", value={"zoom": -3})
        gone.is_active = False
        asked = [
            make_member(Role.ADMIN, team=team), author, make_member(team=team),
            make_member(Role.REVIEWER, team=team), make_member(Role.ADMIN),
        ]  # fmt: skip
        assert marks(permissions.can_change_preset(one, row) for one in asked) == "xx..."
        assert not permissions.can_change_preset(gone, row_of_gone)

    @pytest.mark.parametrize(
        ("is_private", "use", "change"), [(False, "xxx..", "xx..."), (True, ".x...", ".x...")]
    )
    def test_templates_are_the_teams_or_their_authors(self, is_private, use, change):
        author = make_member()
        team = author.team
        version = templates.save(
            author, name="Door", text="A door.", settings={}, is_private=is_private
        )
        asked = [
            make_member(Role.ADMIN, team=team), author, make_member(team=team),
            make_member(Role.REVIEWER, team=team), make_member(Role.ADMIN),
        ]  # fmt: skip
        row = version.template
        assert marks(permissions.can_use_template(one, row) for one in asked) == use
        assert marks(permissions.can_change_template(one, row) for one in asked) == change

    def test_members_are_changed_by_other_admins_of_their_team(self):
        admin = make_member(Role.ADMIN)
        other = make_member(team=admin.team)
        may = permissions.can_change_member
        assert may(admin, other)
        assert not may(admin, admin)
        assert not may(other, admin)
        assert not may(make_member(Role.ADMIN), other)

    def test_the_studio_is_run_by_admins_of_its_first_team_and_by_whoever_runs_the_server(self):
        first, later = make_member(Role.ADMIN), make_member(Role.ADMIN)
        author = make_member(team=first.team)
        owner = make_member(Role.ADMIN)
        owner.user.is_superuser = True
        asked = permissions.can_run_studio
        assert marks(map(asked, [first, owner, later, author])) == "xx.."

    def test_a_project_is_renamed_by_who_made_it_and_by_admins(self):
        author = make_member()
        project = make_project(author.team)
        project.created_by = author
        members = [
            make_member(Role.ADMIN, team=author.team), author, make_member(team=author.team),
            make_member(Role.ADMIN),
        ]  # fmt: skip
        asked = permissions.can_rename_project
        assert marks(asked(member, project) for member in members) == "xx.."

    def test_a_sign_in_link_never_leads_to_more_than_its_maker_has(self):
        admin = make_member(Role.ADMIN)
        plain, twice, root, gone = (make_member(team=admin.team) for _ in range(4))
        Member.objects.create(team=make_member().team, user=twice.user, role=Role.AUTHOR)
        root.user.is_superuser = True
        gone.is_active = False
        others = [plain, twice, root, gone, make_member()]
        may = permissions.can_make_sign_in_link
        assert marks(may(admin, other) for other in others) == "x...."
        assert not may(plain, admin)
        admin.user.is_superuser = True
        assert may(admin, root)

    def test_a_refusal_is_a_sentence(self):
        permissions.require(True, "pass")
        with pytest.raises(NotAllowed, match="You may not fly"):
            permissions.require(False, "fly")
