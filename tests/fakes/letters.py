"""Dead letters as the line makes them."""

from watcher.model import DeadLetter


def a_letter(payload: str = '{"native_id":"n9"}', step: str = "normalise", about: str = "") -> DeadLetter:
    return DeadLetter("gazette", step, "ni titre ni texte", payload, about)
