"""The demo's page: there from the first second, and shown anew until the play is over."""

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.responses import HTMLResponse

from watcher.demo.stage import Stage


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture
async def browser(stage: Stage) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(stage), base_url="http://127.0.0.1") as client:
        yield client


async def test_a_curtain_hangs_while_the_house_opens(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/")
    assert (answer.status_code, answer.headers["refresh"]) == (200, "2")
    assert "La démonstration s'ouvre" in answer.text


async def test_then_the_page_is_shown_anew_as_long_as_the_play_goes_on(
    stage: Stage, browser: httpx.AsyncClient
) -> None:
    stage.page = HTMLResponse("la page")
    assert ((await browser.get("/")).text, (await browser.get("/")).headers["refresh"]) == ("la page", "2")
    stage.is_playing = False
    assert "refresh" not in (await browser.get("/")).headers
