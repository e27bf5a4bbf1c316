"""What one post says, as the fold needs it: when, who, in which words, of which of the terms watched. Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

from pipelines.folding import stems_in
from pipelines.links import domain_of, links_in
from pipelines.phrases import marked, phrases
from pipelines.sketches import digest
from watcher.model import Post, Reading
from watcher.trend import Kind, keyed

EVENT_REACH_S = 86_400.0

READ: Mapping[Kind, str] = {
    "hashtag": "hashtags",
    "theme": "topics",
    "commune": "communes",
    "departement": "departements",
    "site": "domains",
}
"""What is watched of what was read in a post; its platform, its intent, and links and words of its text come on top."""

_said: Callable[[Reading], Sequence[Sequence[str]]] = attrgetter(*READ.values())

_PROTOCOL = re.compile(r"^https?://(?:www\.)?", re.IGNORECASE)
_author = lru_cache(maxsize=20_000)(digest)
_NAMING = frozenset("x.com twitter.com facebook.com instagram.com tiktok.com threads.net linkedin.com bsky.app".split())


@dataclass(frozen=True, slots=True)
class Watchlist:
    """What the team asks to be heard: words and phrases, and for how many voices an author of each kind counts.

    A kind that is not named counts for one. An account of the region's own is never a voice.
    """

    words: tuple[str, ...] = ()
    weights: Mapping[str, float] = field(default_factory=dict)

    @property
    def signature(self) -> Mapping[str, Any]:
        """What a fold must be made with to be gone on from with this list."""
        return {"words": list(self.words), "weights": dict(self.weights)}


NOTHING = Watchlist()


class Spoken(NamedTuple):
    """One post of a source at `t`, seconds, by digests of who and what: only the terms watched can be read back.

    `met_at` is when its author was there: a day or more before, where a post that old has just been collected.
    """

    t: float
    source: str
    met_at: float
    author: int
    text: int
    weight: float
    terms: tuple[str, ...]
    phrases: tuple[int, ...]


class Listener:
    """Hears what posts say of what is watched. Stateless once made."""

    def __init__(self, watchlist: Watchlist) -> None:
        self._weights = watchlist.weights
        self._words: dict[str, list[tuple[list[str], str]]] = {}
        for word in watchlist.words:
            stems = stems_in(word)
            for parts in (stems, ["".join(stems)])[: len(stems)]:  # a phrase is also written as a tag
                self._words.setdefault(parts[0], []).append((parts, word))

    def spoken(self, post: Post) -> Spoken | None:
        """Return what `post` says; None where it is off subject, or its author is no voice."""
        reading, weight = post.reading, 0.0 if post.is_own else self._weights.get(post.author_kind, 1.0)
        if reading is None or reading.relevance == "hors_sujet" or not weight:
            return None
        text = f"{post.title} {post.text}"
        stems, marks = marked(text)
        t, met_at = times(post)
        return Spoken(
            t=t,
            source=post.source,
            met_at=met_at,
            author=_author(post.author or f"\x1f{post.source}"),
            text=digest(post.story or " ".join(stems)),
            weight=weight,
            terms=(*_read(reading), keyed("plateforme", post.platform), *self._listed(stems), *_shared(text)),
            phrases=phrases(marks),
        )

    def _listed(self, stems: Sequence[str]) -> list[str]:
        if not self._words:
            return []
        found = {
            keyed("mot", word)
            for place, stem in enumerate(stems)
            for parts, word in self._words.get(stem, ())
            if stems[place : place + len(parts)] == parts
        }
        return sorted(found)


def times(post: Post) -> tuple[float, float]:
    """Return when a post happened, and when its author was there, in seconds.

    It happened at its own date, but neither after its collection nor over a day before it.
    """
    collected = post.collected_at.timestamp()
    published = post.published_at.timestamp() if post.published_at else collected
    t = min(max(published, collected - EVENT_REACH_S), collected)
    return t, min(t, published)


def _read(reading: Reading) -> list[str]:
    terms = [f"{kind}:{term}" for kind, said in zip(READ, _said(reading), strict=True) for term in said]
    if reading.to_answer:
        terms.append("a_repondre:oui")
    return terms


def _shared(text: str) -> list[str]:
    """Return the pages linked in `text`, without what tells their readers apart: protocol, query and fragment.

    Pages of social platforms are left out: who wrote them stands in their address.
    """
    if "http" not in text:
        return []
    links = [link for link in links_in(text) if domain_of(link.url) not in _NAMING]
    pages = {_PROTOCOL.sub("", link.url).partition("?")[0].partition("#")[0].rstrip("/") for link in links}
    return sorted(keyed("lien", page) for page in pages if "/" in page and "@" not in page)
