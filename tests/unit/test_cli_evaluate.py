"""`watcher evaluate`: figures for people and for programs, on the team's own settings."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from watcher.cli import app
from watcher.errors import ConfigError

ROOT = Path(__file__).parents[2]
KEYS = (
    "lang_accuracy relevance_macro_f1 relevant_recall relevant_precision topics_micro_f1 topics_macro_f1 "
    "intent_macro_f1 to_answer_f1 to_answer_recall departements_f1 hashtags_exact posts_per_s posts"
)


def labelled(number: int) -> str:
    post = {
        "id": str(number),
        "text": f"Plus de chauffage à l'internat du lycée de Mende {number}",
        "platform": "x",
        "lang": "fr",
        "relevance": "hors_sujet",
        "topics": ["lycees"],
        "intent": "plainte",
        "a_repondre": True,
        "departements": ["48"],
        "hashtags": [],
    }
    return json.dumps(post)


def evaluate(file: Path, *options: str) -> Result:
    arguments = ["evaluate", str(file), "--config", str(ROOT / "config"), *options]
    return CliRunner(env={"COLUMNS": "300"}).invoke(app, arguments)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "posts.jsonl"
    path.write_text("\n".join(map(labelled, range(20))), encoding="utf-8")
    return path


def test_a_program_gets_every_figure(file: Path) -> None:
    figures = json.loads(evaluate(file, "--json").stdout)
    assert set(KEYS.split()) <= set(figures)
    assert figures["posts"] == 20
    assert figures["departements_f1"] == 1
    assert figures["by_topic"]["lycees"]["support"] == 20
    assert figures["parts"]["shown"]["posts"] + figures["parts"]["held_out"]["posts"] == 20


def test_people_read_french(file: Path) -> None:
    shown = evaluate(file).stdout
    assert "départements (F1)" in shown
    assert "100,0 %" in shown


def test_errors_leave_out_the_measuring_third(file: Path) -> None:
    held_out = json.loads(evaluate(file, "--json").stdout)["parts"]["held_out"]["posts"]
    shown = evaluate(file, "--errors").stdout
    assert f"{held_out} messages réservés à la mesure ne sont pas montrés." in shown
    assert shown.count("pertinence ") == 20 - held_out + 1


def test_a_line_that_is_no_post_is_a_mistake_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text("{", encoding="utf-8")
    result = evaluate(path)
    assert isinstance(result.exception, ConfigError)
    assert "ligne 1" in result.exception.mistakes[0].message
