"""What the page is made of: views, each in a file of its own, which know nothing of each other nor of their frame.

To add one: a function `name_view(...)` in a file of this folder, which takes what the view stands on and returns a
`View`; a template that extends base.html; one line in `watcher/page.py`, where the order is that of the navigation
(and one in `tests/fakes/page.py`).

    read:  request → View.show → Sheet → frame (navigation, banner, what every view tells) → HTML
    write: form → frame (is it ours?) → View.takes → Done → back to a view, which tells what was done

Each form of a template holds `{{ token }}` in a hidden field: `<input type="hidden" name="jeton" value="{{ token }}">`.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import Response

from watcher.errors import WatcherError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a view shows: a template, and the values that it names beside those of the frame."""

    template: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Form:
    """What a person sent, by the name of each field. `person` is who they said they are, "" when they did not."""

    fields: Mapping[str, str]
    person: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """A form was taken. The browser is led to `address`, of a view of ours, where `sentence` is told once, in French.

    `person` is who they are from now on, None for no change.
    """

    address: str
    sentence: str
    person: str | None = None


Show = Callable[[Request], Awaitable[Sheet | Response]]
"""Answers who reads an address: with a sheet, or with a file to keep. May raise `UnknownChoice`."""

Take = Callable[[Form], Awaitable[Done]]
"""Takes what is sent to an address. May raise `UnknownChoice`, and a `WatcherError` in French."""


@dataclass(frozen=True, slots=True)
class View:
    """A place of the page: its address, its name in the navigation ("" for a view that is not in it), what it shows.

    `beside` are further addresses that are read from it, under its name: a trial, a file. Forms are sent to those of
    `takes`.
    """

    path: str
    name: str
    show: Show
    beside: Mapping[str, Show] = field(default_factory=dict)
    takes: Mapping[str, Take] = field(default_factory=dict)


async def or_trouble(answer: Awaitable[T], otherwise: T) -> tuple[T, str]:
    """Return what `answer` gives, or `otherwise` with the sentence, in French, that says why it could not be had."""
    try:
        return await answer, ""
    except WatcherError as error:
        return otherwise, str(error)
