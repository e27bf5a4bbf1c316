"""What a site asks of robots (RFC 9309), read before its pages and kept for a day. Wraps any `ports.Fetch`.

A request that carries a key follows an agreement with its platform, and hosts of programming interfaces often close
themselves to every robot: `robots.txt` is not asked there.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping

from protego import Protego

from watcher.errors import Permanent, Refused
from watcher.fetch.address import web_address
from watcher.ports import Clock, Fetch, Response
from watcher.secrets import Secret

_KEPT_S = 86_400.0
"""The longest that RFC 9309 (2.4) allows."""

_READ_BYTES = 512_000
"""RFC 9309 (2.5) asks for 500 KiB at the least; the rest is not looked at, so that its parsing stays short."""


class RobotsFetch:
    """Gives `fetch` only what the site lets `user_agent` read."""

    def __init__(self, fetch: Fetch, *, clock: Clock, user_agent: str) -> None:
        self._fetch = fetch
        self._clock = clock
        self._user_agent = user_agent
        self._known: dict[str, tuple[Protego, float]] = {}
        self._asked: dict[str, asyncio.Task[Protego]] = {}

    async def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        secret_headers: Mapping[str, Secret] | None = None,
    ) -> Response:
        """Return what `fetch` returns. Raises `Refused` without calling `url` where the site asks robots to keep out.

        A site whose `robots.txt` cannot be had for now (5xx, no answer, "wait") is as good as down: that is raised.
        """
        if not secret_headers:
            rules = await self._rules(str(web_address(url).join("/robots.txt")))
            if not rules.can_fetch(url, self._user_agent):
                host = web_address(url).host
                raise Refused(f"{host} demande aux robots de ne pas lire cette adresse (robots.txt)")
        return await self._fetch.get(url, headers=headers, params=params, secret_headers=secret_headers)

    async def post(
        self,
        url: str,
        *,
        body: Mapping[str, object] | None = None,
        as_form: bool = False,
        secret_headers: Mapping[str, Secret] | None = None,
    ) -> Response:
        """Return what `fetch` returns: what takes a POST is a programming interface, no page of a site."""
        return await self._fetch.post(url, body=body, as_form=as_form, secret_headers=secret_headers)

    def stream(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        secret_headers: Mapping[str, Secret] | None = None,
        subprotocol: str | None = None,
    ) -> AsyncGenerator[tuple[str, ...], None]:
        """Yield what `fetch` yields: a stream is a programming interface, no page of a site."""
        return self._fetch.stream(
            url, headers=headers, params=params, secret_headers=secret_headers, subprotocol=subprotocol
        )

    async def _rules(self, address: str) -> Protego:
        now_s = self._clock.monotonic_s()
        rules, until_s = self._known.get(address, (None, now_s))
        if rules is not None and now_s < until_s:
            return rules
        if address not in self._asked:  # sources of one site that start together ask for it once
            self._asked[address] = asyncio.create_task(self._ask(address))
            self._asked[address].add_done_callback(lambda _: self._asked.pop(address))
        return await asyncio.shield(self._asked[address])

    async def _ask(self, address: str) -> Protego:
        rules = Protego.parse(await self._text(address))
        self._known[address] = rules, self._clock.monotonic_s() + _KEPT_S
        return rules

    async def _text(self, address: str) -> str:
        try:
            answer = await self._fetch.get(address)
        except Permanent:
            return ""  # no file, no rules: RFC 9309, 2.3.1.3
        return answer.body[:_READ_BYTES].decode("utf-8", "replace")
