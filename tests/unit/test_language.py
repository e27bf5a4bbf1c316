"""The language of a post, in long texts and in three words."""

import pytest
import spacy

from pipelines import entities, language
from pipelines.language import language_of


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "mdr trop bien"),
        ("fr", "jsuis a toulouse"),
        ("fr", "Merci !!"),
        ("fr", "c mort"),
        ("fr", "svp le bus 34 il passe quand"),
        ("fr", "Bravo les gars"),
        ("fr", "LE TRAIN EST ENCORE EN RETARD"),
        ("oc", "Bonjorn a totes, cossí va ?"),
        ("oc", "Adieu monde, fa plan caud uèi a Tolosa"),
        ("oc", "La calandreta de Besièrs cèrca un regent per setembre"),
        ("ca", "Bon dia, algú sap si hi ha tren avui?"),
        ("ca", "Visca la terra, som catalans del nord"),
        ("ca", "Gràcies pel concert d'ahir a Perpinyà"),
        ("es", "Hola, ¿alguien sabe si hay tren hoy?"),
        ("es", "Qué bonita es la ciudad de Albi"),
        ("en", "Is the train running today?"),
        ("en", "Lovely week in Carcassonne"),
        ("de", "Ich bin auch müde, sagt der Hund"),
        ("it", "Buongiorno a tutti, che bella giornata oggi"),
        ("pt", "Bom dia, alguém sabe onde fica a estação?"),
        ("nl", "Wij gaan volgende week op vakantie naar Frankrijk"),
        ("eu", "Egun on guztioi, gaur eguraldi ederra dugu"),
        ("ar", "صباح الخير من تولوز"),
    ],
)
def test_language_is_told(language: str, text: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize("text", ["", "🎉🎉", "31 000", "…", "\x00"])
def test_a_text_without_words_has_the_regions_language(text: str) -> None:
    assert language_of(text) == "fr"


def test_hashtags_mentions_and_links_do_not_count() -> None:
    nlp = spacy.blank("fr")
    for module in (entities, language):
        nlp.add_pipe(module.__name__.rpartition(".")[2])
    doc = nlp(
        "Le train est en retard @the_best_train_watcher #ThisIsEnglish #TrainsAreLate https://example.org/the-news"
    )
    assert doc._.lang == "fr"
