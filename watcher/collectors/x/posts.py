"""Posts as X writes them → raw posts. Pure.

X changed the names of its fields on 7 August 2026 and its own pages use both: each is read under its new name, else
its old one. What is missing, null or of another kind is left out; only a post without id or text cannot be one.
"""

import html
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from watcher.collectors.x.api import Found
from watcher.collectors.x.snowflake import time_of
from watcher.model import BrokenItem, RawPost
from watcher.wire import count_of, mapping_of

_NAMES_NOBODY = ("id", "created_at", "lang", "conversation_id", "text")
"""What is kept of an item that cannot be read: who is named in its text is hidden later."""

_METRICS = {
    "like_count": "likes",
    "reply_count": "replies",
    "retweet_count": "reposts",
    "repost_count": "reposts",
    "quote_count": "quotes",
    "bookmark_count": "saves",
    "impression_count": "views",
}

_MOST_DIGITS = 19
"""Ids are of 64 bits."""

_NO_LANGUAGE = frozenset({"und", "zxx", "art", "qam", "qct", "qht", "qme", "qst"})
"""X's words for: unknown, no words, mentions only, hashtags only, media only…"""


def posts_of(found: Found, own_id: str | None) -> tuple[tuple[RawPost, ...], tuple[BrokenItem, ...]]:
    """Return the posts of a page, the last version of each, and its items that cannot be one.

    A post keeps the id of its first version for ever: an edit gives it another.
    """
    known = {number: item for item in (*found.referenced, *found.items) if (number := id_of(item))}
    first = {version: versions[0] for item in known.values() for versions in [_versions(item)] for version in versions}
    posts: dict[str, RawPost] = {}
    broken: list[BrokenItem] = []
    for item in sorted(found.items, key=lambda item: int(id_of(item) or 0), reverse=True):
        if (post := _post(item, known, first, own_id)) is None:
            broken.append(_broken(item))
        else:
            posts.setdefault(post.native_id, post)
    return tuple(posts.values()), tuple(broken)


def id_of(item: object) -> str | None:
    """Return the id of an item, None where it bears none."""
    number = str(item.get("id", "")) if isinstance(item, dict) else ""
    return number if number.isdecimal() and number.isascii() and len(number) <= _MOST_DIGITS else None


def _post(
    item: Any, known: Mapping[str, Mapping[str, Any]], first: Mapping[str, str], own_id: str | None
) -> RawPost | None:
    number = id_of(item)
    if number is None:
        return None
    references = dict(_references(item))
    # A repost quotes the beginning of its original alone.
    said = known.get(references.get("retweeted", ""), item)
    text, entities = _words(said)
    if not text:
        return None
    author = _text(item.get("author_id")) or None
    conversation, native_id = _text(item.get("conversation_id")), first.get(number, number)
    answered = references.get("replied_to")
    return RawPost(
        native_id=native_id,
        text=text,
        url=f"https://x.com/i/status/{number}",
        published_at=time_of(int(native_id)) if native_id != number else _time(item) or time_of(int(number)),
        edited_at=time_of(int(number)) if native_id != number else None,
        author=author,
        is_own=author is not None and author == own_id,
        lang=None if (lang := _text(item.get("lang"))) in _NO_LANGUAGE else lang or None,
        hashtags=_named(entities, "hashtags", "tag"),
        mentions=_named(entities, "mentions", "username"),
        links=None if entities is None else tuple(dict.fromkeys(target for _, target in _links(entities) if target)),
        reply_to=first.get(answered, answered) if answered else None,
        conversation=first.get(conversation, conversation) or None,
        is_repost="retweeted" in references,
        metrics=dict(_counted(item)),
    )


def _versions(item: Mapping[str, Any]) -> list[str]:
    """Return the ids that a post has had, the oldest first."""
    history = _either(item, "edit_history_post_ids", "edit_history_tweet_ids")
    versions = {*([str(version) for version in history] if isinstance(history, list) else ()), str(item["id"])}
    return sorted((version for version in versions if version.isdecimal() and version.isascii()), key=int)


def _words(item: Mapping[str, Any]) -> tuple[str, Mapping[str, Any] | None]:
    """Return the whole text with the addresses that it leads to, and its entities, None where they were not given.

    Beyond 280 signs both stand in the note. X writes `&`, `<` and `>` as in HTML, and addresses as t.co.
    """
    note = mapping_of(_either(item, "note_post", "note_tweet"))
    whole = _text(note.get("text"))
    entities = _either(note, "entities") if whole else item.get("entities")
    text = html.unescape(whole or _text(item.get("text")))
    given = entities if isinstance(entities, dict) else None
    for short, target in _links(given or {}):
        text = text.replace(short, target or "")
    return text.strip(), given


def _links(entities: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
    """Yield each short address with where it leads, None where that is an image of the post itself."""
    for url in map(mapping_of, _list(entities.get("urls"))):
        short, target = _text(url.get("url")), _text(url.get("unwound_url")) or _text(url.get("expanded_url"))
        is_image = "media_key" in url or _text(url.get("display_url")).startswith(("pic.x.com/", "pic.twitter.com/"))
        if short and (target or is_image):
            yield short, None if is_image else target


def _named(entities: Mapping[str, Any] | None, kind: str, key: str) -> tuple[str, ...] | None:
    if entities is None:
        return None
    names = (_text(mapping_of(entity).get(key)) for entity in _list(entities.get(kind)))
    return tuple(dict.fromkeys(name for name in names if name))


def _references(item: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for reference in map(mapping_of, _list(_either(item, "referenced_posts", "referenced_tweets"))):
        if (kind := _text(reference.get("type"))) and (number := id_of(reference)):
            yield kind, number


def _counted(item: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    counts = mapping_of(item.get("public_metrics"))
    for key, name in _METRICS.items():
        if (count := count_of(counts.get(key))) is not None:
            yield name, count


def _time(item: Mapping[str, Any]) -> datetime | None:
    try:
        at = datetime.fromisoformat(_text(item.get("created_at")))
    except ValueError:
        return None
    return at if at.tzinfo else None


def _broken(item: object) -> BrokenItem:
    kept = {key: item[key] for key in _NAMES_NOBODY if key in item} if isinstance(item, dict) else {}
    reason = "sans texte" if id_of(item) else "sans identifiant"
    return BrokenItem(json.dumps(kept, ensure_ascii=False), f"illisible : {reason}")


def _either(item: Mapping[str, Any], *names: str) -> Any:
    return next((item[name] for name in names if item.get(name) is not None), None)


def _text(value: object) -> str:
    return value if isinstance(value, str) else str(value) if isinstance(value, int) else ""


def _list(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else ()
