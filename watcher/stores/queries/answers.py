"""Which posts an account of ours has answered: directly, or further down in the conversation with who wrote them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from watcher.model import Post, PostId
from watcher.stores.documents import read, written
from watcher.stores.queries.asking import Asking
from watcher.stores.queries.clauses import Clause, all_of, newest

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
        replies = await self._replies(posts)
        known = {post.id: post.author for post in posts if post.author}
        shared = {post.conversation or post.id for post in posts}
        others = {reply.to for reply in replies if reply.conversation in shared} - {post.id for post in posts}
        authors = known | await self._authors(others)
        found = {post.id: answered_at(post, replies, authors) for post in posts}
        return {post_id: at for post_id, at in found.items() if at}

    async def _replies(self, posts: Sequence[Post]) -> list[Reply]:
        """Return our replies right below `posts`, and those in their conversations."""
        begun = [post.published_at for post in posts if post.published_at]
        # Nobody is answered before speaking: the months before are then not searched.
        since: list[Clause] = []
        if len(begun) == len(posts):
            since.append({"range": {"published_at": {"gte": written(min(begun))}}})
        below = {"terms": {"reply_to": [post.id for post in posts]}}
        beside = {"terms": {"conversation": list({post.conversation or post.id for post in posts})}}
        answer = await self._search(
            size=_MOST,
            track_total_hits=False,
            query=all_of(
                {"term": {"is_own": True}},
                {"exists": {"field": "reply_to"}},
                {"bool": {"should": [below, beside], "minimum_should_match": 1}},
                *since,
            ),
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
