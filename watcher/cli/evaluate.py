"""`watcher evaluate`: how well posts are read, against posts labelled by hand."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipelines import evaluate as measure
from pipelines.evaluate import Evaluation, Report, Score
from watcher import app
from watcher.cli.folders import CONFIG, DATA, ConfigFolder, DataFolder
from watcher.clock import SystemClock
from watcher.errors import ConfigError, Mistake

_FIGURES = {
    "lang_accuracy": "langue juste",
    "relevance_macro_f1": "pertinence (F1 des trois classes)",
    "relevant_recall": "messages utiles gardés",
    "relevant_precision": "messages gardés utiles",
    "topics_micro_f1": "thèmes (F1)",
    "topics_macro_f1": "thèmes (F1, chaque thème pesant autant)",
    "intent_macro_f1": "intention (F1 des sept classes)",
    "to_answer_recall": "messages à répondre trouvés",
    "to_answer_f1": "à répondre (F1)",
    "departements_f1": "départements (F1)",
    "hashtags_exact": "hashtags exacts",
}
_CLASSES = {"by_lang": "Langues", "by_relevance": "Pertinence", "by_topic": "Thèmes", "by_intent": "Intentions"}
_EXCERPT_CHARS = 120

File = Annotated[
    Path,
    typer.Argument(metavar="FICHIER", exists=True, dir_okay=False, help="Des messages annotés, en JSON, un par ligne."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Donne les chiffres en JSON, pour un programme.")]
Errors = Annotated[bool, typer.Option("--errors", help="Montre les messages mal lus, sauf le tiers de mesure.")]


def evaluate(
    file: File,
    config: ConfigFolder = CONFIG,
    data: DataFolder = DATA,
    *,
    as_json: AsJson = False,
    errors: Errors = False,
) -> None:
    """Mesure la lecture des messages (pertinence, thèmes, intention, lieux…) sur des messages annotés à la main.

    Un tiers des messages, tiré de leur identifiant, ne sert qu'à mesurer : --errors refuse de les montrer.

    Exemples :

        watcher evaluate messages.jsonl

        watcher evaluate messages.jsonl --errors
    """
    try:
        posts = measure.parse(file.read_text(encoding="utf-8").splitlines())
        nlp = app.installation_of(config, data).build_nlp()
        evaluation = measure.evaluate(nlp, posts, SystemClock().monotonic_s)
    except ValueError as error:
        raise ConfigError((Mistake(str(file), str(error)),)) from error
    if as_json:
        typer.echo(json.dumps(_json(evaluation), ensure_ascii=False))
        return
    console = Console()
    _show_figures(console, evaluation)
    _show_classes(console, evaluation.whole())
    if errors:
        _show_errors(console, evaluation)


def _json(evaluation: Evaluation) -> dict[str, object]:
    """Return the figures over all posts by the keys of the report, then those of each part."""
    parts = {"shown": evaluation.part(held_out=False), "held_out": evaluation.part(held_out=True)}
    return _figures(evaluation.whole()) | {"parts": {name: part and _figures(part) for name, part in parts.items()}}


def _figures(report: Report) -> dict[str, object]:
    figures = asdict(report)
    for group in _CLASSES:
        scores: dict[str, Score] = getattr(report, group)
        figures[group] = {name: score._asdict() for name, score in scores.items()}
    return figures


def _show_figures(console: Console, evaluation: Evaluation) -> None:
    reports = (evaluation.whole(), evaluation.part(held_out=False), evaluation.part(held_out=True))
    speed = f"{reports[0].posts_per_s:.0f} messages par seconde"
    table = Table(title=speed, title_justify="left")
    table.add_column("mesure")
    for name, report in zip(("tous", "à regarder", "réservés à la mesure"), reports, strict=True):
        table.add_column(f"{name} ({report.posts if report else 0})", justify="right")
    for figure, name in _FIGURES.items():
        table.add_row(name, *(_percent(getattr(report, figure)) if report else "—" for report in reports))
    console.print(table)


def _show_classes(console: Console, report: Report) -> None:
    for group, title in _CLASSES.items():
        classes = Table(title=title, title_justify="left")
        classes.add_column("classe")
        for column in ("précision", "rappel", "F1", "messages"):
            classes.add_column(column, justify="right")
        for name, score in getattr(report, group).items():
            shares = map(_percent, (score.precision, score.recall, score.f1))
            classes.add_row(Text(name), *shares, str(score.support))
        console.print(classes)


def _show_errors(console: Console, evaluation: Evaluation) -> None:
    table = Table(title="Messages mal lus", title_justify="left", show_lines=True)
    for column in ("message", "décision", "à la main", "lu"):
        table.add_column(column, overflow="fold")
    for mistake in measure.mistakes(evaluation.posts, evaluation.found):
        excerpt = " ".join(mistake.post.text.split())[:_EXCERPT_CHARS]
        table.add_row(Text(excerpt), mistake.what, Text(mistake.expected), Text(mistake.found))
    console.print(table)
    reserved = sum(post.is_held_out for post in evaluation.posts)
    console.print(f"{reserved} messages réservés à la mesure ne sont pas montrés.")


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %".replace(".", ",")
