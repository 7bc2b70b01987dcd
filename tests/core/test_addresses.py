import ipaddress

import pytest

from studio.core.addresses import barred, is_allowed, parsed
from tests.storage.corpus import TARGETS, V4, V6, embedded

PUBLIC = (
    "1.1.1.1", "8.8.8.8", "93.184.216.34", "9.255.255.255", "11.0.0.0", "100.63.255.255",
    "100.128.0.0", "126.255.255.255", "128.0.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0",
    "192.167.255.255", "198.17.255.255", "198.20.0.0", "223.255.255.255",
    "2606:2800:220:1:248:1893:25c8:1946", "2a00:1450:4001::1", "2400:cb00::1", "3ffe:ffff::1",
    "2001:200::1", "2001:4860:4860::8888", "2a00:1450::5efe:101:101",
)  # fmt: skip


def nets(*texts):
    return [ipaddress.ip_network(text) for text in texts]


class TestBarred:
    @pytest.mark.parametrize("text", PUBLIC)
    def test_public_addresses_are_open(self, text):
        assert barred(parsed(text)) == ""

    @pytest.mark.parametrize("text", [*V4, *V6, *(e for t in TARGETS for e in embedded(t))])
    def test_everything_else_says_what_it_is(self, text):
        assert barred(parsed(text))

    @pytest.mark.parametrize("text", ["64:ff9b::1.1.1.1", "2002:101:101::1", "::ffff:1.1.1.1"])
    def test_a_public_address_in_another_form_is_closed_as_well(self, text):
        assert barred(parsed(text)) == "an IPv4 address in another form"

    def test_zone_says_nothing(self):
        assert barred(parsed("fe80::1%eth0")) == "the local link"


class TestExceptions:
    @pytest.mark.parametrize(
        ("text", "network"),
        [
            ("127.0.0.1", "127.0.0.0/8"),
            ("10.1.2.3", "10.1.0.0/16"),
            ("::1", "::1/128"),
            ("fd00::7", "fd00::/8"),
            ("64:ff9b::1.1.1.1", "64:ff9b::/96"),
        ],
    )
    def test_open_what_they_name(self, text, network):
        assert barred(parsed(text))
        assert barred(parsed(text), allowed=nets(network)) == ""
        assert is_allowed(parsed(text), nets(network))

    @pytest.mark.parametrize(
        ("text", "network"),
        [
            ("10.2.0.1", "10.1.0.0/16"),
            ("::ffff:127.0.0.1", "127.0.0.0/8"),
            ("64:ff9b::10.0.0.1", "64:ff9b::/96"),
            ("2002:7f00:1::1", "2002::/16"),
            ("127.0.0.1", "::/0"),
        ],
    )
    def test_open_nothing_else(self, text, network):
        assert barred(parsed(text), allowed=nets(network))

    def test_opens_both_only_where_both_are_named(self):
        allowed = nets("64:ff9b::/96", "10.0.0.0/8")
        assert barred(parsed("64:ff9b::10.0.0.1"), allowed=allowed) == ""
