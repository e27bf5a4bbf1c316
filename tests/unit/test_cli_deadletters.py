"""`watcher deadletters`: what was set apart is listed, shown, and given another try."""

from pathlib import Path

import pytest

from tests.fakes.journals import commit
from tests.fakes.letters import a_letter
from watcher.cli import main
from watcher.stores.journal import Journal


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder whose journal holds three letters: of a post, of an unreadable item, of a text with brackets."""
    journal = Journal(tmp_path / "journal.sqlite")
    commit(
        journal,
        dead=[a_letter('{"native_id":"n9"}'), a_letter("<item", step="map"), a_letter("[bold]brut[/bold]", step="tag")],
    )
    journal.close()
    return tmp_path


def run(data: Path, *words: str) -> int:
    return main(["deadletters", *words, "--donnees", str(data)])


def test_list_says_where_when_and_why(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(data, "list") == 0

    shown = capsys.readouterr().out
    assert [word for word in ("gazette", "mise en forme", "analyse", "ni titre ni") if word not in shown] == []


def test_list_of_nothing_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, "list") == 0

    assert "Rien n'a été mis de côté." in capsys.readouterr().out


def test_show_gives_the_payload_as_it_is(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(data, "show", "3") == 0

    assert "[bold]brut[/bold]" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["show", "replay"])
def test_an_unknown_number_is_told(data: Path, capsys: pytest.CaptureFixture[str], command: str) -> None:
    assert run(data, command, "99") == 1

    assert "Aucun élément mis de côté ne porte le numéro 99" in capsys.readouterr().err


def test_replay_asks_for_all_that_can_be(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(data, "replay", "--all") == 0

    assert "Nouveaux essais demandés : 2." in capsys.readouterr().out
    journal = Journal(data / "journal.sqlite")
    assert [kept.letter.step for kept in journal.replays("gazette")] == ["normalise", "tag"]
    journal.close()


@pytest.mark.parametrize("words", [(), ("1", "--all")])
def test_replay_wants_a_number_or_all(data: Path, words: tuple[str, ...]) -> None:
    assert run(data, "replay", *words) == 2
