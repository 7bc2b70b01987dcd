"""How an order stands, of what an answer says about one video."""

from typing import Any

from studio.core.spec import is_link
from studio.core.wire import Response, Result, Update, Verdict
from studio.dialects.base import Dialect, raw_of
from studio.dialects.errors import code_of, failed, message_of


def of_one_video(
    dialect: Dialect,
    response: Response,
    verdict: Verdict | None,
    *,
    url: str = "",
    error: Any = None,
    charge: int | None = None,
) -> Update:
    """A word that nobody knows (None) means that it is still running, under a deadline.

    So does a success without a link: links come late at times, and a success without a file is
    none. The answer is kept for the admin.
    """
    raw = raw_of(response)
    if verdict == Verdict.FAILED:
        said, code = message_of(error), code_of(error)
        own = dialect.failures
        return failed(dialect.label, said, code=code, raw=raw, charge=charge, codes=own)
    if verdict == Verdict.SUCCEEDED and is_link(url):
        results = (Result(index=0, links={"video": url}),)
        return Update(verdict=verdict, results=results, charge=charge, raw=raw)
    known = verdict == Verdict.RUNNING
    return Update(verdict=Verdict.RUNNING, raw="" if known else raw)
