"""`watcher digest` as the team meets it: what it refuses before anything is opened, and what it writes."""

from pathlib import Path

import pytest

from watcher.cli import main
from watcher.clock import SystemClock
from watcher.french import paris


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--week", "2026-47"], "« 2026-47 » n'est pas une semaine"),
        (["--week", "2025-W53"], "« 2025-W53 » n'est pas une semaine"),
        (["--day", "24/11/2026"], "La valeur de --day ne convient pas : « 24/11/2026 » n'est pas une date comme"),
        (["--week", "9999-W52"], "cette date est trop lointaine"),
        (["--week", "0001-W01"], "cette date est trop lointaine"),
        (["--day", "0001-01-01"], "cette date est trop lointaine"),
        (["--week", "2099-W02"], "ce bilan ne peut pas encore être fait"),
        (["--day", "2099-01-02"], "il faut attendre vendredi 2 janvier 2099 à 8 h 30"),
        (["--day", "2026-11-02", "--week", "2026-W40"], "choisissez un jour ou une semaine"),
    ],
)
def test_what_cannot_be_told_is_refused_with_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    assert main(["digest", "--donnees", str(tmp_path), *words]) == 2
    assert said in " ".join(capsys.readouterr().err.replace("\u00a0", " ").split())
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, es_url: str) -> Path:
    monkeypatch.setenv("WATCHER_ELASTICSEARCH_URL", es_url)
    return tmp_path


@pytest.mark.parametrize(("words", "name"), [([], ""), (["--week", "2026-w40"], "2026-semaine-40.html")])
def test_a_digest_is_written_and_its_place_told(
    data: Path, capsys: pytest.CaptureFixture[str], words: list[str], name: str
) -> None:
    assert main(["digest", "--donnees", str(data), *words]) == 0
    (path,) = (data / "bilans").iterdir()
    assert str(path) in capsys.readouterr().out
    assert path.name == (name or path.name)
    assert "Bilan" in path.read_text(encoding="utf-8")
    assert name or path.stem <= paris(SystemClock().now()).date().isoformat()
