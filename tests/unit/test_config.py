"""Loading the team's YAML: the values of a good configuration, and what is refused whatever it holds."""

from datetime import date, time, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.fakes.broken_config import GOOD, folder_with, mistakes_in, mistakes_with
from tests.fakes.settings import PLATFORMS, FeedSettings
from watcher.config import (
    AlertRule,
    DigestsConfig,
    InstitutionConfig,
    Member,
    PlaceConfig,
    Quiet,
    Retention,
    ThemeConfig,
    VoicesConfig,
    load,
)
from watcher.config.assemble import FILES, assemble
from watcher.config.load import MAX_FILE_BYTES, parse
from watcher.errors import ConfigError
from watcher.model import Source


def test_a_source_has_the_values_that_the_team_wrote_and_those_of_its_platform() -> None:
    config = load(GOOD, PLATFORMS)
    assert config.sources == (
        Source(
            name="La Dépêche",
            platform="rss",
            settings=FeedSettings(url="https://depeche.example.org/flux.xml"),
            interval_s=1_800.0,
            author_kind="media",
            territory=("31", "09", "82"),
        ),
    )


def test_a_source_at_rest_is_checked_and_set_apart() -> None:
    (paused,) = load(GOOD, PLATFORMS).paused
    assert (paused.name, paused.interval_s) == ("no", 900.0)
    assert paused.settings == FeedSettings(url="https://no.example.org/flux.xml", is_full_text=True)


def test_words_that_yaml_takes_for_booleans_stay_words() -> None:
    transports = load(GOOD, PLATFORMS).themes[1]
    assert transports == ThemeConfig("transports", "Transports", words=("liO", "yes"))


def test_handles_are_kept_without_their_sign() -> None:
    territory = load(GOOD, PLATFORMS).territory
    assert territory.public_accounts == ("Prefet31",)
    assert territory.institution == InstitutionConfig(
        names=("Région Occitanie",), ambiguous_names=("la région",), accounts=("occitanie", "laregion_bsky")
    )
    assert territory.places == (PlaceConfig("la Ville rose", ("31",), ("31555",)),)


def test_words_to_watch_and_weights_of_voices_are_the_team_s_the_rest_of_them_ours() -> None:
    instance = load(GOOD, PLATFORMS).instance
    assert instance.watched_words == ("pont fermé", "sans eau")
    assert instance.voices == VoicesConfig(media=1.0, institution=0.25, company=0.5, bot=0.0)


def test_the_first_rule_of_alerts_says_whom_to_tell_and_the_last_takes_the_rest() -> None:
    alerts = load(GOOD, PLATFORMS).alerts
    assert (alerts.channel, alerts.quiet, alerts.per_hour) == ("#veille", Quiet(time(22), time(6, 30)), 4)
    assert alerts.rules == (
        AlertRule(
            "crises",
            themes=("lycees",),
            min_voices=3,
            channel="#crises",
            mentions=("U0ASTREINTE",),
            passes_the_night=True,
            rest=timedelta(hours=2),
        ),
        AlertRule("reste", threshold=4.0),
    )


def test_digests_have_their_hours_and_those_turned_off_have_none() -> None:
    assert load(GOOD, PLATFORMS).alerts.digests == DigestsConfig(time(7, 45), None, "#bilans")


def test_the_calendar_says_what_comes_back_and_what_is_the_team_s_own() -> None:
    back, fair = load(GOOD, PLATFORMS).calendar.expectations
    assert (back.day, back.keys, back.times) == ("rentree", {("theme", "lycees")}, 4)
    assert (fair.begins, fair.ends) == (date(2026, 12, 5), date(2026, 12, 6))
    assert fair.keys == {("hashtag", "fetedulivre"), ("departement", "34")}


def test_the_team_is_a_list_of_names_with_the_ids_that_slack_knows_them_by() -> None:
    assert load(GOOD, PLATFORMS).team == (Member("Personne A", "U0PERSONNEA"), Member("Personne B"))


