"""The shape of each YAML file: the only place where French keys meet English names. Second step, after `load.parse`.

Scalars come as the text that was written; pydantic turns them into what a field promises. `value()` gives the frozen
value that the house uses.
"""

from dataclasses import replace
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from watcher.budget import Budget
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
from watcher.config.fields import (
    Cluster,
    Commune,
    Contact,
    Departement,
    Euros,
    Handle,
    Interval,
    Kept,
    Prefix,
    Term,
    Text,
    ThemeId,
    refuse,
)
from watcher.model import AuthorKind

_RETENTION, _ELASTICSEARCH, _PAGE = Retention(), ElasticsearchConfig(), PageConfig()

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
            refuse(
                "« identifiants » ne peut pas être gardé plus longtemps que « textes »",
                "raccourcissez « identifiants »",
            )
        return self

    def value(self) -> Retention:
        """Return what the house uses."""
        return Retention(self.identifiers, self.texts, self.off_subject, self.dead_letters)


class ElasticsearchModel(_Group):
    """`elasticsearch`."""

    prefix: Prefix = Field(_ELASTICSEARCH.prefix, alias="prefixe")
    heap_mb: int = Field(_ELASTICSEARCH.heap_mb, alias="memoire_mo", ge=256, le=31_000)
    url: Cluster | None = Field(None, alias="adresse")

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
    contact: Contact
    retention: RetentionModel = Field(default_factory=RetentionModel, alias="conservation")
    elasticsearch: ElasticsearchModel = Field(default_factory=ElasticsearchModel)
    page: PageModel = Field(default_factory=PageModel)

    def value(self) -> Instance:
        """Return what the house uses."""
        return Instance(self.name, self.contact, self.retention.value(), self.elasticsearch.value(), self.page.value())


class PricesModel(_Group):
    """`prix` of a `budget`."""

    call: Euros | None = Field(None, alias="appel")
    search: Euros | None = Field(None, alias="recherche")
    post: Euros | None = None
    own_post: Euros | None = Field(None, alias="post_du_compte")
    author: Euros | None = Field(None, alias="auteur")


class BudgetModel(_Group):
    """`budget` of a source."""

    calls_per_day: int | None = Field(None, alias="appels_par_jour", ge=1)
    searches_per_day: int | None = Field(None, alias="recherches_par_jour", ge=1)
    posts_per_month: int | None = Field(None, alias="posts_par_mois", ge=1)
    euros_per_month: Euros | None = Field(None, alias="euros_par_mois")
    prices: PricesModel = Field(default_factory=PricesModel, alias="prix")

    def over(self, platform: Budget) -> Budget:
        """Return the budget of a `platform` with what the team wrote in its place."""
        prices = replace(platform.prices, **self.prices.model_dump(exclude_none=True))
        return replace(platform, **self.model_dump(exclude_none=True, exclude={"prices"}), prices=prices)


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
    budget: BudgetModel = Field(default_factory=BudgetModel)

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
        if not self.words:
            refuse("ce thème ne trouverait jamais rien", "donnez-lui des « mots »", "french_missing")
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
