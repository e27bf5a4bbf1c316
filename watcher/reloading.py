"""The team's edits while the daemon runs: found, judged, and told; `daemon` puts them into effect.

    look twice → judge the very bytes that were seen → tell (page, status, log, Slack) → a new `Installation`

A file that is being written differs from one look to the next; what two looks agree on is judged whole, all files
together. What is wrong leaves the last good configuration running.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import structlog
from pydantic import TypeAdapter

from watcher import app
from watcher.alerts.blocks import reply
from watcher.app import Installation
from watcher.changes import Changes, difference
from watcher.errors import ConfigError, Fatal, Mistake
from watcher.ports import Clock
from watcher.secrets import Secret
from watcher.stores.journal import Journal
from watcher.stores.journal.messages import Draft, Role
from watcher.words import MOST_MISTAKES, Edit

log = structlog.get_logger()

LOOK_EVERY_S = 1.5
"""Two looks and a judgement end within the 5 s that are promised; a look reads some 100 kB."""

EDIT = "edit"
"""The state of the journal that tells the page and `watcher status` of the last edit."""

_EDIT = TypeAdapter(Edit)

Contents = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Renewed:
    """What an edit leads to: the installation to go on with, and what changed."""

    installation: Installation
    changes: Changes


def last_edit(journal: Journal) -> Edit:
    """Return what became of the team's last edit."""
    text = journal.state(EDIT)
    return _EDIT.validate_json(text) if text else Edit()


def contents(folder: Path) -> Contents:
    """Return what each YAML file of `folder` holds; one that is being put in place by an editor is not there."""
    found = {}
    for path in sorted(folder.glob("*.y*ml")):
        try:
            found[path.name] = path.read_bytes()
        except OSError:
            continue
    return found


def sentence(mistakes: tuple[Mistake, ...]) -> str:
    """Return what the team is told of an edit that cannot be used: where to look first, and that nothing stopped."""
    first = mistakes[0]
    where = f"{first.file}, ligne {first.line}" if first.line else first.file
    more = f" (et {len(mistakes) - 1} de plus)" if len(mistakes) > 1 else ""
    return (
        f"Vos derniers réglages ne peuvent pas être pris : {where} : {first.message}{more}. "
        "La veille continue avec les précédents. Corrigez, puis enregistrez : « watcher check » dit tout."
    )


class Edits:
    """Watches one folder of configuration, from what it holds at the start.

    `hide` is told of the secrets that a good edit names, for the logs to erase.
    """

    def __init__(
        self,
        folder: Path,
        hide: Callable[[Collection[Secret]], None] = lambda _: None,
        look: Callable[[Path], Contents] = contents,
        look_every_s: float = LOOK_EVERY_S,
    ) -> None:
        self.look_every_s = look_every_s
        self._folder = folder
        self._hide = hide
        self._look = look
        self._seen = self._judged = look(folder)

    async def settled(self) -> Contents | None:
        """Look once. Return what the folder holds if it is new, and the same as at the look before."""
        seen, self._seen = self._seen, await asyncio.to_thread(self._look, self._folder)
        if self._seen != seen or seen == self._judged:
            return None
        self._judged = seen
        return seen

    async def renewed(self, running: Installation, journal: Journal, clock: Clock) -> Renewed | None:
        """Look once; return what to go on with when a good edit has settled, and tell what became of it.

        Raises what the journal raises.
        """
        found = await self.settled()
        if found is None:
            return None
        try:
            read = await asyncio.to_thread(app.installation_of, self._folder, running.data, found)
        except ConfigError as error:
            refuse(running, error.mistakes, journal, clock.now())
            return None
        except Fatal as error:
            refuse(running, (Mistake("secrets.env", str(error)),), journal, clock.now())
            return None
        changes = difference(running.config, read.config)
        self._hide((*running.secrets, *read.secrets))
        accept(changes, journal, clock.now())
        return Renewed(_fitted(read, running, changes), changes)


def refuse(running: Installation, mistakes: tuple[Mistake, ...], journal: Journal, now: datetime) -> None:
    """Keep why an edit cannot be used, and say it in Slack unless the edit before was refused too."""
    before, trouble = last_edit(journal), sentence(mistakes)
    said = Draft(f"edit|{now.isoformat()}", Role.PARENT, running.config.alerts.channel, reply(trouble).body)
    drafts = [said] if running.door and not before.trouble else []
    edit = replace(before, trouble=trouble, mistakes=mistakes[:MOST_MISTAKES])
    journal.commit_state(EDIT, _EDIT.dump_json(edit).decode(), [], drafts)
    log.warning("configuration_refused", sentence=trouble, mistakes=len(mistakes))


def accept(changes: Changes, journal: Journal, now: datetime) -> None:
    """Keep that an edit was taken up, and what it changed."""
    before = last_edit(journal)
    edit = Edit(changes.sentence, now) if changes.sentence else replace(before, trouble="", mistakes=())
    journal.set_state(EDIT, _EDIT.dump_json(edit).decode())
    log.info("configuration_reloaded", sentence=changes.sentence)


def begin(journal: Journal) -> None:
    """Forget the refusal of an edit: a daemon that starts has read everything anew."""
    journal.set_state(EDIT, _EDIT.dump_json(replace(last_edit(journal), trouble="", mistakes=())).decode())


def _fitted(read: Installation, running: Installation, changes: Changes) -> Installation:
    """Return `read` with what is fixed until the next start."""
    return replace(
        read,
        config=changes.config,
        elasticsearch_url=running.elasticsearch_url,
        elasticsearch_api_key=running.elasticsearch_api_key,
        elasticsearch_ca_file=running.elasticsearch_ca_file,
        allow_loopback=running.allow_loopback,
        fetch_timeout_s=running.fetch_timeout_s,
    )
