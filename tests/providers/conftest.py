"""What the tests of providers share with those of outgoing requests."""

from tests.storage.conftest import authority, connections, loopback, names  # noqa: F401  (fixtures)
