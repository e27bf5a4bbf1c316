"""`watcher train`: examples of the team's teach, what that changed is told in French, nonsense is refused."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipelines.themes import Theme
from pipelines.topic_training import Progress, Reading
from watcher import app as composed
from watcher import cli, lessons
from watcher.cli.training import remarks
from watcher.errors import ConfigError

CONFIG = Path(__file__).parents[2] / "config"
SHOTS = (
    "Battue aux sangliers à Lodève, les chiens ont traversé mon jardin",
    "Encore des coups de fusil à 50 m des maisons ce matin à Saint-Chély",
    "Panneau battue en cours sur le sentier du Caroux, demi-tour avec les gamins",
    "La fédération propose une journée sans fusil par semaine en Lozère",
)
UNSEEN = "Coups de fusil tout le week-end autour de Millau"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CONFIG, tmp_path / "config"))


def with_topic(config: Path, *examples: str) -> None:
    listed = "".join(f'      - "{example}"\n' for example in examples)
    with (config / "themes.yml").open("a", encoding="utf-8") as file:
        file.write(f"\n  chasse:\n    nom: Chasse\n    mots:\n      - chasseur\n    exemples:\n{listed}")


def train(config: Path, data: Path) -> Result:
    arguments = ["train", "--config", str(config), "--donnees", str(data)]
    return CliRunner(env={"COLUMNS": "200"}).invoke(cli.app, arguments)


@pytest.mark.slow
def test_a_topic_of_ones_own_finds_posts_without_its_words_once_trained(config: Path, tmp_path: Path) -> None:
    with_topic(config, *SHOTS)
    data = tmp_path / "var"
    before = composed.installation_of(config, data).build_nlp()
    assert "chasse" in before("Les chasseurs de Millau")._.topics
    assert "chasse" not in before(UNSEEN)._.topics
    shown = train(config, data).stdout
    assert "Chasse" in shown
    assert "Appris en" in shown
    after = composed.installation_of(config, data).build_nlp()
    assert "chasse" in after(UNSEEN)._.topics
    assert after("Le TER de Millau est encore supprimé")._.topics == ("mobilites",)


def test_an_example_of_a_word_is_refused(config: Path, tmp_path: Path) -> None:
    with_topic(config, "fusil")
    result = train(config, tmp_path)
    assert isinstance(result.exception, ConfigError)
    assert result.exception.mistakes[0].message == "« fusil » est trop court pour apprendre quelque chose"
    assert not (tmp_path / lessons.LEARNED).exists()


def test_an_example_of_three_topics_is_refused(tmp_path: Path) -> None:
    text = "Un message de plus de trois mots"
    with pytest.raises(ConfigError, match="3 thèmes"):
        lessons.train([Theme(name, name, (name,), (text,)) for name in ("pluie", "vent", "neige")], tmp_path)


def test_a_damaged_lesson_is_told_with_what_to_do(config: Path, tmp_path: Path) -> None:
    (tmp_path / lessons.LEARNED).write_bytes(b"\xff\x00")
    with pytest.raises(ConfigError) as error:
        composed.installation_of(config, tmp_path)
    assert error.value.mistakes[0].hint == "relancez watcher train, ou supprimez ce fichier"


def test_a_topic_that_its_examples_confuse_is_told() -> None:
    progress = {
        "sport": Progress(12, Reading(3, 0.8), Reading(9, 0.7)),
        "lycees": Progress(12, Reading(3, 0.8), Reading(9, 0.9)),
    }
    assert remarks(progress) == ["sport est moins bien lu qu'avant : un de ses exemples parle peut-être d'autre chose."]


def test_topics_with_few_examples_are_counted() -> None:
    few, many = Progress(2, Reading(1, None), Reading(2, None)), Progress(12, Reading(1, None), Reading(9, None))
    assert remarks({"chasse": few, "vent": many})[0].startswith("1\u00a0thème a moins de 10 exemples")
