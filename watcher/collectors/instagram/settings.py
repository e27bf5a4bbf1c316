"""The keys of a source whose `plateforme` is `instagram`."""

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from watcher.config.fields import SecretName, refuse
from watcher.meta_graph.fields import VERSION, FollowedDays, PageName, Version

MOST_HASHTAGS = 30
"""Meta's own limit: so many different hashtags for one account in seven days."""


def _hashtag(value: str) -> str:
    tag = value.lstrip("#＃").casefold()
    if not re.fullmatch(r"\w{1,100}", tag):
        refuse(f"« {value} » n'est pas un hashtag", "lettres, chiffres et « _ », sans espace, tiret ni point")
    return tag


def _few(value: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(value)) > MOST_HASHTAGS:
        refuse(f"Instagram ne laisse chercher que {MOST_HASHTAGS} hashtags par semaine", "gardez les plus utiles")
    return tuple(dict.fromkeys(value))


class InstagramSettings(BaseModel):
    """One source is our own account, or hashtags asked for in its name: their limits and waits are not the same."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    page: PageName = Field(
        title="Page",
        description="La Page de Facebook à laquelle notre compte Instagram est lié : son nom ou son numéro",
    )
    token: SecretName = Field(
        alias="jeton", title="Jeton", description="Nom de la variable qui porte le jeton de notre compte"
    )
    hashtags: Annotated[tuple[Annotated[str, AfterValidator(_hashtag)], ...], AfterValidator(_few)] = Field(
        (),
        title="Hashtags",
        description="À la place de notre compte : des hashtags à écouter, 30 par semaine au plus, sans leur #",
    )
    days: FollowedDays = Field(
        90,
        alias="jours_suivis",
        title="Jours suivis",
        description="Combien de jours les commentaires d'une publication sont relus, de 1 à 365 ; 90 sans cette ligne",
    )
    version: Version = Field(VERSION, title="Version", description="Version de l'API de Meta, par exemple v25.0")
