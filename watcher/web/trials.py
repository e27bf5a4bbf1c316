"""Where words are tried on a topic: what it would catch with them, of what is stored. Nothing is kept."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from starlette.requests import Request

from watcher.difference import Preview
from watcher.web.choices import UnknownChoice
from watcher.web.view import Sheet, Show, or_trouble
from watcher.words import Labels

DAYS = (1, 3, 7, 30)
_USUAL_DAYS = 7
_MOST_WORDS = 20
_SHORTEST, _LONGEST = 2, 80


@dataclass(frozen=True, slots=True)
class Trial:
    """Words and exclusions to try on a topic, over so many days. Without any, the topic is tried as it is set."""

    topic: str
    words: tuple[str, ...]
    excluded: tuple[str, ...]
    days: int


Try = Callable[[Trial], Awaitable[Preview]]
"""Reads stored posts again; raises a `WatcherError` in French."""


def trial_of(params: Mapping[str, str], labels: Labels) -> Trial | None:
    """Return what the address asks to try, None when it asks nothing yet. Raises `UnknownChoice`."""
    topic, days = params.get("theme"), params.get("jours", str(_USUAL_DAYS))
    if topic is None:
        return None
    if topic not in labels.topics:
        raise UnknownChoice("Ce thème n'existe pas, ou n'existe plus.")
    if days not in {str(known) for known in DAYS}:
        raise UnknownChoice("Cette durée n'est pas proposée.")
    return Trial(topic, _words(params.get("mots", "")), _words(params.get("exclure", "")), int(days))


def _words(text: str) -> tuple[str, ...]:
    """Return the words that commas set apart. Raises `UnknownChoice`."""
    words = tuple(word for part in re.split(r"[,;\n]", text) if (word := " ".join(part.split())))
    if len(words) > _MOST_WORDS:
        raise UnknownChoice(f"Pas plus de {_MOST_WORDS} mots à la fois.")
    if any(not _SHORTEST <= len(word) <= _LONGEST for word in words):
        raise UnknownChoice(f"Un mot ou une expression compte de {_SHORTEST} à {_LONGEST} lettres.")
    return words


def trial(try_words: Try, labels: Labels) -> Show:
    """Return what shows a trial. One at a time: each reads thousands of posts."""
    turn = asyncio.Lock()

    async def tried(asked: Trial) -> Preview:
        async with turn:
            return await try_words(asked)

    async def show(request: Request) -> Sheet:
        asked = trial_of(request.query_params, labels)
        found, trouble = await or_trouble(tried(asked), None) if asked else (None, "")
        values = {
            "trial": asked or Trial("", (), (), _USUAL_DAYS),
            "topics": labels.topics_by_name,
            "choices_of_days": DAYS,
            "found": found,
            "change": found.of(asked.topic) if found and asked else None,
            "trouble": trouble,
            "labels": labels,
        }
        return Sheet("trial.html", values)

    return show
