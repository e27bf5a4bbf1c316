"""The figures of our Page: who follows it, and what was done with its posts in the last twelve months."""

from watcher.collectors.linkedin.api import Api, escaped
from watcher.collectors.linkedin.wire import Wire, read
from watcher.model import AccountFigures, BrokenItem
from watcher.wire import Count, mapping_of


class _Size(Wire):
    first_degree_size: Count = None


class _Statistics(Wire):
    like_count: Count = None
    comment_count: Count = None
    share_count: Count = None
    impression_count: Count = None


async def figures_of(api: Api, own: str) -> AccountFigures:
    """Return what LinkedIn counts of the Page `own`. Raises what `api` raises."""
    size = read(_Size, await api.one(f"networkSizes/{escaped(own)}?edgeType=COMPANY_FOLLOWED_BY_MEMBER"))
    listing = await api.page(
        f"organizationalEntityShareStatistics?q=organizationalEntity&organizationalEntity={escaped(own)}", 0
    )
    first = mapping_of(listing.elements[0]) if listing.elements else {}
    given = read(_Statistics, mapping_of(first.get("totalShareStatistics")))
    statistics = _Statistics() if isinstance(given, BrokenItem) else given
    counts = {
        "likes": statistics.like_count,
        "comments": statistics.comment_count,
        "shares": statistics.share_count,
        "views": statistics.impression_count,
    }
    return AccountFigures(
        account=own,
        followers=None if isinstance(size, BrokenItem) else size.first_degree_size,
        engagement={kind: count for kind, count in counts.items() if count is not None},
    )
