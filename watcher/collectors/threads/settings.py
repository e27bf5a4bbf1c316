"""The keys of a source whose `plateforme` is `threads`, and how often Threads may be searched."""

import re
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from watcher.budget import Budget
from watcher.config.fields import SecretName, Text, refuse


def _topic(value: str) -> str:
    topic = value.lstrip("#＃").strip()
    if not topic or re.search(r"[.&\n]", topic) or len(topic) > _LONGEST_TOPIC:
        refuse(f"« {value} » n'est pas un sujet de Threads", "un à cinquante signes, sans point ni « & »")
    return topic


_LONGEST_TOPIC = 50


class ThreadsSettings(BaseModel):
    """One source is one account of ours, and what is searched in its name.

    Threads allows 2,200 searches in any 24 hours, on whatever days they fall: half of them a day is never more. It
    allows at least 48,000 other calls, halved for the same reason.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    budget: ClassVar[Budget] = Budget(searches_per_day=1_100, calls_per_day=24_000)

    searches: tuple[Text, ...] = Field(
        (), alias="recherches", title="Recherches", description="Mots à chercher dans tous les messages publics"
    )
    topics: tuple[Annotated[str, AfterValidator(_topic)], ...] = Field(
        (), alias="hashtags", title="Hashtags", description="Sujets (hashtags) à écouter, sans leur #"
    )
    listens_to_own: bool = Field(
        default=True,
        alias="notre_compte",
        title="Notre compte",
        description="« non » pour ne lire ni nos messages, ni leurs réponses, ni qui nous mentionne",
    )
    days: int = Field(
        30,
        alias="jours_suivis",
        title="Jours suivis",
        description="Combien de jours les réponses à un de nos messages sont relues, de 1 à 365 ; 30 sans cette ligne",
        ge=1,
        le=365,
    )
    token: SecretName = Field(
        alias="jeton", title="Jeton", description="Nom de la variable qui porte le jeton de notre compte Threads"
    )

    @model_validator(mode="after")
    def _can_hear(self) -> Self:
        if not (self.searches or self.topics or self.listens_to_own):
            refuse(
                "cette source n'écouterait rien", "donnez-lui des « recherches » ou des « hashtags »", "french_missing"
            )
        return self
