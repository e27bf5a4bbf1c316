"""`watcher demo --headless` as a program, in a folder of its own: what `make demo HEADLESS=1` promises."""

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_it_ends_well_and_neither_reads_nor_touches_what_is_the_teams(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCHER_ELASTICSEARCH_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("COLUMNS", "200")
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "sources.yml").write_text("pas : [du YAML")
    run = subprocess.run(
        [sys.executable, "-m", "watcher", "demo", "--headless"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=580,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")
    for told in (
        "#inondationsherault : ",
        "#untrainpourmende : ",
        "6 sur 6 sont dans « à répondre »",
        "une seule fois",
        "Bilan du matin, ",
    ):
        assert told in run.stdout
    assert "bonplantoulouse :" not in run.stdout
    assert sorted(each.name for each in tmp_path.iterdir()) == ["config", "var"]
    assert sorted(each.name for each in (tmp_path / "var").iterdir()) == ["demo"]
