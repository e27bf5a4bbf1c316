"""The keys of a source whose `plateforme` is `bluesky`."""

import re
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from watcher.config.fields import SecretName, Term, Text, refuse


def _stream(value: str) -> str:
    if not re.fullmatch(r"wss?://[^\s/]+/\S+", value):
        refuse(
            f"il faut l'adresse d'un serveur Jetstream, et non « {value} »",
            "par exemple wss://jetstream2.us-east.bsky.network/subscribe",
        )
    return value


def _account(value: str) -> str:
    account = value.removeprefix("@").removeprefix("https://bsky.app/profile/").removesuffix("/")
    if not re.fullmatch(r"did:[a-z]+:[\w.:%-]+|(?:[a-zA-Z0-9-]{1,63}\.)+[a-zA-Z][a-zA-Z0-9-]*", account):
        refuse(f"« {value} » n'est pas un compte de Bluesky", "par exemple nom.bsky.social")
    return account


def _server(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s/@]+/?", value):
        refuse(f"il faut l'adresse d'un serveur, et non « {value} »", "par exemple https://bsky.social")
    return value.removesuffix("/")


class BlueskySettings(BaseModel):
    """One source is the stream of everything, one account, or searches in the name of an account."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    stream: Annotated[str, AfterValidator(_stream)] | None = Field(
        None,
        alias="flux",
        title="Adresse du flux",
        description="Adresse d'un serveur Jetstream, par exemple wss://jetstream2.us-east.bsky.network/subscribe",
    )
    words: tuple[Term, ...] = Field(
        (),
        alias="mots",
        title="Mots à entendre aussi",
        description="Mots que le flux laisse passer en plus de ceux du territoire, par exemple « CAF »",
    )
    account: Annotated[str, AfterValidator(_account)] | None = Field(
        None, alias="compte", title="Compte", description="Compte dont lire les messages, par exemple nom.bsky.social"
    )

    searches: tuple[Text, ...] = Field(
        (), alias="recherches", title="Recherches", description="Mots à chercher, avec un compte de la Région"
    )
    server: Annotated[str, AfterValidator(_server)] = Field(
        "https://bsky.social",
        alias="serveur",
        title="Serveur",
        description="Adresse du serveur où ce compte est ouvert",
    )
    identifier: Annotated[str, AfterValidator(_account)] | None = Field(
        None, alias="identifiant", title="Identifiant", description="Nom de ce compte, par exemple nom.bsky.social"
    )
    password: SecretName | None = Field(
        None,
        alias="mot_de_passe",
        title="Mot de passe",
        description="Nom de la variable qui porte le mot de passe d'application",
    )

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        if [self.stream is None, self.account is None, not self.searches].count(False) != 1:
            refuse(
                "une source de Bluesky est un « flux », un « compte » ou des « recherches »",
                "donnez l'un des trois",
                "french_missing",
            )
        if self.searches and not (self.identifier and self.password):
            refuse(
                "les « recherches » demandent un compte",
                "donnez « identifiant », et le nom d'une variable à « mot_de_passe »",
                "french_missing",
            )
        return self
