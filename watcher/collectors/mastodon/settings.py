"""The keys of a source whose `plateforme` is `mastodon`."""

import re
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from watcher.config.fields import Handle, SecretName, Text, refuse


def _instance(value: str) -> str:
    if not re.fullmatch(r"(?:https?://)?[^\W_][\w.-]*(?::\d{1,5})?/?", value):
        refuse(f"il faut le nom d'une instance, et non « {value} »", "par exemple mastodon.social")
    return value.lower().removesuffix("/")


def _hashtag(value: str) -> str:
    tag = value.lstrip("#＃")
    # A hashtag ends at its first other sign: « #Midi-Pyrénées » is #Midi for everybody there.
    if not re.fullmatch(r"\w+", tag) or tag.isdigit():
        refuse(f"« {value} » n'est pas un hashtag", "lettres, chiffres et « _ », sans espace, tiret ni point")
    return tag


class InstanceSettings(BaseModel):
    """One source is one instance: each has its own rate limits, rules and failures, and its own line in the status."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    instance: Annotated[str, AfterValidator(_instance)] = Field(
        title="Instance", description="Nom de l'instance, par exemple mastodon.social"
    )
    hashtags: tuple[Annotated[str, AfterValidator(_hashtag)], ...] = Field(
        (), title="Hashtags", description="Hashtags à écouter sur cette instance, sans leur #"
    )
    accounts: tuple[Handle, ...] = Field(
        (), alias="comptes", title="Comptes", description="Comptes dont lire les messages, par exemple nom@mamot.fr"
    )
    searches: tuple[Text, ...] = Field(
        (), alias="recherches", title="Recherches", description="Mots à chercher dans les textes ; il faut un « jeton »"
    )
    token: SecretName | None = Field(
        None, alias="jeton", title="Jeton", description="Nom de la variable d'environnement qui porte le jeton d'accès"
    )

    @model_validator(mode="after")
    def _can_hear(self) -> Self:
        if not (self.hashtags or self.accounts or self.searches):
            refuse("cette source n'écouterait rien", "donnez-lui des « hashtags » ou des « comptes »", "french_missing")
        if self.searches and self.token is None:
            refuse(
                "les « recherches » demandent un compte sur l'instance",
                "donnez le nom d'une variable à « jeton »",
                "french_missing",
            )
        return self

    @property
    def address(self) -> str:
        """Where the instance answers."""
        return self.instance if "://" in self.instance else f"https://{self.instance}"

    @property
    def host(self) -> str:
        """The name after the @ of who has an account there."""
        return re.sub(r"^https?://|:\d+$", "", self.instance)
