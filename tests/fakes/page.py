"""What the page stands on, without a store: its questions answered from a list of posts."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from starlette.types import ASGIApp

from tests.fakes.clock import NOON
from tests.fakes.desk import FakeDesk
from tests.fakes.digest_files import FakeDigestFiles
from tests.fakes.explorer import FakeExplorer
from tests.fakes.lately import FakeLately
from tests.fakes.opinions import FakeOpinions
from tests.fakes.platforms import FakePlatforms
from tests.fakes.proofreading import FakeProofreading
from watcher.config import (
    AlertRule,
    AlertsConfig,
    Config,
    Instance,
    InstitutionConfig,
    Quiet,
    TerritoryConfig,
    ThemeConfig,
)
from watcher.difference import Preview
from watcher.errors import WatcherError
from watcher.gaps import Gap
from watcher.health import Standing
from watcher.model import Post, Source, SourceState
from watcher.stores.queries import HashtagCount, HourCount, PlacedPost, ShownTrend, Totals
from watcher.web.app import create_app
from watcher.web.correction import Proofreading, correction_view
from watcher.web.digests import Files, digests_view
from watcher.web.explorer import ExplorerQueries, explorer_view
from watcher.web.frame import Site
from watcher.web.platforms import PlatformQueries, platforms_view
from watcher.web.settings import settings_view
from watcher.web.sources import LastPosts, sources_view
from watcher.web.trends import Deliveries, Foundations, Said, trends_view
from watcher.web.trials import Trial, Try, trial
from watcher.web.waiting import DeskQueries, waiting_view
from watcher.words import Edit, Labels

LABELS = Labels(
    topics={"lycees": "Lycées", "crises": "Crises et intempéries"},
    departements={"30": "Gard", "34": "Hérault"},
    communes={"34145": "Lunel"},
)

SETTINGS = Config(
    Instance("Veille d'essai", "https://veille.example.org/", watched_words=("sans eau",)),
    sources=(Source("gazette", "rss", None, 900), Source("mairie", "rss", None, 900)),
    paused=(Source("radio", "mastodon", None, 900),),
    themes=(
        ThemeConfig("lycees", "Lycées", ("lycée", "internat"), ("Le lycée est fermé",), ("lycée de Versailles",)),
        ThemeConfig("crises", "Crises et intempéries", ("crue",)),
    ),
    territory=TerritoryConfig(InstitutionConfig(names=("Région Occitanie",), accounts=("laregion",))),
    alerts=AlertsConfig("#veille", Quiet(), rules=(AlertRule("crises", themes=("crises",), passes_the_night=True),)),
)


@dataclass
class FakeQueries:
    """Answers with `posts`, all of one hour, or raises `trouble`; `asked` counts how often."""

    posts: Sequence[Post] = ()
    hashtags: Sequence[HashtagCount] = ()
    found: Totals = field(default_factory=Totals)
    trouble: WatcherError | None = None
    shown: Sequence[ShownTrend] = ()
    copies: int = 0
    answered_at: datetime | None = None
    asked: int = 0

    async def latest_stories(self, limit: int, until: datetime) -> list[PlacedPost]:
        self.asked += 1
        if self.trouble is not None:
            raise self.trouble
        return [
            PlacedPost(post.published_at or until, post, self.copies, self.answered_at) for post in self.posts[:limit]
        ]

    async def top_hashtags(self, since: datetime, until: datetime, limit: int) -> list[HashtagCount]:
        assert since < until
        return list(self.hashtags[:limit])

    async def volume_by_hour(self, since: datetime, until: datetime) -> list[HourCount]:
        hours = -((since - until) // timedelta(hours=1))
        return [HourCount(since + timedelta(hours=hour), len(self.posts) if hour == 1 else 0) for hour in range(hours)]

    async def totals(self, since: datetime, until: datetime) -> Totals:
        assert since < until
        return self.found

    async def trends(self, now: datetime, limit: int) -> list[ShownTrend]:
        return list(self.shown[:limit])


async def nothing_found(trial: Trial) -> Preview:
    """Try words on an empty store."""
    return Preview(NOON - timedelta(days=trial.days), NOON)


def page(
    queries: FakeQueries,
    *,
    states: Sequence[SourceState] = (),
    gaps: Sequence[Gap] = (),
    waiting: int = 0,
    dead: int = 0,
    banner: str | None = None,
    try_words: Try | None = None,
    desk: DeskQueries | None = None,
    named: timedelta = timedelta(days=30),
    explorer: ExplorerQueries | None = None,
    proofreading: Proofreading | None = None,
    compared: PlatformQueries | None = None,
    listened: Collection[str] = ("rss",),
    team: Sequence[str] = (),
    said: Said | None = None,
    edit: Edit | None = None,
    digests: Files | None = None,
    lately: LastPosts | None = None,
    standings: Sequence[Standing] | None = None,
    sources: Sequence[Source] = (),
) -> ASGIApp:
    """Return the page over `queries`, twenty minutes after noon UTC."""
    known = standings or [Standing(state) for state in states]
    foundations = Foundations(
        queries=queries,
        said=said or FakeOpinions(),
        standings=lambda: known,
        gaps=lambda: gaps,
        deliveries=lambda: Deliveries(waiting, dead),
        labels=LABELS,
        now=now,
    )
    views = [
        trends_view(foundations),
        waiting_view(desk or FakeDesk(queries.posts), named, LABELS, now),
        explorer_view(explorer or FakeExplorer(queries.posts), LABELS, now, lambda *_: gaps, {"bluesky": 1}),
        platforms_view(compared or FakePlatforms(), listened, lambda *_: gaps, LABELS, now),
        sources_view(lately or FakeLately(), lambda: known, sources, lambda *_: gaps, now),
        digests_view(digests or FakeDigestFiles()),
        correction_view(proofreading or FakeProofreading(queries.posts), LABELS, most=2),
        settings_view(SETTINGS, LABELS, trial(try_words or nothing_found, LABELS)),
    ]
    return create_app(views, Site("Veille d'essai", now, lambda: edit or Edit(), banner, team))


def now() -> datetime:
    """Return twenty minutes after noon UTC."""
    return NOON + timedelta(minutes=20)
