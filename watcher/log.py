"""How the daemon tells what it does: structlog, JSON in service and columns on a terminal, no secret in either.

Every line, a library's too, goes through one chain: its exception becomes text, `Redaction` cleans every value, a
renderer writes it. This is the second net: no post, handle or secret is given to a log call in the first place.
"""

import logging
import math
import re
import sys
from collections.abc import Iterable, Mapping
from typing import TextIO
from urllib.parse import quote

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from watcher.secrets import Secret

_TALKATIVE = ("httpx", "httpcore", "elastic_transport", "apscheduler")
"""Libraries that tell whole URLs, headers or every run of a job; we hear their warnings."""

_LONGEST = 8_000
"""Characters of one value: the stack of an exception fits, a page of a platform does not."""

_DEEPEST = 6
_WIDEST_INT_BITS = 64

_SHORTEST_SECRET = 6
"""Shorter values occur in innocent words; a key of a platform has twenty characters and more."""

_SECRET_NAMES = re.compile(r"(^|[_.-])(token|secret|password|authorization|cookie|webhook|api[_-]?key)$", re.IGNORECASE)

_SECRET_FORMS = (
    (re.compile(r"([?&][^\s=&#?\"']{1,100}=)[^\s&#\"'<>]+"), r"\1***"),
    (re.compile(r"(://)[^\s/@]+@"), r"\1***@"),
    (re.compile(r"(hooks\.slack\.com/)[^\s\"'<>]+", re.IGNORECASE), r"\1***"),
    (re.compile(r"\b(bearer|basic)(\s+)[^\s\"'<>,]+", re.IGNORECASE), r"\1\2***"),
)

# What a terminal obeys, and what hides or reorders text.
_INVISIBLE = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)

_ON_SEVERAL_LINES = ("exception", "stack")


def configure(
    *, level: str = "INFO", is_json: bool | None = None, secrets: Iterable[Secret] = (), stream: TextIO | None = None
) -> None:
    """Send all logs to `stream` (stderr), one JSON object a line unless it is a terminal or `is_json` says otherwise.

    The values of `secrets` are erased wherever they appear. May be called again, when secrets or level change.
    """
    out = stream or sys.stderr
    told: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        Redaction(secrets),
    ]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *told, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    as_json = not out.isatty() if is_json is None else is_json
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=told,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer() if as_json else _columns(),
            ],
        )
    )
    root = logging.getLogger()
    for former in [h for h in root.handlers if isinstance(h.formatter, structlog.stdlib.ProcessorFormatter)]:
        root.removeHandler(former)
    root.addHandler(handler)
    root.setLevel(level)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


def _columns() -> Processor:
    """Return the terminal's renderer. Its own tracebacks would show local variables, and so secrets."""
    return structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)


class Redaction:
    """A structlog processor: what leaves it is JSON, bounded, visible on a terminal, and without any secret we know.

    It knows the values of `secrets`, the names under which keys travel, and their usual forms: a query's values, a
    password in a URL, a Slack webhook, an Authorization header.
    """

    def __init__(self, secrets: Iterable[Secret] = ()) -> None:
        values = {secret.reveal() for secret in secrets}
        known = {form for value in values if len(value) >= _SHORTEST_SECRET for form in (value, quote(value, safe=""))}
        self._known = sorted(known, key=len, reverse=True)

    def __call__(self, _: WrappedLogger, __: str, event: EventDict) -> EventDict:
        """Return a clean copy of `event`."""
        clean = {self._text(str(key)): self._value(str(key), value, depth=0) for key, value in event.items()}
        for key in _ON_SEVERAL_LINES:
            if key in event:
                clean[key] = self._text(str(event[key]), keeps_lines=True)
        return clean

    def _value(self, key: str, value: object, depth: int) -> object:
        if _SECRET_NAMES.search(key):
            return "***"
        if _is_plain(value):
            return value
        if depth == _DEEPEST and isinstance(value, Mapping | list | tuple | set | frozenset):
            return "…"
        if isinstance(value, Mapping):
            return {self._text(str(name)): self._value(str(name), item, depth + 1) for name, item in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self._value(key, item, depth + 1) for item in value]
        return self._text(hex(value) if isinstance(value, int) else str(value))

    def _text(self, text: str, *, keeps_lines: bool = False) -> str:
        for secret in self._known:
            text = text.replace(secret, "***")
        for form, instead in _SECRET_FORMS:
            text = form.sub(instead, text)
        if len(text) > _LONGEST:
            text = text[:_LONGEST] + "…"
        text = _INVISIBLE.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)
        return text if keeps_lines else text.replace("\n", "\\n")


def _is_plain(value: object) -> bool:
    """Say whether `value` is JSON as it stands: no infinity, no number that other languages cannot read."""
    if isinstance(value, int):
        return value.bit_length() <= _WIDEST_INT_BITS
    return value is None or (isinstance(value, float) and math.isfinite(value))
