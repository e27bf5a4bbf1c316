"""The shape of `calendrier.yml`: see `models`."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, WithJsonSchema, model_validator

from watcher.config.config import CalendarConfig, Expectation
from watcher.config.fields import Departement, Text, ThemeId, refuse
from watcher.config.group import Group


def _date(value: str) -> str:
    try:
        is_plain = date.fromisoformat(value).isoformat() == value  # ISO's other forms do not sort as they are written
    except ValueError:
        is_plain = False
    if not is_plain:
        refuse(f"il faut une date, et non « {value} »", "l'année, le mois, le jour : 2026-12-05")
    return value


Date = Annotated[str, AfterValidator(_date), WithJsonSchema({"type": "string", "format": "date"})]


class _Expected(Group):
    """What is spoken of more than usual, and how much more."""

    themes: tuple[ThemeId, ...] = Field((), title="Thèmes", description="Les thèmes de themes.yml, par identifiant")
    hashtags: tuple[Text, ...] = Field((), title="Hashtags", description="Des hashtags, sans leur #")
    departements: tuple[Departement, ...] = Field(
        (), title="Départements", description="Où cela se passe, par numéros entre guillemets"
    )
    times: float = Field(
        alias="attendu", ge=1, le=100, title="Attendu", description="Combien de fois plus de voix qu'un jour ordinaire"
    )

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if not (self.themes or self.hashtags or self.departements):
            refuse("il faut dire de quoi on parlera", "ajoutez « themes », « hashtags » ou « departements »")
        return self


class MarkModel(_Expected):
    """One of `reperes`."""

    day: Literal["rentree", "vacances", "jour_ferie"] = Field(
        alias="quand",
        title="Quand",
        description="rentree, vacances ou jour_ferie : la veille connaît les dates",
    )

    def value(self) -> Expectation:
        """Return what the house uses."""
        return Expectation(self.day, self.themes, self.hashtags, self.departements, self.times, day=self.day)


class EventModel(_Expected):
    """One of `evenements`."""

    name: Text = Field(alias="nom", title="Nom", description="Ce que c'est")
    begins: Date = Field(alias="du", title="Du", description="Le premier jour : 2026-12-05")
    ends: Date = Field(alias="au", title="Au", description="Le dernier jour, compris")

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.ends < self.begins:
            refuse(f"« {self.name} » finit avant de commencer", "vérifiez « du » et « au »")
        return self

    def value(self) -> Expectation:
        """Return what the house uses."""
        return Expectation(
            self.name,
            self.themes,
            self.hashtags,
            self.departements,
            self.times,
            begins=date.fromisoformat(self.begins),
            ends=date.fromisoformat(self.ends),
        )


class CalendarModel(Group):
    """`calendrier.yml`."""

    marks: tuple[MarkModel, ...] = Field(
        alias="reperes", title="Repères", description="Ce qui revient : rentrées, vacances, jours fériés"
    )
    events: tuple[EventModel, ...] = Field(
        (), alias="evenements", title="Événements", description="Les vôtres : un salon, une fête, un match"
    )

    def value(self) -> CalendarConfig:
        """Return what the house uses."""
        marks, events = (each.value() for each in self.marks), (each.value() for each in self.events)
        return CalendarConfig((*marks, *events))
