"""First step of the configuration: files → text → tree with marks. The only file that imports yaml.

    file → read → parse → (models, messages) → Config, or every mistake of every file

What YAML would do on its own is refused where it surprises: anchors, aliases, tags, duplicate keys, tabs, texts that
run on without quotes. Scalars stay text, so that `09`, `no` and `oui` are what was written.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path as FilePath
from types import MappingProxyType
from typing import Protocol

import yaml
from pydantic import BaseModel

from watcher.config.assemble import FILES, assemble
from watcher.config.config import Config
from watcher.config.hints import instead
from watcher.config.lines import lines_of, set_aside, trail, word_at
from watcher.config.scalars import indents, plain, unprintable
from watcher.config.syntax import Slip, Stop, explain
from watcher.config.tree import Document, Mark, Path, Tree
from watcher.errors import Mistake

MAX_FILE_BYTES = 1_000_000
"""Fifty times our largest file; nothing a person writes by hand."""

MAX_DEPTH = 12
"""Our deepest key is at 4."""

MAX_SLIPS = 20
"""More slips than this in one file are one slip repeated."""


def load(
    folder: FilePath,
    settings_by_platform: Mapping[str, type[BaseModel]],
    proposed: Mapping[str, bytes] = MappingProxyType({}),
) -> Config:
    """Return what the YAML files of `folder` say. Raises `ConfigError` with every mistake of every file.

    A `proposed` content is judged in the place of the file whose name it bears.
    """
    documents = {name: decoded(proposed[name], name) if name in proposed else read(folder / name) for name in FILES}
    return assemble(documents, settings_by_platform, _files_never_read(folder))


def read(path: FilePath) -> Document:
    """Return a file's document; what keeps it from being read is its only mistake. Raises nothing."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError:
        return _unread(path.name, f"le fichier {path.name} manque", f"créez-le dans le dossier {path.parent.name}/")
    except OSError:
        return _unread(path.name, f"le fichier {path.name} ne peut pas être lu", "vérifiez ses droits")
    return decoded(raw, path.name)


def decoded(raw: bytes, file: str) -> Document:
    """Return the document that a file's content makes; what keeps it from being read is its only mistake."""
    if len(raw) > MAX_FILE_BYTES:
        return _unread(file, "le fichier dépasse 1 Mo", "retirez ce qui ne sert pas")
    try:
        return parse(raw.decode("utf-8-sig"), file)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return _unread(
            file,
            "les accents de ce fichier sont illisibles",
            "enregistrez en UTF-8 (dans votre éditeur : Enregistrer sous, Encodage)",
            line,
        )


def parse(text: str, file: str) -> Document:
    """Return the tree of `text` and where everything stands. Raises nothing: slips are the document's mistakes.

    A line that stops reading is set aside with what hangs on it, so that the slips after it are found too.
    """
    written = lines_of(text)
    lines = list(written)
    slips: list[Slip] = []
    for slip in islice(indents(written), MAX_SLIPS):
        slips.append(slip)
        set_aside(lines, slip.line)
    builder, furthest = _Builder(lines), -1
    while (stopped_by := builder.build()) is not None:
        if stopped_by.line <= furthest or len(slips) >= MAX_SLIPS:
            builder = _Builder(())  # reading no longer advances: what it finds now comes from a slip already told
            break
        furthest = stopped_by.line
        slips.append(stopped_by)
        set_aside(lines, furthest)
        builder = _Builder(lines)
    mistakes = _told(file, written, [*slips, *builder.slips])
    if builder.tree is None and not mistakes:
        mistakes = (Mistake(file, "le fichier est vide", 1, 1, hint="LISEZMOI.md montre ce qu'il contient"),)
    return Document(file, builder.tree, builder.keys, builder.values, mistakes)


def _told(file: str, written: Sequence[str], slips: Sequence[Slip]) -> tuple[Mistake, ...]:
    in_order = sorted(slips, key=lambda slip: (slip.line, slip.column))[:MAX_SLIPS]
    return tuple(
        Mistake(file, slip.message, slip.line + 1, slip.column + 1, key=trail(written, slip.line), hint=slip.hint)
        for slip in in_order
    )


def _unread(file: str, message: str, hint: str, line: int | None = None) -> Document:
    return Document(file, None, {}, {}, (Mistake(file, message, line, hint=hint),))


def _files_never_read(folder: FilePath) -> tuple[Mistake, ...]:
    """A file under another name would be ignored without a word."""
    return tuple(
        Mistake(path.name, f"le fichier {path.name} n'est pas lu", hint=instead(path.name, FILES))
        for path in sorted(folder.glob("*.y*ml"))
        if path.name not in FILES
    )


class _Stopped(Exception):
    """Nothing more of the file is worth reading."""


