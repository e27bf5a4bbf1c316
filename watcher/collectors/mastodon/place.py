"""How far each timeline of an instance has been read: the collector's cursor. Pure."""

from collections.abc import Collection, Mapping
from typing import Self

from watcher.remembered import Remembered

BEFORE_ALL = "0"
"""Stands below every id: the place in a timeline that was open and had nothing yet."""


class Place(Remembered):
    """For each timeline, the id that its instance gave to the last post read. Ids of two instances do not compare."""

    instance: str
    last: Mapping[str, str] = {}

    def moved(self, timeline: str, page: Collection[object]) -> Self:
        """Return the place once `page` of `timeline` is read. It never goes back."""
        last = max([*ids_of(page)[-1:], self.last.get(timeline, "")], key=_rank)
        return self.model_copy(update={"last": {**self.last, timeline: last}}) if last else self

    def begun(self, timelines: Collection[str]) -> Self:
        """Return the place where `timelines` that were open and empty begin: the next run misses nothing of them."""
        return self.model_copy(update={"last": dict.fromkeys(timelines, BEFORE_ALL) | dict(self.last)})


def is_later(one: str, other: str) -> bool:
    """Tell whether id `one` stands above `other`: by length, then by characters (Mastodon API guidelines, on ids)."""
    return _rank(one) > _rank(other)


def ids_of(page: Collection[object]) -> list[str]:
    """Return the ids of the items of a page, in ascending order; what bears none has none."""
    ids = [item.get("id") for item in page if isinstance(item, dict)]
    return sorted((one for one in ids if isinstance(one, str) and one.isascii()), key=_rank)


def _rank(one: str) -> tuple[int, str]:
    return len(one), one
