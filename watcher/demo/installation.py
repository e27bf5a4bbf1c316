"""The demo's own installation: its data, its indices, and the topics and territory that ship with the program.

The team's settings and data, and the `WATCHER_*` variables, are neither read nor touched.
"""

import shutil
from pathlib import Path

from pipelines.packaged import packaged_themes
from watcher.alerts.slack import Slack
from watcher.app import Installation
from watcher.collectors.bluesky import Collector as Bluesky
from watcher.collectors.mastodon.settings import InstanceSettings
from watcher.collectors.rss import FeedSettings
from watcher.config import (
    AlertRule,
    AlertsConfig,
    Config,
    ElasticsearchConfig,
    Instance,
    InstitutionConfig,
    TerritoryConfig,
    ThemeConfig,
)
from watcher.demo.everyday import HEARD
from watcher.demo.press import Site, sites
from watcher.demo.sites import SICK
from watcher.demo.slack import TOKEN
from watcher.demo.spectators import TEAM
from watcher.demo.world import World
from watcher.model import Source
from watcher.secrets import Secret
from watcher.stores.lock import only_one

DATA = Path("var/demo")

_INSTANCE = Instance(
    name="Veille de démonstration",
    contact="https://demonstration.example.org/",
    elasticsearch=ElasticsearchConfig(prefix="demo-"),
)
_ALERTS = AlertsConfig(
    channel="#veille",
    rules=(AlertRule("crises", themes=("crises",), channel="#crises", passes_the_night=True), AlertRule("le reste")),
)
_TERRITORY = TerritoryConfig(InstitutionConfig())
_INTERVAL_S = 60.0  # somebody is watching


def installation(world: World, data: Path = DATA) -> Installation:
    """Return an installation whose sources are those of `world`."""
    sources = (
        *(_site(world, site) for site in sites()),
        *(Source(name, "rss", FeedSettings(address=world.feed_address(name)), _INTERVAL_S) for name in SICK),
        *(
            Source(name, "mastodon", InstanceSettings(instance=instance.address, hashtags=HEARD), _INTERVAL_S)
            for name, instance in world.instances.items()
        ),
        Source("bluesky", "bluesky", Bluesky.Settings(stream=world.stream.url()), _INTERVAL_S),
    )
    config = Config(
        _INSTANCE, sources=sources, paused=(), themes=_themes(), territory=_TERRITORY, alerts=_ALERTS, team=TEAM
    )
    return Installation(config, data, door=Slack(Secret(TOKEN), api=world.slack_api), allow_loopback=True)


def forget(data: Path = DATA) -> None:
    """Remove what an earlier demo left: its posts are dated from its own start.

    Raises `Fatal` when one is running.
    """
    with only_one(data):
        shutil.rmtree(data)


def _site(world: World, site: Site) -> Source:
    settings = FeedSettings(address=world.feed_address(site.name))
    return Source(site.name, "rss", settings, _INTERVAL_S, author_kind=site.author_kind, territory=site.territory)


def _themes() -> tuple[ThemeConfig, ...]:
    """Return the topics for their names alone: the packaged pipeline knows the words."""
    return tuple(ThemeConfig(theme.id, theme.label) for theme in packaged_themes())
