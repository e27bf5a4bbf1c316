"""A corrected post becomes an example of its topics in `themes.yml`, where `watcher train` learns from it.

Its words were masked before they were stored; what is left of pseudonyms and addresses is taken out here, since the
team's file outlives what is stored.
"""

import asyncio
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import BaseModel

from watcher import config
from watcher.config.example import FILE, taught
from watcher.errors import ConfigError
from watcher.french import listed, readable
from watcher.lessons import SHORTEST
from watcher.model import Post

MOST = 60
"""Examples of one topic: a file that people can still read, and far more than a topic gains from."""

_LONGEST = 400
_TAKEN_OUT = re.compile(r"https?://\S+|@[0-9a-f]{20}\b")
_BOM = "\ufeff"


def example_of(post: Post) -> str:
    """Return the words of `post` on one line, cut between two of them; empty when they are too few to teach."""
    text = _TAKEN_OUT.sub(" ", readable(f"{post.title} {post.text}" if post.title != post.text else post.text))
    words = "".join(char if char.isprintable() else " " for char in text).split()
    line = " ".join(words)
    if len(line) > _LONGEST:
        line = line[:_LONGEST].rsplit(" ", 1)[0]
    return line if len(words) >= SHORTEST else ""


class Teacher:
    """Writes examples into the file of `folder`, one at a time. `names` are those of the topics."""

    def __init__(
        self, folder: Path, names: Mapping[str, str], settings_by_platform: Mapping[str, type[BaseModel]]
    ) -> None:
        self._folder = folder
        self._names = names
        self._settings_by_platform = settings_by_platform
        self._turn = asyncio.Lock()

    async def teach(self, post: Post, topics: Sequence[str]) -> str:
        """Make `post` an example of `topics` and of no others, and return what became of that, in French."""
        example = example_of(post)
        if not example:
            return "Il est trop court pour servir d'exemple."
        try:
            async with self._turn:
                added = await asyncio.to_thread(self._write, example, topics)
        except ConfigError as error:
            return f"Il n'est pas devenu un exemple : {error}."
        except (OSError, UnicodeDecodeError):
            return "Il n'est pas devenu un exemple : themes.yml ne peut pas être réécrit, vérifiez ses droits."
        if added:
            named = listed([self._names[topic] for topic in added])
            return f"C'est aussi un exemple de {named} dans themes.yml : « watcher train » en apprendra."
        return f"Il n'y a pas d'exemple de plus : il en est déjà un, ou il y en a {MOST}." if topics else ""

    def _write(self, example: str, topics: Sequence[str]) -> Sequence[str]:
        """Change the file, and return the topics that have the example now and had it not."""
        written = (self._folder / FILE).read_bytes().decode("utf-8")
        text, mark = written.removeprefix(_BOM), _BOM if written.startswith(_BOM) else ""
        found = taught(text, example, topics, MOST)
        if found.text != text:
            config.save(self._folder, FILE, f"{mark}{found.text}".encode(), self._settings_by_platform)
        return found.added
