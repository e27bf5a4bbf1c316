"""One row of an export becomes a raw post: its platform's own id, its time, its counts. Pure.

A cell is text, whatever it looks like: nothing in it is ever computed.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from watcher.imports.moments import moment_of
from watcher.imports.presets import Names, Preset
from watcher.imports.tables import folded
from watcher.model import RawPost

_ID_IN_LINK = {
    "x": re.compile(r"/status(?:es)?/(\d+)"),
    "tiktok": re.compile(r"/(?:video|photo)/(\d+)"),
    "youtube": re.compile(r"(?:[?&]v=|youtu\.be/|/shorts/)([\w-]{11})"),
    "linkedin": re.compile(r"(urn:li:(?:share|ugcPost|activity):\d+)"),
}
_ROUNDED = re.compile(r"\d[.,]\d+E\+?\d+", re.IGNORECASE)
_TOTALS = frozenset({"total", "totals"})
_GROUPED = re.compile(r"\d{1,3}(?:[ ,.\u00a0\u202f]\d{3})+")
_MOST = 2**53
"""More than anything was ever seen or liked, and less than Elasticsearch refuses."""

_TIKTOK_SECONDS = 32
"""A TikTok id holds the second of its video above this many bits."""


def post_of(cells: Mapping[str, str], preset: Preset) -> RawPost | None:
    """Return the post that a row tells, None for one without words and for a line of totals.

    `cells` are named by folded column. Raises `ValueError` with the reason in French.
    """

    def cell(names: Names) -> str:
        found = (cells.get(folded(name), "").strip() for name in names)
        return next(filter(None, found), "")

    columns = preset.columns
    title, text = cell(columns.title), cell(columns.text)
    if cell(columns.id).casefold() in _TOTALS or not (title or text):
        return None
    url = cell(columns.url)
    native_id = _native_id(preset.platform, cell(columns.id), url, cell(columns.page))
    day, us_day = cell(columns.date), cell(columns.us_date)
    return RawPost(
        native_id=native_id,
        title=title,
        text=text,
        url=_address(preset.platform, native_id, url),
        published_at=moment_of(us_day or day, month_first=not day)
        if us_day or day
        else _told(preset.platform, native_id),
        author=cell(columns.author) or None,
        is_own=preset.is_own,
        lang=cell(columns.lang) or None,
        reply_to=cell(columns.reply_to) or None,
        conversation=cell(columns.conversation) or None,
        metrics={name: count for name, names in preset.counts.items() if (count := count_of(cell(names))) is not None},
    )


def count_of(text: str) -> int | None:
    """Return a count in any of its spellings (1 234, 1,234, 12,0), None for an empty one. Raises `ValueError`."""
    if not text.strip("-—– "):
        return None
    try:
        count = int(re.sub(r"\D", "", text)) if _GROUPED.fullmatch(text) else int(float(text.replace(",", ".")))
    except (ValueError, OverflowError) as error:
        raise ValueError(f"« {text[:20]} » n'est pas un nombre") from error
    if abs(count) > _MOST:
        raise ValueError(f"« {text[:20]} » est un nombre démesuré")
    return count


def _native_id(platform: str, written: str, url: str, page: str) -> str:
    """Return the platform's own id: that of the link where it tells one, which no spreadsheet rounds."""
    pattern = _ID_IN_LINK.get(platform)
    if pattern and (found := pattern.search(url)):
        return found[1]
    if _ROUNDED.fullmatch(written):
        raise ValueError("l'identifiant a été arrondi par un tableur : importez le fichier d'origine")
    if not written:
        raise ValueError("ni identifiant, ni lien qui en donne un")
    return f"{page}_{written}" if page and "_" not in written else written


def _address(platform: str, native_id: str, url: str) -> str | None:
    """Return the address of the post, without the author's handle where the platform has such a form."""
    if platform == "x":
        return f"https://x.com/i/status/{native_id}"
    if platform == "youtube" and not url:
        return f"https://www.youtube.com/watch?v={native_id}"
    return url if re.match(r"https?://", url) else None


def _told(platform: str, native_id: str) -> datetime | None:
    if platform == "tiktok" and native_id.isdecimal():
        return datetime.fromtimestamp(int(native_id) >> _TIKTOK_SECONDS, UTC)
    return None
