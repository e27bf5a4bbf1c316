"""Where we may go: pure rules, applied to every address of a name and to every hop of a redirection.

`ipaddress.is_global` alone is not enough: it changed between Python versions, and it calls the NAT64 and 6to4 forms
of 127.0.0.1 global. So the wrappers are taken off first, and what is left must be global *unicast*.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

import httpx

from watcher.errors import ForbiddenAddress

Address = IPv4Address | IPv6Address

_NAT64 = IPv6Network("64:ff9b::/96")
_GLOBAL_UNICAST_V6 = IPv6Network("2000::/3")
# Inside 2000::/3, yet no host of the web: IETF protocols and Teredo (RFC 2928), documentation (RFC 3849, RFC 9637).
_RESERVED_V6 = tuple(IPv6Network(net) for net in ("2001::/23", "2001:db8::/32", "3fff::/20"))
# Called global by some Python versions: shared space (RFC 6598), IETF protocols (RFC 6890), 6to4 relays (RFC 7526).
_RESERVED_V4 = tuple(IPv4Network(net) for net in ("100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24"))


def is_allowed(address: Address, *, allow_loopback: bool) -> bool:
    """Say whether `address` is a host of the public internet, or loopback where the tests and the demo allow it."""
    inner = _unwrapped(address)
    if inner.is_loopback:
        return allow_loopback
    if isinstance(inner, IPv4Address):
        is_unicast = not inner.is_multicast and not inner.is_reserved
        return is_unicast and inner.is_global and not any(inner in net for net in _RESERVED_V4)
    return inner in _GLOBAL_UNICAST_V6 and inner.is_global and not any(inner in net for net in _RESERVED_V6)


def _unwrapped(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 one carries (mapped, NAT64, 6to4), or the address itself."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(address.packed[-4:])
    return address.ipv4_mapped or address.sixtofour or address


def web_address(text: str, base: httpx.URL | None = None) -> httpx.URL:
    """Return the URL that `text` names, seen from `base` when it is the target of a redirection.

    Raises `ForbiddenAddress` for what is not a plain http or https URL, for a password inside it, and for a
    redirection from https down to http. The messages name the host only: a query may hold a key.
    """
    try:
        url = base.join(text) if base else httpx.URL(text)
        port = url.port
    except (httpx.InvalidURL, ValueError) as cause:
        raise ForbiddenAddress("l'adresse n'est pas une adresse web valable") from cause
    if url.scheme not in ("http", "https") or not url.host:
        raise ForbiddenAddress(f"l'adresse doit commencer par https:// ou http://, pas par « {url.scheme[:20]}: »")
    if port is not None and not 0 < port < 2**16:
        raise ForbiddenAddress(f"le port {port} de {url.host} n'existe pas")
    if url.userinfo:
        raise ForbiddenAddress(f"l'adresse de {url.host} contient un mot de passe : il ne doit pas y figurer")
    if base and base.scheme == "https" and url.scheme == "http":
        raise ForbiddenAddress(f"{base.host} redirige vers une adresse non chiffrée (http) de {url.host}")
    return url


def is_same_service(one: httpx.URL, other: httpx.URL) -> bool:
    """Say whether a key for `one` may be sent to `other`: same host and port (http may have become https)."""
    return (one.host, one.port) == (other.host, other.port)
