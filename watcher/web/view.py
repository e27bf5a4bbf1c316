"""What the page is made of: views, each in a file of its own, which know nothing of each other nor of their frame.

To add one: a function `name_view(...)` in a file of this folder, which takes what the view stands on and returns a
`View`; a template that extends base.html; one line in `watcher/page.py`, where the order is that of the navigation
(and one in `tests/fakes/page.py`).

    request → View.show → Sheet → frame (navigation, banner, what every view tells) → HTML
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a view shows: a template, and the values that it names beside those of the frame."""

    template: str
    values: Mapping[str, object]


Show = Callable[[Request], Awaitable[Sheet | Response]]
"""Answers who reads an address: with a sheet, or with a file to keep. May raise `UnknownChoice`."""


@dataclass(frozen=True, slots=True)
class View:
    """A place of the page: its address, its name in the navigation, and what it shows.

    `beside` are further addresses that are read from it, under its name: a trial, a file.
    """

    path: str
    name: str
    show: Show
    beside: Mapping[str, Show] = field(default_factory=dict)
