"""The shape of `alertes.yml`: see `models`."""

import re
from collections import Counter
from collections.abc import Mapping
from datetime import time, timedelta
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, WithJsonSchema, model_validator

from watcher.config.config import AlertRule, AlertsConfig, DigestsConfig, Quiet
from watcher.config.fields import Departement, Interval, SlackId, Term, Text, ThemeId, refuse
from watcher.config.group import Group

Sensitivity = Literal["basse", "normale", "haute"]

THRESHOLDS: Mapping[Sensitivity, float] = {"haute": 0.0, "normale": 4.0, "basse": 6.0}
"""Scores, powers of ten of how surprising a trend is: see deploy/decisions/021. High takes all that detectors find."""

_DEFAULT = AlertsConfig("")

_NEVER = "non"


def _channel(value: str) -> str:
    if not re.fullmatch(r"#[\w-]{1,80}|[CG][A-Z0-9]{8,}", value):
        refuse(
            f"« {value.replace(chr(10), '⏎')} » n'est pas le nom d'un canal",
            'un # puis des lettres, des chiffres, « - » et « _ », entre guillemets : "#veille" ; ou son identifiant',
        )
    return value


def _hour(value: str) -> str:
    if not re.fullmatch("([01][0-9]|2[0-3]):[0-5][0-9]", value):  # ISO also knows zones, which no clock here has
        refuse(f"il faut une heure, et non « {value} »", 'par exemple "21:00", entre guillemets')
    return value


def _hour_or_never(value: str) -> str:
    return value if value == _NEVER else _hour(value)


def _kibana(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s/@|<>]+(?:/[^\s|<>]*)?", value):
        refuse("il faut une adresse comme https://kibana.exemple.fr", "sans nom ni mot de passe")
    return value


def _named_once(rules: "tuple[RuleModel, ...]") -> "tuple[RuleModel, ...]":
    """A rule's rest and its trial go by its name."""
    name, count = Counter(rule.name for rule in rules).most_common(1)[0] if rules else ("", 0)
    if count > 1:
        refuse(f"{count} règles ont le nom « {name} »", "chaque règle a son propre nom")
    return rules


Channel = Annotated[str, Field(min_length=1), AfterValidator(_channel)]
Hour = Annotated[str, AfterValidator(_hour), WithJsonSchema({"type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9]$"})]

HourOrNever = Annotated[
    str,
    AfterValidator(_hour_or_never),
    WithJsonSchema({"type": ["string", "boolean"], "pattern": "^([0-2][0-9]:[0-5][0-9]|non)$"}),
]


class QuietModel(Group):
    """`heures_calmes`."""

    begins: Hour = Field("21:00", alias="de", title="De", description="L'heure où l'on n'appelle plus")
    ends: Hour = Field("07:00", alias="a", title="À", description="L'heure où ce qui a attendu est dit")

    @model_validator(mode="after")
    def _lasts(self) -> Self:
        if self.begins == self.ends:
            refuse(
                f"les heures calmes commencent et finissent à {self.begins} : elles ne durent rien",
                "changez « de » ou « a » ; pour alerter à toute heure, retirez « heures_calmes »",
            )
        return self

    def value(self) -> Quiet:
        """Return what the house uses."""
        return Quiet(time.fromisoformat(self.begins), time.fromisoformat(self.ends))


class DigestsModel(Group):
    """`bilans`."""

    morning: HourOrNever = Field(
        "08:30", alias="matin", title="Le matin", description="L'heure du bilan de chaque matin ; « non » : jamais"
    )
    monday: HourOrNever = Field(
        "09:00", alias="lundi", title="Le lundi", description="L'heure du bilan de la semaine ; « non » : jamais"
    )
    channel: Channel | None = Field(None, alias="canal", title="Canal", description="Sinon, le canal habituel")

    def value(self) -> DigestsConfig:
        """Return what the house uses."""
        morning, monday = (None if at == _NEVER else time.fromisoformat(at) for at in (self.morning, self.monday))
        return DigestsConfig(morning, monday, self.channel)


