"""The view in which the team searches: words and filters in the address, posts page by page, and a file to keep."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Protocol
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import StreamingResponse

from watcher.french import PARIS, paris
from watcher.gaps import Gap
from watcher.stores.journal.file import instant, milliseconds
from watcher.stores.queries.clauses import PlacedPost
from watcher.stores.queries.explorer import DayCount, Found, Search
from watcher.stores.queries.paging import Bookmark
from watcher.web import export
from watcher.web.choices import Choice, UnknownChoice, departement_of, one_of, topic_of
from watcher.web.days import day_chart
from watcher.web.unheard import Listening
from watcher.web.view import Sheet, View, or_trouble
from watcher.words import INTENTS, PLATFORMS, RELEVANCES, Labels

PATH = "/explorer"
PERIODS = (7, 30, 90, 365)

_POSTS = 30
_USUAL_DAYS = 30
_LONGEST_DAYS = 1_100  # three years: enough for the same month of the year before
_LONGEST_WORDS = 300
_DAY = timedelta(days=1)
_QUOTES = re.compile("[“”„«»]")
_BOOKMARK = re.compile(r"(-?\d{1,13})_(-?\d{1,13})_([0-9a-f]{32})")  # milliseconds of the years 1653 to 2286
_NO_SUCH_PAGE = "Cette suite n'existe pas : recommencez la recherche."


class ExplorerQueries(Protocol):
    """What the view asks of Elasticsearch: see `stores.queries.explorer.Explorer`."""

    async def page(self, search: Search, limit: int, after: Bookmark | None = None) -> Found:
        """Return the posts behind `after`."""
        ...

    async def days(self, search: Search) -> list[DayCount]:
        """Return the posts of each day."""
        ...

    def walk(self, search: Search, limit: int) -> AsyncIterator[PlacedPost]:
        """Yield the posts."""
        ...


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for: days of the region, both included, and what is looked for in them."""

    first: date
    last: date
    search: Search

    def address(self, path: str = PATH, after: Bookmark | None = None) -> str:
        """Return an address that asks for the same, behind `after`: the inverse of `asked`."""
        search = self.search
        given = {
            "mots": search.words,
            "du": self.first.isoformat(),
            "au": self.last.isoformat(),
            "plateforme": search.platform,
            "theme": search.topic,
            "departement": search.departement,
            "intention": search.intent,
            "pertinence": search.relevance,
            "suite": f"{milliseconds(search.until)}_{after.at_ms}_{after.id}" if after else None,
        }
        return f"{path}?{urlencode({key: value for key, value in given.items() if value})}"


def asked(params: Mapping[str, str], labels: Labels, now: datetime) -> tuple[Asked, Bookmark | None]:
    """Return what the address asks for, and behind which post. Raises `UnknownChoice`.

    Who turns pages sees the posts of the time when the first was opened: `suite` tells it.
    """
    first, last = _period(params, now)
    if _midnight(first) >= now:
        raise UnknownChoice("Cette période n'a pas commencé : choisissez des jours passés.")
    until, after = _bookmark(params.get("suite", ""), min(now, _midnight(last + _DAY)))
    if until <= _midnight(first):
        raise UnknownChoice(_NO_SUCH_PAGE)
    words = " ".join(_QUOTES.sub('"', params.get("mots", "")).split())
    if len(words) > _LONGEST_WORDS:
        raise UnknownChoice(f"Cette recherche est trop longue : {_LONGEST_WORDS} lettres au plus.")
    search = Search(
        since=_midnight(first),
        until=until,
        words=words,
        platform=one_of(params.get("plateforme"), PLATFORMS, "Cette plateforme n'est pas connue."),
        topic=topic_of(params.get("theme"), labels),
        departement=departement_of(params.get("departement"), labels),
        intent=one_of(params.get("intention"), INTENTS, "Cette intention n'existe pas."),
        relevance=one_of(params.get("pertinence"), RELEVANCES, "Cette pertinence n'existe pas."),
    )
    return Asked(first, last, search), after


