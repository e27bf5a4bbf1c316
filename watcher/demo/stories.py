"""The stories: what happens in the written world beside every day, and who speaks of it when. Pure."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files
from itertools import cycle
from random import Random

from watcher.demo.everyday import ACCOUNTS, everyday, social
from watcher.demo.phrases import said
from watcher.demo.press import press
from watcher.demo.scenario import LIVE, Platform, Scripted, dice, numbered

_NEWCOMERS = 900
"""Accounts of a ring are numbered from here: nobody heard of them before."""

_ACQUAINTED = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Story:
    """One story: `counts` says how many posts appear in each step from its start on.

    Its voices are people who speak on other days too, or so many new `accounts`. Where it `is_copied`, its texts are
    repeated as they are; otherwise no two posts use the same words. `tag` is the hashtag it lives by, "" for none.
    """

    name: str
    tag: str
    starts_minutes_ago: int
    step_minutes: int
    counts: Sequence[int]
    texts: Sequence[str]
    platform: Platform | None = None
    accounts: int = 0
    is_copied: bool = False
    awaits_answer: bool = False

    def starts_at(self, now: datetime) -> datetime:
        """Return when its first step begins."""
        return now - timedelta(minutes=self.starts_minutes_ago)


def stories() -> tuple[Story, ...]:
    """Return the written stories."""
    folder = files(__package__).joinpath("written", "stories")
    entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    return tuple(
        Story(entry.name.removesuffix(".toml"), **tomllib.loads(entry.read_text("utf-8"))) for entry in entries
    )


def timeline(now: datetime) -> tuple[Scripted, ...]:
    """Return all that is written, in the order in which it appears, up to `now`."""
    talk = tuple(everyday(now))
    known = acquainted(talk, now - LIVE - _ACQUAINTED)
    told = (post for story in stories() for post in tell(story, known, now))
    return numbered((*press(now), *talk, *told))


def acquainted(talk: Sequence[Scripted], before: datetime) -> Mapping[Platform, Sequence[int]]:
    """Return, by platform, the accounts that used a hashtag `before` then."""
    heard = {(post.platform, post.author) for post in talk if post.hashtags and post.at < before}
    return {
        platform: [
            account
            for account in range(1, count + 1)
            if (platform, social(platform, account, before, "", "", tag="").author) in heard
        ]
        for platform, count in ACCOUNTS.items()
    }


def tell(story: Story, known: Mapping[Platform, Sequence[int]], now: datetime) -> Iterator[Scripted]:
    """Yield the posts of `story`."""
    rng = dice(story.name)
    voices = _voices(story, known, rng)
    texts = _texts(story, rng)
    for step, count in enumerate(story.counts):
        begins_at = story.starts_at(now) + step * timedelta(minutes=story.step_minutes)
        for order in range(count):
            platform, account = next(voices)
            at = begins_at + timedelta(minutes=story.step_minutes) * ((order + rng.uniform(0.1, 0.9)) / count)
            at = at.replace(microsecond=0)
            yield social(
                platform, account, at, next(texts), story.name, tag="Occitanie", awaits_answer=story.awaits_answer
            )


def _voices(story: Story, known: Mapping[Platform, Sequence[int]], rng: Random) -> Iterator[tuple[Platform, int]]:
    platforms = [story.platform] if story.platform else list(known)
    if story.accounts:
        return cycle((platform, _NEWCOMERS + turn) for turn in range(story.accounts) for platform in platforms)
    people = [(platform, account) for platform in platforms for account in known[platform]]
    rng.shuffle(people)
    return cycle(people)


def _texts(story: Story, rng: Random) -> Iterator[str]:
    if story.is_copied:
        yield from cycle(story.texts)
    told: set[str] = set()
    for text in cycle(story.texts):
        way = said(text, rng, {})
        if way not in told:
            told.add(way)
            yield way
