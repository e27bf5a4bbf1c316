"""The body of an answer, decompressed as it comes and bounded while it grows: pure, fed by `http`."""

import zlib

from watcher.errors import Malformed, TooLarge, Unreachable

_STEP_BYTES = 64 * 1024
"""One step of output. 64 KiB on the wire can become 64 MB in one call; this is how far past its cap a body grows."""

_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS
_GZIP_START = b"\x1f\x8b"


class BoundedBody:
    """Takes a body piece by piece; holds `max_bytes` + 64 KiB of it at the most.

    `encoding` is the value of Content-Encoding. What costs more on the wire than `max_bytes` is refused too.
    """

    def __init__(self, host: str, encoding: str, max_bytes: int) -> None:
        """Raise `Malformed` for an encoding that we did not ask for."""
        encoding = encoding.strip().lower()
        if encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise Malformed(f"{host} répond dans une compression inconnue")
        self._host = host
        self._max_bytes = max_bytes
        self._inflater = zlib.decompressobj(_GZIP_OR_ZLIB) if encoding not in ("", "identity") else None
        self._received = 0
        self._body = bytearray()

    def feed(self, piece: bytes) -> None:
        """Take one piece as it came. Raises `TooLarge`, and `Malformed` when it cannot be decompressed."""
        self._received += len(piece)
        self._check(self._received)
        if self._inflater is None:
            self._body += piece
        else:
            self._inflate(self._inflater, piece)

    def finish(self) -> bytes:
        """Return the whole body. Raises `Unreachable` when the compressed stream was cut."""
        if self._inflater and self._received and not self._inflater.eof:
            raise Unreachable(f"{self._host} a coupé sa réponse avant la fin")
        return bytes(self._body)

    def _inflate(self, inflater: "zlib._Decompress", piece: bytes) -> None:
        try:
            while piece:
                if inflater.eof:
                    if not piece.startswith(_GZIP_START):
                        return  # padding after the end, which browsers ignore too
                    inflater = self._inflater = zlib.decompressobj(_GZIP_OR_ZLIB)
                self._body += inflater.decompress(piece, _STEP_BYTES)
                self._check(len(self._body))
                piece = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
        except zlib.error as cause:
            raise Malformed(f"{self._host} envoie une réponse dont la compression est abîmée") from cause

    def _check(self, size: int) -> None:
        if size > self._max_bytes:
            raise TooLarge(f"{self._host} envoie plus de {self._max_bytes / 1e6:g} Mo : réponse abandonnée")
