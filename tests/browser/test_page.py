"""The first page in a real browser: what is seen, reached by keyboard, and never run. Pictures go to test-output/."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.fakes.browser import SIZES, in_a_browser, opened
from tests.fakes.page import FakeQueries, page
from tests.fakes.shown import STATES, VIEWS, posts
from watcher.errors import Unreachable
from watcher.web.server import serving

PICTURES = Path("test-output")

pytestmark = in_a_browser("the page")


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


@pytest.mark.parametrize("where", [where for view, where in VIEWS.items() if view != "error"])  # a 404 is told aloud
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
    if where == VIEWS["all"]:
        assert await tab.locator("article").count() == len(posts())
    await context.close()


async def test_words_are_tried_by_a_form_that_keeps_them(browser: Browser, site: str) -> None:
    tab = await opened(browser, site)
    await tab.get_by_role("link", name="Réglages").click()
    await tab.get_by_role("link", name="Essayer des mots").click()
    await tab.get_by_label("Thème").select_option("Lycées")
    await tab.get_by_label("Mots en plus").fill("cantine, internat")
    await tab.get_by_role("button", name="Essayer").click()
    assert await tab.get_by_role("heading", name="Lycées :").is_visible()
    assert await tab.get_by_label("Mots en plus").input_value() == "cantine, internat"
    await tab.context.close()


async def test_who_one_is_is_asked_once_and_shown(browser: Browser, site: str) -> None:
    tab = await opened(browser, site, "phone")
    await tab.get_by_label("Votre nom").select_option("Karim")
    await tab.get_by_role("button", name="C'est moi").click()
    assert await tab.get_by_role("status").inner_text() == (
        "Bonjour Karim : ce que vous direz des tendances portera votre nom."
    )
    await tab.screenshot(path=PICTURES / "page-told-phone-light.png")
    await tab.get_by_role("link", name="Tendances").click()
    assert await tab.get_by_role("link", name="Karim").is_visible()
    assert await tab.get_by_label("Votre nom").count() == 0
    assert await tab.get_by_role("status").count() == 0
    await tab.context.close()


async def test_what_one_says_of_a_trend_is_pressed_named_and_taken_back(browser: Browser, site: str) -> None:
    tab = await opened(browser, f"{site}/qui", "phone")
    await tab.get_by_label("Votre nom").select_option("Anne")
    await tab.get_by_role("button", name="C'est moi").click()
    card = tab.get_by_role("listitem").filter(has=tab.get_by_role("heading", name="#crue"))
    for name in ("Utile", "Je m'en occupe"):
        assert await card.get_by_role("button", name=name, pressed=False).count() == 1
        await card.get_by_role("button", name=name).click()
        assert await tab.get_by_role("status").is_visible()
        assert await card.get_by_role("button", name=name, pressed=True).is_visible()
    assert await card.get_by_text("Utile pour Anne").is_visible()
    assert await card.get_by_text("Prise en charge par Anne").is_visible()
    await tab.screenshot(path=PICTURES / "page-opinion-phone-light.png")
    await tab.emulate_media(color_scheme="dark")
    await tab.screenshot(path=PICTURES / "page-opinion-phone-dark.png")
    for name, told in (("Vu", "Vue par Anne"), ("Mettre en pause", "💤 En pause")):
        for is_told in (True, False):
            assert not await card.get_by_role("button", name=name).is_visible()
            await card.get_by_text("Plus", exact=True).click()
            await card.get_by_role("button", name=name).click()
            assert await card.get_by_text(told).is_visible() is is_told
    await card.get_by_role("button", name="Utile").click()
    assert await card.get_by_text("Utile pour Anne").count() == 0
    await tab.context.close()


async def test_a_form_without_the_mark_of_our_pages_is_refused(browser: Browser, site: str) -> None:
    tab = await opened(browser, site)
    await tab.locator("[name=jeton]").first.evaluate("field => field.value = 'autre'")
    await tab.get_by_role("button", name="C'est moi").click()
    assert await tab.get_by_text("Rien n'a été changé").is_visible()
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
        await tab.get_by_role("link", name="Voir laquelle et que faire").click()
        assert await tab.get_by_text("en panne", exact=True).is_visible()
        await tab.context.close()
