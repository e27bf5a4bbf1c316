"""`watcher sources add`: what a platform's settings ask, and one source more in `sources.yml`."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from watcher import collect, config
from watcher.catalog import host_of
from watcher.config.entry import FILE, Entry, lines_to_append
from watcher.config.tree import Document
from watcher.config.validation import checked
from watcher.errors import Mistake
from watcher.secrets import NamedSecret


@dataclass(frozen=True, slots=True)
class Question:
    """One key of a platform's settings, as its author explains it. A list is answered with commas."""

    key: str
    title: str
    description: str
    is_required: bool
    is_list: bool
    is_secret: bool


def questions(model: type[BaseModel]) -> tuple[Question, ...]:
    """Return what to ask for the settings `model`, in the order of its keys."""
    return tuple(
        Question(
            field.alias or name,
            field.title or name,
            field.description or "",
            field.is_required(),
            get_origin(field.annotation) in {tuple, list, frozenset},
            NamedSecret in _parts(field.annotation),
        )
        for name, field in model.model_fields.items()
    )


def faults(model: type[BaseModel], given: Mapping[str, Any]) -> tuple[Mistake, ...]:
    """Return what `watcher check` would say of these keys of one source."""
    tree = dict(given)
    return checked(model, Document(FILE, tree, {}, {}), tree)[1]


def propose_name(platform: str, given: Mapping[str, Any], taken: Collection[str]) -> str:
    """Return a free name of a-z, 0-9 and dashes for a source: its site's, behind its platform's unless it is a feed."""
    first = next((value for value in given.values() if isinstance(value, str)), "")
    host = host_of(first).removeprefix("www.")
    site = _plain(host.rpartition(".")[0] or host)
    name = (site if platform == "rss" else _plain(f"{platform}-{site}")) or platform
    return next(free for free in _numbered(name) if free not in taken)


def add(folder: Path, entry: Entry) -> None:
    """Put `entry` at the end of the sources of `folder`, what stands there byte for byte as it was.

    Raises `ConfigError` with every mistake that the configuration would then have; the file is left as it was.
    """
    written = (folder / FILE).read_bytes()
    result = written + lines_to_append(written.decode("utf-8-sig"), entry).encode()
    models = {name: collector.Settings for name, collector in collect.find().items()}
    config.save(folder, FILE, result, models)


def _parts(annotation: Any) -> Iterator[Any]:
    yield annotation
    for part in get_args(annotation):
        yield from _parts(part)


def _plain(text: str) -> str:
    ascii_only = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")


def _numbered(name: str) -> Iterator[str]:
    yield name
    number = 2
    while True:
        yield f"{name}-{number}"
        number += 1
