"""A page that has everything to show: ordinary posts and hostile ones, sources in every state."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from starlette.types import ASGIApp

from tests.fakes.clock import NOON
from tests.fakes.digest_files import FakeDigestFiles
from tests.fakes.digests import morning_facts, week_facts
from tests.fakes.lately import FakeLately
from tests.fakes.page import LABELS, FakeQueries, page
from tests.fakes.platforms import FakePlatforms
from tests.fakes.posts import written
from watcher.budget import Budget, Cost
from watcher.difference import Comparison, Preview, differences
from watcher.digest.morning import morning
from watcher.digest.page import page as digest_page
from watcher.digest.week import week
from watcher.errors import Mistake
from watcher.gaps import Fate, Gap
from watcher.health import Standing
from watcher.model import GapCause, Outcome, Post, SourceState
from watcher.normalise import post_id
from watcher.spending import Spent, accounts
from watcher.stores.queries import HashtagCount, PlacedPost, ShownTrend, Totals
from watcher.stores.queries.platforms import Compared, Heard, Own
from watcher.trend import Hearing, Trend, TrendState, Why
from watcher.web.trials import Trial
from watcher.words import Edit

DIGEST = digest_page(morning(morning_facts(), LABELS.named), "Veille d'essai")
WEEK_DIGEST = digest_page(week(week_facts(), LABELS.topics), "Veille d'essai")
TRIAL = "/essai?theme=lycees&mots=cantine%2C+salle+d%27%C3%A9tude&jours=7"
VIEWS = {
    "all": "/",
    "error": "/explorer?theme=cuisine",
    "trial": TRIAL,
    "settings": "/reglages",
    "digests": "/bilans",
    "morning": "/bilans/2026-11-24.html",
    "week": "/bilans/2026-semaine-47.html",
    "waiting": "/a-repondre",
    "correction": f"/theme?message={post_id('rss', 'b')}",
    "sources": "/sources",
    "platforms": "/plateformes?jours=7",
    "explorer": "/explorer?mots=march%C3%A9&theme=lycees",
}

TEAM = ("Anne", "Karim")

EDIT = Edit(
    "thème lycees : 2 mots ajoutés",
    NOON,
    "Vos derniers réglages ne peuvent pas être pris : themes.yml, ligne 12 : clé « nam » n'existe pas (et 1 de plus). "
    "La veille continue avec les précédents. Corrigez, puis enregistrez : « watcher check » dit tout.",
    (
        Mistake("themes.yml", "la clé « nam » n'existe pas", 12, 5, "themes › 3 › nam", "écrivez « nom »"),
        Mistake("sources.yml", "il manque un guillemet à la fin", 40),
    ),
)

HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)><a href='javascript:alert(1)'>x</a>",
    "\u202e\u2067renversé\u202e " * 30,
    "mot" * 3000,
    "Z\u0351\u036b\u0343\u036a\u0302\u036b" * 200,
    "مرحبا بالعالم " * 40,
    "</p></article></main></body><style>*{display:none}</style>",
)

STATES = (
    SourceState("gazette", last_run_at=NOON, outcome=Outcome.OK, posts=12),
    SourceState("mairie", last_run_at=NOON, outcome=Outcome.GONE, failures=3),
    SourceState("radio", last_run_at=NOON, outcome=Outcome.RATE_LIMITED, not_before=NOON + timedelta(hours=1)),
    SourceState("nouvelle"),
)

GAPS = (
    Gap("mairie", "rss", GapCause.OUTAGE, NOON - timedelta(hours=9), NOON - timedelta(hours=5), Fate.LOST, 4),
    Gap("radio", "rss", GapCause.WAIT, NOON - timedelta(minutes=30)),
)

_HEARD = Hearing(NOON, score=6.0, voices=11.6, expected=0.2)


def trends() -> list[ShownTrend]:
    """Return a trend that has everything to tell, and a hostile one that nobody drew."""
    why = Why(
        ("pluie", "pont"),
        platforms=("rss",),
        departements=("34",),
        communes=("34145",),
        curve=(0, 0, 1, 0, 0, 0, 4, 9, 7, 5),
    )
    crue = Trend("hashtag", "crue", NOON - timedelta(minutes=40), _HEARD, _HEARD, TrendState.RISING, why)
    hostile = Trend("mot", HOSTILE[2], NOON - timedelta(hours=3), _HEARD, _HEARD, why=Why(terms=(HOSTILE[0],)))
    return [ShownTrend(crue, tuple(posts()[:3])), ShownTrend(hostile, ())]


def posts() -> list[Post]:
    told = [
        written("a", NOON - timedelta(minutes=3), topics=("crises",), communes=("34145",), to_answer=True),
        written("b", NOON - timedelta(hours=2), topics=("lycees",), departements=("30",), relevance="institution"),
    ]
    return told + [
        replace(written(f"h{n}", hashtags_raw=(text,)), title=text, text=f"{text}.", url=f"javascript:alert({n})")
        for n, text in enumerate(HOSTILE)
    ]


LISTENED = frozenset({"rss", "bluesky", "mastodon"})


def standings() -> list[Standing]:
    """Return the sources, some with a budget and a key that ends."""
    budget = Budget(calls_per_day=100, euros_per_month=Decimal(20))
    spent = Spent(Cost(calls=85), Cost(calls=900))
    mairie, *others = (Standing(state) for state in STATES)
    return [replace(mairie, accounts=accounts(budget, spent, NOON), expires_at=NOON + timedelta(days=6)), *others]


def lately() -> FakeLately:
    """Return the last posts of sources, a hostile one among them."""
    return FakeLately({f"source-{number}": PlacedPost(NOON, post) for number, post in enumerate(posts())})


def compared() -> FakePlatforms:
    """Return platforms that are heard well, late, no longer and not yet."""
    long_ago = NOON - timedelta(days=400)
    heard = {
        "rss": Heard(420, 61, 37, 30, 2, {"crises": 200, "lycees": 80}, long_ago),
        "bluesky": Heard(1_204, 480, 612, None, 44, {"lycees": 700}, NOON - timedelta(days=3)),
        "x": Heard(12, 3, 11, 1, 1, {"crises": 1}, long_ago),
        "facebook": Heard(since=long_ago),
    }
    own = {"x": Own(30, 4_100, 82_000, NOON), "facebook": Own(4)}
    return FakePlatforms(Compared(heard, own))


async def tried(trial: Trial) -> Preview:
    """Gain every post that is shown, hostile ones too, over the days, and lose one."""
    since = NOON - timedelta(days=trial.days)
    gained = [
        Comparison(replace(post, collected_at=NOON - timedelta(days=number % 5)), (trial.topic,))
        for number, post in enumerate(posts() * 3)
    ]
    lost = Comparison(written("lost", topics=(trial.topic,)), ())
    return Preview(since, NOON, 5_000, 14_000, differences([*gained, lost], since, NOON))


def shown_page() -> ASGIApp:
    """Return the page over all that."""
    found = Totals(posts=8, to_answer=1, by_topic={"crises": 5, "lycees": 1}, by_relevance={"hors_sujet": 2})
    tags = [HashtagCount("inondations", posts=5, voices=4), HashtagCount(HOSTILE[2], posts=1, voices=1)]
    queries = FakeQueries(posts(), tags, found, shown=trends())
    digests = FakeDigestFiles({"2026-11-24": DIGEST, "2026-semaine-47": WEEK_DIGEST})
    return page(
        queries,
        states=STATES,
        gaps=GAPS,
        banner="DÉMO",
        try_words=tried,
        compared=compared(),
        listened=LISTENED,
        team=TEAM,
        edit=EDIT,
        digests=digests,
        standings=standings(),
        lately=lately(),
    )
