"""Slips that YAML reads without a word, and that change what the team meant. Pure."""

import re
from collections.abc import Iterator, Sequence

from watcher.config.lines import HARD_SPACE, SMART_QUOTES, lead_of, says_something, short, text_at
from watcher.config.syntax import Slip

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_REMARK = re.compile(r"\s*(#[^\s#].*)")

Place = tuple[int, int]
"""A line and a column, counted from 0."""


def indents(lines: Sequence[str]) -> Iterator[Slip]:
    """Yield the lines that begin with a tab or a hard space, which YAML does not take for an indent."""
    for number, line in enumerate(lines):
        if not says_something(line):
            continue
        lead = line[: lead_of(line)]
        for sign, name in (("\t", "tabulation"), *((space, "espace insécable") for space in HARD_SPACE.findall(lead))):
            if sign in lead:
                message = f"une {name} décale cette ligne"
                yield Slip(number, lead.index(sign), message, "remplacez-la par des espaces")
                break


def plain(value: str, lines: Sequence[str], start: Place, end: Place) -> Slip | None:
    """Return what is wrong with an unquoted text that stands from `start` to `end`, None where nothing is.

    `nom: Lycées #bac` loses its end, a line that runs on is glued to the one before: nothing says so but this.
    """
    if value[:1] in tuple(SMART_QUOTES):
        bare = value.strip(SMART_QUOTES + " \u00a0\u202f")
        return Slip(*start, "guillemets typographiques", f'mettez des guillemets droits : "{bare}"')
    if value.count('"') % 2:
        bare = value.replace('"', "")
        return Slip(*start, f"guillemet isolé dans « {short(value)} »", f'écrivez : "{short(bare)}"')
    if value.endswith(","):
        return Slip(*end, "une virgule traîne au bout de la ligne", f"écrivez : {short(value.rstrip(','))}")
    if end[0] > start[0] and value:
        return Slip(
            *start,
            f"le texte « {short(value)} » continue à la ligne suivante",
            "mettez-le entre guillemets ; ou bien la ligne suivante a un mauvais décalage, un tiret ou « : » absent",
        )
    return _cut_by_a_remark(value, lines, end)


def _cut_by_a_remark(value: str, lines: Sequence[str], end: Place) -> Slip | None:
    remark = _REMARK.match(text_at(lines, end[0]), end[1])
    if remark is None:
        return None
    lost = remark[1].strip()
    return Slip(
        end[0],
        remark.start(1),
        f"« {short(lost)} » n'est pas lu : un # commence une remarque",
        f'écrivez : "{f"{value} {lost}".strip()}" (ou, pour une remarque, une espace après le #)',
    )


def unprintable(value: str) -> bool:
    """Tell whether `value` holds a character that no text holds."""
    return _CONTROL.search(value) is not None
