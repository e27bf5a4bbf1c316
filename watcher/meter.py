"""The way out of a source that has a budget: what each call may cost is taken before it is made, the rest given back.

Collectors know nothing of it: they are given this in the place of the plain `Fetch`. A call whose outcome nobody knows
(no answer, a crash) stays paid at its full price: the safe side.
"""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import astuple
from datetime import date

from watcher.budget import Cost
from watcher.errors import BudgetPaced, BudgetSpent, Permanent, Transient
from watcher.model import Source
from watcher.ports import Billed, Clock, Collector, Fetch, Purses, Response
from watcher.secrets import Secret
from watcher.spending import Account, Refusal

ONE_CALL = Cost(calls=1)


def metered(fetch: Fetch, source: Source, collector: Collector, purses: Purses, clock: Clock) -> Fetch:
    """Return the `fetch` of `source`: itself where nothing is limited, else one that never passes its budget."""
    return MeteredFetch(fetch, source, collector, purses, clock) if source.budget.is_limited else fetch


class MeteredFetch:
    """Implements `ports.Fetch`, as its docstring says; raises `BudgetSpent` too."""

    def __init__(self, fetch: Fetch, source: Source, collector: Collector, purses: Purses, clock: Clock) -> None:
        self._fetch = fetch
        self._source = source
        self._purse = source.purse
        self._billed = collector if isinstance(collector, Billed) else None
        self._purses = purses
        self._clock = clock

    async def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        secret_headers: Mapping[str, Secret] | None = None,
    ) -> Response:
        """Return what `fetch` returns, once its price was taken."""
        price, day = self._take(url, params or {})
        try:
            answer = await self._fetch.get(url, headers=headers, params=params, secret_headers=secret_headers)
        except (Transient, Permanent) as error:
            self._settle_failure(error, price, day)
            raise
        self._settle(url, params or {}, answer, price, day)
        return answer

    async def post(
        self,
        url: str,
        *,
        body: Mapping[str, object] | None = None,
        as_form: bool = False,
        secret_headers: Mapping[str, Secret] | None = None,
    ) -> Response:
        """Return what `fetch` returns, once its price was taken: what of `body` is no secret stands for parameters."""
        params = {name: value for name, value in (body or {}).items() if isinstance(value, str)}
        price, day = self._take(url, params)
        try:
            answer = await self._fetch.post(url, body=body, as_form=as_form, secret_headers=secret_headers)
        except (Transient, Permanent) as error:
            self._settle_failure(error, price, day)
            raise
        self._settle(url, params, answer, price, day)
        return answer

    async def stream(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        secret_headers: Mapping[str, Secret] | None = None,
        subprotocol: str | None = None,
    ) -> AsyncGenerator[tuple[str, ...], None]:
        """Yield what `fetch` yields: opening it is one call, whatever comes."""
        self._take(url, params or {})
        async for batch in self._fetch.stream(
            url, headers=headers, params=params, secret_headers=secret_headers, subprotocol=subprotocol
        ):
            yield batch

    def _take(self, url: str, params: Mapping[str, str]) -> tuple[Cost, date]:
        price = self._billed.price(self._source.settings, url, params) if self._billed else ONE_CALL
        taken = self._purses.take(self._purse, self._source.budget, price, self._clock.now())
        if isinstance(taken, Refusal):
            raise _error(taken)
        return price, taken

    def _settle(self, url: str, params: Mapping[str, str], answer: Response, price: Cost, day: date) -> None:
        if self._billed:
            self._give_back(price, self._billed.paid(self._source.settings, url, params, answer), day)

    def _settle_failure(self, error: Transient | Permanent, price: Cost, day: date) -> None:
        """A platform that refused has counted the call, and sold nothing."""
        if error.answer is not None:
            self._give_back(price, Cost(calls=price.calls, searches=price.searches), day)

    def _give_back(self, price: Cost, paid: Cost, day: date) -> None:
        rest = Cost(*(max(0, most - real) for most, real in zip(astuple(price), astuple(paid), strict=True)))
        self._purses.give_back(self._purse, day, rest)


def _error(refused: Refusal) -> BudgetSpent:
    if refused.is_rest:
        period = "du mois" if refused.account.period.is_month else "du jour"
        return BudgetSpent(
            f"Le budget {period} est dépensé ({_shown(refused.account)}) : la source se repose.", refused.wait_s
        )
    period = "le mois" if refused.account.period.is_month else "la journée"
    return BudgetPaced(
        f"Le budget est réparti sur {period} ({_shown(refused.account)}) : la suite est pour plus tard.", refused.wait_s
    )


def _shown(account: Account) -> str:
    return f"{account.spent:.10g} {account.thing} sur {account.limit:.10g}".replace(".", ",")
