"""A morning and a week as the digests find them: a flood, six calls, a source that fell silent, a gap on Tuesday."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from tests.fakes.posts import written
from watcher.activity import AccountDay, Activity, Asked, Group
from watcher.digest.comparison import hearing
from watcher.digest.edition import Morning, Week
from watcher.digest.facts import MorningFacts, Past, WeekFacts
from watcher.gaps import Fate, Gap
from watcher.health import Condition, SourceHealth, Standing
from watcher.model import GapCause, Intent, Outcome, SourceState
from watcher.trend import Hearing, Trend, TrendState, Why

HOUR = timedelta(hours=1)
MORNING = Morning(date(2026, 11, 24), time(8, 30))
WEEK = Week(2026, 47)
MADE_AT = datetime(2026, 11, 24, 7, 31, tzinfo=UTC)
"""One minute after the hour of the morning's digest, in Paris."""

CURVE = (0, 0, 1, 0, 2, 5, 11, 19, 24, 17)
PEAK = MADE_AT - 2 * HOUR
EXAMPLE = replace(
    written("flood"), text="L'eau monte dans la rue de la Halle, les pompiers arrivent.", platform="mastodon"
)
FLOOD = Trend(
    "hashtag",
    "crue",
    PEAK - HOUR,
    Hearing(PEAK, 9.0, 34.0, 2.0),
    Hearing(PEAK, 9.0, 34.0, 2.0),
    TrendState.RISING,
    Why(terms=("inondation",), examples=(EXAMPLE.id,), communes=("34145",), curve=CURVE),
)
TRAIN = replace(
    FLOOD,
    term="untrainpourmende",
    since=PEAK - 10 * HOUR,
    state=TrendState.FALLING,
    peak=Hearing(PEAK - 9 * HOUR, 6.0, 12.0, 0.5),
    why=Why(),
)


def asked(
    name: str, intent: Intent, ago: timedelta, text: str = "", answered: timedelta | None = None, **reading: object
) -> Asked:
    """Return a call of so long before the digest's hour, answered so long after, or not at all."""
    at = MORNING.due_at - ago
    post = replace(written(name, at, intent=intent, to_answer=True, **reading), text=text or f"Qui m'aide ? ({name})")
    return Asked(at, post, None if answered is None else at + answered)


CALLS = (
    asked(
        "flood", "demande_aide", 2 * HOUR, "Bloqués à l'étage rue de la Halle, il y a quelqu'un ? L'eau monte encore."
    ),
    asked("bus", "question", 20 * HOUR, "Le car liO 651 passe-t-il ce matin ?"),
    asked("oldest", "plainte", 75 * HOUR, "Toujours pas de chauffage à l'internat, troisième jour."),
    asked("diploma", "demande_aide", 30 * HOUR, "J'aimerais apprendre l'informatique et je n'ai aucun diplôme."),
    asked("road", "signalement", 5 * HOUR, "Arbre tombé sur la ligne du train à hauteur de Lunel."),
    asked("grant", "question", 50 * HOUR, "Quand arrive la bourse de rentrée ?"),
    asked("answered", "question", 26 * HOUR, answered=3 * HOUR),
)


def a_source(name: str, condition: Condition, why: str = "", advice: str = "") -> SourceHealth:
    """Return how a source goes."""
    return SourceHealth(Standing(SourceState(name, outcome=Outcome.OK, posts=9)), condition, why, advice)


SOURCES = (
    a_source("mairie-fermee", Condition.BROKEN, "La page n'existe plus.", "Cherchez la nouvelle adresse sur le site."),
    a_source("blog", Condition.SILENT, "0 publication en 12 h ; d'habitude, à ces heures : 14.", "Ouvrez-la."),
    a_source("gazette", Condition.RUNNING),
    a_source("bluesky", Condition.RUNNING),
)
TUESDAY = datetime(2026, 11, 17, 13, tzinfo=UTC)
GAP = Gap("bluesky", "bluesky", GapCause.OUTAGE, TUESDAY, TUESDAY + 4 * HOUR, Fate.LOST, posts=40)


