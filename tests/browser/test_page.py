"""The first page in a real browser: what is seen, reached by keyboard, and never run. Pictures go to test-output/."""

import os
import re
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright

from tests.fakes.clock import NOON
from tests.fakes.page import FakeQueries, page
from tests.fakes.posts import written
from watcher.difference import Comparison, Preview, differences
from watcher.errors import Unreachable
from watcher.model import Outcome, Post, SourceState
from watcher.stores.queries import HashtagCount, Totals
from watcher.web.server import serving
from watcher.web.trials import Trial

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PICTURES = Path("test-output")
SIZES = {"desktop": (1280, 900), "phone": (360, 740)}
TRIAL = "/essai?theme=lycees&mots=cantine%2C+salle+d%27%C3%A9tude&jours=7"
VIEWS = {
    "all": "/",
    "topic": "/?theme=crises",
    "answer": "/?vue=a-repondre",
    "error": "/?theme=cuisine",
    "trial": TRIAL,
}

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: the page was NOT tried in a browser"),
]

HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)><a href='javascript:alert(1)'>x</a>",
    "\u202e\u2067renversé\u202e " * 30,
    "mot" * 3000,
    "Z\u0351\u036b\u0343\u036a\u0302\u036b" * 200,
    "مرحبا بالعالم " * 40,
    "</p></article></main></body><style>*{display:none}</style>",
)

STATES = (
    SourceState("gazette", last_run_at=NOON, outcome=Outcome.OK, posts=12),
    SourceState("mairie", last_run_at=NOON, outcome=Outcome.GONE, failures=3),
    SourceState("radio", last_run_at=NOON, outcome=Outcome.RATE_LIMITED, not_before=NOON + timedelta(hours=1)),
    SourceState("nouvelle"),
)


def posts() -> list[Post]:
    told = [
        written("a", NOON - timedelta(minutes=3), topics=("crises",), communes=("34145",), to_answer=True),
        written("b", NOON - timedelta(hours=2), topics=("lycees",), departements=("30",), relevance="institution"),
    ]
    return told + [
        replace(written(f"h{n}", hashtags_raw=(text,)), title=text, text=f"{text}.", url=f"javascript:alert({n})")
        for n, text in enumerate(HOSTILE)
    ]


