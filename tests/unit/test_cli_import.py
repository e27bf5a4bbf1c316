"""`watcher import` as the team types it: what cannot be imported is told, and nothing is written."""

from contextlib import closing
from pathlib import Path

import pytest

from tests.fakes.clock import NOON
from watcher.cli import main
from watcher.stores.journal import Journal

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


AGES = ROOT / "tests" / "data" / "imports" / "meta-ages.csv"


def test_figures_of_an_account_say_whose_they_are_and_of_which_day(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    places = ["--config", str(ROOT / "config"), "--donnees", str(tmp_path / "var")]
    assert main(["import", str(AGES), *places]) == 2
    assert "--compte NOM" in " ".join(capsys.readouterr().err.split())
    assert main(["import", str(AGES), "--compte", "Région", "--jour", "2026-11-01", *places]) == 0
    assert "1\u00a0jour de chiffres" in capsys.readouterr().out
    with closing(Journal(tmp_path / "var" / "journal.sqlite")) as journal:
        [row] = journal.outbox_batch(9, 10**6, NOON)
    assert row.body is not None
    assert (row.body["account"], row.body["day"]) == ("Région", "2026-11-01")
