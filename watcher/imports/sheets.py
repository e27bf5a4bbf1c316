"""Workbooks of spreadsheets (XLSX), read row by row and never computed: the only file that knows openpyxl."""

import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from watcher.errors import Malformed

_MAX_BYTES = 500_000_000
"""Unpacked; a workbook holds a million rows at most, and its texts are read at once."""

_EXACT = 2**53
"""Spreadsheets round whole numbers above this: an id of 19 digits is no longer one."""


def sheets(path: Path) -> list[str]:
    """Return the names of the sheets of `path`. Raises `Malformed` for what is no workbook, or is a giant."""
    with _opened(path) as book:
        return [sheet.title for sheet in book.worksheets]


def cells_of(path: Path, sheet: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of `sheet` under their numbers, as text. Raises as `sheets`."""
    with _opened(path) as book:
        page = book[sheet]
        page.reset_dimensions()  # some programs write wrong ones
        for number, row in enumerate(page.iter_rows(values_only=True), start=1):
            yield number, [_text(value) for value in row]


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    try:
        with ZipFile(path) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
        if unpacked > _MAX_BYTES:
            raise Malformed(f"« {path.name} » est démesuré : enregistrez sa feuille en « CSV UTF-8 ».")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles that are missing
            book = load_workbook(path, read_only=True)
        with closing(book):
            yield book
    except (BadZipFile, KeyError, ValueError, ParseError, InvalidFileException) as error:
        raise Malformed(f"« {path.name} » n'est pas un classeur lisible : enregistrez-le en « CSV UTF-8 ».") from error


def _text(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and abs(value) > _EXACT:
        return f"{value:.5E}"
    return "" if value is None else str(value)
