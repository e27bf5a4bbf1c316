"""When digests are made and told: once, whatever happens between, and not when it is too late."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.digests import MADE_AT, MORNING, WEEK, morning_facts, week_facts
from tests.fakes.page import LABELS
from watcher.activity import Activity, Span
from watcher.config import DigestsConfig
from watcher.digest.desk import Desk, keep, made, publish_due
from watcher.errors import Unreachable
from watcher.stores.digests import DigestFiles
from watcher.stores.journal import Journal

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MONDAY = datetime.fromisoformat("2026-11-23T09:00:30+01:00")


@dataclass
class FakeActivities:
    """Answers with what the sample facts hold; `asked_of` keeps the spans that calls were asked of."""

    is_down: bool = False
    spans: list[Sequence[Span]] = field(default_factory=list)

    async def of(self, span: Span) -> Activity:
        if self.is_down:
            raise Unreachable("Elasticsearch ne répond pas.")
        return week_facts().past.activity if span == WEEK.span else Activity()

    async def by_span(self, spans: Sequence[Span]) -> list[int]:
        return [len(spans)] * len(spans)

    async def writers(self, spans: Sequence[Span]) -> list[tuple[int, ...]]:
        self.spans.append(spans)
        return [(0, 0, 0, 2)]

    async def asked(self, span: Span) -> Any:
        self.spans.append([span])
        return morning_facts().asked

    async def trends(self, span: Span) -> Any:
        return morning_facts().trends

    async def quoted(self, ids: Sequence[str]) -> Any:
        return morning_facts().examples

    async def gaps(self, span: Span) -> Any:
        return week_facts().gaps

    async def made_good(self, span: Span) -> int:
        return 3

    async def first_collected(self) -> dict[str, datetime]:
        return {"gazette": WEEK.before.span[0] + 84 * HOUR, "import-csv": WEEK.span[0]}

    async def followers(self, first: date, last: date) -> Any:
        return [each for each in week_facts().followers if first <= each.day <= last]


@pytest.fixture
def desk(journal: Journal, tmp_path: Path) -> Desk:
    return Desk(
        activities=FakeActivities(),  # type: ignore[arg-type]
        journal=journal,
        files=DigestFiles(tmp_path / "bilans"),
        config=DigestsConfig(),
        site_name="Veille",
        name=LABELS.named,
        topics=LABELS.topics,
        address="http://127.0.0.1:8470/bilans/{}.html".format,
        standings=lambda _: (),
        sources={"rss": ("gazette",)},
        named=30 * DAY,
        channel="#veille",
    )


async def begun(desk: Desk, at: datetime = MADE_AT - DAY + HOUR) -> None:
    """Let the watch have run since the day before: its first look is no digest."""
    assert await publish_due(desk, at) == []


def told(desk: Desk) -> list[str]:
    waiting, events = desk.journal.messages, []
    while found := waiting.due(MADE_AT + 99 * DAY):
        events.append(f"{found.draft.event} {found.draft.channel}")
        waiting.drop(found)
    return events


async def test_a_fresh_watch_begins_with_the_next_edition(desk: Desk) -> None:
    await begun(desk, MADE_AT)
    assert await publish_due(desk, MADE_AT + HOUR) == []
    (path,) = await publish_due(desk, MADE_AT + DAY)
    assert path.name == "2026-11-25.html"


async def test_a_morning_is_told_once_whatever_the_restarts(desk: Desk) -> None:
    await begun(desk)
    (path,) = await publish_due(desk, MADE_AT)
    for later in range(1, 60):
        again = replace(desk, journal=desk.journal)
        assert await publish_due(again, MADE_AT + later * timedelta(minutes=20)) == []
    assert told(desk) == ["digest|2026-11-24 #veille"]
    assert "Bilan du matin, mardi 24 novembre 2026" in path.read_text(encoding="utf-8")


async def test_a_clock_that_goes_back_tells_nothing_again(desk: Desk) -> None:
    await begun(desk)
    await publish_due(desk, MADE_AT)
    assert await publish_due(desk, MADE_AT - DAY) == []
    assert await publish_due(desk, MADE_AT) == []


async def test_a_clock_that_was_years_ahead_silences_nothing_for_years(desk: Desk) -> None:
    await begun(desk)
    await publish_due(desk, MADE_AT + 2_000 * DAY)
    assert await publish_due(desk, MADE_AT) == []
    (path,) = await publish_due(desk, MADE_AT + DAY)
    assert path.name == "2026-11-25.html"


async def test_a_crash_before_the_message_is_kept_makes_the_same_digest_again(desk: Desk) -> None:
    await begun(desk)
    keep(desk, await made(desk, MORNING, MADE_AT))  # and there it died
    (path,) = await publish_due(desk, MADE_AT + HOUR)
    assert desk.files.names() == [path.stem]
    assert told(desk) == ["digest|2026-11-24 #veille"]


async def test_while_elasticsearch_is_away_nothing_is_told_and_then_all_is(desk: Desk) -> None:
    await begun(desk)
    down = replace(desk, activities=FakeActivities(is_down=True))  # type: ignore[arg-type]
    with pytest.raises(Unreachable):
        await publish_due(down, MADE_AT)
    assert desk.files.names() == []
    await publish_due(desk, MADE_AT + HOUR)
    assert told(desk) == ["digest|2026-11-24 #veille"]


@pytest.mark.parametrize(("late", "events"), [(6 * HOUR - DAY / 1440, 1), (6 * HOUR, 0)])
async def test_what_is_six_hours_late_is_written_and_no_longer_sent(desk: Desk, late: timedelta, events: int) -> None:
    await begun(desk)
    (path,) = await publish_due(desk, MADE_AT + late)
    assert path.name == "2026-11-24.html"
    assert len(told(desk)) == events


async def test_mondays_tell_the_week_beside_the_morning(desk: Desk) -> None:
    await begun(desk, MONDAY - DAY)
    paths = await publish_due(desk, MONDAY)
    assert [path.name for path in paths] == ["2026-11-23.html", "2026-semaine-47.html"]
    assert "<blockquote" in paths[0].read_text(encoding="utf-8")
    assert told(desk) == ["digest|2026-11-23 #veille", "digest|2026-semaine-47 #veille"]


async def test_what_the_team_turns_off_is_not_made(desk: Desk) -> None:
    silent = replace(desk, config=DigestsConfig(morning=None, monday=time(9)))
    await begun(silent, MONDAY - DAY)
    assert [path.name for path in await publish_due(silent, MONDAY)] == ["2026-semaine-47.html"]


async def test_without_a_door_the_file_is_written_all_the_same(desk: Desk) -> None:
    alone = replace(desk, channel=None)
    await begun(alone)
    assert len(await publish_due(alone, MADE_AT)) == 1
    assert told(alone) == []


async def test_the_next_digest_takes_the_quotes_out_of_the_last(desk: Desk) -> None:
    await begun(desk)
    (first,) = await publish_due(desk, MADE_AT)
    assert "<blockquote" in first.read_text(encoding="utf-8")
    (second,) = await publish_due(desk, MADE_AT + DAY)
    assert "<blockquote" not in first.read_text(encoding="utf-8")
    assert "<blockquote" in second.read_text(encoding="utf-8")


async def test_where_no_morning_follows_the_week_forgets_quotes_and_what_is_past_its_age(desk: Desk) -> None:
    weekly = replace(desk, config=DigestsConfig(morning=None))
    await begun(weekly, MONDAY - 7 * DAY)
    asked_for = keep(weekly, await made(weekly, MORNING, MADE_AT))
    old = desk.files.write("2025-semaine-40", "<p>Une vieille semaine</p>")
    assert "<blockquote" in asked_for.read_text(encoding="utf-8")
    await publish_due(weekly, MONDAY)
    assert "<blockquote" not in asked_for.read_text(encoding="utf-8")
    assert not old.exists()


async def test_a_week_asks_for_four_and_for_its_own_calls(desk: Desk) -> None:
    asking = FakeActivities()
    digest = await made(replace(desk, activities=asking), WEEK, MONDAY)  # type: ignore[arg-type]
    assert asking.spans == [
        [w.span for w in (WEEK.before.before.before, WEEK.before.before, WEEK.before, WEEK)],
        [WEEK.span],
    ]
    assert "1\u00a0personne a écrit au moins deux fois" in next(
        section.lead for section in digest.sections if section.title == "La communauté active"
    )


async def test_followers_are_asked_of_each_week_that_is_compared(desk: Desk) -> None:
    digest = await made(desk, WEEK, MONDAY)
    tables = {section.title: section.table for section in digest.sections}
    accounts = tables["Nos comptes"]
    assert accounts
    assert accounts.rows[1].cells == ("99\u202f410", "+290 (+0,3\u00a0%)", "+8\u202f410 (+9,2\u00a0%)")


async def test_a_source_that_began_in_the_week_before_is_not_compared(desk: Desk) -> None:
    digest = await made(desk, WEEK, MONDAY)
    assert digest.figures[0].detail == "non comparé"


@pytest.mark.parametrize(("later", "unknown"), [(0, 0), (7, 1), (30, 2)])
async def test_names_that_are_gone_are_not_counted(desk: Desk, later: int, unknown: int) -> None:
    digest = await made(desk, WEEK, MONDAY + later * DAY)
    leads = [
        section.lead for section in digest.sections if section.title in {"La communauté active", "Les réponses données"}
    ]
    assert sum(lead.startswith("Inconnue") for lead in leads) == unknown
