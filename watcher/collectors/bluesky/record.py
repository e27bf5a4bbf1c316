"""A post as its author wrote it (the record `app.bsky.feed.post`) → a raw post. Pure.

Records come from any program that may write to the network: each field is taken only where it has its promised form.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from watcher.model import RawPost
from watcher.wire import mapping_of

_LONGEST_TEXT = 3_000
"""Bytes that the protocol allows a text: no post needs more characters."""


def post_of(did: str, uri: str, record: Mapping[str, Any], seen_at: datetime, *, is_edit: bool) -> RawPost:
    """Return the post that `did` wrote, which the network saw at `seen_at`.

    Its time is that of `seen_at` where the author's own is absent, unreadable or later: the platform sorts so too.
    """
    text = _text(record.get("text"))[:_LONGEST_TEXT]
    tags, handles, links = _entities(text, record.get("facets"))
    reply = mapping_of(record.get("reply"))
    embed = _media(mapping_of(record.get("embed")))
    card = mapping_of(embed.get("external"))
    tags += [tag for tag in _list(record.get("tags")) if isinstance(tag, str)]
    links += [address for address in [card.get("uri")] if isinstance(address, str)]
    return RawPost(
        native_id=uri,
        text="\n\n".join([text, *_captions(embed, card)]).strip(),
        url=f"https://bsky.app/profile/{did}/post/{uri.rpartition('/')[2]}",
        published_at=min(written_at(record.get("createdAt")) or seen_at, seen_at),
        edited_at=seen_at if is_edit else None,
        author=did,
        lang=next(iter(langs_of(record)), None),
        hashtags=tuple(dict.fromkeys(tags)) or None,
        mentions=tuple(dict.fromkeys(handles)) or None,
        links=tuple(dict.fromkeys(links)) or None,
        reply_to=_uri(reply.get("parent")),
        conversation=_uri(reply.get("root")),
    )


def langs_of(record: Mapping[str, Any]) -> list[str]:
    """Return the languages that the author declares, as BCP 47 tags."""
    return [lang for lang in _list(record.get("langs")) if isinstance(lang, str) and lang]


def written_at(text: object) -> datetime | None:
    """Return the aware time that `text` gives, None for what is no time or has no zone."""
    try:
        at = datetime.fromisoformat(text) if isinstance(text, str) else None
        return at.astimezone(UTC) if at and at.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _entities(text: str, facets: object) -> tuple[list[str], list[str], list[str]]:
    """Return the hashtags, the mentioned handles and the links that `facets` lay over `text`.

    Their offsets count bytes of UTF-8. A mention whose text is no @handle is known by its DID.
    """
    tags, handles, links = [], [], []
    encoded = text.encode("utf-8", "surrogatepass")
    for facet in map(mapping_of, _list(facets)):
        covered = _covered(encoded, mapping_of(facet.get("index")))
        for feature in map(mapping_of, _list(facet.get("features"))):
            match feature:
                case {"$type": "app.bsky.richtext.facet#tag", "tag": str(tag)} if tag:
                    tags.append(tag)
                case {"$type": "app.bsky.richtext.facet#mention", "did": str(did)} if did:
                    handles.append(covered[1:] if covered.startswith("@") and len(covered) > 1 else did)
                case {"$type": "app.bsky.richtext.facet#link", "uri": str(address)} if address:
                    links.append(address)
    return tags, handles, links


def _covered(encoded: bytes, index: Mapping[str, Any]) -> str:
    """Return the part of a text that a facet lies on, "" where its offsets are none of that text."""
    match index:
        case {"byteStart": int(start), "byteEnd": int(end)} if 0 <= start < end <= len(encoded):
            return encoded[start:end].decode("utf-8", "ignore")
    return ""


def _captions(embed: Mapping[str, Any], card: Mapping[str, Any]) -> Iterator[str]:
    """Yield what an embed says in words: the title of a shared page, the descriptions of images and videos."""
    if title := _text(card.get("title")).strip():
        yield f"Lien : {title}"
    for shown in [embed, *map(mapping_of, _list(embed.get("images"))), *map(mapping_of, _list(embed.get("items")))]:
        if alt := _text(shown.get("alt")).strip():
            yield f"Image : {alt}"


def _media(embed: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the embed that holds media: a quote with media (`recordWithMedia`) wraps it."""
    return mapping_of(embed.get("media")) or embed


def _uri(reference: object) -> str | None:
    uri = mapping_of(reference).get("uri")
    return uri if isinstance(uri, str) and uri else None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
