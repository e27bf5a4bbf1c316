"""What a use costs in processor time, beside a detector that does nothing and Mastodon's, in one run; see `trends`."""

from collections.abc import Callable, Mapping
from time import process_time
from typing import Any

from pipelines.trends import TICK_S, Emerging


class Nothing:
    """What the loop itself costs."""

    def observe(self, *_: object) -> None:
        """Take one use."""

    def tick(self, _: float) -> None:
        """End a tick."""


def us_per_use(uses: Mapping[str, Any], mastodon: Callable[[], Any]) -> dict[str, float]:
    """Return the microseconds of processor time that each detector takes for a use, its ticks included."""
    told = list(zip(*(uses[name].tolist() for name in ("t", "author", "tag", "text")), strict=True))
    return {
        "nothing": _spent(Nothing(), told) / len(told),
        "mastodon": _spent(mastodon(), told) / len(told),
        "emerging": _spent(Emerging(), told) / len(told),
    }


def _spent(detector: Any, told: list[tuple[Any, ...]]) -> float:
    following, began = TICK_S, process_time()
    for use in told:
        while use[0] >= following:
            detector.tick(following)
            following += TICK_S
        detector.observe(*use)
    return (process_time() - began) * 1e6
