"""Hashtags of Instagram, asked for in the name of our account: what was published in the last 24 hours, no authors.

Meta lets one account ask for 30 different hashtags in seven days, and about 200 calls an hour.
"""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, Self

from watcher.collectors.instagram.media import HASHTAG_FIELDS, hashtag_media_of, times_of
from watcher.collectors.instagram.settings import MOST_HASHTAGS
from watcher.errors import Refused
from watcher.meta_graph.graph import Graph, GraphPage
from watcher.meta_graph.refusals import Complaint, Missing
from watcher.meta_graph.values import id_of
from watcher.model import Cursor, GapCause, Page, Unheard
from watcher.remembered import Remembered
from watcher.wire import mapping_of

WINDOW = timedelta(days=1)
"""Meta shows no older media of a hashtag."""

REST = timedelta(hours=2)
"""Between two readings of one hashtag: twelve times in its window, and thirty hashtags stay below 200 calls an hour."""

QUOTA = timedelta(days=7)
OVERLAP = timedelta(hours=1)
"""Media come in no strict order: a page must lie so far behind the last reading to end the next."""

MEDIA_A_PAGE = 50
MOST_PAGES = 5


class Heard(NamedTuple):
    """One hashtag: its number, the same for everybody and for ever, and when it was last read, in Unix seconds."""

    id: str
    read: int


class Hashtags(Remembered):
    """The hashtags that were read in the last seven days, by name: the cursor."""

    heard: Mapping[str, Heard] = {}

    @classmethod
    def recall_since_quota(cls, cursor: Cursor | None, now: datetime) -> Self:
        """Return what `recall` does, without what is older than the quota."""
        known = cls.recall(cursor)
        oldest = (now - QUOTA).timestamp()
        return cls(heard={name: one for name, one in known.heard.items() if one.read > oldest})

    def due(self, wanted: tuple[str, ...], now: datetime) -> list[str]:
        """Return those of `wanted` that are to be read, longest unread first, as far as the quota goes."""
        free = MOST_HASHTAGS - len(self.heard)
        new = [name for name in wanted if name not in self.heard]
        rested = [name for name in wanted if name in self.heard and self.read_at(name, now) <= now - REST]
        return new[: max(free, 0)] + sorted(rested, key=lambda name: self.heard[name].read)

    def beyond_quota(self, wanted: tuple[str, ...]) -> list[str]:
        """Return those of `wanted` that the quota of seven days leaves no room for."""
        new = [name for name in wanted if name not in self.heard]
        return new[max(MOST_HASHTAGS - len(self.heard), 0) :]

    def read_at(self, name: str, now: datetime) -> datetime:
        """Return when `name` was last read; a day ago where it never was, since no more can be had."""
        known = self.heard.get(name)
        return datetime.fromtimestamp(known.read, UTC) if known else now - WINDOW

    def read(self, name: str, hashtag_id: str, now: datetime) -> Self:
        """Return this once `name` was read."""
        return self.model_copy(update={"heard": {**self.heard, name: Heard(hashtag_id, int(now.timestamp()))}})


async def hashtag_pages(
    graph: Graph, account_id: str, wanted: tuple[str, ...], cursor: Cursor | None, now: datetime
) -> AsyncIterator[Page]:
    """Yield what was published under each hashtag of `wanted` that is due; a hashtag refused does not cost the others.

    Raises as `Graph`, and `Refused` in the end for those that Instagram does not let through, with their names.
    """
    hashtags, told = Hashtags.recall_since_quota(cursor, now), set[str]()
    refused = [f"#{name} (quota de {MOST_HASHTAGS} par semaine)" for name in hashtags.beyond_quota(wanted)]
    for name in hashtags.due(wanted, now):
        known, oldest, is_clipped = hashtags.heard.get(name), now, False
        try:
            hashtag_id = known.id if known else await _id_of(graph, account_id, name)
            async for part in _recent(graph, account_id, hashtag_id, hashtags.read_at(name, now) - OVERLAP):
                posts, broken = hashtag_media_of(part.items)
                fresh = tuple(post for post in posts if post.native_id not in told)
                told |= {post.native_id for post in fresh}
                oldest, is_clipped = min([oldest, *times_of(part.items)]), part.is_clipped
                if part.items:
                    yield Page(fresh, hashtags.cursor(), broken=broken)
        except (Refused, Missing) as error:
            refused.append(f"#{name} ({_why(error)})")
            continue
        unheard = _unheard(hashtags.read_at(name, now), oldest if is_clipped else None, now) if known else ()
        hashtags = hashtags.read(name, hashtag_id, now)
        yield Page((), hashtags.cursor(), is_unchanged=True, unheard=unheard)
    if refused:
        raise Refused(f"Instagram n'écoute pas : {', '.join(refused)}. Retirez-les, ou attendez ; les autres sont lus.")


async def _recent(graph: Graph, account_id: str, hashtag_id: str, since: datetime) -> AsyncIterator[GraphPage]:
    """Yield the media of a hashtag until a page lies wholly behind `since`."""
    params = {"user_id": account_id, "fields": HASHTAG_FIELDS}
    async for page in graph.pages(f"{hashtag_id}/recent_media", params, size=MEDIA_A_PAGE, most=MOST_PAGES):
        yield page
        times = times_of(page.items)
        if times and max(times) < since:
            return


async def _id_of(graph: Graph, account_id: str, name: str) -> str:
    """Return the number of a hashtag; Meta gives it in a list or, as its guide shows, alone."""
    told = await graph.node("ig_hashtag_search", {"user_id": account_id, "q": name})
    found = told.get("data")
    hashtag_id = id_of(mapping_of(found[0] if isinstance(found, list) and found else told).get("id"))
    if hashtag_id is None:
        raise Missing("inconnu")
    return hashtag_id


def _unheard(read_at: datetime, clipped_at: datetime | None, now: datetime) -> tuple[Unheard, ...]:
    """Return what of a hashtag since `read_at` is shown no more, or stands behind more pages than are read."""
    forgotten, start = now - WINDOW, max(read_at, now - WINDOW)
    gaps = []
    if read_at < forgotten:
        gaps.append(Unheard(forgotten, GapCause.FORGOTTEN, read_at, is_lost=True))
    if clipped_at and clipped_at > start:
        gaps.append(Unheard(clipped_at, GapCause.CLIPPED, start, is_lost=True))
    return tuple(gaps)


def _why(error: Refused | Missing) -> str:
    complaint = Complaint.read(error.answer.body) if error.answer else None
    match complaint and complaint.code:
        case 18:
            return f"quota de {MOST_HASHTAGS} par semaine"
        case 24:
            return "inconnu ou écarté par Instagram"
    return "refusé par Instagram" if complaint else "inconnu"
