"""`watcher retag` says what it read and changed, and how to write a day."""

from pathlib import Path

import pytest

from watcher.cli import main
from watcher.cli.retag import outcome
from watcher.upkeep.rereading import Reread


def test_a_day_is_written_year_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["retag", "--since", "1/11/2026", "--donnees", str(tmp_path)]) == 2
    assert "écrivez le jour ainsi : 2026-11-01" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("done", "says"),
    [
        (Reread(), "Aucun message à relire"),
        (Reread(read=12, changed=3), "12 messages relus, 3 mis à jour."),
        (Reread(read=12, changed=3, failed=1), "1 n'ont pas pu être relus"),
    ],
)
def test_what_was_done_is_told(done: Reread, says: str) -> None:
    assert says in outcome(done)


def test_the_day_that_is_not_given_is_asked_for_by_both_its_names(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["retag"]) == 2
    assert "Il manque l'option --since (ou --depuis)." in capsys.readouterr().err
