"""The journal's file: the only place that knows SQLite. Opens, checks, migrates, and turns its errors into ours."""

import os
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

from watcher.errors import Fatal, StoreBusy, WatcherError

_STEPS = "schema limits folds stories messages firsts judgements subjects corrections counters examples"

MIGRATIONS = tuple(
    files("watcher.stores.journal").joinpath(f"{name}.sql").read_text(encoding="utf-8") for name in _STEPS.split()
)
"""One script for each version of the schema, in order; `PRAGMA user_version` counts those that were applied."""

_PRAGMAS = (
    "busy_timeout = 5000",  # another command's transaction lasts milliseconds
    "journal_mode = WAL",
    "synchronous = FULL",  # NORMAL may take back committed transactions when the power fails
    "foreign_keys = ON",
    "secure_delete = ON",  # what is erased leaves the bytes of the file too
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LOCKED = "Le journal est occupé par une autre commande ; nouvel essai au prochain passage."
_BUSY = {
    sqlite3.SQLITE_FULL: "Le disque est plein : rien n'est perdu, la collecte reprend dès qu'il y a de la place.",
    sqlite3.SQLITE_IOERR: "Le disque refuse de lire ou d'écrire le journal : vérifiez sa place et son état.",
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
}
_RIGHTS = frozenset({sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH})


class JournalFile:
    """One SQLite file, made at first use, readable by its owner only, used by one thread.

    Every method raises `StoreBusy` when the disk is full or the file is held, and `Fatal` when the file is damaged,
    out of reach, or written by a later version of this program.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        if not path.exists():
            _create(path)
        self._connection = self._open()

    def _open(self) -> sqlite3.Connection:
        # A journal never is empty: see `_create`. SQLite would take an emptied file for a new one.
        if self._path.stat().st_size == 0:
            raise self.damaged("fichier vide")
        with self._our_errors():
            connection = sqlite3.connect(self._path, isolation_level=None)
        try:
            with self._our_errors():
                for pragma in _PRAGMAS:
                    connection.execute(f"PRAGMA {pragma}").fetchall()
                self._check(connection)
                _migrate(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _check(self, connection: sqlite3.Connection) -> None:
        found = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
        if found != "ok":
            raise self.damaged(found)
        version = _version(connection)
        if version > len(MIGRATIONS):
            raise Fatal(
                f"Le journal {self._path} a été écrit par une version plus récente du programme "
                f"(schéma {version}, connu ici : {len(MIGRATIONS)}). Mettez le programme à jour."
            )

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make everything inside one all-or-nothing write; joins the transaction that is under way.

        Never await inside: the connection is shared by the whole daemon.
        """
        if self._connection.in_transaction:
            yield
            return
        with self._our_errors(), _all_or_nothing(self._connection):
            yield

    def execute(self, statement: str, values: Sequence[object] = ()) -> list[Any]:
        """Run one statement and return its rows."""
        with self._our_errors():
            return self._connection.execute(statement, values).fetchall()

    def execute_many(self, statement: str, rows: Sequence[Sequence[object]]) -> int:
        """Run one statement for each of `rows` and return how many rows of the table it changed."""
        with self._our_errors():
            return max(self._connection.executemany(statement, rows).rowcount, 0)

    def scrub(self) -> None:
        """Leave no byte of deleted rows in the file or its write-ahead log. Outside a transaction only."""
        self.execute("VACUUM")
        is_held, *_ = self.execute("PRAGMA wal_checkpoint(TRUNCATE)")[0]
        if is_held:
            raise StoreBusy("L'effacement est fait, mais une autre commande retient le journal : relancez-le.")

    def close(self) -> None:
        """Close the file; its write-ahead log goes into it when nobody else holds it."""
        self._connection.close()

    @contextmanager
    def _our_errors(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
            raise  # our own mistake, not the file's
        except UnicodeDecodeError as error:  # SQLite quotes the damaged bytes of a schema, and Python cannot read them
            raise self.damaged("noms illisibles") from error
        except sqlite3.DatabaseError as error:
            raise self._our_error(error) from error

    def _our_error(self, error: sqlite3.DatabaseError) -> WatcherError:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
        if code in _BUSY:
            return StoreBusy(_BUSY[code])
        if code in _RIGHTS:
            return Fatal(f"Le journal {self._path} ne peut pas être ouvert ou écrit ({error}) : vérifiez ses droits.")
        return self.damaged(str(error))

    def damaged(self, detail: str) -> Fatal:
        """Return the error that tells how to go on from a file whose content makes no sense."""
        return Fatal(
            f"Le journal {self._path} est abîmé ({detail}). Mettez ce fichier de côté avec ses voisins « -wal » et "
            "« -shm », remettez une sauvegarde s'il y en a une, sinon lancez « watcher journal rebuild » : la commande "
            "retrouve dans Elasticsearch ce qui a déjà été collecté."
        )


def _create(path: Path) -> None:
    """Put a new journal at `path` in one step, whole; leaves one that another process has just put there."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)  # its owner's only
        os.close(handle)
        try:
            with closing(sqlite3.connect(name, isolation_level=None)) as draft:
                _migrate(draft)
            with suppress(FileExistsError):
                os.link(name, path)
        finally:
            Path(name).unlink()
    except (OSError, sqlite3.OperationalError) as error:
        raise Fatal(f"Le journal {path} ne peut pas être créé : {error}.") from error


def milliseconds(at: datetime) -> int:
    """Return how the file writes a time: milliseconds since 1970."""
    return (at - _EPOCH) // timedelta(milliseconds=1)


def instant(ms: int) -> datetime:
    """Return the aware UTC time that the file writes as `ms`."""
    return _EPOCH + timedelta(milliseconds=ms)


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _migrate(connection: sqlite3.Connection) -> None:
    if _version(connection) == len(MIGRATIONS):
        return
    with _all_or_nothing(connection):
        for script in MIGRATIONS[_version(connection) :]:
            for statement in _statements(script):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")


def _statements(script: str) -> Iterator[str]:
    """Yield the statements of a script one by one: `executescript` would commit behind our back."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


@contextmanager
def _all_or_nothing(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # a full disk has rolled back already
            connection.execute("ROLLBACK")
        raise
