"""Sixth component: does a post concern the region? Sets `doc._.relevance`, `relevance_odds` and `evidence`.

Evidence is weighed, no single word is taken for granted: the first judgement of `judgement`, the places, the words of
the team and the turns of the post are clues, each worth a fixed weight to each answer
(`data/relevance_weights.csv`). A post wrongly thrown away is never seen again, so doubt keeps it. `evidence` holds the
reasons in French.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from spacy.language import Language
from spacy.tokens import Doc
from spacy.tokens.underscore import Underscore

from pipelines.bearings import Bearings, Clue, clues_of
from pipelines.folding import fold
from pipelines.judgement import Relevance, Verdict, judge, reasons
from pipelines.matching import Lexicon, Match
from pipelines.spam import is_spam
from pipelines.weights import Weights, parse

_DROPPED = 0.6
"""How likely a post must be off subject to be taken for it."""
_MOST_NAMES = 100
"""A post that names more says nothing more: each is held beside every other."""
_REGIONAL = "égional"
"""Belongs to a regional authority: a name with it is ours unless another territory is named."""


def decide(odds: Mapping[str, float]) -> Relevance:
    """Return the likeliest answer; off subject only when that is likely enough, since doubt keeps."""
    if odds["hors_sujet"] > _DROPPED:
        return "hors_sujet"
    return "institution" if odds["institution"] >= odds["territoire"] else "territoire"


class RelevanceReader:
    """The component: holds the compiled names of a territory, changes nothing after."""

    def __init__(
        self, names: Mapping[Clue, Sequence[str]], accounts: Iterable[str], hosts: Iterable[str], weights: Weights
    ) -> None:
        self._lexicon: Lexicon[Clue] = Lexicon(names)
        self._accounts = frozenset(map(fold, accounts))
        self._hosts = frozenset(map(fold, hosts))
        self._weights = weights

    def __call__(self, doc: Doc) -> Doc:
        """Set `doc._.relevance`, `doc._.relevance_odds` and `doc._.evidence`."""
        read = doc._
        bearings = self._bearings(read)
        verdict = judge(bearings)
        if verdict.is_certain:
            odds = {"institution": 1.0, "territoire": 0.0, "hors_sujet": 0.0}
        else:
            odds = self._weights.odds(clues_of(bearings, verdict.relevance, read.turns))
            verdict = _weighed(decide(odds), verdict, bearings)
        read.relevance, read.relevance_odds, read.evidence = verdict.relevance, odds, verdict.evidence
        return doc

    def clues(self, read: Underscore) -> dict[str, float]:
        """Return the clues that the relevance of a post is weighed from."""
        bearings = self._bearings(read)
        return clues_of(bearings, judge(bearings).relevance, read.turns)

    def _bearings(self, read: Underscore) -> Bearings:
        text, terms, turns = read.written.text, read.written.terms, read.turns
        found = [_as_written(match, text) for match in self._lexicon.find(terms)[:_MOST_NAMES]]
        return Bearings(
            found=found,
            places=read.places,
            refused=len(read.places_refused),
            elsewhere=(*read.elsewhere, *(match.term for match in found if match.label == "elsewhere")),
            hints=read.hints,
            lang=read.lang,
            accounts=tuple(handle for handle in read.mentions if fold(handle).partition("@")[0] in self._accounts),
            hosts=tuple(host for host in read.domains if host.removeprefix("www.") in self._hosts),
            is_addressed="greeting" in turns and "second_person" in turns,
            is_spam=is_spam(
                turns.get("spam", 0),
                turns.get("spam_weak", 0),
                words=sum(1 for word in terms if word.stem),
                tags=len(read.hashtags_raw),
                links=len(read.links),
            ),
        )


def _weighed(relevance: Relevance, at_sight: Verdict, bearings: Bearings) -> Verdict:
    if relevance == at_sight.relevance:
        return at_sight
    return Verdict(relevance, reasons(relevance, bearings))


def _as_written(match: Match[Clue], text: str) -> Match[Clue]:
    """Return an ambiguous name as a proper one: "la Région" and "liO" by their capital, "conseil régional" as it is."""
    written = text[match.start + 1 : match.end]
    is_proper = written != written.lower() or _REGIONAL in match.term
    return match._replace(label="proper") if match.label == "ambiguous" and is_proper else match


for _name, _default in (("relevance", "hors_sujet"), ("relevance_odds", {}), ("evidence", ())):
    Doc.set_extension(_name, default=_default, force=True)


@Language.factory("relevance")
def create_relevance(
    nlp: Language,  # noqa: ARG001 - spaCy calls it by these names
    name: str,  # noqa: ARG001
    names: dict[Clue, list[str]],
    own: dict[str, list[str]],
    weights: str,
) -> Callable[[Doc], Doc]:
    """Return the component; `names` holds terms by clue, `own` the institution's "accounts" and "hosts"."""
    return RelevanceReader(names, own["accounts"], own["hosts"], Weights(parse(weights)))
