"""What the demo must show, told from what is written; whatever is missing is said in French. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from watcher.demo.scenario import Feed, folded
from watcher.demo.world import SICK, World
from watcher.model import Outcome
from watcher.web.words import OUTCOMES

_TOP = 3
_HEARD_SHARE = 0.75  # no reading of what people want is certain; fewer than three out of four is a fault

TOPICS = frozenset(
    "lycees formation mobilites jeunesse economie environnement agriculture sante culture sport tourisme numerique "
    "crises institution solidarites".split()
)
"""Each is spoken of somewhere in what is written."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What follows from the scenario. `to_answer` holds the links of the posts whose authors wait for the team."""

    posts: Mapping[str, int]
    outcomes: Mapping[str, Outcome]
    hashtags: tuple[str, ...]
    topics: frozenset[str]
    to_answer: frozenset[str]


@dataclass(frozen=True, slots=True)
class Observed:
    """What was found at the other end, in the same shape: posts in Elasticsearch, outcomes in the journal."""

    posts: Mapping[str, int]
    outcomes: Mapping[str, Outcome]
    hashtags: tuple[str, ...]
    topics: frozenset[str]
    to_answer: frozenset[str]


def expected(world: World) -> Expected:
    """Return what a whole run over `world` must give."""
    return Expected(
        posts={feed.name: len(feed.items) for feed in world.feeds},
        outcomes={**dict.fromkeys((feed.name for feed in world.feeds), Outcome.OK), **SICK},
        hashtags=top_hashtags(world.feeds),
        topics=TOPICS,
        to_answer=frozenset(world.link(feed, item) for feed in world.feeds for item in feed.items if item.needs_answer),
    )


def top_hashtags(feeds: tuple[Feed, ...]) -> tuple[str, ...]:
    """Return the tags of most voices, then of most posts, without case or accents; a feed is one voice."""
    voices: Counter[str] = Counter()
    posts: Counter[str] = Counter()
    for feed in feeds:
        voices.update(frozenset().union(*(item.hashtags for item in feed.items)))
        for item in feed.items:
            posts.update(item.hashtags)
    return tuple(sorted(voices, key=lambda tag: (-voices[tag], -posts[tag], tag))[:_TOP])


def missing(observed: Observed, expected: Expected) -> list[str]:
    """Return a sentence for each thing that is not as written; none when the demo is whole."""
    return list(_missing(observed, expected))


def _missing(observed: Observed, expected: Expected) -> Iterator[str]:
    for source, count in expected.posts.items():
        found = observed.posts.get(source, 0)
        if found != count:
            yield f"{source} : {found} publications dans Elasticsearch, {count} attendues"
    for source, outcome in expected.outcomes.items():
        ended = observed.outcomes.get(source)
        if ended is not outcome:
            yield f"{source} : « {OUTCOMES[outcome]} » attendu, « {OUTCOMES[ended] if ended else 'pas lue'} » obtenu"
    tags = {folded(tag) for tag in observed.hashtags}
    yield from (f"hashtag absent des premiers : #{tag}" for tag in expected.hashtags if tag not in tags)
    yield from (f"thème jamais reconnu : {topic}" for topic in sorted(expected.topics - observed.topics))
    heard, waiting = len(expected.to_answer & observed.to_answer), len(expected.to_answer)
    if heard < _HEARD_SHARE * waiting:
        yield f"à répondre : {heard} personnes entendues sur {waiting}, les trois quarts au moins étaient attendus"
