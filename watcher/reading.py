"""Fourth step: the pipelines read each post, in a process of their own so that the event loop never waits for them."""

import asyncio
import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING, Self

import structlog

from pipelines import Hints
from watcher.errors import Poison, Transient
from watcher.model import Post, Reading

if TYPE_CHECKING:
    from spacy.language import Language

log = structlog.get_logger()

BATCH = 50
"""Posts handed to a worker at once: the cost of a hand-over is small beside it, and a lost worker loses little."""

PATIENCE_S = 60.0
"""A batch that takes longer has hung its worker: at the promised 50 ms a post, 50 posts take under 3 s."""

TRIES = 2
"""A post that ends its worker twice is the cause, not a victim."""


def text_of(post: Post) -> str:
    """Return what is read of a post: its title on a line of its own, then its text."""
    return "\n".join(part for part in (post.title, post.text) if part)


def hints_of(post: Post) -> Hints:
    """Return what the platform and the source tell beside the text."""
    return Hints(
        platform=post.platform,
        author_kind=post.author_kind,
        territory=post.territory,
        hashtags=post.hashtags,
        mentions=post.mentions,
        links=post.links,
        is_own=post.is_own,
    )


def read(nlp: "Language", post: Post) -> Reading:
    """Return what `nlp`, as `pipelines.build` composes it, reads in `post`."""
    doc = nlp.make_doc(text_of(post))
    doc._.hints = hints_of(post)
    doc = nlp(doc)
    return Reading(
        lang=doc._.lang,
        relevance=doc._.relevance,
        topics=doc._.topics,
        intent=doc._.intent,
        to_answer=doc._.to_answer,
        hashtags=doc._.hashtags,
        hashtags_raw=doc._.hashtags_raw,
        mentions=doc._.mentions,
        domains=doc._.domains,
        departements=doc._.departements,
        communes=doc._.communes,
        evidence=doc._.evidence,
        signature=doc._.signature,
    )


class ReadingProcess:
    """Reads posts in a process with its own pipeline, made by `build` (picklable: a function or a partial).

    A worker that dies or hangs is replaced, and the posts it held are read again one by one; one that ends its
    worker `TRIES` times comes back as `Poison`. The worker ends with the daemon, even when that is killed.
    """

    def __init__(self, build: Callable[[], "Language"], patience_s: float = PATIENCE_S) -> None:
        self._build = build
        self._patience_s = patience_s
        self._turn = asyncio.Lock()
        self._pool: ProcessPoolExecutor | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._discard_pool()  # what it still reads was cut short: nobody waits for it, and it may hang

    async def renew(self, build: Callable[[], "Language"]) -> None:
        """Read with another pipeline from the next batch on; the one under way ends with the former."""
        async with self._turn:
            self._build = build
            self._discard_pool()

    async def read(self, posts: Sequence[Post]) -> list[Post | Poison]:
        """Return each post with its reading, in order, or `Poison` in its place.

        Raises `Transient` when no worker can start: then no post is to blame.
        """
        results: list[Post | Poison] = []
        for start in range(0, len(posts), BATCH):
            batch = posts[start : start + BATCH]
            readings = await self._attempt(batch)
            if readings is None:
                results += [await self._read_alone(post) for post in batch]
            else:
                results += [replace(post, reading=reading) for post, reading in zip(batch, readings, strict=True)]
        return results

    async def _read_alone(self, post: Post) -> Post | Poison:
        for _ in range(TRIES):
            readings = await self._attempt([post])
            if readings is not None:
                return replace(post, reading=readings[0])
        return Poison("la lecture de ce message échoue", step="tag")

    async def _attempt(self, posts: Sequence[Post]) -> list[Reading] | None:
        """Return the readings, or None when the batch failed: by an exception, a dead worker or a hung one."""
        async with self._turn:  # one batch at a time: a worker that dies takes no other source's posts with it
            future = (await self._ready_pool()).submit(_read_in_worker, list(posts))
            done, _ = await asyncio.wait([asyncio.wrap_future(future)], timeout=self._patience_s)
            error = done.pop().exception() if done else TimeoutError()
            if error is None:
                return future.result()
            log.warning("reading_failed", posts=len(posts), error=type(error).__name__)
            if isinstance(error, BrokenProcessPool | TimeoutError):
                self._discard_pool()
            return None

    async def _ready_pool(self) -> ProcessPoolExecutor:
        if self._pool is None:
            spawn = multiprocessing.get_context("spawn")
            pool = ProcessPoolExecutor(1, mp_context=spawn, initializer=_start_worker, initargs=(self._build,))
            try:
                with _ctrl_c_kept_from_children():
                    started = pool.submit(os.getpid)
                await asyncio.wrap_future(started)
            except BrokenProcessPool as error:
                raise Transient("Les outils de lecture ne démarrent pas : voir le journal du service.") from error
            self._pool = pool
        return self._pool

    def _discard_pool(self) -> None:
        if self._pool is not None:
            for process in list((self._pool._processes or {}).values()):  # noqa: SLF001 - no public way ends a hung one
                process.kill()
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None


@contextmanager
def _ctrl_c_kept_from_children() -> Iterator[None]:
    """Start processes that never see Ctrl-C: the terminal sends it to all, and the worker ends with the daemon."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


_nlp: "Language"


def _start_worker(build: Callable[[], "Language"]) -> None:
    global _nlp  # noqa: PLW0603 - a worker process holds exactly one pipeline
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _nlp = build()
    gc.freeze()  # the lexicons stay for ever: no use in walking them at each collection


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _read_in_worker(posts: list[Post]) -> list[Reading]:
    with _nlp.memory_zone():  # spaCy keeps every word that it has ever met, unless told where to stop
        return [read(_nlp, post) for post in posts]
