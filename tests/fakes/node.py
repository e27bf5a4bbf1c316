"""The real Elasticsearch that the tests share: one node a run, and a prefix of their own for each test."""

import asyncio
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from watcher.secrets import cache_folder
from watcher.stores.embedded import start

PREPARE = """
from watcher.secrets import cache_folder
from watcher.stores.embedded.home import prepare
prepare(cache_folder(), print)
"""


@pytest.fixture(scope="session")
def es_cache() -> Path:
    """Give the user's cache, filled by another process: this one may not leave the machine."""
    subprocess.run([sys.executable, "-c", PREPARE], check=True)
    return cache_folder()


@pytest.fixture(scope="session")
def es_url(tmp_path_factory: pytest.TempPathFactory, es_cache: Path) -> Iterator[str]:
    """Give the address of a node that the first test to need it starts, and that ends with the run."""
    node = asyncio.run(start(tmp_path_factory.mktemp("elasticsearch"), es_cache))
    yield node.url
    node.stop()


@pytest.fixture
def es_prefix(es_url: str) -> Iterator[str]:
    """Give a prefix for names of indices and templates; what bears it is deleted after the test."""
    prefix = f"t{secrets.token_hex(4)}-"
    yield prefix
    with httpx.Client(base_url=es_url, trust_env=False) as client:
        for index in client.get(f"/{prefix}*", params={"expand_wildcards": "all"}).json():
            client.delete(f"/{index}").raise_for_status()
        for kind in ("_index_template", "_component_template"):
            assert client.delete(f"/{kind}/{prefix}*").status_code in (200, 404)
