"""`watcher try`: one address read with no configuration at all, and nothing stored."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pipelines
from watcher import collect
from watcher.app import PROGRAM
from watcher.clock import SystemClock
from watcher.errors import WatcherError
from watcher.fetch import HttpFetch
from watcher.flow import make_posts
from watcher.model import Outcome, Post, RawPost, RunReport, Source
from watcher.privacy import Pseudonyms
from watcher.reading import read


@dataclass(frozen=True, slots=True)
class Trial:
    """What an address gave: how the run ended, and its posts as the team would read them."""

    report: RunReport
    posts: Sequence[Post]


async def try_address(address: str, *, allow_loopback: bool = False) -> Trial:
    """Read the feed at `address` and return what it gives. The report says in French why it gives nothing."""
    collector, clock = collect.find()["rss"], SystemClock()
    source = Source("essai", collector.name, collector.Settings(adresse=address), interval_s=0)
    raws: list[RawPost] = []
    report = RunReport(source.name, Outcome.OK)
    async with HttpFetch(user_agent=PROGRAM, clock=clock, allow_loopback=allow_loopback) as fetch:
        try:
            async for page in collector.pages(fetch, source.settings, None, clock.now()):
                raws += page.posts
        except WatcherError as error:
            outcome, message, retry_after_s = collect.outcome_of(error)
            report = replace(report, outcome=outcome, message=message, retry_after_s=retry_after_s)
    # Nothing is kept, so a key for one use hides the handles as well as the instance's would.
    posts, _ = make_posts(raws, source, Pseudonyms(secrets.token_bytes(32)), clock.now())
    nlp = pipelines.build()
    return Trial(replace(report, seen=len(raws)), [replace(post, reading=read(nlp, post)) for post in posts])
