"""What of a whole network may concern the territory: wide and cheap, since what does not pass is gone for good. Pure.

The pipelines decide afterwards, with reasons. Here a post passes when it holds a name of the territory, as words or
written together as hashtags are; a name that is a common word too ("lot", "die") asks that the post be in a language
of the region.
"""

import re
import unicodedata
from collections.abc import Iterable

from watcher.ports import TerritoryWords

LANGUAGES_OF_THE_REGION = frozenset({"fr", "oc", "ca"})

_SHORTEST_IN_TAG = 6
"""A name is looked for at both ends of a longer hashtag (#ToulouseSousLaNeige) when it is not shorter: "sete" is."""

_DIACRITICS = re.compile("[\u0300-\u036f]")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae"})
_WORD = re.compile(r"[^\W_]+")
_HASHTAG = re.compile(r"[#＃](\w{2,100})")
_CAMEL = re.compile("(?<=[0-9a-zß-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ])")
_ABBREVIATIONS = {"st": "saint", "ste": "sainte"}


class FirstFilter:
    """Names to listen for. `asked` are the team's own words for one source: as sure as the territory's sure names."""

    def __init__(self, territory: TerritoryWords, asked: Iterable[str] = ()) -> None:
        self._sure = _spellings([*territory.sure, *asked])
        self._all = self._sure | _spellings(territory.doubtful)
        self._first_words = frozenset(name.partition(" ")[0] for name in self._all)
        self._longest = max((name.count(" ") + 1 for name in self._all), default=0)
        self._longest_sure_chars = max(map(len, self._sure), default=0)

    def lets_through(self, texts: Iterable[str], hashtags: Iterable[str], langs: Iterable[str]) -> bool:
        """Tell whether a post may concern the territory. `hashtags` are without sign, `langs` as the author says."""
        declared = {lang.partition("-")[0].lower() for lang in langs}
        names = self._all if not declared or declared & LANGUAGES_OF_THE_REGION else self._sure
        written = list(texts)
        tags = [*hashtags, *(tag for text in written for tag in _HASHTAG.findall(text))]
        pieces = [*written, *(_CAMEL.sub(" ", tag) for tag in tags)]
        return any(self._names_in(piece, names) for piece in pieces) or any(self._is_about(tag) for tag in tags)

    def _names_in(self, text: str, names: frozenset[str]) -> bool:
        found = _words(text)
        return any(
            " ".join(found[start:end]) in names
            for start, word in enumerate(found)
            if word in self._first_words
            for end in range(start + 1, min(start + self._longest, len(found)) + 1)
        )

    def _is_about(self, tag: str) -> bool:
        """Tell whether `tag` begins or ends by a sure name, whatever the case it is written in."""
        folded = "".join(_words(tag))
        cuts = range(_SHORTEST_IN_TAG, min(len(folded), self._longest_sure_chars) + 1)
        return any(folded[:cut] in self._sure or folded[-cut:] in self._sure for cut in cuts)


def _spellings(names: Iterable[str]) -> frozenset[str]:
    """Return each name in folded words, and those words written together where that is no short word of its own."""
    folded = [_words(name) for name in names]
    together = {"".join(found) for found in folded}
    return frozenset(
        {" ".join(found) for found in folded if found} | {word for word in together if len(word) >= _SHORTEST_IN_TAG}
    )


def _words(text: str) -> list[str]:
    return [_ABBREVIATIONS.get(word, word) for word in _WORD.findall(_fold(text))]


def _fold(text: str) -> str:
    """Return `text` without case, accents or ligatures."""
    if text.isascii():
        return text.lower()
    return _DIACRITICS.sub("", unicodedata.normalize("NFD", text.casefold().translate(_LIGATURES)))
