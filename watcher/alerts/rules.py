"""Which trends are worth an alert, and the sentence that tells them. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from watcher.french import listed
from watcher.trend import PHRASE, Alert, Trend

FRESH = timedelta(minutes=30)
"""A tick closes ten minutes after its end; one that is folded later than this is history caught up, and no news."""

Name = Callable[[str, str], str]
"""Gives the French name of a term, from its kind and itself."""

_NAMED = 3
"""Places and parts that a sentence names: who wants more looks at the page."""

_UNNAMED = frozenset({"commune", "departement"})
"""Kinds of parts that are not named: where it happens is said anyway."""

_BEGINNERS: Mapping[str, str] = {
    "media": "de la presse",
    "institution": "d'une institution",
    "company": "d'une entreprise",
}


def alerts(news: Iterable[tuple[datetime, Trend]], now: datetime, name: Name) -> list[Alert]:
    """Return an alert for each trend that is news since the end of a tick, none for what was while nobody folded.

    A phrase whose words are not known (its posts were erased) says nothing.
    """
    return [
        Alert(trend, now, sentence(trend, name))
        for at, trend in news
        if now - at <= FRESH and (trend.kind != PHRASE or trend.why.called)
    ]


def sentence(trend: Trend, name: Name) -> str:
    """Return what happens in one French sentence.

    « #crue : 34 voix en 50 min (attendu 2), surtout à Sommières (30), partie de la presse, inondation ».
    """
    heard = trend.peak
    minutes = round((heard.at - trend.since).total_seconds() / 60)
    expected = round(heard.expected) or "moins de 1"
    return ", ".join(
        [
            f"{name(trend.kind, trend.called)} : {round(heard.voices)} voix en {minutes} min (attendu {expected})",
            *_company(trend, name),
            *_places(trend, name),
            *_beginning(trend, name),
            *trend.why.terms,
        ]
    )


def _company(trend: Trend, name: Name) -> Iterator[str]:
    if trend.split_from:
        yield f"ne fait plus un avec {name(*trend.split_from)}"
    if parts := [name(*part) for part in trend.parts if part[0] not in _UNNAMED]:
        yield f"avec {listed(parts[:_NAMED])}"


def _places(trend: Trend, name: Name) -> Iterator[str]:
    communes = [f"{name('commune', code)} ({code[:2]})" for code in trend.why.communes if trend.kind != "commune"]
    departements = [name("departement", code) for code in trend.why.departements if trend.kind != "departement"]
    if communes:
        yield f"surtout à {listed(communes[:_NAMED])}"
    elif departements:
        yield f"surtout {listed(departements[:_NAMED])}"


def _beginning(trend: Trend, name: Name) -> Iterator[str]:
    first = "media" if trend.why.first_platform == "rss" else trend.why.first
    if first in _BEGINNERS:
        yield f"partie {_BEGINNERS[first]}"
    elif first and trend.kind != "plateforme":
        yield f"partie de {name('plateforme', trend.why.first_platform)}"
