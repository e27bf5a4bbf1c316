"""What is kept of one item that could not go down the line, hidden as everything that is kept, and read back. Pure.

Steps: `map` (the collector), `normalise`, `tag` (the pipelines); `store` letters are the journal's, from the outbox.
"""

from pydantic import TypeAdapter

from watcher.errors import Poison
from watcher.model import BrokenItem, DeadLetter, KeptLetter, Post, RawPost, Source
from watcher.normalise import post_id
from watcher.privacy import Pseudonyms, hide, pseudonymise_raw

_RAW_POST = TypeAdapter(RawPost)
_POST = TypeAdapter(Post)


def of_broken(item: BrokenItem, source: Source, pseudonyms: Pseudonyms) -> DeadLetter:
    """Return the letter of an item that the collector could not map: to be read, not to be replayed."""
    return DeadLetter(source.name, "map", item.reason, hide(item.payload, source.platform, pseudonyms))


def of_raw(raw: RawPost, error: Exception, source: Source, pseudonyms: Pseudonyms | None) -> DeadLetter:
    """Return the letter of a post that could not be normalised. `pseudonyms` is None when it is hidden already."""
    kept = pseudonymise_raw(raw, source.platform, pseudonyms) if pseudonyms else raw
    about = post_id(source.platform, raw.native_id)
    return DeadLetter(source.name, "normalise", _reason(error), _RAW_POST.dump_json(kept).decode(), about)


def of_post(post: Post, error: Poison) -> DeadLetter:
    """Return the letter of a post that could not be read."""
    return DeadLetter(post.source, error.step, _reason(error), _POST.dump_json(post).decode(), post.id)


def raws(letters: list[KeptLetter]) -> list[RawPost]:
    """Return the posts to normalise again."""
    return [_RAW_POST.validate_json(kept.letter.payload) for kept in letters if kept.letter.step == "normalise"]


def posts(letters: list[KeptLetter]) -> list[Post]:
    """Return the posts to read again."""
    return [_POST.validate_json(kept.letter.payload) for kept in letters if kept.letter.step == "tag"]


def _reason(error: Exception) -> str:
    # The words of an unforeseen error may quote the post, handle and all.
    return str(error) if isinstance(error, Poison) else type(error).__name__
