"""The keys of a source whose `plateforme` is `youtube`."""

import re
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from watcher.budget import Budget
from watcher.config.fields import SecretName, Text, refuse

CHANNEL_ID = re.compile(r"UC[\w-]{22}", re.ASCII)
VIDEO_ID = re.compile(r"[\w-]{11}", re.ASCII)

_SITE = r"(?:https?://)?(?:www\.|m\.)?(?:youtube\.com|youtu\.be)/"


def _channel(value: str) -> str:
    name = re.sub(rf"^{_SITE}(?:channel/)?|[/?].*$", "", value) if re.match(_SITE, value) else value
    if CHANNEL_ID.fullmatch(name):
        return name
    handle = name.removeprefix("@")
    if not re.fullmatch(r"[\w.·-]{3,30}", handle):
        refuse(
            f"« {value} » n'est pas une chaîne de YouTube",
            'par exemple "@nom", ou son identifiant, qui commence par UC',
        )
    return f"@{handle}"


def _video(value: str) -> str:
    found = re.fullmatch(
        rf"(?:{_SITE}(?:watch\?(?:\S*&)?v=|shorts/|live/)?)?([\w-]{{11}})(?:[?&]\S*)?", value, re.ASCII
    )
    if not found:
        refuse(f"« {value} » n'est pas une vidéo de YouTube", "par exemple https://www.youtube.com/watch?v=…")
    return found[1]


ChannelName = Annotated[str, AfterValidator(_channel)]


class YouTubeSettings(BaseModel):
    """What to read with one key. A channel is a handle with its @, or the platform's own id (UC…)."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    budget: ClassVar[Budget] = Budget(calls_per_day=10_000, searches_per_day=100, timezone="America/Los_Angeles")

    key: SecretName = Field(
        alias="cle", title="Clé", description="Nom de la variable qui porte la clé de l'API YouTube Data v3"
    )
    own_channel: ChannelName | None = Field(
        None,
        alias="notre_chaine",
        title="Notre chaîne",
        description="La chaîne de la Région : ses vidéos, tous leurs commentaires, ses chiffres ; par exemple @nom",
    )
    channels: tuple[ChannelName, ...] = Field(
        (),
        alias="chaines",
        title="Autres chaînes",
        description="Chaînes dont lire les vidéos et les commentaires, par exemple @nom",
    )
    videos: tuple[Annotated[str, AfterValidator(_video)], ...] = Field(
        (), title="Vidéos", description="Vidéos d'autres chaînes dont lire les commentaires : leurs adresses"
    )
    searches: tuple[Text, ...] = Field(
        (),
        alias="recherches",
        title="Recherches",
        description="Mots à chercher dans les vidéos ; 100 recherches par jour en tout",
    )

    @model_validator(mode="after")
    def _can_hear(self) -> Self:
        if not (self.own_channel or self.channels or self.videos or self.searches):
            refuse(
                "cette source n'écouterait rien",
                "donnez-lui « notre_chaine », des « chaines », des « videos » ou des « recherches »",
                "french_missing",
            )
        return self
