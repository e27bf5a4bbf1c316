"""What the team says of the trends that the page shows, and what a click on one of them does."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from watcher.alerts.judging import Judging
from watcher.alerts.routing import rule_for
from watcher.feedback import Precision, Verdict, by_rule
from watcher.french import listed, plural
from watcher.handling import Care, Deed, called, care_of, morning, told
from watcher.model import PostId
from watcher.trend import Trend


class Word(StrEnum):
    """What a person may say of a trend; the words are what the buttons send."""

    USEFUL = "utile"
    NOISE = "bruit"
    NO_VERDICT = "sans-avis"
    TAKE = "je-m-en-occupe"
    LEAVE = "je-laisse"
    SNOOZE = "pause"
    WAKE = "fin-de-pause"
    SEE = "vue"
    UNSEE = "pas-vue"


NAMED = frozenset({Word.TAKE, Word.SNOOZE, Word.SEE})
"""The words that mean nothing without a name: the team must know who."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What is said of one trend, by person, who sees to it, and how precise the rule that tells such ones is.

    `rule` is "" where no rule takes it, and `precision` is that of what was judged, of nothing while nobody did.
    """

    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    care: Care = field(default_factory=Care)
    rule: str = ""
    precision: Precision = field(default_factory=Precision)

    def words(self, person: str, now: datetime) -> Mapping[str, Word]:
        """Return what the buttons of `person` say: what was said is taken back by the same button."""
        said = self.verdicts.get(person)
        rests = person == self.care.snoozed_by and self.care.rests_at(now)
        return {
            "useful": Word.NO_VERDICT if said is Verdict.USEFUL else Word.USEFUL,
            "noise": Word.NO_VERDICT if said is Verdict.NOISE else Word.NOISE,
            "take": Word.LEAVE if person in self.care.taken_by else Word.TAKE,
            "snooze": Word.WAKE if rests else Word.SNOOZE,
            "see": Word.UNSEE if person in self.care.seen_by else Word.SEE,
        }

    def sentences(self, now: datetime) -> Iterator[str]:
        """Yield in French who sees to it, in the words of Slack, what is said, by whom, and what that is worth."""
        if line := told(self.care, now):
            yield line
        for verdict, word in ((Verdict.USEFUL, "Utile"), (Verdict.NOISE, "Bruit")):
            if people := [person for person, said in self.verdicts.items() if said is verdict]:
                yield f"{word} pour {_named(people)}"
        if self.rule and self.precision.judged:
            useful, judged = self.precision.useful, self.precision.judged
            yield f"Règle « {self.rule} » : {plural(useful, 'utile', 'utiles')} sur {plural(judged, 'jugée', 'jugées')}"
        elif self.rule:
            yield f"Règle « {self.rule} » : rien de jugé encore"


def _named(people: Sequence[str]) -> str:
    return listed(list(dict.fromkeys(map(called, people))))


@dataclass(frozen=True, slots=True)
class Opinions:
    """Reads what was said, and keeps what is."""

    judging: Judging
    now: Callable[[], datetime]

    def of(self, trends: Sequence[Trend]) -> Mapping[PostId, Opinion]:
        """Return what is said of each of `trends`."""
        journal, ids = self.judging.journal, [trend.id for trend in trends]
        judgements, handlings = journal.judgements.of(ids), journal.handlings.of(ids)
        figures = by_rule(journal.judgements.all())
        rules = {trend.id: rule_for(trend, self.judging.rules) for trend in trends}
        return {
            name: Opinion(
                {each.person: each.verdict for each in judgements.get(name, ())},
                care_of(handlings.get(name, ())),
                rule.name if rule else "",
                figures.get(rule.name, Precision()) if rule else Precision(),
            )
            for name, rule in rules.items()
        }

    def keep(self, trend: PostId, person: str, word: Word) -> bool:
        """Keep what `person` says of `trend`. Return False, having done nothing, when no such trend is known still."""
        judging, now = self.judging, self.now()
        match word:
            case Word.USEFUL:
                known = judging.judge(trend, person, Verdict.USEFUL, now)
            case Word.NOISE:
                known = judging.judge(trend, person, Verdict.NOISE, now)
            case Word.NO_VERDICT:
                known = judging.unjudge(trend, person)
            case Word.TAKE:
                known = judging.take(trend, person, now)
            case Word.LEAVE:
                known = judging.undo(trend, person, Deed.TAKEN)
            case Word.SNOOZE:
                known = judging.snooze(trend, person, morning(now), now)
            case Word.WAKE:
                known = judging.undo(trend, person, Deed.SNOOZED)
            case Word.SEE:
                known = judging.acknowledge(trend, person, now)
            case Word.UNSEE:
                known = judging.undo(trend, person, Deed.SEEN)
        return known is not None