@pytest.mark.parametrize(
    ("file", "text", "key", "message"),
    [
        ("alertes.yml", "canal: '#a'\nregles: [{nom: a, themes: [licees]}]", "themes", "« licees », qui n'existe pas"),
        ("alertes.yml", "canal: '#a'\nregles: [{nom: a, prevenir: [jean]}]", "prevenir", "identifiant Slack"),
        ("alertes.yml", "canal: '#a'\nheures_calmes: {de: 9h}", "de", "il faut une heure"),
        ("alertes.yml", "canal: '#a'\nheures_calmes: {de: '21:00Z'}", "de", "il faut une heure"),
        ("alertes.yml", "canal: '#a'\nbilans: {matin: 8h30}", "matin", "il faut une heure"),
        ("alertes.yml", "canal: '#a'\nregles: [{nom: a, plateformes: [tiktok]}]", "plateformes", "« tiktok », qui"),
        ("alertes.yml", "canal: '#a'\nregles: [{nom: a, mots: [pont ferme]}]", "mots", "« pont ferme », qui"),
        ("alertes.yml", "canal: '#a'\nregles: [{nom: a, voix_minimum: inf}]", "voix_minimum", "il faut un nombre"),
        ("alertes.yml", "canal: '#a'\nregles: [{nom: a}, {nom: a}]", "regles", "2 règles ont le nom « a »"),
        ("alertes.yml", "canal: '#a'\nkibana: javascript:alert(1)", "kibana", "https://kibana.exemple.fr"),
        (
            "calendrier.yml",
            "reperes: []\nevenements: [{nom: a, du: 2027-W08-6, au: 2027-03-01, themes: [lycees], attendu: 2}]",
            "du",
            "il faut une date, et non « 2027-W08-6 »",
        ),
        ("alertes.yml", "canal: deux mots", "canal", "n'est pas le nom d'un canal"),
        ("calendrier.yml", "reperes: [{quand: rentree, attendu: 3}]", "reperes", "de quoi on parlera"),
        (
            "calendrier.yml",
            "reperes: []\nevenements: [{nom: a, du: 5 mai, au: 2027-01-01, themes: [lycees], attendu: 2}]",
            "du",
            "il faut une date",
        ),
        (
            "calendrier.yml",
            "reperes: []\nevenements: [{nom: a, du: 2027-02-01, au: 2027-01-01, themes: [lycees], attendu: 2}]",
            "evenements",
            "finit avant de commencer",
        ),
    ],
)
def test_a_mistake_in_alerts_or_calendar_is_told_where_it_stands(
    file: str, text: str, key: str, message: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError) as raised:
        load(folder_with(file, text.encode(), tmp_path), PLATFORMS)
    (mistake,) = raised.value.mistakes
    assert (mistake.file, key in mistake.key, message in mistake.message) == (file, True, True)


def test_a_slip_that_hides_a_topic_is_told_alone_not_on_every_rule_that_names_the_topic(tmp_path: Path) -> None:
    themes = (GOOD / "themes.yml").read_text(encoding="utf-8")
    (mistake,) = mistakes_with("themes.yml", themes.replace("lycees:", "lycees"), tmp_path)
    assert (mistake.file, mistake.line) == ("themes.yml", 2)


def test_what_the_team_does_not_write_has_its_default() -> None:
    instance = load(GOOD, PLATFORMS).instance
    assert instance.retention == Retention(
        timedelta(days=30), timedelta(days=365), timedelta(days=14), timedelta(days=30)
    )
    assert (instance.elasticsearch.prefix, instance.elasticsearch.heap_mb, instance.page.port) == (
        "watcher-",
        768,
        8471,
    )


@pytest.mark.parametrize(
    ("written", "meant"), [("oui", True), ("Non", False), ('"oui"', True), ("true", True), ("no", False)]
)
def test_booleans_are_written_in_french_or_as_yaml_does(written: str, meant: bool, tmp_path: Path) -> None:  # noqa: FBT001
    text = f"sources: [{{nom: a, plateforme: rss, adresse: 'https://a.example.org', texte_entier: {written}}}]"
    config = load(folder_with("sources.yml", text.encode(), tmp_path), PLATFORMS)
    settings = config.sources[0].settings
    assert isinstance(settings, FeedSettings)
    assert settings.is_full_text is meant


def test_every_mistake_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    folder_with("sources.yml", b"sources:\n  - nom: a\n    plateforme: rss\n    adresse : 3\n\tactif: oui\n", tmp_path)
    (tmp_path / "themes.yml").write_text("themes: rien\n", encoding="utf-8")
    (tmp_path / "territoire.yml").unlink()
    (tmp_path / "veille.yml").write_text("nom: Veille\ncontact:\npages: 1\n", encoding="utf-8")
    (tmp_path / "source.yaml").write_text("", encoding="utf-8")
    assert [(mistake.file, mistake.line) for mistake in mistakes_in(tmp_path)] == [
        ("source.yaml", None),
        ("veille.yml", 2),
        ("veille.yml", 3),
        ("sources.yml", 4),
        ("sources.yml", 5),
        ("themes.yml", 1),
        ("territoire.yml", None),
    ]


@pytest.mark.parametrize("newline", ["\r\n", "\r", "\n"])
def test_line_ends_of_any_machine_are_read_and_counted(newline: str, tmp_path: Path) -> None:
    good = (GOOD / "themes.yml").read_text(encoding="utf-8")
    assert not mistakes_with("themes.yml", good.replace("\n", newline), tmp_path)
    (mistake,) = mistakes_with("themes.yml", (good + "  sante: {}\n").replace("\n", newline), tmp_path)
    assert mistake.line == good.count("\n") + 1


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    good = (GOOD / "themes.yml").read_text(encoding="utf-8")
    assert not mistakes_in(folder_with("themes.yml", good.encode("utf-8-sig"), tmp_path))


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-16"])
def test_another_encoding_is_told_with_what_to_do(encoding: str, tmp_path: Path) -> None:
    text = "themes:\n  lycees:\n    nom: Lycées\n"
    (mistake,) = mistakes_in(folder_with("themes.yml", text.encode(encoding), tmp_path))
    assert mistake.line == (1 if encoding == "utf-16" else 3)
    assert "enregistrez en UTF-8" in mistake.hint


