"""`make bench-trends`: the detectors on the shared benchmark, as a table in JSON.

The threshold is fitted on seeds 1 to 3, at one false alarm a day, and frozen; seeds 101 to 105, whose breaking events
replay real crisis curves, are then measured once. Nothing is tuned on those. The benchmark and the curves are not
shipped: without them beside the checkout there is nothing to measure, and this says so.
"""

import argparse
import importlib
import json
import os
import sys
import tracemalloc
from collections.abc import Hashable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from statistics import mean, median
from typing import Any

from pipelines.trends import HOUR_S, Emerging
from tests.bench import cost, volumes

FITTED = (1, 2, 3)
REPORTED = (101, 102, 103, 104, 105)
DECOYS = ("ring", "astroturf", "coldbots")
SHOWN = 50
MEMORY_DAYS = 7


class Recorded:
    """The detector, and the list it displays at every hour."""

    def __init__(self) -> None:
        self.detector = Emerging()
        self.ranks: list[tuple[float, Hashable, float]] = []

    def observe(self, t: float, author: Hashable, tag: Hashable, text: Hashable) -> None:
        self.detector.observe(t, author, tag, text)

    def tick(self, t: float) -> list[tuple[Hashable, float]]:
        scores = self.detector.tick(t)
        if t % HOUR_S == 0:
            self.ranks += [(t, tag, rank) for tag, rank in self.detector.ranking(t)[:SHOWN]]
        return scores


def stream(shared: Path, seed: int, *, is_real: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the uses of one seed and what is true of them."""
    generate = _from(shared, "generate")
    curves = generate.load_real(shared / "real_curves" / "crisislex26_10min.csv") if is_real else None
    found: tuple[dict[str, Any], dict[str, Any]] = generate.make(seed, curves)
    return found


def fit(shared: Path, seed: int) -> tuple[float, float]:
    """Return the best threshold at one false alarm a day on one synthetic seed, and hit@10 of the ranking."""
    score = _from(shared, "score")
    uses, truth = stream(shared, seed, is_real=False)
    recorded = Recorded()
    rows, _ = score.run(recorded, uses, truth)
    scorer = score.Scorer(truth)
    report, _ = scorer.report(rows, budgets=(1.0,))
    return float(report[1.0]["threshold"]), float(scorer.topk(recorded.ranks)[0])


def measured(shared: Path, threshold: float, seed: int) -> dict[str, Any]:
    """Return the figures of one seed with real curves at a frozen threshold."""
    score = _from(shared, "score")
    uses, truth = stream(shared, seed, is_real=True)
    recorded = Recorded()
    rows, clocked = score.run(recorded, uses, truth)
    scorer = score.Scorer(truth)
    per_tag: dict[Hashable, list[tuple[float, float]]] = {}
    for t, tag, value in rows:
        per_tag.setdefault(tag, []).append((t, value))
    figures = scorer.measure(per_tag, threshold)
    return {
        "seed": seed,
        "ewr": figures["ewr"],
        "false_per_day": figures["fp_per_day"],
        "recall": figures["recall"],
        "precision": figures["precision"],
        "delay_min": figures["delay_min"],
        "spikes": int(figures["by_kind"]["spike"].split("/")[0]),
        "rings_and_bots": sum(figures["false"].get(kind, 0) for kind in DECOYS),
        "hit_at_10": scorer.topk(recorded.ranks)[0],
        "us_per_use_by_the_clock": clocked["us_per_use"],
    }


def peak_mb(shared: Path) -> float:
    """Return the memory that the detector has taken at the most in the first days of a stream, in MB."""
    score = _from(shared, "score")
    uses, _ = stream(shared, FITTED[0], is_real=False)
    kept = uses["t"] < MEMORY_DAYS * 86_400
    tracemalloc.start()
    columns = {name: column[kept].tolist() for name, column in uses.items()}
    before = tracemalloc.get_traced_memory()[0]
    detector, following = Emerging(), float(score.STEP)
    for use in zip(columns["t"], columns["author"], columns["tag"], columns["text"], strict=True):
        while use[0] >= following:
            detector.tick(following)
            following += score.STEP
        detector.observe(*use)
    peak = tracemalloc.get_traced_memory()[1] - before
    tracemalloc.stop()
    return peak / 2**20


def cpu_us_per_use(shared: Path) -> dict[str, float]:
    """Return the microseconds of processor time that a use of the first seed takes: ours, and those beside it."""
    uses, _ = stream(shared, FITTED[0], is_real=False)
    return {
        name: round(spent, 2)
        for name, spent in cost.us_per_use(uses, _from(shared, "baselines").ALL["mastodon"]).items()
    }


def machine() -> dict[str, Any]:
    """Return how many processors there are, and how many programs have wanted one of late."""
    return {"cores": os.cpu_count(), "load_1_5_15_min": [round(load, 1) for load in os.getloadavg()]}


def table(shared: Path, jobs: int) -> dict[str, Any]:
    """Return everything that is measured here."""
    before = machine()
    with ProcessPoolExecutor(jobs) as pool:
        fitted = list(pool.map(partial(fit, shared), FITTED))
        threshold = median(found for found, _ in fitted)
        seeds = list(pool.map(partial(measured, shared, threshold), REPORTED))
    spent = cpu_us_per_use(shared)
    figures = {name: round(mean(seed[name] for seed in seeds), 3) for name in seeds[0] if name != "seed"}
    return {
        "threshold_fitted_on_seeds_1_to_3": round(threshold, 3),
        "seeds_101_to_105_real_curves_mean": figures,
        "by_seed": [{name: round(value, 3) for name, value in seed.items()} for seed in seeds],
        "hit_at_10_synthetic_seeds_1_to_3": round(mean(hit for _, hit in fitted), 3),
        "cpu_us_per_use_seed_1": spent,
        "machine_before_and_after": [before, machine()],
        "nab_five_series": volumes.leave_one_out(_from(shared, "nabscore"), volumes.series(shared / "nab")),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table, or why there is none."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path("../shared/trends"))
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--memory", action="store_true", help="measure peak memory only (slow)")
    options = parser.parse_args(arguments)
    if not (options.shared / "generate.py").exists():
        print(f"skipped: no benchmark at {options.shared}", file=sys.stderr)  # noqa: T201 - a program's output
        return 0
    found = {"peak_mb": peak_mb(options.shared)} if options.memory else table(options.shared, options.jobs)
    print(json.dumps(found, indent=2))  # noqa: T201
    return 0


def _from(shared: Path, name: str) -> Any:
    if str(shared) not in sys.path:
        sys.path.insert(0, str(shared))
    return importlib.import_module(name)


if __name__ == "__main__":
    sys.exit(main())
