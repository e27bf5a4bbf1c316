"""What platforms know of our accounts and keys: asked once a day, and again where they did not answer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.clock import NOON, FakeClock
from tests.fakes.line import SOURCE, ScriptedCollector, a_line
from watcher.errors import Unreachable
from watcher.flow import Line
from watcher.model import AccountFigures
from watcher.ports import Fetch
from watcher.stores.documents import METRICS
from watcher.stores.elastic import ACCOUNTS, TEMPLATES
from watcher.stores.journal import Journal
from watcher.upkeep.accounts import ask, ends_of_keys, figures_write

DAY = timedelta(days=1)
FIGURES = AccountFigures("region", followers=82_000, posts=12, engagement={"likes": 40})


class Known(ScriptedCollector):
    """An account whose figures and key are known, while its platform answers."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.is_down, self.ends_at = 0, False, NOON + 5 * DAY

    async def figures(self, fetch: Fetch, settings: Any, now: datetime) -> Sequence[AccountFigures]:
        self.asked += 1
        return [replace(FIGURES, posts=self.asked)]

    async def expires_at(self, fetch: Fetch, settings: Any, now: datetime) -> datetime | None:
        if self.is_down:
            raise Unreachable("en panne")
        return self.ends_at


@dataclass
class Stand:
    line: Line
    journal: Journal
    clock: FakeClock

    async def ask(self, collector: ScriptedCollector) -> None:
        await ask(self.journal, self.line, [SOURCE], {"fake": collector})

    def told(self) -> list[int]:
        rows = self.journal.outbox_batch(9, 10**6, self.clock.now())
        return [row.body["posts"] for row in rows if row.body and row.index == ACCOUNTS]


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[Stand]:
    clock = FakeClock()
    line, journal = a_line(tmp_path, clock=clock)
    yield Stand(line, journal, clock)
    journal.close()


async def test_figures_are_asked_once_a_day_and_kept_for_each(stand: Stand) -> None:
    known = Known()
    await stand.ask(known)
    await stand.ask(known)
    assert (known.asked, stand.told()) == (1, [1])
    stand.clock.advance(86_400)
    await stand.ask(known)
    assert stand.told() == [1, 2]
    assert ends_of_keys(stand.journal) == {SOURCE.name: NOON + 5 * DAY}


async def test_a_platform_that_does_not_answer_is_asked_again_and_what_it_said_stays(stand: Stand) -> None:
    known = Known()
    await stand.ask(known)
    stand.clock.advance(86_400)
    known.is_down = True
    await stand.ask(known)
    assert ends_of_keys(stand.journal) == {SOURCE.name: NOON + 5 * DAY}
    known.is_down = False
    await stand.ask(known)
    assert stand.told() == [1, 2]


async def test_a_collector_that_knows_neither_is_left_alone(stand: Stand) -> None:
    await stand.ask(ScriptedCollector())
    assert (stand.told(), ends_of_keys(stand.journal)) == ([], {})


def test_a_document_holds_what_its_template_knows() -> None:
    properties = TEMPLATES[ACCOUNTS]["template"]["mappings"]["properties"]
    body = figures_write(replace(FIGURES, reach=3), SOURCE, NOON.date(), NOON).body
    assert body is not None
    assert {*body, "stored_at"} == set(properties) - {"in_day", "ages"}  # an import alone tells these
    assert set(properties["engagement"]["properties"]) == METRICS
