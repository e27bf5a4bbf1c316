"""The keys of a source whose `plateforme` is `peertube`."""

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from watcher.config.fields import Text, refuse


def _server(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s/@]+/?", value):
        refuse(f"il faut l'adresse d'un serveur, et non « {value} »", "par exemple https://sepiasearch.org")
    return value.removesuffix("/")


class PeerTubeSettings(BaseModel):
    """One source searches one server: the index of all instances, or a single one."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    searches: tuple[Text, ...] = Field(
        alias="recherches", title="Recherches", description="Mots à chercher dans les vidéos", min_length=1
    )
    server: Annotated[str, AfterValidator(_server)] = Field(
        "https://sepiasearch.org",
        alias="serveur",
        title="Serveur",
        description="Où chercher : https://sepiasearch.org connaît toutes les instances ; ou l'adresse d'une seule",
    )
