"""The shape of each YAML file: the only place where French keys meet English names. Second step, after `load.parse`.

Scalars come as the text that was written; pydantic turns them into what a field promises. `value()` gives the frozen
value that the house uses.
"""

import re
from datetime import timedelta
from typing import Annotated, Literal, LiteralString, NoReturn

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from watcher.config.config import (
    DEFAULT_INTERVAL,
    ElasticsearchConfig,
    Instance,
    InstitutionConfig,
    PageConfig,
    PlaceConfig,
    Retention,
    TerritoryConfig,
    ThemeConfig,
)
from watcher.config.departements import DEPARTEMENTS
from watcher.config.durations import EXPECTED, duration, in_words
from watcher.config.hints import nearest
from watcher.model import AuthorKind

_RETENTION, _ELASTICSEARCH, _PAGE = Retention(), ElasticsearchConfig(), PageConfig()
_SHORTEST_INTERVAL, _LONGEST_INTERVAL = timedelta(minutes=1), timedelta(days=7)
_SHORTEST_RETENTION, _LONGEST_RETENTION = timedelta(days=1), timedelta(days=5 * 365)
_NOT_LITERAL = re.compile(r"[\\*|^$\[\]{}]|\.\+|\(\?")


def _refuse(message: str, hint: str = "", kind: LiteralString = "french") -> NoReturn:
    raise PydanticCustomError(kind, "{message}", {"message": message, "hint": hint})


def _duration(value: object) -> object:
    if not isinstance(value, str):
        return value
    read = duration(value)
    if read is None:
        _refuse(f"il faut {EXPECTED}, et non « {value} »", "un nombre, une espace, puis min, h, jours ou mois")
    return read


def _between(shortest: timedelta, longest: timedelta) -> AfterValidator:
    def check(value: timedelta) -> timedelta:
        if not shortest <= value <= longest:
            limits = f"entre {in_words(shortest)} et {in_words(longest)}"
            _refuse(f"il faut une durée comprise {limits}, et non {in_words(value)}")
        return value

    return AfterValidator(check)


def _literal(value: str) -> str:
    found = _NOT_LITERAL.search(value)
    if found:
        _refuse(
            f"« {found[0]} » n'a pas de sens particulier ici : les mots sont cherchés tels quels, dans « {value} »",
            "écrivez le mot entier ; majuscules, accents et pluriels ne comptent pas",
        )
    return value


def _departement(value: str) -> str:
    if value in DEPARTEMENTS:
        return value
    by_name = {name: code for code, name in DEPARTEMENTS.items()}
    name = nearest(value, by_name) if not value.isdigit() else None
    code = by_name[name] if name else value.zfill(2)
    _refuse(
        f"« {value} » n'est pas un département de la région",
        f'vouliez-vous dire "{code}" ({DEPARTEMENTS[code]}) ?'
        if code in DEPARTEMENTS
        else "ce qui existe : " + ", ".join(f"{known} ({where})" for known, where in DEPARTEMENTS.items()),
    )


def _commune(value: str) -> str:
    if not re.fullmatch(r"\d{5}", value, re.ASCII):
        _refuse(
            f"il faut un code de commune de l'INSEE, cinq chiffres, et non « {value} »",
            "par exemple 31555 pour Toulouse",
        )
    return value


def _contact(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s/]+\.[^\s/]+\S*|[^\s@]+@[^\s@]+\.[^\s@]+", value):
        _refuse(
            f"il faut une adresse de page ou de messagerie, et non « {value} »",
            "par exemple https://www.exemple.fr/veille",
        )
    return value


def _cluster(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s/@]+(?:/\S*)?", value):
        _refuse(
            f"il faut une adresse comme https://elastic.exemple.fr:9200, et non « {value} »",
            "sans nom ni mot de passe : la clé va dans WATCHER_ELASTICSEARCH_API_KEY",
        )
    return value


def _prefix(value: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,39}-", value):
        _refuse(
            f"il faut des minuscules, des chiffres et un tiret à la fin, et non « {value} »", "par exemple watcher-"
        )
    return value