class RuleModel(Group):
    """One of `regles`."""

    name: Text = Field(alias="nom", title="Nom", description="Le nom de la règle, dit dans l'alerte")
    themes: tuple[ThemeId, ...] = Field((), title="Thèmes", description="Les thèmes de themes.yml, par identifiant")
    departements: tuple[Departement, ...] = Field(
        (), title="Départements", description="Où cela se passe, par numéros entre guillemets"
    )
    hashtags: tuple[Text, ...] = Field((), title="Hashtags", description="Des hashtags, sans leur #")
    words: tuple[Term, ...] = Field((), alias="mots", title="Mots", description="Des « mots_suivis » de veille.yml")
    platforms: tuple[Text, ...] = Field(
        (), alias="plateformes", title="Plateformes", description="Quand on y parle beaucoup"
    )
    is_to_answer: bool = Field(
        default=False,
        alias="a_repondre",
        title="À répondre",
        description="« oui » : beaucoup de gens attendent",
    )
    sensitivity: Sensitivity = Field(
        "normale",
        alias="sensibilite",
        title="Sensibilité",
        description="haute : dès que la veille remarque ; basse : seulement l'exceptionnel",
    )
    min_voices: float = Field(
        0.0,
        alias="voix_minimum",
        ge=0,
        allow_inf_nan=False,
        title="Voix minimum",
        description="Personnes distinctes en une heure",
    )
    channel: Channel | None = Field(None, alias="canal", title="Canal", description="Sinon, le canal habituel")
    mentions: tuple[SlackId, ...] = Field(
        (), alias="prevenir", title="Prévenir", description="Les identifiants Slack de qui doit être appelé"
    )
    passes_the_night: bool = Field(
        default=False,
        alias="meme_la_nuit",
        title="Même la nuit",
        description="« oui » : n'attend pas le matin",
    )
    rest: Interval | None = Field(
        None, alias="repos", title="Repos", description="Le temps pendant lequel la suite va dans le même fil"
    )

    def value(self) -> AlertRule:
        """Return what the house uses."""
        given = self.model_dump(exclude={"sensitivity", "rest"})
        return AlertRule(**given, threshold=THRESHOLDS[self.sensitivity], rest=self.rest or timedelta())


class AlertsModel(Group):
    """`alertes.yml`."""

    channel: Channel = Field(alias="canal", title="Canal", description="Où vont les alertes qui ne vont pas ailleurs")
    quiet: QuietModel | None = Field(
        None, alias="heures_calmes", title="Heures calmes", description="Sans elles, on alerte à toute heure"
    )
    per_hour: int = Field(
        _DEFAULT.per_hour,
        alias="au_plus_par_heure",
        ge=1,
        title="Au plus par heure",
        description="Au-delà, les alertes d'un canal vont toutes dans un même fil",
    )
    kibana: Annotated[str, AfterValidator(_kibana)] | None = Field(
        None, title="Kibana", description="L'adresse de Kibana, pour y mener"
    )
    digests: DigestsModel | None = Field(
        None, alias="bilans", title="Bilans", description="Quand la veille fait le point, chaque matin et chaque lundi"
    )
    rules: Annotated[tuple[RuleModel, ...], AfterValidator(_named_once)] = Field(
        (),
        alias="regles",
        title="Règles",
        description="La première qui convient décide ; sans règle, aucun envoi",
    )

    def value(self) -> AlertsConfig:
        """Return what the house uses."""
        quiet = self.quiet.value() if self.quiet else None
        digests = self.digests.value() if self.digests else DigestsConfig()
        rules = tuple(rule.value() for rule in self.rules)
        return AlertsConfig(self.channel, quiet, self.per_hour, rules, self.kibana, digests)
