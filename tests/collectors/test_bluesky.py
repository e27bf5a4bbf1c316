"""One sitting before the stream of a network, batch after batch: what is asked, what is kept, what is remembered."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from tests.fakes.fetch import Answer, FakeFetch, Stream, answer
from tests.fakes.line import PSEUDONYMS
from tests.fakes.sample import Sample
from watcher.collectors.bluesky import BlueskySettings, Collector
from watcher.collectors.bluesky.author import PUBLIC_API
from watcher.deadletters import of_broken
from watcher.demo.jetstream import as_v2
from watcher.errors import Malformed, Unreachable
from watcher.model import Cursor, Deletion, GapCause, Page, Source
from watcher.ports import Firehose, TerritoryWords

DATA = Path(__file__).parents[1] / "data" / "bluesky"
V1 = "wss://jetstream.exemple.org/subscribe"
V2 = "wss://jetstream.exemple.org/xrpc/network.bsky.jetstream.subscribeEvents"
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
GOLDEN = [json.loads(line) for line in (DATA / "golden_v1.jsonl").read_text(encoding="utf-8").splitlines()]
WRITTEN = [json.loads(line) for line in (DATA / "written_v1.jsonl").read_text(encoding="utf-8").splitlines()]
AUTHOR = "did:plc:exempleecritzzzzzzzzzzzz"
NOISE = json.dumps(GOLDEN[1])


def frames(events: Sequence[Any]) -> tuple[str, ...]:
    return tuple(json.dumps(event) for event in events)


FED = {
    "post": {
        "uri": f"at://{AUTHOR}/app.bsky.feed.post/3m6a",
        "author": {"did": AUTHOR, "handle": "nom.exemple.org", "labels": []},
        "record": {"text": "Bonjour", "createdAt": "2026-11-24T10:00:00Z"},
        "indexedAt": "2026-11-24T10:00:01Z",
    }
}

SAMPLE = Sample(
    settings={"flux": V1, "mots": ["Nîmes", "Alès"]},
    posts={V1: Stream((frames(WRITTEN[:3]), frames(WRITTEN[3:6])))},
    none={V1: Stream((frames(GOLDEN),))},
    broken={V1: Stream((('{"status":"ok"}', "<html>"),))},
    past_settings={"compte": "nom.exemple.org"},
    backfill={PUBLIC_API: answer(PUBLIC_API, json.dumps({"feed": [FED]}).encode())},
)


def said(text: str, *, at: datetime = NOW - timedelta(minutes=1), rkey: str = "3m6essai", op: str = "create") -> Any:
    """An event: somebody writes `text` at `at`."""
    record = {"$type": "app.bsky.feed.post", "text": text, "createdAt": at.isoformat(), "langs": ["fr"]}
    commit = {"operation": op, "collection": "app.bsky.feed.post", "rkey": rkey, "record": record}
    return {"did": AUTHOR, "time_us": micros(at), "kind": "commit", "commit": commit}


def account(status: str | None, *, active: bool = False) -> Any:
    """An event: the account of whoever writes in `said` changes."""
    detail = {"active": active, "did": AUTHOR, **({"status": status} if status else {})}
    return {"did": AUTHOR, "time_us": micros(NOW - timedelta(minutes=1)), "kind": "account", "account": detail}


def micros(at: datetime) -> int:
    return int(at.timestamp() * 1_000_000)


async def sit(
    *batches: Sequence[Any], cursor: Cursor | None = None, flux: str = V1, collector: Collector | None = None
) -> tuple[list[Page], FakeFetch]:
    """Sit once before a stream of events (or of frames as they are), and return the pages with the fetch asked."""
    wire = tuple(tuple(item if isinstance(item, str) else json.dumps(item) for item in batch) for batch in batches)
    fetch = FakeFetch({flux: Stream(wire)})
    settings = BlueskySettings(stream=flux, words=("Nîmes",))
    return [page async for page in (collector or Collector()).pages(fetch, settings, cursor, NOW)], fetch


async def test_the_first_sitting_begins_with_what_is_said_now_and_asks_for_posts_alone() -> None:
    _, fetch = await sit([said("rien")])
    assert fetch.calls[0].params == {"wantedCollections": "app.bsky.feed.post"}


async def test_the_next_sitting_begins_a_little_before_the_last_frame() -> None:
    [page], _ = await sit([said("rien", at=NOW - timedelta(hours=1))])
    _, fetch = await sit([said("rien")], cursor=page.cursor)
    assert fetch.calls[0].params["cursor"] == str(micros(NOW - timedelta(hours=1, seconds=5)))


async def test_the_second_wire_format_is_asked_in_its_own_words() -> None:
    [page], fetch = await sit([as_v2(said("Il pleut à Nîmes"), 1)], flux=V2)
    assert fetch.calls[0].params == {"collections": "app.bsky.feed.post"}
    assert [post.text for post in page.posts] == ["Il pleut à Nîmes"]


async def test_a_frame_dated_far_ahead_makes_nobody_deaf_until_then() -> None:
    pages, _ = await sit([said("rien", at=NOW - timedelta(hours=2)), said("rien", at=NOW + timedelta(days=900))])
    _, fetch = await sit([said("rien")], cursor=pages[-1].cursor)
    assert fetch.calls[0].params["cursor"] == str(micros(NOW - timedelta(hours=2, seconds=5)))


async def test_after_a_longer_absence_than_servers_remember_it_begins_with_the_oldest_they_have() -> None:
    [page], _ = await sit([said("rien", at=NOW - timedelta(days=3))])
    _, fetch = await sit([said("rien")], cursor=page.cursor)
    assert fetch.calls[0].params["cursor"] == str(micros(NOW - timedelta(hours=36)))


async def test_a_sitting_ends_once_it_has_heard_what_was_said_when_it_began() -> None:
    pages, _ = await sit([said("avant")], [said("maintenant", at=NOW)], [said("trop tard")])
    assert len(pages) == 2


async def test_a_sitting_ends_when_the_server_has_no_more_to_say() -> None:
    pages, _ = await sit([], [said("avant")], [], [said("trop tard")])
    assert len(pages) == 1


async def test_a_sitting_is_bounded_so_that_catching_up_is_no_failure() -> None:
    short = Collector(sitting_frames=3)
    pages, _ = await sit([said("1"), said("2")], [said("3"), said("4")], [said("5")], collector=short)
    assert len(pages) == 2


async def test_what_does_not_concern_the_territory_leaves_no_trace_but_the_cursor() -> None:
    [page], _ = await sit([said("Il pleut à Lille"), *GOLDEN])
    assert (page.posts, page.deletions, page.broken) == ((), (), ())
    assert page.is_unchanged
    assert json.loads(page.cursor) == {"seen_us": micros(NOW - timedelta(minutes=1))}


async def test_the_last_word_on_a_post_is_kept() -> None:
    [page], _ = await sit([said("Il pleut à Nîmes"), said("Il neige à Nîmes", op="update")])
    assert [post.text for post in page.posts] == ["Il neige à Nîmes"]
    assert page.posts[0].edited_at == NOW - timedelta(minutes=1)


async def test_a_post_deleted_at_once_is_given_as_deleted_alone() -> None:
    [page], _ = await sit([said("Il pleut à Nîmes"), said("", op="delete")])
    assert page.posts == ()
    assert page.deletions == (Deletion(native_id=f"at://{AUTHOR}/app.bsky.feed.post/3m6essai"),)


async def test_a_post_written_again_under_a_deleted_name_is_there() -> None:
    [page], _ = await sit([said("", op="delete"), said("Il pleut à Nîmes")])
    assert len(page.posts) == 1
    assert page.deletions == ()


async def test_a_post_that_an_edit_makes_foreign_leaves() -> None:
    [page], _ = await sit([said("Il pleut à Nîmes"), said("Il pleut à Lille", op="update")])
    assert page.posts == ()
    assert len(page.deletions) == 1


@pytest.mark.parametrize("status", ["deleted", "deactivated", "suspended", "takendown", "inconnu", None])
async def test_everything_of_an_account_that_left_leaves(status: str | None) -> None:
    [page], _ = await sit([said("Il pleut à Nîmes"), account(status)])
    assert page.posts == ()
    assert page.deletions == (Deletion(author=AUTHOR),)


@pytest.mark.parametrize(
    "event", [account("throttled"), account("desynchronized"), account(None, active=True)], ids=str
)
async def test_a_server_in_trouble_takes_nobody_s_posts_away(event: Any) -> None:
    [page], _ = await sit([said("Il pleut à Nîmes"), event])
    assert len(page.posts) == 1
    assert page.deletions == ()


async def test_a_frame_that_cannot_be_read_is_kept_only_when_it_speaks_of_the_territory() -> None:
    ours = json.dumps({"kind": "commit", "did": AUTHOR, "time_us": 1, "commit": "Nîmes"}, ensure_ascii=False)
    cut = '{"kind": "commit", "did": "did:plc:x", "text": "Nîmes'
    [page], _ = await sit([NOISE, cut, ours.replace('"did:plc', '"nobody'), '{"kind": "commit", "Lille'])
    assert [item.payload[:40] for item in page.broken] == [cut[:40], ours.replace('"did:plc', '"nobody')[:40]]


async def test_a_bad_frame_after_good_ones_does_not_stop_a_quiet_stream() -> None:
    pages, _ = await sit([said("Il pleut à Nîmes")], ["<html>"])
    assert [len(page.posts) for page in pages] == [1, 0]
    assert pages[0].cursor == pages[1].cursor


async def test_the_servers_farewell_is_a_break_of_the_stream() -> None:
    with pytest.raises(Unreachable, match="ConsumerTooSlow"):
        await sit(['{"$type":"error","error":"ConsumerTooSlow","message":"..."}'])


async def test_a_notice_moves_nothing() -> None:
    notice = {"$type": "network.bsky.jetstream.subscribeEvents#info", "name": "OutdatedCursor"}
    [page], _ = await sit([{"$type": "message", "payload": notice}], flux=V2)
    assert json.loads(page.cursor) == {"seen_us": 0}


async def test_a_web_page_in_place_of_a_stream_is_named() -> None:
    with pytest.raises(Malformed, match="Jetstream"):
        await sit(["<html>", "{}", "[]", "null", "1"])


async def test_it_listens_for_the_territory_it_is_told_of() -> None:
    collector = Collector()
    assert isinstance(collector, Firehose)
    fetch = FakeFetch({V1: Stream((frames([said("Il pleut à Sète"), said("Il pleut à Lille", rkey="3m6autre")]),))})
    told = collector.listening_for(TerritoryWords(doubtful=frozenset({"Sète"})))
    [page] = [page async for page in told.pages(fetch, BlueskySettings(stream=V1), None, NOW)]
    assert [post.text for post in page.posts] == ["Il pleut à Sète"]


def view(text: str, **changed: Any) -> Any:
    """One item of an author's feed."""
    author = {"did": AUTHOR, "handle": "nom.exemple.org", "labels": []}
    record = {"$type": "app.bsky.feed.post", "text": text, "createdAt": "2026-11-24T10:00:00Z", "langs": ["fr"]}
    post = {"uri": f"at://{AUTHOR}/app.bsky.feed.post/3m6a", "author": author, "record": record, "likeCount": 3}
    return {"post": post | {"indexedAt": "2026-11-24T10:00:01Z"} | changed}


