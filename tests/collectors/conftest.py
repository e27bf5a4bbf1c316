"""Platforms on loopback that several files of this folder watch."""

from collections.abc import AsyncIterator

import pytest

from tests.fakes.clock import FakeClock
from tests.fakes.watching_youtube import Watcher
from tests.fakes.youtube import FakeYouTube
from watcher.fetch import HttpFetch
from watcher.web.server import serving


@pytest.fixture
async def youtube() -> AsyncIterator[Watcher]:
    platform = FakeYouTube()
    fetch = HttpFetch(user_agent="essai", clock=FakeClock(), allow_loopback=True)
    async with serving(platform) as address, fetch:
        yield Watcher(platform, address, fetch)
