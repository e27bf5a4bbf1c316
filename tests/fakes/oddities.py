"""Documents in which one thing is not as documented: what platforms do without a word of warning."""

import json
from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Any

from tests.fakes.fetch import Answer, Stream, answer
from tests.fakes.sample import Answers
from watcher.ports import Response

Path = tuple[str | int, ...]
Place = tuple[str, int, int]
"""Where a document stands: its address, which answer of it, and which frame of that where it is a stream."""

DROPPED = object()
"""Stands for a field that is not there at all."""

ODD_VALUES: Sequence[object] = (
    DROPPED,
    None,
    "",
    "12",
    "néant",
    "a" * 30_000,
    "&lt;b&gt;&amp;amp;&eacute;",
    "\ud83d seul, \u0000 nul, \u202e renversé",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "2026-11-24T12:00:00+0545",
    "2026-02-30T12:00:00Z",
    "2026-11-24T12:00:00",
    -1,
    0,
    2**80,
    1e400,
    0.5,
    True,
    [],
    [None],
    {},
    {"inconnu": {"$type": "autre"}},
)


def documents(answers: Answers) -> Iterator[tuple[Place, Any]]:
    """Yield each JSON document of `answers` with its place; what is no JSON has tests of its own."""
    for url, given in answers.items():
        for number, one in enumerate([given] if isinstance(given, Answer) else given):
            for part, text in enumerate(_texts(one)):
                try:
                    yield (url, number, part), json.loads(text)
                except ValueError:
                    continue


def with_document(answers: Answers, place: Place, document: Any) -> Answers:
    """Return `answers` with `document` in the place of another."""
    url, number, part = place
    given = answers[url]
    listed = [given] if isinstance(given, Answer) else list(given)
    one, text = listed[number], json.dumps(document)
    if isinstance(one, Response):
        listed[number] = answer(one.url, text.encode(), status=one.status, headers=one.headers)
    if isinstance(one, Stream):
        frames = list(_texts(one))
        frames[part] = text
        listed[number] = Stream((tuple(frames),), one.then)
    return {**answers, url: listed}


def paths(document: Any, above: Path = ()) -> Iterator[Path]:
    """Yield the path of every value in `document`, that of the whole, (), first."""
    yield above
    if isinstance(document, dict | list):
        inside = document.items() if isinstance(document, dict) else enumerate(document)
        for key, value in inside:
            yield from paths(value, (*above, key))


def with_value(document: Any, path: Path, value: object) -> Any:
    """Return `document` with `value` at `path`, nothing there where it is `DROPPED`."""
    if not path:
        return {} if value is DROPPED else value
    changed = deepcopy(document)
    holder = value_at(changed, path[:-1])
    if value is DROPPED:
        del holder[path[-1]]
    else:
        holder[path[-1]] = value
    return changed


def items_of(document: Any, above: Path = ()) -> Iterator[Path]:
    """Yield the paths of the objects that the outermost lists of `document` hold."""
    inside = document.items() if isinstance(document, dict) else enumerate(document)
    for key, value in inside:
        if isinstance(key, int) and isinstance(value, dict):
            yield (*above, key)
        elif isinstance(value, dict | list):
            yield from items_of(value, (*above, key))


def value_at(document: Any, path: Path) -> Any:
    """Return what `document` holds at `path`."""
    for step in path:
        document = document[step]
    return document


def _texts(one: Answer) -> Iterator[str]:
    if isinstance(one, Response):
        yield one.body.decode("utf-8", "replace")
    if isinstance(one, Stream):
        yield from (frame for batch in one.batches for frame in batch)
