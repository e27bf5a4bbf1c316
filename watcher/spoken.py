"""What one post says, as the fold needs it: when, who, in which words, of which terms. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from pipelines.sketches import digest
from watcher.model import Post, Reading
from watcher.trend import Kind

EVENT_REACH = timedelta(hours=24)

KINDS: Mapping[Kind, Callable[[Reading], Sequence[str]]] = {
    "hashtag": lambda reading: reading.hashtags,
    "theme": lambda reading: reading.topics,
    "commune": lambda reading: reading.communes,
}
"""What is watched, and where a post says it."""

_BETWEEN = ":"


@dataclass(frozen=True, slots=True)
class Spoken:
    """One post at `t`, seconds, by digests of who and what: nothing of it can be read back but the terms watched.

    `met_at` is when its author was there: a day or more before, where a post that old has just been collected.
    """

    t: float
    met_at: float
    author: int
    text: int
    terms: tuple[str, ...]


def spoken(post: Post) -> Spoken | None:
    """Return what `post` says; None where that is off subject, or nothing that is watched."""
    reading = post.reading
    if reading is None or reading.relevance == "hors_sujet":
        return None
    terms = tuple(chain.from_iterable([keyed(kind, term) for term in said(reading)] for kind, said in KINDS.items()))
    if not terms:
        return None
    t = event_time(post).timestamp()
    return Spoken(
        t=t,
        met_at=min(t, (post.published_at or post.collected_at).timestamp()),
        author=digest(post.author or f"\x1f{post.source}"),
        text=digest(" ".join(f"{post.title} {post.text}".casefold().split())),
        terms=terms,
    )


def event_time(post: Post) -> datetime:
    """Return when a post happened: its own date, but neither after its collection nor over a day before it."""
    published_at = post.published_at or post.collected_at
    return min(max(published_at, post.collected_at - EVENT_REACH), post.collected_at)


def keyed(kind: Kind, term: str) -> str:
    """Return the one name under which a term of that kind is counted."""
    return f"{kind}{_BETWEEN}{term}"


def unkeyed(key: str) -> tuple[Kind, str]:
    """Return the kind and the term that `key` names."""
    kind, _, term = key.partition(_BETWEEN)
    return kind, term
