"""Where we may go: tables, because the traps are in the particular cases."""

from contextlib import suppress
from ipaddress import ip_address

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.errors import ForbiddenAddress
from watcher.fetch.address import is_allowed, is_same_service, web_address

PUBLIC = """
    93.184.216.34  1.1.1.1  2606:4700:4700::1111  2a01:cb00::1
    ::ffff:93.184.216.34  64:ff9b::5db8:d822  2002:5db8:d822::1
""".split()

INSIDE = """
    0.0.0.0  10.0.0.1  100.64.0.1  100.127.255.254  169.254.169.254  172.16.0.1  172.31.255.255  192.0.0.8
    192.0.2.1  192.88.99.1  192.168.1.1  198.18.0.1  198.51.100.1  203.0.113.9  224.0.0.1  239.255.255.250
    240.0.0.1  255.255.255.255
    ::  fc00::1  fd00:ec2::254  fe80::1  fe80::1%eth0  fec0::1  ff02::1  ::7f00:1  100::1  2001::1  2001:db8::1  3fff::1
    64:ff9b:1::a00:1  5f00::1
    ::ffff:10.0.0.1  ::ffff:169.254.169.254  64:ff9b::a9fe:a9fe  64:ff9b::a00:1  2002:a00:1::  2002:a9fe:a9fe::
    2002:6440:1::
""".split()

LOOPBACK = "127.0.0.1  127.8.9.10  ::1  ::ffff:127.0.0.1  64:ff9b::7f00:1  2002:7f00:1::".split()


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_allowed(address: str) -> None:
    assert is_allowed(ip_address(address), allow_loopback=False)


@pytest.mark.parametrize("allow_loopback", [False, True])
@pytest.mark.parametrize("address", INSIDE)
def test_an_inside_address_is_refused_whatever_the_setting(address: str, *, allow_loopback: bool) -> None:
    assert not is_allowed(ip_address(address), allow_loopback=allow_loopback)


@pytest.mark.parametrize("address", LOOPBACK)
def test_loopback_needs_the_setting(address: str) -> None:
    assert not is_allowed(ip_address(address), allow_loopback=False)
    assert is_allowed(ip_address(address), allow_loopback=True)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("file:///etc/passwd", "https://"),
        ("ftp://example.org/feed", "https://"),
        ("gopher://example.org/", "https://"),
        ("//example.org/feed", "https://"),
        ("example.org/feed", "https://"),
        ("https:///feed", "https://"),
        ("https://example.org:99999/", "port 99999"),
        ("https://example.org:0/", "port 0"),
        ("https://example.org:abc/", "valable"),
        ("http://0177.0.0.1/", "valable"),
        ("https://moi:hunter2@example.org/", "mot de passe"),
        ("https://example.org/\ud800", "valable"),
        ("", "https://"),
    ],
)
def test_what_is_no_plain_web_address_is_refused_in_french(text: str, sentence: str) -> None:
    with pytest.raises(ForbiddenAddress, match=sentence) as refusal:
        web_address(text)
    assert "hunter2" not in str(refusal.value)


def test_a_redirection_may_not_leave_encryption() -> None:
    with pytest.raises(ForbiddenAddress, match="non chiffrée"):
        web_address("http://example.org/feed", base=httpx.URL("https://example.org/"))


def test_a_relative_redirection_is_read_from_where_we_are() -> None:
    assert web_address("../b?c=1", base=httpx.URL("https://example.org/a/x")) == "https://example.org/b?c=1"


@given(text=st.text(), base=st.sampled_from([None, httpx.URL("https://example.org/a")]))
def test_any_text_is_an_address_or_a_refusal(text: str, base: httpx.URL | None) -> None:
    with suppress(ForbiddenAddress):
        assert web_address(text, base).scheme in ("http", "https")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("https://example.org/a", "https://example.org/b", True),
        ("http://example.org/", "https://example.org/", True),
        ("https://EXAMPLE.org/", "https://example.org:443/", True),
        ("https://example.org/", "https://www.example.org/", False),
        ("https://example.org/", "https://example.org:8443/", False),
        ("https://example.org/", "https://example.org.evil.example/", False),
    ],
)
def test_a_key_stays_with_its_service(one: str, other: str, *, expected: bool) -> None:
    assert is_same_service(httpx.URL(one), httpx.URL(other)) is expected
