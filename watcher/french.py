"""How dates, numbers and addresses are written for the team. Pure; times are shown in Europe/Paris."""

import unicodedata
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")

_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
_THIN_SPACE = "\N{NARROW NO-BREAK SPACE}"
_EXCERPT = 420

# Marks that turn the direction of what follows, or that show nothing and so hide a word from its reader. The joiners
# U+200C and U+200D stay: Arabic script and family emoji need them.
_INVISIBLE = dict.fromkeys(
    [*range(0x202A, 0x202F), *range(0x2066, 0x206A), *range(0xE0000, 0xE0080), 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF]
)


def paris(moment: datetime) -> datetime:
    """Return `moment` on the clocks of the region."""
    return moment.astimezone(PARIS)


def hour(moment: datetime) -> str:
    """Return the time of day: « 9 h 05 »."""
    local = paris(moment)
    return f"{local.hour}\u00a0h\u00a0{local.minute:02}"


def weekday(moment: datetime) -> str:
    """Return the name of the day."""
    return _DAYS[paris(moment).weekday()]


def day(moment: datetime, now: datetime) -> str:
    """Return the day as one says it: « aujourd'hui », « hier », « lundi 3 août », with the year when it is another."""
    local, today = paris(moment).date(), paris(now).date()
    match (today - local).days:
        case 0:
            return "aujourd'hui"
        case 1:
            return "hier"
        case -1:
            return "demain"
        case _:
            ordinal = "1er" if local.day == 1 else str(local.day)
            written = f"{weekday(moment)} {ordinal} {_MONTHS[local.month - 1]}"
            return written if local.year == today.year else f"{written} {local.year}"


def date_of(day: date) -> str:
    """Return a day without the one who reads it: « lundi 3 août 2026 »."""
    ordinal = "1er" if day.day == 1 else str(day.day)
    return f"{_DAYS[day.weekday()]} {ordinal} {_MONTHS[day.month - 1]} {day.year}"


def month_of(day: date) -> str:
    """Return the month of a day: « novembre 2026 »."""
    return f"{_MONTHS[day.month - 1]} {day.year}"


def moment(value: datetime, now: datetime) -> str:
    """Return day and time: « hier à 18 h 40 »."""
    return f"{day(value, now)} à {hour(value)}"


def age(span: timedelta) -> str:
    """Return how long something lasts, in the largest unit that it fills: « 12 minutes », « 3 heures », « 2 jours »."""
    minutes = max(0, span // timedelta(minutes=1))
    if minutes < 60:  # noqa: PLR2004 - an hour
        return plural(minutes, "minute", "minutes")
    return plural(minutes // 60, "heure", "heures") if minutes < 48 * 60 else plural(minutes // 1440, "jour", "jours")


def machine_time(value: datetime) -> str:
    """Return what a `time` element's attribute holds: UTC to the second."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def number(value: int) -> str:
    """Return `value` with thousands set apart."""
    return f"{value:,}".replace(",", _THIN_SPACE)


def amount(value: Decimal) -> str:
    """Return a sum with two decimals where it has any: « 12 », « 12,50 »."""
    whole = value.to_integral_value()
    if value == whole:
        return number(int(whole))
    return f"{value:.2f}".replace(".", ",")


def plural(count: int, one: str, many: str) -> str:
    """Return the count with its noun: nought and one are singular in French."""
    return f"{number(count)}\u00a0{one if count < 2 else many}"  # noqa: PLR2004 - the rule itself


def listed(names: Sequence[str]) -> str:
    """Return names as one says them: « Lunel, Sommières et Alès »."""
    *first, last = names
    return f"{', '.join(first)} et {last}" if first else last


def lasting(length: timedelta) -> str:
    """Return about how long that is: « 45 min », « 3 h », « 2 jours »."""
    minutes = max(0, int(length.total_seconds() // 60))
    if minutes < 60:  # noqa: PLR2004 - an hour
        return f"{minutes}\u00a0min"
    hours = minutes // 60
    return f"{hours}\u00a0h" if hours < 48 else f"{hours // 24}\u00a0jours"  # noqa: PLR2004 - « 36 h » tells more than « 1 jour »


def readable(text: str) -> str:
    """Return `text` without the marks that turn or hide it, and without control characters other than line ends."""
    return "".join(
        char for char in text.translate(_INVISIBLE) if char in "\n\t" or unicodedata.category(char) not in {"Cc", "Cs"}
    )


def excerpt(text: str) -> str:
    """Return the beginning of `text`, cut between words and marked so when it is long."""
    clean = readable(text)
    if len(clean) <= _EXCERPT:
        return clean
    head = clean[:_EXCERPT]
    return f"{head.rsplit(None, 1)[0] or head}…"


def host(url: str | None) -> str | None:
    """Return the host that a link really leads to, None when it is no link of the web (or no link at all).

    A host in another script is given in its ASCII form, so that a look-alike of a known name shows.
    """
    try:
        parts = urlsplit(url or "")
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            return None
        return parts.hostname.encode("idna").decode("ascii").removeprefix("www.")
    except ValueError:
        return None
