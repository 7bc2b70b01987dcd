"""Addresses that try to make the studio ask a machine that it should not reach; no test in itself.

After smokescreen's list, OWASP's SSRF cheat sheet and Svix' resolver. `{port}` is that of a server
on this machine which must never be asked.
"""

# ruff: noqa: RUF001, SIM905  (letters that look like others are the trick; one address a word)

import ipaddress

# Denied by the table, one of each row and some ends of the networks.
V4 = """
0.0.0.0 0.1.2.3 0.255.255.255 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200 100.127.255.255
127.0.0.1 127.1.2.3 127.255.255.254 168.63.129.16 169.254.0.1 169.254.169.254 169.254.170.2
172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.192 192.0.2.1 192.31.196.1 192.52.193.1 192.88.99.1
192.168.0.1 192.168.255.255 192.175.48.1 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9
224.0.0.1 239.1.1.1 239.255.255.255 240.0.0.1 254.1.1.1 255.255.255.255
""".split()
V6 = """
:: ::1 ::2 ::ffff:127.0.0.1 100::1 100:0:0:1::1 2001:1::1 2001:2::1 2001:10::1 2001:20::1
2001:db8::1 2620:4f:8000::1 3fff::1 3fff:0fff::1 4000::1 5f00::1 fc00::1 fd00:ec2::254
fdff:ffff::1 fe80::1 febf::1 fec0::1 ff02::1 ff02::2 ff0e::1 7fff::1 8000::1 e000::1 fb00::1
""".split()


def forms(address):
    """The same IPv4 address as C libraries read it."""
    number = int(ipaddress.IPv4Address(address))
    a, b, c, d = address.split(".")
    return [
        str(number), hex(number), f"0{number:o}", f"0X{number:X}",
        ".".join(hex(int(part)) for part in (a, b, c, d)),
        ".".join(f"0{int(part):o}" for part in (a, b, c, d)),
        f"{a}.{b}.{int(c) * 256 + int(d)}", f"{a}.{number & 0xFFFFFF}",
        f"0x{int(a):02x}.{b}.0{int(c):o}.{d}", f"0{int(a):04o}.{b}.{c}.{d}",
    ]  # fmt: skip


def embedded(address):
    """IPv6 addresses with this IPv4 address inside."""
    number = int(ipaddress.IPv4Address(address))
    high, low = number >> 16, number & 0xFFFF
    client = number ^ 0xFFFFFFFF
    return [
        f"::{address}", f"::ffff:{address}", f"::ffff:{high:x}:{low:x}", f"::ffff:0:{address}",
        f"64:ff9b::{address}", f"64:ff9b:1::{high:x}:{low:x}", f"2002:{high:x}:{low:x}::1",
        f"2001:0:{high:x}:{low:x}::1", f"2001:0:808:808::{client >> 16:x}:{client & 0xFFFF:x}",
        f"2a00:1450::5efe:{high:x}:{low:x}", f"2a00:1450::200:5efe:{high:x}:{low:x}",
    ]  # fmt: skip


TARGETS = ("127.0.0.1", "10.0.0.1", "169.254.169.254")

# Names, and what a hostile or careless name server says to them.
NAMES = {
    "localhost": ["::1", "127.0.0.1"],
    "localhost.": ["127.0.0.1"],
    "localtest.me": ["127.0.0.1"],
    "127.0.0.1.nip.io": ["127.0.0.1"],
    "metadata.google.internal": ["169.254.169.254"],
    "metadata.google.internal.": ["169.254.169.254"],
    "mixed.example": ["93.184.216.34", "10.0.0.1"],
    "mixed-first.example": ["10.0.0.1", "93.184.216.34"],
    "mixed6.example": ["2606:2800:220:1::1", "fd00::1"],
    "mapped.example": ["::ffff:10.0.0.1"],
    "nat64.example": ["64:ff9b::a00:1"],
    "sixtofour.example": ["2002:7f00:1::1"],
    "zone.example": ["fe80::1%lo"],
    "rebind.example": ["127.0.0.1"],
    "xn--lcalhost-54a.example": ["127.0.0.1"],
    "a.b.c.example": ["192.168.1.1"],
    "kubernetes.default.svc": ["10.96.0.1"],
    "redis": ["172.17.0.2"],
    "public.example": ["93.184.216.34"],
    "public6.example": ["2606:2800:220:1::1"],
}
# Tricks that make two readers of an address see two machines; elsewhere.example does not exist.
ODD = """
http://user:password@127.0.0.1:{port}/ http://elsewhere.example@127.0.0.1:{port}/
http://127.0.0.1:{port}@elsewhere.example:{port}/ http://elsewhere.example%40127.0.0.1:{port}/
http://elsewhere.example#@127.0.0.1:{port}/ http://127.0.0.1:{port}#@elsewhere.example/
http://127.0.0.1:{port}\\@elsewhere.example/ http://elsewhere.example\\@127.0.0.1:{port}/
http://127。0。0。1:{port}/ http://127．0．0．1:{port}/ http://127｡0｡0｡1:{port}/
http://１２７.0.0.1:{port}/ http://①②⑦.0.0.1:{port}/ http://ⓛocalhost:{port}/
http://loc\u00adalhost:{port}/ http://LOCALHOST:{port}/ http://localhost.:{port}/
http://127.0.0.1.:{port}/ http://127.0.0.1..:{port}/ http://0:{port}/ http://0x0:{port}/
http://127.1:{port}/ http://127.0.1:{port}/ http://0177.1:{port}/ http://0x7f.1:{port}/
http://[::1]:{port}/ http://[::1%25lo]:{port}/ http://[0:0:0:0:0:0:0:1]:{port}/
http://[::ffff:7f00:1]:{port}/ http://[::127.0.0.1]:{port}/ http://[fe80::1%25eth0]:{port}/
http:127.0.0.1:{port}/ http:///127.0.0.1:{port}/ http:/127.0.0.1:{port}/ //127.0.0.1:{port}/
HTTP://127.0.0.1:{port}/ https://127.0.0.1:{port}/ http://127.0.0.1:{port}?x=http://elsewhere.example/
http://%31%32%37.0.0.1:{port}/ http://127.0.0.1%00.elsewhere.example:{port}/
http://127.0.0.1%0d%0aHost:elsewhere.example:{port}/ http://127.0.0.1%20:{port}/
file:///etc/passwd file://127.0.0.1/etc/passwd gopher://127.0.0.1:{port}/_GET dict://127.0.0.1:{port}/
ftp://127.0.0.1:{port}/ ldap://127.0.0.1:{port}/ unix:///run/x.sock data:text/html,hello
ws://127.0.0.1:{port}/ jar:http://127.0.0.1:{port}/!/ http+unix://%2Frun%2Fx.sock/ about:blank
""".split()
# Refused for links that are given to us; an admin may choose such an address.
GIVEN_ONLY = """
http://public.example/ http://public6.example/ https://public.example:22/
https://public.example:25/ https://public.example:6379/ https://public.example:8080/
https://public6.example:5432/ https://public.example:9200/ http://public.example:11211/
""".split()

URLS = dict.fromkeys(
    [f"http://{address}:{{port}}/" for address in V4]
    + [f"http://[{address}]:{{port}}/" for address in V6]
    + [f"http://{form}:{{port}}/" for target in TARGETS for form in forms(target)]
    + [f"http://[{form}]:{{port}}/" for target in TARGETS for form in embedded(target)]
    + [f"https://{name}:{{port}}/" for name in NAMES if not name.startswith("public")]
    + ODD
)
