"""Rules of alert as one says them, for who does not read YAML. Pure."""

from collections.abc import Iterator

from watcher.config import AlertRule
from watcher.config.alerts import THRESHOLDS
from watcher.config.durations import in_words
from watcher.french import listed, number, plural
from watcher.words import PLATFORMS, Labels

_SENSITIVITIES = {
    THRESHOLDS["haute"]: "dès que la veille remarque quelque chose",
    THRESHOLDS["normale"]: "quand cela sort nettement de l'ordinaire",
    THRESHOLDS["basse"]: "seulement pour l'exceptionnel",
}


def takes(rule: AlertRule, labels: Labels) -> str:
    """Return what `rule` takes: « le thème Lycées, le hashtag #lio », or « tout le reste »."""
    taken = list(_taken(rule, labels))
    return listed(taken) if taken else "tout le reste"


def conditions(rule: AlertRule, channel: str) -> list[str]:
    """Return when, where and how `rule` tells; `channel` is that of rules that name none."""
    told = [_SENSITIVITIES.get(rule.threshold, "selon sa sensibilité")]
    if rule.min_voices:
        told.append(f"à partir de {number(round(rule.min_voices))} voix en une heure")
    told.append(f"dans {rule.channel or channel}")
    if rule.mentions:
        told.append(f"en appelant {plural(len(rule.mentions), 'personne', 'personnes')}")
    if rule.passes_the_night:
        told.append("même pendant les heures calmes")
    if rule.rest:
        told.append(f"ce qui suit pendant {in_words(rule.rest)} va dans le même fil")
    return told


def _taken(rule: AlertRule, labels: Labels) -> Iterator[str]:
    for one, many, names in (
        ("le thème", "les thèmes", [labels.named("theme", topic) for topic in rule.themes]),
        ("le département", "les départements", [labels.named("departement", code) for code in rule.departements]),
        ("le hashtag", "les hashtags", [f"#{tag.removeprefix('#')}" for tag in rule.hashtags]),
        ("le mot suivi", "les mots suivis", [f"« {word} »" for word in rule.words]),
        ("la plateforme", "les plateformes", [PLATFORMS.get(name, name) for name in rule.platforms]),
    ):
        if names:
            yield f"{many if len(names) > 1 else one} {', '.join(names)}"
    if rule.is_to_answer:
        yield "les messages qui attendent une réponse"
