"""What the team must be told of its sources, each thing once: money, keys, silences and failures. Pure."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from watcher import french
from watcher.health import EXPIRY_TOLD, Condition, SourceHealth, spending
from watcher.model import PostId
from watcher.spending import Account

BROKEN_FOR = timedelta(hours=6)
"""Most failures mend themselves within; a night of them is told in the morning."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell of a source, in French. What bears the same `key` was told already."""

    source: str
    key: str
    sentence: str

    @property
    def id(self) -> PostId:
        """The id of its document."""
        return PostId(hashlib.sha256(self.key.encode()).hexdigest()[:32])


def notices(health: SourceHealth, purse: str, now: datetime) -> list[Notice]:
    """Return what is to be told of a source now; `purse` is what it spends from, told once for all that share it."""
    name = health.state.name
    told = [*_of_money(health, purse, now), *_of_key(health, now), *_of_hearing(health, now)]
    return [Notice(name, key, f"{name} : {sentence}") for key, sentence in told]


def _of_money(health: SourceHealth, purse: str, now: datetime) -> Iterator[tuple[str, str]]:
    for account in health.standing.accounts:
        if account.is_spent:
            rest = f"au repos jusqu'à la prochaine période ({french.day(account.period.end, now)})"
            yield _money_key(account, purse, "spent"), f"budget dépensé, {spending(account, now)} ; {rest}."
        elif account.is_nearly_spent:
            yield _money_key(account, purse, "nearly"), f"budget bientôt dépensé, {spending(account, now)}."


def _money_key(account: Account, purse: str, what: str) -> str:
    return f"{purse}|{account.thing}|{account.period.start.isoformat()}|{what}"


def _of_key(health: SourceHealth, now: datetime) -> Iterator[tuple[str, str]]:
    expires_at = health.standing.expires_at
    if expires_at is None:
        return
    passed = [before for before in EXPIRY_TOLD if expires_at - now <= before]
    if passed:
        ends = "prend" if expires_at > now else "a pris"
        sentence = f"sa clé d'accès {ends} fin {french.day(expires_at, now)} : renouvelez-la."
        yield f"{health.state.name}|key|{expires_at.date()}|{min(passed).days}", sentence


def _of_hearing(health: SourceHealth, now: datetime) -> Iterator[tuple[str, str]]:
    state, what = health.state, f"{health.condition}. {health.why} {health.advice}".strip()
    if health.condition is Condition.SILENT and health.standing.silence:
        yield f"{state.name}|silent|{state.last_new_at}", what
    if health.condition is Condition.TO_AUTHORISE:
        yield f"{state.name}|access|{state.last_ok_at}", what
    if health.condition is Condition.BROKEN and now - (state.last_ok_at or now) >= BROKEN_FOR:
        yield f"{state.name}|broken|{state.last_ok_at}", what
