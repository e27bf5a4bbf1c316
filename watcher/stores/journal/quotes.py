"""Posts quoted in messages that wait: ids of blocks say which, so that what is erased meanwhile is not sent. Pure."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

_QUOTING = "cite"
_QUOTED = ">"
"""How a quoted line begins in the markup of messages."""


def block_id(place: int, posts: Sequence[str]) -> str | None:
    """Return the id of the block at `place` of its message, which quotes `posts`; None where it quotes nobody.

    Five posts make 170 characters; Slack takes 255, and no id twice in a message.
    """
    return "-".join([_QUOTING, str(place), *posts]) if posts else None


def quoted_in(body: Mapping[str, Any]) -> set[str]:
    """Return the ids of the posts that a message quotes."""
    named = (str(block.get("block_id", "")).split("-") for block in body.get("blocks", ()))
    return {post for kind, *parts in named if kind == _QUOTING for post in parts[1:]}


def without(body: Mapping[str, Any], posts: Collection[str]) -> Mapping[str, Any]:
    """Return a message without what it quotes of `posts`: a block that quotes one of them quotes nobody any more."""
    if not any(_quotes(block, posts) for block in body.get("blocks", ())):
        return body
    blocks = [_bare(block) if _quotes(block, posts) else block for block in body["blocks"]]
    return {**body, "blocks": [block for block in blocks if block]}


def _quotes(block: Mapping[str, Any], posts: Collection[str]) -> bool:
    kind, *parts = str(block.get("block_id", "")).split("-")
    return kind == _QUOTING and not set(posts).isdisjoint(parts[1:])


def _bare(block: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return `block` without its quoted lines, None where it has no other."""
    lines = [line for line in block["text"]["text"].splitlines() if not line.startswith(_QUOTED)]
    if not lines:
        return None
    return {"type": block["type"], "text": {**block["text"], "text": "\n".join(lines)}}
