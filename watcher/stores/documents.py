"""A `Post` and its document in Elasticsearch: the same thing in two forms. Pure.

The fields are those of `templates/posts.json`, which is strict: a field that is here and not there is refused.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from watcher.model import Post, PostId, Reading

METRICS = frozenset({"comments", "dislikes", "likes", "quotes", "replies", "reposts", "saves", "shares", "views"})
"""The counters that a document may hold; collectors map their platform's words to these."""

_IDENTIFYING = frozenset({"author", "metrics"})


def to_document(post: Post) -> dict[str, Any]:
    """Return the document of `post`, without `stored_at`: the drain stamps that. What is empty is left out.

    A post off subject is kept so that a person can see what was set aside: without its author and its counters.
    """
    document = {
        "id": post.id,
        "platform": post.platform,
        "source": post.source,
        "url": post.url,
        "title": post.title,
        "text": post.text,
        "lang": post.platform_lang,
        "published_at": written(post.published_at),
        "edited_at": written(post.edited_at),
        "collected_at": written(post.collected_at),
        "author": post.author,
        "author_kind": post.author_kind,
        "is_own": post.is_own,
        "reply_to": post.reply_to,
        "conversation": post.conversation,
        "is_repost": post.is_repost,
        "story": post.story,
        "is_first": post.is_first,
        "metrics": dict(post.metrics),
        "is_truncated": post.is_truncated,
    }
    if post.reading is not None:
        document |= _of_reading(post.reading)
        if post.reading.relevance == "hors_sujet":
            document = {key: value for key, value in document.items() if key not in _IDENTIFYING}
    return {key: value for key, value in document.items() if value not in (None, "", [], {})}


def from_document(document: Mapping[str, Any]) -> Post:
    """Return the post that a document tells of. Its native id, and what only its reading needed, are not kept there."""
    has_reading = "relevance" in document
    return Post(
        id=PostId(document["id"]),
        platform=document["platform"],
        source=document["source"],
        native_id="",
        url=document.get("url"),
        title=document.get("title", ""),
        text=document.get("text", ""),
        platform_lang=None if has_reading else document.get("lang"),
        published_at=read(document.get("published_at")),
        edited_at=read(document.get("edited_at")),
        collected_at=datetime.fromisoformat(document["collected_at"]),
        author=document.get("author"),
        author_kind=document["author_kind"],
        is_own=document["is_own"],
        reply_to=document.get("reply_to"),
        conversation=document.get("conversation"),
        is_repost=document["is_repost"],
        hashtags=None,
        mentions=None,
        links=None,
        metrics=document.get("metrics", {}),
        is_truncated=document["is_truncated"],
        reading=_reading(document) if has_reading else None,
        story=document.get("story"),
        is_first=document.get("is_first"),
    )


def with_topics(document: Mapping[str, Any], topics: Sequence[str]) -> Mapping[str, Any]:
    """Return `document` about `topics` and no others."""
    rest = {key: value for key, value in document.items() if key != "topics"}
    return rest | {"topics": list(topics)} if topics else rest


def written(at: datetime | None) -> str | None:
    """Return a time as documents hold it: ISO 8601, UTC, to the millisecond."""
    return None if at is None else at.astimezone(UTC).isoformat(timespec="milliseconds")


def read(text: str | None) -> datetime | None:
    """Return the time that a document holds as `text`."""
    return None if text is None else datetime.fromisoformat(text)


def _of_reading(reading: Reading) -> dict[str, Any]:
    return {
        "lang": reading.lang,
        "relevance": reading.relevance,
        "topics": list(reading.topics),
        "intent": reading.intent,
        "to_answer": reading.to_answer,
        "hashtags": list(reading.hashtags),
        "hashtags_raw": list(reading.hashtags_raw),
        "mentions": list(reading.mentions),
        "domains": list(reading.domains),
        "departements": list(reading.departements),
        "communes": list(reading.communes),
    }


def _reading(document: Mapping[str, Any]) -> Reading:
    def words(key: str) -> tuple[str, ...]:
        values: Sequence[str] = document.get(key, ())
        return tuple(values)

    return Reading(
        lang=document.get("lang", ""),
        relevance=document["relevance"],
        topics=words("topics"),
        intent=document["intent"],
        to_answer=document["to_answer"],
        hashtags=words("hashtags"),
        hashtags_raw=words("hashtags_raw"),
        mentions=words("mentions"),
        domains=words("domains"),
        departements=words("departements"),
        communes=words("communes"),
    )