def explorer_view(
    queries: ExplorerQueries,
    labels: Labels,
    now: Callable[[], datetime],
    gaps: Callable[[datetime, datetime], Sequence[Gap]],
    sources: Mapping[str, int],
) -> View:
    """Return the view, and the file of what it finds.

    `gaps` gives those of an interval; `sources` says how many each platform has.
    """

    async def show(request: Request) -> Sheet:
        opened = now()
        wanted, after = asked(request.query_params, labels, opened)
        search = wanted.search
        answer = asyncio.gather(queries.page(search, _POSTS, after), queries.days(search))
        (found, days), trouble = await or_trouble(answer, (None, []))
        listened = [search.platform] if search.platform else [*sources]
        missed = [gap for gap in gaps(search.since, search.until) if gap.platform in listened]
        listening = Listening(sum(sources.get(platform, 0) for platform in listened), missed)
        values = {
            "labels": labels,
            "asked": wanted,
            "search": search,
            "days": days,
            "chart": day_chart(days, opened, listening) if days else None,
            "total": sum(count.posts for count in days),
            "found": found,
            "is_first_page": after is None,
            "start": wanted.address(),
            "next": wanted.address(after=found.end) if found and found.end else None,
            "file": wanted.address(f"{PATH}.csv"),
            "most_rows": export.MOST_ROWS,
            "periods": _periods(wanted, opened),
            "topics": labels.topics_by_name,
            "trouble": trouble,
        }
        return Sheet("explorer.html", values)

    async def download(request: Request) -> StreamingResponse:
        opened = now()
        wanted, _ = asked(request.query_params, labels, opened)
        posts = queries.walk(wanted.search, export.MOST_ROWS + 1)
        name = f"veille_{wanted.first.isoformat()}_{wanted.last.isoformat()}.csv"
        return StreamingResponse(
            export.lines(posts, labels),
            media_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    return View(PATH, "Explorer", show, beside={f"{PATH}.csv": download})


def _periods(wanted: Asked, now: datetime) -> list[Choice]:
    today = paris(now).date()
    spans = [(days, today - (days - 1) * _DAY) for days in PERIODS]
    return [
        Choice(
            name=f"{days} jours" if days < 365 else "un an",  # noqa: PLR2004 - a year
            address=replace(wanted, first=first, last=today).address(),
            is_chosen=(wanted.first, wanted.last) == (first, today),
        )
        for days, first in spans
    ]


def _period(params: Mapping[str, str], now: datetime) -> tuple[date, date]:
    today = paris(now).date()
    last = _day(params.get("au"), today)
    first = _day(params.get("du"), last - (_USUAL_DAYS - 1) * _DAY)
    if first > last:
        raise UnknownChoice("La période finit avant de commencer : échangez les deux dates.")
    if (last - first).days >= _LONGEST_DAYS:
        raise UnknownChoice("La période est trop longue : trois ans au plus.")
    return first, last


def _day(written: str | None, usual: date) -> date:
    if not written:
        return usual
    try:
        day = date.fromisoformat(written)
    except ValueError as error:
        raise UnknownChoice(
            "Cette date ne se lit pas : écrivez l'année, le mois et le jour, comme 2026-11-24."
        ) from error
    if not 1970 < day.year < 9999:  # noqa: PLR2004 - what a clock can tell on either side of it
        raise UnknownChoice("Cette date est trop lointaine.")
    return day


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), PARIS)


def _bookmark(written: str, until: datetime) -> tuple[datetime, Bookmark | None]:
    if not written:
        return until, None
    read = _BOOKMARK.fullmatch(written)
    if not read:
        raise UnknownChoice(_NO_SUCH_PAGE)
    return min(until, instant(int(read[1]))), Bookmark(int(read[2]), read[3])
