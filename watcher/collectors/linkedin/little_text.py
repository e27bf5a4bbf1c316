r"""LinkedIn's "little text" → what a reader sees. Pure.

A hashtag is written `{hashtag|\#|Occitanie}`, a mention `@[Name](urn)`, and a sign that could mean something stands
behind a backslash. A member's name never stays: the handle of who is mentioned takes its place, and becomes a
pseudonym down the line.
"""

import re
from dataclasses import dataclass

# Names are bounded: what is never closed would be looked through again from each of its signs.
_HASHTAG = r"\{hashtag\|\\?[#＃]\|(?P<tag>(?:\\.|[^}\\]){0,200})\}"
_MENTION = r"@\[(?P<name>(?:\\.|[^\]\\]){0,200})\]\((?P<urn>urn:li:[^()\s]*)\)"
_ESCAPED = r"\\(?P<sign>[^\w\s])"
_MARKS = re.compile(f"{_HASHTAG}|{_MENTION}|{_ESCAPED}")
_LONGEST = 20_000
"""A post holds 3,000 signs."""

_BACKSLASH = re.compile(r"\\(.)", re.DOTALL)
_MEMBER = re.compile(r"urn:li:(?:person|member):(.+)")


@dataclass(frozen=True, slots=True)
class Shown:
    """The text as it is shown, its hashtags without their sign, and whom it mentions, by the platform's ids."""

    text: str
    hashtags: tuple[str, ...]
    mentions: tuple[str, ...]


def shown(little: str) -> Shown:
    """Return what `little` shows. What is not closed is left as it stands."""
    hashtags: list[str] = []
    mentions: list[str] = []

    def replaced(mark: re.Match[str]) -> str:
        if mark["sign"] is not None:
            return mark["sign"]
        if mark["tag"] is not None:
            tag = _BACKSLASH.sub(r"\1", mark["tag"])
            hashtags.append(tag)
            return f"#{tag}"
        mentions.append(handle(mark["urn"]))
        return named(mark["urn"], _BACKSLASH.sub(r"\1", mark["name"]))

    return Shown(_MARKS.sub(replaced, little[:_LONGEST]), tuple(hashtags), tuple(mentions))


def named(urn: str, name: str) -> str:
    """Return how who is mentioned as `name` stands in a text: an organisation by its name, a member by a handle."""
    return f"@{handle(urn)}" if _MEMBER.fullmatch(urn) else name


def handle(urn: str) -> str:
    """Return the id at the end of `urn`."""
    return urn.rpartition(":")[2]
