"""The signature of a text, by which its copies know each other: cut, retitled, commented, tagged otherwise. Pure.

It holds samples of three sets, the smallest digests of each (bottom-k MinHash, Broder 1997): runs of three words, facts
(figures, names, days) and places. The first tell a copy. The others tell a template used twice, the bulletin of another
day or the job of another town: a copy loses facts as it loses words, a template keeps the words and changes the facts.
Nothing of a signature can be read back.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipelines.sketches import digest

SAMPLE = 64
"""Digests kept of a set: what has no more is known whole, a share of what has more to within 0.06 (one deviation)."""

COPIED_SHARE = 0.55
"""Of the runs of the shorter text, those that are in the longer one too."""

KEPT_FACTS = 0.9
"""Of the share of the runs, the share of the facts that a copy keeps at the least."""

SHARED_PLACES = 0.6

Sample = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Signature:
    """Samples of a text's `runs` of words, `facts` and `places`: sorted digests of 63 bits."""

    runs: Sample
    facts: Sample
    places: Sample


def sample(values: Iterable[str]) -> Sample:
    """Return the smallest `SAMPLE` digests of the distinct `values`, sorted: a set gives one sample everywhere."""
    return tuple(sorted({digest(value) >> 1 for value in values})[:SAMPLE])  # a journal holds signed integers


def contained(one: Sequence[int], other: Sequence[int]) -> float:
    """Return which share of the smaller of two sets is in the other, estimated from their samples; 1 for an empty one.

    Up to the lower of the two samples' ends both are known whole (Beyer et al., 2007).
    """
    end = min((values[-1] for values in (one, other) if len(values) == SAMPLE), default=None)
    first, second = ({value for value in values if end is None or value <= end} for values in (one, other))
    smaller = min(len(first), len(second))
    return len(first & second) / smaller if smaller else 1.0


def is_same_story(one: Signature, other: Signature) -> bool:
    """Tell whether one of two texts copies the other, or both a third."""
    copied = contained(one.runs, other.runs)
    return (
        copied >= COPIED_SHARE
        and contained(one.facts, other.facts) >= KEPT_FACTS * copied
        and contained(one.places, other.places) >= SHARED_PLACES
    )
