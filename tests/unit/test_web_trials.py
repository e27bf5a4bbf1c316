"""The page on which words are tried: what is asked of it, what it shows, and what it refuses."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import timedelta

import httpx
import pytest
from starlette.types import ASGIApp

from tests.fakes.clock import NOON
from tests.fakes.page import LABELS, FakeQueries, page
from tests.fakes.posts import READING, a_post
from watcher.difference import Comparison, Preview, differences
from watcher.errors import Unreachable
from watcher.web.trials import Trial, trial_of

GAINED = Comparison(a_post("1", text="La cantine <b>ferme</b> à midi", collected_at=NOON), ("lycees",))
LOST = Comparison(a_post("2", text="Un lycée", reading=replace(READING, topics=("lycees",))), ())


@dataclass
class Store:
    """Finds one post more and one less, whatever is tried, and counts the trials under way."""

    tried: list[Trial] = field(default_factory=list)
    running: int = 0
    most_at_once: int = 0

    async def __call__(self, trial: Trial) -> Preview:
        self.tried.append(trial)
        self.running += 1
        self.most_at_once = max(self.most_at_once, self.running)
        await asyncio.sleep(0)
        self.running -= 1
        since = NOON - timedelta(days=trial.days)
        return Preview(since, NOON, 5_000, 14_000, differences([GAINED, LOST], since, NOON))


async def answered(app: ASGIApp, **params: str) -> httpx.Response:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8470") as client:
        return await client.get("/essai", params=params)


async def test_nothing_is_tried_before_it_is_asked() -> None:
    store = Store()
    answer = await answered(page(FakeQueries(), try_words=store))
    assert (answer.status_code, store.tried) == (200, [])
    assert '<option value="lycees">Lycées</option>' in answer.text


async def test_words_are_tried_and_what_changes_is_shown() -> None:
    store = Store()
    answer = await answered(
        page(FakeQueries(), try_words=store), theme="lycees", mots=" cantine ,  salle  d'étude,", exclure="", jours="3"
    )

    assert store.tried == [Trial("lycees", ("cantine", "salle d'étude"), (), 3)]
    assert "Lycées : 1\u00a0publication de plus, 1\u00a0de moins" in answer.text
    assert "5\u202f000\u00a0publications relues sur 14\u202f000" in answer.text
    assert "La cantine &lt;b&gt;ferme&lt;/b&gt; à midi" in answer.text
    assert 'value="cantine, salle d&#39;étude"' in answer.text
    assert '<option value="3" selected>' in answer.text


@pytest.mark.parametrize(
    ("params", "says"),
    [
        ({"theme": "cuisine"}, "Ce thème n&#39;existe pas"),
        ({"theme": "lycees", "jours": "365"}, "Cette durée n&#39;est pas proposée."),
        ({"theme": "lycees", "mots": ",".join(f"mot{n}" for n in range(21))}, "Pas plus de 20 mots"),
        ({"theme": "lycees", "mots": "x" * 81}, "de 2 à 80 lettres"),
        ({"theme": "lycees", "exclure": "x"}, "de 2 à 80 lettres"),
    ],
)
async def test_what_cannot_be_tried_is_told(params: dict[str, str], says: str) -> None:
    answer = await answered(page(FakeQueries(), try_words=Store()), **params)
    assert answer.status_code == 404
    assert says in answer.text


async def test_without_elasticsearch_the_page_says_so() -> None:
    async def away(_: Trial) -> Preview:
        raise Unreachable("Elasticsearch ne répond pas.")

    answer = await answered(page(FakeQueries(), try_words=away), theme="lycees")
    assert answer.status_code == 200
    assert "Elasticsearch ne répond pas. Réessayez dans un moment." in answer.text


async def test_one_trial_runs_at_a_time() -> None:
    store = Store()
    app = page(FakeQueries(), try_words=store)
    await asyncio.gather(*(answered(app, theme="lycees", mots=f"mot{n}") for n in range(3)))
    assert (len(store.tried), store.most_at_once) == (3, 1)


def test_hostile_words_stay_words() -> None:
    trial = trial_of({"theme": "lycees", "mots": "<script>alert(1)</script>, ../../etc"}, LABELS)
    assert trial is not None
    assert trial.words == ("<script>alert(1)</script>", "../../etc")
