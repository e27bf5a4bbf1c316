"""Posts and comments as LinkedIn writes them → raw posts. Pure.

One post has several names there (share, ugcPost, activity). A comment answers the post under the name by which it was
asked for, which is that of the post itself, or the comment above it; its conversation is the post.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from watcher.collectors.linkedin.little_text import handle, named, shown
from watcher.collectors.linkedin.wire import (
    Metadata,
    WrittenComment,
    WrittenPost,
    nameless,
    read,
)
from watcher.model import AuthorKind, BrokenItem, RawPost
from watcher.wire import mapping_of

_FOR_ALL = frozenset({"PUBLIC", "LOGGED_IN", ""})
_OUT = frozenset({"PUBLISHED", ""})

_EDIT = timedelta(seconds=1)
"""What is published is touched once more in the same second."""


@dataclass(frozen=True, slots=True)
class Read:
    """What a page gave: posts, and items that cannot be one."""

    posts: tuple[RawPost, ...] = ()
    broken: tuple[BrokenItem, ...] = ()


@dataclass(frozen=True, slots=True)
class Answered:
    """A comment that has `replies`, by its name."""

    name: str
    replies: int


def posts_of(elements: Sequence[object], own: str) -> Read:
    """Return the posts of a page, `own` being our Page. Left aside: drafts, what is not for all, what has no word."""
    written = [read(WrittenPost, element) for element in elements]
    made = (_post(post, own) for post in written if isinstance(post, WrittenPost))
    return Read(tuple(post for post in made if post), tuple(item for item in written if isinstance(item, BrokenItem)))


def comments_of(elements: Sequence[object], own: str, post: str) -> tuple[Read, tuple[Answered, ...]]:
    """Return the comments of a page under `post`, and those of them that were answered."""
    posts, broken, answered = list[RawPost](), list[BrokenItem](), list[Answered]()
    for element in elements:
        comment = read(WrittenComment, element)
        if isinstance(comment, BrokenItem):
            broken.append(comment)
        elif not comment.name:
            broken.append(BrokenItem(nameless(element), "illisible : sans identifiant"))
        else:
            made = _comment(comment, own, post)
            posts += [made] if made.text.strip() else []
            answered += [Answered(comment.name, comment.replies)] if comment.replies else []
    return Read(tuple(posts), tuple(broken)), tuple(answered)


def counted(read: Read, metadata: Mapping[str, Metadata]) -> Read:
    """Return `read` with what is counted under each of its posts."""

    def with_counts(post: RawPost) -> RawPost:
        known = metadata.get(post.native_id)
        if known is None:
            return post
        comments = known.comment_summary.count
        counts = {"likes": known.reactions} | ({"comments": comments} if comments is not None else {})
        return replace(post, metrics=counts)

    return Read(tuple(map(with_counts, read.posts)), read.broken)


def _post(post: WrittenPost, own: str) -> RawPost | None:
    said = shown(post.commentary)
    text = "\n\n".join([said.text, *_captions(post.content)]).strip()
    if not text or post.visibility not in _FOR_ALL or post.lifecycle_state not in _OUT:
        return None
    was_edited = post.lifecycle_state_info.get("isEditedByAuthor") is True
    return RawPost(
        native_id=post.id,
        text=text,
        url=f"https://www.linkedin.com/feed/update/{post.id}/",
        published_at=post.published_at or post.created_at,
        edited_at=post.last_modified_at if was_edited else None,
        author=handle(post.author) or None,
        author_kind=_kind(post.author, own),
        is_own=post.author == own,
        hashtags=said.hashtags or None,
        mentions=said.mentions,
        is_repost=bool(post.reshare_context),
    )


def _comment(comment: WrittenComment, own: str, post: str) -> RawPost:
    created, modified = comment.created.time, comment.last_modified.time
    text, mentions = _with_handles(comment)
    likes = comment.likes_summary.total_likes
    was_edited = created and modified and modified - created > _EDIT
    return RawPost(
        native_id=comment.name,
        text=text,
        url=f"https://www.linkedin.com/feed/update/{post}/?commentUrn={quote(comment.name, safe='')}",
        published_at=created,
        edited_at=modified if was_edited else None,
        author=handle(comment.actor) or None,
        author_kind=_kind(comment.actor, own),
        is_own=comment.actor == own,
        mentions=mentions,
        reply_to=comment.parent_comment or post,
        conversation=post,
        metrics={"replies": comment.replies} | ({"likes": likes} if likes is not None else {}),
    )


def _with_handles(comment: WrittenComment) -> tuple[str, tuple[str, ...]]:
    """Return the text of a comment with handles for the names of members, and whom it mentions.

    Offsets count units of UTF-16, as texts do in the language that LinkedIn is written in.
    """
    units = comment.message.text.encode("utf-16-le", "surrogatepass")
    spans = sorted(_mentioned(comment), reverse=True)
    for start, end, urn in spans:
        name = units[2 * start : 2 * end].decode("utf-16-le", "replace")
        units = units[: 2 * start] + named(urn, name).encode("utf-16-le", "surrogatepass") + units[2 * end :]
    text = units.decode("utf-16-le", "surrogatepass")
    return text, tuple(handle(urn) for _, _, urn in reversed(spans))


def _mentioned(comment: WrittenComment) -> Iterator[tuple[int, int, str]]:
    """Yield where each mention begins and ends, and whom it names: the first URN that its value holds."""
    last = 0
    for attribute in sorted(comment.message.attributes, key=lambda each: str(each.get("start")).zfill(9)):
        start, length = attribute.get("start"), attribute.get("length")
        urn = next(_urns(attribute.get("value")), None)
        if isinstance(start, int) and isinstance(length, int) and urn and start >= last and length > 0:
            last = start + length
            yield start, last, urn


def _urns(value: Any) -> Iterator[str]:
    if isinstance(value, str) and value.startswith("urn:li:"):
        yield value
    for inner in mapping_of(value).values():
        yield from _urns(inner)


def _captions(content: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a post shows in words: the title of a shared page, the descriptions of images."""
    article, media = mapping_of(content.get("article")), mapping_of(content.get("media"))
    images = mapping_of(content.get("multiImage")).get("images")
    if isinstance(title := article.get("title"), str) and title.strip():
        yield f"Lien : {title.strip()}"
    for image in [media, *map(mapping_of, images if isinstance(images, list) else ())]:
        if isinstance(alt := image.get("altText"), str) and alt.strip():
            yield f"Image : {alt.strip()}"


def _kind(actor: str, own: str) -> AuthorKind:
    if actor == own:
        return "institution"
    return "person" if actor.startswith("urn:li:person:") else "unknown"


def published_at(element: object) -> datetime | None:
    """Return when the post in `element` came out."""
    post = read(WrittenPost, element)
    return None if isinstance(post, BrokenItem) else post.published_at or post.created_at
