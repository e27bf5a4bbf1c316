"""Is this name the place, or a surname, a common word, a street, a town elsewhere? Evidence is weighed in points.

A name starts with the points of its trust; each `Signal` adds or takes some; `ACCEPTED` points make it the place.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pipelines import clues
from pipelines.case import Case, Surroundings, Tag, is_capitalised
from pipelines.folding import Word
from pipelines.gazetteer import Gazetteer, Name, Trust

ACCEPTED = 2
"""Points from which a name counts as the place."""

_COMMUNES = frozenset({"commune", "ancienne_commune"})
_ADMINISTRATIVE = _COMMUNES | {"departement"}
_HEADLINE_SIGNS = frozenset(":.\n|–—")
_HYPHENS = frozenset("-\u2010\u2011")
_LONGEST_ACRONYM = 4
_LONGEST_ELSEWHERE = 5
_KNOWN_TOWN = 5_000
_POSTCODE_LENGTH = 5


class Signal(NamedTuple):
    """What one clue is worth, and its reason in French."""

    points: int
    reason: str


def weigh(case: Case) -> list[Signal]:
    """Return every clue for and against the name being the place, its trust first."""
    place = list(_introduced(case))
    return [
        Signal(int(case.trust), f"nom {case.trust.name.lower()}"),
        *_form(case),
        *place,
        *_person(case),
        *_quoted(case),
        *_street(case),
        *_next_word(case),
        *_compound(case),
        *_number(case),
        *_trap(case.post, case.match.name, case.gazetteer),
        *_company(case),
        *_distance(case, is_introduced=bool(place)),
        *_namesake(case, is_introduced=bool(place)),
        *_placed_elsewhere(case),
    ]


def _form(case: Case) -> Iterator[Signal]:
    """Weigh how the name itself is written."""
    trust, first = case.trust, case.post.words[case.match.first]
    if not is_capitalised(case.post, case.match):
        if trust < Trust.SURE:
            yield Signal(-4 if trust == Trust.WORD else -2, "sans majuscule")
    elif trust < Trust.PLAIN and case.entry.population >= _KNOWN_TOWN:
        yield Signal(1, "ville connue")
    if trust < Trust.PLAIN and case.post.is_shouted:
        yield Signal(-1, "texte en capitales")
    is_acronym = first.text.isupper() and 1 < len(first.text) <= _LONGEST_ACRONYM and len(case.match.name.words) == 1
    if is_acronym and not case.post.is_shouted and case.entry.kind in _ADMINISTRATIVE:
        yield Signal(-4, "sigle")
    if trust < Trust.PLAIN and case.post.lang not in {"fr", "oc", "ca"} and case.entry.kind != "departement":
        yield Signal(-1, "langue étrangère")
    elif trust == Trust.WEAK and case.post.lang == "oc":
        yield Signal(1, "langue d’ici")


def _introduced(case: Case) -> Iterator[Signal]:
    """Weigh what leads to a place: the head of the text, a preposition, "gare de", the article of a département."""
    previous, earlier = case.previous, case.earlier
    if previous is None:
        yield from _headline(case)
        return
    last = earlier[-1] if earlier else ""
    is_departement = case.entry.kind == "departement" and case.trust < Trust.PLAIN
    if case.match.name.words[0] in clues.CONTRACTIONS:
        yield Signal(2, "préposition contractée")
    if is_departement and (case.article or previous.folded in {"du", "au", "en"}):
        yield Signal(4, "article de département")
    if last in clues.OF:
        heads = [word for word in earlier[-4:-1] if word in clues.HEADS]
        yield Signal(3, f"{heads[-1]} {last}") if heads else Signal(1, last)
    elif last in clues.PREPOSITIONS:
        yield Signal(2, f"préposition {last}")
    elif last == "pour":
        yield Signal(2 if clues.HEADS.intersection(earlier) else 1, "pour")
    elif previous.folded in {"au", "aux"} and case.entry.kind not in _ADMINISTRATIVE:
        yield Signal(2, f"préposition {previous.folded}")
    elif last in clues.HEADS and not case.article:
        yield Signal(1, last)


def _headline(case: Case) -> Iterator[Signal]:
    """Weigh a place at the head of a text: "Revel. Le marché…", "Lot : la crue…", "Fibre : Revel attend"."""
    if case.match.first > 0 and ":" in case.gap_before and case.entry.communes and case.gap_after == " ":
        yield Signal(1, "en tête du texte")
    if case.match.first > 0 or case.entry.kind not in _ADMINISTRATIVE or not is_capitalised(case.post, case.match):
        return
    after = case.post.text[case.post.words[case.match.last - 1].end :][:2].lstrip(" \u00a0")[:1]
    is_called = case.match.name.words[0] in case.gazetteer.first_names
    if after in _HEADLINE_SIGNS or (after == "," and not is_called and not case.post.speaks_of_names):
        yield Signal(2, "en tête du texte")


def _person(case: Case) -> Iterator[Signal]:
    """Weigh what makes the name a person's, an animal's or a work's."""
    previous, earlier, trust = case.previous, case.earlier, case.trust
    if previous is None:
        return
    is_bare = previous.folded not in clues.PREPOSITIONS | clues.OF | clues.ARTICLES
    follows_closely = case.gap_before == " "
    first_names = case.gazetteer.first_names
    if previous.folded in clues.TITLES or previous.text in {"M", "Me"}:
        yield Signal(-6, "après un titre")
    elif is_bare and (previous.folded in clues.NAMED_THINGS or clues.NAMING.intersection(earlier)):
        yield Signal(-6, "nom donné")
    elif follows_closely and previous.text[:1].isupper() and previous.folded in first_names:
        yield Signal(-6 if trust < Trust.SURE else -3, "après un prénom")
    elif previous.folded in clues.OF and len(earlier) > 1 and earlier[-2] in first_names and trust < Trust.SURE:
        yield Signal(-4, "après un prénom")
    elif is_bare and follows_closely and _looks_like_a_first_name(case, previous):
        yield Signal(-2, "après une majuscule")


