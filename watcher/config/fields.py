"""What a key may hold: texts, words, départements, durations… each refused in French, with what to type instead."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Annotated, LiteralString, NoReturn

from pydantic import AfterValidator, BeforeValidator, Field, InstanceOf, WithJsonSchema
from pydantic_core import PydanticCustomError

from watcher.config.departements import DEPARTEMENTS
from watcher.config.durations import EXPECTED, duration, in_words
from watcher.config.hints import nearest
from watcher.secrets import NamedSecret

_SHORTEST_INTERVAL, _LONGEST_INTERVAL = timedelta(minutes=1), timedelta(days=7)
_SHORTEST_RETENTION, _LONGEST_RETENTION = timedelta(days=1), timedelta(days=5 * 365)
_INSEE_CODE = "[0-9]{5}"
_THEME_ID = "[a-z][a-z0-9_]*"
_VARIABLE = "WATCHER_[A-Z0-9_]+"
_NOT_LITERAL = re.compile(r"[\\*|^$\[\]{}]|\.\+|\(\?")


def refuse(message: str, hint: str = "", kind: LiteralString = "french") -> NoReturn:
    """Raise the error that `messages` shows as it stands; a `kind` with "missing" tells that a key is lacking."""
    raise PydanticCustomError(kind, "{message}", {"message": message, "hint": hint})


def _matching(pattern: str) -> dict[str, object]:
    """Return what an editor is told of a text that is all `pattern`."""
    return {"type": "string", "pattern": f"^{pattern}$"}


def _duration(value: object) -> object:
    if not isinstance(value, str):
        return value
    read = duration(value)
    if read is None:
        refuse(f"il faut {EXPECTED}, et non « {value} »", "un nombre, une espace, puis min, h, jours ou mois")
    return read


def _between(shortest: timedelta, longest: timedelta) -> AfterValidator:
    def check(value: timedelta) -> timedelta:
        if not shortest <= value <= longest:
            limits = f"entre {in_words(shortest)} et {in_words(longest)}"
            refuse(
                f"il faut une durée comprise {limits}, et non {in_words(value)}", f"par exemple {in_words(shortest)}"
            )
        return value

    return AfterValidator(check)


def _literal(value: str) -> str:
    found = _NOT_LITERAL.search(value)
    if found:
        refuse(
            f"« {found[0]} » n'a pas de sens particulier ici : les mots sont cherchés tels quels, dans « {value} »",
            "écrivez le mot entier ; majuscules, accents et pluriels ne comptent pas",
        )
    return value


def _departement(value: str) -> str:
    if value in DEPARTEMENTS:
        return value
    by_name = {name: code for code, name in DEPARTEMENTS.items()}
    name = nearest(value, by_name) if not value.isdigit() else None
    code = by_name[name] if name else value.zfill(2)
    refuse(
        f"« {value} » n'est pas un département de la région",
        f'vouliez-vous dire "{code}" ({DEPARTEMENTS[code]}) ?'
        if code in DEPARTEMENTS
        else "ce qui existe : " + ", ".join(f"{known} ({where})" for known, where in DEPARTEMENTS.items()),
    )


def _commune(value: str) -> str:
    if not re.fullmatch(_INSEE_CODE, value):
        refuse(
            f"il faut un code de commune de l'INSEE, cinq chiffres, et non « {value} »",
            "par exemple 31555 pour Toulouse",
        )
    return value


def _contact(value: str) -> str:
    # Printable ASCII without parentheses: it goes into a header.
    if not re.fullmatch(r"(?:https?://[!-'*-.0-~]+\.|[!-'*-?A-~]+@)[!-'*-~]+", value):
        refuse(
            f"il faut une adresse de page ou de messagerie, et non « {value} »",
            "par exemple https://www.exemple.fr/veille",
        )
    return value


def _cluster(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s/@]+(?:/\S*)?", value):
        refuse(
            "il faut une adresse comme https://elasticsearch.exemple.fr:9200",  # what is written may hold a password
            "sans nom ni mot de passe : la clé va dans WATCHER_ELASTICSEARCH_API_KEY",
        )
    return value


def _prefix(value: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,39}-", value):
        refuse(f"il faut des minuscules, des chiffres et un tiret à la fin, et non « {value} »", "par exemple watcher-")
    return value


def _theme_id(value: str) -> str:
    if not re.fullmatch(_THEME_ID, value):
        refuse(
            f"« {value} » ne peut pas être l'identifiant d'un thème",
            "minuscules sans accent, chiffres et « _ » ; le nom affiché se met dans « nom »",
        )
    return value


def _secret(value: object) -> object:
    if not isinstance(value, str):
        return value
    if not re.fullmatch(_VARIABLE, value):
        refuse(
            "il faut le nom d'une variable de la machine, en majuscules",  # what is written may be the secret
            "par exemple WATCHER_MASTODON_JETON ; le secret lui-même ne s'écrit jamais ici",
        )
    return NamedSecret(value)


def _slack_id(value: str) -> str:
    if not (value[:1] in {"U", "W"} and value.isascii() and value.isalnum() and value.isupper()):
        refuse(
            f"il faut l'identifiant Slack d'une personne, et non « {value} »",
            "dans Slack : son profil, puis « Copier l'identifiant du membre » (U0123ABCD)",
        )
    return value


def _euros(value: object) -> object:
    return value.replace(",", ".") if isinstance(value, str) else value


def _handle(value: str) -> str:
    return value.removeprefix("@")


Text = Annotated[str, Field(min_length=1)]
Term = Annotated[str, Field(min_length=2), AfterValidator(_literal)]
SecretName = Annotated[InstanceOf[NamedSecret], BeforeValidator(_secret), WithJsonSchema(_matching(_VARIABLE))]
Euros = Annotated[
    Decimal,
    BeforeValidator(_euros),
    Field(ge=0, le=100_000, allow_inf_nan=False),
    WithJsonSchema({"type": ["number", "string"], "minimum": 0, "maximum": 100_000, "pattern": r"^\d+([.,]\d+)?$"}),
]
Handle = Annotated[str, Field(min_length=1), AfterValidator(_handle)]
Departement = Annotated[
    str,
    AfterValidator(_departement),
    WithJsonSchema({"anyOf": [{"enum": list(DEPARTEMENTS)}, {"type": "integer"}]}),  # an editor reads 31 as a number
]
Commune = Annotated[str, AfterValidator(_commune), WithJsonSchema(_matching(_INSEE_CODE))]
ThemeId = Annotated[str, AfterValidator(_theme_id), WithJsonSchema(_matching(_THEME_ID))]
_DURATION_SCHEMA = WithJsonSchema({"type": "string", "examples": ["15 min", "2 h", "30 jours", "12 mois"]})
Kept = Annotated[
    timedelta, BeforeValidator(_duration), _between(_SHORTEST_RETENTION, _LONGEST_RETENTION), _DURATION_SCHEMA
]
Interval = Annotated[
    timedelta, BeforeValidator(_duration), _between(_SHORTEST_INTERVAL, _LONGEST_INTERVAL), _DURATION_SCHEMA
]
Contact = Annotated[str, AfterValidator(_contact)]
Cluster = Annotated[str, AfterValidator(_cluster)]
Prefix = Annotated[str, AfterValidator(_prefix)]
SlackId = Annotated[str, Field(min_length=2), AfterValidator(_slack_id)]
