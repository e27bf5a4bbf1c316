"""What people look at, asked of Elasticsearch: the page's and the demo's questions, answered with values."""

from watcher.stores.queries.clauses import PlacedPost
from watcher.stores.queries.front import (
    EVERYTHING,
    HashtagCount,
    HourCount,
    Queries,
    Selection,
    ShownTrend,
    Totals,
)

__all__ = [
    "EVERYTHING",
    "HashtagCount",
    "HourCount",
    "PlacedPost",
    "Queries",
    "Selection",
    "ShownTrend",
    "Totals",
]
