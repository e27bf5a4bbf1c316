"""The view in which a person says what a post is about: « Mauvais thème ? »."""

import re
from collections.abc import Mapping
from typing import Protocol

from starlette.requests import Request

from watcher.model import Post, PostId
from watcher.web.choices import UnknownChoice, topic_of
from watcher.web.view import Done, Form, Sheet, View
from watcher.words import Labels

PATH = "/theme"

_ID = re.compile(r"[0-9a-f]{32}")
_GONE = "Ce message n'est plus là : sa plateforme, son auteur ou le temps l'a retiré."


class Proofreading(Protocol):
    """What the view stands on: see `upkeep.correction.Proofreader`. Both may raise a `WatcherError` in French."""

    async def post(self, post_id: PostId) -> Post | None:
        """Return the post as it was corrected last."""
        ...

    async def correct(self, post_id: PostId, topics: tuple[str, ...], person: str) -> str:
        """Keep what the post is about, and return the sentence that says so."""
        ...


def correction_view(proofreading: Proofreading, labels: Labels, most: int) -> View:
    """Return the view; a post is about `most` topics at the most."""

    async def show(request: Request) -> Sheet:
        post_id = _post_id(request.query_params)
        post = await proofreading.post(post_id)
        if post is None or post.reading is None:
            raise UnknownChoice(_GONE)
        topics = [topic for topic in post.reading.topics if topic in labels.topics]
        values = {
            "post": post,
            "labels": labels,
            "topics": labels.topics_by_name,
            "chosen": [*topics, *[""] * most][:most],
        }
        return Sheet("correction.html", values)

    async def take(form: Form) -> Done:
        post_id = _post_id(form.fields)
        asked = (topic_of(form.fields.get(f"theme{number}"), labels) for number in range(most))
        topics = tuple(dict.fromkeys(filter(None, asked)))
        sentence = await proofreading.correct(post_id, topics, form.person)
        return Done(f"{PATH}?message={post_id}", sentence)

    return View(PATH, "", show, takes={PATH: take})


def _post_id(fields: Mapping[str, str]) -> PostId:
    given = fields.get("message", "")
    if not _ID.fullmatch(given):
        raise UnknownChoice(_GONE)
    return PostId(given)