async def read_account(body: bytes) -> Page:
    fetch = FakeFetch({PUBLIC_API: answer(PUBLIC_API, body)})
    settings = BlueskySettings.model_validate({"compte": "@nom.exemple.org"})
    [page] = [page async for page in Collector().pages(fetch, settings, None, NOW)]
    assert fetch.calls[0].params == {"actor": "nom.exemple.org", "limit": "50"}
    return page


async def test_an_account_is_read_whole_whatever_it_speaks_of_but_for_what_it_repeats() -> None:
    repeated = view("À lire") | {"reason": {"$type": "app.bsky.feed.defs#reasonRepost"}}
    page = await read_account(json.dumps({"feed": [view("Bonjour Lille"), repeated]}).encode())
    assert [(post.text, post.metrics) for post in page.posts] == [("Bonjour Lille", {"likes": 3})]


async def test_who_does_not_want_to_be_shown_to_strangers_is_not() -> None:
    hidden = {"did": AUTHOR, "labels": [{"val": "!no-unauthenticated"}]}
    page = await read_account(json.dumps({"feed": [view("Bonjour Lille", author=hidden)]}).encode())
    assert page.posts == ()


async def test_one_broken_item_of_an_account_does_not_cost_the_others() -> None:
    page = await read_account(
        json.dumps({"feed": [{"post": None}, view("Bonjour", indexedAt=1), view("Oui")]}).encode()
    )
    assert (len(page.posts), len(page.broken)) == (1, 2)