def _quoted(case: Case) -> Iterator[Signal]:
    """Weigh what makes the name a word that is spoken of, and no place that is named."""
    start = case.post.words[case.match.first].start
    before = case.post.text[:start].rstrip("\u00a0\u202f ")[-1:]
    quote = clues.QUOTES.get(before)
    if quote and case.post.text[case.post.words[case.match.last - 1].end :].lstrip("\u00a0\u202f ").startswith(quote):
        yield Signal(-2, "entre guillemets")


def _looks_like_a_first_name(case: Case, previous: Word) -> bool:
    is_a_name = previous.text.istitle() and len(previous.text) > 1 and previous.folded not in clues.HEADS
    return is_a_name and case.match.first > 1 and case.trust < Trust.PLAIN


def _street(case: Case) -> Iterator[Signal]:
    """Weigh what makes the name a street's, and the words that never stand before a town."""
    previous, earlier = case.previous, case.earlier
    if previous is None:
        return
    head = earlier[-2] if len(earlier) > 1 and earlier[-1] in clues.OF else earlier[-1] if earlier else ""
    if head in clues.STREETS or _ends_a_street(earlier) or (head in clues.ROADS and case.evidence.is_only_elsewhere):
        yield Signal(-7, "nom de rue")
    elif case.article and case.match.name.words[0] in {"saint", "sainte"}:
        yield Signal(-6, "fête d’un saint")
    elif case.article and _takes_no_article(case) and head not in clues.HEADS:
        yield Signal(-2 if case.trust == Trust.SURE else -3, "article devant une commune")
    elif previous.folded in clues.DETERMINERS and case.trust < Trust.PLAIN:
        yield Signal(-4, "déterminant")
    elif previous.folded in clues.OWNING and case.entry.kind in _COMMUNES:
        yield Signal(-3, "déterminant")


def _takes_no_article(case: Case) -> bool:
    is_alias = len(case.match.name.words) > 1 and case.trust == Trust.SURE
    return case.entry.kind in _COMMUNES and not is_alias


def _ends_a_street(earlier: list[str]) -> bool:
    """Say whether the words lead from a street to the name: "rue du Pont de", "avenue de la Porte de"."""
    for index in range(len(earlier) - 1, -1, -1):
        if earlier[index] in clues.STREETS:
            return True
        if earlier[index] not in clues.OF | clues.ARTICLES | clues.ROADS | {"gare", "vieux", "petit", "grand"}:
            return False
    return False


