"""The recipes of `config/LISEZMOI.md`: followed on a copy of the shipped configuration, each does what it says."""

import re
import shutil
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from typer.testing import CliRunner

import pipelines
from tests.fakes.clock import NOON
from tests.fakes.fetch import FakeFetch
from tests.fakes.posts import a_post
from watcher import app, cli, collect
from watcher.alerts.routing import routed, rule_for
from watcher.alerts.telling import Telling
from watcher.config import Config, load
from watcher.errors import SourceGone
from watcher.translation import territory_of, themes_of, watchlist_of
from watcher.trend import Alert, Hearing, Key, Trend, Why
from watcher.trends.expectations import expectations
from watcher.trends.spoken import Listener

CONFIG = Path(__file__).parents[2] / "config"
GUIDE = (CONFIG / "LISEZMOI.md").read_text(encoding="utf-8")
PARIS = ZoneInfo("Europe/Paris")
NIGHT = datetime(2026, 11, 24, 22, 30, tzinfo=PARIS)

_, *_PARTS = re.split(
    r"^### (.+)\n", GUIDE.partition("\n## Dix recettes\n")[2].partition("\n## ")[0], flags=re.MULTILINE
)
RECIPES = dict(zip(_PARTS[::2], _PARTS[1::2], strict=True))


def blocks(recipe: str) -> list[tuple[str, Any]]:
    """Return what a recipe says to write, and in which file: the last that it names before."""
    found: list[tuple[str, Any]] = []
    before, *rest = re.split(r"^```(?:yaml)?\n", RECIPES[recipe], flags=re.MULTILINE)
    for written, after in zip(rest[::2], rest[1::2], strict=True):
        found.append((re.findall(r"`(\w+\.yml)`", before)[-1], yaml.safe_load(written)))
        before = after
    return found


def added(there: Any, new: Any) -> Any:
    """Return what stands in a file once `new` is written into it: keys beside keys, and new entries first."""
    if isinstance(there, dict) and isinstance(new, dict):
        return there | {key: added(there.get(key), value) for key, value in new.items()}
    if isinstance(there, list) and isinstance(new, list):
        changed = {each["nom"]: each for each in new if isinstance(each, dict)}
        kept = [added(each, changed.pop(each["nom"])) if _name(each) in changed else each for each in there]
        return [each for each in new if _name(each) in changed or not isinstance(each, dict)] + kept
    return new


def _name(entry: Any) -> str | None:
    return entry["nom"] if isinstance(entry, dict) else None


def followed(recipe: str, folder: Path) -> Config:
    """Return the configuration of a copy of `config/` in `folder` after `recipe`, which `watcher check` accepts."""
    copy = shutil.copytree(CONFIG, folder / "config")
    for file, new in blocks(recipe):
        there = yaml.safe_load((copy / file).read_text(encoding="utf-8"))
        (copy / file).write_text(yaml.safe_dump(added(there, new), allow_unicode=True, width=10_000), encoding="utf-8")
    return configured(copy)


def configured(folder: Path = CONFIG) -> Config:
    return load(folder, {name: collector.Settings for name, collector in collect.find().items()})


def trend(key: Key, voices: float = 14, score: float = 6.5) -> Trend:
    heard = Hearing(NOON, score, voices, 1)
    return Trend(*key, NOON, heard, heard, why=Why(departements=("34",)))


# ---- what is understood


def test_a_topic_of_ones_own_catches_its_words_and_leaves_what_it_excludes(tmp_path: Path) -> None:
    nlp = pipelines.build(themes_of(followed("Ajouter un thème", tmp_path)))
    assert "langues" in nlp("La calandreta de Lodève cherche une enseignante")._.topics
    assert "langues" not in nlp("Travaux rue de la Calandreta à Lodève")._.topics


@pytest.mark.slow
def test_examples_teach_a_topic_what_its_words_do_not_say(tmp_path: Path) -> None:
    text = "Coups de fusil tout le week-end autour de Millau"
    followed("Améliorer un thème par des exemples", tmp_path)
    folder, data = tmp_path / "config", tmp_path / "var"
    assert "environnement" not in app.installation_of(folder, data).build_nlp()(text)._.topics
    result = CliRunner().invoke(cli.app, ["train", "--config", str(folder), "--donnees", str(data)])
    assert result.exit_code == 0
    assert "environnement" in app.installation_of(folder, data).build_nlp()(text)._.topics


