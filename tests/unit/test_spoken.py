"""What a post says of what is watched: terms of every kind, and whose voice it is."""

from dataclasses import replace
from typing import Any

import pytest

from tests.fakes.posts import POST, READING, a_post
from watcher.trends.spoken import NOTHING, Listener, Watchlist

TEAM = Watchlist(words=("pont du Gard", "canicule"), weights={"institution": 0.5, "bot": 0.0})


def terms(text: str, **reading: Any) -> set[str]:
    """Return what is heard in a text of the press, but that it is of the press."""
    said = Listener(TEAM).spoken(a_post("1", text=text, reading=replace(READING, **reading)))
    assert said is not None
    return set(said.terms) - {"plateforme:rss"}


@pytest.mark.parametrize(
    ("reading", "term"),
    [
        ({"hashtags": ("crue",)}, "hashtag:crue"),
        ({"topics": ("crises",)}, "theme:crises"),
        ({"communes": ("30321",)}, "commune:30321"),
        ({"departements": ("30",)}, "departement:30"),
        ({"domains": ("gazette.example.org",)}, "site:gazette.example.org"),
        ({"to_answer": True}, "a_repondre:oui"),
    ],
)
def test_what_was_read_in_a_post_is_heard(reading: dict[str, Any], term: str) -> None:
    assert terms("", **reading) == {term}


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("Quelle CANICULE !", {"mot:canicule"}),
        ("Les canicules se suivent", {"mot:canicule"}),
        ("Sous le pont du Gard ce matin", {"mot:pont du Gard"}),
        ("Belle journée #PontDuGard", {"mot:pont du Gard"}),
        ("Le pont, du Tarn au Gard", set()),
        ("Rien de tout cela", set()),
    ],
)
def test_the_team_s_words_are_heard_whatever_their_case_and_number(text: str, heard: set[str]) -> None:
    assert terms(text) == heard


@pytest.mark.parametrize(
    ("link", "page"),
    [
        ("https://www.gazette.example.com/crue?utm_source=x#suite", "lien:gazette.example.com/crue"),
        ("http://gazette.example.com/crue/", "lien:gazette.example.com/crue"),
        ("https://gazette.example.com", None),
        ("https://bsky.app/profile/jeanne.example.com/post/3k", None),
        ("https://mastodon.example.com/@jeanne/12", None),
    ],
)
def test_a_page_is_heard_without_who_shared_or_wrote_it(link: str, page: str | None) -> None:
    assert terms(f"À lire : {link}") == ({page} if page else set())


@pytest.mark.parametrize(
    ("changes", "weight"),
    [
        ({"author_kind": "person"}, 1.0),
        ({"author_kind": "media"}, 1.0),
        ({"author_kind": "institution"}, 0.5),
        ({"author_kind": "bot"}, None),
        ({"is_own": True}, None),
        ({"reading": replace(READING, relevance="hors_sujet")}, None),
        ({"reading": None}, None),
    ],
)
def test_a_post_counts_as_its_author_does(changes: dict[str, Any], weight: float | None) -> None:
    said = Listener(TEAM).spoken(replace(POST, **changes))
    assert (said.weight if said else None) == weight


def test_copies_and_what_is_joined_to_one_story_are_one_text() -> None:
    listener = Listener(NOTHING)
    texts = [
        listener.spoken(post)
        for post in (
            a_post("1", text="La rivière déborde."),
            a_post("2", text="la riviere DÉBORDE !"),
            a_post("3", text="Le Vidourle sort de son lit", story="s1"),
            a_post("4", text="Vidourle : l'eau monte", story="s1"),
        )
    ]
    assert [said.text for said in texts if said][0::2] == [said.text for said in texts if said][1::2]
    assert len({said.text for said in texts if said}) == 2
