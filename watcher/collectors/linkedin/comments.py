"""Comments under our posts, and their replies: asked for where their number says that something is new."""

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from datetime import datetime

from watcher.collectors.linkedin.api import BATCH, Api, escaped
from watcher.collectors.linkedin.memory import FollowedPost, Thread
from watcher.collectors.linkedin.posts import Answered, Read, comments_of
from watcher.collectors.linkedin.wire import Metadata, read
from watcher.model import BrokenItem, GapCause, Unheard

MOST_PAGES = 20
"""2,000 comments under one post, or under one comment."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A page of comments; `thread` is what is known of its post behind it, None where that did not change."""

    read: Read
    thread: Thread | None = None
    unheard: tuple[Unheard, ...] = ()


async def metadata_of(api: Api, posts: Collection[str]) -> dict[str, Metadata]:
    """Return what is counted under each of `posts`, fifty a call."""
    listed, known = list(posts), dict[str, Metadata]()
    for start in range(0, len(listed), BATCH):
        batch = await api.several("socialMetadata", listed[start : start + BATCH])
        forms = {post: read(Metadata, found) for post, found in batch.results.items()}
        known |= {post: form for post, form in forms.items() if not isinstance(form, BrokenItem)}
    return known


async def under(api: Api, post: FollowedPost, known: Thread | None, own: str, now: datetime) -> AsyncIterator[Heard]:
    """Yield the comments under `post`, and the replies under those that have more than when it was `known`.

    Comments that LinkedIn counts and does not show are told. Raises what `api` raises.
    """
    read_replies = dict(known.replies) if known else {}
    shown, answered, is_clipped = 0, list[Answered](), False
    async for page, some, is_cut in _pages(api, post.name, post.name, own):
        shown += len(page.posts) + len(page.broken)
        answered += some
        is_clipped |= is_cut
        yield Heard(page)
    for comment in answered:
        shown += comment.replies
        if read_replies.get(comment.name) == comment.replies:
            continue
        async for page, _, is_cut in _pages(api, comment.name, post.name, own):
            is_clipped |= is_cut
            yield Heard(page)
        read_replies[comment.name] = comment.replies
        yield Heard(Read(), Thread(read_at=now, replies=dict(read_replies), is_whole=False))
    replies = {comment.name: comment.replies for comment in answered}
    thread = Thread(read_at=now, count=post.comments, replies=replies)
    yield Heard(Read(), thread, _lost(shown, post.comments, now, is_clipped=is_clipped))


async def _pages(api: Api, name: str, post: str, own: str) -> AsyncIterator[tuple[Read, tuple[Answered, ...], bool]]:
    """Yield the pages of comments that answer `name`, each with whether more are left than may be asked for."""
    start = 0
    for number in range(1, MOST_PAGES + 1):
        listing = await api.page(f"socialActions/{escaped(name)}/comments", start)
        start += len(listing.elements)
        page, answered = comments_of(listing.elements, own, post)
        yield page, answered, listing.has_more and number == MOST_PAGES
        if not listing.has_more:
            return


def _lost(shown: int, count: int | None, now: datetime, *, is_clipped: bool) -> tuple[Unheard, ...]:
    if is_clipped:
        return (Unheard(now, GapCause.CLIPPED, posts=count - shown if count and count > shown else None),)
    return (Unheard(now, GapCause.CLOSED, posts=count),) if count and not shown else ()
