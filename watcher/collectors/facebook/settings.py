"""The keys of a source whose `plateforme` is `facebook`."""

from pydantic import BaseModel, ConfigDict, Field

from watcher.config.fields import SecretName
from watcher.meta_graph.fields import VERSION, FollowedDays, PageName, Version


class PageSettings(BaseModel):
    """One source is one Page of ours: each has its own token."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    page: PageName = Field(title="Page", description="Notre Page : son nom dans facebook.com/nom, ou son numéro")
    token: SecretName = Field(
        alias="jeton", title="Jeton", description="Nom de la variable qui porte le jeton de cette Page"
    )
    days: FollowedDays = Field(
        90,
        alias="jours_suivis",
        title="Jours suivis",
        description="Combien de jours les commentaires d'une publication sont relus, de 1 à 365 ; 90 sans cette ligne",
    )
    version: Version = Field(VERSION, title="Version", description="Version de l'API de Meta, par exemple v25.0")
