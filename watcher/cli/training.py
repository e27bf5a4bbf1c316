"""`watcher train`: what the examples of the topics teach, and what that changes."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from watcher import app, lessons, translation
from watcher.cli.folders import CONFIG, DATA, ConfigFolder, DataFolder
from watcher.clock import SystemClock
from watcher.french import plural

if TYPE_CHECKING:
    from pipelines.topic_training import Progress

_ENOUGH = 10
"""Examples from which a topic is seen to gain."""
_NOTICED = 0.02
"""A smaller change of F1 is chance."""


def train(config: ConfigFolder = CONFIG, data: DataFolder = DATA) -> None:
    """Apprend de vos exemples (themes.yml) à reconnaître vos thèmes, et dit ce que cela change.

    Quelques secondes suffisent. La veille s'en sert à son prochain démarrage. Un thème que vous avez inventé marche dès
    maintenant par ses mots ; une dizaine d'exemples l'aident à trouver les messages qui n'en contiennent aucun.

    Exemple :

        watcher train
    """
    console, clock = Console(), SystemClock()
    loaded = app.load_config(config)
    started = clock.monotonic_s()
    with console.status("Apprentissage sur les messages annotés et vos exemples…"):
        progress = lessons.train(translation.themes_of(loaded), data)
    console.print(_table(progress, {theme.id: theme.name for theme in loaded.themes}))
    for sentence in remarks(progress):
        console.print(sentence)
    console.print(f"Appris en {clock.monotonic_s() - started:.0f} s, et gardé dans {data / lessons.LEARNED}.")
    console.print("La veille s'en sert à son prochain démarrage ; watcher retag relit alors les messages déjà rangés.")


def _table(progress: Mapping[str, "Progress"], names: Mapping[str, str]) -> Table:
    table = Table(
        title="Chaque message est lu comme s'il n'avait pas servi à apprendre.",
        caption="Justesse : F1 sur les messages annotés livrés avec la veille, de 0 à 100.",
        title_justify="left",
        caption_justify="left",
    )
    table.add_column("thème")
    for column in ("exemples", "retrouvés sans eux", "avec", "justesse sans eux", "avec"):
        table.add_column(column, justify="right")
    for topic, (examples, before, after) in progress.items():
        shares = map(_percent, (before.f1, after.f1))
        table.add_row(Text(names[topic]), str(examples), str(before.found), str(after.found), *shares)
    return table


def remarks(progress: Mapping[str, "Progress"]) -> list[str]:
    """Return, in French, what the figures call for."""
    said = []
    for topic, (_, before, after) in progress.items():
        if before.f1 is not None and after.f1 is not None and after.f1 < before.f1 - _NOTICED:
            said.append(f"{topic} est moins bien lu qu'avant : un de ses exemples parle peut-être d'autre chose.")
    few = [topic for topic, (examples, *_) in progress.items() if examples < _ENOUGH]
    if few:
        said.append(
            f"{plural(len(few), 'thème a', 'thèmes ont')} moins de {_ENOUGH} exemples : ajoutez-en là où des messages "
            "vous échappent, tels que les gens les écrivent."
        )
    return said


def _percent(share: float | None) -> str:
    return "—" if share is None else f"{100 * share:.1f}".replace(".", ",")