def _next_word(case: Case) -> Iterator[Signal]:
    """Weigh a word that follows the name closely."""
    following = case.following
    if following is None or case.gap_after != " ":
        return
    is_capital = following.text[:1].isupper()
    if is_capital and following.folded in clues.STREETS_AFTER:
        yield Signal(-6, "nom de rue")
    elif following.folded in {"sur", "sous", "lez"} and case.trust < Trust.SURE and _has_capital(case, 1):
        yield Signal(-3, "nom composé")
    elif case.trust >= Trust.PLAIN:
        return
    elif following.text.isdigit() or (following.folded in clues.COUNTED and _has_digit(case, 1)):
        yield Signal(-5, "compté")
    elif following.text.istitle() and len(following.text) > 1 and following.folded not in case.gazetteer.by_words:
        yield Signal(-2, "devant une majuscule")


def _has_digit(case: Case, offset: int) -> bool:
    index = case.match.last + offset
    return index < len(case.post.words) and case.post.words[index].text.isdigit()


def _has_capital(case: Case, offset: int) -> bool:
    index = case.match.last + offset
    return index < len(case.post.words) and case.post.words[index].text[:1].isupper()


def _compound(case: Case) -> Iterator[Signal]:
    """Weigh hyphens: the name may be a part of a longer one that the gazetteer does not hold."""
    following, known = case.following, case.gazetteer.by_words
    if following and case.gap_after in _HYPHENS:
        if following.folded in clues.LINKERS and not following.text[:1].isupper():
            yield Signal(-8, "nom composé")
        elif case.trust < Trust.SURE and following.folded not in known:
            yield Signal(-4, "nom composé")
    before = case.match.first - 1
    is_joined = case.gap_before in _HYPHENS
    if is_joined and case.trust < Trust.SURE and case.post.words[before].folded not in known:
        yield Signal(-4, "nom composé")


def _number(case: Case) -> Iterator[Signal]:
    """Weigh the number of a département behind the name, or a postcode before it."""
    following, previous = case.following, case.previous
    if following and case.gap_after.strip() == "(" and following.text.isdigit():
        if following.text in case.entry.departements:
            yield Signal(4, "numéro du département")
        elif len(following.text) == len("31") and case.entry.communes:
            yield Signal(-4, "numéro d’un autre département")
    if previous and len(previous.text) == _POSTCODE_LENGTH and previous.text[:2] in case.entry.departements:
        yield Signal(4, "code postal")


def _trap(post: Surroundings, name: Name, gazetteer: Gazetteer) -> Iterator[Signal]:
    """Weigh words that belong to what else bears the name: a song, a game, a station near Paris."""
    phrases = gazetteer.traps.get(" ".join(name.words), ())
    worst = min((points for phrase, points in phrases if phrase in post.joined), default=0)
    if worst:
        yield Signal(worst, "contexte d’un homonyme")


def _company(case: Case) -> Iterator[Signal]:
    """Weigh the other places of the post that are ours."""
    if _is_beside_a_place(case):
        yield Signal(2, "à côté d’un lieu")
    elif case.trust < Trust.SURE and case.evidence.departements.intersection(case.entry.departements):
        yield Signal(2, "même département")
    elif case.trust < Trust.PLAIN and case.evidence.is_ours and not case.entry.rival_population:
        yield Signal(1, "la région")


def _is_beside_a_place(case: Case) -> bool:
    post, first, last = case.post, case.match.first, case.match.last
    near = [other for other in (first - 3, first - 2, first - 1) if other in case.evidence.neighbours]
    if near and clues.JOINT.fullmatch(post.gap(near[-1], first)):
        return True
    near = [other for other in (last, last + 1, last + 2) if other in case.evidence.neighbours]
    return bool(near) and clues.JOINT.fullmatch(post.gap(last - 1, near[0])) is not None


