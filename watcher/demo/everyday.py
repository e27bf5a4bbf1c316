"""What people of the region say on any day, on the social platforms: phrases of all topics, places, hours. Pure."""

import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from random import Random
from zoneinfo import ZoneInfo

from watcher.demo.phrases import of_town, said
from watcher.demo.scenario import HISTORY, Platform, Scripted, dice

POSTS: Mapping[Platform, int] = {"mastodon": 420, "bluesky": 430}
"""How many posts of every day each platform has; the stories come on top."""

ACCOUNTS: Mapping[Platform, int] = {"mastodon": 85, "bluesky": 95}
"""How many people write them: a few often, most now and then."""

INSTANCES = ("garonne", "cevennes")
HEARD = ("Occitanie", "Toulouse", "Montpellier", "Pyrénées")
"""The hashtags by which the demo listens to Mastodon: who writes there adds one of them."""

_PARIS = ZoneInfo("Europe/Paris")
_RHYTHM = (2, 1, 1, 1, 1, 2, 4, 7, 9, 8, 7, 7, 9, 8, 7, 7, 8, 9, 10, 10, 9, 8, 6, 4)
"""How much is said at each hour of Paris, of the most that is."""


@dataclass(frozen=True, slots=True)
class Town:
    """A place that everyday talk names; `tag` is what its people add on Mastodon."""

    name: str
    departement: str
    tag: str


Towns = Sequence[Town]


def towns(departements: Collection[str] = ()) -> Towns:
    """Return the towns of some départements; of all thirteen where none is named."""
    written = tomllib.loads(files(__package__).joinpath("written", "places.toml").read_text("utf-8"))
    return [
        Town(name, code, place["tag"])
        for code, place in written.items()
        if code in departements or not departements
        for name in place["towns"]
    ]


def everyday(now: datetime) -> Iterator[Scripted]:
    """Yield what was said in the fifteen days before `now`, no two posts in the same words."""
    phrases, known, said_before = _phrases(), towns(), set[str]()
    for platform, wanted in POSTS.items():
        rng = dice(platform)
        when = dice(f"{platform} hours")
        count = 0
        while count < wanted:
            topic, phrase = rng.choice(phrases)
            town = rng.choice(known)
            text = said(phrase, rng, of_town(town.name))
            author = somebody(rng, platform)
            if text in said_before:
                continue
            said_before.add(text)
            count += 1
            yield social(platform, author, moment(when, now), text, topic, tag=town.tag)


def social(
    platform: Platform, author: int, at: datetime, text: str, story: str, *, tag: str, awaits_answer: bool = False
) -> Scripted:
    """Return a post of account number `author`; on Mastodon it bears a tag that the demo listens to."""
    if platform == "mastodon":
        text = text if any(f"#{heard}" in text.split() for heard in HEARD) else f"{text} #{tag}"
        instance = INSTANCES[author % len(INSTANCES)]
        handle = f"demonstration{author}@{instance}.example"
        return Scripted(platform, instance, handle, at, text, story, dated_at=at, awaits_answer=awaits_answer)
    handle = f"did:plc:demonstration{author}"
    return Scripted(platform, platform, handle, at, text, story, dated_at=at, awaits_answer=awaits_answer)


def somebody(rng: Random, platform: Platform) -> int:
    """Return the number of an account of `platform`: the first ones speak the most."""
    accounts = range(1, ACCOUNTS[platform] + 1)
    return rng.choices(accounts, [1 / (order + 12) for order in accounts])[0]


def moment(rng: Random, now: datetime) -> datetime:
    """Return a time of the fifteen days before `now`, at an hour when people speak."""
    while True:
        at = (now - HISTORY * rng.random()).replace(microsecond=0)
        if rng.random() * max(_RHYTHM) < _RHYTHM[at.astimezone(_PARIS).hour]:
            return at


def _phrases() -> list[tuple[str, str]]:
    folder = files(__package__).joinpath("written", "talk")
    entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    return [
        (entry.name.removesuffix(".toml"), phrase)
        for entry in entries
        for phrase in tomllib.loads(entry.read_text("utf-8"))["phrases"]
    ]
