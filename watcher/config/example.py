"""A post as an example of its topics and of no others: the new text of `themes.yml`, the rest as it was. Pure."""

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from watcher.config.lines import lead_of, lines_of, text_at
from watcher.config.load import parse
from watcher.config.tree import Document, Path, Tree
from watcher.errors import ConfigError, Mistake

FILE = "themes.yml"


@dataclass(frozen=True, slots=True)
class Taught:
    """The new text of the file, and the topics that have the example now and had it not."""

    text: str
    added: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Edit:
    """Of the lines from `line` on, counted from 0, `gone` leave and `new` come."""

    line: int
    gone: int = 0
    new: tuple[str, ...] = ()


def taught(text: str, example: str, topics: Collection[str], most: int) -> Taught:
    """Return `text`, the whole of the file, with `example`, one line of words, as the first of each of `topics`.

    A topic that has it keeps it where it is, one with `most` examples takes none; any other topic loses it. Raises
    `ConfigError` with the mistakes of `text`, or when its topics have a shape that cannot simply be changed.
    """
    before = _parsed(text)
    listed = {topic: _listed(before, topic) for topic in _themes(before)}
    meant = {topic: _meant(examples, example, topic in topics, most) for topic, examples in listed.items()}
    changed = [topic for topic, examples in listed.items() if meant[topic] != examples]
    if not changed:
        return Taught(text)
    edits = [_edit(before, topic, example, len(listed[topic]), lines_of(text)) for topic in changed]
    edited = _edited(text, [edit for of_topic in edits for edit in of_topic])
    if not _says(edited, before, meant):
        hint = "écrivez chaque exemple sur une ligne, derrière un tiret, comme dans LISEZMOI.md"
        message = f"les exemples de « {' » et « '.join(changed)} » ne peuvent pas être changés sans risque"
        raise ConfigError((Mistake(FILE, message, key=changed[0], hint=hint),))
    return Taught(edited, tuple(topic for topic in changed if topic in topics))


def without(text: str, is_gone: Callable[[str], bool]) -> Taught:
    """Return `text`, the whole of the file, without the examples that are gone. Raises what `taught` raises."""
    document = _parsed(text)
    listed = (example for topic in _themes(document) for example in _listed(document, topic))
    for example in {each for each in listed if isinstance(each, str) and is_gone(each)}:
        text = taught(text, example, (), 0).text
    return Taught(text)


def _parsed(text: str) -> Document:
    document = parse(text, FILE)
    if document.mistakes:
        raise ConfigError(document.mistakes)
    return document


def _themes(document: Document) -> dict[str, Tree]:
    themes = document.tree.get("themes") if isinstance(document.tree, dict) else None
    return themes if isinstance(themes, dict) else {}


def _listed(document: Document, topic: str) -> list[Tree]:
    theme = _themes(document).get(topic)
    listed = theme.get("exemples") if isinstance(theme, dict) else None
    return list(listed) if isinstance(listed, list) else []


def _meant(examples: list[Tree], example: str, is_about: bool, most: int) -> list[Tree]:  # noqa: FBT001 - of a table
    if not is_about:
        return [each for each in examples if each != example]
    return examples if example in examples or len(examples) >= most else [example, *examples]


def _edit(document: Document, topic: str, example: str, count: int, lines: Sequence[str]) -> Iterator[_Edit]:
    """Yield what puts `example` before the `count` others of `topic`, or takes it from among them."""
    examples: Path = ("themes", topic, "exemples")
    listed = _listed(document, topic)
    if example in listed:
        yield _Edit(document.mark((*examples, listed.index(example))).line - 1, gone=1)
        if count == 1:
            yield _Edit(document.mark(examples, of_key=True).line - 1, gone=1)
        return
    item = f"- {json.dumps(example, ensure_ascii=False)}"
    if count:
        line = document.mark((*examples, 0)).line - 1
        yield _Edit(line, new=(f"{' ' * lead_of(text_at(lines, line))}{item}",))
        return
    line = document.mark(("themes", topic, "mots"), of_key=True).line - 1
    lead = " " * lead_of(text_at(lines, line))
    while line and text_at(lines, line - 1).lstrip().startswith("#"):  # a remark belongs to what follows it
        line -= 1
    yield _Edit(line, new=(f"{lead}exemples:", f"{lead}  {item}"))


def _edited(text: str, edits: Sequence[_Edit]) -> str:
    lines = text.splitlines(keepends=True)
    newline = "\r\n" if "\r\n" in text else "\n"
    for edit in sorted(edits, key=lambda edit: edit.line, reverse=True):
        lines[edit.line : edit.line + edit.gone] = [f"{line}{newline}" for line in edit.new]
    return "".join(lines)


def _says(text: str, before: Document, examples: dict[str, list[Tree]]) -> bool:
    """Tell whether `text` says what `before` said, but for the `examples` of its topics."""
    after = parse(text, FILE)
    meant: dict[str, Tree] = {}
    for topic, theme in _themes(before).items():
        if not isinstance(theme, dict):
            return False
        kept = {key: value for key, value in theme.items() if key != "exemples"}
        listed: dict[str, Tree] = {"exemples": examples[topic]} if examples[topic] else {}
        meant[topic] = kept | listed
    return not after.mistakes and after.tree == {"themes": meant}
