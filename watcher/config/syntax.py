"""From the place where reading YAML stopped to what the team should type there. Pure: it knows lines, not YAML.

Reading stops where a file makes no more sense, which is often the line after the slip: each rule below goes back to it.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from watcher.config.tree import Mark


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


@dataclass(frozen=True, slots=True)
class Slip:
    """One slip of the pen: where it is, what is wrong, what to type instead."""

    mark: Mark
    message: str
    hint: str


_LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_SMART_QUOTES = "“”„«»‘"
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_HARD_SPACE = re.compile("[\u00a0\u202f\u2007]")
_KEY = re.compile(r"^ *(?:- +)*(?:\"[^\"]*\"|'[^']*'|[^\s\"'\[{#][^:#]*?) *:(?= |$)")
_START = re.compile(r"^ *(?:- +)*")


def lines_of(text: str) -> list[str]:
    """Return the lines of `text` as YAML counts them."""
    return _LINE_BREAK.split(text)


def indents(lines: Sequence[str]) -> list[Slip]:
    """Return the lines that begin with a tab or a hard space, which YAML does not take for an indent."""
    slips = []
    for number, line in enumerate(lines):
        lead = line[: len(line) - len(line.lstrip())]
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if "\t" in lead:
            slips.append(_slip(number, lead.index("\t"), "une tabulation décale cette ligne", "mettez des espaces"))
        elif found := _HARD_SPACE.search(lead):
            slips.append(_slip(number, found.start(), "une espace insécable décale cette ligne", "mettez des espaces"))
    return slips


def explain(lines: Sequence[str], stop: Stop) -> Slip:
    """Return the slip behind `stop`: the first rule that knows its problem, else a plain sentence."""
    for words, rule in _RULES:
        if words in stop.problem or words in stop.context:
            return rule(lines, stop)
    return _slip(
        stop.line,
        stop.column,
        "cette ligne ne se comprend pas",
        "vérifiez les deux-points, virgules, guillemets et espaces, ici et à la ligne d'avant",
    )


def scalar(value: str, lines: Sequence[str], start: Mark, end: Mark) -> Slip | None:
    """Return what is wrong with an unquoted text that YAML reads without a word, None where nothing is.

    Such slips change the meaning in silence: `nom: Lycées #bac` loses its end.
    """
    if value[:1] in tuple(_SMART_QUOTES):
        bare = value.strip(_SMART_QUOTES + " \u00a0\u202f")
        return Slip(start, "guillemets typographiques", f'mettez des guillemets droits : "{bare}"')
    if value.count('"') % 2:
        bare = value.replace('"', "")
        return Slip(start, f"guillemet isolé dans « {_short(value)} »", f'écrivez : "{bare}"')
    if value.endswith(","):
        return Slip(end, "une virgule traîne au bout de la ligne", f"écrivez : {_short(value.rstrip(','))}")
    if end.line > start.line and value:
        return Slip(
            start,
            f"le texte « {_short(value)} » continue à la ligne suivante",
            "mettez-le entre guillemets ; ou bien la ligne suivante a un mauvais décalage, un tiret ou « : » absent",
        )
    return _cut_by_a_remark(value, lines, end)


def _cut_by_a_remark(value: str, lines: Sequence[str], end: Mark) -> Slip | None:
    rest = _text(lines, end.line - 1)[end.column - 1 :]
    if re.match(r"\s*#[^\s#]", rest) is None:
        return None
    whole = f"{value} {rest.strip()}".strip()
    return Slip(
        Mark(end.line, end.column + rest.index("#")),
        f"« {_short(rest.strip())} » n'est pas lu : un # commence une remarque",
        f'écrivez : "{whole}" (ou, pour une remarque, une espace après le #)',
    )


def unprintable(value: str) -> bool:
    """Tell whether `value` holds a character that no text holds."""
    return _CONTROL.search(value) is not None


def _slip(line: int, column: int, message: str, hint: str) -> Slip:
    return Slip(Mark(line + 1, column + 1), message, hint)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 40 else f"{text[:39]}…"  # noqa: PLR2004 - what fits beside the message


def _text(lines: Sequence[str], line: int) -> str:
    return lines[line] if 0 <= line < len(lines) else ""


def _before(lines: Sequence[str], line: int) -> int:
    """Return the nearest line above that says something; `line` itself where there is none."""
    for number in range(min(line, len(lines)) - 1, -1, -1):
        if lines[number].strip() and not lines[number].lstrip().startswith("#"):
            return number
    return line


def _indent(line: str) -> int:
    """Return the column where the words start, after the dashes."""
    found = _START.match(line)
    return found.end() if found else 0


def _open_quote(line: str) -> int | None:
    """Return the column of a quote that the line opens and does not close."""
    place, at_start = 0, True
    while place < len(line):
        letter = line[place]
        if at_start and letter in "\"'":
            closed = re.compile(r'"(?:\\.|[^"\\])*"' if letter == '"' else r"'(?:''|[^'])*'").match(line, place)
            if closed is None:
                return place
            place, at_start = closed.end(), False
            continue
        if letter == "#" and (place == 0 or line[place - 1] == " "):
            return None
        at_start = letter in "[{," or (letter == " " and (at_start or line[:place].rstrip(" ")[-1:] in ":-,[{"))
        place += 1
    return None


def _line_slip(lines: Sequence[str], line: int) -> Slip:
    """Return what keeps `line` from being `clé: valeur`."""
    text, start = _text(lines, line), _indent(_text(lines, line))
    words = text[start:].strip()
    if hard := _HARD_SPACE.search(text):
        return _slip(
            line, hard.start(), "une espace insécable se cache ici", "effacez-la et tapez une espace ordinaire"
        )
    if glued := re.match(r"([\w-]+):(\S.*)$", words):
        return _slip(
            line, start + glued.end(1), "il manque une espace après « : »", f"écrivez « {glued[1]}: {glued[2]} »"
        )
    if dash := re.match(r"-([^\s-].*)$", words):
        return _slip(line, start, "il manque une espace après le tiret", f"écrivez « - {dash[1]} »")
    if other := re.match(r"([\w-]+) *[=;] *(.*)$", words):
        return _slip(line, start, "une clé est suivie de « : »", f"écrivez « {other[1]}: {other[2]} »")
    name, _, value = words.partition(" ")
    right = f"{name}: {value}" if value else f"{name}:"
    return _slip(line, start, f"il manque « : » après « {_short(name)} »", f"écrivez « {_short(right)} »")


def _no_colon(lines: Sequence[str], stop: Stop) -> Slip:
    return _line_slip(lines, stop.begun[0] if stop.begun else stop.line)


def _colon_too_many(lines: Sequence[str], stop: Stop) -> Slip:
    """`nom: Lycées: le cas`, or a line that hangs on the one before."""
    text = _text(lines, stop.line)
    key = _KEY.match(text)
    if key is not None and key.end() <= stop.column:
        return _needs_quotes(stop.line, key.end(), text[key.end() :].strip(), "il y a deux fois « : »")
    above = _before(lines, stop.line)
    if above == stop.line or _KEY.match(_text(lines, above)) is None:
        return _line_slip(lines, above)
    return _misaligned(lines, stop)


def _needs_quotes(line: int, column: int, value: str, why: str) -> Slip:
    bare = value.strip(_SMART_QUOTES + "\"' ")
    return _slip(line, column, f"{why} dans « {_short(value)} »", f'mettez le tout entre guillemets : "{_short(bare)}"')


def _misaligned(lines: Sequence[str], stop: Stop) -> Slip:
    text = _text(lines, stop.line)
    here = len(text) - len(text.lstrip(" "))
    above = lines[: stop.line]
    if text.lstrip().startswith("-"):
        columns = [len(line) - len(line.lstrip(" ")) for line in above if line.lstrip().startswith("- ")]
    else:
        columns = [_indent(line) for line in above if _KEY.match(line)]
    wanted = min(reversed(columns), key=lambda column: abs(column - here), default=here)
    return _slip(
        stop.line,
        here,
        f"cette ligne n'est pas alignée : {_spaces(here)} devant",
        f"mettez {_spaces(wanted)} devant, comme aux lignes voisines"
        if wanted != here
        else "alignez-la sur ses voisines",
    )


def _spaces(count: int) -> str:
    return f"{count} espace{'s' if count > 1 else ''}" if count else "aucune espace"


def _not_closed(lines: Sequence[str], stop: Stop) -> Slip:
    """A list or group in brackets: one that never closes, or two items without a comma."""
    line, column = stop.begun or (stop.line, stop.column)
    text = _text(lines, line)
    sign, closing = ("[", "]") if "sequence" in stop.context else ("{", "}")
    if found := re.search(r"[\[,]\s*(#\S*?)[\],\s]", f"{text} "):
        return _needs_quotes(line, found.start(1), found[1], "un # commence une remarque")
    if stop.line != line and (stop.problem.endswith("'<stream end>'") or _KEY.match(_text(lines, stop.line))):
        return _slip(line, column, f"« {sign} » n'est jamais fermé", f"ajoutez « {closing} » à la fin de la liste")
    if _text(lines, stop.line).count('"') % 2:
        return _slip(
            stop.line, stop.column, "il manque un guillemet sur cette ligne", 'chaque texte a ses deux guillemets : "…"'
        )
    word = _text(lines, stop.line)[stop.column :].split(",")[0].strip("]} ")
    return _slip(stop.line, stop.column, f"il manque une virgule avant « {_short(word)} »", "séparez par « , »")


def _left_over(lines: Sequence[str], stop: Stop) -> Slip:
    """Something stands where the next line of a group was expected."""
    if stop.problem.endswith(("']'", "'}'")):
        sign = stop.problem[-2]
        return _slip(stop.line, stop.column, f"« {sign} » en trop", f"retirez « {sign} »")
    if not stop.problem.endswith("'<scalar>'"):
        return _misaligned(lines, stop)
    first = stop.begun[0] if stop.begun else stop.line
    for line in range(stop.line, first - 1, -1):
        column = _open_quote(_text(lines, line))
        if column is not None:
            return _quote_open(lines, line, column)
    value = _text(lines, stop.line)
    key = _KEY.match(value)
    whole = value[key.end() if key else _indent(value) :].strip().strip("\"'")
    inner = _short(whole.replace('"', ""))
    return _slip(stop.line, stop.column, "il y a du texte après le guillemet fermant", f'écrivez : "{inner}"')


def _quote_open(lines: Sequence[str], line: int, column: int) -> Slip:
    text = _text(lines, line)
    sign = text[column : column + 1]
    return _slip(
        line, column, f"le guillemet {sign} n'est jamais fermé", f"écrivez : {_short(text[column:].rstrip())}{sign}"
    )


def _quote_to_the_end(lines: Sequence[str], stop: Stop) -> Slip:
    line, column = stop.begun or (stop.line, stop.column)
    return _quote_open(lines, line, column)


def _reserved_sign(lines: Sequence[str], stop: Stop) -> Slip:
    line, column = stop.begun or (stop.line, stop.column)
    value = _text(lines, line)[column:].split(",")[0].strip("]} ")
    sign = value[:1]
    return _slip(
        line, column, f"« {sign} » ne peut pas commencer un texte", f'mettez des guillemets : "{_short(value)}"'
    )


def _dash_on_the_line(lines: Sequence[str], stop: Stop) -> Slip:
    value = _text(lines, stop.line)[stop.column :].removeprefix("-").strip()
    return _slip(
        stop.line,
        stop.column,
        "un tiret suit « : » sur la même ligne",
        f"écrivez « [{_short(value)}] », ou passez à la ligne avant le tiret",
    )


def _backslash(lines: Sequence[str], stop: Stop) -> Slip:
    text = _text(lines, stop.line)
    column = max(text.rfind("\\", 0, stop.column + 1), 0)
    return _slip(
        stop.line,
        column,
        '« \\ » a un sens spécial entre guillemets "…"',
        "entourez ce texte d'apostrophes '…', ou retirez « \\ »",
    )


def _stray_sign(lines: Sequence[str], stop: Stop) -> Slip:
    sign = _text(lines, stop.line)[stop.column : stop.column + 1] or ":"
    return _slip(
        stop.line,
        stop.column,
        f"« {sign} » est de trop ou mal placé",
        f"retirez « {sign} », ou mettez le texte entre guillemets",
    )


def _two_documents(_lines: Sequence[str], stop: Stop) -> Slip:
    return _slip(
        stop.line,
        stop.column,
        "un fichier ne contient qu'un seul ensemble",
        "retirez les lignes « --- », « ... » et « % »",
    )


def _invisible(_lines: Sequence[str], stop: Stop) -> Slip:
    return _slip(stop.line, stop.column, "un caractère invisible se cache ici", "effacez-le et retapez le mot")


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
