"""Links in a text, by the rules of twitter-text: with a protocol, or bare when they end in a known top-level domain.

The rules are those that the conformance suite of twitter-text describes
(https://github.com/twitter/twitter-text/tree/master/conformance); the code is ours and runs in linear time.
"""

import re
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import NamedTuple

LATIN = (
    "\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff\u0100-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268\u026f\u0272"
    "\u0289\u028b\u02bb\u0300-\u036f\u1e00-\u1eff"
)
"""Accented Latin letters, as the body of a character class."""

_DIRECTIONS = "\u202a-\u202e\u061c\u200e\u200f\u2066-\u2069"
_NOT_IN_DOMAIN = r"!'#%&()*+,\\/:;<=>?@\[\]^{|}~$\s\x00-\x1f\u200b\ufffe\ufeff\uffff" + _DIRECTIONS
_PROTOCOL = re.compile(
    rf"(?<![A-Za-z0-9@＠$#＃\ufffe\ufeff\uffff])https?://([^{_NOT_IN_DOMAIN}]{{1,4096}})", re.IGNORECASE
)
_BARE = re.compile(
    rf"(?<![A-Za-z0-9@＠$#＃_./{LATIN}\-])[A-Za-z0-9{LATIN}][A-Za-z0-9{LATIN}\-]*(?:\.[A-Za-z0-9{LATIN}\-]+)+",
)
_PORT = re.compile(r":[0-9]+")
_PATH_CHARS = rf"[a-zA-Z0-9\u0400-\u04ff{LATIN}!*';:=+,.$/%#\[\]\-\u2013_~@|&]"
_PATH = re.compile(
    rf"/(?:{_PATH_CHARS}+|\({_PATH_CHARS}+\)|\({_PATH_CHARS}*\({_PATH_CHARS}+\){_PATH_CHARS}*\))*",
)
_PATH_END = re.compile(rf"[a-zA-Z0-9\u0400-\u04ff{LATIN}=_#/+\-)]")
_QUERY = re.compile(r"\?[a-zA-Z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]+")
_QUERY_END = re.compile(r"[a-zA-Z0-9\-_&=#/]")
_T_CO = re.compile(
    r"https?://t\.co/([a-z0-9]+)(?:\?[a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*[a-z0-9\-_&=#/])?", re.IGNORECASE
)
_LABEL = re.compile(r"(?![_-])[^.]*(?<![_-])")
_TLD_STEM = re.compile(r"xn--[\-0-9a-z]+|[a-z0-9]+", re.IGNORECASE)
_AFTER_TLD = re.compile(r"[^0-9a-zA-Z@+\-]")
_LONGEST_LABEL = 63
_LONGEST_T_CO_SLUG = 40


class Link(NamedTuple):
    """A link at [start, end) of the text. `host` is as written."""

    url: str
    host: str
    start: int
    end: int


@cache
def _top_level_domains() -> frozenset[str]:
    return frozenset(resources.files("pipelines.data").joinpath("tlds.txt").read_text(encoding="utf-8").split())


def _can_be_encoded(label: str) -> bool:
    """Say whether a label is short enough for the DNS, and no broken punycode."""
    if label.isascii():
        return len(label) <= _LONGEST_LABEL
    return not label.lower().startswith("xn--") and len(b"xn--" + label.encode("punycode")) <= _LONGEST_LABEL


def _host_length(run: str, following: str) -> int:
    """Return how much of `run` is a host that ends in a top-level domain, 0 if none.

    `following` is the character behind `run`.
    """
    labels = run.split(".")
    longest = position = 0
    for index, label in enumerate(labels):
        last = index == len(labels) - 1
        stem = _TLD_STEM.match(label)
        tld = stem[0] if stem else label
        next_char = label[len(tld) :][:1] or ("." if not last else following)
        is_name = index > 0 and "_" not in labels[index - 1]
        is_tld = tld.lower() in _top_level_domains() or tld.lower().startswith("xn--")
        if is_name and is_tld and (not next_char or _AFTER_TLD.match(next_char)):
            longest = position + len(tld)
        if not label or _LABEL.fullmatch(label) is None or not _can_be_encoded(label):
            break
        position += len(label) + 1
    return longest


def _trimmed(text: str, start: int, end: int, ending: re.Pattern[str]) -> int:
    while end > start and ending.match(text, end - 1) is None:
        end -= 1
    return end


def _end_of_tail(text: str, position: int) -> int:
    """Return where port, path and query end that follow a host at `position`."""
    if port := _PORT.match(text, position):
        position = port.end()
    if path := _PATH.match(text, position):
        position = max(_trimmed(text, position, path.end(), _PATH_END), position + 1)
    if query := _QUERY.match(text, position):
        end = _trimmed(text, position + 1, query.end(), _QUERY_END)
        position = end if end > position + 1 else position
    return position


def _with_protocol(text: str) -> Iterator[Link]:
    end = 0
    for match in _PROTOCOL.finditer(text):
        start, host_start = match.start(), match.start(1)
        if start < end:
            continue
        length = _host_length(match[1], text[match.end() : match.end() + 1])
        if not length:
            continue
        end = _end_of_tail(text, host_start + length)
        if short := _T_CO.match(text, start, end):
            if len(short[1]) > _LONGEST_T_CO_SLUG:
                continue
            end = short.end()
        yield Link(text[start:end], text[host_start : host_start + length], start, end)


def _ends_a_sentence(host: str) -> bool:
    """Say whether `host` is two sentences without a space between them ("à Nogaro.La suite") and no domain."""
    tld = host.rpartition(".")[2]
    return tld[:1].isupper() and tld[1:].islower()


def _bare(text: str) -> Iterator[Link]:
    for match in _BARE.finditer(text):
        start = match.start()
        length = _host_length(match[0], text[match.end() : match.end() + 1])
        host = match[0][:length]
        if length and not _ends_a_sentence(host):
            end = _end_of_tail(text, start + length)
            yield Link(text[start:end], host, start, end)


def links_in(text: str) -> list[Link]:
    """Return the links of `text` in order, none overlapping another."""
    if "." not in text:
        return []
    kept: list[Link] = []
    for link in sorted([*_with_protocol(text), *_bare(text)], key=lambda link: link.start):
        if not kept or link.start >= kept[-1].end:
            kept.append(link)
    return kept


def domain_of(url: str) -> str:
    """Return the host of `url` in lower case, without protocol, user, port and `www.`."""
    host = re.split(r"[/?#]", re.sub(r"^[a-z][a-z0-9+.\-]*://", "", url.strip(), flags=re.IGNORECASE), maxsplit=1)[0]
    return host.rpartition("@")[2].partition(":")[0].lower().removeprefix("www.")