async def tried(trial: Trial) -> Preview:
    """Gain every post that is shown, hostile ones too, over the days, and lose one."""
    since = NOON - timedelta(days=trial.days)
    gained = [
        Comparison(replace(post, collected_at=NOON - timedelta(days=number % 5)), (trial.topic,))
        for number, post in enumerate(posts() * 3)
    ]
    lost = Comparison(written("lost", topics=(trial.topic,)), ())
    return Preview(since, NOON, 5_000, 14_000, differences([*gained, lost], since, NOON))


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser() -> AsyncIterator[Browser]:
    options = ["--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=options)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def site() -> AsyncIterator[str]:
    found = Totals(posts=8, to_answer=1, by_topic={"crises": 5, "lycees": 1}, by_relevance={"hors_sujet": 2})
    tags = [HashtagCount("inondations", posts=5, voices=4), HashtagCount(HOSTILE[2], posts=1, voices=1)]
    queries = FakeQueries(posts(), tags, found)
    async with serving(page(queries, states=STATES, banner="DÉMO", try_words=tried)) as url:
        yield url


async def opened(browser: Browser, url: str, size: str = "desktop") -> Page:
    width, height = SIZES[size]
    context = await browser.new_context(viewport={"width": width, "height": height})
    context.set_default_timeout(10_000)
    tab = await context.new_page()
    await tab.goto(url)
    return tab


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("view", VIEWS)
async def test_each_view_fits_its_screen(browser: Browser, site: str, view: str, size: str) -> None:
    tab = await opened(browser, f"{site}{VIEWS[view]}", size)
    PICTURES.mkdir(exist_ok=True)
    await tab.screenshot(path=PICTURES / f"page-{view}-{size}-light.png")
    await tab.emulate_media(color_scheme="dark")
    await tab.screenshot(path=PICTURES / f"page-{view}-{size}-dark.png")
    width, room = await tab.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width <= room
    assert await tab.locator("h1").count() == 1
    await tab.context.close()


@pytest.mark.parametrize("where", ["", TRIAL])
async def test_hostile_posts_run_nothing_and_call_nobody(browser: Browser, site: str, where: str) -> None:
    context = await browser.new_context()
    tab = await context.new_page()
    alarms: list[str] = []
    tab.on("dialog", lambda dialog: alarms.append(dialog.message))
    tab.on("pageerror", lambda error: alarms.append(str(error)))
    tab.on("console", lambda line: alarms.append(line.text))
    tab.on("request", lambda request: request.url.startswith(site) or alarms.append(request.url))
    await tab.goto(f"{site}{where}")
    assert alarms == []
    assert await tab.locator("main script, main img, main style, main iframe").count() == 0
    for link in await tab.locator("a").all():
        assert re.match(r"[/#]|https?://", await link.get_attribute("href") or "")
    if not where:
        assert await tab.locator("article").count() == len(posts())
        assert await tab.locator("#sources").is_visible()
    await context.close()


async def test_words_are_tried_by_a_form_that_keeps_them(browser: Browser, site: str) -> None:
    tab = await opened(browser, site)
    await tab.get_by_role("link", name="Essayer des mots").click()
    await tab.get_by_label("Thème").select_option("Lycées")
    await tab.get_by_label("Mots en plus").fill("cantine, internat")
    await tab.get_by_role("button", name="Essayer").click()
    assert await tab.get_by_role("heading", name="Lycées :").is_visible()
    assert await tab.get_by_label("Mots en plus").input_value() == "cantine, internat"
    await tab.context.close()


async def test_a_text_that_turns_direction_leaves_the_rest_alone(browser: Browser, site: str) -> None:
    tab = await opened(browser, site)
    arabic = tab.locator("h3", has_text="مرحبا")
    assert await arabic.evaluate("element => getComputedStyle(element).direction") == "rtl"
    footer = tab.locator("article", has=arabic).locator("footer")
    assert await footer.evaluate("element => getComputedStyle(element).direction") == "ltr"
    await tab.context.close()


async def test_the_keyboard_reaches_the_content_first_and_shows_where_it_is(browser: Browser, site: str) -> None:
    tab = await opened(browser, site)
    await tab.keyboard.press("Tab")
    assert await tab.evaluate("document.activeElement.textContent") == "Aller au contenu"
    await tab.keyboard.press("Enter")
    assert tab.url.endswith("#contenu")
    await tab.keyboard.press("Tab")
    inside, outline = await tab.evaluate(
        "[document.activeElement.closest('main') !== null, getComputedStyle(document.activeElement).outlineStyle]"
    )
    assert (inside, outline) == (True, "solid")
    await tab.context.close()


async def test_a_choice_is_a_link_that_tells_it_is_chosen(browser: Browser, site: str) -> None:
    tab = await opened(browser, site)
    await tab.get_by_role("navigation", name="Thème").get_by_role("link", name="Crises").click()
    assert "theme=crises" in tab.url
    chosen = tab.get_by_role("navigation", name="Thème").locator("[aria-current]")
    assert (await chosen.inner_text()).startswith("Crises")
    await tab.get_by_role("link", name="Tout revoir").click()
    assert tab.url == f"{site}/"
    await tab.context.close()


async def test_the_figures_of_the_chart_can_be_opened(browser: Browser, site: str) -> None:
    tab = await opened(browser, site)
    table = tab.get_by_role("region", name="Publications par heure")
    assert not await table.is_visible()
    await tab.get_by_text("Voir les chiffres").click()
    assert await table.is_visible()
    assert (await tab.get_by_role("img", name="publications en 72 heures").count()) == 1
    await tab.context.close()


async def test_without_elasticsearch_the_health_of_the_sources_is_there(browser: Browser) -> None:
    down = page(FakeQueries(trouble=Unreachable("Elasticsearch ne répond pas.")), states=STATES)
    async with serving(down) as url:
        tab = await opened(browser, url, "phone")
        await tab.screenshot(path=PICTURES / "page-down-phone-light.png")
        assert await tab.get_by_text("Elasticsearch ne répond pas.").is_visible()
        assert await tab.get_by_text("en panne", exact=True).is_visible()
        await tab.context.close()
