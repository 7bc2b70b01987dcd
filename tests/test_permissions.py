"""Who may do what, as a table: role × action."""

import pytest

from studio import permissions
from studio.core.errors import NotAllowed
from studio.core.status import JobStatus
from studio.models import Board, Cap, CapRequest, Member, Mention, Note, Role, SavedView
from studio.services import presets, templates
from tests.factories import (
    make_cap,
    make_endpoint,
    make_job,
    make_member,
    make_project,
    make_share,
    make_take,
)

# For an admin, an author, a reviewer, and an admin who has left.
ALONE = {
    "is_admin": "x...",
    "can_look": "xxx.",
    "can_order": "xx..",
    "can_name_project": "xx..",
    "can_invite": "x...",
    "can_grant": "x...",
    "can_limit": "x...",
    "can_see_costs": "xx..",
    "can_close_months": "x...",
    "can_price": "x...",
    "can_rename_team": "x...",
    "can_download": "xxx.",
    "can_name_files": "x...",
    "can_resume": "x...",
    "can_reconcile": "x...",
    "can_bring_bills": "x...",
    "can_set_rule": "x...",
    "can_share": "xx..",
    "can_arrange": "xx..",
    "can_share_view": "xx..",
}
# For an admin, the author of the row, another author, a reviewer, an author who has left, a stranger.
WITH_JOB = {"can_steer": "xx....", "can_repeat": "xxx...", "can_resolve": "x....."}
WITH_CLIP = {
    "can_rename_clip": "xx....", "can_trash": "xx....", "can_purge": "x.....", "can_join": "xxx...", "can_review": "xxxx..",
}  # fmt: skip
# For an admin, the note's author, another author, a reviewer who is named in it, a stranger.
WITH_NOTE = {
    "can_change_note": ".x...", "can_remove_note": "xx...", "can_resolve_note": "xxxx.",
    "can_finish_task": "xx.x.",
}  # fmt: skip
BY_HAND = {
    "can_change_member", "can_decide_as_guest", "can_change_preset", "can_change_template", "can_use_template", "can_rename_project", "can_make_sign_in_link", "can_run_studio", "can_change_share", "can_change_endpoint", "can_change_board", "can_change_view",
    "can_change_cap", "can_ask_for_more", "can_decide_request",
}  # fmt: skip
TESTED = {*ALONE, *WITH_JOB, *WITH_CLIP, *WITH_NOTE, *BY_HAND}


def marks(answers):
    return "".join("x" if answer else "." for answer in answers)


def around(author):
    """An admin, that author, another author, a reviewer, and the admin of another team."""
    team = author.team
    return [
        make_member(Role.ADMIN, team=team), author, make_member(team=team),
        make_member(Role.REVIEWER, team=team), make_member(Role.ADMIN),
    ]  # fmt: skip


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

    def test_links_are_changed_by_who_made_them_and_admins_of_the_team(self):
        author = make_member()
        team, share = author.team, make_share(member=author)
        gone = make_member(team=team)
        share_of_gone = make_share(member=gone)
        gone.is_active = False
        asked = [
            make_member(Role.ADMIN, team=team), author, make_member(team=team),
            make_member(Role.REVIEWER, team=team), make_member(Role.ADMIN),
        ]  # fmt: skip
        assert marks(permissions.can_change_share(one, share) for one in asked) == "xx..."
        assert not permissions.can_change_share(gone, share_of_gone)

    def test_boards_are_changed_by_who_made_them_and_admins_of_the_team(self):
        board = Board.objects.create(
            team=(author := make_member()).team, name="Act I", created_by=author
        )
        assert marks(permissions.can_change_board(one, board) for one in around(author)) == "xx..."

    def test_views_of_the_team_are_changed_by_who_kept_them_and_admins(self):
        author = make_member()
        view = SavedView(
            team=author.team, project=make_project(author.team), author=author, is_private=False
        )
        assert marks(permissions.can_change_view(one, view) for one in around(author)) == "xx..."
        view.is_private = True
        assert marks(permissions.can_change_view(one, view) for one in around(author)) == ".x..."

    @pytest.mark.parametrize("name", WITH_NOTE)
    def test_by_role_and_note(self, name):
        author = make_member()
        take = make_take(make_job(JobStatus.SUCCEEDED, author=make_member(team=author.team)))
        note = Note.objects.create(clip=take.clip, take=take, member=author, text="Too dark")
        named = make_member(Role.REVIEWER, team=author.team)
        task = Mention.objects.create(note=note, member=named)
        members = [
            make_member(Role.ADMIN, team=author.team), author, make_member(team=author.team), named,
            make_member(Role.ADMIN),
        ]  # fmt: skip
        asked, row = getattr(permissions, name), task if "task" in name else note
        assert marks(asked(member, row) for member in members) == WITH_NOTE[name]

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

    def test_a_limit_is_changed_by_admins_and_one_of_the_studio_by_who_runs_it(self):
        admin = make_member(Role.ADMIN)
        asked = [admin, make_member(team=admin.team), make_member(Role.ADMIN)]
        for cap, expected in [(make_cap(admin), "x.."), (Cap(team=None), "x..")]:
            assert marks(permissions.can_change_cap(one, cap) for one in asked) == expected
            row = CapRequest(team=admin.team, cap=cap)
            assert marks(permissions.can_decide_request(one, row) for one in asked) == expected

    def test_more_is_asked_for_by_who_orders_for_what_stops_them(self):
        admin = make_member(Role.ADMIN)
        mine, other = (make_member(team=admin.team) for _ in range(2))
        reviewer, stranger = make_member(Role.REVIEWER, team=admin.team), make_member()
        asked = [mine, other, admin, reviewer, stranger]
        own = make_cap(admin, member=mine)
        for cap, expected in [(own, "x...."), (make_cap(admin), "xxx.."), (None, "xxx.x")]:
            assert marks(permissions.can_ask_for_more(one, cap) for one in asked) == expected
        granted = CapRequest(team=admin.team, cap=None)
        assert marks(permissions.can_decide_request(one, granted) for one in asked) == "..x.."

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

    def test_webhooks_are_changed_by_their_owner_and_those_of_the_team_by_admins(self):
        owner = make_member()
        asked = [
            owner, make_member(Role.ADMIN, team=owner.team), make_member(team=owner.team),
            make_member(Role.ADMIN),
        ]  # fmt: skip
        for for_team, expected in [(False, "x..."), (True, ".x..")]:
            row = make_endpoint(owner, for_team=for_team)
            assert marks(permissions.can_change_endpoint(one, row) for one in asked) == expected

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
