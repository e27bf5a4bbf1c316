"""A real browser, where the machine has one."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, Page, async_playwright

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
SIZES = {"desktop": (1280, 900), "phone": (360, 740)}
ZOOM = "zoom"
_ROOMS = {**SIZES, ZOOM: (320, 640)}
"""The last is a screen of 1280 at 400 %, which WCAG 2.2 (1.4.10) wants read without scrolling sideways."""


def in_a_browser(what: str) -> list[pytest.MarkDecorator]:
    """Return the marks of tests that open `what` in a browser, and say aloud when there is none."""
    return [
        pytest.mark.asyncio(loop_scope="session"),
        pytest.mark.skipif(CHROMIUM is None, reason=f"no Chromium on this machine: {what} was NOT tried in a browser"),
    ]


@asynccontextmanager
async def a_browser() -> AsyncIterator[Browser]:
    """Yield a browser that runs while the block does."""
    options = ["--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=options)
        yield browser
        await browser.close()


async def opened(browser: Browser, url: str, size: str = "desktop") -> Page:
    """Return a tab of its own at `url`."""
    width, height = _ROOMS[size]
    context = await browser.new_context(viewport={"width": width, "height": height})
    context.set_default_timeout(10_000)
    tab = await context.new_page()
    await tab.goto(url)
    return tab
