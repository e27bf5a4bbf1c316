"""The server of the page: starts, tells when it cannot, ends in time."""

import asyncio
import time

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from watcher.errors import Fatal
from watcher.web.server import serving


async def _hello(_: Request) -> Response:
    return PlainTextResponse("bonjour")


async def _never(_: Request) -> Response:
    await asyncio.Event().wait()
    raise AssertionError


APP = Starlette(routes=[Route("/", _hello), Route("/never", _never)])


async def test_it_answers_at_the_address_it_gives() -> None:
    async with serving(APP) as url, httpx.AsyncClient(trust_env=False) as client:
        response = await client.get(url)
    assert response.text == "bonjour"
    assert "server" not in response.headers


async def test_it_stops_in_time_even_when_somebody_waits_for_an_answer() -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        async with serving(APP) as url:
            waiting = asyncio.create_task(client.get(f"{url}/never"))
            await asyncio.sleep(0.05)
            started_s = time.perf_counter()
        assert time.perf_counter() - started_s < 2
        with pytest.raises(httpx.HTTPError):
            (await waiting).raise_for_status()


async def test_a_port_that_is_taken_is_told_in_french() -> None:
    async with serving(APP) as url:
        port = int(url.rpartition(":")[2])
        with pytest.raises(Fatal, match=f"Le port {port} est déjà pris.*--port"):
            async with serving(APP, port=port):
                pass


async def test_it_refuses_to_listen_outside_of_this_machine() -> None:
    with pytest.raises(Fatal, match="que sur cette machine"):
        async with serving(APP, "0.0.0.0"):  # noqa: S104 - the point
            pass
