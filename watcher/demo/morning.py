"""What the digest of the demo's last day must say, judged where the team reads it: in its Slack. Pure."""

import re
from collections.abc import Iterator

from watcher.demo.check import Expected
from watcher.demo.scenario import folded

_LINK = re.compile(r"<([^|>]+)\|")
_WAITING = re.compile(r"([\d\u202f]+)\u00a0messages? sans réponse")


def lacks(said: str, wanted: Expected) -> list[str]:
    """Return, in French, what `said`, the texts of the digest's message, does not tell of what is written."""
    return list(_lacks(said, wanted))


def _lacks(said: str, wanted: Expected) -> Iterator[str]:
    tags = {folded(tag) for tag in re.findall(r"#(\w+)", said)}
    yield from (f"bilan du matin : rien sur #{tag}" for tag in sorted(wanted.alerts.keys() - tags))
    yield from (f"bilan du matin : #{tag} est l'œuvre de quelques comptes" for tag in sorted(wanted.rings & tags))
    count = _WAITING.search(said)
    if count is None or int(count[1].replace("\u202f", "")) < len(wanted.calls):
        yield f"bilan du matin : {len(wanted.calls)} personnes au moins attendent, il n'en compte pas autant"
    quoted = {link.replace("&amp;", "&") for link in _LINK.findall(said)}
    if not quoted & wanted.calls:
        yield "bilan du matin : aucun des appels à l'aide n'y est"
    yield from (f"bilan du matin : rien sur la source malade {name}" for name in sorted(wanted.ill) if name not in said)
