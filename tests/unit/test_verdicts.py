"""The table of reliability: what each answer means for its row."""

import pytest

from watcher.stores.elastic import DOCUMENT_MISSING, UNREACHABLE, Answer
from watcher.stores.verdicts import Verdict, verdict_on


@pytest.mark.parametrize(
    ("status", "error_type", "verdict"),
    [
        (200, None, Verdict.ACKNOWLEDGE),
        (201, None, Verdict.ACKNOWLEDGE),
        (409, "version_conflict_engine_exception", Verdict.ACKNOWLEDGE),
        (404, DOCUMENT_MISSING, Verdict.ACKNOWLEDGE),
        (429, "es_rejected_execution_exception", Verdict.BUSY),
        (429, "circuit_breaking_exception", Verdict.BUSY),
        (429, "cluster_block_exception", Verdict.BUSY),
        (403, "cluster_block_exception", Verdict.UNAVAILABLE),
        (500, "illegal_state_exception", Verdict.UNAVAILABLE),
        (502, None, Verdict.UNAVAILABLE),
        (503, "unavailable_shards_exception", Verdict.UNAVAILABLE),
        (504, None, Verdict.UNAVAILABLE),
        (UNREACHABLE, "unreachable", Verdict.UNAVAILABLE),
        (401, "security_exception", Verdict.STOP),
        (403, "security_exception", Verdict.STOP),
        (404, "index_not_found_exception", Verdict.STOP),
        (404, None, Verdict.STOP),
        (400, "validation_exception", Verdict.STOP),
        (400, "illegal_argument_exception", Verdict.STOP),
        (400, None, Verdict.STOP),
        (400, "mapper_parsing_exception", Verdict.BURY),
        (400, "strict_dynamic_mapping_exception", Verdict.BURY),
        (400, "document_parsing_exception", Verdict.BURY),
        (413, None, Verdict.SPLIT),
        (418, None, Verdict.STOP),
    ],
)
def test_verdict(status: int, error_type: str | None, verdict: Verdict) -> None:
    assert verdict_on(Answer(status, error_type)) is verdict
