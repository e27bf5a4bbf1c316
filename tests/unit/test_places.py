"""Places: what names one, what only looks like one, and what the team's own names and exceptions change."""

import csv
from importlib import resources
from pathlib import Path

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from pipelines import entities, language, places
from pipelines.gazetteer import Trust, build_gazetteer
from pipelines.hints import Hints

WRITTEN = Path(__file__).parents[1] / "data/places/written.tsv"


def pipeline(**config: object) -> Language:
    nlp = spacy.blank("fr")
    for module in (entities, language):
        nlp.add_pipe(module.__name__.rpartition(".")[2])
    nlp.add_pipe(places.__name__.rpartition(".")[2], config=config)
    return nlp


NLP = pipeline()


def read(text: str, nlp: Language = NLP, **hints: object) -> Doc:
    doc = nlp.make_doc(text)
    doc._.hints = Hints(**hints)
    return nlp(doc)


def departements(text: str, **hints: object) -> str:
    return " ".join(read(text, **hints)._.departements)


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("31", "jsuis a toulouse ce weekend"),
        ("46", "un lot de photos du Lot, vallée par vallée"),
        ("", "un lot de chaises à vendre"),
        ("", "le Lot n°4 est parti aux enchères"),
        ("", "vol LOT pour Varsovie"),
        ("46", "dans le Lot, plus de médecin"),
        ("11", "dans l'Aude on manque d'eau"),
        ("", "Aude a raison"),
        ("", "merci Aude pour ce tuto"),
        ("32", "le Gers sous la neige"),
        ("32", "dans le gers plus un seul dentiste"),
        ("", "Gers were woeful tonight, Ibrox is empty"),
        ("09", "feu au-dessus de Foix"),
        ("", "M. Foix, mon prof de maths à Reims"),
        ("", "il était une foix dans l'Ouest"),
        ("", "Ich bin auch müde"),
        ("32", "à Auch le musée est gratuit"),
        ("", "always wear a condom"),
        ("32", "lycée de Condom : la cantine en grève"),
        ("31", "bus pour L'Union"),
        ("", "l'union fait la force"),
        ("", "Toulouse-Lautrec au musée d'Orsay"),
        ("", "Travaux rue de Toulouse à Rennes"),
        ("", "Villefranche-sur-Saône en fête"),
        ("", "Gourdon, Alpes-Maritimes : village perché"),
        ("46", "Gourdon (46) : le marché"),
        ("31", "Serrurier Paris Lyon Toulouse Nice"),
        ("11 66", "le TER Narbonne-Perpignan"),
        ("66", "la fibre dans les PO"),
        ("31", "Maison à vendre 31470 Saint-Lys"),
        ("34", "dans le 34 on attend"),
        ("", "34 candidatures depuis juin"),
        ("", "la Saint-Jean sera fêtée"),
        ("48", "canoë dans les gorges du Tarn"),
        ("12", "en Aubrac, à Laguiole"),
        ("12 48", "l'Aubrac sous la neige"),
        ("31", "Saint-Cyprien, Toulouse"),
        ("66", "Saint-Cyprien plage, Perpignan"),
        ("09", "Désert médical : Mirepoix accueille deux médecins de Lleida"),
        ("", "Le resto L'Aubrac à Lyon"),
        ("", "« Mende » signifie quelque chose en romani"),
        ("", "Albi, c'est aussi le prénom de leur fils"),
        ("", "M. Mazamet, mon prof de trombone à Genève"),
        ("66", "Al liceu de Prada no hi ha conserge"),
        ("", "Toulouse sausage with mash in Leeds"),
        ("46", "Et pour ceux du 46, on fait comment ?"),
        ("82", "et pour le 82 ça ouvre quand ?"),
        ("", "et pour le 12 mars, il reste des places ?"),
        ("11", "la salle de Lézignan va trembler"),
    ],
)
def test_departements_that_a_post_names(expected: str, text: str) -> None:
    assert departements(text) == expected


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("34", "#Montpellier"),
        ("32", "#GersTourisme"),
        ("31", "#igerstoulouse"),
        ("65", "#HautesPyrénées"),
        ("46", "#lot #cahors"),
        ("", "#rangement #lot"),
        ("", "#darija #albi ya albi"),
        ("31", "merci @StadeToulousain"),
        ("", "@julie_lot_foix merci"),
    ],
)
def test_places_in_hashtags_and_handles(expected: str, text: str) -> None:
    assert departements(text) == expected


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("31", "Adieu monde de Tolosa"),
        ("34", "La còla de Montpelhièr es venguda"),
        ("66", "Bon dia des de Perpinyà"),
        ("12", "L'Estivada de Rodés"),
        ("81", "Castras a ganhat a casa, coma de costuma"),
        ("32", "Dissabte au mercat d'Eusa, un concors de garburas"),
        ("66", "el Tren Groc fins a la Tor de Querol"),
        ("11", "vendémias dins las Corbièras"),
    ],
)
def test_places_in_occitan_and_catalan(expected: str, text: str) -> None:
    assert departements(text) == expected


