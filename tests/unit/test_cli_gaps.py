"""`watcher gaps` and what `watcher status` says of money and gaps, as the team reads them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from watcher.cli import main
from watcher.clock import SystemClock
from watcher.gaps import Fate, Gap
from watcher.model import GapCause
from watcher.stores.journal import Journal

NOW = SystemClock().now().astimezone(UTC).replace(microsecond=0)
LOST = Gap("x-region", "x", GapCause.BUDGET, NOW - timedelta(hours=9), NOW - timedelta(hours=5), Fate.LOST, posts=40)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    journal = Journal(tmp_path / "journal.sqlite")
    heard = replace(LOST, source="gazette", cause=GapCause.OUTAGE, fate=Fate.HEARD)
    old = replace(LOST, source="ancienne", since=NOW - timedelta(days=90), until=NOW - timedelta(days=80))
    journal.keep_gaps([LOST, heard, old], datetime(2026, 11, 24, tzinfo=UTC))
    journal.close()
    return tmp_path


def test_what_was_not_heard_is_told_with_why_and_about_how_much(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gaps", "--donnees", str(data)]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "x-region" in said
    assert "environ 40" in said
    assert "perdu" in said
    assert "gazette" not in said
    assert "ancienne" not in said
    assert "Rattrapés depuis : 1" in said


def test_what_was_caught_up_is_shown_when_asked_for(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gaps", "--donnees", str(data), "--tout", "--jours", "100"]) == 0
    said = capsys.readouterr().out
    assert "gazette" in said
    assert "ancienne" in said


def test_a_watch_without_gaps_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gaps", "--donnees", str(tmp_path)]) == 0
    assert "Aucun trou" in capsys.readouterr().out
