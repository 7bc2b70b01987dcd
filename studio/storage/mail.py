"""One letter given to the mail server, such that it is known from when on it may be on its way."""

import smtplib
from collections.abc import Callable
from contextlib import suppress

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address

from studio.core.errors import MaybeMailed, NotMailed

TAKEN = {250, 251}
LONGEST_WORDS = 200


def send(letter: EmailMessage, *, before: Callable[[], bool]) -> None:
    """Everything but the text is agreed on first; `before` then says whether it may still be sent.

    Raises NotMailed, also when `before` says no, and MaybeMailed.
    """
    backend = EmailBackend()
    try:
        backend.open()
    except OSError as error:  # all of smtplib's are such
        raise NotMailed(f"The mail server can not be reached: {error}"[:LONGEST_WORDS]) from error
    server = backend.connection
    assert server, "it opened"
    try:
        _give(server, letter, before)
    finally:
        with suppress(OSError):  # whether it says goodbye changes nothing
            backend.close()


def _give(server: smtplib.SMTP, letter: EmailMessage, before: Callable[[], bool]) -> None:
    text = letter.message().as_bytes(linesep="\r\n")
    try:
        server.ehlo_or_helo_if_needed()
        _agree(*server.mail(sanitize_address(letter.from_email, "utf-8")))
        for person in letter.recipients():
            _agree(*server.rcpt(sanitize_address(person, "utf-8")))
    except (OSError, ValueError) as error:
        raise NotMailed(f"The mail server hung up: {error}"[:LONGEST_WORDS]) from error
    if not before():
        raise NotMailed("Another worker has it.")
    answer: tuple[int, bytes | str]
    try:
        answer = server.data(text)
    except smtplib.SMTPDataError as error:  # it did not even want to hear the text
        answer = (error.smtp_code, error.smtp_error)
    except OSError as error:
        raise MaybeMailed(
            f"The mail server did not say whether it has it: {error}"[:LONGEST_WORDS]
        ) from error
    _agree(*answer)


def _agree(code: int, words: bytes | str) -> None:
    if code not in TAKEN:
        said = words.decode(errors="replace") if isinstance(words, bytes) else words
        sentence = f"The mail server said {code}: {said}"[:LONGEST_WORDS]
        raise NotMailed(sentence, permanent=code >= 500)
