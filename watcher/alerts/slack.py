"""The doors that messages go through: Slack with a bot's token, or an incoming webhook (Slack's, Mattermost's).

Slack says 200 even when it refuses: `ok` tells. What a token posts can be followed; a webhook names nothing.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from watcher.alerts.marks import Reaction
from watcher.errors import AuthRefused, Malformed, RateLimited, Refused, Unreachable
from watcher.ports import Fetch, Response
from watcher.secrets import Secret
from watcher.stores.journal.messages import Role

API = "https://slack.com/api"

RIGHTS = frozenset({"chat:write", "reactions:read"})
"""What the bot is asked to have."""

_REASONS = {
    "channel_not_found": "ce canal n'existe pas, ou le robot de la veille n'y est pas invité",
    "not_in_channel": "le robot de la veille n'est pas dans ce canal : invitez-le",
    "is_archived": "ce canal est archivé",
    "invalid_blocks": "Slack ne lit pas ce message",
    "msg_too_long": "ce message est trop long",
    "message_not_found": "ce message a été supprimé",
    "missing_scope": "il manque un droit au robot : chat:write",
}
_KEY = frozenset({"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"})
_TAKEN = b"ok"
"""All that a webhook says of a message it has taken, Slack's as Mattermost's."""

_LATER = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout", "ratelimited"})


@dataclass(frozen=True, slots=True)
class Posted:
    """Where a message stands, as the service names it: only so can it be changed. `ts` is None where it has no name."""

    channel: str
    ts: str | None


class Door(Protocol):
    """Where messages go."""

    @property
    def secret(self) -> Secret:
        """What opens it, for the logs to erase."""
        ...

    async def send(self, fetch: Fetch, role: Role, channel: str, body: Mapping[str, Any], ts: str | None) -> Posted:
        """Send a message, and return where it stands.

        `ts` is that of the thread's first message: to be changed by an update, to be followed by a reply. Raises what
        `Fetch.post` raises: `Transient` when it is worth another try, `Permanent` when it is not.
        """
        ...


@dataclass(frozen=True, slots=True)
class Slack:
    """Slack's own interface, with the token of a bot that may `chat:write`, and `reactions:read` to hear answers."""

    token: Secret
    api: str = API

    @property
    def secret(self) -> Secret:
        """The token."""
        return self.token

    async def send(self, fetch: Fetch, role: Role, channel: str, body: Mapping[str, Any], ts: str | None) -> Posted:
        """Post, or change what was posted."""
        said = {"channel": channel, "unfurl_links": False, "unfurl_media": False, "link_names": False, **body}
        if role is Role.UPDATE:
            answer = await self._call(fetch, "chat.update", {"channel": channel, "ts": ts, **body})
        elif role is Role.REPLY:
            answer = await self._call(fetch, "chat.postMessage", {**said, "thread_ts": ts})
        else:
            answer = await self._call(fetch, "chat.postMessage", said)
        return Posted(str(answer.get("channel", channel)), str(answer["ts"]) if "ts" in answer else None)

    async def reactions(self, fetch: Fetch, channel: str, ts: str) -> Sequence[Reaction] | None:
        """Return how people react to the message `ts`, the bot that wrote it left out; None while it may not ask.

        `reactions.get` takes no JSON, and without `full` it may leave people out. Raises what `Fetch.get` raises.
        """
        answer = _read(
            await fetch.get(
                f"{self.api}/reactions.get",
                params={"channel": channel, "timestamp": ts, "full": "true"},
                secret_headers=self._authorization,
            )
        )
        if answer.get("error") == "missing_scope":
            return None
        accepted = _accepted(answer, channel)
        try:
            message = accepted["message"]
            return [_reaction(each, str(message.get("user", ""))) for each in message.get("reactions", ())]
        except (KeyError, TypeError, AttributeError) as error:
            raise Malformed("Slack répond autre chose que prévu.") from error

    async def rights(self, fetch: Fetch) -> frozenset[str]:
        """Return what the bot may do, empty where Slack does not say; nothing is posted. Raises what `Fetch` raises."""
        answer = await fetch.post(f"{self.api}/auth.test", secret_headers=self._authorization)
        _accepted(_read(answer), "")
        return frozenset(
            right.strip() for right in answer.headers.get("x-oauth-scopes", "").split(",") if right.strip()
        )

    @property
    def _authorization(self) -> Mapping[str, Secret]:
        return {"Authorization": Secret(f"Bearer {self.token.reveal()}")}

    async def _call(self, fetch: Fetch, method: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        answer = _read(await fetch.post(f"{self.api}/{method}", body=body, secret_headers=self._authorization))
        return _accepted(answer, str(body["channel"]))


@dataclass(frozen=True, slots=True)
class Webhook:
    """An incoming webhook: its address is the secret, and what it posted can be neither followed nor changed.

    `takes_blocks` is False for Mattermost, which shows the text alone.
    """

    address: Secret
    takes_blocks: bool = True

    @property
    def secret(self) -> Secret:
        """The address."""
        return self.address

    async def send(self, fetch: Fetch, role: Role, channel: str, body: Mapping[str, Any], ts: str | None) -> Posted:
        """Post; an update has nothing to change, and is let go."""
        if role is not Role.UPDATE:
            said = body if self.takes_blocks else {"text": body["text"]}
            answer = await fetch.post(self.address.reveal(), body=said)
            if answer.body.strip() != _TAKEN:
                raise Unreachable("L'adresse du webhook répond autre chose que « ok » : vérifiez-la.")
        return Posted(channel, None)


def door_of(variables: Mapping[str, str]) -> Door | None:
    """Return where alerts go, by the first of the secrets that name it; None without any."""
    if token := variables.get("WATCHER_SLACK_TOKEN"):
        return Slack(Secret(token))
    if address := variables.get("WATCHER_SLACK_WEBHOOK"):
        return Webhook(Secret(address))
    if address := variables.get("WATCHER_MATTERMOST_WEBHOOK"):
        return Webhook(Secret(address), takes_blocks=False)
    return None


def _read(response: Response) -> Mapping[str, Any]:
    try:
        answer = json.loads(response.body)
    except ValueError as error:
        raise Unreachable("Slack répond autre chose que prévu.") from error
    if not isinstance(answer, dict):
        raise Unreachable("Slack répond autre chose que prévu.")
    return answer


def _accepted(answer: Mapping[str, Any], channel: str) -> Mapping[str, Any]:
    """Return `answer` if it is a yes; raise what it is otherwise."""
    if answer.get("ok") is True:
        return answer
    error = str(answer.get("error", "sans raison"))
    if error in _LATER:
        raise RateLimited("Slack demande d'attendre.") if error == "ratelimited" else Unreachable("Slack est en panne.")
    if error in _KEY:
        raise AuthRefused("Slack refuse la clé : vérifiez WATCHER_SLACK_TOKEN.", 401)
    raise Refused(f"Slack refuse un message pour {channel} : {_REASONS.get(error, error)}.")


def _reaction(found: Mapping[str, Any], bot: str) -> Reaction:
    users = tuple(str(user) for user in found["users"])
    return Reaction(str(found["name"]), tuple(user for user in users if user != bot), found["count"] - (bot in users))
