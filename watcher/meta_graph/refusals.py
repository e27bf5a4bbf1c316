"""What Meta means when it refuses, and how near to its limits a call brought us. Pure.

It never answers 429: a limit is a 400 or a 403 with a code, and the wait stands in a header, in minutes.
Facts: Graph API guides "Handling Errors" and "Rate Limits", read in November 2026.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from watcher.errors import AuthRefused, Permanent, RateLimited, Refused, SourceGone, Transient, Unreachable
from watcher.meta_graph.values import count_of
from watcher.wire import mapping_of

FULL_PERCENT = 95
"""From here on we wait of our own accord: at 100 % Meta blocks, and each call in a block makes it longer."""

_UNSAID_WAIT_S = 3_600.0
"""The limits are those of a rolling hour where no header says more."""

_PASSING = frozenset({1, 2})
_LIMITS = frozenset({4, 17, 32, 613, *range(80_000, 80_015)})
_TOKENS = frozenset({102, 190})
_RIGHTS = frozenset({3, 10, *range(200, 300)})
_PARAMETER, _GONE, _UNKNOWN_NAME, _BLOCKED, _TOO_MUCH = 100, 33, 803, 368, 1
_OLD_VERSION = 2635

_WHY_TOKEN = {
    458: "l'application a été retirée du compte qui l'a donné",
    459: "le compte qui l'a donné doit d'abord se connecter à Facebook",
    460: "le mot de passe du compte qui l'a donné a changé",
    463: "il a expiré",
    464: "le compte qui l'a donné n'est pas confirmé",
    467: "il n'est plus valable",
}
_PERMISSION = re.compile(r"\b(?:pages|instagram|business|ads|read|threads)_[a-z_]+\b")
_FEATURE = re.compile(r"(?:Pages?|Instagram) Public (?:Content|Metadata) Access")


class RightMissing(AuthRefused):
    """The token is good, and has not the right to this."""


class Missing(SourceGone):
    """The object is not there, or not for this token: Meta says the same of both."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """The `error` of an answer. `subcode` is 0 where there is none."""

    code: int
    subcode: int
    message: str

    @classmethod
    def read(cls, body: bytes) -> "Complaint | None":
        """Return what `body` complains of, None where it is no complaint of Meta's."""
        try:
            answer = json.loads(body)
        except (ValueError, RecursionError):
            return None
        return cls.of(answer)

    @classmethod
    def of(cls, answer: object) -> "Complaint | None":
        """Return what the JSON document `answer` complains of, None where it is no complaint of Meta's."""
        error = mapping_of(mapping_of(answer).get("error"))
        code = count_of(error.get("code"))
        if code is None:
            return None
        return cls(code, count_of(error.get("error_subcode")) or 0, str(error.get("message") or ""))

    @property
    def asks_for_less(self) -> bool:
        """Tell whether the same question would be answered in smaller pages."""
        return self.code == _TOO_MUCH and "reduce the amount of data" in self.message.lower()


def in_our_words(complaint: Complaint, headers: Mapping[str, str], variable: str) -> Transient | Permanent:
    """Return what `complaint` means for whoever asked with the token of `variable`; its message is French."""
    match complaint.code:
        case code if code in _LIMITS:
            wait_s = wait_asked_s(headers)
            return RateLimited(
                f"Meta demande d'attendre {wait_s / 60:.0f} min : trop de demandes (code {code})", wait_s
            )
        case code if code in _TOKENS:
            why = _WHY_TOKEN.get(complaint.subcode, "il n'est pas, ou plus, valable")
            return AuthRefused(
                f"Meta refuse le jeton de {variable} : {why}. Faites-en un autre (LISEZMOI.md, « Meta »)."
            )
        case code if code in _RIGHTS:
            return RightMissing(f"Le jeton de {variable} n'a pas le droit de lire cela : {_right(complaint.message)}.")
        case _ if complaint.code == _BLOCKED:
            return AuthRefused("Meta a bloqué l'application : lisez ses alertes sur developers.facebook.com/apps.")
        case code if code in _PASSING:
            return Unreachable(f"Meta a une panne passagère (code {code})")
    return _about_the_question(complaint)


def _about_the_question(complaint: Complaint) -> Permanent:
    if (complaint.code, complaint.subcode) == (_PARAMETER, _GONE) or complaint.code == _UNKNOWN_NAME:
        return Missing("Meta ne trouve pas ce qui est demandé, ou ne le montre pas à ce jeton")
    if _PERMISSION.search(complaint.message) or _FEATURE.search(complaint.message):
        return RightMissing(f"Meta refuse la demande, faute d'un droit : {_right(complaint.message)}.")
    if "appsecret_proof" in complaint.message:
        return AuthRefused(
            "L'application exige une preuve de son secret : décochez « Require App Secret » (paramètres avancés)."
        )
    if complaint.code == _OLD_VERSION:
        return Refused("Meta ne répond plus à cette version : donnez-en une plus récente à « version »")
    about = f"{complaint.code}/{complaint.subcode}" if complaint.subcode else f"{complaint.code}"
    return Refused(f"Meta refuse la demande (code {about})")


def _right(message: str) -> str:
    """Return the rights that Meta says are wanted, and where they are asked for."""
    named = dict.fromkeys([*_PERMISSION.findall(message), *_FEATURE.findall(message)])
    what = " ou ".join(named) if named else "un droit manque"
    return f"{what} ; demandez-le sur developers.facebook.com/apps, puis refaites le jeton (LISEZMOI.md, « Meta »)"


def wait_asked_s(headers: Mapping[str, str]) -> float:
    """Return the seconds until Meta hears us again: what it says, an hour where it does not."""
    minutes = [count_of(usage.get("estimated_time_to_regain_access")) or 0 for usage in _usages(headers)]
    return max(minutes, default=0) * 60.0 or _UNSAID_WAIT_S


def is_nearly_spent(headers: Mapping[str, str]) -> bool:
    """Tell whether an answer says that one of the limits is all but reached."""
    return any(
        (count_of(usage.get(share)) or 0) >= FULL_PERCENT
        for usage in _usages(headers)
        for share in ("call_count", "total_time", "total_cputime")
    )


def _usages(headers: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
    """Yield each use that the headers tell of: of the application, of the Page, and of each business by type."""
    for name in ("x-app-usage", "x-page-usage", "x-business-use-case-usage"):
        try:
            told = json.loads(headers.get(name, "{}"))
        except (ValueError, RecursionError):
            continue
        yield mapping_of(told)
        for uses in mapping_of(told).values():
            yield from map(mapping_of, uses if isinstance(uses, list) else ())
