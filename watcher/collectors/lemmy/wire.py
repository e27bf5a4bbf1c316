"""Posts and comments as Lemmy writes them, before and since its version 1.0 → raw posts. Pure.

What an instance counts and dates stands in other places in the two versions; here both are read alike. Ids are those
of an instance; `ap_id` is the same everywhere. Facts: types of lemmy-js-client 0.19.9 and 1.0.0 (July 2026).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field

from watcher.model import BrokenItem, Deletion, RawPost
from watcher.wire import Count, Time, Words, count_of, kept_of, mapping_of, read

_NAMES_NOBODY = frozenset("id name body content ap_id path published published_at deleted removed".split())
"""What is kept of an item that cannot be read."""


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _Counts(_Wire):
    upvotes: Count = None
    downvotes: Count = None
    comments: Count = None
    child_count: Count = None


class _Creator(_Wire):
    name: Words = ""
    home: Words = Field("", validation_alias=AliasChoices("actor_id", "ap_id"))
    bot_account: object = None

    @property
    def handle(self) -> str | None:
        host = urlsplit(self.home).hostname
        return f"{self.name}@{host}" if self.name and host else None


class _Said(_Counts):
    """A post or a comment: `content` and `path` are a comment's, the title `name` and `body` a post's."""

    id: int
    ap_id: str = Field(min_length=1)
    name: Words = ""
    body: Words = ""
    content: Words = ""
    url: Words = ""
    path: Words = ""
    language_id: Count = None
    published: Time = Field(None, validation_alias=AliasChoices("published", "published_at"))
    updated: Time = Field(None, validation_alias=AliasChoices("updated", "updated_at"))
    deleted: object = None
    removed: object = None

    @property
    def is_gone(self) -> bool:
        return self.deleted is True or self.removed is True


class _View(_Wire):
    """An item of a list: a comment comes with its post, everything with who wrote it."""

    post: _Said
    comment: _Said | None = None
    creator: Annotated[_Creator, BeforeValidator(mapping_of)] = _Creator()
    counts: Annotated[_Counts, BeforeValidator(mapping_of)] = _Counts()

    @property
    def said(self) -> _Said:
        return self.comment or self.post


@dataclass(frozen=True, slots=True)
class Read:
    """What a page gave: posts, items that cannot be one, what is gone; and when the newest and the oldest were said."""

    posts: tuple[RawPost, ...] = ()
    broken: tuple[BrokenItem, ...] = ()
    deletions: tuple[Deletion, ...] = ()
    newest_at: datetime | None = None
    oldest_at: datetime | None = None


def views_of(items: Sequence[object], languages: Mapping[int, str]) -> Read:
    """Return the posts and comments of a page; `languages` are the codes of the instance's own numbers."""
    found = [read(_View, item, _nameless) for item in items]
    views = [view for view in found if isinstance(view, _View)]
    addresses = {view.comment.id: view.comment.ap_id for view in views if view.comment}
    times = [view.said.published for view in views if view.said.published]
    shown = (view for view in views if not view.said.is_gone and not view.post.is_gone)
    return Read(
        tuple(post for post in (_post(view, addresses, languages) for view in shown) if post.title or post.text),
        tuple(item for item in found if isinstance(item, BrokenItem)),
        tuple(Deletion(native_id=view.said.ap_id) for view in views if view.said.is_gone),
        max(times, default=None),
        min(times, default=None),
    )


def languages_of(site: Mapping[str, Any]) -> dict[int, str]:
    """Return the codes of the numbers by which an instance calls languages; 0 is none."""
    listed = site.get("all_languages")
    known = map(mapping_of, listed if isinstance(listed, list) else ())
    return {each["id"]: each["code"] for each in known if each.get("id") and isinstance(each.get("code"), str)}


def _post(view: _View, addresses: Mapping[int, str], languages: Mapping[int, str]) -> RawPost:
    said, comment, counted = view.said, view.comment, (view.said, view.counts)
    counts = {
        "likes": _first(each.upvotes for each in counted),
        "dislikes": _first(each.downvotes for each in counted),
        "replies" if comment else "comments": _first(
            each.child_count if comment else each.comments for each in counted
        ),
    }
    return RawPost(
        native_id=said.ap_id,
        title="" if comment else said.name.strip(),
        text=said.content.strip() if comment else "\n\n".join(filter(None, [said.body.strip(), said.url])),
        url=said.ap_id,
        published_at=said.published,
        edited_at=said.updated,
        author=view.creator.handle,
        author_kind="bot" if view.creator.bot_account is True else "unknown",
        lang=languages.get(said.language_id or 0),
        reply_to=_above(comment, view.post, addresses) if comment else None,
        conversation=view.post.ap_id if comment else None,
        metrics={name: count for name, count in counts.items() if count is not None},
    )


def _above(comment: _Said, post: _Said, addresses: Mapping[int, str]) -> str | None:
    """Return what a comment answers, by its path ("0.12.34"); None where that is not on the same page."""
    steps = comment.path.split(".")
    if len(steps) <= 2:  # noqa: PLR2004 - the root and itself
        return post.ap_id
    return addresses.get(count_of(steps[-2]) or 0)


def _first(counts: Iterable[int | None]) -> int | None:
    return next((count for count in counts if count is not None), None)


def _nameless(item: object) -> str:
    view = mapping_of(item)
    kept = {**mapping_of(view.get("post")), **mapping_of(view.get("comment"))}
    return kept_of(kept, _NAMES_NOBODY)
