"""Second step: a `RawPost` as the platform gave it becomes a `Post` in plain text, UTC and safe characters. Pure."""

import hashlib
import re
import unicodedata
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from watcher.errors import Poison
from watcher.model import Post, PostId, RawPost, Source

MAX_TEXT_CHARS = 10_000
"""Longer texts are cut: reliability of the pipelines before completeness of a tirade. The cut is marked."""

MAX_TITLE_CHARS = 500

MAX_ID_CHARS = 512
MAX_URL_CHARS = 2_048
"""What browsers and caches take; a longer address cannot be followed."""

MAX_MARKUP_CHARS = 100_000
"""Markup beyond this cannot hold more text than is kept, and bounds what a hostile nesting costs (0.6 s measured)."""

# C0 controls but tab and newline, C1 controls, bidirectional overrides and isolates, the byte-order mark.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_SPACES = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u3000]+")
_BLANK_LINES = re.compile(r" ?\n ?(?:\n ?)+")

_BLOCKS = "address,article,aside,blockquote,div,dl,dt,dd,figure,h1,h2,h3,h4,h5,h6,hr,li,ol,p,pre,section,table,tr,ul"
_SILENT = ["script", "style", "template", "head", "noscript"]


def post_id(platform: str, native_id: str) -> PostId:
    """Return the `_id` of a post: 32 hexadecimal digits of SHA-256(platform, unit separator, native id)."""
    text = f"{platform}\x1f{native_id}".encode("utf-8", "surrogatepass")
    return PostId(hashlib.sha256(text).hexdigest()[:32])


def writable(raw: RawPost) -> RawPost:
    """Return `raw` without lone surrogates, which JSON may bring in any field and no store can write down."""
    return replace(raw, **{each.name: _without_surrogates(getattr(raw, each.name)) for each in fields(raw)})


def _without_surrogates(value: object) -> Any:
    if isinstance(value, tuple):
        return tuple(_without_surrogates(item) for item in value)
    return _SURROGATES.sub("\ufffd", value) if isinstance(value, str) else value


def normalise(raw: RawPost, source: Source, now: datetime) -> Post:
    """Return the normal form of `raw`, collected from `source` at `now`, its handles still in clear.

    Raises `Poison` when the post has no native id, or neither text nor title, or a time without zone.
    """
    if not raw.native_id.strip():
        raise Poison("sans identifiant", step="normalise")
    title, _ = _cut(plain_text(raw.title, raw.markup).replace("\n", " "), MAX_TITLE_CHARS)
    text, is_truncated = _cut(plain_text(raw.text, raw.markup), MAX_TEXT_CHARS)
    if not (title or text):
        raise Poison("ni titre ni texte", step="normalise")
    return Post(
        id=post_id(source.platform, raw.native_id),
        platform=source.platform,
        source=source.name,
        native_id=_bounded_id(raw.native_id),
        url=raw.url if raw.url and len(raw.url) <= MAX_URL_CHARS else None,
        title=title,
        text=text,
        platform_lang=raw.lang,
        published_at=_utc(raw.published_at),
        edited_at=_utc(raw.edited_at),
        collected_at=now,
        author=safe_characters(raw.author).strip() or None if raw.author else None,
        author_kind=source.author_kind if raw.author_kind == "unknown" else raw.author_kind,
        is_own=raw.is_own or source.is_own,
        reply_to=post_id(source.platform, raw.reply_to) if raw.reply_to else None,
        conversation=post_id(source.platform, raw.conversation) if raw.conversation else None,
        is_repost=raw.is_repost,
        hashtags=_safe_all(raw.hashtags),
        mentions=_safe_all(raw.mentions),
        links=_safe_all(raw.links),
        metrics=dict(raw.metrics),
        is_truncated=is_truncated,
        territory=source.territory,
    )


def plain_text(text: str, markup: str) -> str:
    """Return `text` without markup, in NFC, safe characters only, white space tidied, paragraphs kept as lines."""
    if markup == "html":
        text = _shown_text(text)
    text = safe_characters(unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")))
    return _BLANK_LINES.sub("\n\n", _SPACES.sub(" ", text)).strip()


def safe_characters(text: str) -> str:
    """Return `text` without what chokes a store, a log or a screen: surrogates, NUL, controls, bidi overrides."""
    return _UNSAFE.sub("", _SURROGATES.sub("\ufffd", text))


def _shown_text(html: str) -> str:
    """Return the text a browser would show; blocks and `<br>` become line ends."""
    tree = LexborHTMLParser(html[:MAX_MARKUP_CHARS])
    tree.strip_tags(_SILENT)
    for node in tree.css("br"):
        node.insert_before("\n")
    for node in tree.css(_BLOCKS):
        node.insert_before("\n\n")
        node.insert_after("\n\n")
    return tree.root.text() if tree.root else ""


def _bounded_id(native_id: str) -> str:
    """Return what is kept of a native id: a platform's own are short, a feed may call a megabyte an identifier."""
    if len(native_id) <= MAX_ID_CHARS:
        return native_id
    return f"sha256:{hashlib.sha256(native_id.encode('utf-8', 'surrogatepass')).hexdigest()}"


def _cut(text: str, limit: int) -> tuple[str, bool]:
    return (text, False) if len(text) <= limit else (text[:limit].rstrip(), True)


def _utc(at: datetime | None) -> datetime | None:
    if at is None:
        return None
    if at.tzinfo is None:
        raise Poison("date sans fuseau horaire", step="normalise")
    return at.astimezone(UTC)


def _safe_all(items: tuple[str, ...] | None) -> tuple[str, ...] | None:
    return None if items is None else tuple(safe_characters(item) for item in items)
