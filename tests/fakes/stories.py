"""The written pairs of `tests/data/stories`, as its README says that they are made of families."""

import tomllib
from collections.abc import Iterator
from itertools import combinations, pairwise
from pathlib import Path
from typing import NamedTuple

DATA = Path(__file__).parents[1] / "data" / "stories"


class Pair(NamedTuple):
    """Two texts, and whether they are copies of one."""

    kind: str
    one: str
    other: str
    is_same: bool


def pairs(part: str) -> Iterator[Pair]:
    for family in tomllib.loads((DATA / f"{part}.toml").read_text(encoding="utf-8"))["family"]:
        kind, same, others = family["kind"], family.get("same", []), family["other"]
        yield from (Pair(kind, *both, is_same=True) for both in combinations(same, 2))
        unlike = [(same[0], other) for other in others] if same else pairwise(others)
        yield from (Pair(kind, *both, is_same=False) for both in unlike)
