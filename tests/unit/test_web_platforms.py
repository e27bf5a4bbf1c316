"""Platforms side by side: figures where there are some, and honest holes."""

from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from tests.fakes.clock import NOON
from tests.fakes.page import LABELS, FakeQueries, page
from tests.fakes.platforms import FakePlatforms
from watcher.errors import Unreachable
from watcher.gaps import Fate, Gap
from watcher.model import GapCause
from watcher.stores.queries.platforms import Compared, Heard, Own
from watcher.web.choices import UnknownChoice
from watcher.web.platforms import Measure, Silence, columns, period, silences, topics

SINCE = NOON - timedelta(days=7)
LONG_AGO = NOON - timedelta(days=400)


def hours(count: int) -> timedelta:
    return timedelta(hours=count)


async def shown(fake: FakePlatforms, target: str = "/plateformes", **about: object) -> str:
    transport = httpx.ASGITransport(page(FakeQueries(), compared=fake, **about))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8470") as client:
        return (await client.get(target)).text


def test_a_period_is_of_whole_days_and_today() -> None:
    days, since = period("7", NOON)
    assert (days, since.isoformat()) == (7, "2026-11-18T00:00:00+01:00")
    assert period(None, NOON)[0] == 30
    with pytest.raises(UnknownChoice):
        period("31", NOON)


def test_bars_are_to_the_scale_of_the_longest_and_what_is_not_known_has_none() -> None:
    heard = {"rss": Heard(voices=50, active=3), "bluesky": Heard(voices=200, active=None)}
    found = {column.name: column.by_platform for column in columns(Compared(heard, {"x": Own(1, 41, 82_000)}))}
    assert found["Voix"] == {"rss": Measure(50, 25.0), "bluesky": Measure(200, 100.0)}
    assert found["Auteurs actifs"]["bluesky"] == Measure(None, 0.0)
    assert found["À répondre"]["rss"] == Measure(0, 0.0)
    assert found["Interactions pour 1\u202f000 abonnés"] == {"x": Measure(0.5, 100.0)}


def test_topics_are_the_most_spoken_of_by_their_names() -> None:
    told = topics(Heard(posts=8, topics={"lycees": 2, "crises": 4, "parti": 1}), LABELS)
    assert [(each.name, each.share) for each in told] == [
        ("Crises et intempéries", 50.0),
        ("Lycées", 25.0),
        ("parti", 12.5),
    ]


def test_silences_of_two_sources_at_the_same_time_are_one_and_end_with_the_period() -> None:
    gap = Gap("une", "rss", GapCause.OUTAGE, NOON - hours(10), NOON - hours(6), Fate.LOST)
    found = silences(
        [
            gap,
            replace(gap, source="deux", since=NOON - hours(8), until=NOON - hours(5)),
            replace(gap, since=SINCE - hours(5), until=SINCE + hours(1)),
            replace(gap, since=NOON - hours(1), until=None, fate=Fate.LASTING),
            replace(gap, platform="x", fate=Fate.HEARD),
            replace(gap, platform="x", since=SINCE - hours(5), until=SINCE),
        ],
        SINCE,
        NOON,
    )
    assert found == {"rss": Silence(4, hours(5 + 1 + 1))}


async def test_each_platform_has_its_row_and_what_is_not_heard_is_said() -> None:
    heard = {"rss": Heard(420, 61, 37, 30, 2, {"crises": 210}, LONG_AGO), "x": Heard(9, 1, 2, 0, 0, {}, NOON)}
    gaps = [Gap("gazette", "rss", GapCause.OUTAGE, NOON - hours(3), NOON, Fate.LOST)]
    fake = FakePlatforms(Compared(heard, {"x": Own(3, 41, 82_000, NOON)}))
    text = await shown(fake, gaps=gaps, listened={"rss", "mastodon"})
    assert "82\u202f000 abonnés" in text
    assert "1\u00a0trou : 3\u00a0heures sans l'entendre" in text
    assert "écoutée depuis le mardi 24 novembre 2026 seulement" in text
    assert text.count("n'est plus écoutée") == 1
    assert text.count("rien n'y a encore été lu") == 1
    assert "Pas écoutées : Bluesky" in text
    assert "<td>50 %</td>" in text


async def test_the_address_chooses_the_period() -> None:
    fake = FakePlatforms()
    await shown(fake, "/plateformes?jours=90")
    ((since, until),) = fake.asked
    assert (until - since).days == 89


async def test_without_elasticsearch_no_figure_is_shown() -> None:
    text = await shown(FakePlatforms(trouble=Unreachable("Elasticsearch ne répond pas.")))
    assert "Elasticsearch ne répond pas." in text
    assert "<table" not in text


async def test_no_source_at_all_says_what_to_do() -> None:
    assert "ajoutez des sources" in await shown(FakePlatforms(), listened=())
