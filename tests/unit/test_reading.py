"""Fourth step: posts are read in another process, and a post that kills it costs only itself."""

import asyncio
import os
import time

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from tests.fakes.posts import a_post
from watcher.errors import Poison, Transient
from watcher.model import Post
from watcher.reading import ReadingProcess, text_of


def build_sensitive() -> Language:
    """A pipeline that a text can kill, hang or make fail; a stand-in for what only a bug could do."""
    for name in (
        "hints lang relevance topics intent to_answer hashtags hashtags_raw mentions domains departements communes"
        " evidence"
    ).split():
        if not Doc.has_extension(name):
            Doc.set_extension(name, default=())

    @Language.component("sensitive")
    def sensitive(doc: Doc) -> Doc:
        match doc.text:
            case "mortel":
                os._exit(1)
            case "sans fin":
                time.sleep(60)
            case "fautif":
                raise ValueError(doc.text)
        doc._.lang, doc._.relevance, doc._.intent, doc._.to_answer = "fr", "territoire", "information", False
        return doc

    nlp = spacy.blank("fr")
    nlp.add_pipe("sensitive")
    return nlp


def build_nothing() -> Language:
    raise RuntimeError("no model")


def test_a_title_is_read_before_its_text() -> None:
    assert text_of(a_post("1", title="Titre", text="Texte")) == "Titre\nTexte"
    assert text_of(a_post("1", title="", text="Texte")) == "Texte"


async def test_posts_come_back_read_and_in_order_whatever_their_neighbours_do() -> None:
    texts = ["un", "mortel", "deux", "fautif", "trois", "sans fin", "quatre"]
    posts = [a_post(str(number), text=text, reading=None) for number, text in enumerate(texts)]
    async with ReadingProcess(build_sensitive, patience_s=3) as process:
        results = await process.read(posts)
    assert [isinstance(result, Poison) for result in results] == [
        text in {"mortel", "fautif", "sans fin"} for text in texts
    ]
    assert [result.text for result in results if isinstance(result, Post)] == ["un", "deux", "trois", "quatre"]
    assert all(result.reading for result in results if isinstance(result, Post))


async def test_the_event_loop_goes_on_meanwhile() -> None:
    async with ReadingProcess(build_sensitive, patience_s=1) as process:
        await process.read([a_post("0", text="échauffement", reading=None)])
        reading = asyncio.create_task(process.read([a_post("1", text="sans fin", reading=None)]))
        ticks = 0
        while not reading.done():
            await asyncio.sleep(0.01)
            ticks += 1
    assert ticks > 50


async def test_a_pipeline_that_cannot_start_blames_no_post() -> None:
    async with ReadingProcess(build_nothing) as process:
        with pytest.raises(Transient):
            await process.read([a_post("1", reading=None)])
