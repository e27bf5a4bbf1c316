"""First step of the configuration: files → text → tree with marks. The only file that imports yaml.

    file → read → parse → (models, messages) → Config, or every mistake of every file

What YAML would do on its own is refused where it surprises: anchors, aliases, tags, duplicate keys, tabs, texts that
run on without quotes. Scalars stay text, so that `09`, `no` and `oui` are what was written.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path as FilePath
from typing import Protocol

import yaml
from pydantic import BaseModel

from watcher.config import syntax
from watcher.config.assemble import FILES, assemble
from watcher.config.config import Config
from watcher.config.hints import instead
from watcher.config.syntax import Slip, Stop
from watcher.config.tree import Document, Mark, Path, Tree
from watcher.errors import Mistake

MAX_FILE_BYTES = 1_000_000
"""Fifty times our largest file; nothing a person writes by hand."""

MAX_DEPTH = 12
"""Our deepest key is at 4."""

MAX_SLIPS = 20
"""More slips than this in one file are one slip repeated."""


def load(folder: FilePath, settings_by_platform: Mapping[str, type[BaseModel]]) -> Config:
    """Return what the YAML files of `folder` say. Raises `ConfigError` with every mistake of every file."""
    documents = {name: read(folder / name) for name in FILES}
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
    if len(raw) > MAX_FILE_BYTES:
        return _unread(path.name, "le fichier dépasse 1 Mo", "retirez ce qui ne sert pas")
    try:
        return parse(raw.decode("utf-8-sig"), path.name)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return _unread(
            path.name,
            "les accents de ce fichier sont illisibles",
            "enregistrez en UTF-8 (dans votre éditeur : Enregistrer sous, Encodage)",
            line,
        )


def parse(text: str, file: str) -> Document:
    """Return the tree of `text` and where everything stands. Raises nothing: slips are the document's mistakes.

    A line that stops reading is set aside with what hangs on it, so that the slips after it are found too.
    """
    lines = syntax.lines_of(text)
    slips: list[Slip] = []
    for slip in syntax.indents(lines):
        slips.append(slip)
        _set_aside(lines, slip.mark.line - 1)
    furthest = 0
    while len(slips) < MAX_SLIPS:
        builder = _Builder(lines)
        slip_found = builder.build()
        if slip_found is None:
            return _document(file, builder, [*slips, *builder.slips])
        if slip_found.mark.line <= furthest:
            break  # reading goes forward: what is found behind comes from a slip already told
        furthest = slip_found.mark.line
        slips.append(slip_found)
        _set_aside(lines, furthest - 1)
    return _document(file, _Builder([]), slips)


def _document(file: str, builder: "_Builder", slips: Sequence[Slip]) -> Document:
    mistakes = tuple(
        Mistake(file, slip.message, slip.mark.line, slip.mark.column, hint=slip.hint)
        for slip in sorted(slips, key=lambda slip: slip.mark.line)[:MAX_SLIPS]
    )
    if builder.tree is None and not mistakes:
        mistakes = (Mistake(file, "le fichier est vide", 1, 1, hint="LISEZMOI.md montre ce qu'il contient"),)
    return Document(file, builder.tree, builder.keys, builder.values, mistakes)


def _unread(file: str, message: str, hint: str, line: int | None = None) -> Document:
    return Document(file, None, {}, {}, (Mistake(file, message, line, hint=hint),))


def _files_never_read(folder: FilePath) -> tuple[Mistake, ...]:
    """A file under another name would be ignored without a word."""
    return tuple(
        Mistake(path.name, f"le fichier {path.name} n'est pas lu", hint=instead(path.name, FILES))
        for path in sorted(folder.glob("*.y*ml"))
        if path.name not in FILES
    )


def _set_aside(lines: list[str], number: int) -> None:
    """Empty the line `number` and those that hang on it: deeper ones, and the dashes of a list under its key."""
    words = lines[number].lstrip()
    depth, is_key = len(lines[number]) - len(words), not words.startswith("-")
    lines[number] = ""
    for below in range(number + 1, len(lines)):
        words = lines[below].lstrip()
        beside = len(lines[below]) - len(words)
        if words and (beside < depth or (beside == depth and not (is_key and words.startswith("- ")))):
            break
        lines[below] = ""


class _YamlMark(Protocol):
    """A place as PyYAML counts it, from 0."""

    line: int
    column: int


class _TooDeep(Exception):
    def __init__(self, mark: Mark) -> None:
        self.mark = mark


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
        try:
            self._documents(yaml.parse("\n".join(self._lines), Loader=yaml.SafeLoader))
        except yaml.MarkedYAMLError as error:
            return syntax.explain(self._lines, _stop(error))
        except yaml.reader.ReaderError as error:
            before = "\n".join(self._lines)[: error.position]
            line = before.count("\n")
            return syntax.explain(self._lines, Stop(error.reason, "", line, error.position - before.rfind("\n") - 1))
        except (ValueError, OverflowError):  # PyYAML 6 lets `"\UFFFFFFFF"` through to chr()
            line = next((n for n, text in enumerate(self._lines) if "\\U" in text), 0)
            return syntax.explain(self._lines, Stop("escape", "", line, len(self._lines[line])))
        except _TooDeep as error:
            return Slip(error.mark, "trop de niveaux les uns dans les autres", "suivez les exemples de LISEZMOI.md")
        return None

    def _documents(self, events: Iterator[yaml.Event]) -> None:
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self.slips.append(
                        _slip_at(
                            event.start_mark, "un fichier ne contient qu'un seul ensemble", "retirez la ligne « --- »"
                        )
                    )
                    return
            elif isinstance(event, yaml.NodeEvent):
                self.tree = self._node(event, events, ())

    def _node(self, event: yaml.Event, events: Iterator[yaml.Event], path: Path) -> Tree:
        if len(path) > MAX_DEPTH:
            raise _TooDeep(_mark(event.start_mark))
        self.values[path] = _mark(event.start_mark)
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
        tag = getattr(event, "tag", None)
        anchor = getattr(event, "anchor", None)
        sign = "*" if isinstance(event, yaml.AliasEvent) else "&" if anchor else "!" if tag else None
        if sign:
            word = anchor or str(tag).removeprefix("tag:yaml.org,2002:").strip("!")
            self.slips.append(
                _slip_at(
                    event.start_mark,
                    f"« {sign} » ne peut pas commencer une valeur",
                    f'mettez le texte entre guillemets : "{sign}{word}" (renvois et types ne sont pas admis)',
                )
            )

    def _scalar(self, event: yaml.ScalarEvent) -> str | None:
        if syntax.unprintable(event.value):
            self.slips.append(_slip_at(event.start_mark, "un caractère invisible se cache ici", "retapez ce texte"))
        if event.style is not None:
            return event.value
        slip = syntax.scalar(event.value, self._lines, _mark(event.start_mark), _mark(event.end_mark))
        if slip is not None:
            self.slips.append(slip)
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
            mark = _mark(event.start_mark)
            if not isinstance(key, str):
                self.slips.append(Slip(mark, "une clé est un mot suivi de « : »", "écrivez « clé: valeur »"))
                self._node(next(events), events, (*path, "?"))
            elif key in group:
                first = self.keys[*path, key].line
                self.slips.append(
                    Slip(
                        mark, f"la clé « {key} » est déjà à la ligne {first}", "réunissez les deux, ou renommez-en une"
                    )
                )
                self._node(next(events), events, (*path, "?"))
            else:
                self.keys[*path, key] = mark
                group[key] = self._node(next(events), events, (*path, key))
        return group


def _mark(mark: _YamlMark | None) -> Mark:
    return Mark(mark.line + 1, mark.column + 1) if mark else Mark(1, 1)


def _slip_at(mark: _YamlMark | None, message: str, hint: str) -> Slip:
    return Slip(_mark(mark), message, hint)


def _stop(error: yaml.MarkedYAMLError) -> Stop:
    place = error.problem_mark or error.context_mark
    begun = error.context_mark
    return Stop(
        error.problem or "",
        error.context or "",
        place.line if place else 0,
        place.column if place else 0,
        (begun.line, begun.column) if begun else None,
    )
