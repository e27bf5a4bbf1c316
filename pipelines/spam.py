"""Advertising without link to the region, scams and hashtag stuffing: what makes a post off subject at once."""

_SURE = 2.0
_STUFFED = 0.5
_ORDINARY_TAGS = 4


def is_spam(strong: float, weak: float, *, words: int, tags: int, links: int) -> bool:
    """Say whether a post sells or tricks: one turn of swindlers is not enough alone.

    `strong` and `weak` count the distinct terms of `data/cues.toml` found; stuffing is more hashtags than
    `_ORDINARY_TAGS` that make half of the `words` or more.
    """
    is_stuffed = tags > _ORDINARY_TAGS and tags >= _STUFFED * words
    return bool(strong or weak) and strong + 0.5 * weak + bool(links) + is_stuffed >= _SURE
