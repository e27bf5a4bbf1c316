"""What the demo must show, told from what is written; whatever is missing is said in French. Pure."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from watcher.demo.everyday import towns
from watcher.demo.scenario import LIVE, TICK, Scripted, folded, voices_at
from watcher.demo.sites import SICK
from watcher.demo.stories import Story, stories
from watcher.french import hour
from watcher.model import Outcome
from watcher.words import OUTCOMES

VOICES = 5
"""A story that lives by a hashtag is one when so many distinct people have used it."""

DELAY = 2 * TICK
"""What may pass between then and the alert."""

_HEARD_SHARE = 0.75  # no reading of what people want is certain; fewer than three out of four is a fault

CALLS = 6
NEWS = 2
"""What must be written, so that nobody can take it out of the world and be told that nothing lacks."""

TOPICS = frozenset(
    "lycees formation mobilites jeunesse economie environnement agriculture sante culture sport tourisme numerique "
    "crises institution solidarites".split()
)
"""Each is spoken of somewhere in what is written."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What follows from the scenario. Posts are known by their links.

    `calls` are those that the team must not miss, `waiting` all whose authors wait for an answer. `alerts` says for
    each hashtag by when it must be alerted on; `rings` are those that must not be. Before `opens_at` all is history.
    """

    links: frozenset[str]
    ill: Mapping[str, Outcome]
    topics: frozenset[str]
    departements: frozenset[str]
    calls: frozenset[str]
    waiting: frozenset[str]
    alerts: Mapping[str, datetime]
    rings: frozenset[str]
    opens_at: datetime


@dataclass(frozen=True, slots=True)
class Observed:
    """What was found at the other end: how often each link is stored, and when each hashtag was alerted on.

    `hashtags` are those of the posts that trends are made of.
    """

    links: Mapping[str, int]
    ill: Mapping[str, Outcome]
    topics: frozenset[str]
    departements: frozenset[str]
    to_answer: frozenset[str]
    alerts: Mapping[str, datetime]
    hashtags: frozenset[str]


def expected(posts: Sequence[Scripted], link: Callable[[Scripted], str], now: datetime) -> Expected:
    """Return what a whole play of `posts`, which ends at `now`, must give; `link` tells under which link each is."""
    called = {story.name for story in stories() if story.awaits_answer}
    return Expected(
        links=frozenset(map(link, posts)),
        ill=SICK,
        topics=TOPICS,
        departements=frozenset(town.departement for town in towns()),
        calls=frozenset(link(post) for post in posts if post.story in called),
        waiting=frozenset(link(post) for post in posts if post.awaits_answer),
        alerts={
            folded(story.tag): voices_at(posts, story.tag, VOICES) + DELAY for story in stories() if emerges(story, now)
        },
        rings=frozenset(folded(story.tag) for story in stories() if story.accounts),
        opens_at=now - LIVE,
    )


def emerges(story: Story, now: datetime) -> bool:
    """Tell whether people take up the hashtag of `story` while the last hours are played."""
    return bool(story.tag) and not story.accounts and story.starts_at(now) >= now - LIVE - TICK


def missing(observed: Observed, expected: Expected) -> list[str]:
    """Return a sentence for each thing that is not as written; none when the demo is whole."""
    return list(_missing(observed, expected))


def _missing(observed: Observed, expected: Expected) -> Iterator[str]:
    yield from _unwritten(expected)
    yield from _miscounted(Counter(observed.links), expected.links)
    for source in sorted(observed.ill.keys() | expected.ill.keys()):
        wanted, found = (OUTCOMES[ill[source]] if source in ill else "lue" for ill in (expected.ill, observed.ill))
        if wanted != found:
            yield f"{source} : « {wanted} » attendu, « {found} » obtenu"
    yield from (f"thème jamais reconnu : {topic}" for topic in sorted(expected.topics - observed.topics))
    yield from (
        f"département jamais reconnu : {code}" for code in sorted(expected.departements - observed.departements)
    )
    if unheard := len(expected.calls - observed.to_answer):
        yield f"à répondre : {unheard} des {len(expected.calls)} appels à l'aide n'y sont pas"
    heard, waiting = len(expected.waiting & observed.to_answer), len(expected.waiting)
    if heard < _HEARD_SHARE * waiting:
        yield f"à répondre : {heard} personnes entendues sur {waiting}, les trois quarts au moins étaient attendus"
    yield from _misjudged(observed.alerts, expected)
    yield from (
        f"#{tag} mis à l'écart : rien ne dit qu'il ne donnerait pas d'alerte"
        for tag in sorted(expected.rings - observed.hashtags)
    )


def _unwritten(expected: Expected) -> Iterator[str]:
    if len(expected.calls) < CALLS:
        yield f"monde écrit : {len(expected.calls)} appels à l'aide, il en faut {CALLS}"
    if len(expected.alerts) < NEWS:
        yield f"monde écrit : {len(expected.alerts)} hashtag qui naît, il en faut {NEWS} (la crue et un autre)"
    if not expected.rings:
        yield "monde écrit : personne n'y gonfle de hashtag, il faut que quelqu'un essaie"


def _miscounted(found: Counter[str], wanted: frozenset[str]) -> Iterator[str]:
    counts = {
        "n'est pas arrivée": len(wanted - found.keys()),
        "est là plus d'une fois": sum(count > 1 for count in found.values()),
        "n'a été écrite par personne": len(found.keys() - wanted),
    }
    yield from (f"publication qui {fault} : {count}" for fault, count in counts.items() if count)


def _misjudged(alerts: Mapping[str, datetime], expected: Expected) -> Iterator[str]:
    for tag, latest in expected.alerts.items():
        if tag not in alerts:
            yield f"aucune alerte sur #{tag}"
        elif alerts[tag] > latest:
            yield f"alerte sur #{tag} tardive : {hour(alerts[tag])}, attendue avant {hour(latest)}"
    yield from (
        f"alerte sur #{tag} à {hour(at)} : ce n'était encore que l'histoire"
        for tag, at in sorted(alerts.items())
        if at < expected.opens_at
    )
    yield from (
        f"alerte de trop : #{tag} est l'œuvre de quelques comptes" for tag in sorted(expected.rings & alerts.keys())
    )
