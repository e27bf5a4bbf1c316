"""The written press and forums: what somebody wrote for each site, and briefs said in many ways. Pure."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files
from random import Random
from typing import Any, Literal

from watcher.demo.everyday import Towns, moment, towns
from watcher.demo.phrases import of_town, said
from watcher.demo.scenario import Scripted, dice
from watcher.model import AuthorKind

Format = Literal["rss", "atom", "rdf", "json"]

_BRIEFS = 33  # a site: two a day, as small papers write
_STAFF = 4  # a newsroom has a few pens; in a forum everybody is another person
_LATE = timedelta(hours=100)  # when that appears which bears no date, or one that is still to come


@dataclass(frozen=True, slots=True)
class Site:
    """One written site with a feed. `territory` holds the départements of its readers."""

    name: str
    title: str
    format: Format
    author_kind: AuthorKind
    territory: tuple[str, ...]


def sites() -> tuple[Site, ...]:
    """Return the written sites."""
    return tuple(
        Site(name, site["title"], site["format"], site["author_kind"], tuple(site["territory"]))
        for name, site in _written().items()
    )


def press(now: datetime) -> Iterator[Scripted]:
    """Yield what the sites have published in the fifteen days before `now`."""
    briefs = tomllib.loads(files(__package__).joinpath("written", "briefs.toml").read_text("utf-8"))["briefs"]
    said_before: set[str] = set()
    for order, site in enumerate(sites(), start=1):
        for number, item in enumerate(_written()[site.name]["items"], start=1):
            yield _article(site, item, _pen(order, number, site.author_kind), now)
        if site.author_kind != "person":
            yield from _briefs(site, order, briefs, said_before, now)


def _written() -> Mapping[str, Any]:
    folder = files(__package__).joinpath("written", "sites")
    entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    return {entry.name.removesuffix(".json"): json.loads(entry.read_text("utf-8")) for entry in entries}


def _article(site: Site, item: Mapping[str, Any], author: str, now: datetime) -> Scripted:
    hours = item["hours_ago"]
    dated_at = None if hours is None else (now - timedelta(hours=hours)).replace(microsecond=0)
    return Scripted(
        "rss",
        site.name,
        author,
        at=dated_at if dated_at and dated_at <= now else now - _LATE,
        dated_at=dated_at,
        title=item["title"],
        text=item["text"],
        story="presse",
        author_kind=site.author_kind,
        awaits_answer=item.get("needs_answer", False),
    )


def _briefs(
    site: Site, order: int, briefs: list[Mapping[str, str]], said_before: set[str], now: datetime
) -> Iterator[Scripted]:
    rng, known = dice(site.name), towns(site.territory)
    count = 0
    while count < _BRIEFS:
        title, text = _brief(rng.choice(briefs), rng, known)
        if text in said_before:
            continue
        said_before.add(text)
        count += 1
        at = moment(rng, now)
        author = _pen(order, count, site.author_kind)
        yield Scripted("rss", site.name, author, at, text, "presse", title, at, site.author_kind)


def _brief(brief: Mapping[str, str], rng: Random, known: Towns) -> tuple[str, str]:
    names = of_town(rng.choice(known).name)
    title, text = said(brief["title"], rng, names), said(brief["text"], rng, names)
    return title, f"{names['ville']}. {text}"


def _pen(site: int, item: int, kind: AuthorKind) -> str:
    pen = item if kind == "person" else 1 + item % _STAFF
    return f"auteur de démonstration {site * 100 + pen}"
