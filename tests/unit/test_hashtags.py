"""Hashtags, mentions and links: the conformance suite of twitter-text, then what the other platforms do otherwise."""

import json
from pathlib import Path

import pytest
import spacy
from spacy.tokens import Doc

from pipelines.entities import read_entities
from pipelines.hashtags import hashtags_in, split_hashtag
from pipelines.hints import Hints

CASES = json.loads((Path(__file__).parents[1] / "data/twitter_text/extract_half.json").read_text(encoding="utf-8"))
NLP = spacy.blank("fr")


def read(text: str, **hints: object) -> Doc:
    doc = NLP.make_doc(text)
    doc._.hints = Hints(**hints)
    return read_entities(doc)


def cases(*groups: str) -> list[object]:
    return [pytest.param(c["text"], c["expected"], id=c["description"]) for group in groups for c in CASES[group]]


@pytest.mark.parametrize(("text", "expected"), cases("hashtags", "hashtags_from_astral"))
def test_hashtags_conform_to_twitter_text(text: str, expected: list[str]) -> None:
    assert list(read(text)._.hashtags_raw) == expected


@pytest.mark.parametrize(("text", "expected"), cases("mentions"))
def test_mentions_conform_to_twitter_text(text: str, expected: list[str]) -> None:
    assert list(read(text)._.mentions) == expected


@pytest.mark.parametrize(("text", "expected"), cases("urls", "tco_urls_with_params"))
def test_links_conform_to_twitter_text(text: str, expected: list[str]) -> None:
    assert list(read(text)._.links) == expected


@pytest.mark.parametrize(("text", "expected"), cases("hashtags_with_indices"))
def test_spans_conform_to_twitter_text(text: str, expected: list[dict[str, object]]) -> None:
    assert [list(span) for span in read(text)._.written.spans] == [tag["indices"] for tag in expected]


@pytest.mark.parametrize("platform", ["instagram", "tiktok", "facebook", "threads"])
def test_joined_hashtags_are_two_where_the_platform_splits_them(platform: str) -> None:
    assert read("#Collioure#CôteVermeille", platform=platform)._.hashtags_raw == ("Collioure", "CôteVermeille")


def test_joined_hashtags_are_none_on_x() -> None:
    assert read("#Collioure#CôteVermeille", platform="x")._.hashtags_raw == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#34 #1èreTechno #2e_chance", ("1èreTechno", "2e_chance")),
        ("#l'Aude", ("l",)),
        ("#Saint-Cirq-Lapopie", ("Saint",)),
        ("# dondusang", ()),
        ("N°#️⃣1", ()),
        ("voir laregion.fr/eco-cheque#conditions", ()),
        ("https://exemple.example/page#payer", ()),
        ("dev C#, C# et C#", ()),
        ("#PaysCathare🏰", ("PaysCathare",)),
        ("＃Occitanie", ("Occitanie",)),
        ("l&#39;Hérault", ()),
        ("#Sète #sete", ("Sète", "sete")),
    ],
)
def test_hashtags_of_the_region(text: str, expected: tuple[str, ...]) -> None:
    assert read(text, platform="instagram")._.hashtags_raw == expected


def test_hashtags_are_folded_and_counted_once() -> None:
    assert read("#Sète #sete #SÈTE #Œuvre")._.hashtags == ("sete", "oeuvre")


def test_the_platforms_own_hashtags_are_preferred_in_the_spelling_of_the_text() -> None:
    doc = read("Vive #LoRdi et #CarteJeune", hashtags=("cartejeune", "lordi", "autre"))
    assert doc._.hashtags_raw == ("LoRdi", "CarteJeune", "autre")


def test_a_platform_that_gives_no_hashtag_is_believed() -> None:
    assert read("#Faux", hashtags=())._.hashtags_raw == ()


@pytest.mark.parametrize(
    ("platform", "text", "expected"),
    [
        ("mastodon", "Merci @lio@mastodon.example !", ("lio@mastodon.example",)),
        ("bluesky", "Bonjour @occitanie.bsky.social.", ("occitanie.bsky.social",)),
        ("instagram", "avec @region.occitanie, top", ("region.occitanie",)),
        ("x", "@lio_Occitanie@autre", ()),
        ("x", "ecrire a moi@exemple.example", ()),
    ],
)
def test_mentions_follow_the_platform(platform: str, text: str, expected: tuple[str, ...]) -> None:
    assert read(text, platform=platform)._.mentions == expected


def test_domains_are_hosts_without_www_and_counted_once() -> None:
    doc = read("https://www.laregion.fr/a http://LaRegion.fr:80/b?c ladepeche.fr")
    assert doc._.domains == ("laregion.fr", "ladepeche.fr")


def test_two_sentences_without_a_space_are_no_link() -> None:
    assert read("On arrive à Nogaro.La suite demain")._.links == ()


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("LyceesEnColere", ["lycees", "en", "colere"]),
        ("LevéeDeFonds", ["levee", "de", "fonds"]),
        ("LGV2030", ["lgv", "2030"]),
        ("TFCOL", ["tfcol"]),
        ("VisçaUSAP", ["visca", "usap"]),
        ("HSFootball", ["hs", "football"]),
        ("ciel_étoilé", ["ciel", "etoile"]),
        ("toulouse", ["toulouse"]),
        ("", []),
    ],
)
def test_a_hashtag_is_split_at_capitals_digits_and_underscores(tag: str, expected: list[str]) -> None:
    assert split_hashtag(tag) == expected


def test_a_hashtag_without_capitals_is_split_by_a_lexicon_that_covers_it() -> None:
    lexicon = {"lycees", "en", "colere", "col"}
    assert split_hashtag("lyceesencolere", lexicon) == ["lycees", "en", "colere"]
    assert split_hashtag("lyceesenfete", lexicon) == ["lyceesenfete"]


def test_joined_hashtags_keep_their_place_in_the_text() -> None:
    assert [(tag.tag, tag.start, tag.end) for tag in hashtags_in("a #b#c", "tiktok")] == [("b", 2, 4), ("c", 4, 6)]
