"""What a stream is remembered by when it may last for ever: memory that is bounded, and errors that are known. Pure."""

import hashlib
import math
from collections.abc import Hashable, Iterable, Mapping
from functools import cache, lru_cache
from typing import Any

Snapshot = Mapping[str, Any]
"""Numbers, texts, bytes, lists and mappings of them, as msgpack holds, from which `restore` makes the same again."""

HASHES = 4
BITS_PER_KEY = 10
"""With four hashes, 10 bits a key let 1.2 foreign keys in a hundred pass (Bloom, 1970); seven would let 0.8 pass."""


_RECENT = 20_000
"""Who needs no second visit to the filters: far more than a region's half a day has."""


def digest(value: Hashable) -> int:
    """Return 64 bits that stand for `value` in every process; nobody reads the value back from them."""
    return int.from_bytes(hashlib.blake2b(str(value).encode(), digest_size=8).digest(), "big")


class Acquaintances:
    """Who was met more than `age_s` ago: digests in rotating Bloom filters of `capacity` keys each.

    Who was met so early is always known, for at least `memory_s`; up to half an `age_s` more may pass before somebody
    new is; one stranger in fifty may be taken for known once the filters are full.
    """

    def __init__(self, capacity: int = 200_000, age_s: float = 86_400.0, memory_s: float = 30 * 86_400.0) -> None:
        self._bits = capacity * BITS_PER_KEY
        self._span_s = age_s / 2
        self._memory_s = memory_s
        self._young: list[tuple[float, bytearray]] = []
        self._old = [bytearray(self._bits // 8 + 1), bytearray(self._bits // 8 + 1)]
        self._turned_at: float | None = None
        self._met: set[Hashable] = set()
        self._young_at, self._turns_at = math.inf, -math.inf
        self._places = lru_cache(maxsize=_RECENT)(self._placed)
        self.knows = cache(self._knows)
        """Tells whether somebody was met more than `age_s` ago, as seen from the last meeting."""

    def meet(self, who: Hashable, t: float) -> None:
        """Keep that `who` was there at `t`, seconds: the present, or some earlier time."""
        if t >= self._turns_at:
            self._rotate(t)
        if t >= self._young_at:
            if who in self._met:
                return
            self._met.add(who)
            if len(self._met) > _RECENT:
                self._met = {who}
            bits = self._young[-1][1]
        else:
            bits = self._of(t)
        for place in self._places(who):
            bits[place >> 3] |= 1 << (place & 7)

    def snapshot(self) -> Snapshot:
        """Return what `restore` needs."""
        return {
            "young": [[start, bytes(bits)] for start, bits in self._young],
            "old": [bytes(bits) for bits in self._old],
            "turned_at": self._turned_at,
        }

    def restore(self, snapshot: Snapshot) -> None:
        """Take the place of the one that `snapshot` tells of."""
        self._young = [(start, bytearray(bits)) for start, bits in snapshot["young"]]
        self._old = [bytearray(bits) for bits in snapshot["old"]]
        self._turned_at = snapshot["turned_at"]
        self._begin_anew()
        if self._young:
            self._young_at = self._young[-1][0]
            self._turns_at = self._young_at + self._span_s

    def _of(self, t: float) -> bytearray:
        """Return the filter of those who were met at `t`, in the past."""
        for start, bits in reversed(self._young):
            if start <= t:
                return bits
        self.knows.cache_clear()
        return self._old[0]

    def _begin_anew(self) -> None:
        self.knows.cache_clear()
        self._met = set()

    def _rotate(self, t: float) -> None:
        self._begin_anew()
        self._young_at, self._turns_at = t, t + self._span_s
        self._young.append((t, bytearray(self._bits // 8 + 1)))
        if self._turned_at is None or t >= self._turned_at + self._memory_s:
            self._old = [bytearray(self._bits // 8 + 1), self._old[0]]
            self._turned_at = t
        while self._young[0][0] + 3 * self._span_s <= t:  # its youngest key is an `age_s` old
            _, grown = self._young.pop(0)
            both = int.from_bytes(self._old[0], "big") | int.from_bytes(grown, "big")
            self._old[0] = bytearray(both.to_bytes(len(grown), "big"))

    def _knows(self, who: Hashable) -> bool:  # true until the next rotation
        places = self._places(who)
        return any(all(bits[at >> 3] >> (at & 7) & 1 for at in places) for bits in self._old)

    def _placed(self, who: Hashable) -> tuple[int, ...]:
        key = digest(who)
        step = (key >> 32) | 1  # double hashing (Kirsch and Mitzenmacher, 2006)
        return tuple([(key + turn * step) % self._bits for turn in range(HASHES)])


class Shares:
    """What part of a stream each tag makes, older times weighing less: halved every `halflife_s`.

    Counts are weighed forward (Cormode et al., 2009), so that those of all times compare. Past `capacity` tags the
    lightest tenth is forgotten, as in lossy counting: a share is never too high, and too low by `missing` at the most.
    """

    def __init__(self, capacity: int = 50_000, halflife_s: float = 5 * 86_400.0) -> None:
        self._capacity = capacity
        self._halflife_s = halflife_s
        self._origin: float | None = None
        self._weight = 1.0
        self._counts: dict[Hashable, float] = {}
        self._total = 0.0
        self._lost = 0.0

    def turn(self, t: float, uses: float) -> None:
        """Move on to the time `t`, seconds, at which the stream as a whole counted `uses`."""
        if self._origin is None:
            self._origin = t
        self._weight = 2.0 ** ((t - self._origin) / self._halflife_s)
        if self._weight > 2.0**30:  # long before a float overflows
            self._counts = {tag: count / self._weight for tag, count in self._counts.items()}
            self._total, self._lost = self._total / self._weight, self._lost / self._weight
            self._origin, self._weight = t, 1.0
        self._total += self._weight * uses
        if len(self._counts) > self._capacity:
            self._forget()

    def add(self, tag: Hashable, uses: float) -> None:
        """Count `uses` of `tag` at the time of the last turn."""
        self._counts[tag] = self._counts.get(tag, 0.0) + self._weight * uses

    def add_all(self, counted: Iterable[tuple[Hashable, int]]) -> None:
        """Count so many uses of each tag at the time of the last turn."""
        counts, weight = self._counts, self._weight
        for tag, uses in counted:
            counts[tag] = counts.get(tag, 0.0) + weight * uses

    def add_late(self, tag: Hashable) -> None:
        """Count one use that the stream's own count has missed."""
        self.add(tag, 1)
        self._total += self._weight

    def of(self, tag: Hashable) -> float:
        """Return the share of `tag`, 0 for one that is not known."""
        return self._counts.get(tag, 0.0) / self._total if self._total else 0.0

    def all(self) -> Mapping[Hashable, float]:
        """Return the share of every tag that is known."""
        return {tag: self.of(tag) for tag in self._counts}

    @property
    def missing(self) -> float:
        """The most by which any share is too low."""
        return self._lost / self._total if self._total else 0.0

    def __len__(self) -> int:
        return len(self._counts)

    def snapshot(self) -> Snapshot:
        """Return what `restore` needs."""
        return {
            "origin": self._origin,
            "weight": self._weight,
            "total": self._total,
            "lost": self._lost,
            "counts": dict(self._counts),
        }

    def restore(self, snapshot: Snapshot) -> None:
        """Take the place of the one that `snapshot` tells of."""
        self._origin, self._weight = snapshot["origin"], snapshot["weight"]
        self._total, self._lost = snapshot["total"], snapshot["lost"]
        self._counts = dict(snapshot["counts"])

    def _forget(self) -> None:
        kept = sorted(self._counts.items(), key=lambda item: item[1], reverse=True)
        cut = self._capacity * 9 // 10
        self._lost += kept[cut][1]
        self._counts = dict(kept[:cut])
