"""A browser without a screen, which sends the forms of the page as a real one does."""

import re

import httpx
from starlette.types import ASGIApp

HERE = "http://127.0.0.1:8470"
OURS = {"Origin": HERE, "Sec-Fetch-Site": "same-origin"}


def browsing(app: ASGIApp) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url=HERE)


async def token(client: httpx.AsyncClient) -> str:
    """Return the mark that the forms of the page carry."""
    found = re.search(r'name="jeton" value="(\w+)"', (await client.get("/qui")).text)
    assert found
    return found[1]


async def sent(client: httpx.AsyncClient, path: str, **fields: str) -> httpx.Response:
    """Send a form of the page, and return the answer to it."""
    return await client.post(path, data={"jeton": await token(client), **fields}, headers=OURS)
