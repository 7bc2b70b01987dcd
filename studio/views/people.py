"""The door: signing in and out, invitations, passwords."""

from django.http import HttpRequest, HttpResponse


def locked_out(request: HttpRequest, credentials: object = None, *_: object) -> HttpResponse:
    return HttpResponse("Too many tries.", status=429)
