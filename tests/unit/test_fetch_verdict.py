"""What a status means: one line for each kind of answer."""

import pytest

from watcher.errors import AuthRefused, RateLimited, Refused, SourceGone, Unreachable, WatcherError
from watcher.fetch.verdict import judge


@pytest.mark.parametrize("status", [200, 201, 204, 206, 299, 304])
def test_an_answer_is_accepted(status: int) -> None:
    judge(status, "example.org", None)


@pytest.mark.parametrize(
    ("status", "wait_s", "error", "sentence"),
    [
        (429, 120.0, RateLimited, "demande d'attendre 120 s"),
        (429, None, RateLimited, "demande de ralentir"),
        (503, 60.0, RateLimited, "demande d'attendre 60 s"),
        (503, None, Unreachable, "en panne .*503"),
        (500, None, Unreachable, "en panne .*500"),
        (502, 30.0, Unreachable, "en panne .*502"),
        (599, None, Unreachable, "en panne .*599"),
        (401, None, AuthRefused, "refuse l'accès .*401"),
        (403, None, AuthRefused, "refuse l'accès .*403"),
        (404, None, SourceGone, "répond 404 : l'adresse n'existe plus"),
        (410, None, SourceGone, "répond 410"),
        (400, None, Refused, "réponse 400"),
        (418, None, Refused, "réponse 418"),
        (300, None, Refused, "réponse 300"),
        (999, None, Refused, "réponse 999"),
    ],
)
def test_a_refusal_says_who_and_what(
    status: int, wait_s: float | None, error: type[WatcherError], sentence: str
) -> None:
    with pytest.raises(error, match=f"example.org.*{sentence}") as refusal:
        judge(status, "example.org", wait_s)
    assert getattr(refusal.value, "retry_after_s", wait_s) == wait_s
    assert getattr(refusal.value, "status", status) == status
