"""TLS: the certificate is checked against the name of the URL, although we connect to an address."""

import asyncio
import shutil
import ssl
import subprocess
from collections.abc import Sequence
from ipaddress import ip_address
from pathlib import Path

import pytest

from tests.fakes.clock import FakeClock
from tests.fakes.servers import FaultyServer, Received, answer, head, redirect
from watcher.errors import ForbiddenAddress, Unreachable
from watcher.fetch import HttpFetch
from watcher.fetch.address import Address

NAME = "feeds.example.org"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl on this machine: TLS is not tested")
    both = tmp_path_factory.mktemp("tls") / "certificate.pem"
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    what = ["-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}", "-days", "2"]
    command = [openssl, "req", "-x509", *curve, *what, "-keyout", str(both), "-out", "-"]
    made = subprocess.run(command, check=True, capture_output=True)
    with both.open("ab") as file:
        file.write(made.stdout)
    return both


@pytest.fixture
def server_side(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def trusting(certificate: Path) -> HttpFetch:
    authority = ssl.create_default_context(cafile=certificate)
    return HttpFetch(user_agent="v", clock=FakeClock(), allow_loopback=True, tls=authority, resolver=to_loopback)


async def to_loopback(_: str, __: int) -> Sequence[Address]:
    return [ip_address("127.0.0.1")]


async def test_the_name_of_the_url_is_announced_and_checked(trusting: HttpFetch, server_side: ssl.SSLContext) -> None:
    announced: list[str | None] = []
    server_side.sni_callback = lambda _, name, __: announced.append(name)
    async with trusting, FaultyServer(answer(200, b"private"), tls=server_side) as server:
        assert (await trusting.get(server.url("/", NAME))).body == b"private"
    assert announced == [NAME]
    assert server.requests[0].headers["host"] == f"{NAME}:{server.port}"


async def test_a_connection_of_one_name_never_serves_another_name(
    trusting: HttpFetch, server_side: ssl.SSLContext
) -> None:
    async with trusting, FaultyServer(answer(), tls=server_side) as server:
        await trusting.get(server.url("/", NAME))
        with pytest.raises(Unreachable, match=r"certificat de other\.example\.org"):
            await trusting.get(server.url("/", "other.example.org"))
    assert len(server.requests) == 1


async def test_an_unknown_authority_is_refused_in_french(server_side: ssl.SSLContext) -> None:
    async with (
        HttpFetch(user_agent="v", clock=FakeClock(), allow_loopback=True, resolver=to_loopback) as fetch,
        FaultyServer(answer(), tls=server_side) as server,
    ):
        with pytest.raises(Unreachable, match=r"le certificat de feeds\.example\.org n'est pas valable"):
            await fetch.get(server.url("/", NAME))


async def test_a_redirection_out_of_encryption_is_not_followed(
    trusting: HttpFetch, server_side: ssl.SSLContext
) -> None:
    async with trusting, FaultyServer(answer()) as plain:
        async with FaultyServer(redirect(plain.url()), tls=server_side) as server:
            with pytest.raises(ForbiddenAddress, match="non chiffrée"):
                await trusting.get(server.url("/", NAME))
        assert plain.connections == 0


async def test_a_record_that_was_tampered_with_is_a_broken_answer(
    trusting: HttpFetch, server_side: ssl.SSLContext
) -> None:
    async def forge(_: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(head(200) + b"genuine")
        await writer.drain()
        wire = writer.transport._ssl_protocol._transport  # type: ignore[attr-defined]
        wire.write(b"\x17\x03\x03\x00\x20" + b"z" * 32)
        await asyncio.Event().wait()

    async with trusting, FaultyServer(forge, tls=server_side) as server:
        with pytest.raises(Unreachable, match="a coupé ou brouillé"):
            await trusting.get(server.url("/", NAME))
