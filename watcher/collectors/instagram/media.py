"""Media and comments as the Graph API gives them → raw posts. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from watcher.meta_graph.followed import Listed
from watcher.meta_graph.items import Mapped, address_of, mapped, metrics_of
from watcher.meta_graph.values import count_of, id_of, time_of, words_of
from watcher.model import RawPost
from watcher.wire import mapping_of

HASHTAG_FIELDS = "id,caption,permalink,timestamp,comments_count,like_count"
MEDIA_FIELDS = f"{HASHTAG_FIELDS},username"
COMMENT_FIELDS = "id,text,timestamp,username,from,like_count,parent_id"

_NAMES_NOBODY = frozenset({"id", "timestamp", "comments_count", "like_count", "parent_id", "media_type", "permalink"})
"""What is kept of an item that cannot be read: its words may name anybody."""


@dataclass(frozen=True, slots=True)
class Us:
    """Our own account: its number and its name."""

    id: str
    username: str

    def wrote(self, item: Mapping[str, Any]) -> bool:
        """Tell whether `item` is of ours."""
        name = author_of(item)
        number = id_of(mapping_of(item.get("from")).get("id"))
        return number == self.id or (name is not None and name.casefold() == self.username.casefold())


def own_media_of(items: Iterable[object], us: Us) -> Mapped:
    """Return the media among `items` that we published. Left aside without a word, as below: what has no caption."""

    def ours(item: Mapping[str, Any]) -> RawPost:
        return replace(_medium(item), author=us.username or us.id, author_kind="institution", is_own=True)

    return mapped(items, ours, _NAMES_NOBODY)


def tagged_media_of(items: Iterable[object], us: Us) -> Mapped:
    """Return the media among `items` in which others, or we ourselves, tagged us."""
    return mapped(
        items,
        lambda item: replace(_medium(item), author=author_of(item), is_own=us.wrote(item)),
        _NAMES_NOBODY,
    )


def hashtag_media_of(items: Iterable[object]) -> Mapped:
    """Return the media among `items` of a hashtag: Meta does not tell who published them."""
    return mapped(items, _medium, _NAMES_NOBODY)


def listed(items: Iterable[object]) -> Iterator[Listed]:
    """Yield what `items` say of their comments."""
    for item in map(mapping_of, items):
        if native_id := id_of(item.get("id")):
            counted = count_of(item.get("comments_count"))
            yield Listed(native_id, time_of(item.get("timestamp")), -1 if counted is None else counted)


def comments_of(items: Iterable[object], media_id: str, us: Us) -> Mapped:
    """Return the comments and answers among `items` under the medium `media_id`."""
    return mapped(items, lambda item: _comment(item, media_id, us), _NAMES_NOBODY)


def times_of(items: Iterable[object]) -> list[datetime]:
    """Return when the items of a page were published, in its order."""
    return [at for item in items if (at := time_of(mapping_of(item).get("timestamp")))]


def author_of(item: Mapping[str, Any]) -> str | None:
    """Return the name of who wrote, which is how others mention them too; their number where there is no name."""
    writer = mapping_of(item.get("from"))
    named = (item.get("username"), writer.get("username"))
    name = next((one.strip() for one in named if isinstance(one, str) and one.strip()), None)
    return name or id_of(writer.get("id"))


def _medium(item: Mapping[str, Any]) -> RawPost:
    native_id = id_of(item.get("id"))
    if native_id is None:
        raise ValueError("sans identifiant")
    return RawPost(
        native_id=native_id,
        text=words_of(item.get("caption")),
        url=address_of(item.get("permalink")),
        published_at=time_of(item.get("timestamp")),
        metrics=metrics_of(
            {"likes": count_of(item.get("like_count")), "comments": count_of(item.get("comments_count"))}
        ),
    )


def _comment(item: Mapping[str, Any], media_id: str, us: Us) -> RawPost:
    native_id = id_of(item.get("id"))
    if native_id is None:
        raise ValueError("sans identifiant")
    is_own = us.wrote(item)
    return RawPost(
        native_id=native_id,
        text=words_of(item.get("text")),
        published_at=time_of(item.get("timestamp")),
        author=author_of(item),
        author_kind="institution" if is_own else "unknown",
        is_own=is_own,
        reply_to=id_of(item.get("parent_id")) or media_id,
        conversation=media_id,
        metrics=metrics_of({"likes": count_of(item.get("like_count"))}),
    )
