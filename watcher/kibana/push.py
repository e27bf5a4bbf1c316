"""Puts the saved objects into a Kibana. The only file that imports kibana-py, and the one of this folder that acts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kibana import Kibana
from kibana import exceptions as told

from watcher.errors import AuthRefused, Malformed, Refused, SourceGone, TooLarge, Unreachable, WatcherError
from watcher.kibana.saved_objects import SavedObject, ndjson
from watcher.secrets import Secret

FILE = "veille.ndjson"
"""Kibana refuses a file whose name ends in anything else."""

_REASONS = {
    "missing_references": "il s'appuie sur un objet qui manque",
    "unsupported_type": "ce Kibana ne connaît pas cette sorte d'objet",
    "conflict": "un autre objet porte le même identifiant",
    "ambiguous_conflict": "plusieurs objets portent le même identifiant",
}
_MOST_TOLD = 10


@dataclass(frozen=True, slots=True)
class Door:
    """Where a Kibana is and how to enter. `space` is "" for the default one; `ca_file` signs its certificate."""

    url: str
    api_key: Secret | None = None
    space: str = ""
    ca_file: Path | None = None


def push(objects: Sequence[SavedObject], door: Door) -> int:
    """Put `objects` into Kibana, in the place of those of the same id, and return how many.

    Raises `Unreachable`, `AuthRefused`, `SourceGone` (no Kibana, or no such space, there), `TooLarge`, `Malformed`, and
    `Refused` with what failed: Kibana answers 200 even then. What was taken stays; pushing again repeats nothing.
    """
    certificate: dict[str, Any] = {"ca_certs": str(door.ca_file)} if door.ca_file else {}
    api_key = door.api_key.reveal() if door.api_key else None
    try:
        with Kibana(door.url, api_key=api_key, request_timeout=60, max_retries=0, **certificate) as kibana:
            answer = kibana.saved_objects.import_objects(
                file=ndjson(objects), overwrite=True, filename=FILE, space_id=door.space or None, validate_space=False
            ).body
    except (told.KibanaException, ValueError) as error:
        raise _in_french(error, door) from error
    if not isinstance(answer, dict) or "success" not in answer:
        raise Malformed(f"{door.url} ne répond pas comme un Kibana : vérifiez l'adresse.")
    taken = answer.get("successCount", 0)
    if not answer["success"] or taken != len(objects):
        raise Refused(_failures(answer, taken, objects))
    return len(objects)


def _failures(answer: dict[str, object], taken: object, objects: Sequence[SavedObject]) -> str:
    titles = {each.id: str(each.attributes.get("name") or each.attributes["title"]) for each in objects}
    found = answer.get("errors")
    errors = [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
    lines = [f"Kibana a pris {taken} objets sur {len(objects)}."]
    for each in errors[:_MOST_TOLD]:
        failed = str(each.get("id"))
        error = each.get("error")
        kind = str(error.get("type")) if isinstance(error, dict) else "unknown"
        lines.append(
            f"- « {titles.get(failed, failed)} » : {_REASONS.get(kind, f'refusé sans raison connue ({kind})')}"
        )
    if len(errors) > _MOST_TOLD:
        lines.append(f"… et {len(errors) - _MOST_TOLD} autres.")
    return "\n".join(lines)


def _in_french(error: Exception, door: Door) -> WatcherError:
    if isinstance(error, told.ApiError):
        refused = Refused(f"Kibana refuse l'import (réponse {error.status_code}).")
        return _answers(door).get(error.status_code, refused)
    for kind, meant in _silences(door):
        if isinstance(error, kind):
            return meant
    return Malformed(f"Cette adresse ou cet espace n'est pas valable : {door.url} {door.space}".rstrip() + ".")


def _answers(door: Door) -> Mapping[int, WatcherError]:
    space = f" ou d'espace « {door.space} »" if door.space else ""
    right = "« Saved Objects Management : All »"
    return {
        401: AuthRefused("Kibana refuse la clé : vérifiez WATCHER_KIBANA_API_KEY.", 401),
        403: AuthRefused(f"Cette clé n'a pas le droit d'importer : il lui faut {right} dans cet espace.", 403),
        404: SourceGone(f"Pas de Kibana{space} à {door.url} : vérifiez l'adresse, chemin compris."),
        413: TooLarge("Le fichier est trop gros pour ce Kibana : voir savedObjects.maxImportPayloadBytes."),
        422: Refused("Ce Kibana est trop ancien : il faut la version 8.9 ou une plus récente."),
    }


def _silences(door: Door) -> Sequence[tuple[type[Exception], WatcherError]]:
    return (
        (told.SSLError, Unreachable("Le certificat de Kibana n'est pas reconnu : donnez celui qui le signe par --ca.")),
        (told.SerializationError, Malformed(f"{door.url} ne répond pas comme un Kibana : vérifiez l'adresse.")),
        (told.TransportError, Unreachable(f"Kibana ne répond pas à {door.url}.")),
    )
