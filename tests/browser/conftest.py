"""One browser for every test of the page, and the page that they open."""

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser

from tests.fakes.browser import a_browser
from tests.fakes.shown import shown_page
from watcher.web.server import serving


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with a_browser() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def site() -> AsyncIterator[str]:
    async with serving(shown_page()) as url:
        yield url
