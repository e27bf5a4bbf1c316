"""Every refusal of YouTube that is known, in the team's words: what to wait for, or what to change and where."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.fakes.clock import NOON
from tests.fakes.fetch import FakeFetch, refused
from tests.fakes.youtube import QUOTA_TEXT
from watcher.collectors.youtube import Collector, YouTubeSettings
from watcher.errors import AuthRefused, Permanent, RateLimited, Refused, SourceGone, Transient, Unreachable
from watcher.secrets import NamedSecret, Secret

DATA = Path(__file__).parents[1] / "data" / "youtube"
SETTINGS = YouTubeSettings(key=NamedSecret("WATCHER_YOUTUBE_CLE", Secret("cle")), searches=("TER",))


def body(reason: str, message: str = "", **more: object) -> bytes:
    said = {"message": message, "domain": "youtube", "reason": reason}
    return json.dumps({"error": {"message": message, "errors": [said], **more}}).encode()


def detailed(reason: str, message: str = "") -> bytes:
    """The newer form: the reason stands in the details."""
    info = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason, "domain": "googleapis.com"}
    return json.dumps({"error": {"message": message, "status": "PERMISSION_DENIED", "details": [info]}}).encode()


def forbidden(said: bytes) -> Exception:
    return refused(AuthRefused("youtube.googleapis.com refuse l'accès (réponse 403)", 403), 403, said)


def bad_request(said: bytes) -> Exception:
    return refused(Refused("youtube.googleapis.com refuse la demande (réponse 400)", 400), 400, said)


async def raised(error: Exception, now: datetime = NOON) -> Transient | Permanent:
    assert isinstance(error, Transient | Permanent)
    with pytest.raises((Transient, Permanent)) as heard:
        [page async for page in Collector().pages(FakeFetch(otherwise=error), SETTINGS, None, now)]
    assert isinstance(heard.value, Transient | Permanent)
    return heard.value


@pytest.mark.parametrize(
    ("now", "hours"),
    [
        (datetime(2026, 11, 24, 12, 0, tzinfo=UTC), 20),
        (datetime(2026, 7, 14, 6, 0, tzinfo=UTC), 1),
        (datetime(2026, 11, 1, 8, 0, tzinfo=UTC), 24),
        (datetime(2026, 11, 1, 7, 0, tzinfo=UTC), 25),
    ],
    ids=["winter", "summer", "after the clocks change", "the day of 25 hours"],
)
async def test_a_spent_quota_waits_for_midnight_in_california(now: datetime, hours: int) -> None:
    error = await raised(forbidden(body("quotaExceeded", QUOTA_TEXT)), now)
    assert isinstance(error, RateLimited)
    assert error.retry_after_s == hours * 3600
    assert "minuit" in str(error)


@pytest.mark.parametrize("reason", ["rateLimitExceeded", "userRateLimitExceeded"])
async def test_too_many_calls_at_once_is_a_wait(reason: str) -> None:
    assert isinstance(await raised(forbidden(body(reason))), RateLimited)


async def test_a_429_keeps_the_wait_that_came_with_it() -> None:
    error = await raised(refused(RateLimited("ralentir", 90.0), 429, body("rateLimitExceeded")))
    assert isinstance(error, RateLimited)
    assert error.retry_after_s == 90.0


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (bad_request(body("badRequest", "API key not valid. Please pass a valid API key.")), "ne reconnaît pas la clé"),
        (bad_request(detailed("API_KEY_INVALID")), "ne reconnaît pas la clé"),
        (bad_request((DATA / "error_response.json").read_bytes()), "ne reconnaît pas la clé"),
        (bad_request(body("badRequest", "API key expired. Please renew the API key.")), "ne reconnaît pas la clé"),
        (forbidden(body("accessNotConfigured")), "n'a pas activé"),
        (forbidden(detailed("SERVICE_DISABLED")), "n'a pas activé"),
        (forbidden(body("ipRefererBlocked", "The provided API key has an IP restriction.")), "restrictions"),
        (forbidden(detailed("API_KEY_SERVICE_BLOCKED")), "restrictions"),
        (forbidden((DATA / "error_permission_resp.json").read_bytes()), "SERVICE_UNAVAILABLE"),
        (forbidden((DATA / "error_response_simple.json").read_bytes()), "sans raison donnée"),
        (forbidden(b"<html>403</html>"), "sans raison donnée"),
    ],
)
async def test_a_key_that_is_not_taken_says_what_to_do_and_where(error: Exception, said: str) -> None:
    heard = await raised(error)
    assert isinstance(heard, AuthRefused)
    assert said in str(heard)
    assert "WATCHER_YOUTUBE_CLE" in str(heard)
    assert "console.cloud.google.com" in str(heard)


async def test_a_missing_key_is_named_before_anything_is_asked() -> None:
    settings = YouTubeSettings(key=NamedSecret("WATCHER_YOUTUBE_CLE"), searches=("TER",))
    fetch = FakeFetch()
    with pytest.raises(AuthRefused, match="La variable WATCHER_YOUTUBE_CLE"):
        [page async for page in Collector().pages(fetch, settings, None, NOON)]
    assert fetch.calls == []


async def test_a_service_that_stumbles_is_tried_again() -> None:
    assert isinstance(await raised(bad_request(body("processingFailure"))), Unreachable)


@pytest.mark.parametrize(
    "error", [bad_request(body("invalidSearchFilter")), refused(SourceGone("404", 404), 404, b""), Unreachable("panne")]
)
async def test_other_refusals_go_on_as_they_are(error: Exception) -> None:
    assert await raised(error) is error
