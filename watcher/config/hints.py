"""What to type instead: the nearest name that exists, or the list of those that do."""

import difflib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, get_args

from pydantic import BaseModel

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
    here: type[BaseModel] | None = model
    for step in loc:
        if here is not None and isinstance(step, str) and step in _by_key(here):
            here = _model_in(_by_key(here)[step])
    return tuple(_by_key(here)) if here is not None else ()


def _by_key(model: type[BaseModel]) -> Mapping[str, Any]:
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """Return the model that a field holds, be it optional, in a list or in a mapping."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for part in get_args(annotation) if (model := _model_in(part))), None)
