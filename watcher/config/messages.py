"""What pydantic found wrong, said in French: one sentence and one hint a mistake, in the words of the YAML file."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from watcher.config.hints import description_at, instead, keys_at, nearest
from watcher.config.tree import Document, Path, breadcrumb
from watcher.errors import Mistake

_WANTED: tuple[tuple[str, str], ...] = (
    ("string_too_short", "un texte plus long ({min_length} caractères au moins)"),
    ("string_too_long", "un texte plus court ({max_length} caractères au plus)"),
    ("too_short", "une liste plus longue ({min_length} élément(s) au moins)"),
    ("too_long", "une liste plus courte ({max_length} élément(s) au plus)"),
    ("greater_than_equal", "un nombre d'au moins {ge}"),
    ("greater_than", "un nombre plus grand que {gt}"),
    ("less_than_equal", "un nombre d'au plus {le}"),
    ("less_than", "un nombre plus petit que {lt}"),
    ("multiple_of", "un multiple de {multiple_of}"),
    ("string_pattern_mismatch", "un texte de la bonne forme"),
    ("bool_", "« oui » ou « non »"),
    ("int_", "un nombre entier"),
    ("float_", "un nombre"),
    ("decimal_", "un nombre"),
    ("finite_number", "un nombre"),
    ("url_", "une adresse complète, comme https://exemple.fr/page"),
    ("string_", "un texte"),
    ("list_", "une liste"),
    ("tuple_", "une liste"),
    ("set_", "une liste"),
    ("frozen_set_", "une liste"),
    ("iterable_", "une liste"),
    ("dict_", "un groupe de clés"),
    ("mapping_", "un groupe de clés"),
    ("model_", "un groupe de clés"),
    ("dataclass_", "un groupe de clés"),
    ("datetime_", "une date et une heure, comme 2026-11-24T08:30"),
    ("timezone_", "une date et une heure, comme 2026-11-24T08:30+01:00"),
    ("date_", "une date, comme 2026-11-24"),
    ("time_delta_", "une durée"),
    ("time_", "une heure, comme 08:30"),
    ("uuid_", "un identifiant"),
)
"""What each family of pydantic's errors wanted, by the beginning of its name; the first that fits."""

_TELL_WHAT_IS_MEANT = {"missing", "string_pattern_mismatch", "value_error", "assertion_error"}
"""Errors whose best hint is what the field's author says of it."""

_LONGEST_FOUND = 40


def mistakes_of(
    errors: Sequence[ErrorDetails],
    model: type[BaseModel],
    document: Document,
    at: Path = (),
    also: Sequence[str] = (),
) -> tuple[Mistake, ...]:
    """Return a mistake for each of pydantic's `errors` about the part of `document` at `at`.

    `also` are keys that exist there beside those of `model`.
    A key that is missing because it is misspelt is told once, as the misspelling.
    """
    unknown = {(e["loc"][:-1], str(e["loc"][-1])) for e in errors if e["type"] == "extra_forbidden"}
    found = []
    for error in errors:
        path = _path(error["loc"])
        keys = (*keys_at(model, path[:-1]), *(also if len(path) == 1 else ()))
        if error["type"] == "missing" and any(
            group == error["loc"][:-1] and nearest(word, keys) == path[-1] for group, word in unknown
        ):
            continue
        message, hint = _sentence(error, path[-1] if path else "", keys, keys_at(model, path))
        meant = description_at(model, path)
        if meant and error["type"] in _TELL_WHAT_IS_MEANT:
            hint = meant if error["type"] != "missing" else f"{hint} ({meant[:1].lower()}{meant[1:]})"
        mark = document.mark(at + path, of_key=error["type"] == "extra_forbidden" or _is_about_a_key(error))
        found.append(Mistake(document.file, message, mark.line, mark.column, breadcrumb(at + path), hint))
    return tuple(found)


def _path(loc: Sequence[str | int]) -> Path:
    return tuple(step for step in loc if step != "[key]")


def _is_about_a_key(error: ErrorDetails) -> bool:
    return "[key]" in error["loc"]


def _sentence(error: ErrorDetails, step: str | int, around: Sequence[str], inside: Sequence[str]) -> tuple[str, str]:
    """Return the sentence and the hint. `around`: the keys of the group of `step`; `inside`: those of `step` itself."""
    kind, found, context = error["type"], error["input"], error.get("ctx", {})
    key = _named(step)
    if kind == "missing":
        return f"il manque la clé {key}", f"ajoutez une ligne « {step}: … »"
    if kind == "extra_forbidden":
        return f"la clé {key} n'existe pas", instead(str(step), around)
    if kind.startswith("french"):
        return str(context["message"]), str(context["hint"])
    if "error" in context and kind in {"value_error", "assertion_error"}:
        return str(context["error"]), ""
    return _misfit(kind, key, found, context, inside)


def _named(step: str | int) -> str:
    if isinstance(step, int):
        return f"l'élément {step + 1}"
    return f"« {step} »" if step else "le fichier"


def _misfit(kind: str, key: str, found: object, context: Mapping[str, Any], inside: Sequence[str]) -> tuple[str, str]:
    """Return the sentence and the hint for a value that is there and is not what its key wants."""
    if found in (None, ""):
        return f"{key} est vide", "donnez une valeur, écrivez [] pour une liste vide, ou retirez la ligne"
    if kind in {"literal_error", "enum"}:
        choices = re.findall(r"'([^']*)'", str(context["expected"]))
        return f"{key} : {_shown(found)} n'est pas un choix possible", instead(str(found), choices)
    wanted = _wanted(kind, context)
    return f"{key} : il faut {wanted}, et non {_shown(found)}", _how_to_write(wanted, found, inside)


def _wanted(kind: str, context: Mapping[str, Any]) -> str:
    for beginning, wanted in _WANTED:
        if kind.startswith(beginning):
            return wanted.format_map({name: _written(value) for name, value in context.items()})
    return "une autre valeur"


def _written(value: object) -> object:
    """Return a limit as people write it: 0, not 0.0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _shown(found: object) -> str:
    if isinstance(found, Mapping):
        return "un groupe de clés"
    if isinstance(found, Sequence) and not isinstance(found, str):
        return "une liste"
    text = " ".join(str(found).split())
    return f"« {text if len(text) <= _LONGEST_FOUND else text[: _LONGEST_FOUND - 1] + '…'} »"


def _how_to_write(wanted: str, found: object, inside: Sequence[str]) -> str:
    """Return how to write what was wanted with what was found."""
    if wanted == "une liste":
        return _as_a_list(found)
    if wanted == "un groupe de clés":
        return _as_a_group(found, inside)
    if wanted == "un texte":
        between = "si « : » fait partie du texte, mettez le tout entre guillemets"
        return between if isinstance(found, Mapping) else "retirez le tiret ou les crochets"
    return f"écrivez {wanted}"


def _as_a_list(found: object) -> str:
    if not isinstance(found, str):
        return "commencez chaque élément par un tiret et une espace : « - »"
    if found.startswith("-"):
        return f"écrivez « - {found.lstrip('- ')} », avec une espace après le tiret"
    return f"écrivez : [{found}]"


def _as_a_group(found: object, inside: Sequence[str]) -> str:
    possible = f"clés possibles : {', '.join(inside)}" if inside else "écrivez une clé par ligne, suivie de « : »"
    if not isinstance(found, str):
        return possible
    word = re.split(r"[\s:=]", found, maxsplit=1)[0]
    rest = found[len(word) :].lstrip(" :=\u00a0")
    return f"écrivez « {word}: {rest} », avec « : » et une espace" if word in inside else possible
