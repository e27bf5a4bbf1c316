"""Tables as they come: CSV in the usual encodings and separators, XLSX, and one JSON object a line. Streamed."""

import csv
import json
import unicodedata
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from zipfile import is_zipfile

from watcher.errors import Malformed
from watcher.imports.sheets import cells_of, sheets

_SEPARATORS = ",;\t"
_HEAD = 10
"""Titles and notes may stand above the names of the columns, never more than this."""

_MAX_DEPTH = 8
"""Deeper than any field that a preset names."""

_CHUNK_CHARS = 1 << 20


@dataclass(frozen=True, slots=True)
class Form:
    """How a file is written: the names of its columns, folded, and the line they stand on.

    `separator` is empty for one JSON object a line, whose names are paths (`data.author.id`) and stand on no line.
    `sheet` is that of a workbook, which has neither separator nor encoding.
    """

    columns: tuple[str, ...]
    separator: str
    encoding: str
    line: int
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row, from the line where it begins (counted from 1): cells by folded column, or the `problem`, in French."""

    line: int
    cells: Mapping[str, str]
    problem: str = ""


@lru_cache(maxsize=4096)
def folded(name: str) -> str:
    """Return the name of a column without what differs from export to export: case, accents, spaces, apostrophes."""
    bare = unicodedata.normalize("NFKD", name.replace("’", "'"))
    return " ".join("".join(char for char in bare if not unicodedata.combining(char)).casefold().split())


def forms(path: Path) -> Iterator[Form]:
    """Yield each way in which the head of `path` may be read. Raises `Malformed` for what is no table."""
    if is_zipfile(path):
        for sheet in sheets(path):
            for line, cells in islice(cells_of(path, sheet), _HEAD):
                yield Form(tuple(map(folded, cells)), "", "", line, sheet)
        return
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as file:
        head = list(islice(file, _HEAD))
    if head and head[0].lstrip().startswith("{"):
        yield Form(tuple(_object(1, head[0]).cells), "", encoding, 0)
        return
    for separator in _SEPARATORS:
        before = 0
        reader = csv.reader(head, delimiter=separator)
        try:
            for cells in reader:
                yield Form(tuple(map(folded, cells)), separator, encoding, before + 1)
                before = reader.line_num
        except csv.Error:
            continue


def rows(path: Path, form: Form) -> Iterator[Row]:
    """Yield the rows of `path`, one at a time; empty ones are left out. A row that cannot be read says why."""
    if form.sheet:
        for line, cells in cells_of(path, form.sheet):
            if line > form.line and any(cell.strip() for cell in cells):
                yield _row(line, cells, form.columns)
        return
    with path.open(encoding=form.encoding, newline="") as file:
        if form.separator:
            yield from _cells(file, form)
            return
        for number, text in enumerate(file, start=1):
            if text.strip():
                yield _object(number, text)


def _cells(file: Iterator[str], form: Form) -> Iterator[Row]:
    reader = csv.reader(file, delimiter=form.separator, strict=True)
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield Row(line, {}, "un guillemet est de trop ou manque, ou une case est démesurée")
        else:
            if line > form.line and any(cell.strip() for cell in cells):
                yield _row(line, cells, form.columns)
        line = reader.line_num + 1


def _row(line: int, cells: list[str], columns: tuple[str, ...]) -> Row:
    if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
        return Row(line, {}, f"{len(cells)} cases pour {len(columns)} colonnes")
    return Row(line, dict(zip(columns, cells, strict=False)))


def _object(line: int, text: str) -> Row:
    try:
        item = json.loads(text)
    except (ValueError, RecursionError):
        return Row(line, {}, "ce n'est pas du JSON, ou il est coupé")
    if not isinstance(item, dict):
        return Row(line, {}, "ce n'est pas un objet JSON")
    return Row(line, dict(_flat(item)))


def _flat(item: Mapping[str, object], path: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    for name, value in item.items():
        here = f"{path}{folded(name)}"
        if isinstance(value, dict):
            if depth < _MAX_DEPTH:
                yield from _flat(value, f"{here}.", depth + 1)
        elif isinstance(value, str | int | float) and not isinstance(value, bool):
            yield here, str(value)


def _encoding(path: Path) -> str:
    """Return the encoding of `path`: what its first bytes say, else UTF-8 where all of it is, else Windows'."""
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith(BOM_UTF8):
        return "utf-8-sig"
    if start.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return "utf-16"
    if b"\0" in start:
        raise Malformed(f"« {path.name} » n'est pas un texte : enregistrez-le en « CSV UTF-8 » depuis le tableur.")
    try:
        with path.open(encoding="utf-8") as file:
            while file.read(_CHUNK_CHARS):
                pass
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"
