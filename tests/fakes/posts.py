"""Posts as a test needs them: everything has a default, the test names what matters to it."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from tests.fakes.clock import NOON
from watcher.model import Post, Reading
from watcher.normalise import post_id

READING = Reading(
    lang="fr",
    relevance="territoire",
    topics=(),
    intent="information",
    to_answer=False,
    hashtags=(),
    hashtags_raw=(),
    mentions=(),
    domains=(),
    departements=(),
    communes=(),
)

POST = Post(
    id=post_id("rss", "0"),
    platform="rss",
    source="gazette",
    native_id="0",
    url="https://gazette.example.org/0",
    title="",
    text="Le marché de Lunel change de place.",
    platform_lang="fr",
    published_at=NOON,
    edited_at=None,
    collected_at=NOON,
    author=None,
    author_kind="media",
    is_own=False,
    reply_to=None,
    conversation=None,
    is_repost=False,
    hashtags=None,
    mentions=None,
    links=None,
    metrics={},
    is_truncated=False,
    reading=READING,
)


def written(native_id: str, published_at: datetime | None = NOON, **reading: object) -> Post:
    """Return a post of this name and date, read as told."""
    return replace(
        POST,
        id=post_id("rss", native_id),
        native_id=native_id,
        published_at=published_at,
        reading=replace(READING, **reading),
    )


def a_post(native_id: str, **changes: Any) -> Post:
    """Return a post of this name; `changes` are fields of `Post`."""
    platform = changes.get("platform", POST.platform)
    return replace(POST, id=post_id(platform, native_id), native_id=native_id, **changes)
