"""The keys of a source whose `plateforme` is `bluesky`."""

import re
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from watcher.config.fields import Term, refuse


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


class BlueskySettings(BaseModel):
    """One source is the stream of everything, or one account."""

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

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        if (self.stream is None) == (self.account is None):
            refuse("une source de Bluesky est un « flux » ou un « compte »", "donnez l'un des deux", "french_missing")
        return self
