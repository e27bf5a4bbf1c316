"""`watcher import` as the team types it: what cannot be imported is told, and nothing is written."""

from pathlib import Path

import pytest

from watcher.cli import main

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("table", "words", "status", "said"),
    [
        ("Post id,Date,Post text\n1,demain,Le train\n", [], 1, "ligne 2 : « demain » n'est pas une date"),
        ("Post id,Date,Post text\n1,demain,Le train\n", [], 1, "rien n'est importé"),
        ("plat,prix\naligot,12\n", [], 1, "ne sont celles d'aucun export connu (plat, prix)"),
        ("Post id,Post text\n1,Le train\n", ["--preset", "x"], 2, "Il y a : 4cat-tiktok, linkedin-analyses"),
        ("Post id,Post text\n1,Le train\n", ["--preset", "tiktok-studio"], 1, "d'aucun export connu"),
    ],
)
def test_what_cannot_be_imported_is_told_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], *, table: str, words: list[str], status: int, said: str
) -> None:
    (tmp_path / "export.csv").write_text(table, encoding="utf-8")
    places = ["--config", str(ROOT / "config"), "--donnees", str(tmp_path / "var")]
    assert main(["import", str(tmp_path / "export.csv"), *words, *places]) == status
    shown = capsys.readouterr()
    assert said in " ".join((shown.out + shown.err).split())
    assert not (tmp_path / "var").exists()
