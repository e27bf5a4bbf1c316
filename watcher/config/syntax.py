"""From the place where reading YAML stopped to what the team should type there. Pure: it knows lines, not YAML.

Reading stops where a file makes no more sense, which is often the line after the slip: each rule below goes back to it.
"""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from watcher.config.lines import (
    HARD_SPACE,
    KEY,
    SMART_QUOTES,
    lead_of,
    line_above,
    open_quote,
    says_something,
    short,
    text_at,
    words_of,
)


@dataclass(frozen=True, slots=True)
class Slip:
    """One slip of the pen: where it is (counted from 0), what is wrong, what to type instead."""

    line: int
    column: int
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Stop:
    """Where reading stopped and on what, in the words of PyYAML 6. Lines and columns count from 0.

    `begun` is where the piece being read started.
    """

    problem: str
    context: str
    line: int
    column: int
    begun: tuple[int, int] | None = None


def explain(lines: Sequence[str], stop: Stop) -> Slip:
    """Return the slip behind `stop`: the first rule that knows its problem, else a plain sentence."""
    for words, rule in _RULES:
        if words in stop.problem or words in stop.context:
            return rule(lines, stop)
    return Slip(
        stop.line,
        stop.column,
        "cette ligne ne se comprend pas",
        "vérifiez les deux-points, virgules, guillemets et espaces, ici et à la ligne d'avant",
    )


def _line_slip(lines: Sequence[str], line: int) -> Slip:
    """Return what keeps `line` from being `clé: valeur`."""
    text, start = text_at(lines, line), words_of(text_at(lines, line))
    words = text[start:].strip()
    if hard := HARD_SPACE.search(text):
        return Slip(line, hard.start(), "une espace insécable se cache ici", "effacez-la et tapez une espace ordinaire")
    if glued := re.match(r"([\w-]+):(\S.*)$", words):
        return Slip(
            line, start + glued.end(1), "il manque une espace après « : »", f"écrivez « {glued[1]}: {glued[2]} »"
        )
    if dash := re.match(r"-+ *(.*)$", words):
        return Slip(line, start, "il manque une espace après le tiret", f"écrivez « - {dash[1]} »")
    if other := re.match(r"([\w-]+) *[=;] *(.*)$", words):
        return Slip(line, start, "une clé est suivie de « : »", f"écrivez « {other[1]}: {other[2]} »")
    name, _, value = words.partition(" ")
    right = f"{name}: {value}" if value else f"{name}:"
    return Slip(line, start, f"il manque « : » après « {short(name)} »", f"écrivez « {short(right, 100)} »")


def _no_colon(lines: Sequence[str], stop: Stop) -> Slip:
    return _line_slip(lines, stop.begun[0] if stop.begun else stop.line)


def _colon_too_many(lines: Sequence[str], stop: Stop) -> Slip:
    """`nom: Lycées: le cas`, or a line that hangs on the one before."""
    text = text_at(lines, stop.line)
    key = KEY.match(text)
    if key is not None and key.end() <= stop.column:
        return _needs_quotes(stop.line, key.end(), text[key.end() :].strip(), "il y a deux fois « : »")
    above = line_above(lines, stop.line)
    if above == stop.line or KEY.match(text_at(lines, above)) is None:
        return _line_slip(lines, above)
    return _misaligned(lines, stop)


def _needs_quotes(line: int, column: int, value: str, why: str) -> Slip:
    bare = value.strip(SMART_QUOTES + "\"' ")
    return Slip(line, column, f"{why} dans « {short(value)} »", f'mettez le tout entre guillemets : "{short(bare)}"')


def _misaligned(lines: Sequence[str], stop: Stop) -> Slip:
    text, above = text_at(lines, stop.line), lines[: stop.line]
    here, before = lead_of(text), line_above(lines, stop.line)
    if re.match(r" *-[^ ]", text_at(lines, before)):
        return _line_slip(lines, before)
    odd = None if here % 2 else _odd_line(lines, stop.line)
    if odd is not None:
        column = words_of(lines[odd])
        shift = here - column if abs(here - column) == 1 else 1
        return _out_of_line(odd, lead_of(lines[odd]), lead_of(lines[odd]) + shift)
    if text.lstrip().startswith("-"):
        columns = [lead_of(line) for line in above if line.lstrip().startswith("- ")]
    else:
        columns = [words_of(line) for line in above if KEY.match(line)]
    return _out_of_line(stop.line, here, min(reversed(columns), key=lambda wanted: abs(wanted - here), default=here))


def _odd_line(lines: Sequence[str], number: int) -> int | None:
    """Return the line above, among those that `number` may hang on, that is indented by an odd number of spaces.

    People indent by two. When the first line of a block is the odd one, reading stops at the next.
    """
    depth = math.inf
    for place in range(number - 1, -1, -1):
        line = lines[place]
        if says_something(line) and lead_of(line) < depth:
            depth = lead_of(line)
            if words_of(line) % 2:
                return place
    return None


def _out_of_line(line: int, here: int, wanted: int) -> Slip:
    hint = f"mettez {_spaces(wanted)} devant, comme aux lignes voisines" if wanted != here else "alignez-la"
    return Slip(line, here, f"cette ligne n'est pas alignée : {_spaces(here)} devant", hint)


def _spaces(count: int) -> str:
    return f"{count} espace{'s' if count > 1 else ''}" if count else "aucune espace"


