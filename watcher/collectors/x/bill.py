"""What calls cost at X, which sells by what it returns: told before a call, and read from its answer. Pure."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from watcher.budget import Cost
from watcher.ports import Response


def price(url: str, params: Mapping[str, str]) -> Cost:
    """Return the most that a call may cost.

    Where the names of the fields ask for expansions, each post may bring its author, the post it answers and its own.
    """
    path = urlsplit(url).path
    if path.startswith("/2/users/by/"):
        return Cost(calls=1, authors=1)
    if path == "/2/tweets":
        return Cost(calls=1, posts=len(params.get("ids", "").split(",")))
    size = int(params.get("max_results", "100"))
    more = size if "expansions" in params else 0
    if path.startswith("/2/users/"):
        return Cost(calls=1, own_posts=size, posts=more, authors=2 * more)
    return Cost(calls=1, posts=size + more, authors=2 * more)


def paid(url: str, params: Mapping[str, str], answer: Response) -> Cost:
    """Return what a call did cost: what it brought. An answer that cannot be read costs its whole price."""
    most = price(url, params)
    try:
        said = json.loads(answer.body)
        included = said.get("includes") or {}
        given, authors = _count(said.get("data")), _count(included.get("users"))
        referenced = _count(included.get("posts")) + _count(included.get("tweets"))
    except (ValueError, RecursionError, AttributeError):
        return most
    if most.own_posts:
        real = Cost(calls=1, own_posts=given, posts=referenced, authors=authors)
    elif most.posts:
        real = Cost(calls=1, posts=given + referenced, authors=authors)
    else:
        real = Cost(calls=1, authors=given)
    return Cost(*(min(getattr(most, thing), getattr(real, thing)) for thing in Cost.__slots__))


def _count(value: Any) -> int:
    return len(value) if isinstance(value, list) else 1 if isinstance(value, dict) else 0
