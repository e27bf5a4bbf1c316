"""The questions of who answers: which posts wait for an answer, the most pressing first, and which had one."""

from dataclasses import dataclass, replace
from datetime import datetime

from watcher.model import PRESSING
from watcher.stores.documents import from_document
from watcher.stores.queries.answers import Answering
from watcher.stores.queries.clauses import Clause, PlacedPost, newest, placed, within

LOOKED_AT = 300
"""Posts that are looked at: the most pressing."""

_STEP = 2
"""What the score of an intent is above that of the next less pressing one."""

_TO_US = 1
"""What is said of the Region itself comes before what is said of its territory, of one intent."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Posts that wait for an answer, the most pressing first, and those that had one, the latest answer first.

    `found` is how many there are of both; beyond `LOOKED_AT` it is not known which of them were answered.
    """

    unanswered: tuple[PlacedPost, ...] = ()
    answered: tuple[PlacedPost, ...] = ()
    found: int = 0

    @property
    def is_whole(self) -> bool:
        """Tell whether every one of them was looked at."""
        return self.found <= LOOKED_AT


class Desk(Answering):
    """The questions. Each raises what `Asking` says."""

    async def waiting(
        self, since: datetime, until: datetime, topic: str | None = None, departement: str | None = None
    ) -> Waiting:
        """Return who waits for an answer at `until`, of who spoke from `since` on, on that topic and there."""
        terms = {"to_answer": True, "topics": topic, "departements": departement}
        filters: list[Clause] = [{"term": {name: value}} for name, value in terms.items() if value is not None]
        answer = await self._search(
            size=LOOKED_AT,
            track_total_hits=True,
            query={"bool": {"filter": [within(since, until), *filters], "should": _by_urgency()}},
            sort=[{"_score": {"order": "desc"}}, *newest("published_at")],
        )
        found = [placed(from_document(hit["_source"]), until) for hit in answer["hits"]["hits"]]
        answers = await self.answers([each.post for each in found]) if found else {}
        seen = [replace(each, answered_at=answers.get(each.post.id)) for each in found]
        answered = [(each.answered_at, each) for each in seen if each.answered_at]
        return Waiting(
            unanswered=tuple(each for each in seen if not each.answered_at),
            answered=tuple(each for _, each in sorted(answered, key=lambda pair: pair[0], reverse=True)),
            found=answer["hits"].get("total", {}).get("value", 0),
        )


def _by_urgency() -> list[Clause]:
    worth: list[tuple[Clause, int]] = [
        ({"intent": intent}, place * _STEP) for place, intent in enumerate(reversed(PRESSING), start=1)
    ]
    worth.append(({"relevance": "institution"}, _TO_US))
    return [{"constant_score": {"filter": {"term": term}, "boost": boost}} for term, boost in worth]
