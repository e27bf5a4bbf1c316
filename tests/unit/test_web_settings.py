"""What the page says of the team's YAML: in words, with what is wrong in the last edit and where."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.fakes.clock import NOON
from tests.fakes.forms import browsing
from tests.fakes.page import LABELS, SETTINGS, FakeQueries, page
from watcher.config import AlertRule
from watcher.errors import Mistake
from watcher.web.rules import conditions, takes
from watcher.web.settings import Listened, listened
from watcher.words import Edit

MISTAKE = Mistake("themes.yml", "« nam » n'est pas une clé", 12, 5, "lycees › nam", "écrivez « nom »")


async def shown(edit: Edit | None = None) -> str:
    async with browsing(page(FakeQueries(), team=["Anne"], edit=edit)) as client:
        answer = await client.get("/reglages")
    assert answer.status_code == 200
    return " ".join(answer.text.replace("&#39;", "'").split())


async def test_what_the_files_say_is_said_in_words() -> None:
    text = await shown()
    for words in (
        "2 thèmes",
        "<td>2</td><td>1</td><td>1</td>",
        "lycée, internat",
        "<strong>crises</strong> prend le thème Crises et intempéries : dès que la veille remarque quelque chose",
        "dans #veille ; même pendant les heures calmes.",
        "Heures calmes de 21:00 à 07:00",
        "2 sources écoutées",
        "Région Occitanie",
        "Gard, Hérault",
        "12 mois",
        "sans eau",
        'href="/essai"',
    ):
        assert words in text
    assert "À corriger" not in text


async def test_every_mistake_of_the_last_edit_is_shown_with_its_place_and_what_to_type_instead() -> None:
    other = Mistake("sources.yml", "<b>mal écrit</b>", 3)
    text = await shown(Edit("thème lycees : 2 mots ajoutés", NOON, "Vos derniers réglages…", (MISTAKE, other)))
    for words in (
        "themes.yml, ligne 12, colonne 5 (lycees › nam)",
        "« nam » n'est pas une clé",
        "→ écrivez « nom »",
        "sources.yml, ligne 3</strong>",
        "&lt;b&gt;mal écrit",
        "thème lycees : 2 mots ajoutés",
    ):
        assert words in text
    assert "premières" not in text


async def test_what_is_left_out_of_many_mistakes_is_said() -> None:
    assert "Les 100 premières" in await shown(Edit(trouble="Vos derniers réglages…", mistakes=(MISTAKE,) * 100))


async def test_a_refused_edit_is_told_on_every_view_with_a_way_to_its_mistakes() -> None:
    edit = Edit(trouble="Vos derniers réglages ne peuvent pas être pris.", mistakes=(MISTAKE,))
    async with browsing(page(FakeQueries(), edit=edit)) as client:
        for path in ("/", "/explorer", "/essai"):
            text = (await client.get(path)).text
            assert edit.trouble in text
            assert 'href="/reglages#erreurs"' in text


def test_platforms_are_counted_the_most_listened_to_first() -> None:
    assert listened(SETTINGS) == [Listened("Presse et blogs", 2, 0), Listened("Mastodon", 0, 1)]


@pytest.mark.parametrize(
    ("rule", "taken"),
    [
        (AlertRule("a"), "tout le reste"),
        (AlertRule("a", themes=("lycees", "crises")), "les thèmes Lycées, Crises et intempéries"),
        (
            AlertRule("a", departements=("34",), hashtags=("lio",), is_to_answer=True),
            "le département Hérault, le hashtag #lio et les messages qui attendent une réponse",
        ),
        (AlertRule("a", words=("sans eau",), platforms=("x",)), "le mot suivi « sans eau » et la plateforme X"),
    ],
)
def test_a_rule_says_what_it_takes(rule: AlertRule, taken: str) -> None:
    assert takes(rule, LABELS) == taken


def test_a_rule_says_when_where_and_how_it_tells() -> None:
    rule = AlertRule(
        "a", threshold=6.0, min_voices=5, mentions=("U1", "U2"), passes_the_night=True, rest=timedelta(minutes=30)
    )
    assert conditions(rule, "#veille") == [
        "seulement pour l'exceptionnel",
        "à partir de 5 voix en une heure",
        "dans #veille",
        "en appelant 2\u00a0personnes",
        "même pendant les heures calmes",
        "ce qui suit pendant 30 min va dans le même fil",
    ]
    assert conditions(replace(AlertRule("a"), channel="#crise"), "#veille") == [
        "dès que la veille remarque quelque chose",
        "dans #crise",
    ]
