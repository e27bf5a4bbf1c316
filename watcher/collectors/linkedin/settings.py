"""The keys of a source whose `plateforme` is `linkedin`."""

import re
from datetime import date
from typing import Annotated, ClassVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from watcher.budget import Budget
from watcher.config.fields import SecretName, refuse


def _page(value: object) -> object:
    """The number of a Page stands in the address that its administrators see."""
    found = re.fullmatch(
        r"(?:https?://www\.linkedin\.com/company/|urn:li:organization:)?(\d{1,20})(?:/.*)?", str(value), re.ASCII
    )
    if not found:
        refuse(
            f"il faut le numéro de la Page, et non « {value} »",
            "il est dans l'adresse que voient ses administrateurs : linkedin.com/company/NUMÉRO/admin",
        )
    return found[1]


def _version(value: str) -> str:
    if not re.fullmatch(r"20\d\d(?:0[1-9]|1[0-2])", value):
        refuse(f"il faut une année et un mois, et non « {value} »", 'par exemple "202609"')
    return value


class LinkedInSettings(BaseModel):
    """One source is one Page of ours, read with a token of one of its administrators."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, coerce_numbers_to_str=True)

    budget: ClassVar[Budget] = Budget(calls_per_day=100)

    page: Annotated[str, BeforeValidator(_page)] = Field(
        title="Page", description="Numéro de notre Page, celui de linkedin.com/company/NUMÉRO/admin"
    )
    token: SecretName = Field(alias="jeton", title="Jeton", description="Nom de la variable qui porte le jeton d'accès")
    issued_on: date | None = Field(
        None,
        alias="jeton_du",
        title="Date du jeton",
        description="Jour où le jeton a été fait, par exemple 2026-11-24 : il dure 60 jours, la veille prévient avant",
    )
    mentions: bool = Field(
        default=True,
        title="Mentions",
        description="non si LinkedIn n'a pas accordé le droit de lire qui nous mentionne ; sans cette ligne : oui",
    )
    version: Annotated[str, AfterValidator(_version)] = Field(
        "202609", title="Version", description="Version de l'API, année et mois : chacune vit un an environ"
    )

    @property
    def urn(self) -> str:
        """The Page as LinkedIn names it."""
        return f"urn:li:organization:{self.page}"
