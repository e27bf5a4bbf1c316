"""Data views: each index under its French name, each field with a French label, ids shown as what they stand for."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from watcher.kibana.saved_objects import SavedObject, written
from watcher.words import FATES, GAP_CAUSES, INTENTS, PLATFORMS, RELEVANCES, TREND_KINDS, TREND_STATES, Labels


@dataclass(frozen=True, slots=True)
class DataView:
    """One index, or all those of a pattern. `names` gives, by field, what its ids are called."""

    id: str
    pattern: str
    name: str
    time_field: str
    labels: Mapping[str, str]
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    links: frozenset[str] = frozenset()

    def saved(self) -> SavedObject:
        """Return the data view as Kibana keeps it; the fields themselves it asks the cluster for."""
        formats = {name: _lookup(entries) for name, entries in self.names.items()} | dict.fromkeys(self.links, _LINK)
        attributes = {
            "title": self.pattern,
            "name": self.name,
            "timeFieldName": self.time_field,
            "fields": "[]",
            "fieldAttrs": written({name: {"customLabel": label} for name, label in self.labels.items()}),
            "fieldFormatMap": written(formats),
            "runtimeFieldMap": "{}",
            "sourceFilters": "[]",
            "typeMeta": "{}",
        }
        return SavedObject("index-pattern", self.id, attributes)


POST_LABELS: Mapping[str, str] = {
    "id": "Identifiant",
    "platform": "Plateforme",
    "source": "Source",
    "url": "Lien",
    "title": "Titre",
    "title.keyword": "Titre exact",
    "text": "Texte",
    "text.keyword": "Texte exact",
    "lang": "Langue",
    "published_at": "Publié le",
    "collected_at": "Collecté le",
    "stored_at": "Rangé le",
    "edited_at": "Modifié le",
    "blanked_at": "Vidé le",
    "author": "Auteur (pseudonyme)",
    "author_kind": "Sorte d'auteur",
    "is_own": "Publié par la Région",
    "reply_to": "En réponse à",
    "conversation": "Conversation",
    "is_repost": "Repartage",
    "story": "Même texte que",
    "is_first": "Premier à le dire",
    "relevance": "Pertinence",
    "topics": "Thèmes",
    "intent": "Intention",
    "to_answer": "À répondre",
    "hashtags": "Hashtags",
    "hashtags_raw": "Hashtags tels qu'écrits",
    "mentions": "Mentions",
    "domains": "Sites cités",
    "departements": "Départements",
    "communes": "Communes",
    "metrics.comments": "Commentaires",
    "metrics.dislikes": "Je n'aime pas",
    "metrics.likes": "J'aime",
    "metrics.quotes": "Citations",
    "metrics.replies": "Réponses",
    "metrics.reposts": "Repartages",
    "metrics.saves": "Enregistrements",
    "metrics.shares": "Partages",
    "metrics.views": "Vues",
    "is_truncated": "Texte coupé",
}

TREND_LABELS: Mapping[str, str] = {
    "kind": "Sorte",
    "term": "De quoi on parle",
    "state": "État",
    "since": "Depuis",
    "heard_at": "Dernière écoute",
    "score": "Surprise",
    "voices": "Voix dans l'heure",
    "expected": "Voix attendues",
    "peak": "Surprise au plus haut",
    "peak_at": "Au plus haut le",
    "peak_voices": "Voix au plus haut",
    "peak_expected": "Voix attendues au plus haut",
    "why.terms": "Mots qui l'expliquent",
    "why.examples": "Exemples",
    "why.platforms": "Plateformes",
    "why.departements": "Départements",
    "why.communes": "Communes",
    "why.authors": "Auteurs",
    "why.first": "Qui a commencé",
    "why.first_platform": "Où cela a commencé",
    "why.called": "Comment on le dit",
    "why.curve": "Messages toutes les dix minutes",
    "part_of": "Fait partie de",
    "parts": "Dites avec elle",
    "split_from": "Ne fait plus un avec",
    "feedback": "Avis",
    "stored_at": "Rangé le",
}

ALERT_LABELS: Mapping[str, str] = {
    "trend": "Tendance",
    "kind": "Sorte",
    "term": "De quoi on parle",
    "since": "Depuis",
    "at": "Alerte donnée le",
    "sentence": "Alerte",
    "feedback": "Avis",
    "taken_by": "Prise en charge par",
    "taken_at": "Prise en charge le",
    "snoozed_until": "En pause jusqu'au",
    "seen_by": "Vue par",
    "stored_at": "Rangé le",
}

GAP_LABELS: Mapping[str, str] = {
    "source": "Source",
    "platform": "Plateforme",
    "cause": "Cause",
    "since": "Depuis",
    "until": "Jusqu'à",
    "fate": "Devenir",
    "posts": "Messages manqués, environ",
    "told_at": "Constaté le",
    "stored_at": "Rangé le",
}

SOURCE_LABELS: Mapping[str, str] = {
    "source": "Source",
    "platform": "Plateforme",
    "condition": "État",
    "why": "Pourquoi",
    "advice": "Que faire",
    "posts": "Messages lus en tout",
    "failures": "Échecs de suite",
    "last_ok_at": "A répondu le",
    "last_new_at": "A parlé le",
    "key_ends_at": "Fin de la clé d'accès",
    "spent": "Budget",
    "spent_percent": "Budget dépensé, en %",
    "checked_at": "Vérifiée le",
    "stored_at": "Rangé le",
}

ACCOUNT_LABELS: Mapping[str, str] = {
    "platform": "Plateforme",
    "source": "Source",
    "account": "Compte",
    "day": "Jour",
    "asked_at": "Relevé le",
    "followers": "Abonnés",
    "posts": "Publications",
    "reach": "Personnes touchées dans la journée",
    "engagement.comments": "Commentaires",
    "engagement.dislikes": "Je n'aime pas",
    "engagement.likes": "J'aime",
    "engagement.quotes": "Citations",
    "engagement.replies": "Réponses",
    "engagement.reposts": "Repartages",
    "engagement.saves": "Enregistrements",
    "engagement.shares": "Partages",
    "engagement.views": "Vues",
    "in_day.new_followers": "Abonnés gagnés ce jour-là",
    "in_day.comments": "Commentaires de ce jour-là",
    "in_day.dislikes": "Je n'aime pas de ce jour-là",
    "in_day.likes": "J'aime de ce jour-là",
    "in_day.quotes": "Citations de ce jour-là",
    "in_day.replies": "Réponses de ce jour-là",
    "in_day.reposts": "Repartages de ce jour-là",
    "in_day.saves": "Enregistrements de ce jour-là",
    "in_day.shares": "Partages de ce jour-là",
    "in_day.views": "Vues de ce jour-là",
    "ages.13_17": "13 à 17 ans, en %",
    "ages.18_24": "18 à 24 ans, en %",
    "ages.25_34": "25 à 34 ans, en %",
    "ages.35_44": "35 à 44 ans, en %",
    "ages.45_54": "45 à 54 ans, en %",
    "ages.55_64": "55 à 64 ans, en %",
    "ages.65_plus": "65 ans et plus, en %",
    "stored_at": "Rangé le",
}

_LINK = {"id": "url", "params": {"type": "a", "labelTemplate": "Ouvrir", "openLinkInCurrentTab": False}}


def posts(prefix: str, labels: Labels) -> DataView:
    """Return the view of every post, of all months."""
    names = {
        "platform": PLATFORMS,
        "relevance": RELEVANCES,
        "intent": INTENTS,
        "topics": labels.topics,
        "departements": labels.departements,
        "communes": labels.communes,
    }
    pattern = f"{prefix}posts-*"
    return DataView(f"{prefix}posts", pattern, "Messages", "published_at", POST_LABELS, names, links=frozenset({"url"}))


def trends(prefix: str, labels: Labels) -> DataView:
    """Return the view of what the trend job found."""
    names = {
        "kind": TREND_KINDS,
        "state": {str(state): name for state, name in TREND_STATES.items()},
        "term": labels.topics,
        "why.platforms": PLATFORMS,
        "why.departements": labels.departements,
        "why.communes": labels.communes,
        "why.first_platform": PLATFORMS,
    }
    return DataView(f"{prefix}trends", f"{prefix}trends", "Tendances", "heard_at", TREND_LABELS, names)


def alerts(prefix: str, labels: Labels) -> DataView:
    """Return the view of what the team was told."""
    names = {"kind": TREND_KINDS, "term": labels.topics}
    return DataView(f"{prefix}alerts", f"{prefix}alerts", "Alertes", "at", ALERT_LABELS, names)


def gaps(prefix: str) -> DataView:
    """Return the view of what was not heard."""
    names = {
        "platform": PLATFORMS,
        "cause": {str(cause): name for cause, name in GAP_CAUSES.items()},
        "fate": {str(fate): name for fate, name in FATES.items()},
    }
    return DataView(f"{prefix}gaps", f"{prefix}gaps", "Ce qui n'a pas été entendu", "since", GAP_LABELS, names)


def sources(prefix: str) -> DataView:
    """Return the view of how each source goes."""
    names = {"platform": PLATFORMS}
    return DataView(f"{prefix}sources", f"{prefix}sources", "Sources", "checked_at", SOURCE_LABELS, names)


def accounts(prefix: str) -> DataView:
    """Return the view of the figures of our accounts, day by day."""
    names = {"platform": PLATFORMS}
    return DataView(f"{prefix}accounts", f"{prefix}accounts", "Nos comptes", "day", ACCOUNT_LABELS, names)


def _lookup(names: Mapping[str, str]) -> Mapping[str, object]:
    entries = [{"key": key, "value": name} for key, name in names.items()]
    return {"id": "static_lookup", "params": {"lookupEntries": entries, "unknownKeyValue": None}}
