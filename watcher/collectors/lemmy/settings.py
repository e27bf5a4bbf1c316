"""The keys of a source whose `plateforme` is `lemmy`."""

import re
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from watcher.config.fields import Text, refuse


def _instance(value: str) -> str:
    if not re.fullmatch(r"(?:https?://)?[^\W_][\w.-]*(?::\d{1,5})?/?", value):
        refuse(f"il faut le nom d'une instance, et non « {value} »", "par exemple jlai.lu")
    return value.lower().removesuffix("/")


def _community(value: str) -> str:
    name = value.removeprefix("!")
    if not re.fullmatch(r"[A-Za-z0-9_]+(?:@[\w.-]+)?", name, re.ASCII):
        refuse(f"« {value} » n'est pas une communauté", "par exemple france@jlai.lu")
    return name


class LemmySettings(BaseModel):
    """One source is one instance: it knows what came to it."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    instance: Annotated[str, AfterValidator(_instance)] = Field(
        title="Instance", description="Nom de l'instance, par exemple jlai.lu"
    )
    searches: tuple[Text, ...] = Field(
        (), alias="recherches", title="Recherches", description="Mots à chercher dans les messages et les commentaires"
    )
    communities: tuple[Annotated[str, AfterValidator(_community)], ...] = Field(
        (),
        alias="communautes",
        title="Communautés",
        description="Communautés à lire en entier, par exemple france@jlai.lu",
    )

    @model_validator(mode="after")
    def _can_hear(self) -> Self:
        if not (self.searches or self.communities):
            refuse(
                "cette source n'écouterait rien",
                "donnez-lui des « recherches » ou des « communautes »",
                "french_missing",
            )
        return self

    @property
    def address(self) -> str:
        """Where the instance answers."""
        return self.instance if "://" in self.instance else f"https://{self.instance}"
