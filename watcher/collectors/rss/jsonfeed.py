"""JSON Feed 1.0 and 1.1 (https://jsonfeed.org/version/1.1), as loosely as it is found in the wild."""

import html
import json
import re
from typing import Any

from watcher.collectors.rss.dates import read_date
from watcher.collectors.rss.feed import Feed, Item
from watcher.errors import Malformed
from watcher.model import BrokenItem

_VERSION = re.compile(r"https?://(www\.)?jsonfeed\.org/version/1(\.\d)?/?")


def read_jsonfeed(text: str) -> Feed:
    """Return the feed that the JSON `text` is. A field of a wrong type counts as absent.

    Raises `Malformed` when it is not JSON, or JSON of another kind.
    """
    document = _parsed(text)
    items = document.get("items") if isinstance(document, dict) else None
    if (
        not isinstance(document, dict)
        or not isinstance(items, list)
        or not _VERSION.fullmatch(_text(document, "version"))
    ):
        raise Malformed("L'adresse répond par du JSON qui n'est pas un JSON Feed : vérifiez l'adresse du flux.")
    lang = _text(document, "language")
    return Feed(
        title=_text(document, "title"),
        home=_text(document, "home_page_url"),
        items=tuple(_item(item, lang) for item in items),
    )


def _parsed(text: str) -> Any:
    def refuse(constant: str) -> None:
        raise ValueError(constant)

    try:
        # Numbers stay as they are written: ids are compared, never counted, and 1e999 is no float.
        return json.loads(text, parse_int=str, parse_float=str, parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise Malformed("L'adresse répond par du JSON abîmé ou coupé.") from error


def _item(item: Any, feed_lang: str) -> Item | BrokenItem:
    if not isinstance(item, dict):
        return BrokenItem(payload=json.dumps(item), reason="élément qui n'est pas un objet JSON")
    plain = _text(item, "summary") or _text(item, "content_text")
    published_at, updated_at = read_date(_text(item, "date_published")), read_date(_text(item, "date_modified"))
    return Item(
        guid=_text(item, "id"),
        link=_text(item, "url"),
        title=html.escape(_text(item, "title"), quote=False),
        summary=html.escape(plain, quote=False) if plain else _text(item, "content_html"),
        published_at=published_at or updated_at,
        edited_at=updated_at if published_at and updated_at != published_at else None,
        lang=_text(item, "language") or feed_lang or None,
    )


def _text(values: dict[str, Any], key: str) -> str:
    value = values.get(key)
    return value.strip() if isinstance(value, str) else ""
