"""The view in which the team searches: its addresses, what it shows, and the file that it gives."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from starlette.types import ASGIApp

from tests.fakes.clock import NOON
from tests.fakes.explorer import FakeExplorer
from tests.fakes.page import LABELS, FakeQueries, page
from tests.fakes.posts import written
from watcher.errors import Unreachable
from watcher.gaps import Fate, Gap
from watcher.model import GapCause
from watcher.stores.queries.explorer import DayCount
from watcher.stores.queries.paging import Bookmark
from watcher.web.choices import UnknownChoice
from watcher.web.days import day_chart
from watcher.web.explorer import asked

NOW = NOON + timedelta(minutes=20)
ALL = {
    "mots": 'bus "en retard"',
    "du": "2026-11-02",
    "au": "2026-11-20",
    "plateforme": "bluesky",
    "theme": "lycees",
    "departement": "34",
    "intention": "question",
    "pertinence": "institution",
}


async def got(app: ASGIApp, target: str) -> httpx.Response:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8470") as client:
        return await client.get(target)


def searching(explorer: FakeExplorer) -> ASGIApp:
    return page(FakeQueries(), explorer=explorer)


def test_an_address_says_all_that_is_looked_for_and_comes_back() -> None:
    wanted, after = asked(ALL, LABELS, NOW)
    search = wanted.search
    assert after is None
    assert (search.words, search.platform, search.topic) == ('bus "en retard"', "bluesky", "lycees")
    assert (search.departement, search.intent, search.relevance) == ("34", "question", "institution")
    assert (search.since.isoformat(), search.until.isoformat()) == (
        "2026-11-02T00:00:00+01:00",
        "2026-11-21T00:00:00+01:00",
    )
    assert dict(parse_qsl(urlsplit(wanted.address()).query)) == ALL


def test_without_anything_the_last_thirty_days_are_looked_at_until_now() -> None:
    wanted, _ = asked({"mots": "", "theme": "", "du": "", "au": ""}, LABELS, NOW)
    assert (wanted.first, wanted.last) == (date(2026, 10, 26), date(2026, 11, 24))
    assert wanted.search.until == NOW
    assert wanted.search.topic is None


def test_who_turns_a_page_stays_with_what_there_was_at_the_first() -> None:
    wanted, _ = asked({}, LABELS, NOW)
    end = Bookmark(1_764_000_000_000, "ab" * 16)
    following = dict(parse_qsl(urlsplit(wanted.address(after=end)).query))
    later, after = asked(following, LABELS, NOW + timedelta(hours=3))
    assert after == end
    assert later.search == wanted.search


def test_quotes_as_phones_write_them_are_quotes() -> None:
    assert asked({"mots": "« en  retard » “bus”"}, LABELS, NOW)[0].search.words == '" en retard " "bus"'


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"du": "24/11/2026"}, "comme 2026-11-24"),
        ({"au": "2026-02-30"}, "comme 2026-11-24"),
        ({"du": "2026-11-20", "au": "2026-11-02"}, "échangez les deux dates"),
        ({"du": "2001-01-01"}, "trois ans au plus"),
        ({"du": "0001-01-01", "au": "0001-01-02"}, "trop lointaine"),
        ({"au": "9999-12-31"}, "trop lointaine"),
        ({"theme": "cuisine"}, "Ce thème"),
        ({"departement": "75"}, "Ce département"),
        ({"plateforme": "minitel"}, "Cette plateforme"),
        ({"intention": "x"}, "Cette intention"),
        ({"pertinence": "x"}, "Cette pertinence"),
        ({"suite": "1_2"}, "recommencez la recherche"),
        ({"suite": f"0_0_{'ab' * 16}"}, "recommencez la recherche"),
        ({"du": "2027-03-01", "au": "2027-03-31"}, "n'a pas commencé"),
        ({"au": "9998-12-31"}, "n'a pas commencé"),
        ({"suite": f"{10**14}_0_{'ab' * 16}"}, "recommencez la recherche"),
        ({"suite": f"0_{10**14}_{'ab' * 16}"}, "recommencez la recherche"),
        ({"mots": "a" * 301}, "300 lettres"),
    ],
)
def test_an_address_that_asks_for_what_there_is_not_is_told_so(params: dict[str, str], said: str) -> None:
    with pytest.raises(UnknownChoice, match=said):
        asked(params, LABELS, NOW)


async def test_what_is_found_is_shown_with_its_number_and_the_form_keeps_what_was_asked() -> None:
    explorer = FakeExplorer([written("a"), written("b")])
    text = (await got(searching(explorer), "/explorer?mots=march%C3%A9&theme=lycees")).text
    assert "2\u00a0publications trouvées" in text
    assert text.count("<article") == 2
    assert 'name="mots" value="marché"' in text
    assert '<option value="lycees" selected>' in text
    (search, _), *_ = explorer.asked
    assert (search.words, search.topic) == ("marché", "lycees")


async def test_the_next_page_is_a_link_when_there_is_one() -> None:
    more = FakeExplorer([written("a")], end=Bookmark(5, "ab" * 16))
    assert "Plus anciennes" in (await got(searching(more), "/explorer")).text
    assert "Plus anciennes" not in (await got(searching(FakeExplorer([written("a")])), "/explorer")).text


async def test_nothing_found_says_what_to_try_and_offers_no_file() -> None:
    text = (await got(searching(FakeExplorer()), "/explorer?mots=licorne")).text
    assert "Essayez une période plus longue" in text
    assert ".csv" not in text


async def test_without_elasticsearch_the_form_is_still_there() -> None:
    down = FakeExplorer(trouble=Unreachable("Elasticsearch ne répond pas."))
    response = await got(searching(down), "/explorer?mots=bus")
    assert response.status_code == 200
    assert "Elasticsearch ne répond pas." in response.text
    assert 'value="bus"' in response.text


async def test_the_file_asks_for_the_same_and_is_kept_under_a_name() -> None:
    explorer = FakeExplorer([written("a"), replace(written("b"), text="=1+1")])
    response = await got(searching(explorer), "/explorer.csv?mots=bus&du=2026-11-02&au=2026-11-20")
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert response.headers["content-disposition"] == 'attachment; filename="veille_2026-11-02_2026-11-20.csv"'
    assert "content-security-policy" in response.headers
    assert response.text.count("\r\n") == 3
    assert ";'=1+1;" in response.text
    assert explorer.asked[0][0].words == "bus"


def days(first: date, *posts: int) -> list[DayCount]:
    return [DayCount(first + timedelta(days=number), count) for number, count in enumerate(posts)]


def test_days_are_drawn_to_the_same_scale_and_told() -> None:
    chart = day_chart(days(date(2026, 11, 2), 0, 5, 10), NOW)
    assert [bar.height for bar in chart.bars] == [98.0, 196.0]
    assert chart.sentence == "15\u00a0publications en 3 jours. Le plus : 10, le mercredi 4 novembre 2026."
    assert day_chart(days(date(2026, 11, 2), 0), NOW).sentence == "Aucune publication ce jour-là."


async def test_days_that_the_platform_looked_for_did_not_give_are_hatched_and_said() -> None:
    missed = Gap("mairie", "bluesky", GapCause.OUTAGE, NOON - timedelta(days=3), NOON - timedelta(days=2), Fate.LOST)
    app = page(FakeQueries(), gaps=[missed])
    shown = (await got(app, "/explorer?plateforme=bluesky")).text.replace("&#39;", "'")
    assert "ce qui n'a pas été entendu : mairie, entre samedi 21 novembre et dimanche 22 novembre." in shown
    assert "pas été entendu" not in (await got(app, "/explorer?plateforme=x")).text.replace("&#39;", "'")


def test_marks_are_mondays_of_a_month_and_months_of_a_year_named_where_there_is_room() -> None:
    month = day_chart(days(date(2026, 10, 26), *[1] * 30), NOW).days
    assert [mark.label for mark in month] == ["26/10", "02/11", "09/11", "16/11", ""]
    year = day_chart(days(date(2026, 1, 1), *[1] * 365), NOW).days
    assert len(year) == 12
    assert all(later.x - earlier.x > 5 for earlier, later in pairwise(year))
