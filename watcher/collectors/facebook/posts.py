"""Posts and comments of a Page as the Graph API gives them → raw posts. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from watcher.meta_graph.followed import Listed
from watcher.meta_graph.items import Mapped, address_of, mapped, metrics_of
from watcher.meta_graph.values import count_of, id_of, summed, time_of, words_of
from watcher.model import RawPost
from watcher.wire import mapping_of

POST_FIELDS = (
    "id,from{id},message,message_tags,created_time,updated_time,permalink_url,is_published,shares,"
    "attachments{type,media_type,title,description,unshimmed_url},"
    "reactions.limit(0).summary(true),comments.filter(stream).limit(0).summary(true)"
)
COMMENT_FIELDS = "id,from{id},message,message_tags,created_time,like_count,comment_count,parent{id},permalink_url"

_NAMES_NOBODY = frozenset({"id", "created_time", "updated_time", "is_published", "like_count", "comment_count"})
"""What is kept of an item that cannot be read; the words of a post may name whom it tags."""

_LINKS = frozenset({"share", "link"})
_COMMENT_PLACE = re.compile(r"/posts/(\d+)/?\?(?:[^#]*&)?comment_id=(\d+)(?:[^#]*&reply_comment_id=(\d+))?")


def posts_of(items: Iterable[object], page_id: str) -> Mapped:
    """Return the posts among `items` of a list of the Page `page_id`, each once, and those that cannot be read.

    Left aside without a word: what is not published, and what has no words.
    """
    return mapped(items, lambda item: _post(item, page_id), _NAMES_NOBODY)


def listed(items: Iterable[object], page_id: str) -> Iterator[Listed]:
    """Yield what `items` say of their comments, where these stand on the Page `page_id`.

    What is not published is among them: people answer to advertisements. What others publish elsewhere is not.
    """
    for item in map(mapping_of, items):
        native_id = id_of(item.get("id"))
        if native_id and (_author(item) in (None, page_id) or native_id.startswith(f"{page_id}_")):
            count = summed(item.get("comments"))
            at, updated_at = time_of(item.get("created_time")), time_of(item.get("updated_time"))
            yield Listed(native_id, at, -1 if count is None else count, updated_at)


def comments_of(items: Iterable[object], post_id: str, page_id: str) -> Mapped:
    """Return the comments among `items` under `post_id`, on the Page `page_id`, and those that cannot be read."""
    return mapped(items, lambda item: _comment(item, post_id, page_id), _NAMES_NOBODY)


def times_of(items: Iterable[object]) -> list[datetime]:
    """Return when the items of a page were written, in its order."""
    return [at for item in items if (at := time_of(mapping_of(item).get("created_time")))]


def _post(item: Mapping[str, Any], page_id: str) -> RawPost | None:
    native_id, author = id_of(item.get("id")), _author(item)
    if native_id is None:
        raise ValueError("sans identifiant")
    if item.get("is_published") is False:
        return None
    text, mentions = _words(item)
    link = next(_shared(item), {})
    counts = {"likes": summed(item.get("reactions")), "comments": summed(item.get("comments"))}
    if "shares" in item or "reactions" in item:
        counts["shares"] = count_of(mapping_of(item.get("shares")).get("count")) or 0
    return RawPost(
        native_id=native_id,
        title="" if text else words_of(link.get("title")),
        text=text or words_of(link.get("description")),
        url=address_of(item.get("permalink_url")),
        published_at=time_of(item.get("created_time")),
        author=author,
        author_kind="institution" if author == page_id else "unknown",
        is_own=author == page_id,
        mentions=mentions,
        links=tuple(filter(None, (address_of(shared.get("unshimmed_url")) for shared in _shared(item)))),
        metrics=metrics_of(counts),
    )


def _comment(item: Mapping[str, Any], post_id: str, page_id: str) -> RawPost:
    native_id, parent_id = _place(item)
    if native_id is None:
        raise ValueError("sans identifiant")
    author = _author(item)
    text, mentions = _words(item)
    return RawPost(
        native_id=native_id,
        text=text,
        url=address_of(item.get("permalink_url")),
        published_at=time_of(item.get("created_time")),
        author=author,
        author_kind="institution" if author == page_id else "unknown",
        is_own=author == page_id,
        mentions=mentions,
        reply_to=parent_id or post_id,
        conversation=post_id,
        metrics=metrics_of({"likes": count_of(item.get("like_count")), "replies": count_of(item.get("comment_count"))}),
    )


def _place(item: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Return the ids of a comment and of the comment that it answers; the address of a comment tells both too."""
    native_id, parent_id = id_of(item.get("id")), id_of(mapping_of(item.get("parent")).get("id"))
    found = _COMMENT_PLACE.search(address_of(item.get("permalink_url")) or "")
    if found:
        post, comment, reply = found.groups()
        native_id = native_id or f"{post}_{reply or comment}"
        parent_id = parent_id or (f"{post}_{comment}" if reply else None)
    return native_id, parent_id


def _author(item: Mapping[str, Any]) -> str | None:
    """Return the id of who wrote, which is stable and no name. Meta gives none to a token that is no Page's."""
    return id_of(mapping_of(item.get("from")).get("id"))


def _words(item: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    """Return the message with `@id` for each person that it tags, who stands there by their name; and those ids."""
    text, tagged = words_of(item.get("message")), []
    for tag in _tags(item.get("message_tags")):
        person, name = id_of(tag.get("id")), tag.get("name")
        if person and isinstance(name, str) and name.strip() and tag.get("type", "user") == "user" and name[0] != "#":
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", f"@{person}", text)
            tagged.append(person)
    return text, tuple(tagged)


def _tags(given: object) -> Iterator[Mapping[str, Any]]:
    """Yield tags, from a list or, as in old answers, from lists under their offsets."""
    for part in given.values() if isinstance(given, dict) else given if isinstance(given, list) else ():
        yield from map(mapping_of, part if isinstance(part, list) else [part])


def _shared(item: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    attachments: Sequence[object] = mapping_of(item.get("attachments")).get("data") or ()
    for attachment in map(mapping_of, attachments if isinstance(attachments, list) else ()):
        if not _LINKS.isdisjoint({attachment.get("type"), attachment.get("media_type")}):
            yield attachment
