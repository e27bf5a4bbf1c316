"""`watcher try`: one address read with no configuration at all, and nothing stored."""

import re
import secrets
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pipelines
from watcher import collect
from watcher.app import PROGRAM, Installation, open_fetch, open_journal
from watcher.budget import Budget
from watcher.clock import SystemClock
from watcher.config.keys import filled, key_of
from watcher.config.tree import Document, Tree
from watcher.config.validation import checked
from watcher.fetch import HttpFetch
from watcher.flow import make_posts
from watcher.meter import metered
from watcher.model import Outcome, Post, RawPost, RunReport, Source
from watcher.ports import Clock, Collector, Fetch, Purses
from watcher.privacy import Pseudonyms
from watcher.reading import read
from watcher.translation import collectors_of

if TYPE_CHECKING:
    from spacy.language import Language

# What is written like a Mastodon account elsewhere, and feeds, Mastodon's own included.
_NOT_MASTODON = r"(?!\S*\.(?:rss|atom|xml|json)$)(?!https?://(?:\w+\.)?(?:youtube|tiktok|medium|threads)\.(?:com|net)/)"

_INSTANCE = r"(?:https://)?(?P<instance>(?:http://)?[^/?#\s]+)"

_FORMS = (
    (rf"{_NOT_MASTODON}{_INSTANCE}/tags/(?P<hashtags>[^/?#\s]+)/?", "mastodon"),
    (rf"{_NOT_MASTODON}{_INSTANCE}/@(?P<comptes>[\w.-]+(?:@[\w.-]+)?)/?", "mastodon"),
    (r"https?://(?:www\.|m\.)?youtube\.com/(?P<chaines>@[^/?#\s]+|channel/UC[\w-]{22})(?:[/?#].*)?", "youtube"),
    (r"(?P<videos>https?://(?:(?:www\.|m\.)?youtube\.com/(?:watch\?|shorts/|live/)|youtu\.be/)\S+)", "youtube"),
    (r"https?://bsky\.app/profile/(?P<compte>[^/?#\s]+)/?", "bluesky"),
    (r"https?://@?(?P<compte>[\w-]+\.bsky\.social)/?", "bluesky"),
    (r"https://@(?P<comptes>[\w.-]+)@(?P<instance>[\w-]+(?:\.[\w-]+)+)", "mastodon"),
    (r"(?P<adresse>.*)", "rss"),
)
"""How addresses look, and whose they are: the names of the groups are keys of the platform's settings in YAML."""

_LISTS = frozenset({"hashtags", "comptes", "chaines", "videos"})

_KEYS: Mapping[str, Mapping[str, Tree]] = {"youtube": {"cle": "WATCHER_YOUTUBE_CLE"}}
"""What a platform reads nothing without: the key, and the variable that is to hold it."""


HASHTAGS_AT = "https://mastodon.social"
"""Where a hashtag alone is read: the largest instance that lets anybody read them, to which most messages come."""

SHOWN = 10
"""Enough to see what an address is worth; a feed of thousands would be read for a minute."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What an address gave: how the run ended, and its first posts as the team would read them."""

    report: RunReport
    posts: Sequence[Post]


def guess(address: str) -> tuple[str, dict[str, Tree]]:
    """Return the platform that `address` looks like, and its settings in YAML's words; a feed if unsure."""
    if address.startswith("#"):
        address = f"{HASHTAGS_AT}/tags/{address[1:]}"
    address = address if "://" in address else f"https://{address}"
    found, platform = next(
        (found, platform) for form, platform in _FORMS if (found := re.fullmatch(form, address, re.DOTALL))
    )
    given = {key: unquote(value) for key, value in found.groupdict().items()}
    settings: dict[str, Tree] = {key: [value] if key in _LISTS else value for key, value in given.items()}
    return platform, {**_KEYS.get(platform, {}), **settings}


async def try_address(
    address: str, variables: Mapping[str, str] = MappingProxyType({}), *, allow_loopback: bool = False
) -> Trial:
    """Read what `address` leads to and return what it gives; `variables` hold the keys of platforms that want one.

    The report says in French why it gives nothing.
    """
    return await try_settings(*guess(address.strip()), variables, allow_loopback=allow_loopback)


async def try_settings(
    platform: str,
    given: Mapping[str, Tree],
    variables: Mapping[str, str],
    *,
    allow_loopback: bool = False,
    purses: Purses | None = None,
) -> Trial:
    """Read a source whose settings, in YAML's words, are `given`; `variables` hold the secrets that they name.

    With `purses` it stays within what the platform allows its key.
    """
    collector, clock = collect.find()[platform], SystemClock()
    settings, _ = checked(collector.Settings, Document("", dict(given), {}, {}), dict(given))
    if settings is None:
        message = "Cette adresse n'en est pas une : recopiez-la depuis un navigateur, https:// compris."
        return Trial(RunReport("essai", Outcome.REFUSED, message), ())
    budget, key = getattr(settings, "budget", Budget()), key_of(settings)
    source = filled(Source("essai", platform, settings, interval_s=0, budget=budget, key=key), variables)
    async with HttpFetch(user_agent=PROGRAM, clock=clock, allow_loopback=allow_loopback) as fetch:
        allowed = metered(fetch, source, collector, purses, clock) if purses else fetch
        report, raws = await _read(source, collector, allowed, clock)
    return _trial(report, raws, source, pipelines.build(), clock)


async def try_source(installation: Installation, source: Source) -> Trial:
    """Read one page of a configured `source`, with its key and within its budget, and keep nothing but what it cost."""
    clock = SystemClock()
    collector = collectors_of(installation.config, installation.data)[source.platform]
    with closing(open_journal(installation.data)) as journal:
        async with open_fetch(installation) as fetch:
            allowed = metered(fetch, source, collector, journal.purses, clock)
            report, raws = await _read(source, collector, allowed, clock)
    return _trial(report, raws, source, installation.build_nlp(), clock)


async def _read(source: Source, collector: Collector, fetch: Fetch, clock: Clock) -> tuple[RunReport, list[RawPost]]:
    """Return how a first run of `source` goes, and the posts of the first page that has some: more may cost more."""
    report, raws = RunReport(source.name, Outcome.OK), list[RawPost]()
    try:
        async for page in collector.pages(fetch, source.settings, None, clock.now()):
            raws += page.posts
            if raws:
                break
    except Exception as error:  # noqa: BLE001 - as in `flow`: whatever an address does is told in a sentence
        report = collect.cut_short(report, error)
    return replace(report, seen=len(raws)), raws


def _trial(report: RunReport, raws: Sequence[RawPost], source: Source, nlp: "Language", clock: Clock) -> Trial:
    # Nothing is kept, so a key for one use hides the handles as well as the instance's would.
    posts, _ = make_posts(raws[:SHOWN], source, Pseudonyms(secrets.token_bytes(32)), clock.now())
    return Trial(report, [replace(post, reading=read(nlp, post)) for post in posts])
