"""What is kept of one item that could not go down the line, hidden as everything that is kept, and read back. Pure.

Steps: `map` (the collector), `normalise`, `tag` (the pipelines); `store` letters are the journal's, from the outbox.
"""

from dataclasses import replace

from pydantic import TypeAdapter, ValidationError

from watcher.errors import Poison
from watcher.model import BrokenItem, DeadLetter, KeptLetter, Post, RawPost, Source
from watcher.normalise import post_id, safe_characters
from watcher.privacy import Pseudonyms, hide, pseudonymise_raw

_RAW_POST = TypeAdapter(RawPost)
_POST = TypeAdapter(Post)


def of_broken(item: BrokenItem, source: Source, pseudonyms: Pseudonyms) -> DeadLetter:
    """Return the letter of an item that the collector could not map: to be read, not to be replayed."""
    payload = hide(safe_characters(item.payload), source.platform, pseudonyms)
    return DeadLetter(source.name, "map", item.reason, payload)


def of_raw(raw: RawPost, error: Exception, source: Source, pseudonyms: Pseudonyms | None) -> DeadLetter:
    """Return the letter of a post that could not be normalised. `pseudonyms` is None when it is hidden already."""
    kept = pseudonymise_raw(raw, source.platform, pseudonyms) if pseudonyms else raw
    about = post_id(source.platform, raw.native_id)
    return DeadLetter(source.name, "normalise", _reason(error), _RAW_POST.dump_json(kept).decode(), about)


def of_post(post: Post, error: Poison) -> DeadLetter:
    """Return the letter of a post that could not be read."""
    return DeadLetter(post.source, error.step, _reason(error), _POST.dump_json(post).decode(), post.id)


def opened(letters: list[KeptLetter]) -> tuple[list[RawPost], list[Post], list[DeadLetter]]:
    """Return the posts to normalise again, those to read again, and the letters that this version cannot open."""
    raws: list[RawPost] = []
    posts: list[Post] = []
    outdated: list[DeadLetter] = []
    for letter in (kept.letter for kept in letters):
        try:
            if letter.step == "normalise":
                raws.append(_RAW_POST.validate_json(letter.payload))
            else:
                posts.append(_POST.validate_json(letter.payload))
        except ValidationError:
            outdated.append(replace(letter, error="gardé par une autre version du programme, qui seule sait le relire"))
    return raws, posts, outdated


def _reason(error: Exception) -> str:
    # The words of an unforeseen error may quote the post, handle and all.
    return str(error) if isinstance(error, Poison) else type(error).__name__
