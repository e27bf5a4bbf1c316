"""One instance, run after run, over a real server: what is asked, what comes of it, what is remembered."""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from tests.fakes.clock import NOON, FakeClock
from tests.fakes.fetch import FakeFetch, answer
from tests.fakes.sample import Sample
from watcher.collectors.mastodon import Collector, InstanceSettings
from watcher.demo.mastodon import FIRST_ID, Door, MastodonInstance, instances, on_this_machine
from watcher.errors import AuthRefused, Malformed, RateLimited, SourceGone
from watcher.fetch import HttpFetch
from watcher.model import Cursor, Page
from watcher.secrets import NamedSecret, Secret

BASE = "https://mastodon.example"
TAG = f"{BASE}/api/v1/timelines/tag/lodeve"
OPEN = {"configuration": {"timelines_access": {"hashtag_feeds": {"local": "public", "remote": "public"}}}}


def status(number: int, **changes: Any) -> dict[str, Any]:
    instance = MastodonInstance("mastodon.example")
    post = instance.write("marie", "<p>La crue à #Lodève</p>", tags=("lodeve",))
    return instance.wire(str(number), replace(post, uri=f"{BASE}/users/marie/statuses/{number}")) | changes


def as_json(document: object) -> bytes:
    return json.dumps(document).encode()


SAMPLE = Sample(
    settings={"instance": "mastodon.example", "hashtags": ["lodeve"]},
    posts={TAG: answer(TAG, as_json([status(3, edited_at="2026-11-24T11:00:00Z"), status(2), status(1)]))},
    none={
        TAG: answer(TAG, b"[]"),
        f"{BASE}/api/v2/instance": answer(f"{BASE}/api/v2/instance", as_json(OPEN)),
    },
    broken={TAG: answer(TAG, b"<html>maintenance</html>")},
    backfill={TAG: answer(TAG, as_json([status(2, created_at="2026-11-24T10:00:00Z")]))},
)


class Fediverse:
    """Real servers and the real way out; `run` collects an instance once from where the last run ended."""

    def __init__(self, stack: AsyncExitStack, fetch: HttpFetch) -> None:
        self._stack = stack
        self.fetch = fetch
        self.cursors: dict[str, Cursor] = {}

    async def instance(self, host: str = "home.example") -> MastodonInstance:
        return (await self._stack.enter_async_context(instances(host)))[0]

    async def run(self, instance: MastodonInstance, **settings: Any) -> list[Page]:
        given = {"hashtags": ("lodeve",), **settings}
        checked = InstanceSettings(instance=instance.address, **given)
        pages = []
        async for page in Collector().pages(self.fetch, checked, self.cursors.get(instance.host), NOON):
            self.cursors[instance.host] = page.cursor
            pages.append(page)
        return pages


@pytest.fixture
async def fediverse() -> AsyncIterator[Fediverse]:
    async with AsyncExitStack() as stack:
        fetch = HttpFetch(user_agent="essai", clock=FakeClock(), allow_loopback=True, resolver=on_this_machine)
        yield Fediverse(stack, await stack.enter_async_context(fetch))


def ids(pages: list[Page]) -> list[str]:
    return [post.native_id for page in pages for post in page.posts]


def crue(instance: MastodonInstance, number: int, **fields: Any) -> str:
    return instance.write("marie", f"<p>La crue, message {number}</p>", tags=("lodeve",), **fields).uri


async def test_a_first_run_gives_the_last_forty_and_asks_once(fediverse: Fediverse) -> None:
    home = await fediverse.instance()
    written = [crue(home, n) for n in range(50)]
    assert sorted(ids(await fediverse.run(home))) == sorted(written[-40:])
    assert home.asked == [("/api/v1/timelines/tag/lodeve", {"limit": "40"})]


async def test_what_comes_while_pages_are_read_is_neither_lost_nor_given_twice(fediverse: Fediverse) -> None:
    home = await fediverse.instance()
    crue(home, 0)
    await fediverse.run(home)
    written = [crue(home, n) for n in range(1, 101)]

    def somebody_writes(_path: str) -> None:
        if len(home.asked) in (3, 5):
            written.extend(crue(home, len(written) + n) for n in range(1, 4))

    home.before = somebody_writes
    pages = await fediverse.run(home)
    assert len(pages) == 3
    assert sorted(ids(pages)) == sorted(written)
    assert len(set(ids(pages))) == len(ids(pages)) == 106


