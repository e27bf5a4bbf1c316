"""RSS 0.9x to 2.0, RSS 1.0 (RDF) and Atom, well formed or not, through feedparser."""

import html
import io
import re
from datetime import datetime
from html.entities import html5
from typing import Any

import feedparser

from watcher.collectors.rss.dates import read_date
from watcher.collectors.rss.feed import Feed, Item
from watcher.errors import Malformed

_PROLOG = re.compile(r"(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*", re.IGNORECASE)
_REFERENCE = re.compile(r"&(#[xX][0-9a-fA-F]{1,8};?|#[0-9]{1,10};?|[a-zA-Z][a-zA-Z0-9]{1,31};)")
_PERIODS_S = {"hourly": 3600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
_PARSER_FAULTS = (ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What feedparser 6 was seen to raise on hostile bytes, or its code can: it has no error of its own for them."""


def read_syndication(text: str) -> Feed | None:
    """Return the feed that `text` is, with every item that can be read, or None when it is none.

    Raises `Malformed` for a DTD with declarations (the way in of entity bombs), or when feedparser gives up.
    """
    document = _with_plain_references(_without_dtd(text))
    source = io.BytesIO(b'<?xml version="1.0" encoding="utf-8"?>\n' + document.encode("utf-8", "replace"))
    try:
        # Neither sanitised nor resolved: `normalise` keeps text only, and these passes take quadratic time.
        parsed = feedparser.parse(source, sanitize_html=False, resolve_relative_uris=False)
    except _PARSER_FAULTS as error:
        raise Malformed("Le flux est trop abîmé pour être lu.") from error
    if not parsed["entries"] and not parsed["version"]:
        return None
    channel = parsed["feed"]
    lang = _text(channel, "language")
    return Feed(
        title=html.unescape(_text(channel, "title")),
        home=_text(channel, "link"),
        items=tuple(_item(entry, lang) for entry in parsed["entries"]),
        poll_after_s=_poll_after_s(channel),
        is_whole=not parsed["bozo"],
    )


def _without_dtd(text: str) -> str:
    """Drop harmless document types (RSS 0.91 had one by rule); refuse those that declare anything."""
    while True:
        start = _PROLOG.match(text).end()  # type: ignore[union-attr]  # it matches the empty string too
        found = _DOCTYPE.match(text, start)
        if not found:
            return re.sub(r"^<\?xml[^>]*>", "", text)
        if text[found.end() : found.end() + 1] == "[":
            raise Malformed("Le flux déclare des entités XML, ce qu'aucun flux sain ne fait : il n'est pas lu.")
        text = text[:start] + text[found.end() + 1 :]


def _with_plain_references(text: str) -> str:
    """Put the characters that browsers show in the place of references, but those that are markup.

    XML knows five names, feeds use all of HTML's; and feedparser dies of numbers that stand for no character.
    """

    def character(found: re.Match[str]) -> str:
        shown = html5.get(found[1]) or html.unescape(found[0])
        is_markup = any(sign in "<>&\"'" for sign in shown)
        return found[0] if is_markup else shown or "\ufffd"

    return _REFERENCE.sub(character, text)


def _item(entry: dict[str, Any], feed_lang: str) -> Item:
    published_at, updated_at = _date(entry, "published"), _date(entry, "updated")
    title_detail = dict.get(entry, "title_detail") or {}
    return Item(
        guid=_text(entry, "id"),
        link=_text(entry, "feedburner_origlink") or _text(entry, "link"),
        title=_html(_text(entry, "title"), title_detail),
        summary=_summary(entry),
        published_at=published_at or updated_at,
        edited_at=updated_at if published_at and updated_at != published_at else None,
        lang=_text(entry, "language") or title_detail.get("language") or feed_lang or None,
    )


def _summary(entry: dict[str, Any]) -> str:
    """Return what the publisher offers as a summary; the content only in its absence."""
    summary = _text(entry, "summary")
    if summary:
        return _html(summary, dict.get(entry, "summary_detail") or {})
    contents = dict.get(entry, "content") or []
    return next((_html(content["value"], content) for content in contents if content.get("value")), "")


def _html(text: str, detail: dict[str, Any]) -> str:
    return html.escape(text, quote=False) if detail.get("type") == "text/plain" else text


def _date(entry: dict[str, Any], key: str) -> datetime | None:
    return read_date(_text(entry, key), dict.get(entry, f"{key}_parsed"))


def _text(values: dict[str, Any], key: str) -> str:
    """Return the text under `key`, "" for none. Past feedparser's own look-up, which maps and warns."""
    value = dict.get(values, key)
    return value.strip() if isinstance(value, str) else ""


def _poll_after_s(channel: dict[str, Any]) -> float | None:
    """Return the longer of `<ttl>` (minutes) and `sy:updatePeriod / sy:updateFrequency`, None without either."""
    ttl, frequency = _text(channel, "ttl"), _text(channel, "sy_updatefrequency")
    period_s = _PERIODS_S.get(_text(channel, "sy_updateperiod"))
    asked = []
    if ttl.isdecimal():
        asked.append(int(ttl[:6]) * 60.0)
    if period_s:
        asked.append(period_s / max(1, int(frequency[:6])) if frequency.isdecimal() else float(period_s))
    return max(asked, default=None)
