"""What the morning's digest says: what rose, who waits for an answer, which sources are in trouble, what was not heard.

Pure.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from watcher.activity import Asked
from watcher.alerts.blocks import Quote
from watcher.alerts.rules import Name, sentence
from watcher.digest.comparison import hearing, when
from watcher.digest.document import Digest, Figure, Item, Section
from watcher.digest.facts import MorningFacts
from watcher.french import date_of, hour, lasting, number, paris, plural, weekday
from watcher.gaps import Fate, Gap
from watcher.health import Condition, SourceHealth
from watcher.model import PRESSING, Post
from watcher.trend import PHRASE, Trend
from watcher.words import FATES, GAP_CAUSES, INTENTS, PLATFORMS, TREND_STATES

WAITS = timedelta(days=7)
"""For how long a post without an answer is told: after a week, who asked has asked somebody else."""

_TRENDS = 8
_EXAMPLES = 2
_URGENT = 5
_SHOWN = 10  # sources and gaps: who wants more looks at the page
_TROUBLED = (Condition.BROKEN, Condition.TO_AUTHORISE, Condition.SILENT)


def morning(facts: MorningFacts, name: Name) -> Digest:
    """Return the digest of `facts`; `name` gives terms their French names."""
    since, until = facts.edition.span
    waiting = [asked for asked in facts.asked if asked.answered_at is None]
    troubled = [health for health in facts.sources if health.condition in _TROUBLED]
    total = facts.activity.total
    return Digest(
        name=facts.edition.name,
        title=f"Bilan du matin, {date_of(facts.edition.day)}",
        subtitle=f"De {_moment(since)} à {_moment(until)}",
        made_at=facts.made_at,
        figures=(
            Figure(number(total.posts), "publication" if total.posts < 2 else "publications"),  # noqa: PLR2004 - French plural
            Figure(voices(total.voices, total.nameless, total.posts), "voix"),
            Figure(number(len(waiting)), "sans réponse", f"depuis {WAITS.days} jours"),
            Figure(f"{len(facts.sources) - len(troubled)}/{len(facts.sources)}", "sources sans panne"),
        ),
        sections=(
            _rising(facts, name),
            _waiting(waiting, until),
            _troubled([*troubled, *_ending(facts.sources)]),
            _unheard(facts),
        ),
        definitions=_DEFINITIONS,
    )


_DEFINITIONS = (
    "Publications : celles des autres, hors sujet exclu ; ce que nos comptes ont écrit n'y est pas.",
    "Voix : auteurs distincts ; une source qui ne nomme pas ses auteurs compte pour une voix.",
    f"Sans réponse : messages des {WAITS.days} derniers jours qui en appellent une, et que nous avons laissés sans.",
    "Une réponse donnée ailleurs, au téléphone, en privé ou par un compte que la veille ne lit pas, ne se voit pas.",
)


def voices(known: int, nameless: int, posts: int) -> str:
    """Return how many voices there were, or the least there were when `nameless` of `posts` have lost their author."""
    if not nameless:
        return number(known)
    return f"au moins {number(known)}" if nameless < posts else "?"


def gap_items(gaps: Iterable[Gap], span: tuple[datetime, datetime]) -> list[Item]:
    """Return a line for each of `gaps`: those that last, then the latest."""
    ordered = sorted(gaps, key=lambda gap: (gap.fate is Fate.LASTING, gap.since), reverse=True)
    return [_gap(gap, span) for gap in ordered]


def _moment(at: datetime) -> str:
    return f"{weekday(at)} {paris(at).day} à {hour(at)}"


def _rising(facts: MorningFacts, name: Name) -> Section:
    until = facts.edition.span[1]
    told = [trend for trend in facts.trends if trend.kind != PHRASE or trend.why.called]
    ranked = sorted(told, key=lambda trend: trend.rank(max(until, trend.peak.at)), reverse=True)[:_TRENDS]
    items = [
        Item(
            sentence(trend, name),
            mark=TREND_STATES[trend.state],
            quotes=_examples(trend, facts),
            curve=trend.why.curve,
        )
        for trend in ranked
    ]
    return Section("Ce qui monte", "" if items else "Rien d'inattendu.", items)


def _examples(trend: Trend, facts: MorningFacts) -> tuple[Quote, ...]:
    found = [facts.examples[each] for each in trend.why.examples if each in facts.examples]
    return _quotes(found[:_EXAMPLES])


def _waiting(waiting: Sequence[Asked], now: datetime) -> Section:
    if not waiting:
        return Section("Qui attend une réponse", "Personne n'attend.")
    oldest = lasting(now - min(asked.at for asked in waiting))
    lead = f"{plural(len(waiting), 'message sans réponse', 'messages sans réponse')}, le plus ancien depuis {oldest}."
    items = [
        Item(
            f"Il y a {lasting(now - asked.at)}",
            mark=INTENTS[asked.post.reading.intent] if asked.post.reading else "",
            quotes=_quotes([asked.post]),
        )
        for asked in urgent(waiting)[:_URGENT]
    ]
    notes = (f"Les {len(items)} plus urgents ; tous sont sur la page.",) if len(waiting) > len(items) else ()
    return Section("Qui attend une réponse", lead, items, notes=notes)


def urgent(waiting: Iterable[Asked]) -> list[Asked]:
    """Return `waiting` in the order of the page: by what people want, what is said to us first, then the latest."""
    order = {intent: place for place, intent in enumerate(PRESSING)}

    def urgency(asked: Asked) -> tuple[int, bool, float]:
        reading = asked.post.reading
        wanted = order.get(reading.intent, len(order)) if reading else len(order)
        return wanted, not (reading and reading.relevance == "institution"), -asked.at.timestamp()

    return sorted(waiting, key=urgency)


def _ending(sources: Iterable[SourceHealth]) -> Iterator[SourceHealth]:
    """Yield the sources that go well and will not for long: their key ends."""
    return (health for health in sources if health.condition is Condition.RUNNING and health.why)


def _troubled(troubled: Sequence[SourceHealth]) -> Section:
    items = [
        Item(f"{health.state.name} : {health.why}", mark=health.condition.value, detail=health.advice)
        for health in troubled[:_SHOWN]
    ]
    return Section(
        "Sources en difficulté", "" if items else "Toutes répondent.", items, notes=_more(len(troubled) - len(items))
    )


def _unheard(facts: MorningFacts) -> Section:
    items = gap_items(facts.gaps, facts.edition.span)
    heard = plural(facts.made_good, "interruption rattrapée", "interruptions rattrapées")
    return Section(
        "Ce qui n'a pas été entendu",
        "" if items else "Rien : tout ce que les plateformes donnaient a été entendu.",
        items[:_SHOWN],
        notes=(*_more(len(items) - _SHOWN), *((f"{heard} depuis.",) if facts.made_good else ())),
    )


def _gap(gap: Gap, span: tuple[datetime, datetime]) -> Item:
    parts = hearing(span, [gap], {}, ()).deaf.get(gap.source, ())
    told = ", ".join(when(part, span) for part in parts)
    posts = f", environ {plural(gap.posts, 'message', 'messages')}" if gap.posts else ""
    cure = f"À combler par « watcher backfill {gap.source} »." if gap.fate is Fate.OPEN else ""
    return Item(f"{gap.source} : {told}, {GAP_CAUSES[gap.cause]}{posts}", mark=FATES[gap.fate], detail=cure)


def _more(count: int) -> tuple[str, ...]:
    return (f"Et {plural(count, 'autre', 'autres')} : voir la page.",) if count > 0 else ()


def _quotes(posts: Iterable[Post]) -> tuple[Quote, ...]:
    """Return `posts` as they are quoted; the words of some had to be forgotten already."""
    return tuple(
        Quote(post.title or post.text, post.url, PLATFORMS.get(post.platform, post.platform), post.id)
        for post in posts
        if post.title or post.text
    )
