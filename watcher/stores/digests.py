"""The files of the digests, as the team keeps them: a folder of pages, by name, thirteen months of them.

Their figures may stay so long; the posts that they quote (their `blockquote` elements) may not, and leave a file when
the next one is written, or when somebody is erased.
"""

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

KEPT = timedelta(days=396)
"""Thirteen months: last year's week is still there to be read beside this one's."""

FOLDER = "bilans"
"""Where they are, inside the data folder, and under which address the page shows them."""

_NAME = re.compile(r"(\d{4})-(?:(\d\d)-(\d\d)|semaine-(\d\d))")
_SUFFIX, _DRAFT = ".html", ".tmp"
_SHEET = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_QUOTED = re.compile(r"<blockquote.*?</blockquote>", re.DOTALL)
_FORGOTTEN = '<p class="note">Message cité, effacé depuis.</p>'


@dataclass(frozen=True, slots=True)
class DigestFiles:
    """The files of `folder`. Raises `OSError` when the disk refuses."""

    folder: Path

    def write(self, name: str, page: str) -> Path:
        """Put `page` under `name`, whole or not at all, in the place of what bore that name; return where it is."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.path(name)
        draft = path.with_suffix(_DRAFT)
        draft.write_text(page, encoding="utf-8")
        draft.replace(path)
        return path

    def path(self, name: str) -> Path:
        """Return where the digest called `name` is, or would be."""
        return self.folder / f"{name}{_SUFFIX}"

    def names(self) -> list[str]:
        """Return the names of all digests, the latest day first."""
        found = {path.stem: day_of(path.stem) for path in self._files()}
        return sorted((name for name, day in found.items() if day), key=lambda name: (found[name], name), reverse=True)

    def read(self, name: str) -> str | None:
        """Return the page called `name`, None where there is none."""
        path = self.path(name)
        return path.read_text(encoding="utf-8") if day_of(name) and path.is_file() else None

    def prune(self, now: datetime) -> None:
        """Remove the digests of days that are longer ago than they are kept, and what a crash left half written."""
        for draft in self.folder.glob(f"*{_DRAFT}"):
            draft.unlink(missing_ok=True)
        for path in list(self._files()):
            day = day_of(path.stem)
            if day and now.date() - day > KEPT:
                path.unlink(missing_ok=True)

    def forget_quotes(self, but: str = "") -> None:
        """Take what is quoted out of every page except the one called `but`."""
        for path in list(self._files()):
            page = path.read_text(encoding="utf-8")
            if path.stem != but and (bare := _QUOTED.sub(_FORGOTTEN, page)) != page:
                self.write(path.stem, bare)

    def _files(self) -> Iterator[Path]:
        return self.folder.glob(f"*{_SUFFIX}")


def day_of(name: str) -> date | None:
    """Return the day of a digest called `name`, for a week its Sunday; None for what names none."""
    parts = _NAME.fullmatch(name)
    if parts is None:
        return None
    year, month, day, week = (int(part or 0) for part in parts.groups())
    try:
        return date.fromisocalendar(year, week, 7) if week else date(year, month, day)
    except ValueError:
        return None


def policy(sheet: str) -> str:
    """Return what a browser may do with a page whose only style is `sheet`: https://www.w3.org/TR/CSP3/."""
    digest = b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def policy_of(page: str) -> str:
    """Return the policy of a page that was written, whichever version wrote it: its first sheet is ours."""
    found = _SHEET.search(page)
    return policy(found[1] if found else "")