def _distance(case: Case, *, is_introduced: bool) -> Iterator[Signal]:
    """Weigh the places of the post that are not ours, and the larger towns elsewhere that bear the name."""
    evidence, rival = case.evidence, case.entry.rival_population
    if evidence.departements:
        return
    is_foreign = case.post.lang not in {"fr", "oc", "ca"}
    if evidence.is_elsewhere and not is_introduced and (case.trust < Trust.SURE or is_foreign):
        yield Signal(-2, "autre région")
    elif evidence.is_elsewhere and (rival >= max(case.entry.population, 1) or case.trust == Trust.WORD):
        yield Signal(-2, "homonyme ailleurs")
    elif rival >= max(case.entry.population, 1) and not evidence.is_ours:
        yield Signal(-1, "homonyme plus connu")
    elif not is_introduced and not evidence.is_ours and _stands_oddly(case):
        yield Signal(-2 if evidence.is_set_elsewhere else -1, "rien n’amène un lieu")


def _namesake(case: Case, *, is_introduced: bool) -> Iterator[Signal]:
    """Weigh a town whose name is given to children, in the languages where it is (Lourdes)."""
    is_given = len(case.match.name.words) == 1 and case.match.name.words[0] in case.gazetteer.first_names
    if not is_introduced and not case.evidence.departements and case.post.speaks_of_names:
        yield Signal(-3, "il est question d’un nom")
    if is_given and not is_introduced and case.post.lang not in {"fr", "oc"}:
        yield Signal(-2, "prénom")


def _stands_oddly(case: Case) -> bool:
    """Say whether a commune follows an ordinary word ("le DJ lance Toulouse"), or a word of a post set elsewhere."""
    if case.previous is None or case.article or case.entry.kind not in _COMMUNES:
        return False
    if case.gap_before != " ":
        return False
    is_ordinary = case.previous.text.islower() and case.previous.folded not in clues.LEADS
    return is_ordinary or case.evidence.is_set_elsewhere


def _placed_elsewhere(case: Case) -> Iterator[Signal]:
    """Weigh a place of elsewhere right behind: "Gourdon, Alpes-Maritimes", "Montpellier (Vermont)", "Aubrac à Lyon"."""
    if case.following and case.following.folded in {"a", "in"} and case.entry.kind not in _ADMINISTRATIVE:
        behind = case.post.words[case.match.last + 1 : case.match.last + 1 + _LONGEST_ELSEWHERE]
        found = next(iter(case.gazetteer.matches(case.post.text, behind)), None)
        if found and found.first == 0 and found.name.elsewhere and not found.name.entries:
            yield Signal(-6, "situé ailleurs")
    if case.following is None or case.gap_after.strip() not in {",", "("}:
        return
    behind = case.post.words[case.match.last : case.match.last + _LONGEST_ELSEWHERE]
    found = next(iter(case.gazetteer.matches(case.post.text, behind)), None)
    if found and found.first == 0 and found.name.elsewhere in {"departement", "region", "pays"}:
        yield Signal(-6 if case.trust < Trust.SURE else -4, "situé ailleurs")


def weigh_tag(case: Case, tag: Tag) -> list[Signal]:
    """Return every clue for and against a hashtag or a handle being, or holding, the place."""
    return [
        Signal(int(case.trust), f"nom {case.trust.name.lower()}"),
        *_tag_form(case.trust, tag),
        *_trap(case.post, case.match.name, case.gazetteer),
        *_tag_company(case),
        *_namesake(case, is_introduced=False),
    ]


def _tag_form(trust: Trust, tag: Tag) -> Iterator[Signal]:
    companions: Iterable[str] = tag.beside & (clues.TAG_COMPANIONS | clues.HEADS)
    if tag.is_handle and trust < Trust.SURE:
        yield Signal(-4, "dans un compte")
    if trust < Trust.PLAIN and tag.has_capital and (tag.is_whole or companions):
        yield Signal(2, "hashtag avec majuscule")
    elif trust < Trust.SURE and not tag.is_whole:
        yield Signal(-2, "dans un hashtag")


def _tag_company(case: Case) -> Iterator[Signal]:
    if case.evidence.departements.intersection(case.entry.departements):
        yield Signal(2, "même département")
    elif case.trust < Trust.PLAIN and case.evidence.is_ours:
        yield Signal(1, "la région")
    is_doubtful = case.trust < Trust.PLAIN or case.entry.rival_population
    if case.evidence.is_only_elsewhere and is_doubtful:
        yield Signal(-2, "autre région")
