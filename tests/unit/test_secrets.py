"""Secrets stay secret, and the key of the pseudonyms is made once."""

import stat
from itertools import pairwise
from pathlib import Path

import pytest

from watcher.errors import Fatal, StoreBusy
from watcher.secrets import Secret, environment, instance_key, keep, keep_renewed, secret_in


def test_a_secret_shows_itself_to_nobody() -> None:
    secret = Secret("xoxb-123")
    assert "xoxb" not in f"{secret} {secret!r} {[secret]} {secret!s}"
    assert secret.reveal() == "xoxb-123"
    assert secret == Secret("xoxb-123") != Secret("autre")


def test_the_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "cle"
    key = instance_key(path)
    assert len(key) == 32
    assert instance_key(path) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("content", ["", "pas de l'hexadécimal", "ab" * 31, "ab" * 33])
def test_a_damaged_key_is_refused_and_left_as_it_is(tmp_path: Path, content: str) -> None:
    path = tmp_path / "cle"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(Fatal, match="sauvegarde"):
        instance_key(path)
    assert path.read_text(encoding="utf-8") == content


def test_what_is_kept_is_found_again_for_its_owner_alone(tmp_path: Path) -> None:
    data = tmp_path / "var"
    keep(data, "WATCHER_A", "un=deux")
    assert environment(data)["WATCHER_A"] == "un=deux"
    assert stat.S_IMODE((data / "secrets.env").stat().st_mode) == 0o600
    assert [path.name for path in data.iterdir()] == ["secrets.env"]


def test_what_was_there_stays_and_a_name_is_kept_once(tmp_path: Path) -> None:
    path = tmp_path / "secrets.env"
    path.write_text("# à nous\nWATCHER_A=1\nWATCHER_AB=2\n", encoding="utf-8")
    path.chmod(0o644)
    keep(tmp_path, "WATCHER_A", "3")
    assert path.read_text(encoding="utf-8") == "# à nous\nWATCHER_AB=2\nWATCHER_A=3\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_environment_passes_before_what_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(tmp_path, "WATCHER_A", "gardé")
    keep(tmp_path, "PATH", "jamais")
    monkeypatch.setenv("WATCHER_A", "donné")
    assert environment(tmp_path)["WATCHER_A"] == "donné"
    assert "PATH" not in environment(tmp_path)
    assert environment(tmp_path / "rien") == environment()


@pytest.mark.parametrize("value", ["", "un\ndeux", "un\u2028deux"])
def test_a_secret_is_one_line(tmp_path: Path, value: str) -> None:
    with pytest.raises(ValueError, match="one line"):
        keep(tmp_path, "WATCHER_A", value)
    assert not (tmp_path / "secrets.env").exists()


def test_secrets_that_are_no_text_stop_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "secrets.env").write_bytes(b"WATCHER_A=\xff\n")
    with pytest.raises(Fatal, match="sauvegarde"):
        environment(tmp_path)


def renewed(data: Path, *values: str) -> None:
    for before, after in pairwise(values):
        keep_renewed(data, "WATCHER_A", Secret(before), Secret(after))


def test_a_secret_that_a_platform_renewed_takes_the_place_of_the_one_that_was_given(tmp_path: Path) -> None:
    renewed(tmp_path, "un", "deux", "trois")
    assert secret_in({"WATCHER_A": "un", **environment(tmp_path)}, "WATCHER_A") == Secret("trois")
    assert stat.S_IMODE((tmp_path / "secrets.env").stat().st_mode) == 0o600


def test_a_secret_that_the_team_gives_anew_is_believed(tmp_path: Path) -> None:
    renewed(tmp_path, "un", "deux")
    variables = environment(tmp_path)
    assert secret_in({"WATCHER_A": "neuf", **variables}, "WATCHER_A") == Secret("neuf")
    assert secret_in(variables, "WATCHER_A") is None
    renewed(tmp_path, "neuf", "encore")
    assert secret_in({"WATCHER_A": "neuf", **environment(tmp_path)}, "WATCHER_A") == Secret("encore")


def test_a_disk_that_is_full_is_told(tmp_path: Path) -> None:
    (tmp_path / "fichier").touch()
    with pytest.raises(StoreBusy, match="disque"):
        renewed(tmp_path / "fichier" / "var", "un", "deux")
