"""`watcher kibana push`, to a Kibana that enforces the real rules of an import."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest

from tests.fakes.servers import FaultyServer, answer
from watcher.demo.kibana import KEY, FakeKibana
from watcher.errors import AuthRefused, Malformed, Refused, SourceGone, Unreachable, WatcherError
from watcher.kibana import SavedObject, contents
from watcher.kibana.push import Door, push
from watcher.secrets import Secret
from watcher.web.server import serving
from watcher.words import Labels

OBJECTS = contents("watcher-", Labels(topics={"lycees": "Lycées"}))


@dataclass(frozen=True, slots=True)
class Served:
    fake: FakeKibana
    door: Door

    async def push(self, objects: list[SavedObject]) -> int:
        return await asyncio.to_thread(push, objects, self.door)


@pytest.fixture
async def kibana() -> AsyncIterator[Served]:
    fake = FakeKibana()
    async with serving(fake.app) as url:
        yield Served(fake, Door(url, Secret(KEY)))


async def test_everything_is_taken_and_a_second_time_changes_nothing(kibana: Served) -> None:
    assert await kibana.push(OBJECTS) == len(OBJECTS)
    taken = dict(kibana.fake.spaces[""])
    assert await kibana.push(OBJECTS) == len(OBJECTS)
    assert kibana.fake.spaces[""] == taken
    assert len(taken) == len(OBJECTS)


async def test_a_space_has_its_own(kibana: Served) -> None:
    served = Served(kibana.fake, replace(kibana.door, space="veille"))
    assert await served.push(OBJECTS) == len(OBJECTS)
    assert len(kibana.fake.spaces["veille"]) == len(OBJECTS)
    assert not kibana.fake.spaces[""]


async def test_what_kibana_refuses_is_told_by_its_title_though_the_answer_is_200(kibana: Served) -> None:
    views = {each.id for each in OBJECTS if each.kind == "index-pattern"}
    with pytest.raises(Refused) as told:
        await kibana.push([each for each in OBJECTS if each.id not in views])
    assert "« À répondre » : il s'appuie sur un objet qui manque" in str(told.value)


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"api_key": Secret("autre")}, AuthRefused, "WATCHER_KIBANA_API_KEY"),
        ({"api_key": None}, AuthRefused, "WATCHER_KIBANA_API_KEY"),
        ({"space": "ailleurs"}, SourceGone, "espace « ailleurs »"),
        ({"url": "http://127.0.0.1:9"}, Unreachable, "ne répond pas"),
        ({"space": "deux mots"}, Malformed, "pas valable"),
    ],
    ids=["wrong key", "no key", "no such space", "nobody there", "no name of a space"],
)
async def test_what_keeps_kibana_shut_is_said_in_french(
    kibana: Served, change: dict[str, object], error: type[WatcherError], words: str
) -> None:
    served = Served(kibana.fake, replace(kibana.door, **change))  # type: ignore[arg-type]
    with pytest.raises(error, match=words):
        await served.push(OBJECTS)


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (200, b"<html>Connexion</html>", Malformed),
        (200, b"[]", Malformed),
        (200, b'{"statut": "ok"}', Malformed),
        (200, b'{"success": true, "successCount": 3}', Refused),
        (403, b"{}", AuthRefused),
        (422, b"{}", Refused),
        (500, b"oups", Refused),
    ],
)
async def test_what_is_no_success_is_never_taken_for_one(status: int, body: bytes, error: type[WatcherError]) -> None:
    kind = "application/json" if body[:1] in b"{[" else "text/html"
    async with FaultyServer(answer(status, body, headers={"Content-Type": kind})) as server:
        with pytest.raises(error):
            await asyncio.to_thread(push, OBJECTS, Door(server.url("/").rstrip("/")))
