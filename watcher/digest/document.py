"""What a digest says, whatever it is shown in: headings, figures, lines, tables and notes, all in French. Values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from watcher.alerts.blocks import Quote


@dataclass(frozen=True, slots=True)
class Figure:
    """One number that is seen first: « 412 », « publications », « 380 la veille »."""

    value: str
    label: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is told. `mark` is its state in a word; `curve` is posts every ten minutes."""

    text: str
    mark: str = ""
    detail: str = ""
    quotes: Sequence[Quote] = ()
    curve: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: its name, a text for each column, and how long its bars are, from 0 to 1, the latest first.

    `said` is the whole line in one sentence, for who reads no table.
    """

    name: str
    cells: Sequence[str]
    bars: Sequence[float] = ()
    said: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under `heads`, one of which names the rows."""

    heads: Sequence[str]
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Column:
    """One day of a drawing: posts of this week and of the week before, and from where to where, of 0 to 1, it is deaf.

    `before` is None where it is not to be compared.
    """

    label: str
    posts: int
    before: int | None
    deaf: Sequence[tuple[float, float]] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a digest. `lead` says the essential in a sentence; `notes` say what must be known to read it."""

    title: str
    lead: str = ""
    items: Sequence[Item] = ()
    table: Table | None = None
    columns: Sequence[Column] = ()
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Digest:
    """One digest. `name` is that of its file; `definitions` say what the figures count."""

    name: str
    title: str
    subtitle: str
    made_at: datetime
    figures: Sequence[Figure]
    sections: Sequence[Section]
    definitions: Sequence[str] = ()

    @property
    def summary(self) -> str:
        """All of its figures in one line."""
        return " · ".join(
            f"{figure.value} {figure.label}{f' ({figure.detail})' if figure.detail else ''}" for figure in self.figures
        )
