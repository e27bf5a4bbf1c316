"""The shape of the YAML files, where French keys meet English names. Second step, after `load.parse`.

Scalars come as the text that was written; pydantic turns them into what a field promises. `value()` gives the frozen
value that the house uses.
"""

from dataclasses import replace
from typing import Literal

from pydantic import Field, model_validator

from watcher.budget import Budget
from watcher.config.config import (
    DEFAULT_INTERVAL,
    ElasticsearchConfig,
    Instance,
    Retention,
    ThemeConfig,
    VoicesConfig,
)
from watcher.config.fields import (
    Cluster,
    Contact,
    Departement,
    Euros,
    Interval,
    Kept,
    Prefix,
    Term,
    Text,
    ThemeId,
    refuse,
)
from watcher.config.group import Group
from watcher.config.page import PageModel
from watcher.model import AuthorKind

_RETENTION, _ELASTICSEARCH, _VOICES = Retention(), ElasticsearchConfig(), VoicesConfig()

_AUTHOR_KINDS: dict[str, AuthorKind] = {
    "media": "media",
    "institution": "institution",
    "personne": "person",
    "entreprise": "company",
    "robot": "bot",
    "inconnu": "unknown",
}


class RetentionModel(Group):
    """`conservation`."""

    identifiers: Kept = Field(
        _RETENTION.identifiers,
        alias="identifiants",
        title="Qui a écrit",
        description="Qui a écrit, toujours sous pseudonyme, et l'adresse du message",
    )
    texts: Kept = Field(
        _RETENTION.texts,
        alias="textes",
        title="Les textes",
        description="Le texte du message ; ensuite il ne reste que des nombres",
    )
    off_subject: Kept = Field(
        _RETENTION.off_subject,
        alias="hors_sujet",
        title="Le hors sujet",
        description="Ce qui ne concerne pas la Région",
    )
    dead_letters: Kept = Field(
        _RETENTION.dead_letters,
        alias="lettres_mortes",
        title="Ce qui n'a pas pu être lu",
        description="Ce qui n'a pas pu être lu, en attendant une correction",
    )

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


class ElasticsearchModel(Group):
    """`elasticsearch`."""

    prefix: Prefix = Field(
        _ELASTICSEARCH.prefix,
        alias="prefixe",
        title="Préfixe",
        description="Le début du nom des index, avec un tiret à la fin",
    )
    heap_mb: int = Field(
        _ELASTICSEARCH.heap_mb,
        alias="memoire_mo",
        ge=256,
        le=31_000,
        title="Mémoire",
        description="La mémoire de la base, en Mo, quand c'est la nôtre",
    )
    url: Cluster | None = Field(
        None,
        alias="adresse",
        title="Adresse",
        description="L'adresse de la base, quand elle est ailleurs, sans nom ni mot de passe",
    )

    def value(self) -> ElasticsearchConfig:
        """Return what the house uses."""
        return ElasticsearchConfig(self.prefix, self.heap_mb, self.url)


class VoicesModel(Group):
    """`voix`."""

    media: float = Field(
        _VOICES.media, ge=0, le=1, title="Médias", description="Pour combien de voix compte un média, de 0 à 1"
    )
    institution: float = Field(
        _VOICES.institution,
        ge=0,
        le=1,
        title="Institutions",
        description="Pour combien de voix compte une mairie, une préfecture, un service public, de 0 à 1",
    )
    company: float = Field(
        _VOICES.company,
        alias="entreprise",
        ge=0,
        le=1,
        title="Entreprises",
        description="Pour combien de voix compte une entreprise, de 0 à 1",
    )
    bot: float = Field(
        _VOICES.bot,
        alias="robot",
        ge=0,
        le=1,
        title="Robots",
        description="Pour combien de voix compte un compte automatique, de 0 à 1",
    )

    def value(self) -> VoicesConfig:
        """Return what the house uses."""
        return VoicesConfig(self.media, self.institution, self.company, self.bot)


class InstanceModel(Group):
    """`veille.yml`."""

    name: Text = Field(alias="nom", title="Nom", description="Le nom affiché en haut de la page")
    contact: Contact = Field(
        title="Contact",
        description="L'adresse donnée aux sites que nous lisons : une page d'information, ou une messagerie",
    )
    retention: RetentionModel = Field(
        default_factory=RetentionModel,
        alias="conservation",
        title="Conservation",
        description="Combien de temps les choses sont gardées à partir de leur collecte",
    )
    elasticsearch: ElasticsearchModel = Field(
        default_factory=ElasticsearchModel, title="Base de données", description="La base où les messages sont rangés"
    )
    page: PageModel = Field(default_factory=PageModel, title="Page", description="La page de la veille")
    watched_words: tuple[Term, ...] = Field(
        (),
        alias="mots_suivis",
        title="Mots suivis",
        description="Des mots et expressions à suivre comme des hashtags ; en changer fait relire quatre semaines",
    )
    voices: VoicesModel = Field(
        default_factory=VoicesModel,
        alias="voix",
        title="Voix",
        description="Pour combien de voix compte un auteur dans les tendances, de 0 à 1",
    )

    def value(self) -> Instance:
        """Return what the house uses."""
        return Instance(
            self.name,
            self.contact,
            self.retention.value(),
            self.elasticsearch.value(),
            self.page.value(),
            self.watched_words,
            self.voices.value(),
        )


