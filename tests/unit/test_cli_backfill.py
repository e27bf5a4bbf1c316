"""`watcher backfill` as the team types it: what it says when there is nothing to do, or it cannot be done."""

import shutil
from pathlib import Path

import pytest

from watcher.cli import main

ROOT = Path(__file__).parents[2]
SOURCES = "sources:\n  - nom: etals\n    plateforme: rss\n    adresse: https://www.exemple.fr/rss.xml\n"


@pytest.fixture
def places(tmp_path: Path) -> list[str]:
    shutil.copytree(ROOT / "config", tmp_path / "config")
    (tmp_path / "config" / "sources.yml").write_text(SOURCES, encoding="utf-8")
    return ["--config", str(tmp_path / "config"), "--donnees", str(tmp_path / "var")]


def test_without_a_gap_there_is_nothing_to_do(places: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backfill", "etals", *places]) == 0
    assert "Aucun trou à combler" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["etals", "--since", "2026-11-01"], 1, "ne permet pas de revenir en arrière"),
        (["etal"], 1, "vouliez-vous dire « etals »"),
        (["etals", "--since", "hier"], 2, "n'est pas une date"),
        (["etals", "--since", "2 jours", "--until", "2026-01-01"], 2, "--since doit être avant --until"),
    ],
)
def test_what_cannot_be_done_is_told(
    places: list[str], words: list[str], status: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["backfill", *words, *places]) == status
    assert said in " ".join(capsys.readouterr().err.split())
