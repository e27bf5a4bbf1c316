"""The composition root: the only file that knows concrete classes. Everything the commands do starts here."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from watcher import __version__, collect, config, lessons
from watcher import preview as previewing
from watcher.alerts.blocks import Event, Link, Quote, message
from watcher.alerts.slack import Door, Slack, door_of
from watcher.alerts.telling import Telling
from watcher.backtest import Rehearsal
from watcher.clock import SystemClock
from watcher.config import AlertRule, Config, TerritoryConfig
from watcher.config.keys import secrets_of, with_secrets
from watcher.difference import Preview
from watcher.errors import Fatal
from watcher.fetch import HttpFetch, RobotsFetch
from watcher.flow import Line
from watcher.ports import Collector
from watcher.privacy import Pseudonyms
from watcher.reading import ReadingProcess
from watcher.secrets import Secret, cache_folder, environment, instance_key
from watcher.stores import embedded, opposition_copy
from watcher.stores.digests import FOLDER, DigestFiles
from watcher.stores.elastic import Elastic
from watcher.stores.embedded import Progress
from watcher.stores.journal import Journal
from watcher.stores.journal.messages import Role
from watcher.stores.lock import only_one
from watcher.translation import (
    build_nlp,
    build_packaged_nlp,
    collectors_of,
    labels,
    territories,
    watchlist_of,
)
from watcher.trend import Calendar
from watcher.trends.expectations import expectations
from watcher.trends.watch import HISTORY, Stand
from watcher.upkeep import erasure
from watcher.upkeep.erasure import Erased
from watcher.upkeep.examples import Examples

if TYPE_CHECKING:
    from spacy.language import Language


OPPOSITION = "opposition.txt"

PROGRAM = f"VeilleRegionale/{__version__}"
"""How we name ourselves to the platforms."""


def silent(_: str) -> None:
    """Report progress to nobody."""


@dataclass(frozen=True, slots=True)
class Installation:
    """One installation: what the team wrote, where its data are, and what the environment says.

    `build_nlp` makes the pipeline that reads its posts; it is called in another process, so it can be pickled. Alerts
    go through `door`, None where they are on the page alone. `config_folder` is None where nobody wrote a file.
    """

    config: Config
    data: Path
    build_nlp: "Callable[[], Language]" = build_packaged_nlp
    topic_weights: str | None = None
    elasticsearch_url: str | None = None
    elasticsearch_api_key: Secret | None = None
    elasticsearch_ca_file: Path | None = None
    door: Door | None = None
    allow_loopback: bool = False
    fetch_timeout_s: float = 30.0
    config_folder: Path | None = None

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """Return every secret that this installation knows, for the logs to erase."""
        api_key = (self.elasticsearch_api_key,) if self.elasticsearch_api_key else ()
        door = (self.door.secret,) if self.door else ()
        return api_key + door + secrets_of(self.config)

    @property
    def prefix(self) -> str:
        """Return what every index name of this instance begins with."""
        return self.config.instance.elasticsearch.prefix


@dataclass(frozen=True, slots=True)
class House:
    """Everything open: the line, the journal, Elasticsearch, and the collectors by platform."""

    installation: Installation
    line: Line
    journal: Journal
    elastic: Elastic
    collectors: Mapping[str, Collector]


def load_config(folder: Path, data: Path | None = None, proposed: Mapping[str, bytes] = MappingProxyType({})) -> Config:
    """Return the team's configuration, with the secrets that it names, those kept in `data` included.

    A `proposed` content stands in the place of the file of that name. Raises `ConfigError` with every mistake.
    """
    loaded = config.load(folder, {name: found.Settings for name, found in collect.find().items()}, proposed)
    return with_secrets(loaded, environment(data))


def installation_of(
    config_folder: Path, data: Path, proposed: Mapping[str, bytes] = MappingProxyType({})
) -> Installation:
    """Return the installation that `config_folder`, or what is `proposed`, and the `WATCHER_*` variables describe.

    Raises `ConfigError`.
    """
    loaded, variables, learned = load_config(config_folder, data, proposed), environment(data), lessons.read(data)
    api_key = variables.get("WATCHER_ELASTICSEARCH_API_KEY")
    ca_file = variables.get("WATCHER_ELASTICSEARCH_CA_FILE")
    return Installation(
        loaded,
        data,
        build_nlp=partial(build_nlp, loaded, learned),
        topic_weights=learned,
        elasticsearch_url=variables.get("WATCHER_ELASTICSEARCH_URL") or loaded.instance.elasticsearch.url,
        elasticsearch_api_key=Secret(api_key) if api_key else None,
        elasticsearch_ca_file=Path(ca_file) if ca_file else None,
        door=door_of(variables),
        allow_loopback=allows_loopback(),
        config_folder=config_folder,
    )


def allows_loopback() -> bool:
    """Tell whether sources on this very machine may be read: for tests alone, by `WATCHER_ALLOW_LOOPBACK=1`."""
    return environment().get("WATCHER_ALLOW_LOOPBACK") == "1"


def open_journal(data: Path) -> Journal:
    """Return the journal of this data folder, made if there is none. Raises `Fatal` when it is damaged."""
    data.mkdir(parents=True, exist_ok=True)
    journal = Journal(data / "journal.sqlite")
    # A lost journal starts anew, and who was erased must still stay out.
    journal.opposition.add(opposition_copy.read(data / OPPOSITION), SystemClock().now())
    return journal


def open_pseudonyms(data: Path, journal: Journal, territory: TerritoryConfig) -> Pseudonyms:
    """Return the pseudonyms of this instance; the key is made at the very first start.

    Raises `Fatal` when the key is gone though posts were collected with it: a new one would break erasure.
    """
    path = data / "pseudonymes.cle"
    if not path.exists() and journal.seen.count():
        raise Fatal(f"La clé des pseudonymes ({path}) a disparu. Remettez-la depuis la sauvegarde avant de continuer.")
    return Pseudonyms(instance_key(path), public_handles(territory))


def public_handles(territory: TerritoryConfig) -> frozenset[str]:
    """Return the handles that stay as they are."""
    return frozenset(handle.casefold() for handle in (*territory.institution.accounts, *territory.public_accounts))


@asynccontextmanager
async def open_elastic(installation: Installation, progress: Progress = silent) -> AsyncIterator[Elastic]:
    """Give the cluster that the instance names, else the embedded node of its data folder, started if need be."""
    async with AsyncExitStack() as stack:
        url = installation.elasticsearch_url
        if url is None:
            heap_mb = installation.config.instance.elasticsearch.heap_mb
            folder = installation.data / "elasticsearch"
            node = embedded.running(folder, cache_folder(), heap_mb=heap_mb, progress=progress)
            url = (await stack.enter_async_context(node)).url
        elastic = _elastic(installation, url)
        stack.push_async_callback(elastic.close)
        yield elastic


async def find_elastic(installation: Installation) -> Elastic | None:
    """Return the cluster that the installation names, else its embedded node if that runs; None when it does not."""
    url = installation.elasticsearch_url
    if url is None:
        node = await asyncio.to_thread(embedded.find, installation.data / "elasticsearch")
        url = node.url if node else None
    return _elastic(installation, url) if url else None


def _elastic(installation: Installation, url: str) -> Elastic:
    return Elastic(
        url,
        prefix=installation.prefix,
        api_key=installation.elasticsearch_api_key,
        ca_file=installation.elasticsearch_ca_file,
    )


@asynccontextmanager
async def open_house(installation: Installation, progress: Progress = silent) -> AsyncIterator[House]:
    """Open everything that collecting needs, alone on the data folder.

    Raises `Fatal` when another daemon holds it, and what opening Elasticsearch raises.
    """
    async with AsyncExitStack() as stack:
        stack.enter_context(only_one(installation.data))
        elastic = await stack.enter_async_context(open_elastic(installation, progress))
        line, journal, collectors = await stack.enter_async_context(open_line(installation))
        yield House(installation, line, journal, elastic, collectors)


@asynccontextmanager
async def open_line(installation: Installation) -> AsyncIterator[tuple[Line, Journal, Mapping[str, Collector]]]:
    """Open what takes posts into the journal: the daemon may run meanwhile, and delivers them."""
    async with AsyncExitStack() as stack:
        journal = open_journal(installation.data)
        stack.callback(journal.close)
        pseudonyms = open_pseudonyms(installation.data, journal, installation.config.territory)
        fetch = await stack.enter_async_context(open_fetch(installation))
        reader = await stack.enter_async_context(open_reader(installation))
        line = Line(fetch, journal, reader, pseudonyms, SystemClock())
        yield line, journal, collectors_of(installation.config, installation.data)


async def renewed(house: House, installation: Installation, *, changes_reading: bool) -> House:
    """Return `house` as `installation` wants it. Posts are then read by its topics, those under way by the former's."""
    if changes_reading and isinstance(house.line.reader, ReadingProcess):
        await house.line.reader.renew(installation.build_nlp)
    pseudonyms = replace(house.line.pseudonyms, public=public_handles(installation.config.territory))
    line = replace(house.line, pseudonyms=pseudonyms)
    return replace(
        house, installation=installation, line=line, collectors=collectors_of(installation.config, installation.data)
    )


