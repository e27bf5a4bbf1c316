"""What an edit changes, in the team's words, and what the daemon must do about it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from watcher.changes import difference
from watcher.config import (
    AlertRule,
    AlertsConfig,
    CalendarConfig,
    Config,
    ElasticsearchConfig,
    Expectation,
    Instance,
    InstitutionConfig,
    Member,
    PageConfig,
    Retention,
    TerritoryConfig,
    ThemeConfig,
    VoicesConfig,
)
from watcher.model import Source

A, B = Source("a", "rss", None, 900.0), Source("b", "rss", None, 900.0)
LYCEES = ThemeConfig("lycees", "Lycées", words=("lycée",))
INSTANCE = Instance("Essai", "a@example.org")
NOW = Config(INSTANCE, (A,), (B,), (LYCEES,), TerritoryConfig(InstitutionConfig()))


def themed(**changed: object) -> Config:
    return replace(NOW, themes=(replace(LYCEES, **changed),))  # type: ignore[arg-type]


def of_instance(**changed: object) -> Config:
    return replace(NOW, instance=replace(INSTANCE, **changed))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("after", "sentence"),
    [
        (NOW, ""),
        (replace(NOW, sources=(A, Source("c", "rss", None, 60.0))), "source c ajoutée"),
        (replace(NOW, sources=()), "source a retirée"),
        (replace(NOW, sources=(), paused=(A, B)), "source a mise au repos"),
        (replace(NOW, sources=(A, B), paused=()), "source b remise en marche"),
        (replace(NOW, sources=(replace(A, interval_s=60.0),)), "source a modifiée"),
        (themed(words=("lycée", "internat", "cantine")), "thème lycees : 2\u00a0mots ajoutés"),
        (themed(words=("internat",)), "thème lycees : 1\u00a0mot ajouté, 1\u00a0mot retiré"),
        (themed(excluded=("x", "y")), "thème lycees : 2\u00a0exclusions ajoutées"),
        (themed(examples=("Fermé ?",)), "thème lycees : 1\u00a0exemple ajouté"),
        (themed(name="Les lycées"), "thème lycees : modifié"),
        (replace(NOW, themes=()), "thème lycees retiré"),
        (replace(NOW, themes=(LYCEES, ThemeConfig("eau", "Eau"))), "thème eau ajouté"),
        (replace(NOW, territory=replace(NOW.territory, context=("lycée",))), "territoire modifié"),
        (replace(NOW, alerts=AlertsConfig("#veille", rules=(AlertRule("crises"),))), "règle crises ajoutée"),
        (replace(NOW, alerts=AlertsConfig("#ailleurs")), "réglages des alertes modifiés"),
        (replace(NOW, calendar=CalendarConfig((Expectation("Salon"),))), "événement Salon ajouté"),
        (replace(NOW, team=(Member("Personne A"),)), "membre de l'équipe Personne A ajouté"),
        (of_instance(watched_words=("pont fermé",)), "mots suivis : 1\u00a0mot ajouté"),
        (of_instance(name="Autre"), "nom de la veille modifié"),
        (of_instance(voices=VoicesConfig(media=0.5)), "voix modifiées"),
        (of_instance(retention=Retention(texts=timedelta(days=1))), "durées de conservation modifiées"),
    ],
)
def test_what_changes_is_one_french_line(after: Config, sentence: str) -> None:
    changes = difference(NOW, after)
    assert changes.sentence == sentence
    assert changes.config == after


def test_several_changes_are_one_line_too() -> None:
    after = replace(themed(words=("lycée", "internat")), sources=(), paused=())
    assert difference(NOW, after).sentence == ("source a retirée ; source b retirée ; thème lycees : 1\u00a0mot ajouté")


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"page": PageConfig(9000)}, "réglages de la page"),
        ({"elasticsearch": ElasticsearchConfig("autre-")}, "réglages d'Elasticsearch"),
        ({"contact": "b@example.org"}, "contact"),
    ],
)
def test_what_cannot_change_while_running_stays_and_is_told(changed: dict[str, object], what: str) -> None:
    changes = difference(NOW, of_instance(**changed))
    assert changes.sentence == f"{what} : prendra effet au prochain démarrage"
    assert changes.config == NOW


def test_the_order_of_rules_counts_since_the_first_decides() -> None:
    one, two = AlertRule("un"), AlertRule("deux")
    before, after = (replace(NOW, alerts=AlertsConfig("#veille", rules=rules)) for rules in ((one, two), (two, one)))
    assert difference(before, after).sentence == "liste « règle » modifiée"


def test_sources_that_begin_end_change_or_rest_are_named_and_no_other() -> None:
    after = replace(NOW, sources=(A,), paused=(), themes=())
    assert difference(NOW, after).sources == {"b"}
    assert difference(NOW, replace(NOW, sources=(A, B), paused=())).sources == {"b"}


def test_posts_are_read_anew_for_topics_and_territory_alone() -> None:
    assert difference(NOW, themed(words=())).changes_reading
    assert not difference(NOW, themed(examples=("Un message.",))).changes_reading
    assert difference(NOW, replace(NOW, territory=replace(NOW.territory, context=("x",)))).changes_reading
    assert not difference(NOW, replace(NOW, sources=())).changes_reading
