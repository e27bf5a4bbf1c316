"""The written world while it is served: real servers on loopback that tell what the clock says has been written.

async with serve_world(timeline(end), clock) as world:
    clock.advance(hour)
    await world.publish()
"""

import html
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from watcher.demo.everyday import INSTANCES
from watcher.demo.jetstream import JetstreamServer
from watcher.demo.mastodon import MastodonInstance
from watcher.demo.press import sites
from watcher.demo.scenario import Scripted
from watcher.demo.sites import SICK, home, sites_app
from watcher.demo.slack import FakeSlack
from watcher.ports import Clock
from watcher.web.server import serving, serving_ports

_TAG = re.compile(r"#(\w+)")
_ALLOWANCE = 300
_POST = "app.bsky.feed.post"


@dataclass(slots=True)
class World:
    """Sites with feeds, instances that federate, a stream, and the team's Slack, each on a port of its own."""

    posts: tuple[Scripted, ...]
    clock: Clock
    ports: Mapping[str, int]
    instances: Mapping[str, MastodonInstance]
    stream: JetstreamServer
    slack: FakeSlack
    slack_api: str
    _told: int = field(default=0)

    def feed_address(self, site: str) -> str:
        """Return the address of a site's feed, healthy or sick."""
        return f"http://127.0.0.1:{self.ports[site]}/flux/{site}"

    def link(self, post: Scripted) -> str:
        """Return the address that its platform gives for `post`."""
        if post.platform == "bluesky":
            return f"https://bsky.app/profile/{post.author}/post/{_key(post)}"
        return f"{home(post.site, self.ports[post.site])}/{post.number}"

    async def publish(self) -> None:
        """Tell on the social platforms what was written there up to the clock's time."""
        for instance in self.instances.values():
            instance.allowance = _ALLOWANCE
        while self._told < len(self.posts) and self.posts[self._told].at <= self.clock.now():
            post = self.posts[self._told]
            self._told += 1
            if post.platform == "mastodon":
                self._toot(post)
            elif post.platform == "bluesky":
                await self.stream.publish(_event(post))

    def _toot(self, post: Scripted) -> None:
        handle = post.author.partition("@")[0]
        told = self.instances[post.site].write(
            handle,
            f"<p>{html.escape(post.text, quote=False)}</p>",
            tags=tuple(tag.lower() for tag in _TAG.findall(post.text)),
            created_at=post.at,
            language=None,
            account={"acct": post.author, "display_name": "Auteur de démonstration"},
            changes={"url": self.link(post)},
        )
        for site, instance in self.instances.items():
            if site != post.site:
                instance.receive(told)


@asynccontextmanager
async def serve_world(posts: tuple[Scripted, ...], clock: Clock) -> AsyncIterator[World]:
    """Serve `posts` as time goes by on `clock`, on free ports of this machine, while the block runs."""
    names = [*(site.name for site in sites()), *SICK, *INSTANCES]
    async with AsyncExitStack() as stack:
        ports = await stack.enter_async_context(serving_ports(sites_app(sites(), posts, clock), len(names)))
        stream = await stack.enter_async_context(JetstreamServer(recording=True))
        instances = {name: MastodonInstance(f"{name}.example") for name in INSTANCES}
        for instance in instances.values():
            instance.address = await stack.enter_async_context(serving(instance))
        slack = FakeSlack(clock.monotonic_s)
        api = await stack.enter_async_context(serving(slack.app))
        yield World(posts, clock, dict(zip(names, ports, strict=True)), instances, stream, slack, f"{api}/api")


def _key(post: Scripted) -> str:
    return f"demonstration{post.number}"


def _event(post: Scripted) -> Mapping[str, Any]:
    record = {"$type": _POST, "text": post.text, "createdAt": post.at.isoformat(), "facets": _facets(post.text)}
    commit = {"operation": "create", "collection": _POST, "rkey": _key(post), "record": record}
    return {"did": post.author, "time_us": int(post.at.timestamp() * 1_000_000), "kind": "commit", "commit": commit}


def _facets(text: str) -> list[Mapping[str, Any]]:
    """Return where the hashtags of `text` stand, in bytes of UTF-8."""
    return [
        {
            "index": {"byteStart": len(text[: found.start()].encode()), "byteEnd": len(text[: found.end()].encode())},
            "features": [{"$type": "app.bsky.richtext.facet#tag", "tag": found[1]}],
        }
        for found in _TAG.finditer(text)
    ]
