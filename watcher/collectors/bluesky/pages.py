"""One batch of frames → one page: the last word on each post, and nothing of what does not concern us. Pure."""

from collections.abc import Iterable, Sequence

from watcher.collectors.bluesky.events import (
    AccountGone,
    Event,
    PostDeleted,
    PostWritten,
    Unreadable,
    read_frame,
)
from watcher.collectors.bluesky.first_filter import FirstFilter
from watcher.collectors.bluesky.record import langs_of, post_of
from watcher.model import BrokenItem, Cursor, Deletion, Page, RawPost

_BROKEN_CHARS = 4_000
"""What is kept of a frame that cannot be read: enough to see why."""


def read_batch(frames: Sequence[str], listening: FirstFilter) -> tuple[list[Event], tuple[BrokenItem, ...]]:
    """Return the events of `frames`, and the frames that cannot be read though they speak of the territory.

    Raises `Unreachable` as `read_frame` does.
    """
    events: list[Event] = []
    broken: list[BrokenItem] = []
    for frame in frames:
        try:
            events.append(read_frame(frame))
        except Unreadable as error:
            # Strangers' words are no more kept broken than whole.
            if listening.lets_through([frame], [], []):
                broken.append(BrokenItem(frame[:_BROKEN_CHARS], str(error)))
    return events, tuple(broken)


def page_of(events: Iterable[Event], broken: tuple[BrokenItem, ...], cursor: Cursor, listening: FirstFilter) -> Page:
    """Return the page that `events` make in their order, with `cursor` behind it.

    A post that an edit makes foreign to the territory is deleted: what we hold of it is no longer what its author says.
    """
    posts: dict[str, RawPost] = {}
    deletions: dict[str, Deletion] = {}
    for event in events:
        match event.happened:
            case PostWritten(did=did, uri=uri, record=record, is_edit=is_edit) as written:
                post = post_of(did, uri, record, event.at, is_edit=is_edit)
                said = [post.text, *(post.links or ())]
                if post.text and listening.lets_through(said, post.hashtags or (), langs_of(record)):
                    posts[uri] = post
                    deletions.pop(uri, None)
                elif written.is_edit:
                    posts.pop(uri, None)
                    deletions[uri] = Deletion(native_id=uri)
            case PostDeleted(uri=uri):
                posts.pop(uri, None)
                deletions[uri] = Deletion(native_id=uri)
            case AccountGone(did=did):
                posts = {uri: post for uri, post in posts.items() if post.author != did}
                deletions[did] = Deletion(author=did)
            case None:
                pass
    is_unchanged = not (posts or deletions or broken)
    return Page(tuple(posts.values()), cursor, tuple(deletions.values()), broken, is_unchanged=is_unchanged)
