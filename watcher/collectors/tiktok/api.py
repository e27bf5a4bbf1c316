"""TikTok's API v2 as it answers: the videos of our account, its figures, and the searches of a research body.

Facts: documentation of the Display API and its limits (August 2026), and of the Research API.
"""

from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from watcher.collectors.tiktok.refusals import check, document_of, raise_refusal
from watcher.collectors.tiktok.session import Session
from watcher.collectors.tiktok.settings import TikTokSettings
from watcher.collectors.tiktok.wire import Read, count_of, id_of, videos_of
from watcher.errors import Malformed, Permanent, RateLimited
from watcher.model import AccountFigures
from watcher.ports import Fetch

OWN_PAGE = 20
"""The most that a page of our videos, or a question about some of them, may hold."""

RESEARCH_PAGE = 100
LONGEST_PERIOD = timedelta(days=29)
"""A search spans thirty days at most, the first and the last included."""

_OWN_FIELDS = "id,title,video_description,create_time,share_url,view_count,like_count,comment_count,share_count"
_RESEARCH_FIELDS = (
    "id,video_description,create_time,region_code,username,hashtag_names,"
    "view_count,like_count,comment_count,share_count,favorites_count"
)
_COUNTRIES = ("FR", "RE", "GP", "MQ", "GF", "YT")
"""Where an account was opened; nothing says more precisely where."""


@dataclass(frozen=True, slots=True)
class Api:
    """Asks in the name of `session`. Raises what `fetch` raises, TikTok's own refusals in French, and `Malformed`."""

    fetch: Fetch
    address: str
    settings: TikTokSettings
    session: Session
    now: datetime

    async def own(self) -> AsyncIterator[tuple[Read, bool]]:
        """Yield the pages of our videos, the newest first, each with whether another follows."""
        body: dict[str, object] = {"max_count": OWN_PAGE}
        has_more = True
        while has_more:
            data = await self._asked(f"video/list/?fields={_OWN_FIELDS}", body)
            body["cursor"], has_more = _next(data, body.get("cursor"))
            yield videos_of(_videos(data), is_own=True), has_more

    async def shown(self, ids: Collection[str]) -> frozenset[str]:
        """Return those of `ids`, twenty at most, that are still among our public videos."""
        data = await self._asked("video/query/?fields=id", {"filters": {"video_ids": list(ids)}})
        return frozenset(number for video in _videos(data) if (number := id_of(video)))

    async def figures(self) -> AccountFigures:
        """Return the figures of our account, since it began."""
        fields = "display_name,username,follower_count,likes_count,video_count"
        try:
            answer = await self.fetch.get(
                f"{self.address}/v2/user/info/", params={"fields": fields}, secret_headers=self.session.headers
            )
        except (Permanent, RateLimited) as error:
            raise_refusal(error, self.settings, self.now)
        user = self._data(answer.body).get("user")
        name = (user.get("username") or user.get("display_name")) if isinstance(user, dict) else None
        if not isinstance(user, dict) or not isinstance(name, str):
            raise Malformed("TikTok répond autre chose qu'un compte.")
        likes = count_of(user.get("likes_count"))
        return AccountFigures(
            name,
            followers=count_of(user.get("follower_count")),
            posts=count_of(user.get("video_count")),
            engagement={} if likes is None else {"likes": likes},
        )

    async def found(self, words: str, since: datetime) -> AsyncIterator[Read]:
        """Yield what a search finds from the day of `since` on: a page may be empty and another follow."""
        asked = {
            "and": [
                {"operation": "IN", "field_name": "region_code", "field_values": list(_COUNTRIES)},
                {"operation": "EQ", "field_name": "keyword", "field_values": [words]},
            ]
        }
        start, last = since.astimezone(UTC).date(), self.now.astimezone(UTC).date()
        while start <= last:
            end = min(last, start + LONGEST_PERIOD)
            period = {"start_date": f"{start:%Y%m%d}", "end_date": f"{end:%Y%m%d}"}
            body: dict[str, object] = {"query": asked, **period, "max_count": RESEARCH_PAGE}
            has_more = True
            while has_more:
                data = await self._asked(f"research/video/query/?fields={_RESEARCH_FIELDS}", body)
                body["cursor"], has_more = _next(data, body.get("cursor"))
                if data.get("search_id"):
                    body["search_id"] = data["search_id"]
                yield videos_of(_videos(data), is_own=False)
            start = end + timedelta(days=1)

    async def _asked(self, resource: str, body: Mapping[str, object]) -> Mapping[str, Any]:
        try:
            answer = await self.fetch.post(
                f"{self.address}/v2/{resource}", body=body, secret_headers=self.session.headers
            )
        except (Permanent, RateLimited) as error:
            raise_refusal(error, self.settings, self.now)
        return self._data(answer.body)

    def _data(self, body: bytes) -> Mapping[str, Any]:
        document = document_of(body)
        check(document, self.settings, self.now)
        data = document.get("data")
        if not isinstance(data, dict):
            raise Malformed("TikTok répond autre chose que des données.")
        return data


def _videos(data: Mapping[str, Any]) -> list[object]:
    videos = data.get("videos")
    return videos if isinstance(videos, list) else []


def _next(data: Mapping[str, Any], before: object) -> tuple[object, bool]:
    """Return where the next page begins and whether there is one: a place that does not move is the end."""
    place = data.get("cursor")
    return place, data.get("has_more") is True and place is not None and place != before
