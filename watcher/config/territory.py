"""The shape of `territoire.yml`: see `models`."""

from pydantic import Field

from watcher.config.config import InstitutionConfig, PlaceConfig, TerritoryConfig
from watcher.config.fields import Commune, Departement, Handle, Term
from watcher.config.group import Group


class InstitutionModel(Group):
    """`institution` of `territoire.yml`."""

    names: tuple[Term, ...] = Field(
        (), alias="noms", title="Noms", description="Les noms qui ne peuvent désigner que nous"
    )
    ambiguous_names: tuple[Term, ...] = Field(
        (),
        alias="noms_ambigus",
        title="Noms ambigus",
        description="Ceux que d'autres portent aussi : ils comptent si autre chose désigne la région",
    )
    competences: tuple[Term, ...] = Field(
        (), title="Compétences", description="Ce que la loi nous confie : compte dès qu'un lieu d'ici est nommé"
    )
    accounts: tuple[Handle, ...] = Field(
        (), alias="comptes", title="Comptes", description="Nos comptes publics, avec ou sans @"
    )
    services: tuple[Term, ...] = Field((), title="Services", description="Nos services et dispositifs")
    people: tuple[Term, ...] = Field(
        (), alias="personnes", title="Personnes", description="Les personnes qui exercent un mandat public à la Région"
    )

    def value(self) -> InstitutionConfig:
        """Return what the house uses."""
        return InstitutionConfig(
            self.names, self.ambiguous_names, self.competences, self.accounts, self.services, self.people
        )


class PlaceModel(Group):
    """One entry of `lieux`."""

    name: Term = Field(alias="nom", title="Nom", description="Le nom du lieu, tel qu'on l'écrit")
    departements: tuple[Departement, ...] = Field(
        (),
        title="Départements",
        description="Ses numéros de département, entre guillemets ; [] s'il vaut pour toute la région",
    )
    communes: tuple[Commune, ...] = Field(
        (), title="Communes", description="Les codes INSEE de ses communes, cinq chiffres"
    )

    def value(self) -> PlaceConfig:
        """Return what the house uses."""
        return PlaceConfig(self.name, self.departements, self.communes)


class TerritoryModel(Group):
    """`territoire.yml`."""

    institution: InstitutionModel = Field(title="Institution", description="Comment on nous nomme")
    context: tuple[Term, ...] = Field(
        (),
        alias="contexte",
        title="Contexte",
        description="Les mots de notre quotidien, qui donnent du poids à un nom ambigu",
    )
    other_regions: tuple[Term, ...] = Field(
        (),
        alias="autres_regions",
        title="Autres régions",
        description="Les autres régions et leurs villes, qui pèsent contre un nom ambigu",
    )
    places: tuple[PlaceModel, ...] = Field(
        (), alias="lieux", title="Lieux", description="Les lieux que la liste officielle des communes ne connaît pas"
    )
    exceptions: tuple[Term, ...] = Field(
        (), title="Exceptions", description="Les expressions qui contiennent un nom de lieu mais n'en sont pas un"
    )
    public_accounts: tuple[Handle, ...] = Field(
        (),
        alias="comptes_publics",
        title="Comptes publics",
        description="Les comptes d'organismes publics et de médias dont le nom n'a pas à être caché",
    )

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
