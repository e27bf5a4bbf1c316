"""The French analyzer of the index templates, on the embedded node."""

import httpx
import pytest

ANALYZER = {
    "tokenizer": "standard",
    "filter": ["elision", "lowercase", "asciifolding", {"type": "stemmer", "language": "light_french"}],
}


def tokens(es_url: str, analyzer: dict[str, object], text: str) -> list[str]:
    answer = httpx.post(f"{es_url}/_analyze", json={**analyzer, "text": text}, trust_env=False)
    return [token["token"] for token in answer.raise_for_status().json()["tokens"]]


@pytest.mark.parametrize(
    ("written", "searched"),
    [
        ("l'incendie", "Incendies"),
        ("L’EAU", "eau"),
        ("ÉTÉ", "ete"),
        ("chevaux", "cheval"),
        ("lycéens", "lyceen"),
        ("qu'aujourd'hui", "aujourd'hui"),
    ],
)
def test_what_is_written_is_found_by_what_is_searched(es_url: str, written: str, searched: str) -> None:
    assert tokens(es_url, ANALYZER, written) == tokens(es_url, ANALYZER, searched) != []


@pytest.mark.parametrize(
    ("filter_", "text", "expected"),
    [
        ({"type": "elision", "articles": ["d"]}, "d'oc l'oc", ["oc", "l'oc"]),
        ({"type": "asciifolding", "preserve_original": True}, "été", ["ete", "été"]),
    ],
)
def test_the_filters_take_the_settings_of_a_full_cluster(
    es_url: str, filter_: dict[str, object], text: str, expected: list[str]
) -> None:
    assert tokens(es_url, {"tokenizer": "standard", "filter": [filter_]}, text) == expected


def test_a_stemmer_of_another_language_is_refused_rather_than_replaced(es_url: str, es_prefix: str) -> None:
    german = {"settings": {"analysis": {"filter": {"stem": {"type": "stemmer", "language": "german"}}}}}

    answer = httpx.put(f"{es_url}/{es_prefix}german", json=german, trust_env=False)

    assert answer.status_code == 400
    assert "light_french" in answer.text


def test_a_keyword_can_be_folded(es_url: str, es_prefix: str) -> None:
    normalizer = {"type": "custom", "filter": ["lowercase", "asciifolding"]}
    index = f"{es_url}/{es_prefix}folded"
    httpx.put(index, json={"settings": {"analysis": {"normalizer": {"folded": normalizer}}}}).raise_for_status()

    answer = httpx.post(f"{index}/_analyze", json={"normalizer": "folded", "text": "Été À Sète"})

    assert [token["token"] for token in answer.json()["tokens"]] == ["ete a sete"]
