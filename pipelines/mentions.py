"""Mentions in a text: twitter-text's rules, widened for the platforms whose handles hold dots or a server's name."""

import re
from typing import NamedTuple

from pipelines.links import LATIN

_X_HANDLE = re.compile(r"[@＠]([A-Za-z0-9_]{1,20})(?:/[A-Za-z][A-Za-z0-9_\-]{0,24})?")
_DOTTED_HANDLE = re.compile(r"[@＠]([A-Za-z0-9_](?:[A-Za-z0-9_.\-]{0,251}[A-Za-z0-9_])?)")
_FEDERATED_HANDLE = re.compile(
    r"[@＠]([A-Za-z0-9_](?:[A-Za-z0-9_.\-]*[A-Za-z0-9_])?(?:@[A-Za-z0-9.\-]+\.[A-Za-z]{2,})?)"
)
_HANDLE_BY_PLATFORM = {
    "mastodon": _FEDERATED_HANDLE,
    "bluesky": _DOTTED_HANDLE,
    "instagram": _DOTTED_HANDLE,
    "threads": _DOTTED_HANDLE,
    "tiktok": _DOTTED_HANDLE,
    "facebook": _DOTTED_HANDLE,
    "youtube": _DOTTED_HANDLE,
}
_BEFORE = re.compile(r"[^A-Za-z0-9_!#$%&*@＠]")
_RETWEET = re.compile(r"(?:^|[^A-Za-z0-9_+~.\-])rt:?$", re.IGNORECASE)
_BREAKS_AFTER = re.compile(rf"[@＠{LATIN}]|://")


class Mention(NamedTuple):
    """A mention at [start, end) of the text, sign included; `handle` is without it."""

    handle: str
    start: int
    end: int


def mentions_in(text: str, platform: str = "") -> list[Mention]:
    """Return the mentions of `text` in order. An unknown platform gets the rules of twitter-text."""
    if "@" not in text and "＠" not in text:
        return []
    found = []
    for match in _HANDLE_BY_PLATFORM.get(platform, _X_HANDLE).finditer(text):
        start = match.start()
        is_free = start == 0 or _BEFORE.match(text, start - 1) or _RETWEET.search(text, max(0, start - 4), start)
        if is_free and not _BREAKS_AFTER.match(text, match.end(1)):
            found.append(Mention(match[1], start, match.end(1)))
    return found
