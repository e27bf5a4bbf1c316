"""Presets: which columns of an export say what. One YAML file each, in the form that the team's own take too.

Those of posts have `colonnes`, those of an account's figures `chiffres`.
"""

from collections.abc import Collection, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from watcher.config.load import decoded
from watcher.errors import ConfigError, Malformed, Mistake
from watcher.imports.tables import Form, folded, forms

_SHOWN_COLUMNS = 12


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


Count = Literal["likes", "dislikes", "comments", "replies", "reposts", "quotes", "shares", "saves", "views"]
DayCount = Count | Literal["new_followers"]

Names = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Columns(_Model):
    """The names that a column may bear for each thing that a post holds; the first that has a value counts.

    `us_date` are dates that begin with the month.
    """

    id: Names = ()
    page: Names = ()
    url: Names = Field(default=(), alias="lien")
    title: Names = Field(default=(), alias="titre")
    text: Names = Field(default=(), alias="texte")
    date: Names = ()
    us_date: Names = Field(default=(), alias="date_mois_en_premier")
    author: Names = Field(default=(), alias="auteur")
    lang: Names = Field(default=(), alias="langue")
    reply_to: Names = Field(default=(), alias="reponse_a")
    conversation: Names = ()


class AccountColumns(_Model):
    """The names that a column may bear for each thing that is told of an account.

    `share` are columns that are added up: the women and the men of an age.
    """

    account: Names = Field(default=(), alias="compte")
    date: Names = ()
    us_date: Names = Field(default=(), alias="date_mois_en_premier")
    followers: Names = Field(default=(), alias="abonnes")
    posts: Names = Field(default=(), alias="publications")
    reach: Names = Field(default=(), alias="personnes_touchees")
    age: Names = ()
    share: Names = Field(default=(), alias="part")


class _Export(_Model):
    """What presets have in common: of which `platform` they read.

    `is_verified` says whether its names were held against a real export; `origin` is where they come from.
    """

    name: str = Field(alias="nom")
    title: str = Field(alias="intitule")
    platform: str = Field(alias="plateforme")
    origin: str = Field(alias="origine", default="")
    is_verified: bool = Field(alias="verifie", default=False)


class AccountPreset(_Export):
    """How the rows of one kind of export become figures of an account; `in_day` are what happened in a day."""

    columns: AccountColumns = Field(alias="chiffres")
    in_day: Mapping[DayCount, Names] = Field(alias="compteurs_du_jour", default_factory=dict)

    def knows(self, columns: Collection[str]) -> bool:
        """Tell whether `columns`, folded, hold a day with every figure that is named here, or ages with a share."""

        def has(names: Names) -> bool:
            return any(folded(name) in columns for name in names)

        named = self.columns
        wanted = [names for names in (named.followers, named.posts, named.reach, *self.in_day.values()) if names]
        if named.age:
            return has(named.age) and has(named.share)
        return (has(named.date) or has(named.us_date)) and bool(wanted) and all(map(has, wanted))


class Preset(_Export):
    """How the rows of one kind of export become posts of `platform`."""

    is_own: bool = Field(alias="notre_compte", default=False)
    columns: Columns = Field(alias="colonnes")
    counts: Mapping[Count, Names] = Field(alias="compteurs", default_factory=dict)

    def knows(self, columns: Collection[str]) -> bool:
        """Tell whether `columns`, folded, hold what names a post and what it says."""

        def has(names: Names) -> bool:
            return any(folded(name) in columns for name in names)

        named = (has(self.columns.id) or has(self.columns.url)) and (not self.columns.page or has(self.columns.page))
        return named and (has(self.columns.text) or has(self.columns.title))


AnyPreset = Preset | AccountPreset
Known = TypeVar("Known", Preset, AccountPreset, AnyPreset)


@cache
def packaged() -> tuple[AnyPreset, ...]:
    """Return the presets that ship with the program: those of posts first, by name."""
    found = (each for each in files(__name__).iterdir() if each.name.endswith(".yml"))
    presets = (_preset(each.read_bytes(), each.name) for each in found)
    return tuple(sorted(presets, key=lambda preset: (isinstance(preset, AccountPreset), preset.name)))


def written(path: Path) -> AnyPreset:
    """Return the preset that the team wrote in `path`. Raises `ConfigError`."""
    return _preset(path.read_bytes(), path.name)


def recognised(path: Path, presets: Collection[Known]) -> tuple[Form, Known]:
    """Return how `path` is written and the first of `presets` that knows its columns. Raises `Malformed`."""
    read = list(forms(path))
    for preset in presets:
        for form in read:
            if preset.knows(form.columns):
                return form, preset
    widest = max((form.columns for form in read), key=len, default=())
    columns = ", ".join(widest[:_SHOWN_COLUMNS]) or "aucune"
    raise Malformed(
        f"Les colonnes de « {path.name} » ne sont celles d'aucun export connu ({columns}). Dites lesquelles lire dans"
        " un fichier YAML (LISEZMOI.md, « Importer un fichier ») et donnez-le à --preset."
    )


def _preset(raw: bytes, file: str) -> AnyPreset:
    document = decoded(raw, file)
    if document.mistakes:
        raise ConfigError(document.mistakes)
    of_account = isinstance(document.tree, Mapping) and "chiffres" in document.tree
    try:
        return (AccountPreset if of_account else Preset).model_validate(_spoken(document.tree))
    except ValidationError as error:
        raise ConfigError(tuple(_mistake(file, each["loc"]) for each in error.errors())) from error


def _spoken(tree: object) -> object:
    """Return the tree with « oui » and « non » as they are meant, where a key is one or the other."""
    if not isinstance(tree, Mapping):
        return tree
    words = {"oui": True, "non": False}
    return {key: words.get(value, value) if isinstance(value, str) else value for key, value in tree.items()}


def _mistake(file: str, place: tuple[int | str, ...]) -> Mistake:
    key = ".".join(map(str, place)) or "le fichier"
    return Mistake(
        file, f"« {key} » manque, est inconnu ou ne convient pas", hint="LISEZMOI.md, « Importer un fichier »"
    )
