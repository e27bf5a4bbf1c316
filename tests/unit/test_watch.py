"""The trend job on a real node: what is alerted on, what is not, and that no crash tells anything twice."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.clock import NOON, FakeClock
from tests.fakes.posts import READING
from tests.fakes.watching import Days, says
from watcher.model import Post, StoryId
from watcher.ports import OutboxRow
from watcher.stores.documents import to_document, written
from watcher.stores.elastic import Elastic
from watcher.stores.journal import Journal
from watcher.stores.trends import Position, walk
from watcher.trends.spoken import Listener, Watchlist

AUTHORS = [f"auteur{n}" for n in range(12)]
BEGIN = NOON - timedelta(days=3)
MINUTE = timedelta(minutes=1)
SOMMIERES: Any = {"departements": ("30",), "communes": ("30321",)}


def every_day() -> list[Post]:
    """Three days of the twelve authors' own talk: they are known, and so is #marche."""
    return [
        says(author, "marche" if hour % 2 else f"sujet{n}", BEGIN + timedelta(hours=hour, minutes=n))
        for hour in range(0, 72, 6)
        for n, author in enumerate(AUTHORS)
    ]


def flood(start: datetime) -> list[Post]:
    """Twelve people of the Gard speak of one flood within a quarter of an hour."""
    return [
        says(author, "cruevidourle", start + n * 1.25 * MINUTE, text=f"Le Vidourle déborde ({n})", **SOMMIERES)
        for n, author in enumerate(AUTHORS)
    ]


def ring(start: datetime) -> list[Post]:
    """Three accounts repeat one text sixty times."""
    return [says(AUTHORS[n % 3], "promo", start + n * MINUTE / 2, text="Achetez ici") for n in range(60)]


@pytest.fixture
async def days(journal: Journal, es_url: str, es_prefix: str) -> AsyncIterator[Days]:
    elastic = Elastic(es_url, prefix=es_prefix)
    days = Days(journal, elastic, FakeClock(BEGIN))
    await days.turn()
    yield days
    await elastic.close()


async def history(days: Days) -> None:
    """Let the three days pass, in a few steps: there is nothing to be seen in them."""
    for hours in (24, 48, 71):
        days.clock.set_wall(BEGIN + timedelta(hours=hours))
        await days.collect(
            [
                post
                for post in every_day()
                if days.clock.now() - timedelta(hours=24) <= post.collected_at < days.clock.now()
            ]
        )
        await days.turn()


async def documents(days: Days, family: str) -> list[dict[str, Any]]:
    await days.collect([])
    await days.elastic.client.indices.refresh(index=f"{days.elastic.prefix}{family}", ignore_unavailable=True)
    found = await days.elastic.client.search(
        index=f"{days.elastic.prefix}{family}", size=100, ignore_unavailable=True, allow_no_indices=True
    )
    return [hit["_source"] for hit in found["hits"]["hits"]]


async def test_a_tag_that_twelve_people_take_up_is_alerted_within_two_ticks_and_a_ring_is_not(days: Days) -> None:
    await history(days)
    start = NOON - timedelta(minutes=55)
    await days.live([*flood(start), *ring(start)], start + timedelta(minutes=60))

    (alert,) = days.alerts
    assert (alert.trend.kind, alert.trend.term) == ("hashtag", "cruevidourle")
    assert alert.trend.latest.at <= start + timedelta(minutes=20)
    assert "voix en" in alert.sentence
    assert [row["term"] for row in await documents(days, "alerts")] == ["cruevidourle"]
    (trend,) = [row for row in await documents(days, "trends") if not row.get("part_of")]
    assert trend["parts"] == ["commune:30321"]
    assert trend["why"]["platforms"] == ["mastodon"]
    assert trend["why"]["departements"] == ["30"]
    assert trend["why"]["terms"] == ["déborde"]
    assert len(trend["why"]["examples"]) == 3


async def test_a_phrase_that_nobody_listed_is_told_in_the_words_of_those_who_say_it(days: Days) -> None:
    await history(days)
    start = NOON - timedelta(minutes=55)
    said = [
        replace(post, text=f"{author} dit : la vanne est ouverte ({n})", reading=READING)
        for n, (author, post) in enumerate(zip(AUTHORS, flood(start), strict=True))
    ]
    await days.live(said, start + timedelta(minutes=60))

    (alert,) = days.alerts
    assert alert.sentence.startswith("vanne est ouverte : ")
    (trend,) = [row for row in await documents(days, "trends") if not row.get("part_of")]
    assert (trend["kind"], trend["why"]["called"], trend["why"]["authors"]) == ("expression", "vanne est ouverte", 12)


