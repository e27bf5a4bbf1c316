"""`watcher check --online`: each thing the daemon needs, tried once for real. Nothing is collected or sent."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass
from datetime import datetime

from watcher import app, collect
from watcher.alerts.slack import RIGHTS, Door, Slack
from watcher.app import Installation, silent
from watcher.clock import SystemClock
from watcher.errors import WatcherError
from watcher.meter import metered
from watcher.model import Page, Source
from watcher.ports import Collector, Fetch, Purses
from watcher.stores.embedded import Progress
from watcher.translation import collectors_of

PARALLEL_CHECKS = 8
"""As many as `daemon.once` collects at the same time."""

CHECK_DEADLINE_S = 60.0
"""Twice what the slowest feed of a region's press takes; whoever runs a check waits before the screen."""


CHECKED = "checked"
"""The state that a check writes in the journal: a disk that cannot be written opens all the same."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing tried, in French: what was `found`, or the `problem` where it does not work."""

    name: str
    found: str = ""
    problem: str = ""


async def preflight(
    installation: Installation, done: Callable[[Check], None], progress: Progress = silent
) -> list[Check]:
    """Try each active source, the way that alerts go, the journal and Elasticsearch; `done` is told of each."""
    collectors, clock = collectors_of(installation.config, installation.data), SystemClock()
    turns = asyncio.Semaphore(PARALLEL_CHECKS)
    async with AsyncExitStack() as stack:
        fetch = await stack.enter_async_context(app.open_fetch(installation))
        purses = _purses(installation, stack)

        async def run(source: Source) -> Check:
            collector = collectors[source.platform]
            if purses is None and source.budget.is_limited:
                check = Check(source.name, problem="Son budget ne peut pas être compté : le journal ne s'ouvre pas.")
            else:
                allowed = metered(fetch, source, collector, purses, clock) if purses else fetch
                async with turns:
                    check = await check_source(source, collector, allowed, clock.now())
            done(check)
            return check

        checks = await asyncio.gather(*(run(source) for source in installation.config.sources))
        told = await check_door(installation.door, fetch)
    for check in (*told, check_journal(installation), await check_elastic(installation, progress)):
        done(check)
        checks.append(check)
    return checks


def _purses(installation: Installation, stack: AsyncExitStack) -> Purses | None:
    """Return what keys have spent, None where the journal does not open: its own check says why."""
    try:
        return stack.enter_context(closing(app.open_journal(installation.data))).purses
    except WatcherError:
        return None


async def check_source(source: Source, collector: Collector, fetch: Fetch, now: datetime) -> Check:
    """Read the first page of `source`.

    Where a platform shows its last posts whatever we know, as a feed does, showing none is a problem: it would never be
    noticed. Elsewhere nobody may have written yet.
    """
    try:
        async with asyncio.timeout(CHECK_DEADLINE_S):
            page = await _first_page(source, collector, fetch, now)
    except Exception as error:  # noqa: BLE001 - as in `flow`: a source's fault is told beside its name
        return Check(source.name, problem=collect.outcome_of(error)[1])
    if page and page.is_window and not page.posts:
        return Check(source.name, problem="L'adresse répond, mais ne donne aucun message : est-ce la bonne ?")
    if page is None or not page.posts:
        return Check(source.name, found="répond ; aucun message pour le moment")
    count = len(page.posts)
    return Check(source.name, found=f"{count} message{'s' if count > 1 else ''}")


async def _first_page(source: Source, collector: Collector, fetch: Fetch, now: datetime) -> Page | None:
    return await anext(aiter(collector.pages(fetch, source.settings, None, now)), None)


async def check_door(door: Door | None, fetch: Fetch) -> list[Check]:
    """Ask Slack whether it knows the bot's key, and what the bot may do. A webhook would have to be written to."""
    if door is None:
        return []
    if not isinstance(door, Slack):
        return [Check("alertes", found="l'adresse du webhook est donnée ; « watcher alert test » l'essaie")]
    try:
        rights = await door.rights(fetch)
    except WatcherError as error:
        return [Check("Slack", problem=str(error))]
    if rights and (lacking := sorted(RIGHTS - rights)):
        cure = "ajoutez dans « OAuth & Permissions », puis réinstallez l'application"
        return [Check("Slack", problem=f"Il manque un droit au robot : {cure} : {', '.join(lacking)}.")]
    return [Check("Slack", found="la clé est acceptée")]


def check_journal(installation: Installation) -> Check:
    """Open the journal, write in it what was there, and close it; then the key of the pseudonyms, as a run would."""
    try:
        with closing(app.open_journal(installation.data)) as journal:
            journal.set_state(CHECKED, "")
            app.open_pseudonyms(installation.data, journal, installation.config.territory)
    except WatcherError as error:
        return Check("journal", problem=str(error))
    return Check("journal", found="s'ouvre")


async def check_elastic(installation: Installation, progress: Progress = silent) -> Check:
    """Ask Elasticsearch how it is; the embedded one is started for that if it does not run."""
    try:
        async with app.open_elastic(installation, progress) as elastic:
            state = await elastic.health()
    except WatcherError as error:
        return Check("Elasticsearch", problem=str(error))
    if state == "red":
        return Check("Elasticsearch", problem="Des données ne sont pas accessibles : voyez le journal d'Elasticsearch.")
    return Check("Elasticsearch", found="répond")
