"""The keys of a source whose `plateforme` is `reddit`."""

import re
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from watcher.config.fields import SecretName, Text, refuse


def _subreddit(value: str) -> str:
    name = re.sub(r"^(?:https?://(?:\w+\.)?reddit\.com)?/?(?:r/)?", "", value).removesuffix("/")
    if not re.fullmatch(r"\w{2,21}", name, re.ASCII):
        refuse(f"« {value} » n'est pas un forum de Reddit", "par exemple toulouse, pour r/toulouse")
    return name


class RedditSettings(BaseModel):
    """One source is forums and searches, read with one application that Reddit has approved."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    subreddits: tuple[Annotated[str, AfterValidator(_subreddit)], ...] = Field(
        (), alias="forums", title="Forums", description="Forums à lire en entier, par exemple toulouse"
    )
    searches: tuple[Annotated[Text, Field(max_length=512)], ...] = Field(
        (), alias="recherches", title="Recherches", description="Mots à chercher dans tous les forums"
    )
    key: SecretName = Field(
        alias="cle", title="Clé", description="Nom de la variable qui porte l'identifiant de l'application (client_id)"
    )
    secret: SecretName = Field(
        title="Secret", description="Nom de la variable qui porte le secret de l'application (client_secret)"
    )

    @model_validator(mode="after")
    def _can_hear(self) -> Self:
        if not (self.subreddits or self.searches):
            refuse(
                "cette source n'écouterait rien", "donnez-lui des « forums » ou des « recherches »", "french_missing"
            )
        return self