def test_communes_are_codes_with_where_they_stand_and_why() -> None:
    doc = read("De Cahors à Figeac.")
    assert doc._.communes == ("46042", "46102")
    place = doc._.places[0]
    assert (place.name, place.start, place.end, place.kind) == ("Cahors", 3, 9, "commune")
    assert place.confidence >= 0.5
    assert "nom sure +3" in place.reason


def test_a_refused_name_says_why() -> None:
    doc = read("Mme Castres est absente")
    assert doc._.places == ()
    assert [place.name for place in doc._.places_refused] == ["Castres"]
    assert "après un titre -6" in doc._.places_refused[0].reason


def test_the_feeds_territory_is_evidence_but_no_place() -> None:
    assert (
        departements("Revel, encore du bruit la nuit") == departements("Le marché de Revel", territory=("31",)) == "31"
    )
    assert departements("Rien de nouveau", territory=("31",)) == ""


def test_places_elsewhere_are_told_apart() -> None:
    doc = read("De Bordeaux à Toulouse, en passant par le Lot-et-Garonne")
    assert doc._.elsewhere == ("Bordeaux", "Lot-et-Garonne")
    assert doc._.departements == ("31",)


def test_the_team_adds_names_and_exceptions() -> None:
    nlp = pipeline(places={"la Halle aux Grains": ["31"]}, exceptions=["cassoulet de Castelnaudary"])
    assert read("Concert à la halle aux grains", nlp)._.departements == ("31",)
    assert read("Recette du cassoulet de Castelnaudary", nlp)._.departements == ()
    assert read("Un train pour Castelnaudary", nlp)._.departements == ("11",)


def test_every_commune_of_the_official_list_is_known() -> None:
    with resources.files("pipelines.data").joinpath("communes.csv").open(encoding="utf-8") as lines:
        codes = {row["code"] for row in csv.DictReader(lines)}
    known = {
        code
        for by_second in build_gazetteer({}).by_words.values()
        for names in by_second.values()
        for name in names
        for entry in name.entries
        for code in entry.communes
    }
    assert len(codes) == 4446
    assert codes <= known


def test_a_name_borne_by_many_needs_a_reason() -> None:
    names = build_gazetteer({}).by_spelling
    assert names["toulouse"].trust == Trust.SURE
    assert names["foix"].trust == Trust.WEAK
    assert names["saintjean"].trust == Trust.WEAK
    assert names["cours"].trust == Trust.WORD


def test_written_posts_are_read_well() -> None:
    right = wrong = missed = 0
    for line in WRITTEN.read_text(encoding="utf-8").splitlines()[1:]:
        platform, expected, text = line.split("\t")
        found, truth = set(read(text.replace("⏎", "\n"), platform=platform)._.departements), set(expected.split())
        right, wrong, missed = right + len(found & truth), wrong + len(found - truth), missed + len(truth - found)
    assert 2 * right / (2 * right + wrong + missed) >= 0.97
