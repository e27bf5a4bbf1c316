"""What `tests/contracts/test_collectors.py` needs to know of a platform.

Each `tests/collectors/test_<platform>.py` says it once, as `SAMPLE`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.fakes.fetch import Answer

Answers = Mapping[str, Answer | Sequence[Answer]]


@dataclass(frozen=True, slots=True)
class Sample:
    """`settings` are YAML keys as the team writes them.

    `posts` are the platform's answers, by address, to a first run that brings posts; `none` to one that brings none;
    `broken` to one in which the platform does not keep its own format. `gone` are those to a sweep that finds nothing
    left of `posts`, where a plain 404 does not say so. `backfill` (`posts` where it is empty),
    `figures` and `expiry` answer the methods `backfill`, `figures` and `expires_at` of `watcher/ports.py`.
    `past_settings` are those of a source that can go back in time, where that of `settings` cannot.
    """

    settings: Mapping[str, object]
    posts: Answers
    none: Answers
    broken: Answers
    gone: Answers = field(default_factory=dict)
    backfill: Answers = field(default_factory=dict)
    past_settings: Mapping[str, object] = field(default_factory=dict)
    figures: Answers = field(default_factory=dict)
    expiry: Answers = field(default_factory=dict)