def stand(house: House) -> Stand:
    """Return what the trend job stands on in `house`, and what its team asks to be heard."""
    loaded = house.installation.config
    name = labels(loaded).named

    def calendar(now: datetime) -> Calendar:
        gaps = house.journal.gaps.between(now - HISTORY, now)
        return expectations(loaded.calendar, gaps, loaded.sources)

    return Stand(house.journal, house.elastic, name, watchlist_of(loaded), calendar, telling=telling_of(house))


def telling_of(house: House) -> Telling | None:
    """Return how `house` tells the team elsewhere than on the page, None where it does not."""
    loaded, door = house.installation.config, house.installation.door
    if door is None:
        return None
    return Telling(loaded.alerts, labels(loaded).named, _links(loaded), hears_reactions=isinstance(door, Slack))


def rehearsal(loaded: Config, journal: Journal, elastic: Elastic, since: datetime, until: datetime) -> Rehearsal:
    """Return what a back-test of the rules of `loaded` from `since` to `until` stands on."""
    gaps = journal.gaps.between(since - HISTORY, until)
    calendar = expectations(loaded.calendar, gaps, loaded.sources)
    return Rehearsal(elastic, loaded.alerts, labels(loaded).named, watchlist_of(loaded), calendar)


async def try_rule(installation: Installation, rule: AlertRule) -> None:
    """Send a message of trial where `rule` sends its own. Raises what `Door.send` raises."""
    if installation.door is None:
        return
    event = Event(
        title=f"Essai de la règle « {rule.name} »",
        sentence="Ceci est un essai : rien n'est arrivé. Une vraie alerte dit ici de quoi on parle, où et combien.",
        curve=(0, 1, 1, 3, 8, 13),
        quotes=[Quote("Un message cité, et où le lire.", None, "Plateforme")],
        links=_links(installation.config),
        mentions=rule.mentions,
    )
    async with open_fetch(installation) as fetch:
        channel = rule.channel or installation.config.alerts.channel
        await installation.door.send(fetch, Role.PARENT, channel, message(event).body, None)


