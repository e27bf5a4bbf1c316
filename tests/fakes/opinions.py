"""What the team says of trends, kept while a test lasts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tests.fakes.clock import NOON
from watcher.feedback import Precision, Verdict
from watcher.handling import morning
from watcher.model import PostId
from watcher.trend import Trend
from watcher.web.opinions import Opinion, Word

VERDICTS = {Word.USEFUL: Verdict.USEFUL, Word.NOISE: Verdict.NOISE}


@dataclass
class FakeOpinions:
    """Knows every trend; each is told by a rule that was judged ten times."""

    said: dict[PostId, Opinion] = field(default_factory=dict)

    def of(self, trends: Sequence[Trend]) -> Mapping[PostId, Opinion]:
        return {trend.id: self._of(trend.id) for trend in trends}

    def keep(self, trend: PostId, person: str, word: Word) -> bool:
        opinion = self._of(trend)
        verdicts = {**opinion.verdicts}
        if word in {Word.USEFUL, Word.NOISE, Word.NO_VERDICT}:
            verdicts.pop(person, None)
        if word in VERDICTS:
            verdicts[person] = VERDICTS[word]
        changes: Mapping[Word, Mapping[str, Any]] = {
            Word.TAKE: {"taken_by": (person,), "taken_at": NOON},
            Word.LEAVE: {"taken_by": (), "taken_at": None},
            Word.SNOOZE: {"snoozed_by": person, "snoozed_until": morning(NOON)},
            Word.WAKE: {"snoozed_by": "", "snoozed_until": None},
            Word.SEE: {"seen_by": (person,)},
            Word.UNSEE: {"seen_by": ()},
        }
        care = replace(opinion.care, **changes.get(word, {}))
        self.said[trend] = replace(opinion, verdicts=verdicts, care=care)
        return True

    def _of(self, trend: PostId) -> Opinion:
        return self.said.get(trend, Opinion(rule="Crises", precision=Precision(useful=8, noise=2)))
