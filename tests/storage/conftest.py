"""What the tests of outgoing requests share."""

import ssl

import pytest
import trustme

from studio.storage import reach
from studio.storage.outbound import authorities
from tests.storage import network


@pytest.fixture
def names(monkeypatch):
    """Names of tests/storage/corpus.py; no name server is asked."""
    monkeypatch.setattr(reach, "lookup", network.lookup)


@pytest.fixture
def connections():
    with network.Connections() as seen:
        yield seen


@pytest.fixture
def loopback(settings):
    """Servers on 127.0.0.1 may be asked, and nothing else of this machine."""
    settings.ALLOW_PRIVATE = ["127.0.0.1/32"]


@pytest.fixture
def authority(monkeypatch, tmp_path):
    """One that the studio trusts for as long as the test lasts."""
    made = trustme.CA()
    made.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    authorities.cache_clear()
    yield made
    authorities.cache_clear()


def served_by(authority, *names):
    """What a server needs to prove that it has these names."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    return context
