"""Figures of our accounts that studios export and no interface gives: day by day, and the ages of those they reach.

    file → form and preset → every row checked → days of an account → `watcher-accounts`, in one transaction

An export has documents of its own: what the platform's interface tells of the same day stays beside them.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

from watcher.errors import Malformed
from watcher.french import paris
from watcher.imports import SHOWN_FAULTS, Fault
from watcher.imports.moments import moment_of
from watcher.imports.presets import AccountPreset, Names
from watcher.imports.rows import count_of
from watcher.imports.tables import Form, Row, folded, rows
from watcher.model import document_id
from watcher.stores.documents import written
from watcher.stores.elastic import ACCOUNTS
from watcher.stores.journal import Journal
from watcher.stores.journal.file import milliseconds
from watcher.stores.journal.outbox import Write

Number = TypeVar("Number", int, float)

AGES = frozenset({"13_17", "18_24", "25_34", "35_44", "45_54", "55_64", "65_plus"})
"""The age groups that Meta, TikTok and YouTube count by, as documents name them."""

_WHOLE_PERCENT = (95.0, 105.0)
"""What the shares of all ages come to, each rounded on its own."""


@dataclass(frozen=True, slots=True)
class AccountDay:
    """One day of an account, from the `line` on where it is first told.

    `counts` stand at that day, `in_day` happened in it, `ages` are percents: all are filled row by row.
    """

    account: str
    day: date
    line: int
    counts: dict[str, int] = field(default_factory=dict)
    in_day: dict[str, int] = field(default_factory=dict)
    ages: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CheckedAccount:
    """A file read once, with nothing written: its `days`, and `faults` of `faulty` rows."""

    preset: AccountPreset
    days: tuple[AccountDay, ...]
    faulty: int
    faults: tuple[Fault, ...]


def check_account(path: Path, form: Form, preset: AccountPreset, account: str, today: date) -> CheckedAccount:
    """Return what `path` tells; `account` and `today` stand where no column says which account, or of when."""
    days: dict[tuple[str, date], AccountDay] = {}
    faults: list[Fault] = []
    for row in rows(path, form):
        try:
            _take(row, preset, days, account, today)
        except ValueError as error:
            faults.append(Fault(row.line, str(error)))
    faults += [fault for day in days.values() if (fault := _uneven(day))]
    return CheckedAccount(preset, tuple(days.values()), len(faults), tuple(faults[:SHOWN_FAULTS]))


def import_account(checked: CheckedAccount, journal: Journal, now: datetime) -> int:
    """Put the days of `checked` into the journal, all or none, and return how many. Once more changes nothing.

    Raises `Malformed` where a row is faulty, and what the journal raises.
    """
    if checked.faulty:
        raise Malformed("Rien n'a été importé : des lignes ne peuvent pas être lues.")
    writes = [_write(day, checked.preset, now) for day in checked.days]
    journal.commit_state(f"imported:{checked.preset.name}", now.isoformat(), writes)
    return len(writes)


def _take(row: Row, preset: AccountPreset, days: dict[tuple[str, date], AccountDay], account: str, today: date) -> None:
    """Add what `row` tells to its day among `days`. Raises `ValueError` with the reason in French."""
    if row.problem:
        raise ValueError(row.problem)
    columns = preset.columns

    def cell(names: Names) -> str:
        return next(filter(None, (row.cells.get(folded(name), "").strip() for name in names)), "")

    named, us_named, age = cell(columns.date), cell(columns.us_date), cell(columns.age)
    if "total" in {named.casefold(), us_named.casefold(), age.casefold()}:
        return
    at = moment_of(us_named or named, month_first=not named) if named or us_named else None
    key = (cell(columns.account) or account, paris(at).date() if at else today)
    day = days.setdefault(key, AccountDay(*key, row.line))
    counted = {"followers": columns.followers, "posts": columns.posts, "reach": columns.reach}
    _add(day.counts, {name: count for name, names in counted.items() if (count := count_of(cell(names))) is not None})
    in_day = preset.in_day.items()
    _add(day.in_day, {name: count for name, names in in_day if (count := count_of(cell(names))) is not None})
    if age:
        _add(day.ages, {_age(age): sum(map(_percent, _cells(row.cells, columns.share)))})


def _add(known: dict[str, Number], told: Mapping[str, Number]) -> None:
    if known.keys() & told.keys():
        raise ValueError("ces chiffres de ce jour sont déjà dits plus haut")
    known.update(told)


def _cells(cells: Mapping[str, str], names: Names) -> Iterator[str]:
    yield from (text for name in names if (text := cells.get(folded(name), "").strip()))


def _age(text: str) -> str:
    found = re.findall(r"\d{2}", text)
    age = "_".join(found) if len(found) > 1 else f"{''.join(found)}_plus"
    if age not in AGES:
        raise ValueError(f"« {text[:20]} » n'est pas une tranche d'âge connue")
    return age


def _percent(text: str) -> float:
    try:
        share = float(text.removesuffix("%").strip().replace(",", "."))
    except ValueError as error:
        raise ValueError(f"« {text[:20]} » n'est pas une part") from error
    if not 0 <= share <= 100:  # noqa: PLR2004 - per cent; "nan" is a number to Python, and no share
        raise ValueError(f"« {text[:20]} » n'est pas une part")
    return share


def _uneven(day: AccountDay) -> Fault | None:
    least, most = _WHOLE_PERCENT
    total = sum(day.ages.values())
    if not day.ages or least <= total <= most:
        return None
    return Fault(day.line, f"les parts des âges font {total:.0f} %, et non 100")


def _write(day: AccountDay, preset: AccountPreset, now: datetime) -> Write:
    source = f"import-{preset.name}"
    key = f"{preset.platform}\x1f{day.account}\x1f{day.day.isoformat()}\x1f{source}"
    body = {
        "platform": preset.platform,
        "source": source,
        "account": day.account,
        "day": day.day.isoformat(),
        "asked_at": written(now),
        **day.counts,
        **({"in_day": day.in_day} if day.in_day else {}),
        **({"ages": day.ages} if day.ages else {}),
    }
    return Write(ACCOUNTS, document_id(key), milliseconds(now), body)
