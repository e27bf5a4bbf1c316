"""Statuses as an instance writes them → raw posts. Pure."""

import html
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, TypeVar

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field
from selectolax.lexbor import LexborHTMLParser

from watcher.model import BrokenItem, RawPost
from watcher.normalise import plain_text
from watcher.wire import Count, Time, Words, read

MAX_MARKUP_CHARS = 20_000
"""Forty times the longest post of an ordinary instance; what a hostile nesting costs grows with its square."""

_PUBLIC = frozenset({"public", "unlisted"})
_NAMES_NOBODY = frozenset(
    "id created_at edited_at content spoiler_text visibility language in_reply_to_id sensitive tags".split()
)
"""What is kept of a status that cannot be read; another server's own keys may hold anybody's name."""

_NO_BOTS = re.compile(r"#(?:<[^<>]{0,200}>){0,4}nobots?\b", re.IGNORECASE)
_WEB = re.compile(r"https?://", re.IGNORECASE)


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


_Item = TypeVar("_Item", bound=_Wire)
_Many = Annotated[tuple[_Item, ...], BeforeValidator(lambda value: () if value is None else value)]


class _Account(_Wire):
    acct: str = Field(min_length=1)
    bot: object = None
    noindex: object = None
    note: Words = ""


class _Mention(_Wire):
    acct: str = Field(min_length=1)
    url: Words = ""


class _Tag(_Wire):
    name: str


class _Media(_Wire):
    description: Words = ""


class _Status(_Wire):
    id: str = Field(min_length=1)
    uri: str = Field(min_length=1)
    url: Words = ""
    created_at: AwareDatetime
    edited_at: Time = None
    content: str
    spoiler_text: Words = ""
    visibility: str = "public"
    language: Words = ""
    in_reply_to_id: Words = ""
    account: _Account
    reblog: object = None
    mentions: _Many[_Mention] = ()
    tags: _Many[_Tag] = ()
    media_attachments: _Many[_Media] = ()
    replies_count: Count = None
    reblogs_count: Count = None
    favourites_count: Count = None
    quotes_count: Count = None


def posts_of(page: Sequence[object], host: str) -> tuple[tuple[RawPost, ...], tuple[BrokenItem, ...]]:
    """Return the posts of a page of `host`, and its items that cannot be one.

    Left aside without a word: what is not public, boosts (the original is heard where it was written), what has no
    words, and whoever asks robots to keep out (`noindex`, or #nobot in the account's note).
    """
    found = [read(_Status, item, _nameless) for item in page]
    statuses = [status for status in found if isinstance(status, _Status)]
    uris = {status.id: status.uri for status in statuses}
    posts = (_post(status, host, uris) for status in statuses if _is_ours_to_read(status))
    return tuple(post for post in posts if post), tuple(item for item in found if isinstance(item, BrokenItem))


def full_handle(acct: str, host: str) -> str:
    """Return who `acct` is for everybody: an instance leaves its own name out."""
    return acct if "@" in acct else f"{acct}@{host}"


def _nameless(item: object) -> str:
    """Return what the dead letters may keep of an item: it was not understood, so nobody in it can be hidden."""
    if not isinstance(item, dict):
        return json.dumps(item)[:200]
    kept = {key: value for key, value in item.items() if key in _NAMES_NOBODY}
    if isinstance(kept.get("content"), str):
        kept["content"] = plain_text(kept["content"], "html")
    return json.dumps(kept)


def _is_ours_to_read(status: _Status) -> bool:
    is_opposed = status.account.noindex or _NO_BOTS.search(status.account.note)
    return status.visibility in _PUBLIC and status.reblog is None and not is_opposed


def _post(status: _Status, host: str, uris: Mapping[str, str]) -> RawPost | None:
    content = _content_of(status, host)
    text = _words(status, content)
    if not text:
        return None
    counts = {
        "replies": status.replies_count,
        "reposts": status.reblogs_count,
        "likes": status.favourites_count,
        "quotes": status.quotes_count,
    }
    return RawPost(
        native_id=status.uri.strip(),
        text=text,
        url=next((address for address in (status.url, status.uri) if address and _WEB.match(address)), None),
        markup="html",
        published_at=status.created_at,
        edited_at=status.edited_at,
        author=full_handle(status.account.acct, host),
        author_kind="bot" if status.account.bot else "unknown",
        lang=status.language or None,
        hashtags=tuple(tag.name for tag in status.tags),
        mentions=tuple(full_handle(mention.acct, host) for mention in status.mentions),
        links=content.links,
        reply_to=uris.get(status.in_reply_to_id),
        metrics={name: count for name, count in counts.items() if count is not None},
    )


def _words(status: _Status, content: "_Content") -> str:
    """Return the content under its warning; in their absence what the images are said to show."""
    warning = _paragraph(status.spoiler_text)
    shown = warning + (content.markup if content.has_words else "")
    return shown or "".join(_paragraph(media.description) for media in status.media_attachments)


def _paragraph(text: str) -> str:
    return f"<p>{html.escape(text, quote=False)}</p>" if text.strip() else ""


@dataclass(frozen=True, slots=True)
class _Content:
    """What a status says: its markup with mentions written in full, the addresses that it links to."""

    markup: str
    links: tuple[str, ...]
    has_words: bool


def _content_of(status: _Status, host: str) -> _Content:
    """Mastodon shows `@name` alone; a handle and its short form would become two people once hidden."""
    handles = {mention.url: full_handle(mention.acct, host) for mention in status.mentions if mention.url}
    markup, links = status.content[:MAX_MARKUP_CHARS], []
    tree = LexborHTMLParser(markup)
    has_words = bool(plain_text(tree.body.text(), "text")) if tree.body else False
    has_changed = False
    for anchor in tree.css("a"):
        address, classes = anchor.attributes.get("href") or "", (anchor.attributes.get("class") or "").split()
        if address in handles:
            anchor.replace_with(f"@{handles[address]}")
            has_changed = True
        elif "mention" not in classes and _WEB.match(address):
            links.append(address)
    if tree.body and has_changed:
        markup = tree.body.inner_html or ""
    return _Content(markup, tuple(links), has_words)
