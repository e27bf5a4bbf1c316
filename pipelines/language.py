"""Second component: the language of a post, told from its text without hashtags, mentions and links.

Sets `doc._.lang` (ISO 639-1). py3langid gives each of its languages a log-likelihood; the region's own mix is added as
a prior, in nats, which weighs in a text of a few words and is nothing in a long one.
"""

import re
from collections.abc import Callable, Iterable
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier
from spacy.language import Language
from spacy.tokens import Doc

DEFAULT_LANGUAGE = "fr"
"""What a text without a word counts as: the region's main language."""

_PRIOR_NATS = {"fr": 8.0, "oc": 3.0, "ca": 3.0, "es": 3.0, "en": 4.0}
_OTHER_NATS = {"de": 1.0, "it": 1.0, "pt": 1.0, "nl": 0.0, "eu": 0.0, "ar": 0.0}
_OTHER_NATS |= dict.fromkeys(("an", "br", "eo", "gl", "ht", "la", "wa"), -10.0)
"""The neighbours, then languages seldom written here that short Spanish, Catalan or French texts are mistaken for."""

_STRANGER_NATS = -4.0
_LONGEST_READ = 1_000
_CODE_LENGTH = 2
_LONG_ENOUGH = 80
"""Letters from which the prior cannot change the answer among the region's languages."""
_FRENCH_ONLY = frozenset(
    "et du est par dans pour avec nous vous une sont cette cet ceux être mais je tu très ça où aux chez "
    "été était elle ils leur leurs ces ses donc parce quand jamais toujours aussi même après depuis plus fait "
    "avoir faire suis merci deux sous comme encore moi notre votre vers tout tous toute toutes rien alors "
    "puis hier demain oui vraiment jour jours semaine semaines année années mois heure heures peut faut veut "
    "sera déjà svp doit vient avait j'ai c'est n'est qu'on d'un d'une qu'il qu'elle n'a m'a jusqu'à c'était "
    "quelqu'un enfin mieux trop beaucoup chaque quel quelle quelles pourquoi combien quoi bonjour bonsoir "
    "matin soir nuit fois lundi mardi mercredi jeudi vendredi samedi dimanche janvier février juillet août "
    "septembre novembre décembre nouveau nouvelle dernier dernière première personne personnes gens enfants "
    "fille femmes habitants maintenant voilà près dès côté rue lycée lycéens école région régionale équipe "
    "élus santé aides cherche".split(),
)
"""Words that no other language of the region writes so."""

_ENOUGH_FRENCH = 2
_FRENCH_SHARE = 0.15
_NOT_LETTERS = re.compile(r"[^\w'’·-]+|[\d_]+")


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE)


def _without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return `text` with a space in the place of each span; spans are sorted."""
    parts, position = [], 0
    for start, end in spans:
        parts.append(text[position:start])
        position = max(position, end)
    return " ".join([*parts, text[position:]])


def language_of(text: str) -> str:
    """Return the ISO 639-1 code of the main language of a text that holds no hashtags, mentions or links."""
    words = _NOT_LETTERS.sub(" ", text[:_LONGEST_READ]).strip(" '’·-")
    if not words:
        return DEFAULT_LANGUAGE
    if _is_plainly_french(words):
        return "fr"
    if len(words) >= _LONG_ENOUGH:
        code: str = _identifier().classify(words)[0]
        if code in _PRIOR_NATS:
            return code
    ranking = [(code, score) for code, score in _identifier().rank(words) if len(code) == _CODE_LENGTH]
    best: str = max(ranking, key=lambda entry: entry[1] + _prior(entry[0]))[0]
    return best


def _is_plainly_french(words: str) -> bool:
    """Say whether enough words are French and nothing else: it is so of most posts, and spares the classifier."""
    found = words.lower().replace("’", "'").split()
    french = _FRENCH_ONLY.intersection(found)
    return len(french) >= max(_ENOUGH_FRENCH, _FRENCH_SHARE * len(set(found)))


def _prior(code: str) -> float:
    return _PRIOR_NATS.get(code, _OTHER_NATS.get(code, _STRANGER_NATS))


def tell_language(doc: Doc) -> Doc:
    """Set `doc._.lang`."""
    extensions = doc._
    written = extensions.written
    extensions.lang = language_of(_without(written.text, written.spans))
    return doc


Doc.set_extension("lang", default=DEFAULT_LANGUAGE, force=True)


@Language.factory("language")
def create_language(nlp: Language, name: str) -> Callable[[Doc], Doc]:  # noqa: ARG001 - spaCy calls it by these names
    """Return the component, for `nlp.add_pipe("language")`; loads the classifier once a process."""
    _identifier()
    return tell_language
