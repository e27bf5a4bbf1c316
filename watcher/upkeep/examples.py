"""A corrected post becomes an example of its topics in `themes.yml`, where `watcher train` learns from it.

Its words were masked before they were stored; pseudonyms, handles and addresses are taken out here, since the team's
file outlives what is stored. Of what a platform only lends, no example is made. An example leaves with its post.
"""

import asyncio
import hashlib
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import structlog
from pydantic import BaseModel

from watcher import config
from watcher.config.example import FILE, Taught, taught, without
from watcher.errors import ConfigError
from watcher.french import listed, readable
from watcher.lessons import SHORTEST
from watcher.model import Lease, Post
from watcher.stores.journal.corrections import Corrections

log = structlog.get_logger()

MOST = 60
"""Examples of one topic: a file that people can still read, and far more than a topic gains from."""

_LONGEST = 400
_ADDRESS = re.compile(r"@|://|\w\.[^\W\d_]{2}")
"""What a handle, an e-mail or a web address has in it; so has a stop without its space, no loss to an example."""

_BOM = "\ufeff"
_ONE_AT_A_TIME = threading.Lock()


def example_of(post: Post) -> str:
    """Return the words of `post` on one line, cut between two of them; empty when they are too few to teach."""
    text = readable(f"{post.title} {post.text}" if post.title != post.text else post.text)
    printable = "".join(char if char.isprintable() else " " for char in text)
    words = [word for word in printable.split() if not _ADDRESS.search(word)]
    line = " ".join(words)
    if len(line) > _LONGEST:
        line = line[:_LONGEST].rsplit(" ", 1)[0]
    return line if len(words) >= SHORTEST else ""


def digest_of(example: str) -> str:
    """Return by what the journal knows an example."""
    return hashlib.sha256(example.encode()).hexdigest()


class Examples:
    """Those in the file of `folder`, changed by one at a time, and in `corrections` the posts that gave them."""

    def __init__(
        self, folder: Path, settings_by_platform: Mapping[str, type[BaseModel]], corrections: Corrections
    ) -> None:
        self._folder = folder
        self._settings_by_platform = settings_by_platform
        self._corrections = corrections

    async def add(self, post: Post, example: str, topics: Sequence[str]) -> Sequence[str]:
        """Make `example`, the words of `post`, one of `topics` and of no others, and return those that had it not.

        Raises `ConfigError`, `OSError` and `UnicodeDecodeError` when the file cannot be changed, and what the journal
        raises.
        """
        # First, and before anything else can run: the post may be erased at any time.
        self._corrections.exemplify(post.id, digest_of(example))
        return (await asyncio.to_thread(self._change, lambda text: taught(text, example, topics, MOST))).added

    async def take_out_orphans(self) -> int:
        """Take out what posts that are gone gave, and return how many examples could not be: run it again then.

        Raises what the journal raises.
        """
        orphans = self._corrections.orphans()
        if not orphans:
            return 0
        try:
            await asyncio.to_thread(
                self._change, lambda text: without(text, lambda example: digest_of(example) in orphans)
            )
        except (ConfigError, OSError, UnicodeDecodeError) as error:
            log.warning("examples_not_taken_out", count=len(orphans), error=type(error).__name__)
            return len(orphans)
        self._corrections.forget_examples(orphans)
        log.info("examples_taken_out", count=len(orphans))
        return 0

    def _change(self, change: Callable[[str], Taught]) -> Taught:
        with _ONE_AT_A_TIME:
            written = (self._folder / FILE).read_bytes().decode("utf-8")
            text, mark = written.removeprefix(_BOM), _BOM if written.startswith(_BOM) else ""
            found = change(text)
            if found.text != text:
                config.save(self._folder, FILE, f"{mark}{found.text}".encode(), self._settings_by_platform)
        return found


class Teacher:
    """Makes examples of corrected posts. `names` are those of the topics, `leases` those of the platforms."""

    def __init__(self, examples: Examples, names: Mapping[str, str], leases: Mapping[str, Lease]) -> None:
        self._examples = examples
        self._names = names
        self._leases = leases

    async def teach(self, post: Post, topics: Sequence[str]) -> str:
        """Make `post` an example of `topics` and of no others, and return what became of that, in French.

        Raises what the journal raises.
        """
        lease = self._leases.get(post.platform)
        if lease and not (post.is_own and lease.spares_own):
            return "Il ne devient pas un exemple : sa plateforme ne permet pas d'en garder les mots."
        example = example_of(post)
        if not example:
            return "Il est trop court pour servir d'exemple."
        try:
            added = await self._examples.add(post, example, topics)
        except ConfigError as error:
            return f"Il n'est pas devenu un exemple : {error}."
        except (OSError, UnicodeDecodeError):
            return "Il n'est pas devenu un exemple : themes.yml ne peut pas être réécrit, vérifiez ses droits."
        if added:
            named = listed([self._names[topic] for topic in added])
            return f"C'est aussi un exemple de {named} dans themes.yml : « watcher train » en apprendra."
        return f"Il n'y a pas d'exemple de plus : il en est déjà un, ou il y en a {MOST}." if topics else ""
