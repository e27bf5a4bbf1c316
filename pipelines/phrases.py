"""Phrases that nobody listed: two words that several people put side by side, or with an empty one between. Pure.

They are known by digests, which give no word back; `phrases_in` finds them again in a text that has them.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

from pipelines.folding import stems_in, words
from pipelines.sketches import Snapshot, digest

WINDOW_TICKS = 6
SHORTEST = 4
_APART = 2
_EMPTY = frozenset(
    stems_in(
        """
    alors apres aussi autre avait avant avec avoir bien bonjour cela celle celui cette ceux chez comme comment
    contre dans depuis deux donc dont elle elles encore entre etait etre faire fait fois jour leur leurs mais meme
    merci mettre moins nous notre pendant personne peut plus pour pourquoi quand quel quelle quelque quelqu rien
    sans sera soit sont sous suis tous tout toute toutes tres trois trop vers voici voir votre vous vraiment http
    https html
    """
    )
)
"""Words, as stems, that begin and end no phrase worth telling."""


def marked(text: str) -> tuple[list[str], list[int]]:
    """Return the stems of the words of `text`, and a mark for each: 0 where it neither begins nor ends a phrase."""
    found = [_marked(chunk) for chunk in text.split()]
    return [stem for stems, _ in found for stem in stems], [mark for _, marks in found for mark in marks]


def phrases(marks: Sequence[int]) -> tuple[int, ...]:
    """Return the digests of the phrases that words so marked hold: two in order, one unmarked between at the most."""
    held = [(place, mark) for place, mark in enumerate(marks) if mark]
    return tuple({first << 32 | last for (at, first), (then, last) in pairwise(held) if then - at <= _APART})


def phrases_in(text: str) -> Iterator[tuple[int, str]]:
    """Yield the phrases of `text`, each with its words as they are written."""
    held = [(place, word) for place, word in enumerate(words(text)) if _mark(word.stem)]
    for (at, first), (then, last) in pairwise(held):
        if then - at <= _APART:
            yield _mark(first.stem) << 32 | _mark(last.stem), text[first.start : last.end]


class Phrases:
    """Which phrases people take up from each other: an hour of who used which first, and nothing older."""

    def __init__(self) -> None:
        self._users: dict[int, tuple[int, int]] = {}
        self._window: deque[list[int]] = deque([[]])

    def taken_up(self, author: int, text: int, said: Iterable[int]) -> list[int]:
        """Keep that `author` said these phrases in `text`; return those that another said in another text before."""
        found, users, latest = [], self._users, self._window[-1]
        for phrase in said:
            first = users.get(phrase)
            if first is None:
                users[phrase] = (author, text)
                latest.append(phrase)
            elif author != first[0] and text != first[1]:
                found.append(phrase)
        return found

    def tick(self) -> None:
        """End a tick: who began a phrase six ticks ago is forgotten."""
        self._window.append([])
        if len(self._window) > WINDOW_TICKS:
            for phrase in self._window.popleft():
                del self._users[phrase]

    def snapshot(self) -> dict[str, Any]:
        """Return what `restore` needs, as msgpack can hold it."""
        return {"users": self._users, "window": list(self._window)}

    def restore(self, snapshot: Snapshot) -> None:
        """Take the place of the one that `snapshot` tells of."""
        self._users = {phrase: (author, text) for phrase, (author, text) in snapshot["users"].items()}
        self._window = deque(map(list, snapshot["window"]))


@lru_cache(maxsize=65_536)
def _marked(chunk: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Return what `marked` does of what stands between two spaces."""
    stems = tuple(stems_in(chunk))
    return stems, tuple(map(_mark, stems))


def _mark(stem: str) -> int:
    return digest(stem) >> 32 if len(stem) >= SHORTEST and stem.isalpha() and stem not in _EMPTY else 0
