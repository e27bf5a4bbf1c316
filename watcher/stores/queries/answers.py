"""Which posts an account of ours has answered: directly, or further down in the conversation with who wrote them."""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from watcher.model import Post, PostId
from watcher.stores.documents import read
from watcher.stores.queries.asking import Asking
from watcher.stores.queries.clauses import all_of, newest

_MOST = 2_000  # answers of ours that are looked at for one page
_FIELDS = ["id", "reply_to", "conversation", "published_at", "collected_at"]


@dataclass(frozen=True, slots=True)
class Reply:
    """A post of our own account, said at `at`, below `to`, in a conversation that is named after its first post."""

    at: datetime
    to: PostId
    conversation: PostId | None = None


def answered_at(post: Post, replies: Iterable[Reply], authors: Mapping[PostId, str]) -> datetime | None:
    """Return when the first of `replies` answered `post`, None when none did.

    One answers it that stands right below it, below another post of its author in the same conversation, or anywhere
    in a conversation that it began. `authors` are those of the posts that were replied to, where they are known.
    """
    said = post.published_at or post.collected_at
    return min((reply.at for reply in replies if _answers(reply, post, said, authors)), default=None)


def _answers(reply: Reply, post: Post, said: datetime, authors: Mapping[PostId, str]) -> bool:
    if reply.to == post.id:
        return True
    if reply.at < said:
        return False
    if reply.conversation == post.id:
        return True
    is_shared = reply.conversation is not None and reply.conversation == post.conversation
    return is_shared and post.author is not None and authors.get(reply.to) == post.author


class Answering(Asking):
    """Questions that tell of each post whether we answered it. Raises what `Asking` says."""

    async def answers(self, posts: Sequence[Post]) -> Mapping[PostId, datetime]:
        """Return when an account of ours first answered those of `posts` that it answered."""
        ids = [post.id for post in posts]
        conversations = {post.conversation or post.id for post in posts}
        below, within = await asyncio.gather(
            self._replies("reply_to", ids), self._replies("conversation", conversations)
        )
        replies = [*below, *within]
        known = {post.id: post.author for post in posts if post.author}
        authors = known | await self._authors({reply.to for reply in within} - {*ids})
        found = {post.id: answered_at(post, replies, authors) for post in posts}
        return {post_id: at for post_id, at in found.items() if at}

    async def _replies(self, field: str, ids: Collection[str]) -> list[Reply]:
        answer = await self._search(
            size=_MOST,
            track_total_hits=False,
            query=all_of({"term": {"is_own": True}}, {"exists": {"field": "reply_to"}}, {"terms": {field: list(ids)}}),
            sort=newest("published_at"),
            source=_FIELDS,
        )
        told = [hit["_source"] for hit in answer["hits"]["hits"]]
        return [
            Reply(at, PostId(each["reply_to"]), each.get("conversation"))
            for each in told
            if (at := read(each.get("published_at") or each["collected_at"]))
        ]

    async def _authors(self, ids: Collection[PostId]) -> dict[PostId, str]:
        if not ids:
            return {}
        answer = await self._search(
            size=len(ids),
            track_total_hits=False,
            query=all_of({"terms": {"id": list(ids)}}, {"exists": {"field": "author"}}),
            source=["id", "author"],
        )
        return {PostId(hit["_source"]["id"]): hit["_source"]["author"] for hit in answer["hits"]["hits"]}
