"""What the page knows while the process lives, whatever becomes of the configuration meanwhile."""

from dataclasses import dataclass, field

from watcher.web.seal import Seal
from watcher.web.tries import Tries


@dataclass(frozen=True, slots=True)
class Memory:
    """The seal on what was shown, and the tries of its password."""

    seal: Seal = field(default_factory=Seal)
    tries: Tries = field(default_factory=Tries)
