"""What every group of keys in the YAML files is."""

from pydantic import BaseModel, ConfigDict


class Group(BaseModel):
    """A group of keys: an unknown one is a mistake, never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)
