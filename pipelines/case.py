"""A name of a post in its surroundings: the values that the weighing of homonyms reads."""

from dataclasses import dataclass

from pipelines import clues
from pipelines.folding import Word
from pipelines.gazetteer import Entry, Gazetteer, Match, Trust

_CLAUSE_ENDS = frozenset(".!?:;\n|")
_SHORT_TITLES = frozenset({"M", "Mme", "Mr", "Dr", "Me", "Pr"})
_SHOUTED_SHARE = 0.6
_WORDS_BEFORE = 4


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A text as the clues need it. `joined` is its folded words between single spaces; `lang` its language."""

    text: str
    words: list[Word]
    joined: str
    lang: str
    is_shouted: bool
    speaks_of_names: bool

    @classmethod
    def of(cls, text: str, found: list[Word], lang: str) -> "Surroundings":
        """Build from a text and its words."""
        shouted = sum(word.text.isupper() for word in found)
        joined = f" {' '.join(word.folded for word in found)} "
        return cls(
            text,
            found,
            joined,
            lang,
            is_shouted=shouted > _SHOUTED_SHARE * len(found),
            speaks_of_names=any(word.folded in clues.NAMESAKES for word in found),
        )

    def gap(self, left: int, right: int) -> str:
        """Return what stands between two words, "" beyond the ends."""
        if left < 0 or right >= len(self.words):
            return ""
        return self.text[self.words[left].end : self.words[right].start]


@dataclass(frozen=True, slots=True)
class Tag:
    """How a name stands in a hashtag or a handle: whole, or beside other words."""

    is_handle: bool
    has_capital: bool
    is_whole: bool
    beside: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the rest of the post says. `departements` are certain; `is_ours`: it speaks of the region all the same.

    `is_set_elsewhere`: a place of another region follows a preposition ("à Namur"). `neighbours` are the indices of the
    words that belong to accepted places.
    """

    departements: frozenset[str] = frozenset()
    is_ours: bool = False
    is_elsewhere: bool = False
    is_set_elsewhere: bool = False
    neighbours: frozenset[int] = frozenset()

    @property
    def is_only_elsewhere(self) -> bool:
        """Say whether places are named, and none of ours."""
        return self.is_elsewhere and not self.departements


@dataclass(frozen=True, slots=True)
class Case:
    """One name to judge as `entry`, with all that may speak for or against it.

    `previous` is the word before the name in its clause, `article` its folded text if it is one, `earlier` the four
    words before without that article, `following` the word after, `gap_before` and `gap_after` what stands between.
    """

    post: Surroundings
    match: Match
    entry: Entry
    evidence: Evidence
    gazetteer: Gazetteer
    previous: Word | None
    article: str
    earlier: list[str]
    following: Word | None
    gap_before: str
    gap_after: str

    @classmethod
    def of(cls, post: Surroundings, match: Match, entry: Entry, evidence: Evidence, gazetteer: Gazetteer) -> "Case":
        """Build from a name and its post."""
        first, last = match.first, match.last
        gap_before = post.gap(first - 1, first)
        is_titled = gap_before.startswith(".") and post.words[first - 1].text in _SHORT_TITLES
        is_joined = is_titled or not _CLAUSE_ENDS.intersection(gap_before)
        previous = post.words[first - 1] if first and is_joined else None
        earlier = [word.folded for word in post.words[max(0, first - _WORDS_BEFORE) : first]]
        if earlier and earlier[-1] in clues.ARTICLES:
            earlier = earlier[:-1]
        return cls(
            post,
            match,
            entry,
            evidence,
            gazetteer,
            previous=previous,
            article=previous.folded if previous and previous.folded in clues.ARTICLES else "",
            earlier=earlier,
            following=post.words[last] if last < len(post.words) else None,
            gap_before=gap_before,
            gap_after=post.gap(last - 1, last),
        )

    @property
    def trust(self) -> Trust:
        """The trust of the name."""
        return self.match.name.trust


def is_set_in(post: Surroundings, match: Match) -> bool:
    """Say whether a name follows a preposition of place."""
    return match.first > 0 and post.words[match.first - 1].folded in clues.PREPOSITIONS


def is_capitalised(post: Surroundings, match: Match) -> bool:
    """Say whether a word of the name, other than an article, bears a capital."""
    found = post.words[match.first : match.last]
    return any(
        word.text[:1].isupper() for word in found if len(found) == 1 or word.folded not in clues.ARTICLES | clues.OF
    )
