"""Why a trend is one: the words that tell it from the rest, and a few posts that show its spread. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import partial

from pipelines.folding import fold
from pipelines.phrases import phrases_in
from watcher.model import Post
from watcher.trend import Trend, Why

EXAMPLES = 3
TERMS = 5
_A_PLACE = 3
"""A commune that one post in so many names is where it happens."""

_WORD = re.compile(r"[^\W\d_]{4,}")


def why(trend: Trend, posts: Sequence[Post], stems: Sequence[str], curve: Sequence[int] = ()) -> Why:
    """Return what explains `trend`, from its first posts, its distinctive stems, and its posts every ten minutes."""
    posts = sorted(posts, key=lambda post: (post.published_at or post.collected_at, post.id))
    departements = Counter(code for post in posts if post.reading for code in post.reading.departements)
    communes = Counter(code for post in posts if post.reading for code in post.reading.communes)
    return Why(
        terms=tuple(distinctive(stems, posts, trend.called)),
        examples=tuple(post.id for post in spread(posts)),
        platforms=_by_weight(Counter(post.platform for post in posts)),
        departements=_by_weight(departements),
        communes=tuple(code for code in _by_weight(communes) if communes[code] * _A_PLACE >= len(posts)),
        authors=len({_voice(post) for post in posts}),
        first=posts[0].author_kind if posts else "",
        first_platform=posts[0].platform if posts else "",
        called=trend.why.called,
        curve=tuple(curve),
    )


def spelled(trend: Trend, posts: Iterable[Post]) -> str:
    """Return how most of `posts` that say a trend's phrase write it; "" where none does."""
    written: Counter[str] = Counter()
    for post in posts:
        found = phrases_in(f"{post.title} {post.text}")
        written.update({words for phrase, words in found if f"{phrase:016x}" == trend.term})
    return max(written, key=lambda words: (written[words], words), default="")


def spread(posts: Sequence[Post]) -> list[Post]:
    """Return three posts: the first, then those that add a text, a platform and a voice, as far as there are any."""
    chosen = list(posts[:1])
    while len(chosen) < min(EXAMPLES, len(posts)):
        chosen.append(max((post for post in posts if post not in chosen), key=partial(_novelty, chosen)))
    return chosen


def _novelty(chosen: Sequence[Post], post: Post) -> tuple[bool, bool, bool]:
    return (
        all(post.text != other.text for other in chosen),
        all(post.platform != other.platform for other in chosen),
        all(_voice(post) != _voice(other) for other in chosen),
    )


def _voice(post: Post) -> str:
    return post.author or post.source


def distinctive(stems: Iterable[str], posts: Sequence[Post], term: str) -> list[str]:
    """Return the words of `posts` that stand for `stems`, as most posts write them, without the trend's own term."""
    words: Counter[str] = Counter()
    for post in posts:
        words.update({word.lower() for word in _WORD.findall(f"{post.title} {post.text}")})
    found: list[str] = []
    for stem in stems:
        matching = [word for word in words if fold(word).startswith(stem[:-1] or stem) and fold(word) not in fold(term)]
        if matching:
            word = max(matching, key=lambda each: (words[each], each))
            if word not in found:
                found.append(word)
    return found[:TERMS]


def _by_weight(counts: Counter[str]) -> tuple[str, ...]:
    return tuple(key for key, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0])))
