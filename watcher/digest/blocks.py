"""A digest as the team reads it in Slack: its figures, the first lines of each part, and where the rest is. Pure."""

from collections.abc import Iterator

from watcher.alerts.blocks import SECTION_CHARS, Message, Paragraph, escaped, quoted, report, sparkline
from watcher.digest.document import Digest, Item, Section

LINES = 5
"""What a part tells in Slack; the file and the page tell all."""

_LINE_CHARS = 500
_NOTES = 3
_QUOTES = 1


def message(digest: Digest, address: str) -> Message:
    """Return the message of `digest`, which is whole at `address`."""
    figures = f"{escaped(digest.subtitle, _LINE_CHARS)}\n*{escaped(digest.summary, _LINE_CHARS)}*"
    paragraphs = [Paragraph(figures), *map(_paragraph, digest.sections)]
    foot = f"<{address}|Le bilan entier, à lire ou à imprimer>"
    return report(digest.title, paragraphs, [foot], f"{digest.title} : {digest.summary}. {address}")


def _paragraph(section: Section) -> Paragraph:
    """Return as many whole lines of `section` as one block takes."""
    taken, room = list[str](), SECTION_CHARS
    for line in _lines(section):
        room -= len(line) + 1
        if room < 0:
            break
        taken.append(line)
    quotes = [quote.post for item in section.items[:LINES] for quote in item.quotes[:_QUOTES]]
    return Paragraph("\n".join(taken), tuple(dict.fromkeys(quotes)))


def _lines(section: Section) -> Iterator[str]:
    yield f"*{escaped(section.title, _LINE_CHARS)}*"
    if section.lead:
        yield escaped(section.lead, _LINE_CHARS)
    for item in section.items[:LINES]:
        yield _item(item)
    for row in section.table.rows[:LINES] if section.table else ():
        yield f"• {escaped(row.said, _LINE_CHARS)}"
    left = len(section.items) + (len(section.table.rows) if section.table else 0) - LINES
    if left > 0:
        yield f"… et {left} de plus dans le bilan entier."
    for note in section.notes[:_NOTES]:
        yield f"_{escaped(note, _LINE_CHARS)}_"


def _item(item: Item) -> str:
    mark = f" · _{escaped(item.mark)}_" if item.mark else ""
    detail = f" {escaped(item.detail, _LINE_CHARS)}" if item.detail else ""
    curve = f"\n{sparkline(item.curve)}" if any(item.curve) else ""
    quotes = "".join(f"\n{quoted(quote)}" for quote in item.quotes[:_QUOTES])
    return f"• {escaped(item.text, _LINE_CHARS)}{mark}{detail}{curve}{quotes}"