def test_an_exception_sets_a_homonym_aside_and_leaves_the_place(tmp_path: Path) -> None:
    text = "Il habite au diable Vauvert"
    nlp = pipelines.build((), territory_of(followed("Écarter un homonyme", tmp_path)))
    assert pipelines.build(())(text)._.relevance == "territoire"
    assert nlp(text)._.relevance == "hors_sujet"
    assert nlp("Marché de Noël à Vauvert samedi")._.relevance == "territoire"


# ---- what is heard


async def test_an_account_that_is_added_is_asked_for(tmp_path: Path) -> None:
    (source,) = [each for each in followed("Ajouter un compte", tmp_path).sources if "mairie" in each.name]
    fetch = FakeFetch()
    with pytest.raises(SourceGone):
        async for _ in collect.find()[source.platform].pages(fetch, source.settings, None, NOON):
            pass
    assert fetch.calls[0].params["actor"] == "nom.bsky.social"


def test_a_source_at_rest_is_read_no_more_and_is_still_there(tmp_path: Path) -> None:
    assert "actu-lot" in {source.name for source in configured().sources}
    config = followed("Mettre une source au repos", tmp_path)
    assert "actu-lot" not in {source.name for source in config.sources}
    assert "actu-lot" in {source.name for source in config.paused}


def test_an_event_is_followed_by_its_words_and_its_hashtag_in_a_channel_of_its_own(tmp_path: Path) -> None:
    config = followed("Suivre un événement", tmp_path)
    said = Listener(watchlist_of(config)).spoken(a_post("1", text="Vivement la Fête de la Transhumance !"))
    assert said is not None
    assert "mot:fête de la transhumance" in said.terms
    for key in (("mot", "fête de la transhumance"), ("hashtag", "transhumance2027")):
        way = routed(Alert(trend(key), NOON, ""), config.alerts, [], NOON)
        assert way is not None
        assert way.channel == "#evenements"


# ---- what is told


def test_what_is_in_the_calendar_is_expected_on_its_days_alone(tmp_path: Path) -> None:
    config = followed("Entrer une fête ou un salon dans le calendrier", tmp_path)
    times = expectations(config.calendar, (), ())
    last, after = datetime(2027, 3, 7, 18, tzinfo=PARIS), datetime(2027, 3, 8, 18, tzinfo=PARIS)
    for key in (("theme", "agriculture"), ("hashtag", "sia2027")):
        assert (times(key, last), times(key, after)) == (6, 1)


def test_somebody_is_called_by_the_alerts_of_a_rule(tmp_path: Path) -> None:
    crisis = trend(("theme", "crises"))
    for config, calls in ((configured(), False), (followed("Prévenir quelqu'un", tmp_path), True)):
        telling = Telling(config.alerts, lambda _, term: term)
        [draft], _ = telling.drafts([Alert(crisis, NOON, "")], [crisis], {}, [], NOON)
        assert ("<@U0123ABCD>" in str(draft.body)) is calls


def test_an_alert_waits_for_the_morning(tmp_path: Path) -> None:
    crisis = Alert(trend(("theme", "crises")), NIGHT, "")
    at_once = routed(crisis, configured().alerts, [], NIGHT)
    waits = routed(crisis, followed("Couper une alerte la nuit", tmp_path).alerts, [], NIGHT)
    assert at_once is not None
    assert waits is not None
    assert (at_once.due_at - NIGHT, waits.due_at - NIGHT) == (timedelta(), timedelta(hours=9, minutes=30))


def test_a_less_sensitive_rule_tells_only_what_is_exceptional(tmp_path: Path) -> None:
    usual = trend(("hashtag", "marché"), voices=8, score=4.5)
    rules, fewer = configured().alerts.rules, followed("Baisser la sensibilité", tmp_path).alerts.rules
    assert rule_for(usual, rules) is not None
    assert rule_for(usual, fewer) is None
    assert rule_for(replace(usual, peak=Hearing(NOON, 6.5, 20, 1)), fewer) is not None


def test_there_are_ten_recipes_and_each_is_tried_here() -> None:
    tried = re.findall(r'followed\("(.+?)", tmp_path\)', Path(__file__).read_text(encoding="utf-8"))
    assert sorted(tried) == sorted(RECIPES)
    assert len(RECIPES) == 10
