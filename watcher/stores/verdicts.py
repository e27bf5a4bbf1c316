"""What an answer of Elasticsearch to one write means for the row that waits for it. Pure; one table, one test."""

from enum import StrEnum

from watcher.stores.elastic import DOCUMENT_MISSING, UNREACHABLE, Answer


class Verdict(StrEnum):
    """What to do with a row."""

    ACKNOWLEDGE = "acknowledge"
    BUSY = "busy"
    UNAVAILABLE = "unavailable"
    STOP = "stop"
    BURY = "bury"
    SPLIT = "split"


_BY_ERROR = {
    (404, DOCUMENT_MISSING): Verdict.ACKNOWLEDGE,  # what was to be deleted is not there
    (403, "cluster_block_exception"): Verdict.UNAVAILABLE,
    (400, "mapper_parsing_exception"): Verdict.BURY,
    (400, "strict_dynamic_mapping_exception"): Verdict.BURY,
    (400, "document_parsing_exception"): Verdict.BURY,
}
_BY_STATUS = {
    200: Verdict.ACKNOWLEDGE,
    201: Verdict.ACKNOWLEDGE,
    409: Verdict.ACKNOWLEDGE,  # a same or newer copy is there
    413: Verdict.SPLIT,
    429: Verdict.BUSY,  # a full queue, a tripped breaker, a disk at its flood stage
    500: Verdict.UNAVAILABLE,
    502: Verdict.UNAVAILABLE,
    503: Verdict.UNAVAILABLE,
    504: Verdict.UNAVAILABLE,
    UNREACHABLE: Verdict.UNAVAILABLE,
}


def verdict_on(answer: Answer) -> Verdict:
    """Return what `answer` means. What is not known stops the drain: better a loud stop than a thousand burials."""
    by_error = _BY_ERROR.get((answer.status, answer.error_type or ""))
    return by_error or _BY_STATUS.get(answer.status, Verdict.STOP)
