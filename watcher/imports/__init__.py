"""Files that other tools and the platforms' own studios export, taken down the line as collected pages are.

    file → form and preset → every row checked → pages of posts → `flow.take_page`, each with the place reached

Nothing is written before the whole file was read once. Each page is committed with the line behind it, so that an
import that was cut goes on there; ids make a post that was collected too, or exported twice, one.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from watcher.collect import cut_short
from watcher.errors import Malformed, Permanent, Transient
from watcher.flow import Line, replay, take_page
from watcher.imports.presets import Preset, recognised
from watcher.imports.rows import post_of
from watcher.imports.tables import Form, Row, rows
from watcher.model import AuthorKind, Cursor, Outcome, Page, RawPost, RunReport, Source

PAGE_ROWS = 200
"""Rows committed at once: their reading takes seconds, and the daemon waits for milliseconds."""

SHOWN_FAULTS = 50
"""More faults than this are one fault repeated; all are counted."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that cannot be a post, the line where it begins, and why, in French."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A file read once, with nothing written: `posts` it holds, rows `without_words`, and `faults` of `faulty` rows."""

    path: Path
    form: Form
    preset: Preset
    posts: int
    without_words: int
    faulty: int
    faults: tuple[Fault, ...]

    @property
    def source(self) -> Source:
        """The source that its posts bear: one a preset, so that a later export brings its edits."""
        kind: AuthorKind = "institution" if self.preset.is_own else "unknown"
        name = f"import-{self.preset.name}"
        return Source(
            name, self.preset.platform, settings=None, interval_s=0, author_kind=kind, is_own=self.preset.is_own
        )


def check(path: Path, presets: tuple[Preset, ...]) -> Checked:
    """Return what `path` holds, by the first of `presets` that its columns are those of.

    Raises `Malformed` where it is no table that one of them knows.
    """
    form, preset = recognised(path, presets)
    posts = without_words = faulty = 0
    faults: list[Fault] = []
    for row in rows(path, form):
        match _made(row, preset):
            case Fault() as fault:
                faulty += 1
                faults += [fault] if len(faults) < SHOWN_FAULTS else []
            case None:
                without_words += 1
            case _:
                posts += 1
    return Checked(path, form, preset, posts, without_words, faulty, tuple(faults))


async def import_file(
    checked: Checked, line: Line, *, skips_faults: bool = False, done: Callable[[int], None] = lambda _: None
) -> RunReport:
    """Take the posts of `checked` into the journal, from the line on where the same import was cut.

    `done` is told the line reached after each page. The report says how it ended: `UNCHANGED` where all was in before.
    Raises `Malformed` where a row is faulty and `skips_faults` is not asked for: nothing is written then.
    """
    if checked.faulty and not skips_faults:
        raise Malformed("Rien n'a été importé : des lignes ne peuvent pas être lues.")
    source, report = checked.source, RunReport(checked.source.name, Outcome.UNCHANGED)
    mark = _mark(checked)
    try:
        await replay(source, line)
        for posts, reached in _pages(checked, _reached(line.journal.cursor(source.name), mark)):
            cursor = Cursor(json.dumps({"file": mark, "line": reached}))
            report = await take_page(Page(posts, cursor), source, line, report)
            done(reached)
    except (Transient, Permanent) as error:
        return cut_short(report, error)
    return report


def _pages(checked: Checked, after: int) -> Iterator[tuple[tuple[RawPost, ...], int]]:
    """Yield the posts after the line `after`, page by page, each with the line where its last row begins."""
    posts: list[RawPost] = []
    reached = after
    for row in rows(checked.path, checked.form):
        if row.line <= after:
            continue
        made, reached = _made(row, checked.preset), row.line
        posts += [made] if isinstance(made, RawPost) else []
        if len(posts) == PAGE_ROWS:
            yield tuple(posts), reached
            posts = []
    if posts:
        yield tuple(posts), reached


def _made(row: Row, preset: Preset) -> RawPost | Fault | None:
    if row.problem:
        return Fault(row.line, row.problem)
    try:
        return post_of(row.cells, preset)
    except ValueError as error:
        return Fault(row.line, str(error))


def _mark(checked: Checked) -> str:
    """Return what tells this file, read by this preset, from every other."""
    with checked.path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    digest.update(checked.preset.model_dump_json().encode())
    return digest.hexdigest()


def _reached(cursor: Cursor | None, mark: str) -> int:
    place = json.loads(cursor) if cursor else {}
    return int(place["line"]) if place.get("file") == mark else 0
