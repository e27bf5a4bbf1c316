"""What a collector remembers from one run to the next, in the form of a cursor. Pure."""

from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError

from watcher.model import Cursor


class Remembered(BaseModel):
    """Base of what collectors remember: the journal keeps it as JSON, and only its collector understands it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def recall(cls, cursor: Cursor | None, **whose: object) -> Self:
        """Return what `cursor` holds; nothing of it when it cannot be read, or is another's than `whose` fields say."""
        try:
            known = cls.model_validate_json(cursor or "{}")
        except ValidationError:
            return cls.model_validate(whose)
        is_ours = all(getattr(known, name) == value for name, value in whose.items())
        return known if is_ours else cls.model_validate(whose)

    def cursor(self) -> Cursor:
        """Return this as the journal keeps it."""
        return Cursor(self.model_dump_json())
