"""What to type instead: the nearest name that exists, or the list of those that do."""

import difflib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

_SIMILAR_ENOUGH = 0.6  # difflib's own default; on our keys it finds one slip in four letters and no unrelated word


def folded(word: str) -> str:
    """Return `word` without case, accents or separators, so that `Thèmes` meets `themes`."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in plain if letter.isalnum())


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known name most like `word`, None where none is like it."""
    by_fold = {folded(name): name for name in known}
    close = difflib.get_close_matches(folded(word), by_fold, n=1, cutoff=_SIMILAR_ENOUGH)
    return by_fold[close[0]] if close else None


def instead(word: str, known: Sequence[str]) -> str:
    """Return the hint for a name that does not exist: the nearest one, or all of them."""
    close = nearest(word, known)
    if close is not None:
        return f"vouliez-vous dire « {close} » ?"
    return f"ce qui existe : {', '.join(known)}" if known else ""


def keys_at(model: type[BaseModel], loc: Sequence[str | int]) -> tuple[str, ...]:
    """Return the YAML keys of the group that `loc` leads to from `model`; empty where it leads to no group."""
    here = _at(model, loc)
    return tuple(_by_key(here)) if _is_model(here) else ()


def description_at(model: type[BaseModel], loc: Sequence[str | int]) -> str:
    """Return what the author of `model` says of the key that `loc` leads to; empty where there is nothing."""
    group = _at(model, loc[:-1])
    field = _by_key(group).get(str(loc[-1])) if loc and _is_model(group) else None
    return (field.description or "") if field else ""


def _at(annotation: Any, loc: Sequence[str | int]) -> Any:
    for step in loc:
        annotation = _inside(annotation, step)
    return annotation


def _inside(annotation: Any, step: str | int) -> Any:
    """Return what a model's field, a list's item or a mapping's value is made of, None where there is nothing."""
    if _is_model(annotation):
        field = _by_key(annotation).get(str(step))
        return _without_none(field.annotation) if field else None
    parts = [part for part in get_args(annotation) if part is not Ellipsis]
    return _without_none(parts[-1]) if parts else None


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _by_key(model: type[BaseModel]) -> Mapping[str, FieldInfo]:
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _without_none(annotation: Any) -> Any:
    parts = [part for part in get_args(annotation) if part is not NoneType]
    return parts[0] if get_origin(annotation) in {Union, UnionType} and len(parts) == 1 else annotation
