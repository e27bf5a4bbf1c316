"""Posts and replies as Threads gives them → raw posts. Pure."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from watcher.meta_graph.values import id_of, time_of, words_of
from watcher.model import BrokenItem, RawPost
from watcher.wire import mapping_of

FIELDS = (
    "id,text,username,permalink,shortcode,timestamp,media_type,is_reply,has_replies,root_post,replied_to,alt_text,"
    "link_attachment_url,topic_tag,text_attachment"
)

_NAMES_NOBODY = frozenset({"id", "timestamp", "media_type", "shortcode", "is_reply", "has_replies", "is_quote_post"})
"""What is kept of an item that cannot be read; the others are told by their kind."""

_REPOST = "REPOST_FACADE"
_SHORTCODE = re.compile(r"/(?:post|t)/([\w-]+)")


def posts_of(items: Iterable[object], own_name: str) -> tuple[tuple[RawPost, ...], tuple[BrokenItem, ...]]:
    """Return the posts among `items`, those of `own_name` being ours, and the items that cannot be read.

    What has no words (an image alone, a mere repost) is left aside.
    """
    posts: list[RawPost] = []
    broken: list[BrokenItem] = []
    for item in items:
        try:
            post = _post(mapping_of(item), own_name)
        except ValueError as error:
            broken.append(BrokenItem(_nameless(item), str(error)))
        else:
            posts += [post] if post.text else []
    return tuple(posts), tuple(broken)


def author_of(item: object) -> str | None:
    """Return the name of who wrote, None where Threads gives none: it never gives a number."""
    return id_of(mapping_of(item).get("username"))


def with_replies(items: Iterable[object], now: datetime) -> dict[str, datetime]:
    """Return those of our posts that have replies, or may have, with when they were written (`now` where unknown)."""
    posts = [item for item in map(mapping_of, items) if item.get("has_replies") is not False]
    own = [item for item in posts if item.get("media_type") != _REPOST]
    return {number: time_of(item.get("timestamp")) or now for item in own if (number := id_of(item.get("id")))}


def _post(item: Mapping[str, Any], own_name: str) -> RawPost:
    native_id, author = id_of(item.get("id")), author_of(item)
    if native_id is None:
        raise ValueError("sans identifiant")
    text = words_of(item.get("text"))
    return RawPost(
        native_id=native_id,
        text="\n\n".join([part for part in (text, *_beside(item, text)) if part.strip()]).strip(),
        url=_address(item, author),
        published_at=time_of(item.get("timestamp")),
        author=author,
        author_kind="institution" if author == own_name else "unknown",
        is_own=author == own_name,
        reply_to=_id_in(item.get("replied_to")),
        conversation=_id_in(item.get("root_post")),
        is_repost=item.get("media_type") == _REPOST,
    )


def _beside(item: Mapping[str, Any], text: str) -> Iterator[str]:
    """Yield what a post says beside its text: a longer one, its topic, what its image shows, where it leads."""
    yield words_of(mapping_of(item.get("text_attachment")).get("plaintext"))
    if (topic := words_of(item.get("topic_tag")).strip()) and topic.casefold() not in text.casefold():
        yield f"#{topic}" if re.fullmatch(r"\w+", topic) else f"Sujet : {topic}"
    if alt := words_of(item.get("alt_text")).strip():
        yield f"Image : {alt}"
    if (link := words_of(item.get("link_attachment_url"))) not in text:
        yield link


def _address(item: Mapping[str, Any], author: str | None) -> str | None:
    """Return one address for a post, which Threads writes under two names of its site."""
    given = item.get("permalink") if isinstance(item.get("permalink"), str) else ""
    found = _SHORTCODE.search(str(given))
    code = id_of(item.get("shortcode")) or (found[1] if found else None)
    if code and author:
        return f"https://www.threads.com/@{author}/post/{code}"
    return str(given) if str(given).startswith("https://") else None


def _id_in(reference: object) -> str | None:
    return id_of(mapping_of(reference).get("id")) or id_of(reference)


def _nameless(item: object) -> str:
    shown = {key: value if key in _NAMES_NOBODY else type(value).__name__ for key, value in mapping_of(item).items()}
    return json.dumps(shown, ensure_ascii=False)
