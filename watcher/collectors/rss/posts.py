"""A feed in its own words → raw posts. Pure."""

import html
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urljoin

from watcher.collectors.rss.feed import Feed, Item
from watcher.collectors.rss.identity import is_address, native_ids, recognised, remembered, without_tracking
from watcher.model import BrokenItem, RawPost
from watcher.normalise import plain_text

EXCERPT_CHARS = 1_000
"""What is kept of an article: press publishers' rights (art. L. 218-1 CPI) leave us headline and summary, and many
feeds carry the whole text under either name."""

_MARKUP_PER_CHAR = 20
"""HTML is looked at up to this many times the excerpt: no page needs more, and the time stays bounded."""


@dataclass(frozen=True, slots=True)
class Window:
    """What a feed holds now: its posts, its items that cannot be one, and what tells the posts again next time."""

    posts: tuple[RawPost, ...]
    broken: tuple[BrokenItem, ...]
    marks: Mapping[str, str]


def window_of(feed: Feed, feed_address: str, final_url: str, known: Mapping[str, str]) -> Window:
    """Return the window of a feed read at `final_url`; `known` are the marks of the window before.

    `feed_address` is the configured one: identities hold when the server moves. The author is the publication, the
    voice that trends count; who signed an article is not kept.
    """
    items = [_resolved(item, final_url) for item in feed.items if isinstance(item, Item)]
    broken = [item for item in feed.items if isinstance(item, BrokenItem)]
    posts = []
    ids = recognised(items, native_ids(items, feed_address, feed.home), known)
    for item, native_id in zip(items, ids, strict=True):
        if native_id:
            posts.append(_post(item, native_id, feed))
        else:
            broken.append(BrokenItem(payload=repr(item), reason="ni identifiant, ni lien, ni texte"))
    return Window(tuple(posts), tuple(broken), remembered(items, ids))


def excerpt(markup: str, limit: int = EXCERPT_CHARS) -> str:
    """Return HTML that shows at most `limit` characters of `markup`, cut between words."""
    if len(markup) <= limit:
        return markup
    text = plain_text(markup[: limit * _MARKUP_PER_CHAR], "html")
    if len(text) > limit:
        text = text[:limit].rsplit(None, 1)[0] + " …"
    return html.escape(text, quote=False)


def _post(item: Item, native_id: str, feed: Feed) -> RawPost:
    title, text = excerpt(item.title), excerpt(item.summary)
    if not title and not text:
        title = html.escape(item.link or item.guid, quote=False)
    return RawPost(
        native_id=native_id,
        title=title,
        text=text,
        url=without_tracking(item.link) if is_address(item.link) else None,
        markup="html",
        published_at=item.published_at,
        edited_at=item.edited_at,
        author=feed.title or None,
        lang=item.lang,
    )


def _resolved(item: Item, final_url: str) -> Item:
    try:
        return replace(item, link=urljoin(final_url, item.link) if item.link else "")
    except ValueError:
        return replace(item, link="")
