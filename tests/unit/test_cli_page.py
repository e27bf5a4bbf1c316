"""`watcher page password`: asked twice, kept as a hash for its owner's eyes alone."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from watcher.app import load_config
from watcher.cli.page import VARIABLE, app
from watcher.page import access_of
from watcher.secrets import environment
from watcher.web.password import is_right

PASSWORD = "le canal déborde à Sète"


def run(folder: Path, *typed: str) -> tuple[int, str]:
    arguments = ["password", "--config", str(folder / "config"), "--donnees", str(folder / "var")]
    result = CliRunner().invoke(app, arguments, input="".join(f"{line}\n" for line in typed))
    return result.exit_code, result.output


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(Path(__file__).parents[2] / "config", tmp_path / "config")
    return tmp_path


def test_the_hash_is_kept_and_the_team_is_told_what_is_left_to_write(folder: Path) -> None:
    status, shown = run(folder, PASSWORD, PASSWORD)
    assert status == 0
    assert f"mot_de_passe: {VARIABLE}" in shown
    assert is_right(PASSWORD, environment(folder / "var")[VARIABLE])
    kept = folder / "var" / "secrets.env"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert PASSWORD not in kept.read_text(encoding="utf-8")


def test_it_opens_the_page_under_the_variable_that_the_yaml_names(folder: Path) -> None:
    settings = folder / "config" / "veille.yml"
    page = "page:\n  noms: [veille.example.org]\n  mot_de_passe: WATCHER_ENTREE\n"
    settings.write_text(settings.read_text(encoding="utf-8").replace("page:\n", page), encoding="utf-8")
    assert run(folder, PASSWORD, PASSWORD)[0] == 0
    access = access_of(load_config(folder / "config", folder / "var").instance.page)
    assert access is not None
    assert access.password is not None
    assert is_right(PASSWORD, access.password.reveal())
    assert access.names == {"veille.example.org"}


@pytest.mark.parametrize(("first", "second"), [("court", "court"), (PASSWORD, f"{PASSWORD} !"), ("x" * 201,) * 2])
def test_nothing_is_kept_of_a_weak_one_or_of_two_that_differ(folder: Path, first: str, second: str) -> None:
    status, _ = run(folder, first, second)
    assert status == 2
    assert not (folder / "var" / "secrets.env").exists()


def test_a_page_without_a_password_is_for_this_machine_alone(folder: Path) -> None:
    assert access_of(load_config(folder / "config", folder / "var").instance.page) is None