class _Builder:
    """Builds the tree from YAML's events, and gathers the slips that do not stop the reading."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self.tree: Tree = None
        self.keys: dict[Path, Mark] = {}
        self.values: dict[Path, Mark] = {}
        self.slips: list[Slip] = []

    def build(self) -> Slip | None:
        """Read everything. Returns the slip that stopped it, None where nothing did."""
        text = "\n".join(self._lines)
        try:
            self._documents(yaml.parse(text, Loader=yaml.SafeLoader))
        except _Stopped:
            self.tree = None
        except yaml.MarkedYAMLError as error:
            return explain(self._lines, _stop(error))
        except yaml.reader.ReaderError as error:
            before = text[: error.position]
            place = before.count("\n"), error.position - before.rfind("\n") - 1
            return explain(self._lines, Stop(error.reason, "", *place))
        except (ValueError, OverflowError):  # PyYAML 6 lets `"\UFFFFFFFF"` through to chr()
            line = next((number for number, text in enumerate(self._lines) if "\\U" in text), 0)
            return explain(self._lines, Stop("escape", "", line, len(self._lines[line])))
        return None

    def _tell(self, place: tuple[int, int], message: str, hint: str) -> None:
        self.slips.append(Slip(*place, message, hint))
        if len(self.slips) >= MAX_SLIPS:
            raise _Stopped

    def _documents(self, events: Iterator[yaml.Event]) -> None:
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    message = "un fichier ne contient qu'un seul ensemble"
                    return self._tell(_start(event), message, "retirez la ligne « --- »")
            elif isinstance(event, yaml.NodeEvent):
                self.tree = self._node(event, events, ())
        return None

    def _node(self, event: yaml.Event, events: Iterator[yaml.Event], path: Path) -> Tree:
        if len(path) > MAX_DEPTH:
            self._tell(_start(event), "trop de niveaux les uns dans les autres", "suivez les exemples de LISEZMOI.md")
            raise _Stopped
        self.values[path] = _mark(event)
        self._refuse_references(event)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(events, path)
        if isinstance(event, yaml.MappingStartEvent):
            return self._group(events, path)
        return None

    def _refuse_references(self, event: yaml.Event) -> None:
        """Anchors, aliases and tags: a technician's shortcut, an attacker's door, and here always a missing quote."""
        is_alias = isinstance(event, yaml.AliasEvent)
        sign = (
            "*" if is_alias else "&" if getattr(event, "anchor", None) else "!" if getattr(event, "tag", None) else ""
        )
        if sign:
            word = word_at(self._lines, *_start(event))
            self._tell(
                _start(event),
                f"« {sign} » ne peut pas commencer une valeur",
                f'mettez le texte entre guillemets : "{word}" (renvois et types ne sont pas admis)',
            )

    def _scalar(self, event: yaml.ScalarEvent) -> str | None:
        if unprintable(event.value):
            self._tell(_start(event), "un caractère invisible se cache ici", "retapez ce texte")
        if event.style is not None:
            return event.value
        slip = plain(event.value, self._lines, _start(event), _place(event.end_mark))
        if slip is not None:
            self._tell((slip.line, slip.column), slip.message, slip.hint)
        return event.value or None

    def _list(self, events: Iterator[yaml.Event], path: Path) -> list[Tree]:
        items: list[Tree] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.append(self._node(event, events, (*path, len(items))))
        return items

    def _group(self, events: Iterator[yaml.Event], path: Path) -> dict[str, Tree]:
        group: dict[str, Tree] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._node(event, events, (*path, "?"))
            if not isinstance(key, str):
                self._tell(_start(event), "une clé est un mot suivi de « : »", "écrivez « clé: valeur »")
            elif key in group:
                message = f"la clé « {key} » est déjà à la ligne {self.keys[*path, key].line}"
                self._tell(_start(event), message, "réunissez les deux, ou renommez-en une")
            else:
                self.keys[*path, key] = _mark(event)
                group[key] = self._node(next(events), events, (*path, key))
                continue
            self._node(next(events), events, (*path, "?"))
        return group


class _YamlMark(Protocol):
    """A place as PyYAML counts it, from 0."""

    line: int
    column: int


def _place(mark: _YamlMark | None) -> tuple[int, int]:
    return (mark.line, mark.column) if mark else (0, 0)


def _start(event: yaml.Event) -> tuple[int, int]:
    return _place(event.start_mark)


def _mark(event: yaml.Event) -> Mark:
    line, column = _start(event)
    return Mark(line + 1, column + 1)


def _stop(error: yaml.MarkedYAMLError) -> Stop:
    begun = _place(error.context_mark) if error.context_mark else None
    return Stop(error.problem or "", error.context or "", *_place(error.problem_mark or error.context_mark), begun)
