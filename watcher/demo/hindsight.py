"""What the demo makes of its alerts once the play is over: what was said of them, and its history played again."""

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime

from watcher.app import House, rehearsal
from watcher.backtest import Backtest, backtest
from watcher.demo.scenario import LIVE
from watcher.demo.spectators import Word
from watcher.handling import called
from watcher.stores.journal import Journal
from watcher.trend import Alert


async def replayed(house: House, until: datetime) -> Backtest:
    """Return what the rules of `house` would have told of the last hours. Raises what Elasticsearch raises."""
    since = until - LIVE
    standing = rehearsal(house.installation.config, house.journal, house.elastic, since, until)
    return await backtest(standing, since=since, until=until)


def heard(journal: Journal, alerts: Mapping[str, Alert]) -> frozenset[Word]:
    """Return what the journal holds of what people say of `alerts`, by their titles."""
    titles = {alert.id: title for title, alert in alerts.items()}
    judgements, handlings = journal.judgements.of(list(titles)), journal.handlings.of(list(titles))
    judged = [
        (titles[each.alert], called(each.person), each.verdict) for all_of in judgements.values() for each in all_of
    ]
    handled = [(titles[each.alert], called(each.person), each.deed) for all_of in handlings.values() for each in all_of]
    return frozenset([*judged, *handled])


def lacks(alerts: Sequence[Alert], found: Backtest) -> list[str]:
    """Return, in French, which `alerts` of the play were not found again."""
    again = {sent.alert.id for sent in found.sent}
    return [f"rejeu : rien sur « {alert.sentence} »" for alert in alerts if alert.id not in again]


def unheard(said: AbstractSet[Word], found: AbstractSet[Word], titles: Collection[str]) -> list[str]:
    """Return, in French, what people `said` of the alerts `titles` in Slack that was not `found`, and the contrary."""
    silent = sorted(set(titles) - {title for title, _, _ in said})
    return [
        *(f"personne n'a réagi à « {title} »" for title in silent),
        *(f"réaction non lue : {person}, « {mark} », sur « {title} »" for title, person, mark in sorted(said - found)),
        *(f"réaction de trop : {person}, « {mark} », sur « {title} »" for title, person, mark in sorted(found - said)),
    ]
