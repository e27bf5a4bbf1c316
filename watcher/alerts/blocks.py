"""What the team reads in Slack: one event as blocks, in French, within Slack's limits. Pure.

Slack escapes nothing by itself: three characters are ours to escape, which is also what stops a post from calling
everybody (`<!channel>`). Texts are cut after that, since 3,000 « < » become 12,000 characters. The limits on a whole
message are our own: Slack refuses some at about 11,000 characters, which it does not document (slackapi/bolt-js #2867).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from slack_sdk.models.blocks import Block, ContextBlock, HeaderBlock, MarkdownTextObject, PlainTextObject, SectionBlock

from watcher.french import host, readable
from watcher.stores.journal.quotes import block_id

MAX_BLOCKS = 20
MAX_CHARS = 8_000
HEADER_CHARS = 150
SECTION_CHARS = 3_000
QUOTE_CHARS = 200
QUOTES = 3
LINK_CHARS = 1_000
FALLBACK_CHARS = 1_000

_LEVELS = "▁▂▃▄▅▆▇█"
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_LONGEST_ESCAPE = 5


@dataclass(frozen=True, slots=True)
class Quote:
    """One post as it is quoted: a piece of it, where it stands, the name of its platform, and its id, "" if none."""

    text: str
    url: str | None
    platform: str
    post: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A piece of a message in Slack's own markup, and the ids of the posts that it quotes."""

    text: str
    posts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """Where to see more."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Event:
    """One event to tell. `curve` is posts every ten minutes; `mentions` are Slack's ids of whom to call.

    `status` says who sees to it, `hint` how to answer.
    """

    title: str
    sentence: str
    curve: Sequence[int] = ()
    quotes: Sequence[Quote] = ()
    links: Sequence[Link] = ()
    mentions: Sequence[str] = ()
    status: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One message: `text` is for notifications and for services without blocks."""

    text: str
    blocks: tuple[dict[str, Any], ...] = ()

    @property
    def body(self) -> dict[str, Any]:
        """The message as JSON."""
        return {"text": self.text, **({"blocks": list(self.blocks)} if self.blocks else {})}


def message(event: Event) -> Message:
    """Return the message that opens or brings up to date the thread of `event`."""
    calls = " ".join(f"<@{each}>" for each in event.mentions)
    quotes = [Paragraph(quoted(quote), (quote.post,)) for quote in event.quotes[:QUOTES]]
    seen = [f"<{link.url}|{escaped(link.name)}>" for link in event.links]
    blocks = [
        HeaderBlock(text=PlainTextObject(text=_cut(readable(event.title), HEADER_CHARS), emoji=True)),
        _section(f"{calls} {escaped(event.sentence, SECTION_CHARS - len(calls) - 1)}".strip()),
        *([_context(f"{sparkline(event.curve)}  messages par dix minutes")] if any(event.curve) else []),
        *_paragraphs(quotes),
        *([_context("  ·  ".join(seen))] if seen else []),
        *([_context(escaped(event.status))] if event.status else []),
        *([_context(event.hint)] if event.hint else []),
    ]
    return Message(fallback(event), tuple(block.to_dict() for block in _fitting(blocks)))


def report(title: str, paragraphs: Sequence[Paragraph], feet: Sequence[str], text: str) -> Message:
    """Return a message of `paragraphs` under `title`, with small print at its foot.

    What does not fit is left out from the last paragraph on; the foot is always there.
    """
    below = [_context(foot) for foot in feet]
    room = MAX_CHARS - sum(map(_size, below))
    above = [HeaderBlock(text=PlainTextObject(text=_cut(readable(title), HEADER_CHARS), emoji=True))]
    fitting = _fitting([*above, *_paragraphs(paragraphs)], MAX_BLOCKS - len(below), room)
    return Message(escaped(text, FALLBACK_CHARS), tuple(block.to_dict() for block in [*fitting, *below]))


def reply(text: str) -> Message:
    """Return a message of one sentence."""
    return Message(escaped(text, FALLBACK_CHARS), (_section(escaped(text)).to_dict(),))


def quoted(quote: Quote) -> str:
    """Return a piece of a post, and where it stands, as Slack shows a quotation."""
    words = " ".join(readable(quote.text).split())
    where = escaped(quote.platform)
    if host(quote.url):
        address = str(quote.url).translate({**_ESCAPES, ord("|"): "%7C", ord(" "): "%20"})
        where = f"<{address}|{where}>" if len(address) <= LINK_CHARS else where  # cut, it leads nowhere
    return f"> {escaped(words, QUOTE_CHARS)}\n> _{where}_"


def fallback(event: Event) -> str:
    """Return `event` as plain text."""
    return escaped(f"{event.title} : {event.sentence}", FALLBACK_CHARS)


def escaped(text: str, limit: int = SECTION_CHARS) -> str:
    """Return `text` as Slack takes it, of at most `limit` characters, never cut inside an escape."""
    whole = readable(text).translate(_ESCAPES)
    if len(whole) <= limit:
        return whole
    head = whole[: limit - 1]
    begun = head.rfind("&", len(head) - _LONGEST_ESCAPE + 1)
    return f"{head[:begun] if begun >= 0 and ';' not in head[begun:] else head}…"


def sparkline(curve: Sequence[int]) -> str:
    """Return `curve` as a line of bars, the highest full."""
    top = max(curve, default=0) or 1
    return "".join(_LEVELS[round(value / top * (len(_LEVELS) - 1))] for value in curve)


def _paragraphs(paragraphs: Sequence[Paragraph]) -> list[SectionBlock]:
    return [
        _section(each.text, block_id(place, [post for post in each.posts if post]))
        for place, each in enumerate(paragraphs)
    ]


def _section(text: str, name: str | None = None) -> SectionBlock:
    return SectionBlock(text=MarkdownTextObject(text=text, verbatim=True), block_id=name)


def _context(text: str) -> ContextBlock:
    return ContextBlock(elements=[MarkdownTextObject(text=text, verbatim=True)])


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def _fitting(blocks: Sequence[Block], at_most: int = MAX_BLOCKS, room: int = MAX_CHARS) -> Sequence[Block]:
    """Return as many of `blocks` as a message takes; what tells the event comes first."""
    taken: list[Block] = []
    for block in blocks[:at_most]:
        room -= _size(block)
        if room < 0:
            break
        taken.append(block)
    return taken


def _size(block: Block) -> int:
    return len(str(block.to_dict()))
