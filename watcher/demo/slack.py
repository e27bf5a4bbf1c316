"""A Slack that knows its messages' interface, and is as strict about it as the real one.

Its rules are those of Slack's own documentation, and of slack_sdk, which validates each block: a token, a channel that
the bot is in, threads by `ts`, one message a second in a channel, 200 with `ok: false` for a refusal.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

TOKEN = "xoxb-demonstration"  # noqa: S105 - opens nothing
BOT = "U0ROBOT"
_READING = "reactions:read"
_MAX_BLOCKS = 50
_LISTED = 2  # how many Slack names of whom it is not asked for in full, it does not say: few
_MAX_TEXT = 40_000


@dataclass(slots=True)
class FakeSlack:
    """An application that takes messages. `said` holds them by (channel, ts); `monotonic_s` gives the time.

    `apart_s` is how long a channel wants between two messages; a caller that does not wait is answered 429.
    """

    monotonic_s: Callable[[], float]
    channels: frozenset[str] = frozenset({"#veille", "#crises"})
    apart_s: float = 1.0
    said: dict[tuple[str, str], Any] = field(default_factory=dict)
    scopes: frozenset[str] = frozenset({"chat:write", _READING})
    _reactions: dict[tuple[str, str], dict[str, list[str]]] = field(default_factory=dict)
    _latest_s: dict[str, float] = field(default_factory=dict)

    @property
    def app(self) -> Starlette:
        """The application to serve, at `/api`."""
        return Starlette(
            routes=[
                Route("/api/chat.postMessage", self._post, methods=["POST"]),
                Route("/api/chat.update", self._update, methods=["POST"]),
                Route("/api/auth.test", self._test, methods=["POST"]),
                Route("/api/reactions.get", self._get_reactions, methods=["GET"]),
            ]
        )

    def thread(self, ts: str) -> list[Any]:
        """Return what was said in the thread of the message `ts`."""
        return [each for each in self.said.values() if each.get("thread_ts") == ts]

    @property
    def threads(self) -> list[Any]:
        """What opened a thread, in order."""
        return [each for each in self.said.values() if "thread_ts" not in each]

    @property
    def titles(self) -> Mapping[str, str]:
        """What stands on top of each message that opened a thread, by its ts, in order."""
        return {ts: each["blocks"][0]["text"]["text"] for (_, ts), each in self.said.items() if "thread_ts" not in each}

    def text_of(self, title: str) -> str:
        """Return all that the messages under `title` say, one block a line; nothing where there is none."""
        shown = [each["blocks"] for (_, ts), each in self.said.items() if self.titles.get(ts) == title]
        return "\n".join(block["text"]["text"] for blocks in shown for block in blocks if "text" in block)

    def unsigned(self, takers: Mapping[str, str]) -> list[str]:
        """Return, in French, which messages do not say who takes their event: `takers` gives a name by title."""
        shown = {self.titles[ts]: str(each) for (_, ts), each in self.said.items() if ts in self.titles}
        return [
            f"Slack : « {title} » ne dit pas que {taker} s'en occupe"
            for title, taker in takers.items()
            if f"Prise en charge par {taker}" not in shown.get(title, "")
        ]

    def react(self, ts: str, emoji: str, user: str) -> None:
        """Let `user` put `emoji` under the message `ts`; once more changes nothing."""
        users = self._reactions.setdefault(self._key(ts), {}).setdefault(emoji, [])
        if user not in users:
            users.append(user)

    def unreact(self, ts: str, emoji: str, user: str) -> None:
        """Let `user` take `emoji` back from under the message `ts`."""
        found = self._reactions[self._key(ts)]
        found[emoji].remove(user)
        if not found[emoji]:
            del found[emoji]

    def delete(self, ts: str) -> None:
        """Let the message `ts` be removed, and what is under it."""
        key = self._key(ts)
        del self.said[key]
        self._reactions.pop(key, None)

    def _key(self, ts: str) -> tuple[str, str]:
        return next(key for key in self.said if key[1] == ts)

    def lacks(self, titles: Iterable[str]) -> list[str]:
        """Return, in French, what of the events `titles` was not told once, each in a thread of its own."""
        told = Counter(self.titles.values())
        wanted = Counter(titles)
        return [
            *(f"Slack : rien sur « {title} »" for title in (wanted - told)),
            *(f"Slack : « {title} » en trop" for title in (told - wanted)),
        ]

    async def _post(self, request: Request) -> Response:
        body = await request.json()
        if error := self._error(request, body, {*self.channels, *self._ids}):
            return _refusal(error)
        channel = self._ids.get(body["channel"], body["channel"])
        now_s = self.monotonic_s()
        if now_s - self._latest_s.get(channel, -self.apart_s) < self.apart_s:
            return JSONResponse({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": "1"})
        if (thread := body.get("thread_ts")) and (channel, thread) not in self.said:
            return _refusal("thread_not_found")
        self._latest_s[channel] = now_s
        ts = f"1764000000.{len(self.said):06}"
        self.said[channel, ts] = {**body, "channel": channel}
        return JSONResponse({"ok": True, "channel": _id(channel), "ts": ts})

    async def _update(self, request: Request) -> Response:
        body = await request.json()
        if error := self._error(request, body, self._ids):  # what is posted by name is changed by id only
            return _refusal(error)
        key = self._ids[body["channel"]], str(body.get("ts"))
        if key not in self.said:
            return _refusal("message_not_found")
        self.said[key] = {**self.said[key], **body, "channel": key[0]}
        return JSONResponse({"ok": True, "channel": body["channel"], "ts": key[1]})

    async def _test(self, request: Request) -> Response:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return _refusal("invalid_auth")
        return JSONResponse({"ok": True, "user_id": BOT}, headers={"X-OAuth-Scopes": ",".join(sorted(self.scopes))})

    async def _get_reactions(self, request: Request) -> Response:
        if error := self._unreadable(request):
            return JSONResponse({"ok": False, **error})
        channel, ts = request.query_params["channel"], request.query_params["timestamp"]
        listed = None if request.query_params.get("full") == "true" else _LISTED
        found = [
            {"name": emoji, "users": users[:listed], "count": len(users)}
            for emoji, users in self._reactions.get((self._ids[channel], ts), {}).items()
        ]
        message = {"type": "message", "user": BOT, "ts": ts, **({"reactions": found} if found else {})}
        return JSONResponse({"ok": True, "type": "message", "channel": channel, "message": message})

    def _unreadable(self, request: Request) -> Mapping[str, str]:
        """Return why the reactions that are asked for are not given, nothing where they are; no JSON is read here."""
        asked = request.query_params
        channel, ts = asked.get("channel", ""), asked.get("timestamp", "")
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return {"error": "invalid_auth"}
        if _READING not in self.scopes:
            return {"error": "missing_scope", "needed": _READING, "provided": ",".join(sorted(self.scopes))}
        faults = {
            "no_item_specified": not channel or not ts,
            "channel_not_found": channel not in self._ids,  # by its id alone
            "bad_timestamp": not re.fullmatch(r"\d+\.\d{6}", ts),
            "message_not_found": (self._ids.get(channel), ts) not in self.said,
        }
        return next(({"error": error} for error, is_so in faults.items() if is_so), {})

    @property
    def _ids(self) -> Mapping[str, str]:
        return {_id(channel): channel for channel in self.channels}

    def _error(self, request: Request, body: Mapping[str, Any], known: Collection[str]) -> str:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return "invalid_auth"
        if body.get("channel") not in known:
            return "channel_not_found"
        if not body.get("text") and not body.get("blocks"):
            return "no_text"
        return "msg_too_long" if len(body.get("text", "")) > _MAX_TEXT else _fault_of(body.get("blocks", []))


def _id(channel: str) -> str:
    """Return the id of a channel: letters and digits, as Slack's."""
    return f"C{''.join(filter(str.isalnum, channel)).upper()}"


def _fault_of(blocks: Any) -> str:
    if not isinstance(blocks, list) or len(blocks) > _MAX_BLOCKS:
        return "invalid_blocks"
    try:
        parsed = [Block.parse(block) for block in blocks]
        for block in parsed:
            if block is None:
                return "invalid_blocks"
            block.validate_json()
    except SlackObjectFormationError:
        return "invalid_blocks"
    return ""


def _refusal(error: str) -> Response:
    return JSONResponse({"ok": False, "error": error})
