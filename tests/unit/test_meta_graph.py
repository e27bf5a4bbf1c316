"""The Graph API's language: what its refusals mean, how near its limits we are, how its pages turn."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.fetch import FakeFetch, answer, refused
from tests.fakes.meta_graph import GONE, UNSUPPORTED, Refusal, business_usage
from watcher.errors import AuthRefused, Malformed, RateLimited, Refused, Unreachable, WatcherError
from watcher.meta_graph.gone import gone_among
from watcher.meta_graph.graph import Graph, expires_at
from watcher.meta_graph.refusals import Missing, RightMissing
from watcher.meta_graph.values import count_of, id_of, time_of, words_of
from watcher.secrets import NamedSecret, Secret

ROOT = "https://graph.example/v25.0"
EDGE = f"{ROOT}/1/feed"
TOKEN = NamedSecret("WATCHER_FACEBOOK_JETON", Secret("jeton-tres-secret"))
DATA = Path(__file__).parents[1] / "data" / "facebook"


def graph(fetch: FakeFetch) -> Graph:
    return Graph(fetch, ROOT, TOKEN)


def said(refusal: Refusal, error: Any = None) -> WatcherError:
    """Return what `fetch` raises where Meta answers with `refusal`."""
    plain = error or Refused("graph.example refuse la demande (réponse 400)", 400)
    return refused(plain, refusal.status, bytes(refusal.answer().body), headers=dict(refusal.headers))


async def heard(refusal: Refusal, error: Any = None) -> WatcherError:
    with pytest.raises(WatcherError) as raised:
        await graph(FakeFetch({f"{ROOT}/1": said(refusal, error)})).node("1", {})
    return raised.value


def page(items: list[Any], **paging: Any) -> Any:
    return answer(EDGE, json.dumps({"data": items, "paging": paging}).encode())


async def walked(*pages: Any, size: int = 100, most: int = 10, by_cursor: bool = False) -> tuple[list[Any], FakeFetch]:
    fetch = FakeFetch({EDGE: list(pages)})
    walk = graph(fetch).pages("1/feed", {"fields": "id"}, size=size, most=most, by_cursor=by_cursor)
    return [item async for part in walk for item in part.items], fetch


@pytest.mark.parametrize("code", [4, 17, 32, 613, 80001, 80002])
@pytest.mark.parametrize("status", [400, 403])
async def test_a_limit_is_a_wait_whatever_its_status(code: int, status: int) -> None:
    plain = AuthRefused("graph.example refuse l'accès (réponse 403)", 403) if status == 403 else None
    error = await heard(Refusal(code, status=status, headers=business_usage(100, 19)), plain)
    assert isinstance(error, RateLimited)
    assert error.retry_after_s == 19 * 60


async def test_a_limit_that_says_no_time_is_that_of_an_hour() -> None:
    error = await heard(Refusal(4, message="(#4) Application request limit reached"))
    assert isinstance(error, RateLimited)
    assert error.retry_after_s == 3_600


@pytest.mark.parametrize(
    ("refusal", "kind", "words"),
    [
        (Refusal(190, 463), AuthRefused, "il a expiré"),
        (Refusal(190, 460), AuthRefused, "mot de passe"),
        (Refusal(190, 467), AuthRefused, "plus valable"),
        (Refusal(190), AuthRefused, "WATCHER_FACEBOOK_JETON"),
        (Refusal(102), AuthRefused, "WATCHER_FACEBOOK_JETON"),
        (Refusal(10), RightMissing, "un droit manque"),
        (Refusal(200), RightMissing, "developers.facebook.com/apps"),
        (Refusal(299), RightMissing, "un droit manque"),
        (Refusal(10, 0, "requires 'instagram_manage_comments'"), RightMissing, "instagram_manage_comments"),
        (Refusal(100, 33, UNSUPPORTED), Missing, "ne trouve pas"),
        (Refusal(803, 0, "(#803) Some of the aliases you requested do not exist"), Missing, "ne trouve pas"),
        (Refusal(100, 0, "An appsecret_proof is required"), AuthRefused, "Require App Secret"),
        (Refusal(2635, 0, "deprecated version"), Refused, "version"),
        (Refusal(100, 0, "(#100) Tried accessing nonexisting field (mots)"), Refused, "code 100"),
        (Refusal(368), AuthRefused, "bloqué"),
        (Refusal(1), Unreachable, "passagère"),
        (Refusal(2), Unreachable, "passagère"),
    ],
    ids=repr,
)
async def test_each_refusal_says_what_to_do(refusal: Refusal, kind: type[WatcherError], words: str) -> None:
    error = await heard(refusal)
    assert type(error) is kind
    assert words in str(error)
    assert "jeton-tres-secret" not in str(error)


async def test_the_documented_refusal_names_the_rights_that_are_wanted() -> None:
    body = (DATA / "error_permission.json").read_bytes()
    fetch = FakeFetch({f"{ROOT}/1": refused(Refused("refusé", 400), 400, body)})
    with pytest.raises(RightMissing, match="pages_read_engagement ou Page Public Content Access"):
        await graph(fetch).node("1", {})


async def test_the_documented_refusal_of_a_page_that_is_not_ours_names_the_feature() -> None:
    body = (DATA / "error_proof.json").read_bytes()
    with pytest.raises(RightMissing, match="Pages Public Content Access"):
        await graph(FakeFetch({f"{ROOT}/1": refused(Refused("refusé", 400), 400, body)})).node("1", {})


async def test_a_refusal_in_other_words_than_meta_s_is_let_through() -> None:
    fetch = FakeFetch({f"{ROOT}/1": refused(Unreachable("en panne"), 502, b"<html>Bad gateway</html>")})
    with pytest.raises(Unreachable, match="en panne"):
        await graph(fetch).node("1", {})


async def test_a_refusal_may_come_with_a_status_of_success() -> None:
    fetch = FakeFetch({f"{ROOT}/1": answer("", bytes(Refusal(190, 463).answer().body))})
    with pytest.raises(AuthRefused, match="expiré"):
        await graph(fetch).node("1", {})


async def test_an_empty_variable_is_named() -> None:
    with pytest.raises(AuthRefused, match="WATCHER_VIDE"):
        Graph(FakeFetch(), ROOT, NamedSecret("WATCHER_VIDE"))


@pytest.mark.parametrize(
    "headers",
    [
        {"X-App-Usage": '{"call_count":28,"total_time":96,"total_cputime":25}'},
        {"X-Page-Usage": '{"call_count":95,"total_time":1,"total_cputime":1}'},
        dict(business_usage(99, 0)),
    ],
    ids=str,
)
async def test_what_is_nearly_spent_is_heard_and_then_left_alone(headers: dict[str, str]) -> None:
    fetch = FakeFetch({f"{ROOT}/1": answer("", b'{"id": "1"}', headers=headers)})
    asking = graph(fetch)
    assert await asking.node("1", {}) == {"id": "1"}
    with pytest.raises(RateLimited, match="presque atteint"):
        await asking.node("1", {})
    assert len(fetch.calls) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-App-Usage": '{"call_count":28,"total_time":25,"total_cputime":25}'},
        {"X-App-Usage": "rien"},
        {"X-Business-Use-Case-Usage": '{"1": {"call_count": 99}}'},
        {"X-Business-Use-Case-Usage": '{"1": [3]}'},
    ],
    ids=str,
)
async def test_what_is_far_from_its_limit_or_unreadable_stops_nothing(headers: dict[str, str]) -> None:
    asking = graph(FakeFetch({f"{ROOT}/1": answer("", b'{"id": "1"}', headers=headers)}))
    for _ in range(2):
        assert await asking.node("1", {}) == {"id": "1"}


async def test_pages_turn_by_what_next_says_of_the_place_and_never_by_its_address_or_token() -> None:
    given = json.loads((DATA / "feed_by_time.json").read_bytes())
    items, fetch = await walked(answer(EDGE, json.dumps(given).encode()), page([{"id": "z"}]))
    assert len(items) == 6
    assert fetch.calls[1].url == EDGE
    assert fetch.calls[1].params == {
        "fields": "id",
        "limit": "100",
        "until": "1624385168",
        "__paging_token": "__paging_token",
    }


async def test_an_empty_page_with_a_next_is_not_the_last() -> None:
    following = "https://graph.facebook.com/v25.0/1/feed?after=QQ&access_token=x"
    items, _ = await walked(page([], next=following), page([{"id": "1"}]))
    assert items == [{"id": "1"}]


async def test_a_cursor_that_stays_the_same_still_advances() -> None:
    following = "https://graph.facebook.com/v25.0/1/feed?after=QQ"
    items, _ = await walked(page([1], next=following), page([2], next=following), page([3]))
    assert items == [1, 2, 3]


async def test_pages_that_never_end_are_left() -> None:
    following = "https://graph.facebook.com/v25.0/1/feed?after=QQ"
    _, fetch = await walked(page([1], next=following), most=4)
    assert len(fetch.calls) == 4


async def test_an_edge_without_next_turns_by_its_cursors_until_it_is_empty_or_stands_still() -> None:
    one, two = {"cursors": {"after": "A"}}, {"cursors": {"after": "B"}}
    items, fetch = await walked(page([1], **one), page([2], **two), page([], **two), by_cursor=True)
    assert items == [1, 2]
    assert [call.params.get("after") for call in fetch.calls] == [None, "A", "B"]
    items, fetch = await walked(page([1], **one), by_cursor=True)
    assert len(fetch.calls) == 2


async def test_a_page_too_heavy_for_meta_is_asked_for_in_halves() -> None:
    heavy = said(
        Refusal(1, 0, "Please reduce the amount of data you're asking for, then retry", 500), Unreachable("500")
    )
    items, fetch = await walked(heavy, heavy, page([1]), size=50)
    assert items == [1]
    assert [call.params["limit"] for call in fetch.calls] == ["50", "25", "12"]


async def test_what_is_too_heavy_even_alone_is_an_error() -> None:
    heavy = said(
        Refusal(1, 0, "Please reduce the amount of data you're asking for, then retry", 500), Unreachable("500")
    )
    with pytest.raises(Unreachable):
        await walked(heavy, size=4)


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"data": {}}', b"{}", b'"texte"', b"[" * 100_000])
async def test_what_is_no_list_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        await walked(answer(EDGE, body))


async def test_the_end_of_a_token_is_the_earlier_of_its_two() -> None:
    ends = {"is_valid": True, "expires_at": 1_800_000_000, "data_access_expires_at": 1_790_000_000}
    fetch = FakeFetch({f"{ROOT}/debug_token": answer("", json.dumps({"data": ends}).encode())})
    assert await expires_at(graph(fetch), TOKEN) == datetime.fromtimestamp(1_790_000_000, UTC)
    assert "jeton-tres-secret" not in repr(fetch.calls)


async def test_a_token_may_never_end_and_one_that_ended_is_refused() -> None:
    body = json.dumps({"data": {"is_valid": True, "expires_at": 0}}).encode()
    assert await expires_at(graph(FakeFetch({f"{ROOT}/debug_token": answer("", body)})), TOKEN) is None
    with pytest.raises(AuthRefused, match="WATCHER_FACEBOOK_JETON"):
        await expires_at(graph(FakeFetch({f"{ROOT}/debug_token": answer("", b'{"data":{"is_valid":false}}')})), TOKEN)


async def test_one_that_is_gone_among_many_is_found_in_few_calls() -> None:
    ids = [str(number) for number in range(50)]
    shown = answer("", json.dumps({one: {"id": one} for one in ids if one != "49"}).encode())
    fetch = FakeFetch({f"{ROOT}/": [shown, said(GONE)], f"{ROOT}/1/tagged": answer("", b'{"data": []}')})
    assert await gone_among(graph(fetch), ids, "1/tagged") == {"49"}
    assert [call.params["ids"] for call in fetch.calls if "ids" in call.params][1:] == ["49"]


async def test_nothing_is_gone_where_there_are_more_tags_than_can_be_asked_for() -> None:
    endless = {"data": [{"id": "2"}], "paging": {"next": f"{ROOT}/1/tagged?after=QQ"}}
    tags = answer("", json.dumps(endless).encode())
    fetch = FakeFetch({f"{ROOT}/": said(GONE), f"{ROOT}/1/tagged": tags})
    assert await gone_among(graph(fetch), ["1"], "1/tagged") == frozenset()


@pytest.mark.parametrize(
    ("value", "read"),
    [("17841", "17841"), (17841, "17841"), (" 1 ", "1"), ("", None), (None, None), (True, None), ([], None)],
)
def test_ids_are_texts(value: object, read: str | None) -> None:
    assert id_of(value) == read


@pytest.mark.parametrize(
    ("value", "read"),
    [(3, 3), ("3", 3), (3.0, 3), (0, 0), (-1, None), ("x", None), (None, None), (True, None), (float("nan"), None)],
)
def test_counts_come_as_numbers_or_texts(value: object, read: int | None) -> None:
    assert count_of(value) == read


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("2026-11-17T16:24:04+0000", datetime(2026, 11, 17, 16, 24, 4, tzinfo=UTC)),
        ("2026-11-17T17:24:04+01:00", datetime(2026, 11, 17, 16, 24, 4, tzinfo=UTC)),
        ("2026-11-17T16:24:04", datetime(2026, 11, 17, 16, 24, 4, tzinfo=UTC)),
        (1_795_000_000, datetime.fromtimestamp(1_795_000_000, UTC)),
        ("1795000000", datetime.fromtimestamp(1_795_000_000, UTC)),
        ("hier", None),
        (None, None),
        (10**14, None),
    ],
)
def test_times_come_in_iso_8601_or_as_unix_seconds(value: object, read: datetime | None) -> None:
    assert time_of(value) == read


def test_what_can_be_no_text_is_said() -> None:
    assert (words_of(None), words_of("crue"), words_of(31)) == ("", "crue", "31")
    with pytest.raises(ValueError, match="un texte"):
        words_of({"crue": 1})
