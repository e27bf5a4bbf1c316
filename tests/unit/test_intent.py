"""What the author wants, needs that are only implied included, and whether the team should answer."""

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
    ("text", "intent"),
    [
        ("Je veux apprendre l'informatique mais j'ai aucun diplôme", "demande_aide"),
        ("jsp quoi faire, plus de logement à Toulouse svp", "demande_aide"),
        ("Bonjour, à qui m'adresser pour une bourse ? Je suis perdue.", "demande_aide"),
        ("Necessito ajuda, no sé què fer, soc a Perpinyà", "demande_aide"),
        ("Quelqu'un sait à quelle heure part le premier train ?", "question"),
        ("Does anyone know if the bus runs on Sunday?", "question"),
        ("Encore un train supprimé, c'est une honte, y en a marre", "plainte"),
        ("Attention, arbre tombé sur la voie à Foix, prévenez la SNCF", "signalement"),
        ("Un grand merci à toute l'équipe, accueil formidable", "remerciement"),
        ("Mercé plan a tota la còla de Tolosa", "remerciement"),
        ("Le conseil municipal se réunit jeudi à 18 h.", "information"),
        ("Casino en ligne : tours gratuits sans dépôt, cliquez ici", "spam"),
        ("", "information"),
        ("12:30", "information"),
    ],
)
def test_intents(nlp: Language, text: str, intent: str) -> None:
    assert read(nlp, text)._.intent == intent


def test_thanks_in_advance_are_no_thanks(nlp: Language) -> None:
    assert read(nlp, "Où se garer à Albi ? Merci d'avance")._.intent == "question"


@pytest.mark.parametrize("author_kind", ["media", "company", "bot", "institution"])
def test_only_persons_are_answered(nlp: Language, author_kind: str) -> None:
    text = "@Occitanie je cherche une formation, à qui m'adresser ?"
    assert read(nlp, text, author_kind="person")._.to_answer
    assert not read(nlp, text, author_kind=author_kind)._.to_answer


def test_a_feed_is_not_answered(nlp: Language) -> None:
    assert not read(nlp, "@Occitanie à qui m'adresser ?", platform="rss")._.to_answer


def test_nobody_is_answered_off_subject(nlp: Language) -> None:
    assert not read(nlp, "Je cherche un appartement à Rouen, à qui m'adresser ?")._.to_answer


def test_a_complaint_is_answered_when_it_is_about_a_service_of_the_region(nlp: Language) -> None:
    complaint = "encore en retard, c'est une honte, y en a marre"
    assert read(nlp, f"@lio_Occitanie {complaint}")._.to_answer
    assert not read(nlp, f"Le facteur de Rodez {complaint}")._.to_answer
