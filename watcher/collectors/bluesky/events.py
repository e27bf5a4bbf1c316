"""Frames of Jetstream, in either wire format → what happened, when. Pure.

v1 (`/subscribe`) and v2 (`/xrpc/network.bsky.jetstream.subscribeEvents`) tell the same things in other places; both
take back a time in microseconds as a cursor: github.com/bluesky-social/jetstream, docs/README.md and lexicons.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from watcher.errors import Unreachable
from watcher.wire import mapping_of

POSTS = "app.bsky.feed.post"

STILL_THERE = frozenset({"desynchronized", "throttled"})
"""An account that is inactive for one of these has not left: its server is in trouble."""

_V2_KIND = "network.bsky.jetstream.subscribeEvents#"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST_US = 4_000_000_000_000_000


@dataclass(frozen=True, slots=True)
class PostWritten:
    """A post of `did` was created, or changed where `is_edit`. `record` is what was written, not yet checked."""

    did: str
    rkey: str
    record: Mapping[str, Any]
    is_edit: bool

    @property
    def uri(self) -> str:
        """The post's name for ever."""
        return at_uri(self.did, self.rkey)


@dataclass(frozen=True, slots=True)
class PostDeleted:
    """A post is gone."""

    uri: str


@dataclass(frozen=True, slots=True)
class AccountGone:
    """Everything of `did` is gone: deleted, closed by its owner, suspended, taken down."""

    did: str


Happening = PostWritten | PostDeleted | AccountGone


@dataclass(frozen=True, slots=True)
class Event:
    """One frame: what `happened` (None: nothing that concerns us) and when the server saw it, Unix microseconds.

    `at_us` is 0 for a notice that has no place in the stream.
    """

    at_us: int
    happened: Happening | None = None

    @property
    def at(self) -> datetime:
        """When the server saw it."""
        return _EPOCH + timedelta(microseconds=self.at_us)


class Unreadable(ValueError):
    """A frame is not what Jetstream promises."""


def at_uri(did: str, rkey: str) -> str:
    """Return the address of a post in the protocol."""
    return f"at://{did}/{POSTS}/{rkey}"


def read_frame(frame: str) -> Event:
    """Return what `frame` tells. Raises `Unreadable`, and `Unreachable` for the server's own farewell."""
    try:
        message = json.loads(frame)
        match message:
            case {"$type": "error"}:
                raise Unreachable(f"Jetstream arrête le flux : {str(message.get('error'))[:60]}")
            case {"$type": "message", "payload": {"$type": str(kind)} as payload} if kind.startswith(_V2_KIND):
                return _read_v2(kind.removeprefix(_V2_KIND), payload)
            case {"kind": str(kind), "did": str(did), "time_us": int(at_us)} if 0 < at_us < _LATEST_US:
                return Event(at_us, _happened(kind, did, mapping_of(message.get(kind))))
    except (ValueError, RecursionError) as cause:
        raise Unreadable(str(cause)) from cause
    raise Unreadable("ni la forme 1 ni la forme 2 de Jetstream")


def _read_v2(kind: str, payload: Mapping[str, Any]) -> Event:
    if kind == "info":
        return Event(0)
    # `witnessedAt` is what a cursor is held against; servers that lack it never let `time` differ.
    seen_at = datetime.fromisoformat(str(payload.get("witnessedAt") or payload.get("time")))
    if seen_at.tzinfo is None:
        raise Unreadable("sans fuseau horaire")
    at_us = (seen_at - _EPOCH) // timedelta(microseconds=1)
    detail = mapping_of(payload.get("account")) if kind == "account" else payload
    return Event(at_us, _happened(kind, str(payload.get("did")), detail))


def _happened(kind: str, did: str, detail: Mapping[str, Any]) -> Happening | None:
    """Return what a commit or a change of account means for us. Raises `Unreadable`."""
    if not did.startswith("did:"):
        raise Unreadable("sans auteur")
    if kind == "account":
        is_gone = detail.get("active") is False and str(detail.get("status")) not in STILL_THERE
        return AccountGone(did) if is_gone else None
    if kind != "commit" or detail.get("collection") != POSTS:
        return None
    rkey, record = detail.get("rkey"), detail.get("record")
    if not isinstance(rkey, str) or not rkey:
        raise Unreadable("sans identifiant")
    operation = str(detail.get("operation"))
    if operation == "delete":
        return PostDeleted(at_uri(did, rkey))
    if operation not in {"create", "update"} or not isinstance(record, dict):
        raise Unreadable("sans contenu")
    return PostWritten(did, rkey, record, is_edit=operation == "update")
