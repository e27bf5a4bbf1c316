"""Bytes of a feed → characters that an XML or JSON parser takes, whatever the labels say."""

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark begins alike
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)
_UNMARKED = ((b"<\x00?\x00", "utf-16-le"), (b"\x00<\x00?", "utf-16-be"))
_PROLOG_ENCODING = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})[\"']")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_TRUSTED = re.compile(r"utf-8|utf-16(-[lb]e)?|iso8859-\d+|cp125\d|mac-roman|koi8-r")
"""Codecs in which `<` is `<`: others (UTF-7, EBCDIC, escapes) could hide a DTD from us and show it to the parser."""

# What XML forbids even escaped, and what hides in a text: all but tab and line ends.
_FORBIDDEN = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])


def decode(body: bytes, content_type: str) -> str:
    """Return the characters of `body`, without mark, leading space or control characters. Never raises.

    A byte-order mark wins; then UTF-8 if every byte fits, since other text almost never does by chance; then what
    the document declares, then what the server declares, Latin-1 being read as Windows-1252 as browsers do
    (https://encoding.spec.whatwg.org/#names-and-labels). At worst a few characters become U+FFFD.
    """
    for encoding in _candidates(body, content_type):
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        break
    else:
        text = _least_damaged(body)
    return text.translate(_FORBIDDEN).lstrip("\ufeff \t\r\n")


def _candidates(body: bytes, content_type: str) -> list[str]:
    marked = [encoding for mark, encoding in _BOMS + _UNMARKED if body.startswith(mark)]
    declared = _PROLOG_ENCODING.match(body)
    served = _CHARSET.search(content_type)
    labels = [declared[1].decode("ascii") if declared else "", served[1] if served else ""]
    return [*marked[:1], "utf-8", *filter(None, map(_codec, labels))]


def _codec(label: str) -> str:
    try:
        name = codecs.lookup(label).name
    except LookupError:
        return ""
    return "cp1252" if name in {"iso8859-1", "ascii"} else name if _TRUSTED.fullmatch(name) else ""


def _least_damaged(body: bytes) -> str:
    """Return UTF-8 with holes where most accents survive, else Windows-1252."""
    text = body.decode("utf-8", "replace")
    holes = text.count("\ufffd")
    accents = sum(character > "\x7f" for character in text) - holes
    return text if accents >= holes else body.decode("cp1252", "replace")
