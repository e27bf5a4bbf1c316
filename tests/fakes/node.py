"""The real Elasticsearch that the tests share: one node a run, and a prefix of their own for each test."""

import asyncio
import secrets
from collections.abc import Iterator

import httpx
import pytest

from watcher.secrets import cache_folder
from watcher.stores.embedded import start


@pytest.fixture(scope="session")
def es_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of a node that the first test to need it starts, and that ends with the run."""
    node = asyncio.run(start(tmp_path_factory.mktemp("elasticsearch"), cache_folder()))
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