async def test_killed_between_two_ticks_it_tells_the_same_once(days: Days, tmp_path: Path) -> None:
    await history(days)
    start = NOON - timedelta(minutes=55)
    posts = [*flood(start), *ring(start)]
    for minutes in (15, 30, 60):
        await days.live([p for p in posts if days.clock.now() < p.collected_at], start + timedelta(minutes=minutes))
        days.journal.close()
        days.journal = Journal(tmp_path / "journal.db")

    assert [alert.trend.term for alert in days.alerts] == ["cruevidourle"]
    assert len(await documents(days, "alerts")) == 1
    days.journal.close()


async def test_a_turn_that_fails_before_its_commit_is_made_again(days: Days, monkeypatch: pytest.MonkeyPatch) -> None:
    await history(days)
    start = NOON - timedelta(minutes=55)
    commit_fold = Journal.commit_fold
    failures = iter([True, False, True, False])

    def fails_now_and_then(journal: Journal, *args: Any) -> None:
        if next(failures, False):
            raise ConnectionError
        commit_fold(journal, *args)

    monkeypatch.setattr(Journal, "commit_fold", fails_now_and_then)
    posts = flood(start)
    for _ in range(3):
        try:
            await days.live([p for p in posts if days.clock.now() < p.collected_at], start + timedelta(minutes=60))
        except ConnectionError:
            continue
    assert [alert.trend.term for alert in days.alerts] == ["cruevidourle"]


async def test_a_turn_that_is_cut_in_the_middle_of_history_goes_on_from_there(
    days: Days, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of it is stored within one tick, so that no tick closes on the way."""
    told = [says(author, f"sujet{n}", BEGIN + n * MINUTE / 10) for n in range(3) for author in AUTHORS]
    days.clock.set_wall(BEGIN + 10 * MINUTE)
    await days.collect(told)
    days.clock.set_wall(BEGIN + 30 * MINUTE)
    commit_fold = Journal.commit_fold
    positions: list[str] = []

    def is_cut_once(journal: Journal, name: str, state: str, *args: Any) -> None:
        positions.append(json.loads(state)["position"]["id"])
        if len(positions) == 2:
            raise TimeoutError
        commit_fold(journal, name, state, *args)

    monkeypatch.setattr(Journal, "commit_fold", is_cut_once)
    with pytest.raises(TimeoutError):
        await days.turn(page=2)
    kept = json.loads(days.journal.state("watch") or "")["position"]["id"]
    assert kept == positions[0] == sorted(post.id for post in told)[19]
    assert (await days.turn(page=2)).posts == len(told) - 20


async def test_without_its_fold_it_begins_again_with_history_finds_the_same_trend_and_alerts_on_nothing_old(
    days: Days, journal: Journal
) -> None:
    await history(days)
    start = NOON - timedelta(minutes=55)
    await days.live(flood(start), start + timedelta(minutes=60))
    before = await documents(days, "trends")
    journal.commit_fold("watch", "", b"", [])
    days.alerts.clear()
    days.clock.advance(3600)
    await days.turn()

    assert days.alerts == []
    assert [row["since"] for row in await documents(days, "trends")] == [row["since"] for row in before]


async def test_what_was_missed_and_is_collected_late_raises_no_alert(days: Days) -> None:
    await history(days)
    start = NOON - timedelta(minutes=55)
    days.clock.set_wall(start + timedelta(hours=5))
    await days.collect(flood(start))
    await days.live([], start + timedelta(hours=6))

    assert days.alerts == []


async def test_what_is_off_subject_is_in_no_trend(days: Days) -> None:
    await history(days)
    start = NOON - timedelta(minutes=55)
    aside = [says(author, "autre", start + n * MINUTE, relevance="hors_sujet") for n, author in enumerate(AUTHORS)]
    await days.live(aside, start + timedelta(minutes=60))

    assert await documents(days, "trends") == []


async def test_what_is_walked_says_all_that_was_said(days: Days) -> None:
    said = replace(
        flood(BEGIN)[0],
        title="Vidourle",
        text="Le pont fermé : https://gazette.example.org/crue?de=moi",
        author_kind="media",
        published_at=BEGIN - 30 * MINUTE,
        story=StoryId("crue"),
        reading=replace(
            READING, topics=("crises",), hashtags=("crue",), domains=("gazette.example.org",), to_answer=True
        ),
    )
    body = to_document(said) | {"stored_at": written(BEGIN)}
    await days.elastic.ensure_templates()
    await days.elastic.bulk([OutboxRow(1, "posts-2026.11.01", said.id, 1, body, attempts=0)])
    await days.elastic.refresh()
    (page,) = [page async for page in walk(days.elastic, Position(0), BEGIN)]

    hears = Listener(Watchlist(words=("pont fermé",), weights={"media": 0.5})).spoken
    assert [hears(walked.post) for walked in page] == [hears(said)]