def test_a_file_over_the_cap_is_refused_unread(tmp_path: Path) -> None:
    (mistake,) = mistakes_in(folder_with("themes.yml", b"#" * (MAX_FILE_BYTES + 1), tmp_path))
    assert mistake.message == "le fichier dépasse 1 Mo"


def test_a_folder_in_the_place_of_a_file_is_told(tmp_path: Path) -> None:
    folder_with("themes.yml", b"", tmp_path)
    (tmp_path / "themes.yml").unlink()
    (tmp_path / "themes.yml").mkdir()
    (mistake,) = mistakes_in(tmp_path)
    assert mistake.message == "le fichier themes.yml ne peut pas être lu"


def test_a_password_in_an_address_is_not_shown(tmp_path: Path) -> None:
    text = "nom: a\ncontact: a@example.org\nelasticsearch:\n  adresse: https://moi:s3cret@es.example.org\n"
    (mistake,) = mistakes_with("veille.yml", text, tmp_path)
    assert "s3cret" not in f"{mistake.message}{mistake.hint}"


LAUGHS = "a: &a [x, x, x]\n" + "".join(
    f"{this}: &{this} [{', '.join([f'*{before}'] * 9)}]\n" for before, this in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(LAUGHS, id="alias-bomb"),
        pytest.param("[" * 100_000, id="deep-brackets"),
        pytest.param("- " * 100_000, id="deep-dashes"),
        pytest.param("x: !!python/object/apply:os.system [echo]\n", id="python-object"),
        pytest.param("a: 1\n" * 20_000, id="one-key-20000-times"),
        pytest.param("\tx: 1\n" * 20_000, id="20000-tabs"),
        pytest.param("a" + " " * 200_000 + "b: c: d\n", id="endless-spaces"),
        pytest.param('x: "' + "\\U" + "F" * 8 + '"', id="escape-past-unicode"),
    ],
)
@pytest.mark.timeout(20)  # a tenth of a second each; what grows without end takes for ever
def test_hostile_files_are_refused(text: str) -> None:
    document = parse(text, "themes.yml")
    assert 1 <= len(document.mistakes) <= 20


def test_an_alias_bomb_is_refused_without_being_walked() -> None:
    document = parse(LAUGHS, "themes.yml")
    assert document.tree is None
    assert document.mistakes[0].message == "« & » ne peut pas commencer une valeur"


YAML_LIKE = st.text("ab:é-#[]{}\"'&*!|>%@,\\U \n\t\r\u00a0“?~0.", max_size=80)
LINES = st.lists(
    st.sampled_from(
        ("themes:", "  lycees:", "    mots: [a,", "   nom: x", "- b", '    - "c', "nom y", "  exclure: *z", "", "  ]")
    ),
    max_size=12,
).map("\n".join)


@pytest.mark.parametrize("file", FILES)
@settings(max_examples=50, deadline=None)
@given(text=st.one_of(st.text(max_size=60), YAML_LIKE, LINES))
@example(text="\x85- :")
@example(text="? ")
def test_no_text_raises_anything_but_a_config_error(file: str, text: str) -> None:
    documents = {name: parse((GOOD / name).read_text(encoding="utf-8"), name) for name in FILES if name != file}
    with pytest.raises(ConfigError) as raised:
        assemble(documents | {file: parse(text, file)}, PLATFORMS)
    assert raised.value.mistakes
    assert all(mistake.file == file and mistake.message for mistake in raised.value.mistakes)


@settings(deadline=None)
@given(text=st.one_of(st.text(max_size=60), YAML_LIKE, LINES))
def test_a_mistake_stands_inside_its_file(text: str) -> None:
    lines = text.replace("\r\n", "\n").count("\n") + sum(text.count(sign) for sign in "\r\x85\u2028\u2029") + 1
    for mistake in parse(text, "themes.yml").mistakes:
        assert mistake.line is not None
        assert 1 <= mistake.line <= lines


def test_two_sources_that_read_the_same_thing_are_told(tmp_path: Path) -> None:
    entry = "  - nom: {}\n    plateforme: rss\n    adresse: https://example.org/rss.xml\n"
    (mistake,) = mistakes_with("sources.yml", "sources:\n" + entry.format("un") + entry.format("deux"), tmp_path)
    assert mistake.message == "la source « deux » lit la même chose que « un »"
    assert mistake.line == 5
