"""What the digests of this installation are made from: the desk, for the daemon, for `watcher digest` and the demo."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from watcher.app import Installation
from watcher.config import Config
from watcher.digest.desk import Desk
from watcher.health import Standing
from watcher.stores.digests import FOLDER, DigestFiles
from watcher.stores.elastic import Elastic
from watcher.stores.journal import Journal
from watcher.stores.queries.activity import Activities
from watcher.translation import labels
from watcher.upkeep.checkup import standings


def desk_of(installation: Installation, journal: Journal, elastic: Elastic) -> Desk:
    """Return the desk of `installation`."""
    loaded = installation.config
    digests = loaded.alerts.digests
    return Desk(
        activities=Activities(elastic.client, elastic.prefix),
        journal=journal,
        files=DigestFiles(installation.data / FOLDER),
        config=digests,
        site_name=loaded.instance.name,
        name=labels(loaded).named,
        topics=labels(loaded).topics,
        address=f"{loaded.instance.page.url}{FOLDER}/{{}}.html".format,
        standings=partial(_standings, loaded, journal),
        sources=_by_platform(loaded),
        named=loaded.instance.retention.identifiers,
        channel=(digests.channel or loaded.alerts.channel) if installation.door else None,
    )


def _standings(loaded: Config, journal: Journal, now: datetime) -> Sequence[Standing]:
    return standings(journal, loaded.sources, loaded.paused, now)


def _by_platform(loaded: Config) -> Mapping[str, Sequence[str]]:
    """Return the sources of each platform, those at rest included: last week they may have been read."""
    every = (*loaded.sources, *loaded.paused)
    return {each.platform: [other.name for other in every if other.platform == each.platform] for each in every}