def morning_facts() -> MorningFacts:
    """Return a morning of much."""
    night = Gap("bluesky", "bluesky", GapCause.OUTAGE, MORNING.due_at - 6 * HOUR, None, Fate.LASTING)
    return MorningFacts(
        MORNING,
        MADE_AT,
        Activity(Group(412, 203, 0, 14)),
        trends=(TRAIN, FLOOD),
        examples={EXAMPLE.id: EXAMPLE},
        asked=CALLS,
        sources=SOURCES,
        gaps=(night,),
        made_good=1,
    )


def group(posts: int, voices: int, to_answer: int = 0, nameless: int = 0, **by_source: int) -> Group:
    """Return a group, its posts from `by_source`."""
    return Group(posts, voices, nameless, to_answer, by_source)


def an_activity(platforms: Mapping[str, Group], topics: Mapping[str, Group]) -> Activity:
    """Return the activity of `platforms`, whose total is their sum."""
    by_source = {source: posts for each in platforms.values() for source, posts in each.by_source.items()}
    sums = [
        sum(getattr(each, name) for each in platforms.values()) for name in ("posts", "voices", "nameless", "to_answer")
    ]
    return Activity(Group(*sums, by_source), platforms, topics)


def a_past(
    week: Week, activity: Activity, gaps: Sequence[Gap] = (), firsts: Mapping[str, datetime] | None = None
) -> Past:
    """Return a week in which `gaps` were not heard."""
    known = firsts or {}
    return Past(week, activity, hearing(week.span, gaps, known, known.keys()))


def week_facts() -> WeekFacts:
    """Return a week with a gap of four hours, Bluesky barely comparable, Mastodon not at all."""
    this = an_activity(
        {
            "rss": group(820, 48, 12, gazette=500, blog=320),
            "bluesky": group(310, 190, 31, bluesky=310),
            "mastodon": group(96, 51, 9, piaille=96),
        },
        {
            "crises": group(420, 180, 21, gazette=200, bluesky=160, piaille=60),
            "mobilites": group(260, 90, 18, gazette=160, bluesky=100),
            "lycees": group(14, 9, 3, gazette=10, piaille=4),
        },
    )
    last = an_activity(
        {
            "rss": group(760, 47, 10, gazette=450, blog=310),
            "bluesky": group(260, 150, 20, bluesky=260),
            "mastodon": group(40, 22, 4, piaille=40),
        },
        {
            "crises": group(60, 30, 4, gazette=40, bluesky=20),
            "mobilites": group(280, 96, 15, gazette=170, bluesky=110),
            "lycees": group(9, 7, 2, gazette=9),
        },
    )
    then = an_activity({"rss": group(610, 0, 8, 610, gazette=610)}, {"crises": group(80, 0, 2, 80, gazette=80)})
    outage = Gap(
        "piaille",
        "mastodon",
        GapCause.ACCESS,
        WEEK.before.span[0] + 20 * HOUR,
        WEEK.before.span[0] + 90 * HOUR,
        Fate.LOST,
    )
    firsts = {"gazette": datetime(2025, 3, 3, tzinfo=UTC), "bluesky": datetime(2026, 6, 1, tzinfo=UTC)}
    year = WEEK.year_before
    assert year is not None
    return WeekFacts(
        past=a_past(WEEK, this, [GAP]),
        before=a_past(WEEK.before, last, [outage]),
        year_before=a_past(year, then, firsts=firsts),
        made_at=datetime(2026, 11, 23, 8, tzinfo=UTC),
        by_day=(150, 141, 120, 188, 262, 214, 151),
        by_day_before=(160, 158, 149, 150, 171, 140, 132),
        writers=((1, 1, 1, 2), (0, 1, 1, 3), (0, 0, 2, 0), (0, 0, 2, 2), (1, 0, 0, 1)),
        asked=CALLS,
        followers=(
            AccountDay("instagram", "occitanie", date(2026, 11, 22), 99_410),
            AccountDay("instagram", "occitanie", date(2026, 11, 21), 99_390),
            AccountDay("instagram", "occitanie", date(2026, 11, 15), 99_120),
            AccountDay("instagram", "occitanie", date(2025, 11, 23), 91_000),
            AccountDay("facebook", "Région Occitanie", date(2026, 11, 20), 175_020),
        ),
        gaps=(GAP,),
        sources={"rss": ("gazette", "blog"), "bluesky": ("bluesky",), "mastodon": ("piaille",)},
    )