class PricesModel(Group):
    """`prix` of a `budget`."""

    call: Euros | None = Field(None, alias="appel", title="Une demande", description="Le prix d'une demande, en euros")
    search: Euros | None = Field(
        None, alias="recherche", title="Une recherche", description="Le prix d'une recherche, en euros"
    )
    post: Euros | None = Field(None, title="Un message", description="Le prix d'un message lu, en euros")
    own_post: Euros | None = Field(
        None,
        alias="post_du_compte",
        title="Un message à nous",
        description="Le prix d'un message de notre compte, en euros",
    )
    author: Euros | None = Field(
        None, alias="auteur", title="Un auteur", description="Le prix de la fiche d'un auteur, en euros"
    )


class BudgetModel(Group):
    """`budget` of a source."""

    calls_per_day: int | None = Field(
        None, alias="appels_par_jour", ge=1, title="Demandes par jour", description="Le nombre de demandes par jour"
    )
    searches_per_day: int | None = Field(
        None,
        alias="recherches_par_jour",
        ge=1,
        title="Recherches par jour",
        description="Le nombre de recherches par jour, où elles sont comptées à part",
    )
    posts_per_month: int | None = Field(
        None, alias="posts_par_mois", ge=1, title="Messages par mois", description="Le nombre de messages lus par mois"
    )
    euros_per_month: Euros | None = Field(
        None,
        alias="euros_par_mois",
        title="Euros par mois",
        description="La somme par mois civil ; elle demande les « prix »",
    )
    prices: PricesModel = Field(
        default_factory=PricesModel, alias="prix", title="Prix", description="Ce que la plateforme fait payer, en euros"
    )

    def over(self, platform: Budget) -> Budget:
        """Return the budget of a `platform` with what the team wrote in its place."""
        prices = replace(platform.prices, **self.prices.model_dump(exclude_none=True))
        return replace(platform, **self.model_dump(exclude_none=True, exclude={"prices"}), prices=prices)


class SourceModel(Group):
    """What every entry of `sources.yml` has; the keys of its platform come from the platform's own model."""

    name: Text = Field(
        alias="nom", title="Nom", description="Le nom affiché ; le changer, c'est en faire une nouvelle source"
    )
    platform: Text = Field(alias="plateforme", title="Plateforme", description="Où l'on écoute")
    is_active: bool = Field(
        default=True, alias="actif", title="En service", description="« non » met la source au repos sans l'effacer"
    )
    interval: Interval = Field(
        DEFAULT_INTERVAL,
        alias="intervalle",
        title="Intervalle",
        description="Le temps entre deux lectures, de 1 min à 7 jours",
    )
    authors: Literal["media", "institution", "personne", "entreprise", "robot", "inconnu"] = Field(
        "inconnu", alias="auteurs", title="Auteurs", description="Qui écrit là"
    )
    is_own: bool = Field(
        default=False,
        alias="compte_de_la_region",
        title="Compte de la Région",
        description="« oui » si c'est un compte de la Région : on n'attend pas de réponse à ses propres messages",
    )
    departements: tuple[Departement, ...] = Field(
        (), title="Départements", description="Où vit son public, par numéros entre guillemets"
    )
    budget: BudgetModel = Field(
        default_factory=BudgetModel,
        title="Budget",
        description="Ce que la source peut dépenser ; ce qui n'est pas écrit vient de la plateforme",
    )

    @property
    def author_kind(self) -> AuthorKind:
        """What the authors of this source are unless the platform says better."""
        return _AUTHOR_KINDS[self.authors]


class ThemeModel(Group):
    """One theme of `themes.yml`."""

    name: Text = Field(alias="nom", title="Nom", description="Le nom affiché")
    words: tuple[Term, ...] = Field(
        (),
        alias="mots",
        title="Mots",
        description="Les mots et expressions du thème : majuscules, accents et pluriels ne comptent pas",
    )
    examples: tuple[Text, ...] = Field(
        (), alias="exemples", title="Exemples", description="Des messages entiers qui appartiennent au thème"
    )
    excluded: tuple[Term, ...] = Field(
        (),
        alias="exclure",
        title="Expressions exclues",
        description="Les expressions qui contiennent un des mots, mais ne comptent jamais",
    )

    @model_validator(mode="after")
    def _can_match(self) -> "ThemeModel":
        if not self.words:
            refuse("ce thème ne trouverait jamais rien", "donnez-lui des « mots »", "french_missing")
        return self

    def value(self, theme_id: str) -> ThemeConfig:
        """Return what the house uses."""
        return ThemeConfig(theme_id, self.name, self.words, self.examples, self.excluded)


class ThemesModel(Group):
    """`themes.yml`."""

    themes: dict[ThemeId, ThemeModel] = Field(
        title="Thèmes", description="Tous les thèmes ; l'identifiant de chacun est en minuscules, sans accent ni espace"
    )

    def value(self) -> tuple[ThemeConfig, ...]:
        """Return what the house uses, in the order of the file."""
        return tuple(theme.value(theme_id) for theme_id, theme in self.themes.items())
