"""The page's password, of which only a hash is kept. The one file that knows argon2."""

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 12
"""What is guessed five times in five minutes holds out for ever; what leaks as a hash holds out for years."""

LONGEST = 200

_HASHER = PasswordHasher()  # the parameters of RFC 9106 for little memory: some 50 ms and 64 MiB a try


def hashed(password: str) -> str:
    """Return what to keep of `password`, in one line: https://www.rfc-editor.org/rfc/rfc9106."""
    return _HASHER.hash(_typed(password))


def is_right(password: str, kept: str) -> bool:
    """Tell whether `kept` is of `password`. What is no hash of ours is of no password."""
    if len(password) > LONGEST:
        return False
    try:
        return _HASHER.verify(kept, _typed(password))
    except (VerificationError, InvalidHashError, UnicodeEncodeError):
        return False


def _typed(password: str) -> str:
    return unicodedata.normalize("NFKC", password)  # one keyboard writes é as one letter, another as two
