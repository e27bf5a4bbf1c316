"""What an address answered: a feed of one format or another, or something to name to the team."""

import html
import re

from watcher.collectors.rss.encoding import decode
from watcher.collectors.rss.feed import Feed
from watcher.collectors.rss.jsonfeed import read_jsonfeed
from watcher.collectors.rss.syndication import read_syndication
from watcher.errors import AuthRefused, Malformed

_PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]*>([^<]{1,200})", re.IGNORECASE)
_PASSWORD = re.compile(r"<input\b[^>]{0,500}\btype\s*=\s*[\"']?password", re.IGNORECASE)

_HEAD_CHARS = 2_000
"""A page says that it is one in its first lines; further down the word may be an article's."""


def read_document(body: bytes, content_type: str) -> Feed:
    """Return the feed in `body`, with every item that can be read even when the document is broken.

    Raises `AuthRefused` for a login page, `Malformed` for anything else that is no feed. A feed without items is one.
    """
    text = decode(body, content_type)
    if not text:
        raise Malformed("L'adresse répond par une page vide.")
    if text.startswith(("{", "[")):
        return read_jsonfeed(text)
    feed = read_syndication(text)
    is_page = bool(_PAGE.search(text[:_HEAD_CHARS]))
    if feed and (feed.items or not is_page):
        return feed
    if not is_page:
        raise Malformed("L'adresse répond par un document qui n'est pas un flux : vérifiez l'adresse.")
    raise _refused(text)


def _refused(page: str) -> AuthRefused | Malformed:
    """Return what to say of a web page that came in place of the feed, often with status 200."""
    found = _TITLE.search(page)
    title = " ".join(html.unescape(found[1]).split())[:80] if found else ""
    named = f" intitulée « {title} »" if title else ""
    if _PASSWORD.search(page):
        return AuthRefused(f"L'adresse répond par une page de connexion{named} : le flux n'est plus public.")
    return Malformed(f"L'adresse répond par une page web{named} au lieu d'un flux : vérifiez l'adresse.")
