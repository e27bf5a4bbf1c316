"""Marks what the page itself wrote, so that it knows it again when a browser brings it back."""

import base64
import binascii
import hashlib
import hmac
import secrets

_KEY_BYTES = 32


class Seal:
    """A seal of its own a process, and so forgotten with it. What is sealed can be read, and not be changed."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(_KEY_BYTES)

    def mark(self, purpose: str, text: str) -> str:
        """Return what only this seal makes of `text`: a mark for one purpose is none for another."""
        return hmac.new(self._key, f"{purpose}\0{text}".encode(), hashlib.sha256).hexdigest()

    def is_mark(self, purpose: str, text: str, mark: str) -> bool:
        """Tell whether `mark` was made for `text`, in a time that says nothing of how near it came."""
        return hmac.compare_digest(self.mark(purpose, text), mark.encode("ascii", "replace").decode())

    def close(self, purpose: str, text: str) -> str:
        """Return `text` with its mark, in letters that a cookie holds."""
        return f"{base64.urlsafe_b64encode(text.encode()).decode()}.{self.mark(purpose, text)}"

    def open(self, purpose: str, closed: str) -> str | None:
        """Return the text that `close` was given, None when it is not of this seal or not for this purpose."""
        written, _, mark = closed.rpartition(".")
        try:
            text = base64.urlsafe_b64decode(written.encode()).decode()
        except (binascii.Error, ValueError):
            return None
        return text if self.is_mark(purpose, text, mark) else None
