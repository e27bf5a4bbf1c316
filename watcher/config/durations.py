"""Durations as people write them: "15 min", "2 h", "30 jours", "12 mois"."""

import re
from datetime import timedelta

_DAY_S = 86_400
_UNITS_S = {
    "s": 1,
    "seconde": 1,
    "min": 60,
    "minute": 60,
    "h": 3_600,
    "heure": 3_600,
    "j": _DAY_S,
    "jour": _DAY_S,
    "semaine": 7 * _DAY_S,
    # Twelve months are a year of 365 days: what is kept "12 mois" goes on the same date, leap years apart.
    "mois": 365 * _DAY_S / 12,
    "an": 365 * _DAY_S,
}
_WRITTEN = re.compile(r"(\d{1,6}(?:[.,]\d{1,3})?)\s*([a-z]+)", re.ASCII | re.IGNORECASE)

EXPECTED = "une durée comme « 15 min », « 2 h », « 30 jours » ou « 12 mois »"


def duration(text: str) -> timedelta | None:
    """Return the duration that `text` writes, None where it writes none: never a guess of the unit."""
    written = _WRITTEN.fullmatch(text.strip())
    if written is None:
        return None
    number, unit = written[1].replace(",", "."), written[2].lower()
    seconds = _UNITS_S.get(unit) or _UNITS_S.get(unit.removesuffix("s"))
    return timedelta(seconds=float(number) * seconds) if seconds else None


def in_words(value: timedelta) -> str:
    """Return `value` in the largest unit that says it whole: `2 ans`, `12 mois`, `30 jours`, `15 min`."""
    seconds = value.total_seconds()
    for unit, least in (("an", 2), ("mois", 1), ("jour", 1), ("h", 1), ("min", 1)):
        count, left = divmod(seconds, _UNITS_S[unit])
        if count >= least and not left:
            return f"{count:g} {unit}{'s' if count > 1 and unit in {'an', 'jour'} else ''}"
    return f"{seconds:g} s"
