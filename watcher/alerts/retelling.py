"""Brings messages up to date between two ticks: who takes an alert sees it said there within seconds."""

from datetime import datetime

import structlog

from watcher.alerts.telling import Telling
from watcher.errors import Permanent, Unreachable
from watcher.stores.elastic import Elastic
from watcher.stores.journal import Journal
from watcher.stores.trends import posts_of, trend_of

log = structlog.get_logger()


async def retell(journal: Journal, elastic: Elastic, telling: Telling, now: datetime) -> None:
    """Let each message wait to be written anew whose alert was taken, rested or seen since.

    The posts that it quotes are read again, and none is kept for this; it waits while Elasticsearch is away or refuses.
    """
    for subject in journal.subjects.untold():
        trend, channel = trend_of(subject.trend), journal.messages.channel_of(subject.id)
        if channel is None:  # it was told in another's thread, or on the page alone
            journal.words.tell_again(subject, [])
            continue
        try:
            posts = await posts_of(elastic, trend.why.examples)
        except (Unreachable, Permanent):  # what else is to be said does not wait with it
            log.info("message_waits_for_elasticsearch")
            return
        cares = journal.handlings.cares([subject.id])
        journal.words.tell_again(subject, [telling.update(trend, channel, {trend.id: posts}, cares, now)])
