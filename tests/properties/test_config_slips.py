"""One sign lost, doubled or turned into a tab in a file that loads: the team is sent to the line where it happened."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.broken_config import GOOD
from tests.fakes.settings import PLATFORMS
from watcher.config.assemble import FILES, assemble
from watcher.config.load import parse
from watcher.errors import ConfigError

SIGNS = ":\"'[],-{} "

SOURCES = """\
sources:
  - nom: La Dépêche
    plateforme: rss
    adresse: https://depeche.example.org/flux.xml
    departements: ["31", "09"]
  - nom: "Midi Libre"
    plateforme: rss
    intervalle: 30 min
    adresse: https://midi.example.org/flux.xml
    actif: non
  - nom: 'L''Indépendant'
    plateforme: rss
    adresse: https://inde.example.org/flux.xml
    pages: [1, 2]
"""
THEMES = """\
themes:
  lycees:
    nom: Lycées
    mots:
      - lycée
      - "internat"
      - l'internat
    exemples:
      - "Bonjour : où est la cantine ?"
      - "Le self ferme à 13 h, c'est tôt."
    exclure: [lycée militaire, "internat de médecine"]

  transports:
    nom: Transports
    mots: [train, car, "liO"]
    exemples: []
"""
WHOLE = {"sources.yml": SOURCES, "themes.yml": THEMES}
DOCUMENTS = {name: parse((GOOD / name).read_text(encoding="utf-8"), name) for name in FILES}


def slips(text: str, place: int) -> Iterator[str]:
    """Yield `text` with the sign at `place` lost, doubled, and, if it is a space, turned into a tab."""
    yield text[:place] + text[place + 1 :]
    yield text[:place] + text[place] + text[place:]
    if text[place] == " ":
        yield f"{text[:place]}\t{text[place + 1 :]}"


def lines_told(file: str, text: str) -> list[int]:
    """Return the lines of the mistakes, none where the slip is harmless (a space more between two words)."""
    try:
        assemble(DOCUMENTS | {file: parse(text, file)}, PLATFORMS)
    except ConfigError as error:
        return [mistake.line or 0 for mistake in error.mistakes]
    return []


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_slip_is_told_on_its_line_or_the_one_before(data: st.DataObject) -> None:
    file, text = data.draw(st.sampled_from(sorted(WHOLE.items())))
    place = data.draw(st.sampled_from([place for place, sign in enumerate(text) if sign in SIGNS]))
    slipped = data.draw(st.sampled_from(list(slips(text, place))))
    told = lines_told(file, slipped)
    assert told == [] or abs(told[0] - text.count("\n", 0, place) - 1) <= 1


@pytest.mark.slow
def test_ninety_eight_slips_in_a_hundred_are_told_once_and_on_their_line() -> None:
    told = [
        (lines_told(file, slipped), text.count("\n", 0, place) + 1)
        for file, text in WHOLE.items()
        for place, sign in enumerate(text)
        if sign in SIGNS
        for slipped in slips(text, place)
    ]
    seen = [(lines, line) for lines, line in told if lines]
    assert len(seen) > 500
    assert sum(lines == [line] for lines, line in seen) / len(seen) >= 0.98