async def test_a_run_that_is_cut_between_two_pages_goes_on_from_the_first(fediverse: Fediverse) -> None:
    home = await fediverse.instance()
    crue(home, 0)
    await fediverse.run(home)
    written = [crue(home, n) for n in range(1, 101)]
    settings = InstanceSettings(instance=home.address, hashtags=("lodeve",))
    first = await anext(aiter(Collector().pages(fediverse.fetch, settings, fediverse.cursors[home.host], NOON)))
    fediverse.cursors[home.host] = first.cursor
    rest = await fediverse.run(home)
    assert sorted(ids([first, *rest])) == sorted(written)


async def test_an_ordinary_poll_asks_once_and_brings_back_what_was_edited(fediverse: Fediverse) -> None:
    home = await fediverse.instance()
    post = home.write("marie", "<p>La crue</p>", tags=("lodeve",))
    await fediverse.run(home)
    post.content, post.edited_at = "<p>La décrue</p>", NOON
    home.asked.clear()
    (page,) = await fediverse.run(home)
    assert [(post.text, post.edited_at) for post in page.posts] == [("<p>La décrue</p>", NOON)]
    assert len(home.asked) == 1


async def test_what_the_instance_learns_of_late_is_heard_though_its_id_is_of_the_past(fediverse: Fediverse) -> None:
    home, other = await fediverse.instance(), MastodonInstance("other.example")
    for n in range(3):
        crue(home, n)
    await fediverse.run(home)
    late = other.write("paul", "<p>Enfin</p>", tags=("lodeve",))
    home.receive(late, late=True)
    assert late.uri in ids(await fediverse.run(home))


async def test_a_hashtag_that_was_empty_misses_nothing_of_its_first_rush(fediverse: Fediverse) -> None:
    home = await fediverse.instance()
    (page,) = await fediverse.run(home)
    assert (page.posts, page.is_unchanged) == ((), True)
    written = [crue(home, n) for n in range(95)]
    assert sorted(ids(await fediverse.run(home))) == sorted(written)


async def test_a_post_that_three_instances_tell_of_is_one(fediverse: Fediverse) -> None:
    home = await fediverse.instance()
    others = [await fediverse.instance(f"{name}.example") for name in ("alpha", "beta")]
    post = home.write("marie", "<p>La crue</p>", tags=("lodeve",))
    for other in others:
        other.write("paul", "<p>Autre chose</p>")
        other.receive(post)
    told = [(await fediverse.run(instance))[0].posts[0] for instance in (home, *others)]
    assert {one.native_id for one in told} == {post.uri}
    assert {one.author for one in told} == {"marie@home.example"}
    assert len({(one.text, one.url) for one in told}) == 1


async def test_the_instance_of_the_configuration_changes_and_old_ids_mean_nothing(fediverse: Fediverse) -> None:
    home, other = await fediverse.instance(), await fediverse.instance("other.example")
    crue(home, 1)
    await fediverse.run(home)
    uri = crue(other, 1, id_=FIRST_ID - 5)
    fediverse.cursors[other.host] = fediverse.cursors[home.host]
    assert ids(await fediverse.run(other)) == [uri]


@pytest.mark.parametrize("door", ["silent", "refused", "user_only"])
async def test_a_closed_instance_is_told_from_a_quiet_one(fediverse: Fediverse, door: Door) -> None:
    home = await fediverse.instance()
    crue(home, 1)
    home.door = door
    with pytest.raises(AuthRefused, match=r"L'instance home\.example ne montre pas tout sans compte"):
        await fediverse.run(home)
    assert fediverse.cursors == {}


async def test_a_token_opens_what_is_closed_and_the_texts_to_search(fediverse: Fediverse) -> None:
    home = await fediverse.instance()
    uri = crue(home, 1)
    home.write("paul", "<p>Mon lycée sans chauffage</p>")
    home.door, home.tokens = "refused", {"abc"}
    token = NamedSecret("WATCHER_JETON", Secret("abc"))
    tagged, found = await fediverse.run(home, token=token, searches=("chauffage",))
    assert ids([tagged]) == [uri]
    assert [post.text for post in found.posts] == ["<p>Mon lycée sans chauffage</p>"]


async def test_a_token_that_is_refused_or_was_forgotten_is_named(fediverse: Fediverse) -> None:
    home = await fediverse.instance()
    with pytest.raises(AuthRefused, match="refuse le jeton"):
        await fediverse.run(home, token=NamedSecret("WATCHER_JETON", Secret("périmé")))
    with pytest.raises(AuthRefused, match="La variable WATCHER_JETON"):
        await fediverse.run(home, token=NamedSecret("WATCHER_JETON"))


