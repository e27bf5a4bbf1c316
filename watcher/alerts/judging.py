"""What the team says of an alert, and who sees to it: one way in for Slack, the page, the command line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from watcher.alerts.routing import rule_for
from watcher.config import AlertRule
from watcher.feedback import Judgement, Verdict
from watcher.handling import Deed, Handling
from watcher.model import PostId
from watcher.stores.journal import Journal
from watcher.stores.journal.subjects import Subject
from watcher.stores.trends import trend_of

NO_RULE = "(aucune règle)"
"""What a verdict counts for when no rule told the trend."""


@dataclass(frozen=True, slots=True)
class Judging:
    """Keeps what people say and do, at once and for good; `rules` are those in force.

    An alert has the id of its trend, and a trend that gave no alert is judged alike. A person is a name of
    `equipe.yml`, a pseudonym of somebody who is not there, or "". Each method returns what the alert says, "" for a
    trend that gave none, or None, having done nothing, when no trend of the last months bears that id.
    """

    journal: Journal
    rules: Sequence[AlertRule]

    def judge(self, alert: PostId, person: str, verdict: Verdict, now: datetime) -> str | None:
        """Keep what `person` thinks of `alert`, in the place of what that person said before."""
        subject = self.journal.subjects.get(alert)
        if subject:
            self.journal.words.judge(self._judgement(subject, person, verdict, now))
        return _sentence(subject)

    def unjudge(self, alert: PostId, person: str) -> str | None:
        """Take back what `person` said of `alert`."""
        subject = self.journal.subjects.get(alert)
        if subject:
            self.journal.words.unjudge(alert, person)
        return _sentence(subject)

    def take(self, alert: PostId, person: str, now: datetime) -> str | None:
        """Keep that `person` sees to `alert`."""
        return self._handle(Handling(alert, person, Deed.TAKEN, now))

    def snooze(self, alert: PostId, person: str, until: datetime, now: datetime) -> str | None:
        """Keep that `person` wants nothing more said of `alert` in its thread before `until`."""
        return self._handle(Handling(alert, person, Deed.SNOOZED, now, until))

    def acknowledge(self, alert: PostId, person: str, now: datetime) -> str | None:
        """Keep that `person` has seen `alert`."""
        return self._handle(Handling(alert, person, Deed.SEEN, now))

    def undo(self, alert: PostId, person: str, deed: Deed) -> str | None:
        """Take back what `person` did with `alert`."""
        subject = self.journal.subjects.get(alert)
        if subject:
            self.journal.words.unhandle(alert, person, deed)
        return _sentence(subject)

    def _handle(self, done: Handling) -> str | None:
        subject = self.journal.subjects.get(done.alert)
        if subject:
            self.journal.words.handle(done)
        return _sentence(subject)

    def _judgement(self, subject: Subject, person: str, verdict: Verdict, now: datetime) -> Judgement:
        trend = trend_of(subject.trend)
        if subject.alert is None:
            return Judgement(subject.id, person, verdict, NO_RULE, trend.latest.at, now)
        rule, at = rule_for(trend, self.rules), datetime.fromisoformat(subject.alert["at"])
        return Judgement(subject.id, person, verdict, rule.name if rule else NO_RULE, at, now)


def _sentence(subject: Subject | None) -> str | None:
    return None if subject is None else str((subject.alert or {}).get("sentence", ""))
