"""What we send as headers, checked by us: the libraries quote the value, which may be a key, in their errors."""

import re
from collections.abc import Mapping

from watcher.errors import AuthRefused

_LINE_BREAK = re.compile(r"[\0\r\n\f\v]")


def checked(headers: Mapping[str, str]) -> dict[str, str]:
    """Return `headers` without space around their values. Raises `AuthRefused` for a value cut by a line break."""
    for name, value in headers.items():
        if _LINE_BREAK.search(value.strip()):
            raise AuthRefused(f"l'en-tête {name} est coupé par un retour à la ligne : recopiez la clé sur une ligne")
    return {name: value.strip() for name, value in headers.items()}
