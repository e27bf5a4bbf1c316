"""The way in from elsewhere in a real browser, over HTTPS: asked for the password, led where one wanted, and out."""

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
import uvicorn
from playwright.async_api import Browser, Page
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from tests.fakes.browser import SIZES, in_a_browser
from tests.fakes.clock import NOON
from tests.fakes.entrance import PASSWORD, Hands, private_page
from watcher.web.server import serving

PICTURES = Path("test-output")

pytestmark = [
    *in_a_browser("the password of the page"),
    pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl: the password was NOT tried over HTTPS"),
]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return a key and a certificate of this machine, as uvicorn names them."""
    folder = tmp_path_factory.mktemp("tls")
    files = {"ssl_keyfile": str(folder / "key.pem"), "ssl_certfile": str(folder / "certificate.pem")}
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    made += ["-keyout", files["ssl_keyfile"], "-out", files["ssl_certfile"]]
    subprocess.run(made, check=True, capture_output=True)
    return files


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def private(certificate: dict[str, str]) -> AsyncIterator[str]:
    """Serve the private page over HTTPS, as the proxy before it does."""
    page = private_page(Hands(NOON), names=["localhost"])
    server = uvicorn.Server(uvicorn.Config(page, port=0, lifespan="off", ws="none", log_config=None, **certificate))
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.02)
    yield f"https://localhost:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    await running


async def asked(browser: Browser, url: str, size: str = "desktop") -> Page:
    width, height = SIZES[size]
    context = await browser.new_context(ignore_https_errors=True, viewport={"width": width, "height": height})
    context.set_default_timeout(10_000)
    tab = await context.new_page()
    await tab.goto(url)
    return tab


async def enter(tab: Page, password: str = PASSWORD) -> None:
    await tab.get_by_label("Mot de passe de l'équipe").fill(password)
    await tab.get_by_role("button", name="Entrer").click()


@pytest.mark.parametrize("size", SIZES)
async def test_a_wrong_password_is_told_and_the_right_one_leads_where_one_wanted(
    browser: Browser, private: str, size: str
) -> None:
    tab = await asked(browser, f"{private}/qui", size)
    await enter(tab, "ce n'est pas celui-là")
    assert await tab.get_by_role("alert").is_visible()
    PICTURES.mkdir(exist_ok=True)
    await tab.screenshot(path=PICTURES / f"entrance-{size}-light.png")
    await enter(tab)
    assert tab.url == f"{private}/qui"
    await tab.get_by_role("button", name="Sortir").click()
    assert await tab.get_by_label("Mot de passe de l'équipe").is_visible()
    await tab.context.close()


async def test_a_link_from_another_site_finds_the_session_that_is_there(browser: Browser, private: str) -> None:
    async def elsewhere(_: Request) -> Response:
        return HTMLResponse(f'<!DOCTYPE html><a href="{private}/qui">La veille</a>')

    tab = await asked(browser, private)
    await enter(tab)
    async with serving(Starlette(routes=[Route("/", elsewhere)])) as url:
        await tab.goto(url)
        await tab.get_by_role("link", name="La veille").click()
        await tab.wait_for_url(f"{private}/qui")
    assert await tab.get_by_role("heading", name="Qui êtes-vous ?").is_visible()
    await tab.context.close()
