"""Finds the names of a post that the gazetteer holds: in its words, its hashtags and its handles; judges none."""

from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.case import Surroundings, Tag, is_capitalised, is_set_in
from pipelines.folding import Word
from pipelines.gazetteer import Gazetteer, Match, Trust
from pipelines.hashtags import split_hashtag
from pipelines.written import TAG_SIGNS, Written

_HANDLE_SIGNS = frozenset("@＠")
_SHORTEST_INSIDE_TAG = 6


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name at [start, end) of the text; `tag` where it was read in a hashtag or a handle."""

    post: Surroundings
    match: Match
    start: int
    end: int
    tag: Tag | None = None

    @property
    def is_elsewhere(self) -> bool:
        """Say whether the name is that of a place of another region, with its capital."""
        is_named = self.tag is not None or is_capitalised(self.post, self.match)
        return bool(self.match.name.elsewhere) and is_named

    @property
    def is_set_in(self) -> bool:
        """Say whether the name follows a preposition of place."""
        return self.tag is None and is_set_in(self.post, self.match)


def candidates_in(written: Written, lang: str, gazetteer: Gazetteer) -> list[Candidate]:
    """Return every name found in a post, those in hashtags and handles last."""
    matches = list(gazetteer.matches(written.bare, written.words))
    tags = [(start, end) for start, end in written.spans if written.text[start] in TAG_SIGNS]
    if not matches and not tags:
        return []
    post = Surroundings.of(written.bare, written.words, lang)
    found = [Candidate(post, match, post.words[match.first].start, post.words[match.last - 1].end) for match in matches]
    for start, end in tags:
        found += _in_tag(written.text[start:end], post, start, gazetteer)
    return found


def _in_tag(written: str, post: Surroundings, start: int, gazetteer: Gazetteer) -> Iterator[Candidate]:
    """Yield the names that a hashtag or a handle is, or is made of (`#GersTourisme`, `#montpellierjetaime`)."""
    end = start + len(written)
    is_handle, has_capital = written[0] in _HANDLE_SIGNS, written[1:2].isupper()
    pieces = split_hashtag(written[1:])
    spelled = "".join(pieces)
    whole = gazetteer.by_spelling.get(spelled)
    if whole:
        yield Candidate(post, Match(whole, 0, 0), start, end, Tag(is_handle, has_capital, is_whole=True))
    elif len(pieces) > 1:
        made = [Word(piece, piece, 2 * index, 2 * index + 1) for index, piece in enumerate(pieces)]
        for match in gazetteer.matches(" " * (2 * len(made)), made):
            beside = frozenset(pieces) - set(match.name.words)
            tag = Tag(is_handle, has_capital, is_whole=False, beside=beside)
            yield Candidate(post, Match(match.name, 0, 0), start, end, tag)
    else:
        yield from _inside(spelled, post, (start, end), Tag(is_handle, has_capital, is_whole=False), gazetteer)


def _inside(
    spelled: str, post: Surroundings, span: tuple[int, int], tag: Tag, gazetteer: Gazetteer
) -> Iterator[Candidate]:
    """Yield the longest sure name that a tag without capitals begins or ends with."""
    for length in range(len(spelled) - 1, _SHORTEST_INSIDE_TAG - 1, -1):
        for part in (spelled[:length], spelled[-length:]):
            name = gazetteer.by_spelling.get(part)
            if name and name.trust >= Trust.SURE:
                yield Candidate(post, Match(name, 0, 0), *span, tag)
                return
