"""Secrets stay secret, and the key of the pseudonyms is made once."""

import stat
from pathlib import Path

import pytest

from watcher.errors import Fatal
from watcher.secrets import Secret, instance_key


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