async def test_a_passed_rate_limit_says_until_when_and_what_was_read_stays(fediverse: Fediverse) -> None:
    home = await fediverse.instance()
    crue(home, 0)
    await fediverse.run(home)
    for n in range(100):
        crue(home, n)
    home.allowance = 2
    with pytest.raises(RateLimited) as asked:
        await fediverse.run(home)
    assert asked.value.retry_after_s == 300
    assert json.loads(fediverse.cursors[home.host])["last"]["#lodeve"] == str(FIRST_ID + 41 * 65_536)


async def test_an_account_gives_what_it_writes_and_not_what_it_boosts(fediverse: Fediverse) -> None:
    home = await fediverse.instance()
    post = home.write("region", "<p>Les lycées rouvrent</p>", visibility="unlisted")
    home.write("region", "<p>Pour mes proches</p>", visibility="private")
    home.boost("region", home.write("paul", "<p>Autre</p>"))
    pages = await fediverse.run(home, hashtags=(), accounts=("region",))
    assert ids(pages) == [post.uri]
    assert home.asked[1][1]["exclude_reblogs"] == "true"


async def test_an_account_that_is_unknown_is_named_once_the_others_were_read(fediverse: Fediverse) -> None:
    home = await fediverse.instance()
    crue(home, 1)
    with pytest.raises(SourceGone, match=r"ne connaît pas : @personne@nulle\.example"):
        await fediverse.run(home, accounts=("personne@nulle.example", "marie"))
    assert set(json.loads(fediverse.cursors[home.host])["last"]) == {"#lodeve", "@marie"}


async def test_another_web_site_is_no_instance(fediverse: Fediverse) -> None:
    site = await fediverse.instance()
    site._app.router.routes.clear()
    with pytest.raises(SourceGone, match="n'est pas une instance Mastodon"):
        await fediverse.run(site)


async def test_a_server_that_does_not_know_min_id_ends_the_run_and_gives_its_newest() -> None:
    newest = answer(TAG, as_json([status(9), status(8)]))
    settings = InstanceSettings(instance="mastodon.example", hashtags=("lodeve",))
    cursor = Cursor(json.dumps({"instance": "mastodon.example", "last": {"#lodeve": "3"}}))
    fetch = FakeFetch({TAG: newest})
    pages = [page async for page in Collector().pages(fetch, settings, cursor, NOON)]
    assert set(ids(pages)) == {f"{BASE}/users/marie/statuses/{n}" for n in (8, 9)}
    assert len(fetch.calls) <= 3


@pytest.mark.parametrize("body", [b"", b"{}", b"null", b"[" * 100_000, b'"texte"', b"[1e999999", b"\xff\xfe"])
async def test_an_answer_of_another_form_is_malformed(body: bytes) -> None:
    settings = InstanceSettings(instance="mastodon.example", hashtags=("lodeve",))
    with pytest.raises(Malformed, match=r"mastodon\.example"):
        await anext(aiter(Collector().pages(FakeFetch({TAG: answer(TAG, body)}), settings, None, NOON)))


@pytest.mark.parametrize(
    "settings",
    [
        {"instance": "mastodon.social"},
        {"instance": "mastodon.social/@marie", "hashtags": ["crue"]},
        {"instance": "pas une instance", "hashtags": ["crue"]},
        {"instance": "ftp://mastodon.social", "hashtags": ["crue"]},
        {"instance": "mastodon.social", "hashtags": ["Midi-Pyrénées"]},
        {"instance": "mastodon.social", "hashtags": ["#"]},
        {"instance": "mastodon.social", "hashtags": ["2026"]},
        {"instance": "mastodon.social", "recherches": ["crue"]},
    ],
)
def test_settings_that_would_hear_nothing_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        InstanceSettings.model_validate(settings)


def test_the_spellings_of_an_instance_and_of_a_hashtag_are_one() -> None:
    written = {"instance": "Mastodon.Social/", "hashtags": ["#Hérault", "Hérault"], "comptes": ["@marie@mamot.fr"]}
    settings = InstanceSettings.model_validate(written)
    assert (settings.address, settings.host) == ("https://mastodon.social", "mastodon.social")
    assert set(settings.hashtags) == {"Hérault"}
    assert settings.accounts == ("marie@mamot.fr",)
