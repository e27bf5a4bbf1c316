"""The written world: large, varied, the same at each demo, and with everything in it that a demo must show."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from pipelines.listening import listening
from pipelines.territory import Territory
from tests.fakes.clock import NOON
from watcher.collectors.bluesky.first_filter import FirstFilter
from watcher.demo.everyday import HEARD, towns
from watcher.demo.phrases import of_town, said
from watcher.demo.press import sites
from watcher.demo.scenario import HISTORY, LIVE, TICK, Scripted, curtain, dice, folded, numbered, voices_at
from watcher.demo.stories import Story, stories, timeline
from watcher.ports import TerritoryWords

WRITTEN = timeline(NOON)
STORIES = {story.name: story for story in stories()}
ALL_DEPARTEMENTS = set("09 11 12 30 31 32 34 46 48 65 66 81 82".split())


def of(story: str, posts: Sequence[Scripted] = WRITTEN) -> list[Scripted]:
    return [post for post in posts if post.story == story]


@pytest.mark.parametrize(
    "now",
    [
        NOON,
        datetime(2026, 3, 29, 1, 11, tzinfo=UTC),  # the night when summer time begins
        datetime(2027, 1, 1, 4, 1, tzinfo=UTC),
    ],
)
def test_fifteen_days_end_whenever_the_demo_begins(now: datetime) -> None:
    posts = timeline(now)
    assert len(posts) == len(WRITTEN)
    assert all(now - HISTORY <= post.at <= now for post in posts)
    assert [post.at for post in posts] == sorted(post.at for post in posts)


def test_it_is_the_same_at_each_demo() -> None:
    assert timeline(NOON) == WRITTEN


def test_it_is_large_and_on_every_platform() -> None:
    assert 1_450 <= len(WRITTEN) <= 1_550
    assert all(count >= 300 for count in Counter(post.platform for post in WRITTEN).values())
    assert {post.platform for post in WRITTEN} == {"rss", "mastodon", "bluesky"}


def test_no_two_posts_are_the_same_but_those_that_are_copied() -> None:
    copied = {story.name for story in STORIES.values() if story.is_copied}
    texts = Counter(post.text for post in WRITTEN if post.story not in copied)
    assert [text for text, count in texts.items() if count > 1] == []
    assert len(copied) == 2


def test_each_post_has_a_number_of_its_own_on_its_site() -> None:
    assert len({(post.site, post.number) for post in WRITTEN}) == len(WRITTEN)


def test_everything_says_that_it_is_written() -> None:
    assert all("demonstration" in folded(post.author) for post in WRITTEN)
    assert all("(démonstration)" in site.title for site in sites())


def test_every_departement_has_its_towns_and_its_press() -> None:
    assert {town.departement for town in towns()} == ALL_DEPARTEMENTS
    assert {code for site in sites() for code in site.territory} == ALL_DEPARTEMENTS


def test_people_speak_by_day() -> None:
    night = sum(1 <= post.at.hour < 4 for post in WRITTEN if post.story != "presse")
    evening = sum(16 <= post.at.hour < 19 for post in WRITTEN if post.story != "presse")
    assert night < evening / 3


def test_what_is_written_on_mastodon_bears_a_tag_that_the_demo_listens_to() -> None:
    heard = {folded(tag) for tag in HEARD}
    assert all(post.hashtags & heard for post in WRITTEN if post.platform == "mastodon")


def test_what_is_written_on_bluesky_passes_the_first_filter() -> None:
    first_filter = FirstFilter(TerritoryWords(*listening(Territory())))
    refused = [post.text for post in WRITTEN if post.platform == "bluesky" if not _passes(first_filter, post)]
    assert refused == []


def _passes(first_filter: FirstFilter, post: Scripted) -> bool:
    return first_filter.lets_through([post.text], [], [])


def test_some_articles_are_undated_or_dated_in_years_to_come() -> None:
    dates = [post.dated_at for post in of("presse")]
    assert None in dates
    assert any(date is not None and date.year > NOON.year + 1 for date in dates)


# ---- the stories


@pytest.mark.parametrize("name", ["crue", "train-pour-mende"])
def test_a_hashtag_emerges_live_from_many_voices_with_words_of_their_own(name: str) -> None:
    story = STORIES[name]
    tagged = [post for post in WRITTEN if folded(story.tag) in post.hashtags]
    first_half_hour = [post for post in tagged if post.at < story.starts_at(NOON) + timedelta(minutes=30)]
    assert min(post.at for post in tagged) >= NOON - LIVE - TICK
    assert len({post.author for post in first_half_hour}) >= 10
    assert len({post.text for post in first_half_hour}) == len(first_half_hour)


@pytest.mark.parametrize("name", ["crue", "train-pour-mende"])
def test_its_voices_are_people_who_spoke_before(name: str) -> None:
    everyday = {post.author for post in WRITTEN if post.hashtags and post.at < NOON - timedelta(days=2)}
    assert {post.author for post in of(name)} <= everyday


def test_a_ring_is_few_new_accounts_two_texts_and_many_posts_in_minutes() -> None:
    ring = of("bons-plans")
    others = {post.author for post in WRITTEN if post.story != "bons-plans"}
    assert (len(ring), len({post.author for post in ring}), len({post.text for post in ring})) == (60, 4, 2)
    assert max(post.at for post in ring) - min(post.at for post in ring) <= timedelta(minutes=15)
    assert not {post.author for post in ring} & others


def test_a_chain_letter_is_copied_by_many() -> None:
    assert (len({post.author for post in of("chaine")}), len({post.text for post in of("chaine")})) == (16, 1)


def test_six_people_need_help_live() -> None:
    calls = [post for post in of("appels") if post.awaits_answer]
    assert len({post.author for post in calls}) == len(calls) == 6
    assert all(post.at >= NOON - LIVE for post in calls)


@pytest.mark.parametrize("name", ["lycee-en-travaux", "greve-des-trains", "vigilance"])
def test_older_stories_are_over_or_known_when_the_live_part_begins(name: str) -> None:
    assert len(of(name)) >= 10
    assert sum(post.at < NOON - LIVE for post in of(name)) >= len(of(name)) - 1


def test_homonyms_are_there() -> None:
    assert len(of("homonymes")) == len(STORIES["homonymes"].texts) == 24


def test_a_story_tells_its_start_from_the_end() -> None:
    story = Story("essai", "", starts_minutes_ago=90, step_minutes=10, counts=[1], texts=["a"])
    assert story.starts_at(NOON) == NOON - timedelta(minutes=90)


# ---- its parts


def test_the_curtain_falls_a_minute_after_a_tick() -> None:
    at = datetime(2026, 11, 24, 12, 1, tzinfo=UTC)
    assert curtain(at) == at
    assert curtain(at - timedelta(seconds=1)) == at - TICK
    assert curtain(at + timedelta(minutes=9, seconds=59)) == at


def test_a_phrase_is_said_in_every_way_it_allows() -> None:
    rng = dice("essai")
    ways = {said("{Bon|Mauvais} jour à {ville}{| encore}.", rng, of_town("Auch")) for _ in range(100)}
    assert ways == {f"{kind} jour à Auch{more}." for kind in ("Bon", "Mauvais") for more in ("", " encore")}


@pytest.mark.parametrize(("town", "of_it"), [("Auch", "d'Auch"), ("Lodève", "de Lodève"), ("Espalion", "d'Espalion")])
def test_a_town_is_spoken_of_as_french_does(town: str, of_it: str) -> None:
    assert said("Le marché {de_ville}.", dice("essai"), of_town(town)) == f"Le marché {of_it}."


def test_the_fifth_voice_is_the_fifth_author_and_not_the_fifth_post() -> None:
    posts = [
        Scripted("bluesky", "bluesky", author, NOON + timedelta(minutes=minute), "#Crue", "essai")
        for minute, author in enumerate(["a", "a", "b", "c", "b", "d", "e", "f"])
    ]
    assert voices_at(numbered(posts), "crue", 5) == NOON + timedelta(minutes=6)
    with pytest.raises(LookupError):
        voices_at(posts, "crue", 7)
