"""The command line speaks French, explains itself, and the README knows all of it."""

import re
import signal
import socket
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from watcher import cli
from watcher.cli import french
from watcher.config.assemble import FILES

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")

ENGLISH = re.compile(
    r"\b(show this|missing|argument\(s\)|invalid|did you mean|required|default|no such|got|the|value)\b",
    re.IGNORECASE,
)


def commands() -> dict[str, object]:
    """Every command by the words that are typed, groups opened."""
    root = french.command(cli.app)
    found: dict[str, object] = {}
    for name, command in root.commands.items():
        children = getattr(command, "commands", {})
        found |= {f"{name} {child}": sub for child, sub in children.items()} or {name: command}
    return found


COMMANDS = commands()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_in_french_with_an_example(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([*name.split(), "--help"]) == 0
    shown = capsys.readouterr().out
    assert "Afficher cette aide." in shown
    assert re.search(r"Exemples? :", shown)
    assert f"watcher {name}" in shown
    assert not ENGLISH.search(shown)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_readme(name: str) -> None:
    group, _, child = name.partition(" ")
    (line,) = [line for line in README.splitlines() if line.startswith(f"| `watcher {group}")]
    assert f"`{child}`" in line or f"{group} {child}".strip() in line


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["chek"], "La commande « chek » n'existe pas. Vouliez-vous dire 'check' ?"),
        (["xyz"], "La commande « xyz » n'existe pas."),
        (["try"], "Il manque un argument : ADRESSE."),
        (["status", "--onlin"], "L'option --onlin n'existe pas."),
        (["check", "--onlin"], "L'option --onlin n'existe pas. Options proches : --config, --donnees, --online."),
        (["run", "--port"], "L'option --port demande une valeur."),
        (["run", "--port", "abc"], "La valeur de --port ne convient pas : il faut un nombre entier."),
        (["run", "--port", "80"], "La valeur de --port ne convient pas : il faut au moins 1024."),
        (["status", "en", "trop"], "Il y a un argument de trop : en trop."),
        (["deadletters", "show", "9" * 30], "La valeur de NUMÉRO ne convient pas : il faut au plus"),
        (["evaluate", "rien.jsonl"], "La valeur de FICHIER ne convient pas : le fichier « rien.jsonl » n'existe pas."),
        (["evaluate", "/"], "La valeur de FICHIER ne convient pas : « / » est un dossier, pas un fichier."),
        (
            ["erase", "--auteur", "x", "--plateforme", "mastadon"],
            "la plateforme « mastadon » n'existe pas : vouliez-vous dire « mastodon »",
        ),
        (["erase"], "dites ce qu'il faut effacer : --post ou --auteur"),
    ],
)
def test_a_slip_is_answered_in_french(words: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(words) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert says in said
    assert not ENGLISH.search(said)


def test_a_missing_configuration_is_told_with_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["status", "--config", str(tmp_path / "rien"), "--donnees", str(tmp_path)]) == 2
    assert "rien" in capsys.readouterr().err


@pytest.mark.parametrize("target", re.findall(r"(?:`|    )make ([a-z-]+)", README))
def test_every_make_command_of_the_readme_exists(target: str) -> None:
    subprocess.run(["make", "--dry-run", "--directory", str(ROOT), target], check=True, capture_output=True)


@pytest.mark.parametrize("words", [["once"], ["status"], ["journal", "rebuild"], ["check", "--online"]])
def test_a_file_in_the_place_of_the_data_is_told_in_one_sentence(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "données").touch()
    assert cli.main([*words, "--config", str(ROOT / "config"), "--donnees", str(tmp_path / "données")]) == 1
    said = " ".join(capsys.readouterr().err.split())
    assert "ne peut pas être ouvert ou écrit : un fichier se trouve à la place d'un dossier." in said


@pytest.fixture
def hears_ctrl_c() -> Iterator[None]:
    """A shell's background job ignores SIGINT, and so does what it starts: tests may run as one, people do not."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("hears_ctrl_c")
def test_ctrl_c_is_answered_with_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHER_ALLOW_LOOPBACK", "1")
    holder = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{holder.getsockname()[1]}/"
    arguments = [sys.executable, "-m", "watcher", "try", address]
    with holder, subprocess.Popen(arguments, stderr=subprocess.PIPE, cwd=tmp_path) as command:
        caller, _ = holder.accept()  # it reads the address by now, and no answer comes
        with caller:
            command.send_signal(signal.SIGINT)
            _, said = command.communicate(timeout=30)
    assert command.returncode == 130
    assert "Arrêté à votre demande." in said.decode()
    assert "Traceback" not in said.decode()


def test_ctrl_c_in_the_first_second_is_no_traceback() -> None:
    interrupted = """
import importlib.abc
import sys

class Interrupts(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == "typer":
            raise KeyboardInterrupt

sys.meta_path.insert(0, Interrupts())
from watcher.__main__ import main
sys.exit(main())
"""
    done = subprocess.run([sys.executable, "-c", interrupted], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (130, "Arrêté à votre demande.\n")


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_an_old_terminal_gets_what_it_can_show(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", encoding)
    arguments = [sys.executable, "-m", "watcher", "check", "--config", "rien-ἄ"]
    done = subprocess.run(arguments, capture_output=True, check=False)
    assert done.returncode == 2
    assert not done.stderr
    assert f"{len(FILES)} erreurs dans {len(FILES)} fichiers.".encode() in done.stdout


def test_the_readme_reads_a_post_in_five_lines(capsys: pytest.CaptureFixture[str]) -> None:
    (example,) = re.findall(
        r"((?:    .*\n|\n)+)", README.partition("## Read posts without the daemon\n")[2].partition("##")[0]
    )
    exec(textwrap.dedent(example), {})  # noqa: S102 - the README is ours
    assert capsys.readouterr().out.startswith("institution ('lycees',)")
