"""A real SMTP server on loopback, which takes letters or does not, as it is told.

with PostOffice() as office:
    ...  # office.url, office.letters; office.says = {"DATA": "451 Later"}
"""

import email
import email.policy
from contextlib import contextmanager

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP


class PostOffice:
    """`says` is an answer instead of the usual one, by the command that it is for."""

    def __init__(self):
        self.letters = []
        self.says = {}
        self.hangs_up = set()

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        if "MAIL" in self.hangs_up:
            server.transport.abort()
        if "MAIL" in self.says:
            return self.says["MAIL"]
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if "RCPT" in self.says:
            return self.says["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if "DATA" in self.says:
            return self.says["DATA"]
        letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.letters.append((envelope.rcpt_tos, letter))
        if "DATA" in self.hangs_up:  # it has the letter, and never says so
            server.transport.abort()
        return "250 Taken"


class _Port(Controller):
    def factory(self):
        return SMTP(self.handler, hostname="post.example")

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]  # the system has chosen it
        super()._trigger_server()


@contextmanager
def post_office():
    office = PostOffice()
    port = _Port(office, hostname="127.0.0.1", port=0)
    port.start()
    office.port = port.port
    try:
        yield office
    finally:
        port.stop()
