"""The demo's own installation: its data, its indices, and the topics and territory that ship with the program.

The team's settings and data, and the `WATCHER_*` variables, are neither read nor touched.
"""

import shutil
from pathlib import Path

from pipelines.packaged import packaged_themes
from watcher.app import Installation
from watcher.collectors.rss import FeedSettings
from watcher.config import (
    Config,
    ElasticsearchConfig,
    Instance,
    InstitutionConfig,
    TerritoryConfig,
    ThemeConfig,
)
from watcher.demo.world import SICK, World
from watcher.model import AuthorKind, Source
from watcher.stores.lock import only_one

DATA = Path("var/demo")

_INSTANCE = Instance(
    name="Veille de démonstration",
    contact="https://demonstration.example.org/",
    elasticsearch=ElasticsearchConfig(prefix="demo-"),
)
_TERRITORY = TerritoryConfig(InstitutionConfig())
_INTERVAL_S = 60.0  # somebody is watching


def installation(world: World, data: Path = DATA) -> Installation:
    """Return an installation whose sources are those of `world`."""
    healthy = [_source(world, feed.name, feed.author_kind, feed.territory) for feed in world.feeds]
    sick = [_source(world, name) for name in SICK]
    config = Config(_INSTANCE, sources=(*healthy, *sick), paused=(), themes=_themes(), territory=_TERRITORY)
    return Installation(config, data, allow_loopback=True)


def forget(data: Path = DATA) -> None:
    """Remove what an earlier demo left: its posts are dated from its own start.

    Raises `Fatal` when one is running.
    """
    with only_one(data):
        shutil.rmtree(data)


def _source(world: World, name: str, kind: AuthorKind = "unknown", territory: tuple[str, ...] = ()) -> Source:
    settings = FeedSettings(address=world.address(name))
    return Source(name, "rss", settings, _INTERVAL_S, author_kind=kind, territory=territory)


def _themes() -> tuple[ThemeConfig, ...]:
    """Return the topics for their names alone: the packaged pipeline knows the words."""
    return tuple(ThemeConfig(theme.id, theme.label) for theme in packaged_themes())
