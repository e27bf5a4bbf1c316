"""Who watches the play in the fake Slack, and answers each alert by reactions: written people, no others.

Two are of the team and one is not. The first judges, and sees to what was told first; the second is wrong, and puts it
right a turn later; the third agrees. What they say in the end is what the demo must have read.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from watcher.alerts.marks import Mark
from watcher.config import Member
from watcher.demo.scenario import folded
from watcher.demo.slack import FakeSlack
from watcher.feedback import Verdict
from watcher.handling import Deed, called

FIRST, SECOND, OUTSIDER = "Première spectatrice", "Second spectateur", called("")
_IDS = {FIRST: "U0SPECTATRICE", SECOND: "U0SPECTATEUR", OUTSIDER: "U0PASSANTE"}
TEAM = tuple(Member(name, _IDS[name]) for name in (FIRST, SECOND))

_EMOJIS: Mapping[Mark, str] = {
    Verdict.USEFUL: "+1::skin-tone-4",
    Verdict.NOISE: "-1",
    Deed.TAKEN: "white_check_mark",
    Deed.SEEN: "eyes",
}

Word = tuple[str, str, Mark]
"""The title of an alert, who says something of it under which name, and what."""


def said(title: str, rings: Collection[str], *, is_first: bool, is_new: bool) -> frozenset[Word]:
    """Return what the spectators say of the alert `title`: what is told of a hashtag of `rings` is noise.

    `is_first` of all alerts, it is taken; while it `is_new`, one of them is wrong.
    """
    is_noise = any(folded(title).endswith(f"#{tag}") for tag in rings)
    truth, contrary = (Verdict.NOISE, Verdict.USEFUL) if is_noise else (Verdict.USEFUL, Verdict.NOISE)
    return frozenset(
        {
            (title, FIRST, truth),
            (title, FIRST, Deed.TAKEN if is_first else Deed.SEEN),
            (title, SECOND, contrary if is_new else truth),
            (title, OUTSIDER, truth),
        }
    )


@dataclass(slots=True)
class Spectators:
    """Those who react in `slack`, knowing which hashtags are the work of `rings`."""

    slack: FakeSlack
    rings: Collection[str]
    _said: dict[str, frozenset[Word]] = field(default_factory=dict)

    @property
    def words(self) -> frozenset[Word]:
        """All that they say by now."""
        return frozenset().union(*self._said.values())

    def react(self) -> None:
        """Answer what was told since the last turn, and put right what was answered wrongly then."""
        for ts, title in self.slack.titles.items():
            before = self._said.get(ts, frozenset())
            is_first = next(iter(self._said), ts) == ts
            after = said(title, self.rings, is_first=is_first, is_new=ts not in self._said)
            for _, person, mark in before - after:
                self.slack.unreact(ts, _EMOJIS[mark], _IDS[person])
            for _, person, mark in after - before:
                self.slack.react(ts, _EMOJIS[mark], _IDS[person])
            self._said[ts] = after
