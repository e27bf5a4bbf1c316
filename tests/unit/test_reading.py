"""Fourth step: posts are read in another process, and a post that kills it costs only itself."""

import asyncio
import multiprocessing
import os
import signal
from collections.abc import Sequence
from contextlib import suppress

import pytest

from tests.fakes.pipeline import build_nothing, build_sensitive
from tests.fakes.posts import a_post
from watcher.errors import Poison, Transient
from watcher.model import Post
from watcher.reading import ReadingProcess, text_of


def unread(*texts: str) -> list[Post]:
    return [a_post(str(number), text=text, reading=None) for number, text in enumerate(texts)]


def told(results: Sequence[Post | Poison]) -> list[str]:
    return ["poison" if isinstance(result, Poison) else result.text for result in results]


def test_a_title_is_read_before_its_text() -> None:
    assert text_of(a_post("1", title="Titre", text="Texte")) == "Titre\nTexte"
    assert text_of(a_post("1", title="", text="Texte")) == "Texte"


async def test_posts_come_back_in_order_with_their_reading() -> None:
    async with ReadingProcess(build_sensitive) as process:
        results = await process.read(unread(*(str(number) for number in range(120))))
    assert told(results) == [str(number) for number in range(120)]
    assert all(isinstance(result, Post) and result.reading for result in results)


@pytest.mark.parametrize("text", ["mortel", "fautif", "sans fin"], ids=["dies", "raises", "hangs"])
async def test_a_post_that_ends_its_worker_costs_only_itself(text: str) -> None:
    async with ReadingProcess(build_sensitive, patience_s=0.5) as process:
        results = await process.read(unread("un", text, "deux"))
    assert told(results) == ["un", "poison", "deux"]


async def test_the_event_loop_goes_on_meanwhile() -> None:
    async with ReadingProcess(build_sensitive, patience_s=0.5) as process:
        reading = asyncio.create_task(process.read(unread("sans fin")))
        ticks = 0
        while not reading.done():
            await asyncio.sleep(0.01)
            ticks += 1
    assert ticks > 50


async def test_a_hung_worker_does_not_hold_up_the_end() -> None:
    async with asyncio.timeout(30):
        async with ReadingProcess(build_sensitive) as process:
            with suppress(TimeoutError):
                async with asyncio.timeout(5):
                    await process.read(unread("sans fin"))


async def test_a_pipeline_that_cannot_start_blames_no_post() -> None:
    async with ReadingProcess(build_nothing) as process:
        with pytest.raises(Transient):
            await process.read(unread("un"))


async def test_ctrl_c_in_the_terminal_does_not_reach_the_worker() -> None:
    async with ReadingProcess(build_sensitive) as process:
        await process.read(unread("un"))
        (worker,) = multiprocessing.active_children()
        assert worker.pid is not None
        os.kill(worker.pid, signal.SIGINT)
        assert told(await process.read(unread("deux"))) == ["deux"]
        assert multiprocessing.active_children() == [worker]
