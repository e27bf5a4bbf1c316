"""A feed in its own words → raw posts. Pure."""

import html
from dataclasses import replace
from urllib.parse import urljoin

from watcher.collectors.rss.feed import Feed, Item
from watcher.collectors.rss.identity import is_address, native_ids, without_tracking
from watcher.model import BrokenItem, RawPost
from watcher.normalise import plain_text

EXCERPT_CHARS = 1_000
"""What is kept of an article: press publishers' rights (art. L. 218-1 CPI) leave us headline and summary, and many
feeds carry the whole text under either name."""

_MARKUP_PER_CHAR = 20
"""HTML is looked at up to this many times the excerpt: no page needs more, and the time stays bounded."""


def posts_of(feed: Feed, feed_address: str, final_url: str) -> tuple[tuple[RawPost, ...], tuple[BrokenItem, ...]]:
    """Return the posts of a feed read at `final_url`, and its items that cannot be one.

    `feed_address` is the configured one: identities hold when the server moves. The author is the publication, the
    voice that trends count; who signed an article is not kept.
    """
    items = [_resolved(item, final_url) for item in feed.items if isinstance(item, Item)]
    broken = [item for item in feed.items if isinstance(item, BrokenItem)]
    posts = []
    for item, native_id in zip(items, native_ids(items, feed_address, feed.home), strict=True):
        if native_id:
            posts.append(_post(item, native_id, feed))
        else:
            broken.append(BrokenItem(payload=repr(item), reason="ni identifiant, ni lien, ni texte"))
    return tuple(posts), tuple(broken)


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
