"""A client's link with real files behind it, and who comes by it."""

from dataclasses import dataclass
from pathlib import Path

from django.core import signing
from django.test import Client
from django.urls import reverse

from studio.models import Guest, Share, Take
from studio.pipeline.assets import stored
from studio.views import guest_access
from tests.factories import (
    TAKE_FILES,
    make_guest,
    make_job,
    make_order,
    make_price,
    make_take,
)

STILLS = {"poster", "strip", "last_frame"}

# Words that stand nowhere else: in the prompt, its settings, its maker.
PROMPT = "Zanzibar heron over quartz. Vermilion dusk."
WORDS = ("Zanzibar", "heron", "quartz", "Vermilion")


def make_links_take(film: Path, **job) -> Take:
    """A take whose video is this film, and whose other files are there, too."""
    make_price()
    row = make_job("succeeded", order=make_order(prompt=PROMPT, seed=918273), **job)
    still = film.with_name("still.webp")
    still.write_bytes(b"RIFF a picture")
    whole = {part: still if part in STILLS else film for part in TAKE_FILES}
    files = {part: stored(row, TAKE_FILES[part], path) for part, path in whole.items()}
    return make_take(row, frames=12, seconds="0.5", **files)


def cookie_of(guest: Guest, share: Share | None = None) -> str:
    """What the guest's browser has, made for their own link or for another one."""
    mark = guest_access._mark(share or guest.share)
    return signing.dumps([guest.secret, mark], salt=guest_access.SALT)


@dataclass
class Visitor:
    """A browser that has opened a link; `guest` is who its cookie says it is."""

    share: Share
    client: Client
    guest: Guest | None = None

    def address(self, page: str = "", *args: object) -> str:
        name = f"guest-{page}" if page else "guest"
        return reverse(name, args=[self.share.address_token, *args])

    def get(self, page: str = "", *args: object, query: str = "", **headers):
        return self.client.get(self.address(page, *args) + query, **headers)

    def post(self, page: str = "", *args: object, **data):
        return self.client.post(self.address(page, *args), data)


def visitor(share: Share, *, known: bool = True) -> Visitor:
    client = Client()
    if not known:
        return Visitor(share, client)
    guest = make_guest(share)
    client.cookies[guest_access.COOKIE] = cookie_of(guest)
    return Visitor(share, client, guest)


def body(response) -> bytes:
    return response.getvalue() if response.streaming else response.content
