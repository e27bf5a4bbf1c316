"""Reads posts: language, hashtags, places, relevance, topics, intent, as components of one spaCy pipeline.

`pipelines.build()("…")._.topics` is all it takes. Imports nothing of `watcher`, and spaCy only when `build` is asked
for.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from pipelines.hints import Hints

if TYPE_CHECKING:
    from pipelines.compose import build

__all__ = ["Hints", "build"]


def __getattr__(name: str) -> object:
    """Import `build`, and spaCy with it, at first use."""
    if name == "build":
        return import_module("pipelines.compose").build
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