def _not_closed(lines: Sequence[str], stop: Stop) -> Slip:
    """A list or group in brackets: one that never closes, or two items without a comma."""
    line, column = stop.begun or (stop.line, stop.column)
    text = text_at(lines, line)
    sign, closing = ("[", "]") if "sequence" in stop.context else ("{", "}")
    if found := re.search(r"[\[,]\s*(#\S*?)[\],\s]", f"{text} "):
        return _needs_quotes(line, found.start(1), found[1], "un # commence une remarque")
    if stop.line != line and (stop.problem.endswith("'<stream end>'") or KEY.match(text_at(lines, stop.line))):
        return Slip(line, column, f"« {sign} » n'est jamais fermé", f"ajoutez « {closing} » à la fin de la liste")
    if text_at(lines, stop.line).count('"') % 2:
        return Slip(
            stop.line, stop.column, "il manque un guillemet sur cette ligne", 'chaque texte a ses deux guillemets : "…"'
        )
    word = text_at(lines, stop.line)[stop.column :].split(",")[0].strip("]} ")
    return Slip(stop.line, stop.column, f"il manque une virgule avant « {short(word)} »", "séparez par « , »")


def _left_over(lines: Sequence[str], stop: Stop) -> Slip:
    """Something stands where the next line of a group was expected."""
    if stop.problem.endswith(("']'", "'}'")):
        sign = stop.problem[-2]
        return Slip(stop.line, stop.column, f"« {sign} » en trop", f"retirez « {sign} »")
    if not stop.problem.endswith("'<scalar>'"):
        return _misaligned(lines, stop)
    first = stop.begun[0] if stop.begun else stop.line
    for line in range(stop.line, first - 1, -1):
        column = open_quote(text_at(lines, line))
        if column is not None:
            return _quote_open(lines, line, column)
    value = text_at(lines, stop.line)
    key = KEY.match(value)
    whole = value[key.end() if key else words_of(value) :].strip().strip("\"'")
    inner = short(whole.replace('"', ""))
    return Slip(stop.line, stop.column, "il y a du texte après le guillemet fermant", f'écrivez : "{inner}"')


def _quote_open(lines: Sequence[str], line: int, column: int) -> Slip:
    text = text_at(lines, line)
    sign = text[column : column + 1]
    return Slip(
        line, column, f"le guillemet {sign} n'est jamais fermé", f"écrivez : {short(text[column:].rstrip())}{sign}"
    )


def _quote_to_the_end(lines: Sequence[str], stop: Stop) -> Slip:
    line, column = stop.begun or (stop.line, stop.column)
    return _quote_open(lines, line, column)


def _reserved_sign(lines: Sequence[str], stop: Stop) -> Slip:
    line, column = stop.begun or (stop.line, stop.column)
    value = text_at(lines, line)[column:].split(",")[0].strip("]} ")
    sign = value[:1]
    return Slip(line, column, f"« {sign} » ne peut pas commencer un texte", f'mettez des guillemets : "{short(value)}"')


def _dash_on_the_line(lines: Sequence[str], stop: Stop) -> Slip:
    value = text_at(lines, stop.line)[stop.column :].removeprefix("-").strip()
    return Slip(
        stop.line,
        stop.column,
        "un tiret suit « : » sur la même ligne",
        f"écrivez « [{short(value)}] », ou passez à la ligne avant le tiret",
    )


def _backslash(lines: Sequence[str], stop: Stop) -> Slip:
    text = text_at(lines, stop.line)
    column = max(text.rfind("\\", 0, stop.column + 1), 0)
    return Slip(
        stop.line,
        column,
        '« \\ » a un sens spécial entre guillemets "…"',
        "entourez ce texte d'apostrophes '…', ou retirez « \\ »",
    )


def _stray_sign(lines: Sequence[str], stop: Stop) -> Slip:
    opened = line_above(lines, stop.line)
    before = text_at(lines, opened).rstrip()
    if before.endswith(("[", "{")):
        closing = "]" if before.endswith("[") else "}"
        message = f"« {before[-1]} » n'est jamais fermé"
        return Slip(opened, len(before) - 1, message, f"ajoutez « {closing} » à la fin de la liste")
    sign = text_at(lines, stop.line)[stop.column : stop.column + 1] or ":"
    message = f"« {sign} » est de trop ou mal placé"
    return Slip(stop.line, stop.column, message, f"retirez « {sign} », ou mettez le texte entre guillemets")


def _two_documents(_lines: Sequence[str], stop: Stop) -> Slip:
    return Slip(
        stop.line,
        stop.column,
        "un fichier ne contient qu'un seul ensemble",
        "retirez les lignes « --- », « ... » et « % »",
    )


def _invisible(_lines: Sequence[str], stop: Stop) -> Slip:
    return Slip(stop.line, stop.column, "un caractère invisible se cache ici", "effacez-le et retapez le mot")


_RULES: tuple[tuple[str, Callable[[Sequence[str], Stop], Slip]], ...] = (
    ("could not find expected ':'", _no_colon),
    ("mapping values are not allowed", _colon_too_many),
    ("found unexpected end of stream", _quote_to_the_end),
    ("found unexpected document separator", _quote_to_the_end),
    ("expected ',' or", _not_closed),
    ("expected <block end>", _left_over),
    ("sequence entries are not allowed", _dash_on_the_line),
    ("escape", _backslash),
    ("directive", _two_documents),
    ("cannot start any token", _reserved_sign),
    ("while scanning a", _reserved_sign),
    ("undefined tag handle", _reserved_sign),
    ("expected the node content", _stray_sign),
    ("mapping keys are not allowed", _stray_sign),
    ("<document start>", _two_documents),
    ("special characters", _invisible),
)