def _theme_id(value: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", value):
        _refuse(
            f"« {value} » ne peut pas être l'identifiant d'un thème",
            "minuscules sans accent, chiffres et « _ » ; le nom affiché se met dans « nom »",
        )
    return value


def _handle(value: str) -> str:
    return value.removeprefix("@")


Text = Annotated[str, Field(min_length=1)]
Term = Annotated[str, Field(min_length=2), AfterValidator(_literal)]
Handle = Annotated[str, Field(min_length=1), AfterValidator(_handle)]
Departement = Annotated[str, AfterValidator(_departement)]
Commune = Annotated[str, AfterValidator(_commune)]
ThemeId = Annotated[str, AfterValidator(_theme_id)]
Kept = Annotated[timedelta, BeforeValidator(_duration), _between(_SHORTEST_RETENTION, _LONGEST_RETENTION)]
Interval = Annotated[timedelta, BeforeValidator(_duration), _between(_SHORTEST_INTERVAL, _LONGEST_INTERVAL)]

_AUTHOR_KINDS: dict[str, AuthorKind] = {
    "media": "media",
    "institution": "institution",
    "personne": "person",
    "entreprise": "company",
    "robot": "bot",
    "inconnu": "unknown",
}


class _Group(BaseModel):
    """A group of keys: an unknown one is a mistake, never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class RetentionModel(_Group):
    """`conservation`."""

    identifiers: Kept = Field(_RETENTION.identifiers, alias="identifiants")
    texts: Kept = Field(_RETENTION.texts, alias="textes")
    off_subject: Kept = Field(_RETENTION.off_subject, alias="hors_sujet")
    dead_letters: Kept = Field(_RETENTION.dead_letters, alias="lettres_mortes")

    @model_validator(mode="after")
    def _names_go_before_texts(self) -> "RetentionModel":
        if self.identifiers > self.texts:
            _refuse(
                "« identifiants » ne peut pas être gardé plus longtemps que « textes »",
                "raccourcissez « identifiants »",
            )
        return self

    def value(self) -> Retention:
        """Return what the house uses."""
        return Retention(self.identifiers, self.texts, self.off_subject, self.dead_letters)


class ElasticsearchModel(_Group):
    """`elasticsearch`."""

    prefix: Annotated[str, AfterValidator(_prefix)] = Field(_ELASTICSEARCH.prefix, alias="prefixe")
    heap_mb: int = Field(_ELASTICSEARCH.heap_mb, alias="memoire_mo", ge=256, le=31_000)
    url: Annotated[str, AfterValidator(_cluster)] | None = Field(None, alias="adresse")

    def value(self) -> ElasticsearchConfig:
        """Return what the house uses."""
        return ElasticsearchConfig(self.prefix, self.heap_mb, self.url)


class PageModel(_Group):
    """`page`."""

    port: int = Field(_PAGE.port, ge=1024, le=65_535)

    def value(self) -> PageConfig:
        """Return what the house uses."""
        return PageConfig(self.port)


class InstanceModel(_Group):
    """`veille.yml`."""

    name: Text = Field(alias="nom")
    contact: Annotated[str, AfterValidator(_contact)]
    retention: RetentionModel = Field(default_factory=RetentionModel, alias="conservation")
    elasticsearch: ElasticsearchModel = Field(default_factory=ElasticsearchModel)
    page: PageModel = Field(default_factory=PageModel)

    def value(self) -> Instance:
        """Return what the house uses."""
        return Instance(self.name, self.contact, self.retention.value(), self.elasticsearch.value(), self.page.value())


class SourceModel(_Group):
    """What every entry of `sources.yml` has; the keys of its platform come from the platform's own model."""

    name: Text = Field(alias="nom")
    platform: Text = Field(alias="plateforme")
    is_active: bool = Field(default=True, alias="actif")
    interval: Interval = Field(DEFAULT_INTERVAL, alias="intervalle")
    authors: Literal["media", "institution", "personne", "entreprise", "robot", "inconnu"] = Field(
        "inconnu", alias="auteurs"
    )
    is_own: bool = Field(default=False, alias="compte_de_la_region")
    departements: tuple[Departement, ...] = ()

    @property
    def author_kind(self) -> AuthorKind:
        """What the authors of this source are unless the platform says better."""
        return _AUTHOR_KINDS[self.authors]


class ThemeModel(_Group):
    """One theme of `themes.yml`."""

    name: Text = Field(alias="nom")
    words: tuple[Term, ...] = Field((), alias="mots")
    examples: tuple[Text, ...] = Field((), alias="exemples")
    excluded: tuple[Term, ...] = Field((), alias="exclure")

    @model_validator(mode="after")
    def _can_match(self) -> "ThemeModel":
        if not (self.words or self.examples):
            _refuse(
                "ce thème ne trouverait jamais rien", "donnez-lui des « mots » ou des « exemples »", "french_missing"
            )
        return self

    def value(self, theme_id: str) -> ThemeConfig:
        """Return what the house uses."""
        return ThemeConfig(theme_id, self.name, self.words, self.examples, self.excluded)


class ThemesModel(_Group):
    """`themes.yml`."""

    themes: dict[ThemeId, ThemeModel]

    def value(self) -> tuple[ThemeConfig, ...]:
        """Return what the house uses, in the order of the file."""
        return tuple(theme.value(theme_id) for theme_id, theme in self.themes.items())


class InstitutionModel(_Group):
    """`institution` of `territoire.yml`."""

    names: tuple[Term, ...] = Field((), alias="noms")
    ambiguous_names: tuple[Term, ...] = Field((), alias="noms_ambigus")
    competences: tuple[Term, ...] = ()
    accounts: tuple[Handle, ...] = Field((), alias="comptes")
    services: tuple[Term, ...] = ()
    people: tuple[Term, ...] = Field((), alias="personnes")

    def value(self) -> InstitutionConfig:
        """Return what the house uses."""
        return InstitutionConfig(
            self.names, self.ambiguous_names, self.competences, self.accounts, self.services, self.people
        )


class PlaceModel(_Group):
    """One entry of `lieux`."""

    name: Term = Field(alias="nom")
    departements: tuple[Departement, ...] = ()
    communes: tuple[Commune, ...] = ()

    def value(self) -> PlaceConfig:
        """Return what the house uses."""
        return PlaceConfig(self.name, self.departements, self.communes)


class TerritoryModel(_Group):
    """`territoire.yml`."""

    institution: InstitutionModel
    context: tuple[Term, ...] = Field((), alias="contexte")
    other_regions: tuple[Term, ...] = Field((), alias="autres_regions")
    places: tuple[PlaceModel, ...] = Field((), alias="lieux")
    exceptions: tuple[Term, ...] = ()
    public_accounts: tuple[Handle, ...] = Field((), alias="comptes_publics")

    def value(self) -> TerritoryConfig:
        """Return what the house uses."""
        return TerritoryConfig(
            self.institution.value(),
            self.context,
            self.other_regions,
            tuple(place.value() for place in self.places),
            self.exceptions,
            self.public_accounts,
        )
