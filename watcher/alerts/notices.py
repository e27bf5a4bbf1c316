"""What the team must be told of its sources, each thing once: money, keys, silences, failures, and their end. Pure.

What a look finds new is one message: fifty feeds that fail together are one event for whoever reads.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from watcher import french
from watcher.health import EXPIRY_TOLD, Condition, SourceHealth, spending
from watcher.spending import Account

BROKEN_FOR = timedelta(hours=6)
"""Most failures mend themselves within; a night of them is told in the morning."""


STEADY = timedelta(hours=3)
"""What fails and mends by turns is told as mended no sooner after it was told, and so as failing no more often."""

LISTED = 5
"""Sentences of one message; where more is new, it counts and names."""

NAMED = 10
"""Sources that a line names."""

_BACK = "de nouveau en marche"
_TROUBLES = ("silent", "access", "broken")
_MANY = (
    "C'est la moitié de vos sources, ou plus : voyez d'abord si cette machine a toujours accès à Internet et si un "
    "pare-feu n'a pas changé."
)
_MORE = "La page le dit de chacune, avec quoi faire (« Sources »), et « watcher status » aussi."


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell of a source, in French. What bears the same `key` was told already.

    `matter` is what it is about, in the team's words; `ends` are the keys of what is over by it.
    """

    source: str
    key: str
    sentence: str
    matter: str = ""
    ends: tuple[str, ...] = ()


def notices(health: SourceHealth, purse: str, now: datetime) -> list[Notice]:
    """Return what is to be told of a source now; `purse` is what it spends from, told once for all that share it."""
    name = health.state.name
    told = [
        *(("budget", *each) for each in _of_money(health, purse, now)),
        *(("clé d'accès", *each) for each in _of_key(health, now)),
        *((str(health.condition), *each) for each in _of_hearing(health, now)),
    ]
    return [Notice(name, key, f"{name} : {sentence}", matter) for matter, key, sentence in told]


def recoveries(healths: Sequence[SourceHealth], told: Mapping[str, datetime], now: datetime) -> list[Notice]:
    """Return a notice for each source that goes well again, where `told` holds a trouble of it, by its key."""
    found = []
    for name in (health.state.name for health in healths if health.condition is Condition.RUNNING):
        over = tuple(key for trouble in _TROUBLES if (key := f"{name}|{trouble}") in told)
        if over and now - max(told[key] for key in over) >= STEADY:
            found.append(Notice(name, f"{name}|back|{now.isoformat()}", f"{name} : {_BACK}.", _BACK, over))
    return found


def summed_up(new: Sequence[Notice], sources: int) -> str:
    """Return the one message that tells of `new`, of a watch of that many `sources`: line by line, or counted."""
    if len(new) <= LISTED:
        return "\n".join(notice.sentence for notice in new)
    by_matter: Mapping[str, list[str]] = {
        matter: [notice.source for notice in new if notice.matter == matter]
        for matter in dict.fromkeys(notice.matter for notice in new)
    }
    lines = [f"{len(names)} × {matter} : {_listed(names)}." for matter, names in by_matter.items()]
    is_all = 2 * len(by_matter.get(Condition.BROKEN, ())) >= sources
    return "\n".join([*lines, *([_MANY] if is_all else []), _MORE])


def _listed(names: Sequence[str]) -> str:
    shown, left = ", ".join(names[:NAMED]), len(names) - NAMED
    return f"{shown} et {french.plural(left, 'autre', 'autres')}" if left > 0 else shown


def _of_money(health: SourceHealth, purse: str, now: datetime) -> Iterator[tuple[str, str]]:
    for account in health.standing.accounts:
        if account.is_spent:
            rest = f"au repos jusqu'à la prochaine période ({french.day(account.period.end, now)})"
            yield _money_key(account, purse, "spent"), f"budget dépensé, {spending(account, now)} ; {rest}."
        elif account.is_nearly_spent:
            more = "pour entendre plus, relevez « budget » dans sources.yml"
            yield _money_key(account, purse, "nearly"), f"budget bientôt dépensé, {spending(account, now)} ; {more}."


def _money_key(account: Account, purse: str, what: str) -> str:
    return f"{purse}|{account.thing}|{account.period.start.isoformat()}|{what}"


def _of_key(health: SourceHealth, now: datetime) -> Iterator[tuple[str, str]]:
    expires_at = health.standing.expires_at
    if expires_at is None:
        return
    passed = [before for before in EXPIRY_TOLD if expires_at - now <= before]
    if passed:
        ends = "prend" if expires_at > now else "a pris"
        sentence = f"sa clé d'accès {ends} fin {french.day(expires_at, now)} : renouvelez-la (LISEZMOI.md dit où)."
        yield f"{health.state.name}|key|{expires_at.date()}|{min(passed).days}", sentence


def _of_hearing(health: SourceHealth, now: datetime) -> Iterator[tuple[str, str]]:
    state, what = health.state, f"{health.condition}. {health.why} {health.advice}".strip()
    if health.condition is Condition.SILENT and health.standing.silence:
        yield f"{state.name}|silent", what
    if health.condition is Condition.TO_AUTHORISE:
        yield f"{state.name}|access", what
    if health.condition is Condition.BROKEN and now - (state.last_ok_at or now) >= BROKEN_FOR:
        yield f"{state.name}|broken", what
