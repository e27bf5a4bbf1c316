"""The view of who waits for an answer: the most pressing first, why, since when, and where to answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from starlette.requests import Request

from watcher.model import PRESSING
from watcher.stores.queries.clauses import PlacedPost
from watcher.stores.queries.waiting import Waiting
from watcher.web.choices import departement_of, topic_of
from watcher.web.view import Sheet, View, or_trouble
from watcher.words import INTENTS, Labels

PATH = "/a-repondre"

REACH = timedelta(days=30)
"""How far back at most: nobody waits for an answer any more."""

_SHOWN = 60
_SHOWN_ANSWERED = 20


class DeskQueries(Protocol):
    """What the view asks of Elasticsearch: see `stores.queries.waiting.Desk`."""

    async def waiting(
        self, since: datetime, until: datetime, topic: str | None = None, departement: str | None = None
    ) -> Waiting:
        """Return who waits for an answer."""
        ...


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What the reader wants to answer."""

    topic: str | None
    departement: str | None


def narrowed(params: Mapping[str, str], labels: Labels) -> Narrowed:
    """Return what the address asks for. Raises `UnknownChoice`."""
    return Narrowed(topic_of(params.get("theme"), labels), departement_of(params.get("departement"), labels))


def reason(placed: PlacedPost) -> str:
    """Return why a post waits for an answer: « Demande d'aide qui concerne la Région »."""
    reading = placed.post.reading
    if reading is None:
        return ""
    what = INTENTS[reading.intent] if reading.intent in PRESSING else "Peut-être une question"
    return f"{what} qui concerne {'la Région' if reading.relevance == 'institution' else 'le territoire'}"


def waiting_view(queries: DeskQueries, named: timedelta, labels: Labels, now: Callable[[], datetime]) -> View:
    """Return the view. It leaves out posts older than `named`: they no longer tell who wrote, nor where to answer."""
    reach = min(REACH, named)

    async def show(request: Request) -> Sheet:
        opened, asked = now(), narrowed(request.query_params, labels)
        answer = queries.waiting(opened - reach, opened, asked.topic, asked.departement)
        waiting, trouble = await or_trouble(answer, Waiting())
        values = {
            "labels": labels,
            "asked": asked,
            "topics": labels.topics_by_name,
            "waiting": waiting,
            "shown": waiting.unanswered[:_SHOWN],
            "answered": waiting.answered[:_SHOWN_ANSWERED],
            "reach": reach,
            "reason": reason,
            "trouble": trouble,
        }
        return Sheet("waiting.html", values)

    return View(PATH, "À répondre", show)
