"""Who sees to an alert: taken, put to rest or acknowledged, by name. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from watcher.french import PARIS, hour, listed, moment, paris
from watcher.model import PostId

OUTSIDER = "slack:"
"""What the name of a person begins with whom `equipe.yml` does not know: a pseudonym follows."""

MORNING = time(8)
"""When a team that slept looks at what waits."""


class Deed(StrEnum):
    """What a person does with an alert; the words are stored."""

    TAKEN = "prise_en_charge"
    SNOOZED = "en_pause"
    SEEN = "vue"


@dataclass(frozen=True, slots=True)
class Handling:
    """What one person does with an alert since `at`; a snooze has its end."""

    alert: PostId
    person: str
    deed: Deed
    at: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Care:
    """Who sees to an alert: those who took it, the first of them first, who rests it until when, who saw it."""

    taken_by: tuple[str, ...] = ()
    taken_at: datetime | None = None
    snoozed_by: str = ""
    snoozed_until: datetime | None = None
    seen_by: tuple[str, ...] = ()

    def rests_at(self, now: datetime) -> datetime | None:
        """Return until when nothing more is to be said in the thread, None when it may be."""
        return self.snoozed_until if self.snoozed_until and self.snoozed_until > now else None


def care_of(handlings: Iterable[Handling]) -> Care:
    """Return what the handlings of one alert come to. Of several who rest it, the last decides."""
    done = sorted(handlings, key=lambda each: each.at)
    taken, snoozed, seen = ([each for each in done if each.deed is deed] for deed in Deed)
    return Care(
        taken_by=tuple(each.person for each in taken),
        taken_at=taken[0].at if taken else None,
        snoozed_by=snoozed[-1].person if snoozed else "",
        snoozed_until=snoozed[-1].until if snoozed else None,
        seen_by=tuple(each.person for each in seen),
    )


def morning(now: datetime) -> datetime:
    """Return the next morning of the region, to which what is put to rest without a time rests."""
    local = paris(now)
    day = local.date() + timedelta(days=local.time() >= MORNING)
    return datetime.combine(day, MORNING, PARIS).astimezone(now.tzinfo)


def told(care: Care, now: datetime) -> str:
    """Return the French line that an alert bears, "" while nobody sees to it."""
    return "  ·  ".join(_told(care, now))


def called(person: str) -> str:
    """Return how a person is named to the team."""
    return person if person and not person.startswith(OUTSIDER) else "quelqu'un"


def _told(care: Care, now: datetime) -> Iterator[str]:
    if care.taken_by:
        yield f"✅ Prise en charge par {_names(care.taken_by)}"
    if until := care.rests_at(now):
        end = hour(until) if paris(until).date() == paris(now).date() else moment(until, now)
        yield f"💤 En pause jusqu'à {end}, par {called(care.snoozed_by)}"
    if care.seen_by:
        yield f"👀 Vue par {_names(care.seen_by)}"


def _names(people: Iterable[str]) -> str:
    return listed(list(dict.fromkeys(map(called, people))))
