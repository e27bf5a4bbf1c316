"""The keys of a source whose `plateforme` is `tiktok`, and what TikTok allows."""

from typing import ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from watcher.budget import Budget
from watcher.config.fields import SecretName, Text, refuse


class TikTokSettings(BaseModel):
    """One source is our own account, or what a research body searches: two applications, two keys.

    A research application has 1,000 calls a day, counted in UTC; our own account has 600 a minute and needs far less.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    budget: ClassVar[Budget] = Budget(calls_per_day=1_000)

    key: SecretName = Field(
        alias="cle", title="Clé", description="Nom de la variable qui porte la « Client key » de l'application"
    )
    secret: SecretName = Field(
        title="Secret", description="Nom de la variable qui porte le « Client secret » de l'application"
    )
    renewal: SecretName | None = Field(
        None,
        alias="renouvellement",
        title="Renouvellement",
        description="Nom de la variable qui porte le « refresh token » de notre compte",
    )
    searches: tuple[Text, ...] = Field(
        (),
        alias="recherches",
        title="Recherches",
        description="À la place de notre compte : mots à chercher dans les vidéos, pour un organisme de recherche seul",
    )
    is_research_body: bool = Field(
        default=False,
        alias="organisme_de_recherche",
        title="Organisme de recherche",
        description="« oui » si TikTok a accordé son API de recherche au titulaire de la clé (jamais à une région)",
    )

    @model_validator(mode="after")
    def _can_hear(self) -> Self:
        if bool(self.searches) == bool(self.renewal):
            refuse(
                "il faut notre compte, ou des recherches, et non les deux",
                "donnez le nom d'une variable à « renouvellement »",
                "french_missing",
            )
        if self.searches and not self.is_research_body:
            refuse(
                "TikTok ne laisse chercher que les universités et les organismes de recherche : une région n'y a pas "
                "droit",
                "lisez notre compte par « renouvellement » ; une université partenaire qui a l'accord de TikTok écrit "
                "« organisme_de_recherche: oui »",
            )
        return self
