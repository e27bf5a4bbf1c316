"""X as it answers: pages of posts, one account, and which posts are gone.

Facts: X documentation and openapi 2.167 (August 2026). Nothing is expanded where it can be helped: whatever an answer
brings is billed, and the profile of an author costs twice the post.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from watcher.collectors.x.refusals import in_french, problem_of
from watcher.collectors.x.settings import FieldNames, XSettings
from watcher.errors import AuthRefused, Malformed, RateLimited, Refused, SourceGone
from watcher.ports import Fetch
from watcher.secrets import Secret
from watcher.wire import json_object, mapping_of

ADDRESS = "https://api.x.com"

PAGE_SIZE = 25
"""A quarter of the most: what a page may cost must be left of the budget, and calls are free."""

RECENT = timedelta(days=7) - timedelta(minutes=1)
"""How far the recent search reaches, a minute left to the two clocks."""

FIELDS: Mapping[FieldNames, Mapping[str, str]] = MappingProxyType(
    {
        "tweet.fields": {
            "tweet.fields": "author_id,conversation_id,created_at,entities,lang,note_tweet,public_metrics,"
            "referenced_tweets"
        },
        # In these words, authors and references come as expansions only.
        "post.fields": {
            "post.fields": "conversation_id,created_at,entities,lang,note_post,public_metrics",
            "expansions": "author_id,referenced_posts",
        },
    }
)

_GONE = frozenset({"resource-not-found", "not-authorized-for-resource"})
"""Deleted; or its author is suspended, or is read by followers only: neither is ours to keep (X policy)."""

_NOT_X = "X ne répond pas comme son interface le promet."


@dataclass(frozen=True, slots=True)
class Timeline:
    """One list of posts, newest first: `name` in the cursor, where it is, and how it is asked for.

    `leads_on` is the parameter that asks for a following page, `smallest` the smallest page, `reach` how far back it
    goes, None where no time limits it.
    """

    name: str
    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    leads_on: str = "pagination_token"
    smallest: int = 5
    reach: timedelta | None = None


def of_search(query: str, *, is_archive: bool = False) -> Timeline:
    """Return what is said of `query`: since 2006 in the archive, else for the last seven days."""
    path = f"/2/tweets/search/{'all' if is_archive else 'recent'}"
    reach = None if is_archive else RECENT
    return Timeline(f"?{query}", path, {"query": query, "sort_order": "recency"}, "next_token", 10, reach)


def of_account(account_id: str) -> tuple[Timeline, Timeline]:
    """Return what mentions an account, and what it says and answers."""
    return (
        Timeline(f"@{account_id}", f"/2/users/{account_id}/mentions"),
        Timeline(account_id, f"/2/users/{account_id}/tweets", {"exclude": "retweets"}),
    )


@dataclass(frozen=True, slots=True)
class Found:
    """One page of posts as JSON, newest first, with the posts that they refer to; `following` leads to the next one."""

    items: Sequence[Any]
    referenced: Sequence[Any] = ()
    following: str | None = None


class Api:
    """Asks X through `fetch`. Raises what it raises, `Malformed`, and French words for a refusal."""

    def __init__(self, fetch: Fetch, settings: XSettings, address: str) -> None:
        self._fetch = fetch
        self._settings = settings
        self._address = address

    async def page(
        self, timeline: Timeline, *, since: int, until: int | None, size: int, following: str | None = None
    ) -> Found:
        """Return at most `size` of the newest posts whose id is above `since`, and below `until` where it is given."""
        bounds = {"since_id": str(since)} | ({} if until is None else {"until_id": str(until)})
        place = {} if following is None else {timeline.leads_on: following}
        asked = {**timeline.params, **FIELDS[self._settings.names], "max_results": str(size), **bounds, **place}
        answer = await self._asked(timeline.path, asked)
        included, meta = mapping_of(answer.get("includes")), mapping_of(answer.get("meta"))
        token = meta.get("next_token")
        return Found(
            _list(answer.get("data")),
            _list(included.get("posts")) or _list(included.get("tweets")),
            token if isinstance(token, str) and token else None,
        )

    async def account(self, name: str) -> Mapping[str, Any]:
        """Return the profile of an account with its figures. Raises `SourceGone` where there is none."""
        answer = await self._asked(f"/2/users/by/username/{name}", {"user.fields": "public_metrics"})
        profile = mapping_of(answer.get("data"))
        if not profile.get("id"):
            raise SourceGone(f"X ne connaît pas @{name}, ou a suspendu ce compte : vérifiez « compte ».")
        return profile

    async def gone(self, ids: Sequence[str]) -> set[str]:
        """Return those of `ids`, a page of them at the most, that X says are gone."""
        answer = await self._asked("/2/tweets", {"ids": ",".join(ids)})
        problems = [mapping_of(problem) for problem in _list(answer.get("errors"))]
        named = {str(one.get("resource_id") or one.get("value")) for one in problems if problem_of(one) in _GONE}
        return named & set(ids)

    async def _asked(self, path: str, params: Mapping[str, str]) -> Mapping[str, Any]:
        bearer = self._bearer()
        try:
            answer = await self._fetch.get(self._address + path, params=params, secret_headers=bearer)
        except (AuthRefused, RateLimited, Refused) as error:
            raise in_french(error, self._settings, params.get("query")) from error
        said = json_object(answer.body, _NOT_X, _NOT_X)
        if not said.keys() & {"data", "meta", "errors"}:
            raise Malformed(_NOT_X)
        return said

    def _bearer(self) -> Mapping[str, Secret]:
        token = self._settings.token
        if token.value is None:
            raise AuthRefused(f"La variable {token.variable}, qui doit porter le « Bearer Token » de X, est vide.")
        return {"Authorization": Secret(f"Bearer {token.value.reveal()}")}


def _list(value: object) -> Sequence[Any]:
    """Return the items of `value`; one alone is a list of one."""
    return value if isinstance(value, list) else [value] if isinstance(value, dict) else ()
