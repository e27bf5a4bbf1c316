"""The page's composition: its views in the order of the navigation, and what each of them stands on."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import pipelines
from pipelines.packaged import packaged_themes
from pipelines.topics import MOST_TOPICS
from watcher import drain
from watcher.alerts.judging import Judging
from watcher.app import House, Installation, examples_of, preview
from watcher.config import PageConfig
from watcher.difference import Preview
from watcher.model import Post
from watcher.ports import Lending
from watcher.stores.digests import FOLDER, DigestFiles
from watcher.stores.journal import Journal
from watcher.stores.queries import Queries
from watcher.stores.queries.explorer import Explorer
from watcher.stores.queries.lately import Lately
from watcher.stores.queries.platforms import Platforms
from watcher.stores.queries.waiting import Desk
from watcher.translation import build_packaged_nlp, labels, territory_of, themes_of
from watcher.upkeep.checkup import standings
from watcher.upkeep.correction import Proofreader
from watcher.upkeep.examples import Teacher
from watcher.web.app import Access, create_app
from watcher.web.correction import correction_view
from watcher.web.digests import digests_view
from watcher.web.explorer import explorer_view
from watcher.web.frame import Site
from watcher.web.memory import Memory
from watcher.web.opinions import Opinions
from watcher.web.platforms import platforms_view
from watcher.web.settings import settings_view
from watcher.web.sources import sources_view
from watcher.web.trends import Deliveries, Foundations, trends_view
from watcher.web.trials import Trial, trial
from watcher.web.waiting import waiting_view
from watcher.words import Edit

if TYPE_CHECKING:
    from starlette.types import ASGIApp

GAPS_SHOWN = timedelta(days=7)
"""How far back the page tells what was not heard; `watcher gaps` goes further."""


TRIAL_POSTS = 5_000
"""Read again in some ten seconds: as long as a reader of the page waits."""


def page(
    house: House, banner: str | None = None, edit: Callable[[], Edit] = Edit, memory: Memory | None = None
) -> "ASGIApp":
    """Return the local page of this house. With the same `memory`, it is still the page that it was before an edit."""
    loaded, now, elastic = house.installation.config, house.line.clock.now, house.elastic
    first = foundations(house)
    names = first.labels
    views = [
        trends_view(first),
        waiting_view(Desk(elastic.client, elastic.prefix), loaded.instance.retention.identifiers, names, now),
        explorer_view(
            Explorer(elastic.client, elastic.prefix),
            names,
            now,
            house.journal.gaps.between,
            Counter(source.platform for source in loaded.sources),
        ),
        platforms_view(
            Platforms(elastic.client, elastic.prefix),
            {source.platform for source in loaded.sources},
            house.journal.gaps.between,
            names,
            now,
        ),
        sources_view(
            Lately(elastic.client, elastic.prefix),
            first.standings,
            loaded.sources,
            house.journal.gaps.between,
            now,
        ),
        digests_view(DigestFiles(house.installation.data / FOLDER)),
        correction_view(proofreader(house), names, MOST_TOPICS),
        settings_view(loaded, names, trial(partial(try_words, house), names)),
    ]
    team = [member.name for member in loaded.team]
    access = access_of(loaded.instance.page)
    site = Site(loaded.instance.name, now, edit, banner, team, memory or Memory(), is_private=access is not None)
    return create_app(views, site, access)


def access_of(settings: PageConfig) -> Access | None:
    """Return how the page is opened from elsewhere, None where it is for this machine alone."""
    if settings.password is None:
        return None
    return Access(frozenset(settings.names), settings.password.value)


def proofreader(house: House) -> Proofreader:
    """Return what corrects the topics of posts in `house`; where its team has no file, nothing is learned of it."""
    names, examples = labels(house.installation.config).topics, examples_of(house.installation, house.journal)

    async def unheard(_: Post, __: Sequence[str]) -> str:
        return ""

    leases = {name: lending.lease for name, lending in house.collectors.items() if isinstance(lending, Lending)}
    teach = Teacher(examples, names, leases).teach if examples else unheard
    return Proofreader(house.journal, house.elastic, names, house.line.clock.now, teach)


def foundations(house: House) -> Foundations:
    """Return what the first view stands on in `house`."""
    loaded, journal, now = house.installation.config, house.journal, house.line.clock.now
    return Foundations(
        queries=Queries(house.elastic.client, house.elastic.prefix),
        said=Opinions(Judging(journal, loaded.alerts.rules), now),
        standings=lambda: standings(journal, loaded.sources, loaded.paused, now()),
        gaps=lambda: journal.gaps.between(now() - GAPS_SHOWN, now()),
        deliveries=lambda: deliveries(journal, now()),
        labels=labels(loaded),
        now=now,
    )


def deliveries(journal: Journal, now: datetime) -> Deliveries:
    """Return what the journal holds, and why nothing leaves it when somebody must act."""
    state = drain.load_state(journal)
    alarm = state.message if state.is_alarming(now) else ""
    return Deliveries(journal.waiting(), journal.dead_letters.count(), alarm)


async def try_words(house: House, trial: Trial) -> Preview:
    """Return what a topic would catch with the words of `trial`, of the posts that `house` holds."""
    until = house.line.clock.now()
    drafted = _with_words(house.installation, trial)
    return await preview(
        drafted, house.elastic, since=until - timedelta(days=trial.days), until=until, at_most=TRIAL_POSTS
    )


def _with_words(installation: Installation, trial: Trial) -> Installation:
    is_packaged, loaded = installation.build_nlp is build_packaged_nlp, installation.config
    themes = [
        replace(theme, words=theme.words + trial.words, exclusions=theme.exclusions + trial.excluded)
        if theme.id == trial.topic
        else theme
        for theme in (packaged_themes() if is_packaged else themes_of(loaded))
    ]
    territory = None if is_packaged else territory_of(loaded)
    return replace(installation, build_nlp=partial(pipelines.build, themes, territory, installation.topic_weights))
