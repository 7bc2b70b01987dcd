"""Every address of the studio."""

from django.contrib import admin
from django.urls import path

from studio.views import gallery, live, media, uploads
from studio.views.health import healthz

urlpatterns = [
    # The wall
    path("", gallery.wall, name="wall"),
    path("changes/", live.changes, name="changes"),
    # Clips and the queue
    path("clips/<int:pk>/", gallery.wall, name="clip"),
    path("queue/", gallery.wall, name="queue"),
    # Files
    path("media/<int:pk>/<str:name>", media.media, name="media"),
    path("frames/", uploads.frames, name="frames"),
    # People and settings
    path("sign-in/", gallery.wall, name="sign-in"),
    path("sign-out/", gallery.wall, name="sign-out"),
    path("settings/", gallery.wall, name="settings"),
    path("settings/profile/", gallery.wall, name="settings-profile"),
    path("settings/budget/", gallery.wall, name="settings-budget"),
    # For machines
    path("healthz", healthz, name="healthz"),
    # Raw rows
    path("admin/", admin.site.urls),
]
