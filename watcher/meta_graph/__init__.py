"""Meta's Graph API as the collectors of its platforms speak it, and nothing of any one platform.

`graph` asks and turns pages, `gone` finds what is there no more, `refusals` says what errors and usage headers mean,
`values` reads values. Collectors do not know each other: what they share of a language lives here, below them.
"""

from watcher.meta_graph.gone import calls_of, gone_among
from watcher.meta_graph.graph import Graph, GraphPage, expires_at
from watcher.meta_graph.refusals import Missing, RightMissing
from watcher.meta_graph.values import count_of, id_of, mapping_of, summed, time_of, words_of

__all__ = [
    "Graph",
    "GraphPage",
    "Missing",
    "RightMissing",
    "calls_of",
    "count_of",
    "expires_at",
    "gone_among",
    "id_of",
    "mapping_of",
    "summed",
    "time_of",
    "words_of",
]
