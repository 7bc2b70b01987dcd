"""How long a quote takes, over HTTP from a running studio with every provider priced.

    python -m tests.benchmarks.quote [--quotes 200]

Each quote is a change of the director's form as a browser sends it: the price at every model, the
bill, the rehearsal and what the model leaves out. In turns with it the same server is asked for
/healthz, on a connection kept open like the other one. The goal is a p95 below 200 ms.
"""

import argparse
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 60
KEYS = ("AIMLAPI", "TRINETRA", "OCTOPUSX", "RUNWARE", "TRANSEND")
TYPED = {
    "dock": "director", "model": "runware/klingai:6@1", "drawn_for": "runware/klingai:6@1",
    "prompt": "Slow glide down the ice nave as the first warm light reaches the floor.",
    "negative_prompt": "text, watermark", "duration": "5", "aspect": "16:9", "resolution": "720p",
    "cfg": "0.7", "count": "1", "format": "mp4", "quality": "95",
}  # fmt: skip


def prepare():
    """Prices for every model and a signed-in author; prints the cookie of the session."""
    import django

    django.setup()
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.utils import timezone

    from studio.forms.orders import all_capabilities
    from studio.models import Member, Per, PriceVersion

    now = timezone.now()
    for able in all_capabilities()[1:]:
        PriceVersion.objects.create(
            provider=able.provider, model=able.model, per=Per.SECOND, amount=7_000_000,
            valid_from=now, source="benchmark", checked_on=now.date(),
        )  # fmt: skip
    user = Member.objects.select_related("user").first().user
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    print(f"{settings.SESSION_COOKIE_NAME}={session.session_key}")


class Asker:
    """One connection that stays open; `times` are seconds from the request to the whole answer."""

    def __init__(self, port):
        self.line = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
        self.times = []

    def ask(self, method, path, body=None, headers=None):
        begun = time.perf_counter()
        self.line.request(method, path, body, headers or {})
        answer = self.line.getresponse()
        text = answer.read()
        self.times.append(time.perf_counter() - begun)
        assert answer.status == 200, (answer.status, text[:300])
        return text.decode()


def measure(port, session, quotes):
    page = Asker(port).ask("GET", "/director/", headers={"Cookie": session})
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    headers = {
        "Cookie": f"{session}; csrftoken={token}", "X-CSRFToken": token, "HX-Request": "true",
        "Content-Type": "application/x-www-form-urlencoded", "Host": f"127.0.0.1:{port}",
    }  # fmt: skip
    quote, floor = Asker(port), Asker(port)
    for number in range(quotes + 10):
        typed = {**TYPED, "duration": "5" if number % 2 else "10", "count": str(1 + number % 4)}
        said = quote.ask("POST", "/quote/", urlencode(typed), headers)
        assert f"{7 * int(typed['duration']) * int(typed['count'])} cr" in said, said[:500]
        floor.ask("GET", "/healthz")
    return quote.times[10:], floor.times[10:]


def wait_for(port):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            Asker(port).ask("GET", "/healthz")
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def p95(times):
    return statistics.quantiles(times, n=20)[-1]


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quotes", type=int, default=200)
    parser.add_argument("--prepare", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.prepare:
        prepare()
        return
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="dailies-quote-") as folder:
        environment = {
            **os.environ, **{f"{name}_API_KEY": "a key" for name in KEYS},
            "DAILIES_DATA": folder, "DJANGO_SETTINGS_MODULE": "studio.settings",
        }  # fmt: skip
        command = [sys.executable, "manage.py", "up", "--port", str(port)]
        studio = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
        try:
            wait_for(port)
            ready = [sys.executable, "-m", "tests.benchmarks.quote", "--prepare"]
            done = subprocess.run(
                ready, cwd=ROOT, env=environment, check=True, capture_output=True, text=True
            )
            quotes, floors = measure(port, done.stdout.strip(), asked.quotes)
        finally:
            studio.send_signal(signal.SIGINT)
            studio.wait()
    quote, floor = p95(quotes), p95(floors)
    print(f"healthz  p95 {1000 * floor:6.1f} ms, median {1000 * statistics.median(floors):6.1f} ms")
    print(f"quote    p95 {1000 * quote:6.1f} ms, median {1000 * statistics.median(quotes):6.1f} ms")
    print(f"p95 of a quote is {quote / floor:.1f}× of healthz (goal: below 200 ms)")


if __name__ == "__main__":
    main()
