"""`sources.yml`: each entry has the keys of every source and those of its platform."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

from watcher.budget import Budget, Prices
from watcher.config.hints import instead, keys_at, nearest
from watcher.config.keys import key_of
from watcher.config.models import SourceModel
from watcher.config.tree import Document, Path, Tree, breadcrumb
from watcher.config.validation import checked
from watcher.errors import Mistake
from watcher.model import Source


class SourcesModel(BaseModel):
    """The file as a whole: each entry is then held against two models."""

    model_config = ConfigDict(extra="forbid")

    sources: tuple[dict[str, Any], ...]


def sources_of(
    document: Document, settings_by_platform: Mapping[str, type[BaseModel]]
) -> tuple[list[tuple[Source, bool]], list[Mistake]]:
    """Return the sources of `document`, each with whether it is active, and every mistake in it.

    A source at rest is checked like the others, so that it can be woken without surprise.
    """
    _, in_shape = checked(SourcesModel, document, document.tree)
    mistakes = [*in_shape, *_repeated_names(document)]
    sources: list[tuple[Source, bool]] = []
    for path, entry in _entries(document):
        source, in_entry = _source(document, path, entry, settings_by_platform)
        mistakes += in_entry
        if source is not None:
            others = [known for known, _ in sources]
            mistakes += _same_again(document, path, source[0], others)
            mistakes += _other_budget(document, path, source[0], others)
            sources.append(source)
    return sources, mistakes


def _same_again(document: Document, path: Path, source: Source, others: Iterable[Source]) -> Iterator[Mistake]:
    """Two sources that ask for the same thing would ask twice, and each take the other's posts for its own."""
    for other in others:
        if (other.platform, other.settings) == (source.platform, source.settings):
            mark = document.mark((*path, "nom"))
            message = f"la source « {source.name} » lit la même chose que « {other.name} »"
            key = breadcrumb((*path, "nom"))
            yield Mistake(document.file, message, mark.line, mark.column, key, "gardez une seule des deux")


def _other_budget(document: Document, path: Path, source: Source, others: Iterable[Source]) -> Iterator[Mistake]:
    """A budget is a key's: two of them for one key could not both be kept."""
    other = next(
        (other for other in others if other.purse == source.purse and other.budget != source.budget),
        None,
    )
    if other:
        key = (*path, "budget")
        mark = document.mark(key if key in document.keys else (*path, "nom"))
        message = f"« {source.name} » et « {other.name} » ont la même clé d'accès, mais pas le même budget"
        hint = "un budget vaut pour la clé : écrivez le même dans les deux sources"
        yield Mistake(document.file, message, mark.line, mark.column, breadcrumb(key), hint)


def _entries(document: Document) -> Iterator[tuple[Path, dict[str, Tree]]]:
    listed = document.tree.get("sources") if isinstance(document.tree, dict) else None
    for place, entry in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(entry, dict):
            yield ("sources", place), entry


def _source(
    document: Document, path: Path, entry: dict[str, Tree], settings_by_platform: Mapping[str, type[BaseModel]]
) -> tuple[tuple[Source, bool] | None, list[Mistake]]:
    # A key that nobody knows is told with the group whose key it resembles, so that it explains the one missing there.
    common_keys = keys_at(SourceModel, ())
    platform = entry.get("plateforme")
    model = settings_by_platform.get(platform) if isinstance(platform, str) else None
    own_keys = _own_keys([model] if model else settings_by_platform.values())
    own = {
        key: tree
        for key, tree in entry.items()
        if key in own_keys or (model and key not in common_keys and nearest(key, (*common_keys, *own_keys)) in own_keys)
    }
    common, mistakes = checked(
        SourceModel, document, {key: tree for key, tree in entry.items() if key not in own}, path, also=own_keys
    )
    if model is None:
        return None, [*mistakes, *_unknown_platform(document, (*path, "plateforme"), platform, settings_by_platform)]
    settings, own_mistakes = checked(model, document, own, path, also=common_keys)
    if common is None or settings is None:
        return None, [*mistakes, *own_mistakes]
    source = _value(common, settings)
    unpriced = _budget_without_prices(document, path, source.budget)
    return (source, common.is_active), list(unpriced)


def _own_keys(models: Iterable[type[BaseModel]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for model in models for key in keys_at(model, ())))


def _unknown_platform(
    document: Document, path: Path, platform: Tree, settings_by_platform: Mapping[str, type[BaseModel]]
) -> Iterator[Mistake]:
    if isinstance(platform, str) and platform:
        mark = document.mark(path)
        message = f"la plateforme « {platform} » n'existe pas"
        hint = instead(platform, sorted(settings_by_platform))
        yield Mistake(document.file, message, mark.line, mark.column, breadcrumb(path), hint)


def _budget_without_prices(document: Document, path: Path, budget: Budget) -> Iterator[Mistake]:
    """A budget in euros for which nothing has a price would never be spent."""
    if budget.euros_per_month is not None and budget.prices == Prices():
        key = (*path, "budget", "euros_par_mois")
        mark = document.mark(key)
        message = "un budget en euros ne peut pas être tenu sans les prix de la plateforme"
        hint = "ajoutez « prix: » avec, par exemple, « post: 0,005 »"
        yield Mistake(document.file, message, mark.line, mark.column, breadcrumb(key), hint)


def _value(common: SourceModel, settings: BaseModel) -> Source:
    return Source(
        name=common.name,
        platform=common.platform,
        settings=settings,
        interval_s=common.interval.total_seconds(),
        author_kind=common.author_kind,
        is_own=common.is_own,
        territory=common.departements,
        budget=common.budget.over(getattr(settings, "budget", Budget())),
        key=key_of(settings),
    )


def _repeated_names(document: Document) -> Iterator[Mistake]:
    """The journal knows a source by its name: two of one name would share one cursor."""
    lines: dict[str, int] = {}
    for path, entry in _entries(document):
        name = entry.get("nom")
        if not isinstance(name, str):
            continue
        mark = document.mark((*path, "nom"))
        first = lines.setdefault(name.casefold(), mark.line)
        if first != mark.line:
            message = f"le nom « {name} » est déjà pris à la ligne {first}"
            key = breadcrumb((*path, "nom"))
            yield Mistake(document.file, message, mark.line, mark.column, key, "chaque source a son propre nom")
