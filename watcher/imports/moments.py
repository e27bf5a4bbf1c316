"""Dates as exports write them, in French and in English. Without a zone they are on the region's clocks. Pure."""

import re
from datetime import UTC, datetime

from watcher.french import PARIS
from watcher.imports.tables import folded

_MONTHS = {
    name: number
    for number, names in enumerate(
        "jan janv january janvier|feb fev fevr february fevrier|mar mars march|apr avr april avril|may mai"
        "|jun june juin|jul july juil juillet|aug aout august|sep sept september septembre"
        "|oct october octobre|nov november novembre|dec december decembre".split("|"),
        start=1,
    )
    for name in names.split()
}
_CLOCK = r"(?:[ t,]+(?:a )?(?P<hour>\d{1,2})[:h](?P<minute>\d{2})(?::(?P<second>\d{2}))?\s*(?P<half>[ap]m)?)?"
_SLASHED = re.compile(rf"(?P<first>\d{{1,2}})[/.](?P<second_part>\d{{1,2}})[/.](?P<year>\d{{4}}){_CLOCK}")
_DAY_FIRST = re.compile(rf"(?:[a-z]+\.?,? )?(?P<day>\d{{1,2}})(?:er)? (?P<month>[a-z]+)\.?,? (?P<year>\d{{4}}){_CLOCK}")
_MONTH_FIRST = re.compile(rf"(?:[a-z]+\.?, )?(?P<month>[a-z]+)\.? (?P<day>\d{{1,2}}),? (?P<year>\d{{4}}){_CLOCK}")
_TWITTER = "%a %b %d %H:%M:%S %z %Y"
_SECONDS, _MILLISECONDS = re.compile(r"\d{9,10}(?:\.\d+)?"), re.compile(r"\d{12,13}")
_NOON = 12


def moment_of(text: str, *, month_first: bool = False) -> datetime:
    """Return the aware time that `text` writes; a date alone is its midnight. Raises `ValueError` in French.

    `month_first` is how dates in figures read: 11/05/2026 is in November then, else in May.
    """
    try:
        if _SECONDS.fullmatch(text):
            return datetime.fromtimestamp(float(text), UTC)
        if _MILLISECONDS.fullmatch(text):
            return datetime.fromtimestamp(int(text) / 1000, UTC)
        at = _iso(text) or _figures(folded(text), month_first=month_first) or _words(folded(text))
        at = at or datetime.strptime(text, _TWITTER)  # noqa: DTZ007 - its form has a zone
    except (ValueError, OverflowError) as error:
        raise ValueError(f"« {text[:40]} » n'est pas une date") from error
    if not 1970 <= at.year < 9999:  # noqa: PLR2004 - what the clocks of every zone can tell
        raise ValueError(f"« {text[:40]} » est une date trop lointaine")
    return at if at.tzinfo else at.replace(tzinfo=PARIS)


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text.removesuffix(" UTC") + ("+00:00" if text.endswith(" UTC") else ""))
    except ValueError:
        return None


def _figures(text: str, *, month_first: bool) -> datetime | None:
    found = _SLASHED.fullmatch(text)
    if not found:
        return None
    first, second = int(found["first"]), int(found["second_part"])
    day, month = (second, first) if month_first else (first, second)
    return datetime(int(found["year"]), month, day, *_clock(found), tzinfo=PARIS)


def _words(text: str) -> datetime | None:
    found = _DAY_FIRST.fullmatch(text) or _MONTH_FIRST.fullmatch(text)
    if not found or found["month"] not in _MONTHS:
        return None
    return datetime(int(found["year"]), _MONTHS[found["month"]], int(found["day"]), *_clock(found), tzinfo=PARIS)


def _clock(found: re.Match[str]) -> tuple[int, int, int]:
    hour, minute, second = (int(found[part] or 0) for part in ("hour", "minute", "second"))
    if found["half"]:
        hour = hour % _NOON + (_NOON if found["half"] == "pm" else 0)
    return hour, minute, second
