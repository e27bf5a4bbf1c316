"""What platforms write, read with goodwill: what is missing, null or odd is empty, and an answer is JSON. Pure."""

import json
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ValidationError

from watcher.errors import Malformed
from watcher.model import BrokenItem

_MOST_DIGITS = 15
"""What every reader of JSON takes for the same whole number, and Elasticsearch for a count."""


def words_of(value: object) -> str:
    """Return a text as it is, an empty one in the place of anything else."""
    return value if isinstance(value, str) else ""


def count_of(value: object) -> int | None:
    """Return a count, which may be written as a text; None where nothing counts."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None


def time_of(value: object) -> datetime | None:
    """Return the aware time that ISO 8601 writes, None for the rest and for a time of no zone."""
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return at if at and at.tzinfo else None


def mapping_of(value: object) -> Mapping[str, Any]:
    """Return an object as it is, an empty one in the place of anything else."""
    return value if isinstance(value, dict) else {}


Words = Annotated[str, BeforeValidator(words_of)]
Count = Annotated[int | None, BeforeValidator(count_of)]
Time = Annotated[datetime | None, BeforeValidator(time_of)]

Form = TypeVar("Form", bound=BaseModel)


def read(form: type[Form], item: object, nameless: Callable[[object], str]) -> Form | BrokenItem:
    """Return `item` in its `form`, or else what `nameless` lets the dead letters keep of it."""
    try:
        return form.model_validate(item)
    except ValidationError as error:
        places = {".".join(map(str, slip["loc"])) or "élément" for slip in error.errors(include_input=False)}
        return BrokenItem(nameless(item), "illisible : " + ", ".join(sorted(places)))


def kept_of(item: Mapping[str, Any], names: Collection[str]) -> str:
    """Return those fields of an item that name nobody, as JSON, in the order of the item."""
    return json.dumps({key: value for key, value in item.items() if key in names})


def json_object(body: bytes, not_json: str, not_object: str) -> Mapping[str, Any]:
    """Return the object that `body` holds. Raises `Malformed` with one of two sentences for the team."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Malformed(not_json) from error
    if not isinstance(document, dict):
        raise Malformed(not_object)
    return document
