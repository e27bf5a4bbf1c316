"""What a topic's example posts teach: the words that several of them share and that other topics' hardly hold."""

from collections import Counter
from collections.abc import Mapping, Sequence

from pipelines.folding import words

_ENOUGH = 3
"""Examples of a topic that must hold a word: in two, chance is enough."""
_SHARE = 0.75
"""Of the examples that hold the word, how many must be the topic's own."""
_SHORTEST = 4


def learned(examples: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Return the words that each topic's examples teach, folded, the commonest first."""
    held = {topic: Counter(word for text in texts for word in _content(text)) for topic, texts in examples.items()}
    everywhere = sum(held.values(), Counter())
    return {
        topic: [word for word, count in counts.most_common() if count >= _ENOUGH and count >= _SHARE * everywhere[word]]
        for topic, counts in held.items()
    }


def _content(text: str) -> set[str]:
    return {word.folded for word in words(text) if len(word.folded) >= _SHORTEST and word.folded.isalpha()}
