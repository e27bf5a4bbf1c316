"""Which trends are worth an alert, and the sentence that tells them. Pure."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from watcher.trend import Alert, Trend

FRESH = timedelta(minutes=30)
"""A tick closes ten minutes after its end; one that is folded later than this is history caught up, and no news."""

Name = Callable[[str, str], str]
"""Gives the French name of a term, from its kind and itself."""

_PLACES = 3


def alerts(born: Iterable[Trend], now: datetime, name: Name) -> list[Alert]:
    """Return an alert for each trend that has just begun, none for those that began while nobody folded."""
    return [Alert(trend, now, sentence(trend, name)) for trend in born if now - trend.latest.at <= FRESH]


def sentence(trend: Trend, name: Name) -> str:
    """Return what happens in one French sentence: « #crue : 12 voix en 20 min (attendu 1), surtout Gard »."""
    heard = trend.peak
    minutes = round((heard.at - trend.since).total_seconds() / 60)
    expected = round(heard.expected) or "moins de 1"
    told = f"{name(trend.kind, trend.term)} : {round(heard.voices)} voix en {minutes} min (attendu {expected})"
    places = ", ".join(name("departement", code) for code in trend.why.departements[:_PLACES])
    words = ", ".join(trend.why.terms)
    return told + (f", surtout {places}" if places else "") + (f", on y parle de : {words}" if words else "")
