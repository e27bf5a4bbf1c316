"""The lines of a YAML file as a person sees them: their indents, keys and quotes, where reading them as YAML fails."""

import re
from collections.abc import Sequence

KEY = re.compile(r"^ *(?:- +)*(?:\"[^\"]*\" *|'[^']*' *|[^\s\"'\[{#][^:#]*):(?= |$)")
"""A line that is `clé:` or `clé: valeur`, behind the dash of an item or not."""

HARD_SPACE = re.compile("[\u00a0\u202f\u2007]")
"""What French typography puts before a colon, and what a Mac types for Alt + space: no space for YAML."""

SMART_QUOTES = "“”„«»‘"
_LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_START = re.compile(r"^ *(?:- +)*")
_NAME = re.compile(r"[\"']?([^\W\d][\w-]*)[\"']?(?:\s*[:=;]|$| )")
_QUOTED = re.compile(r"""\"(?:\\.|[^\"\\])*\"|'(?:''|[^'])*'""")
_TAB = 4


def lines_of(text: str) -> list[str]:
    """Return the lines of `text` as YAML counts them."""
    return _LINE_BREAK.split(text)


def text_at(lines: Sequence[str], line: int) -> str:
    """Return a line, empty outside of the file."""
    return lines[line] if 0 <= line < len(lines) else ""


def lead_of(line: str) -> int:
    """Return the column of the first sign that is no space."""
    return len(line) - len(line.lstrip())


def words_of(line: str) -> int:
    """Return the column where the words start, after the dashes."""
    found = _START.match(line)
    return found.end() if found else 0


def says_something(line: str) -> bool:
    """Tell whether the line is neither empty nor a remark."""
    words = line.lstrip()
    return bool(words) and not words.startswith("#")


def line_above(lines: Sequence[str], line: int) -> int:
    """Return the nearest line above that says something; `line` itself where there is none."""
    return next((place for place in range(min(line, len(lines)) - 1, -1, -1) if says_something(lines[place])), line)


def word_at(lines: Sequence[str], number: int, column: int) -> str:
    """Return the word that starts there."""
    return text_at(lines, number)[column:].split(" ")[0].rstrip(",]}")


def short(text: str, longest: int = 40) -> str:
    """Return `text` on one line, cut to what fits beside a message."""
    text = " ".join(text.split())
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def open_quote(line: str) -> int | None:
    """Return the column of a quote that the line opens and does not close."""
    place, before = 0, "-"
    while place < len(line):
        letter = line[place]
        if letter in "\"'" and before in "-:,[{" and (place == 0 or line[place - 1] in " ,[{"):
            closed = _QUOTED.match(line, place)
            if closed is None:
                return place
            place, before = closed.end(), letter
            continue
        if letter == "#" and (place == 0 or line[place - 1] == " "):
            return None
        before = before if letter == " " else letter
        place += 1
    return None


def trail(lines: Sequence[str], number: int) -> str:
    """Return the path of keys that leads to the line `number`, read from the indents alone: `sources › 2 › adresse`."""
    steps: list[str] = []
    depth, in_list = len(text_at(lines, number)) * _TAB + 1, False
    for place in range(number, -1, -1):
        line = text_at(lines, place).expandtabs(_TAB)
        if not says_something(line):
            continue
        lead, start = lead_of(line), words_of(line)
        is_item = start > lead
        if start < depth or (in_list and not is_item and start == depth):
            name = _NAME.match(line, start)
            if name and (KEY.match(line) or (place == number and not is_item)):
                steps.append(name[1])
            depth, in_list = start, False
        if is_item and lead < depth:
            steps.append(str(_position(lines, place, lead)))
            depth, in_list = lead, True
    return " › ".join(reversed(steps))


def _position(lines: Sequence[str], number: int, lead: int) -> int:
    """Return the place, from 1, of the item whose dash is at `lead` on the line `number`."""
    position = 1
    for line in reversed(lines[:number]):
        if not says_something(line):
            continue
        is_sibling = lead_of(line) == lead and line.lstrip().startswith("-")
        if lead_of(line) < lead or (lead_of(line) == lead and not is_sibling):
            break
        position += is_sibling
    return position


def set_aside(lines: list[str], number: int) -> None:
    """Empty the line `number` and what hangs on it: deeper lines, and the dashes of a list under its key.

    An item among others leaves its dash, so that those after it keep their places.
    """
    line = lines[number]
    depth, is_key = lead_of(line), not line.lstrip().startswith("-")
    dash = f"{line[:depth]}-"
    lines[number] = ""
    if not is_key and any(other.startswith(f"{dash} ") for other in lines):
        lines[number] = dash
    for below in range(number + 1, len(lines)):
        here, hangs = lead_of(lines[below]), is_key and lines[below].lstrip().startswith("- ")
        if lines[below].strip() and (here < depth or (here == depth and not hangs)):
            break
        lines[below] = ""
