"""A part of a document held against a pydantic model: the value, or French mistakes with their lines."""

from collections.abc import Sequence
from copy import deepcopy
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from watcher.config.messages import mistakes_of
from watcher.config.tree import Document, Path, Tree
from watcher.errors import Mistake

_SPOKEN = {"oui": "true", "non": "false"}

M = TypeVar("M", bound=BaseModel)


def checked(
    model: type[M], document: Document, tree: Tree, at: Path = (), also: Sequence[str] = ()
) -> tuple[M | None, tuple[Mistake, ...]]:
    """Return `tree`, which stands at `at` in `document`, as a `model`, or None and every mistake in it.

    `also` are keys known there beside the model's, for the hints. Where slips were set aside in the document, keys that
    are missing are not told: they may be in the lines set aside.
    """
    value, errors = _validated(model, tree)
    if document.mistakes:
        errors = [error for error in errors if "missing" not in error["type"] and error["input"] is not None]
    return value, mistakes_of(errors, model, document, at, also)


def _validated(model: type[M], tree: Tree) -> tuple[M | None, Sequence[ErrorDetails]]:
    try:
        return model.model_validate(tree, by_alias=True, by_name=False), ()
    except ValidationError as error:
        errors = error.errors(include_url=False)
        translated = _with_booleans(tree, errors)
    return (None, errors) if translated is None else _validated(model, translated)


def _with_booleans(tree: Tree, errors: Sequence[ErrorDetails]) -> Tree:
    """Return `tree` with `oui` and `non` in pydantic's words where it asked for a boolean; None where it asked nowhere.

    Asking the models keeps `oui` a word everywhere else, and needs nothing of a platform's own model.
    """
    places = [e["loc"] for e in errors if e["type"].startswith("bool_") and str(e["input"]).lower() in _SPOKEN]
    if not places:
        return None
    translated: Any = deepcopy(tree)
    for *around, last in places:
        group = translated
        for step in around:
            group = group[step]
        group[last] = _SPOKEN[str(group[last]).lower()]
    return translated  # type: ignore[no-any-return]  # a tree in a tree's shape
