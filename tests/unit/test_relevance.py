"""Evidence is weighed: who is named, where, and what speaks against it."""

import pytest
from spacy.language import Language
from spacy.tokens import Doc

import pipelines
from pipelines import Hints


@pytest.fixture(scope="module")
def nlp() -> Language:
    return pipelines.build()


def read(nlp: Language, text: str, **hints: object) -> Doc:
    doc = nlp.make_doc(text)
    doc._.hints = Hints(**hints)
    return nlp(doc)


@pytest.mark.parametrize(
    "text",
    [
        "La Région Occitanie vote son budget.",
        "@Occitanie c'est normal ça ?",
        "Toujours en panne, mon LoRdi",
        "Rencontre avec Carole Delga",
        "Plus de chauffage à l'internat du lycée de Mende",
        "Le TER de Tarbes est supprimé",
        "Rodez : la Région finance le gymnase",
        "Le dossier est sur laregion.fr/aides",
        "le car liO n'est pas passé",
        "la région m'a refusé ma formation",
        "La Región Occitania abre una convocatoria",
        "le prochain conseil régional est public ?",
        "Bonjour, vous proposez une remise à niveau ?",
    ],
)
def test_the_institution_is_known_by_its_names_services_and_duties(nlp: Language, text: str) -> None:
    assert read(nlp, text)._.relevance == "institution"


@pytest.mark.parametrize(
    "text",
    [
        "Marché de Noël à Castelnaudary samedi",
        "Balade au pont du Gard",
        "Le Stade Toulousain gagne",
        "En Occitanie il pleut",
        "De Toulouse à Lille en train",
        "Concert au Zénith de Toulouse",
    ],
)
def test_a_place_of_ours_makes_the_territory(nlp: Language, text: str) -> None:
    assert read(nlp, text)._.relevance == "territoire"


@pytest.mark.parametrize(
    "text",
    [
        "La Région Bretagne aide ses lycées",
        "Le conseil régional de Normandie vote",
        "Bordeaux : la Région ajoute des trains",
        "je vends un lot de chaises",
        "bonne journée à tous",
        "Lio chantait Banana split",
        "Meeting à Marseille, à Toulouse puis à Lille",
        "Bonjour, la remise à niveau à Rennes, c'est vous ?",
        "Le resto L'Aubrac à Paris, quel aligot",
        "",
    ],
)
def test_what_is_elsewhere_or_nowhere_is_off_subject(nlp: Language, text: str) -> None:
    assert read(nlp, text)._.relevance == "hors_sujet"


def test_spam_is_off_subject_whatever_its_hashtags(nlp: Language) -> None:
    text = "GAGNE un iphone, clique ici, code promo en bio https://gagne.example #toulouse #fyp #viral #concours"
    assert read(nlp, text)._.relevance == "hors_sujet"


def test_a_need_of_what_the_region_runs_is_kept_without_any_place(nlp: Language) -> None:
    found = read(nlp, "Et pour les manuels du lycée, on fait comment ?", platform="facebook")._
    assert found.relevance == "institution"
    assert "compétence de la Région : « lycée »" in found.evidence


def test_a_feed_of_ours_gives_an_ambiguous_name_its_reason(nlp: Language) -> None:
    assert read(nlp, "le lycée est fermé", territory=("12",))._.relevance == "institution"


def test_a_feed_of_ours_does_not_make_another_town_ours(nlp: Language) -> None:
    assert read(nlp, "Marché de Noël à Bordeaux", territory=("12",))._.relevance == "hors_sujet"


def test_what_our_own_accounts_publish_is_the_institution_s(nlp: Language) -> None:
    assert read(nlp, "Belle journée à tous !", is_own=True)._.relevance == "institution"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("La Région Occitanie recrute", "nomme « Région Occitanie »"),
        ("@Occitanie bonjour", "s’adresse à @Occitanie"),
        ("Lodève sous la pluie", "commune : Lodève (34)"),
        ("La Région Bretagne recrute", "ailleurs : Bretagne"),
        ("bonjour", "aucun lieu d’ici"),
    ],
)
def test_every_verdict_says_why_in_french(nlp: Language, text: str, reason: str) -> None:
    assert reason in read(nlp, text)._.evidence
