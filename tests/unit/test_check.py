"""`watcher check`: what the team sees, and the exit status that scripts read."""

from pathlib import Path

import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner

from tests.fakes.broken_config import folder_with
from watcher.cli.check import check, checks_table
from watcher.errors import Mistake
from watcher.preflight import Check

SOURCES = "sources:\n  - nom: La Dépêche\n    plateforme: rss\n    adresse: https://depeche.example.org/flux.xml\n"

app = typer.Typer()
app.command()(check)


def run(folder: Path, sources: str) -> tuple[int, str]:
    folder_with("sources.yml", sources.encode(), folder)
    result = CliRunner().invoke(app, ["--config", str(folder)])
    return result.exit_code, result.output


def test_a_good_configuration_is_summed_up(tmp_path: Path) -> None:
    status, shown = run(tmp_path, SOURCES)
    assert shown == (
        "Veille d'essai : 1 source active, 0 source au repos, 2 thèmes, 5 mots, 1 lieu ajouté.\nTout est bon.\n"
    )
    assert status == 0


def test_every_mistake_is_shown_with_its_place_and_what_to_type(tmp_path: Path) -> None:
    status, shown = run(tmp_path, SOURCES.replace("nom:", "nome:") + "    couleur: rouge\n")
    assert shown.splitlines() == [
        "sources.yml, ligne 2, colonne 5 (sources › 1 › nome)",
        "  la clé « nome » n'existe pas",
        "  → vouliez-vous dire « nom » ?",
        "sources.yml, ligne 5, colonne 5 (sources › 1 › couleur)",
        "  la clé « couleur » n'existe pas",
        (
            "  → ce qui existe : nom, plateforme, actif, intervalle, auteurs, compte_de_la_region, departements, "
            "budget, adresse"
        ),
        "",
        "2 erreurs dans 1 fichier.",
        "Corrigez, enregistrez, puis relancez : watcher check",
    ]
    assert status == 2


@pytest.mark.parametrize("sources", ["sources: []\n", SOURCES + "    actif: non\n"])
def test_nothing_to_listen_to_is_not_good(sources: str, tmp_path: Path) -> None:
    status, shown = run(tmp_path, sources)
    assert "Aucune source n'est active" in shown
    assert "Tout est bon" not in shown
    assert status == 2


def test_online_nothing_is_good_while_a_source_or_elasticsearch_does_not_answer(tmp_path: Path) -> None:
    sources = SOURCES.replace("https://depeche.example.org", "http://127.0.0.1:9")
    folder_with("sources.yml", sources.encode(), tmp_path)
    nobody = {"WATCHER_ELASTICSEARCH_URL": "http://127.0.0.1:9", "WATCHER_ALLOW_LOOPBACK": "1"}
    words = ["--config", str(tmp_path), "--donnees", str(tmp_path / "var"), "--online"]
    result = CliRunner().invoke(app, words, env=nobody)
    states = {
        line.split("│")[1].strip(): line.split("│")[2].strip() for line in result.output.splitlines() if "│" in line
    }
    assert {"La Dépêche": "à voir", "Elasticsearch": "à voir", "journal": "bon"}.items() <= states.items()
    assert "Tout est bon" not in result.output
    assert result.exit_code == 2


def test_the_problems_come_first_in_the_table() -> None:
    console = Console(width=100)
    with console.capture() as shown:
        console.print(checks_table([Check("a", found="3 messages"), Check("b", problem="injoignable")]))
    assert shown.get().index("injoignable") < shown.get().index("3 messages")


@pytest.mark.parametrize(
    ("mistake", "written"),
    [
        (Mistake("a.yml", "x"), "a.yml"),
        (Mistake("a.yml", "x", 3), "a.yml, ligne 3"),
        (Mistake("a.yml", "x", 3, 5, "sources › 1"), "a.yml, ligne 3, colonne 5 (sources › 1)"),
    ],
)
def test_a_place_is_told_as_far_as_it_is_known(mistake: Mistake, written: str) -> None:
    assert mistake.place == written