async def test_a_broken_item_is_kept_without_who_wrote_it_or_whom_it_quotes() -> None:
    quoted = {"record": {"author": {"did": "did:plc:other", "handle": "autre.exemple.org"}}}
    page = await read_account(json.dumps({"feed": [view("Bonjour", indexedAt=1, embed=quoted)]}).encode())
    letter = of_broken(page.broken[0], Source("bluesky", "bluesky", None, 60), PSEUDONYMS)
    assert "Bonjour" in letter.payload
    assert PSEUDONYMS.of("bluesky", AUTHOR) in letter.payload
    assert not [name for name in ("did:plc", "nom.exemple", "autre.exemple") if name in letter.payload]


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"feed": 1}', b'{"feed": [1]}', b"{}"])
async def test_an_answer_that_is_no_feed_of_an_account_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        await read_account(body)


@pytest.mark.parametrize(
    "given",
    [{}, {"flux": V1, "compte": "nom.bsky.social"}, {"compte": "nom"}, {"compte": "une phrase"}, {"compte": ""}],
    ids=str,
)
def test_a_source_is_a_stream_or_an_account(given: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        BlueskySettings.model_validate(given)


@pytest.mark.parametrize(
    "written", ["nom.bsky.social", "@nom.bsky.social", "https://bsky.app/profile/nom.bsky.social/", AUTHOR]
)
def test_an_account_is_understood_however_it_is_copied(written: str) -> None:
    assert BlueskySettings.model_validate({"compte": written}).account in {"nom.bsky.social", AUTHOR}


@pytest.mark.parametrize("address", ["", "https://jetstream.exemple.org/subscribe", "wss://", "wss://exemple.org"])
def test_an_address_that_is_no_stream_is_refused_by_the_settings(address: str) -> None:
    with pytest.raises(ValidationError):
        BlueskySettings.model_validate({"flux": address})


async def past(settings: BlueskySettings, fetch: FakeFetch) -> list[Page]:
    since, until = NOW - timedelta(days=2), NOW - timedelta(days=1)
    return [page async for page in Collector().backfill(fetch, settings, since, until, None)]


async def test_the_past_of_an_account_is_read_to_where_the_interval_begins() -> None:
    def page(day: int, following: str) -> Answer:
        written = f"2026-11-{day}T11:00:00Z"
        record = {"text": f"Le {day}", "createdAt": written}
        item = {"post": FED["post"] | {"uri": f"at://{AUTHOR}/app.bsky.feed.post/{day}", "record": record}}
        return answer(PUBLIC_API, json.dumps({"feed": [item], "cursor": following}).encode())

    fetch = FakeFetch({PUBLIC_API: [page(24, "a"), page(23, "b"), page(22, "c"), page(21, "d")]})
    pages = await past(BlueskySettings(account="nom.exemple.org"), fetch)
    assert [post.text for each in pages for post in each.posts] == ["Le 23"]
    assert [call.params.get("cursor") for call in fetch.calls] == [None, "a", "b"]


async def test_the_stream_says_that_it_forgot_and_asks_nothing() -> None:
    fetch = FakeFetch()
    (page,) = await past(BlueskySettings(stream=V1), fetch)
    (gap,) = page.unheard
    assert (gap.cause, gap.since, gap.until) == (
        GapCause.FORGOTTEN,
        NOW - timedelta(days=2),
        NOW - timedelta(days=1),
    )
    assert fetch.calls == []
