"""What the team's examples teach: learned by `watcher train`, kept in the data folder, read at each start."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pipelines.linear_model import parse
from pipelines.packaged import packaged_topic_posts
from pipelines.themes import TaughtPost, Theme
from pipelines.topic_training import Progress, examples_of, learn
from pipelines.topics import MOST_TOPICS
from watcher.errors import ConfigError, Mistake

LEARNED = "themes_appris.csv"

SHORTEST = 3
"""Words of an example: fewer are a term, which belongs among the topic's words."""
_SHOWN_CHARS = 60


def read(data: Path) -> str | None:
    """Return the table of weights that `train` kept in `data`, None before. Raises `ConfigError` when it is damaged."""
    path = data / LEARNED
    try:
        table = path.read_text(encoding="utf-8")
        parse(table)
    except FileNotFoundError:
        return None
    except ValueError as error:
        hint = "relancez watcher train, ou supprimez ce fichier"
        raise ConfigError((Mistake(str(path), "ce que la veille a appris ne peut pas être lu", hint=hint),)) from error
    return table


def train(themes: Sequence[Theme], data: Path) -> Mapping[str, Progress]:
    """Learn from the examples of `themes`, keep it in `data`, and return what that has changed, by topic.

    Raises `ConfigError` with every example that cannot be one.
    """
    examples = examples_of(themes)
    if mistakes := tuple(mistake for example in examples for mistake in _mistakes(example)):
        raise ConfigError(mistakes)
    learned = learn(themes, packaged_topic_posts(), examples)
    data.mkdir(parents=True, exist_ok=True)
    draft = data / f"{LEARNED}.part"
    draft.write_text(learned.model.table(), encoding="utf-8")
    draft.replace(data / LEARNED)
    return learned.progress


def _mistakes(example: TaughtPost) -> Iterator[Mistake]:
    where = f"exemples de {' et '.join(sorted(example.topics))}"
    shown = example.text if len(example.text) <= _SHOWN_CHARS else f"{example.text[:_SHOWN_CHARS]}…"
    if len(example.text.split()) < SHORTEST:
        message = f"« {shown} » est trop court pour apprendre quelque chose"
        yield Mistake(
            "themes.yml", message, key=where, hint="un exemple est un message entier ; un mot va sous « mots »"
        )
    if len(example.topics) > MOST_TOPICS:
        message = f"« {shown} » est donné en exemple de {len(example.topics)} thèmes"
        yield Mistake("themes.yml", message, key=where, hint=f"un message a {MOST_TOPICS} thèmes au plus")
