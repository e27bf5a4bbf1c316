"""A platform's settings as a collector declares them, for the tests of the configuration."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class FeedSettings(BaseModel):
    """One required key, one boolean, one choice, one list of figures: what a `sources.yml` entry may hold."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    url: str = Field(
        alias="adresse", pattern=r"^https?://", description="Adresse du flux, comme https://exemple.fr/rss.xml"
    )
    is_full_text: bool = Field(default=False, alias="texte_entier")
    order: Literal["date", "titre"] = Field("date", alias="ordre")
    pages: tuple[int, ...] = ()


PLATFORMS = {"rss": FeedSettings, "mastodon": FeedSettings}
