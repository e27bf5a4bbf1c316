"""One source more, written as the team writes: the lines that go to the end of `sources.yml`. Pure."""

import json
import re
from collections.abc import Mapping, Sequence

from watcher.config.lines import lines_of, text_at
from watcher.config.load import parse
from watcher.config.tree import Document
from watcher.errors import ConfigError, Mistake

FILE = "sources.yml"

Entry = Mapping[str, str | Sequence[str]]
"""The keys of one source in YAML's words, in the order in which they are written."""

_LONGEST_LINE = 100
_FIRST_KEY = re.compile(r"( *)- +")


def lines_to_append(text: str, entry: Entry) -> str:
    """Return what makes `entry` the last source when it follows `text`, the whole of `sources.yml`.

    Raises `ConfigError` with the mistakes of `text`, or when its list has a shape that cannot simply be added to.
    """
    before = parse(text, FILE)
    if before.mistakes:
        raise ConfigError(before.mistakes)
    newline = "\r\n" if "\r\n" in text else "\n"
    block = [f"{_indent(before, text)}{line}" for line in _block(entry)]
    lead = "" if re.search(r"(?:\r?\n|\A)\r?\n\Z", text) else newline if text.endswith("\n") else newline * 2
    more = lead + "".join(f"{line}{newline}" for line in block)
    after = parse(text + more, FILE)
    if after.mistakes or after.tree != {"sources": [*_listed(before), _as_read(entry)]}:
        hint = "mettez un tiret par source, comme dans LISEZMOI.md, ou ajoutez vous-même ces lignes à la fin :"
        message = "cette liste de sources n'est pas écrite de façon à pouvoir être complétée sans risque"
        raise ConfigError((Mistake(FILE, message, hint="\n".join([hint, *block])),))
    return more


def _listed(document: Document) -> list[object]:
    listed = document.tree.get("sources") if isinstance(document.tree, dict) else None
    return list(listed) if isinstance(listed, list) else []


def _indent(document: Document, text: str) -> str:
    """Return the spaces before the dash of the last source, two where there is none."""
    last = document.values.get(("sources", len(_listed(document)) - 1))
    first_key = _FIRST_KEY.match(text_at(lines_of(text), last.line - 1)) if last else None
    return first_key[1] if first_key else "  "


def _as_read(entry: Entry) -> dict[str, object]:
    return {key: value if isinstance(value, str) else list(value) for key, value in entry.items()}


def _block(entry: Entry) -> list[str]:
    """Return the lines of `entry`, a dash before the first and as much space before the others."""
    lines = [line for key, value in entry.items() for line in _lines(key, value)]
    return [f"{'  ' if number else '- '}{line}" for number, line in enumerate(lines)]


def _lines(key: str, value: str | Sequence[str]) -> list[str]:
    if isinstance(value, str):
        return [f"{key}: {_scalar(value, '{}')}"]
    items = [_scalar(item, "[{}]") for item in value]
    line = f"{key}: [{', '.join(items)}]"
    return [line] if len(line) <= _LONGEST_LINE else [f"{key}:", *(f"  - {item}" for item in items)]


def _scalar(value: str, place: str) -> str:
    """Return `value` as it is written at a `place`: in quotes where it would be read as anything else, or a number."""
    probe = parse(f"cle: {place.format(value)}", FILE)
    is_plain = not probe.mistakes and probe.tree in ({"cle": value}, {"cle": [value]})
    return value if is_plain and not value.isdigit() else json.dumps(value, ensure_ascii=False)
