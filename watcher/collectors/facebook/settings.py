"""The keys of a source whose `plateforme` is `facebook`."""

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from watcher.config.fields import SecretName, refuse


def _page(value: str) -> str:
    page = re.sub(r"^(?:https?://)?(?:www\.|m\.)?facebook\.com/", "", value).strip("/@")
    if not re.fullmatch(r"[\w.-]{1,100}", page):
        refuse(
            f"« {value} » n'est pas une Page de Facebook",
            "son nom dans facebook.com/nom, ou son numéro (Paramètres › Transparence de la Page)",
        )
    return page


def _version(value: str) -> str:
    if not re.fullmatch(r"v\d{1,3}\.\d{1,2}", value):
        refuse(f"« {value} » n'est pas une version de l'API", "par exemple v25.0")
    return value


class PageSettings(BaseModel):
    """One source is one Page of ours: each has its own token."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    page: Annotated[str, AfterValidator(_page)] = Field(
        title="Page", description="Notre Page : son nom dans facebook.com/nom, ou son numéro"
    )
    token: SecretName = Field(
        alias="jeton", title="Jeton", description="Nom de la variable qui porte le jeton de cette Page"
    )
    days: int = Field(
        90,
        alias="jours_suivis",
        title="Jours suivis",
        description="Combien de jours les commentaires d'une publication sont relus, de 1 à 365 ; 90 sans cette ligne",
        ge=1,
        le=365,
    )
    version: Annotated[str, AfterValidator(_version)] = Field(
        "v25.0", title="Version", description="Version de l'API de Meta, par exemple v25.0"
    )
