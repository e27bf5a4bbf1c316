"""Last component: the signature by which a post is known among its copies. Sets `doc._.signature`, None for most chat.

Hashtags, handles and links do not count: whoever passes a text on changes them. Who compares signatures, and for how
long, is not this module's business.
"""

import re
from collections.abc import Callable, Iterator

from spacy.language import Language
from spacy.tokens import Doc

from pipelines.folding import Word, fold
from pipelines.signatures import Signature, sample
from pipelines.written import Written

RUN = 3

SHORTEST_WORDS = 12
FEWEST_FACTS = 3
TELLING_WORDS = 24
"""What says less in its own words ("Bonne journée à tous !"), or tells few facts in less than twenty-four ("Bonne année
2027 à tous les Toulousains…"), is said by many who did not copy each other."""

_DAYS = frozenset(
    "lundi mardi mercredi jeudi vendredi samedi dimanche janvier fevrier mars avril mai juin juillet aout septembre"
    " octobre novembre decembre"
    " diluns dimars dimecres dijous divendres dissabte dimenge genier febrier abril junh julhet agost setembre"
    " dilluns dimarts diumenge gener febrer marc maig juny juliol octubre desembre".split()
)
"""Days and months in French, Occitan and Catalan, folded."""

_SENTENCE_START = re.compile(r"(?:^|[.!?:;…\n«\"“()\[\]•|>*-])[^\w\n.]*$")
_NEAR = 20


def sign(doc: Doc) -> Doc:
    """Set `doc._.signature` from what the components before have set: `written`, `communes` and `elsewhere`."""
    extensions = doc._
    words = [word.folded for word in extensions.written.words]
    facts = set(_facts(extensions.written))
    if len(words) >= SHORTEST_WORDS and (len(words) >= TELLING_WORDS or len(facts) >= FEWEST_FACTS):
        runs = (" ".join(words[start : start + RUN]) for start in range(len(words) - RUN + 1))
        places = (*extensions.communes, *map(fold, extensions.elsewhere))
        extensions.signature = Signature(sample(runs), sample(facts), sample(places))
    return doc


def _facts(written: Written) -> Iterator[str]:
    for word in written.words:
        if word.folded in _DAYS or any(map(str.isdigit, word.text)) or _is_name(word, written.bare):
            yield word.folded


def _is_name(word: Word, text: str) -> bool:
    is_capitalised = word.text[0].isupper() and word.text[1:].islower()  # what is shouted tells no name
    return is_capitalised and not _SENTENCE_START.search(text, max(0, word.start - _NEAR), word.start)


Doc.set_extension("signature", default=None, force=True)


@Language.factory("stories")
def create_stories(nlp: Language, name: str) -> Callable[[Doc], Doc]:  # noqa: ARG001 - spaCy calls it by these names
    """Return the component, for `nlp.add_pipe("stories")`."""
    return sign
