"""What the demo makes of its alerts once the play is over: it judges them, and plays its history again by its rules."""

from collections.abc import Sequence
from datetime import datetime

from watcher.alerts.judging import Judging
from watcher.app import House, rehearsal
from watcher.backtest import Backtest, backtest
from watcher.demo.scenario import LIVE
from watcher.feedback import Judgement, Verdict
from watcher.trend import Alert

SPECTATOR = "démonstration"


async def replayed(house: House, until: datetime) -> Backtest:
    """Return what the rules of `house` would have told of the last hours. Raises what Elasticsearch raises."""
    since = until - LIVE
    standing = rehearsal(house.installation.config, house.journal, house.elastic, since, until)
    return await backtest(standing, since=since, until=until)


def judge(house: House, found: Backtest, now: datetime) -> None:
    """Keep that all that was alerted on again was useful: it is so written."""
    judging = Judging(house.journal, house.installation.config.alerts.rules)
    for sent in found.sent:
        judging.judge(sent.alert.id, SPECTATOR, Verdict.USEFUL, now)


def lacks(alerts: Sequence[Alert], found: Backtest, judgements: Sequence[Judgement]) -> list[str]:
    """Return, in French, which `alerts` of the play were not found again, and which have lost their verdict."""
    again = {sent.alert.id for sent in found.sent}
    judged = {judgement.alert for judgement in judgements}
    return [
        *(f"rejeu : rien sur « {alert.sentence} »" for alert in alerts if alert.id not in again),
        *(f"avis perdu : « {alert.sentence} »" for alert in alerts if alert.id not in judged),
    ]
