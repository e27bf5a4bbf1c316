"""Platforms on loopback that several files of this folder watch."""

from collections.abc import AsyncIterator

import pytest

from tests.fakes import watching_linkedin, watching_youtube
from tests.fakes.clock import FakeClock
from tests.fakes.linkedin import FakeLinkedIn
from tests.fakes.youtube import FakeYouTube
from watcher.fetch import HttpFetch
from watcher.web.server import serving


@pytest.fixture
async def youtube() -> AsyncIterator[watching_youtube.Watcher]:
    platform = FakeYouTube()
    fetch = HttpFetch(user_agent="essai", clock=FakeClock(), allow_loopback=True)
    async with serving(platform) as address, fetch:
        yield watching_youtube.Watcher(platform, address, fetch)


@pytest.fixture
async def linkedin() -> AsyncIterator[watching_linkedin.Watcher]:
    platform = FakeLinkedIn()
    fetch = HttpFetch(user_agent="essai", clock=FakeClock(), allow_loopback=True)
    async with serving(platform) as address, fetch:
        yield watching_linkedin.Watcher(platform, address, fetch)
