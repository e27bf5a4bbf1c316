"""The body: the same whatever its pieces, and never larger than said."""

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.errors import Malformed, TooLarge, Unreachable
from watcher.fetch.body import BoundedBody


def read(encoding: str, *pieces: bytes, max_bytes: int = 1_000_000) -> bytes:
    body = BoundedBody("example.org", encoding, max_bytes)
    for piece in pieces:
        body.feed(piece)
    return body.finish()


def cut_up(data: bytes, size: int) -> list[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


@given(text=st.binary(max_size=2_000), size=st.integers(1, 50), level=st.integers(0, 9))
def test_gzip_gives_back_what_went_in_however_it_is_cut(text: bytes, size: int, level: int) -> None:
    assert read("gzip", *cut_up(gzip.compress(text, level), size)) == text


@pytest.mark.parametrize(
    ("encoding", "sent", "expected"),
    [
        ("", b"plain", b"plain"),
        ("identity", b"plain", b"plain"),
        ("GZIP ", gzip.compress(b"loud"), b"loud"),
        ("x-gzip", gzip.compress(b"old"), b"old"),
        ("deflate", zlib.compress(b"zlib"), b"zlib"),
        ("gzip", gzip.compress(b"two ") + gzip.compress(b"members"), b"two members"),
        ("gzip", gzip.compress(b"padded") + b"\0" * 512, b"padded"),
        ("gzip", b"", b""),
        ("gzip", gzip.compress(b"a" * 400_000), b"a" * 400_000),
    ],
)
def test_encodings(encoding: str, sent: bytes, expected: bytes) -> None:
    assert read(encoding, sent) == expected


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "compress"])
def test_an_encoding_we_did_not_ask_for_is_malformed(encoding: str) -> None:
    with pytest.raises(Malformed, match=r"example\.org"):
        read(encoding, b"x")


@pytest.mark.parametrize("sent", [b"not gzip at all", gzip.compress(b"text")[:-8] + b"\0" * 8])
def test_a_damaged_stream_is_malformed(sent: bytes) -> None:
    with pytest.raises(Malformed, match="abîmée"):
        read("gzip", sent)


def test_a_cut_stream_is_worth_another_try() -> None:
    with pytest.raises(Unreachable, match="coupé"):
        read("gzip", gzip.compress(b"text")[:-4])


def test_the_cap_itself_is_allowed_and_one_byte_more_is_not() -> None:
    assert len(read("", b"x" * 1_000, max_bytes=1_000)) == 1_000
    with pytest.raises(TooLarge, match=r"plus de 0\.001 Mo"):
        read("", b"x" * 1_001, max_bytes=1_000)


def test_a_bomb_grows_no_further_than_one_step_past_the_cap() -> None:
    body = BoundedBody("example.org", "gzip", 100_000)
    with pytest.raises(TooLarge):
        body.feed(gzip.compress(bytes(50_000_000)))
    assert len(body._body) <= 100_000 + 64 * 1024


def test_what_costs_much_and_gives_nothing_is_refused() -> None:
    with pytest.raises(TooLarge):
        read("gzip", *[gzip.compress(b"")] * 1_000, max_bytes=10_000)
