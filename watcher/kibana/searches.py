"""Saved searches: what the team opens every morning, each a condition in Lucene that it can read and change."""

from collections.abc import Sequence
from dataclasses import dataclass

from watcher.health import Condition
from watcher.kibana.data_views import DataView
from watcher.kibana.saved_objects import Reference, SavedObject, written

CONCERNS_US = "relevance:(institution OR territoire)"
"""What is off subject is kept for fourteen days, to be read again: it counts in no list but its own."""

_INDEX = "kibanaSavedObjectMeta.searchSourceJSON.index"

_READ = ("platform", "text", "topics", "intent", "departements", "url")


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """One list. `condition` is Lucene; `sort` is (field, "asc" or "desc"), the weightiest first."""

    id: str
    title: str
    description: str
    view: DataView
    condition: str
    columns: Sequence[str]
    sort: tuple[tuple[str, str], ...]

    def saved(self) -> SavedObject:
        """Return the search as Kibana keeps it."""
        source = {"query": {"query": self.condition, "language": "lucene"}, "filter": [], "indexRefName": _INDEX}
        attributes = {
            "title": self.title,
            "description": self.description,
            "columns": list(self.columns),
            "sort": [list(key) for key in self.sort],
            "grid": {},
            "hideChart": False,
            "isTextBasedQuery": False,
            "timeRestore": False,
            "kibanaSavedObjectMeta": {"searchSourceJSON": written(source)},
        }
        return SavedObject("search", self.id, attributes, (Reference(_INDEX, "index-pattern", self.view.id),))


def of_posts(view: DataView, topics: Sequence[tuple[str, str]]) -> list[SavedSearch]:
    """Return the lists of posts; `topics` are the (id, name) of the team's own."""
    latest = (("published_at", "desc"),)

    def listed(name: str, title: str, description: str, condition: str, columns: Sequence[str] = _READ) -> SavedSearch:
        return SavedSearch(f"{view.id}-{name}", title, description, view, condition, columns, latest)

    return [
        listed("a-repondre", "À répondre", "Ceux qui attendent une réponse.", f"{CONCERNS_US} AND to_answer:true"),
        listed("crises", "Crises", "Crues, feux, tempêtes, accidents.", f"{CONCERNS_US} AND topics:crises"),
        SavedSearch(
            f"{view.id}-departements",
            "Par département",
            "Ce qui nomme un département ou un lieu qui s'y trouve, un département après l'autre.",
            view,
            f"{CONCERNS_US} AND departements:*",
            ("departements", *(column for column in _READ if column != "departements")),
            (("departements", "asc"), ("published_at", "desc")),
        ),
        listed("nos-comptes", "Nos comptes", "Ce que la Région publie elle-même.", "is_own:true"),
        listed(
            "hors-sujet",
            "Hors sujet à relire",
            "Ce que la veille a mis de côté, pendant quatorze jours : rien d'utile ne doit s'y trouver.",
            "relevance:hors_sujet",
            ("platform", "text", "source", "url"),
        ),
        *(
            listed(
                f"theme-{topic}", f"Thème : {name}", f"Ce qui parle de : {name}.", f"{CONCERNS_US} AND topics:{topic}"
            )
            for topic, name in topics
        ),
    ]


def of_trends(view: DataView) -> list[SavedSearch]:
    """Return the list of what rises."""
    return [
        SavedSearch(
            f"{view.id}-en-cours",
            "Tendances",
            "Ce dont on parle plus que d'habitude, le plus surprenant d'abord.",
            view,
            "NOT state:terminee",
            ("kind", "term", "state", "voices", "expected", "why.terms", "why.departements", "since"),
            (("peak", "desc"), ("heard_at", "desc")),
        )
    ]


def of_sources(view: DataView) -> list[SavedSearch]:
    """Return the list of sources that are not heard now."""
    deaf = (Condition.BROKEN, Condition.TO_AUTHORISE, Condition.SILENT)
    return [
        SavedSearch(
            f"{view.id}-en-panne",
            "Sources en panne",
            "Celles que la veille n'entend pas en ce moment, pourquoi, et que faire.",
            view,
            f"condition:({' OR '.join(map(_quoted, deaf))})",
            ("source", "platform", "condition", "why", "advice", "last_ok_at", "last_new_at"),
            (("last_ok_at", "asc"),),
        )
    ]


def of_gaps(view: DataView) -> list[SavedSearch]:
    """Return the list of what was not heard."""
    return [
        SavedSearch(
            f"{view.id}-trous",
            "Ce qui n'a pas été entendu",
            "Chaque moment sans écoute, sa cause, et s'il a été rattrapé.",
            view,
            "",
            ("source", "platform", "cause", "fate", "posts", "since", "until"),
            (("since", "desc"),),
        )
    ]


def _quoted(words: str) -> str:
    return f'"{words}"'
