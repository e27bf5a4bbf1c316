"""The only file that reads the environment and the team's secrets, and the type that keeps a secret out of logs."""

import hashlib
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from watcher.errors import Fatal, StoreBusy

_KEY_BYTES = 32
_KEPT = "secrets.env"

_RENEWED = "_RENOUVELE"
"""Ends the name under which the follower of a variable's secret is kept, behind the digest of what the team gave."""


class Secret:
    """A string that never shows itself by accident: `str`, `repr` and formatting give asterisks."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the value, for the one place that sends it."""
        return self._value

    def __repr__(self) -> str:
        return "Secret('***')"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)


@dataclass(frozen=True, slots=True)
class NamedSecret:
    """A secret as the team's YAML gives it: by the name of its variable. `value` is None until `app` looked it up."""

    variable: str
    value: Secret | None = None


def environment(data: Path | None = None) -> Mapping[str, str]:
    """Return the process environment's `WATCHER_*` variables, over those that `keep` put into the folder `data`.

    Raises `Fatal` when what was kept cannot be read.
    """
    kept = dict(line.split("=", 1) for line in _kept_lines(data) if "=" in line) if data else {}
    return {key: value for key, value in {**kept, **os.environ}.items() if key.startswith("WATCHER_")}  # noqa: TID251


def keep(data: Path, variable: str, value: str) -> None:
    """Put the one-line `value` under its name into `secrets.env` of the folder `data`, for its owner's eyes alone.

    What else the file holds stays. Raises `Fatal` when that cannot be read.
    """
    if len(value.splitlines()) != 1:
        raise ValueError("a secret is one line")
    data.mkdir(parents=True, exist_ok=True)
    lines = [line for line in _kept_lines(data) if not line.startswith(f"{variable}=")]
    draft = data / f"{_KEPT}.part"
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in [*lines, f"{variable}={value}"])
        file.flush()
        os.fsync(file.fileno())
    draft.replace(data / _KEPT)


def keep_renewed(data: Path, variable: str, before: Secret, after: Secret) -> None:
    """Keep in the folder `data` that a platform gave the secret `after` in the place of `before`, that of `variable`.

    Raises `StoreBusy` when the disk does not take it, and as `keep`.
    """
    try:
        digest, _, known = environment(data).get(f"{variable}{_RENEWED}", "").partition(" ")
        first = digest if known == before.reveal() else _digest(before.reveal())
        keep(data, f"{variable}{_RENEWED}", f"{first} {after.reveal()}")
    except OSError as error:
        raise StoreBusy("Une clé d'accès renouvelée ne peut pas être gardée : voyez la place sur le disque.") from error


def secret_in(variables: Mapping[str, str], variable: str) -> Secret | None:
    """Return the secret of `variable`, or the last one that its platform gave in its place; None where it is empty.

    What the team writes anew is believed, whatever was given in the place of what stood there before.
    """
    given = variables.get(variable)
    digest, _, renewed = variables.get(f"{variable}{_RENEWED}", "").partition(" ")
    return Secret(renewed if renewed and digest == _digest(given or "") else given) if given else None


def _digest(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()[:32]


def _kept_lines(data: Path) -> list[str]:
    path = data / _KEPT
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    except UnicodeDecodeError as error:
        raise Fatal(
            f"Le fichier des secrets ({path}) n'est pas un texte : remettez-le depuis la sauvegarde."
        ) from error


def cache_folder() -> Path:
    """Return where to keep what can be fetched again: `$XDG_CACHE_HOME` or `~/.cache`, and our name."""
    root = os.environ.get("XDG_CACHE_HOME")  # noqa: TID251
    return (Path(root) if root else Path.home() / ".cache") / "veille-occitanie"


def instance_key(path: Path) -> bytes:
    """Return the 32 secret bytes kept in `path`, made at the first call and readable by their owner alone.

    Raises `Fatal` when the file holds anything else.
    """
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _kept_key(path)
    with os.fdopen(file, "w", encoding="ascii") as made:
        made.write(secrets.token_hex(_KEY_BYTES) + "\n")
        made.flush()
        os.fsync(made.fileno())
    return _kept_key(path)


def _kept_key(path: Path) -> bytes:
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError) as error:
        raise Fatal(
            f"La clé des pseudonymes ({path}) ne peut pas être lue : remettez celle de la sauvegarde."
        ) from error
    if len(key) != _KEY_BYTES:
        raise Fatal(f"La clé des pseudonymes ({path}) est incomplète : remettez celle de la sauvegarde.")
    return key