def _links(loaded: Config) -> tuple[Link, ...]:
    page = Link("la page", loaded.instance.page.url)
    if not loaded.alerts.kibana:
        return (page,)
    board = f"{loaded.instance.elasticsearch.prefix}posts-tableau-ensemble"
    return page, Link("Kibana", f"{loaded.alerts.kibana.rstrip('/')}/app/dashboards#/view/{board}")


@asynccontextmanager
async def open_fetch(installation: Installation) -> AsyncIterator[RobotsFetch]:
    """Give the one way out, which says who we are and where to complain, and obeys what a site asks of robots."""
    user_agent = f"{PROGRAM} (+{installation.config.instance.contact})"
    clock = SystemClock()
    async with HttpFetch(
        user_agent=user_agent,
        clock=clock,
        allow_loopback=installation.allow_loopback,
        total_timeout_s=installation.fetch_timeout_s,
    ) as fetch:
        yield RobotsFetch(fetch, clock=clock, user_agent=user_agent)


def open_reader(installation: Installation) -> ReadingProcess:
    """Return what reads posts with the team's topics and territory, in a process that starts at the first one."""
    return ReadingProcess(installation.build_nlp)


async def preview(
    installation: Installation,
    elastic: Elastic,
    *,
    since: datetime,
    until: datetime,
    at_most: int | None = None,
    done: Callable[[int], None] = lambda _: None,
) -> Preview:
    """Return what the topics of `installation` would catch of what `elastic` holds: see `preview.preview`."""
    async with open_reader(installation) as reader:
        where = territories(installation.config)
        return await previewing.preview(elastic, reader, where, since=since, until=until, at_most=at_most, done=done)


def examples_of(installation: Installation, journal: Journal) -> Examples | None:
    """Return the examples that the team's file learns from posts, None where there is no file."""
    if installation.config_folder is None:
        return None
    settings = {name: found.Settings for name, found in collect.find().items()}
    return Examples(installation.config_folder, settings, journal.corrections)


async def erase(installation: Installation, posts: Collection[str], author: str, platform: str) -> Erased:
    """Erase posts or an author: see `erasure.erase`. The daemon may run meanwhile, or not."""
    journal = open_journal(installation.data)
    elastic = await find_elastic(installation)
    try:
        pseudonyms = open_pseudonyms(installation.data, journal, installation.config.territory)
        done = await erasure.erase(
            journal, elastic, pseudonyms, SystemClock(), posts=posts, author=author, platform=platform
        )
        examples = examples_of(installation, journal)
        return replace(done, examples=await examples.take_out_orphans()) if examples else done
    finally:
        opposition_copy.write(installation.data / OPPOSITION, journal.opposition.all())
        DigestFiles(installation.data / FOLDER).forget_quotes()
        journal.close()
        if elastic is not None:
            await elastic.close()
