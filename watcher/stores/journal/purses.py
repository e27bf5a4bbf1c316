"""What each key has spent. Asking and paying are one transaction: of two runs that share a key, one takes the last."""

from dataclasses import astuple, fields
from datetime import date, datetime

from watcher.budget import Budget, Cost
from watcher.spending import Refusal, Spent, day_of, refusal
from watcher.stores.journal.file import JournalFile

_THINGS = tuple(column.name for column in fields(Cost))
_SUMS = ", ".join(f"coalesce(sum({thing}), 0)" for thing in _THINGS)
_COLUMNS = ", ".join(_THINGS)
_ADDED = ", ".join(f"{thing} = {thing} + excluded.{thing}" for thing in _THINGS)
_TAKEN_OFF = ", ".join(f"{thing} = max(0, {thing} - ?)" for thing in _THINGS)


class Purses:
    """The table `spending`. Raises what `JournalFile` raises."""

    def __init__(self, file: JournalFile) -> None:
        self._file = file

    def take(self, purse: str, budget: Budget, price: Cost, now: datetime) -> date | Refusal:
        """Spend `price` before the call that may cost as much, and return on which day; or why it must not be made.

        What is taken is on the disk when this returns: a crash between the call and its answer leaves it spent.
        """
        day = day_of(budget, now)
        with self._file.transaction():
            refused = refusal(budget, self.spent(purse, budget, now), price, now)
            if refused is not None:
                return refused
            self._file.execute(
                f"INSERT INTO spending (purse, day, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - our names
                f" ON CONFLICT (purse, day) DO UPDATE SET {_ADDED}",
                (purse, day.isoformat(), *astuple(price)),
            )
        return day

    def give_back(self, purse: str, day: date, rest: Cost) -> None:
        """Take `rest` off what `purse` spent on `day`: a call cost less than it might have."""
        if rest != Cost():
            self._file.execute(
                f"UPDATE spending SET {_TAKEN_OFF} WHERE purse = ? AND day = ?",  # noqa: S608 - our names
                (*astuple(rest), purse, day.isoformat()),
            )

    def spent(self, purse: str, budget: Budget, now: datetime) -> Spent:
        """Return what `purse` has spent in the day and in the month of `now`."""
        today = day_of(budget, now).isoformat()
        return Spent(self._sum(purse, today), self._sum(purse, f"{today[:7]}-%"))

    def _sum(self, purse: str, days: str) -> Cost:
        rows = self._file.execute(
            f"SELECT {_SUMS} FROM spending WHERE purse = ? AND day LIKE ?",  # noqa: S608 - our names
            (purse, days),
        )
        return Cost(*rows[0])
