"""What a provider may say to an order, or not say, and what that means."""

import pytest

from studio.core.errors import (
    KeyRejected,
    Moderated,
    OutOfMoney,
    ProviderBusy,
    ProviderRejected,
)
from tests.providers.plain import brief
from tests.servers import Reply, free_port, said

ACCEPTED = said({"id": "order-1"})
HTML = Reply(body=b"<html>Bad gateway</html>", headers={"content-type": "text/html"})
# On the first sending: what the provider says → what that is.
REFUSALS = (
    (said({"message": "bad prompt"}, 400), ProviderRejected),
    (said({"message": "content policy"}, 400), Moderated),
    (said({"message": "who are you"}, 401), KeyRejected),
    (said({"message": "no money"}, 402), OutOfMoney),
    (said({"message": "not yours"}, 403), KeyRejected),
    (said({"message": "no such model"}, 404), ProviderRejected),
    (said({"message": "joint limits"}, 409), ProviderRejected),
    (said({"message": "too large"}, 413), ProviderRejected),
    (said({"message": "bad duration"}, 422), ProviderRejected),
    (said({"message": "slow down"}, 429, headers={"retry-after": "7"}), ProviderBusy),
)
# After these nobody knows, on a first sending as little as on a later one.
LOST = {
    "closed": Reply(cut=0),
    "reset": Reply(cut=0, reset=True),
    "truncated": Reply(body=b'{"id": "order-1"}', cut=9),
    "truncated, reset": Reply(body=b'{"id": "order-1"}', cut=9, reset=True),
    "half a head": Reply(raw=b"HTTP/1.1 200 OK\r\ncontent-"),
    "no http": Reply(raw=b"SSH-2.0-OpenSSH\r\n"),
    "broken json": Reply(body=b'{"id": "ord'),
    "html": HTML,
    "no id": said({}),
    "null": said(None),
    "list": said([1, 2]),
    "number": said(7),
    "empty": Reply(),
    "204": Reply(status=204),
    "302": Reply(status=302, headers={"location": "/elsewhere"}),
    "307": Reply(status=307, headers={"location": "/orders"}),
    "408": said({"message": "timeout"}, 408),
    "500": said({"message": "oops"}, 500),
    "500 that sounds like a refusal": said({"error": {"code": "invalid_request"}}, 500),
    "502": Reply(status=502, body=HTML.body),
    "503": said({"message": "no worker"}, 503, headers={"retry-after": "9"}),
    "504": Reply(status=504, body=HTML.body),
    "deep json": Reply(body=b"[" * 100_000),
    "not utf-8": Reply(body=b'{"id": "\xff\xfe"'),
}


def refused(provider, error, **fields):
    with pytest.raises(error) as caught:
        provider.submit(brief(**fields))
    assert type(caught.value) is error
    return caught.value


def nobody_listens(_):
    return f"http://127.0.0.1:{free_port()}"
