"""NAB's labelled volumes of mentions: each series at the threshold that fits the others. Printed as JSON.

Needs the shared benchmark beside the checkout; see `tests/bench/trends.py`, which prints both.
"""

import csv
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from pipelines.volumes import THRESHOLD, Volume

Series = tuple[str, list[str], "np.ndarray[Any, Any]", list[tuple[str, str]]]


def series(folder: Path) -> list[Series]:
    """Return the name, times, scores and labelled windows of each series in `folder`."""
    windows = json.loads((folder / "windows_dev.json").read_text(encoding="utf-8"))
    found = []
    for path in sorted((folder / "realTweets_dev").glob("*.csv")):
        with path.open(encoding="ascii", newline="") as file:
            rows = [(row["timestamp"], float(row["value"])) for row in csv.DictReader(file)]
        volume = Volume()
        scores = np.array([volume.update(_seconds(at), count) for at, count in rows])
        spans = [(start.split(".")[0], end.split(".")[0]) for start, end in windows[path.name]]
        found.append((path.name, [at for at, _ in rows], scores, spans))
    return found


def leave_one_out(nabscore: Any, files: Sequence[Series]) -> dict[str, Any]:
    """Return NAB's standard score with thresholds fitted on the other series, on all of them, and fixed beforehand."""
    scored = []
    for held in files:
        _, threshold, _ = nabscore.best([other for other in files if other is not held])
        score, false = nabscore.at_threshold([held], threshold)
        scored.append((score, false, len(held[3])))
    windows = sum(count for *_, count in scored)
    fixed, fixed_false = nabscore.at_threshold(list(files), THRESHOLD)
    best, threshold, false = nabscore.best(list(files))
    return {
        "leave_one_out": round(sum(score * count for score, _, count in scored) / windows, 1),
        "leave_one_out_false": sum(false for _, false, _ in scored),
        "by_series": {file[0]: round(score, 1) for file, (score, *_) in zip(files, scored, strict=True)},
        "a_priori_threshold": {"threshold": THRESHOLD, "score": round(fixed, 1), "false": fixed_false},
        "fitted_on_all": {"threshold": round(float(threshold), 4), "score": round(best, 1), "false": false},
    }


def _seconds(at: str) -> float:
    return datetime.fromisoformat(at).replace(tzinfo=UTC).timestamp()
