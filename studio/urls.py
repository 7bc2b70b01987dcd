"""Every address of the studio."""

from django.urls import path

from studio import admin
from studio.views import (
    budgets,
    clips,
    gallery,
    invitations,
    jobs,
    kept_drafts,
    lanes,
    live,
    media,
    orders,
    people,
    presets,
    profile,
    projects,
    providers,
    queue,
    rehearsals,
    settings,
    teams,
    uncertain,
    uploads,
    webhooks,
    welcome,
)
from studio.views.health import healthz

urlpatterns = [
    # The wall
    path("", gallery.wall, name="wall"),
    path("changes/", live.changes, name="changes"),
    path("director/", orders.director, name="director"),
    path("orders/", orders.order, name="order"),
    path("rehearsals/", rehearsals.rehearse, name="rehearse"),
    path("quote/", orders.quote, name="quote"),
    path("drafts/", kept_drafts.kept_draft, name="draft"),
    path("presets/<slug:kind>/", presets.add, name="presets"),
    path("presets/<int:pk>/rename/", presets.rename, name="preset-rename"),
    path("presets/<int:pk>/remove/", presets.remove, name="preset-remove"),
    # Jobs
    path("jobs/<int:pk>/cancel/", jobs.cancel, name="job-cancel"),
    path("jobs/<int:pk>/retry/", jobs.retry, name="job-retry"),
    path("jobs/<int:pk>/duplicate/", jobs.duplicate, name="job-duplicate"),
    path("jobs/<int:pk>/move/", jobs.move, name="job-move"),
    path("jobs/<int:pk>/edit/", orders.edit, name="job-edit"),
    path("jobs/<int:pk>/shoot/", rehearsals.shoot, name="job-shoot"),
    # Clips and the queue
    path("clips/<int:pk>/", clips.clip, name="clip"),
    path("queue/", queue.queue, name="queue"),
    path("queue/lanes/<slug:provider>/resume/", lanes.resume, name="lane-resume"),
    path("queue/uncertain/", uncertain.uncertain, name="uncertain"),
    path("queue/uncertain/<int:pk>/adopt/", uncertain.adopt, name="uncertain-adopt"),
    path("queue/uncertain/<int:pk>/resend/", uncertain.resend, name="uncertain-resend"),
    path("queue/uncertain/<int:pk>/fetch/", uncertain.fetch, name="uncertain-fetch"),
    path("queue/uncertain/<int:pk>/charge/", uncertain.charge, name="uncertain-charge"),
    path("queue/uncertain/<int:pk>/release/", uncertain.release, name="uncertain-release"),
    # Files
    path("media/<int:pk>/<str:name>", media.media, name="media"),
    path("media/decode_flow.py", media.decode_flow, name="decode-flow"),
    path("given/<str:token>/<str:name>", media.given, name="given"),
    path("frames/", uploads.frames, name="frames"),
    # The door
    path("sign-in/", people.sign_in, name="sign-in"),
    path("sign-in/forgotten/", people.forgotten, name="forgotten"),
    path("sign-out/", people.sign_out, name="sign-out"),
    path("door/<str:token>/", people.door, name="door"),
    path("join/<str:token>/", invitations.invitation, name="invitation"),
    # First run
    path("welcome/", welcome.account, name="welcome"),
    path("welcome/team/", welcome.team, name="welcome-team"),
    path("welcome/project/", welcome.project, name="welcome-project"),
    # Projects and teams of one's own
    path("projects/", projects.create, name="projects"),
    path("projects/switch/", projects.switch, name="switch-project"),
    path("projects/<int:pk>/", projects.rename, name="project-rename"),
    path("teams/switch/", teams.switch, name="switch-team"),
    # Settings
    path("settings/", settings.settings, name="settings"),
    path("settings/profile/", profile.profile, name="settings-profile"),
    path("settings/password/", profile.password, name="password"),
    path("settings/team/", teams.team, name="settings-team"),
    path("settings/team/invitations/", teams.invite, name="invite"),
    path("settings/team/invitations/<int:pk>/revoke/", teams.revoke, name="invitation-revoke"),
    path("settings/team/members/<int:pk>/role/", teams.change_role, name="member-role"),
    path("settings/team/members/<int:pk>/let-go/", teams.let_go, name="member-let-go"),
    path("settings/team/members/<int:pk>/link/", teams.sign_in_link, name="member-link"),
    path("settings/projects/", projects.index, name="settings-projects"),
    path("settings/providers/", providers.providers, name="settings-providers"),
    path("settings/providers/price/", providers.set_price, name="price"),
    path("settings/providers/price/preview/", providers.preview, name="price-preview"),
    path("settings/providers/rate/", providers.set_rate, name="rate"),
    path("settings/providers/test/", providers.test_accounts, name="test-accounts"),
    path("settings/providers/<slug:slug>/", providers.change_account, name="account"),
    path("settings/providers/<slug:slug>/key/", providers.remove_key, name="account-key"),
    path("settings/budget/", budgets.budget, name="settings-budget"),
    path("settings/budget/grant/", budgets.grant, name="grant"),
    # For machines
    path("in/<slug:provider>/<str:secret>/", webhooks.webhook, name="webhook"),
    path("healthz", healthz, name="healthz"),
    # Raw rows
    path("admin/", admin.site.urls),
]
