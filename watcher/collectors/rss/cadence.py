"""How long a feed and its server ask to be left alone. Pure."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from watcher.collectors.rss.dates import read_date

LONGEST_S = 3600.0
"""Beyond an hour these figures are mostly defaults of a CMS (a `ttl` of a day, a year in a cache header), and a feed
that holds ten items may have turned over meanwhile. A conditional GET an hour costs a server nothing."""

_MAX_AGE = re.compile(r"\bmax-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)


def poll_after_s(headers: Mapping[str, str], asked_by_feed_s: float | None, now: datetime) -> float | None:
    """Return the longest of what the feed, `Cache-Control: max-age` and else `Expires` ask for, at most an hour."""
    max_age = _MAX_AGE.search(headers.get("cache-control", ""))
    expires_at = read_date(headers.get("expires", ""))
    if max_age:
        asked_by_server_s = float(max_age[1])
    elif expires_at:
        asked_by_server_s = (expires_at - now) / timedelta(seconds=1)
    else:
        asked_by_server_s = 0.0
    asked_s = max(asked_by_server_s, asked_by_feed_s or 0.0)
    return min(asked_s, LONGEST_S) if asked_s > 0 else None
