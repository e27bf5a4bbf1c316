"""Every page stands the rules of axe-core, on a screen and on a phone, in the light and in the dark."""

import asyncio
from urllib.parse import urldefrag, urljoin, urlsplit

import httpx
import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page
from selectolax.lexbor import LexborHTMLParser

from tests.fakes.browser import SIZES, ZOOM, in_a_browser, opened
from tests.fakes.shown import TRIAL, VIEWS, shown_page

HOME = "http://127.0.0.1"

pytestmark = in_a_browser("the accessibility of the page")

_FOCUS = """() => {
  const at = document.activeElement, box = at.getBoundingClientRect();
  if (at === document.body) return null;
  const is_new = !at.dataset.walked;
  at.dataset.walked = "yes";
  return {
    is_new,
    what: at.outerHTML.slice(0, 120),
    outline: getComputedStyle(at).outlineStyle,
    is_seen: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
}"""


async def linked() -> list[str]:
    """Return one address for each page that links lead to, from the first page on: a new view is tried by itself."""
    pages: dict[str, str] = {}
    seen: set[str] = set()
    to_read = ["/"]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(shown_page()), base_url=HOME) as client:
        while to_read:
            address = to_read.pop()
            path = urlsplit(address).path
            if path in seen:
                continue
            seen.add(path)
            answer = await client.get(address)
            if not answer.headers["content-type"].startswith("text/html"):
                continue
            pages[path] = address
            links = [urljoin(HOME, link.attributes.get("href")) for link in LexborHTMLParser(answer.text).css("a")]
            to_read += [urldefrag(link.removeprefix(HOME)).url for link in links if link.startswith(f"{HOME}/")]
    return list(pages.values())


ADDRESSES = sorted({*asyncio.run(linked()), VIEWS["error"], TRIAL})


async def broken_rules(tab: Page, *only: str) -> list[str]:
    """Return the rules of axe-core that the page breaks, of all or of those named, each with an element that does."""
    ours = {"target-size": {"enabled": True}}  # 2.5.8 of WCAG 2.2, which axe-core leaves to choose
    options = {"resultTypes": ["violations"], **({"runOnly": list(only)} if only else {"rules": ours})}
    results = await Axe().run(tab, options=options)
    return [f"{rule['id']}: {rule['help']}: {rule['nodes'][0]['html']}" for rule in results.response["violations"]]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("address", ADDRESSES)
async def test_no_rule_is_broken(browser: Browser, site: str, address: str, size: str) -> None:
    tab = await opened(browser, f"{site}{address}", size)
    assert await broken_rules(tab) == []
    await tab.context.close()


@pytest.mark.parametrize("size", SIZES)
async def test_no_rule_is_broken_by_the_buttons_of_who_gave_a_name(browser: Browser, site: str, size: str) -> None:
    tab = await opened(browser, f"{site}/qui", size)
    await tab.get_by_label("Votre nom").select_option("Anne")
    await tab.get_by_role("button", name="C'est moi").click()
    await tab.goto(site)
    for name in ("Vu", "Mettre en pause"):
        await tab.locator(".opinion summary").first.click()
        await tab.get_by_role("button", name=name).first.click()
    await tab.locator(".opinion summary").first.click()
    assert await broken_rules(tab) == []
    assert await tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await tab.context.close()


@pytest.mark.parametrize("address", ADDRESSES)
async def test_colours_stand_apart_in_the_dark_too(browser: Browser, site: str, address: str) -> None:
    tab = await opened(browser, f"{site}{address}")
    await tab.emulate_media(color_scheme="dark")
    assert await broken_rules(tab, "color-contrast") == []
    await tab.context.close()


@pytest.mark.parametrize("address", ADDRESSES)
async def test_the_keyboard_reaches_everything_and_shows_where_it_is(browser: Browser, site: str, address: str) -> None:
    tab = await opened(browser, f"{site}{address}", ZOOM)
    reachable = await tab.locator("a[href], button, select, summary, input:not([type=hidden]), [tabindex='0']").count()
    walked = 0
    for _ in range(reachable * 4):  # a date's field takes four steps
        await tab.keyboard.press("Tab")
        where = await tab.evaluate(_FOCUS)
        if where is None:
            break
        walked += where["is_new"]
        assert where["outline"] == "solid", where
        assert where["is_seen"], where
    closed = await tab.locator("details:not([open]) [tabindex='0']").count()
    assert walked == reachable - closed
    await tab.context.close()


@pytest.mark.parametrize("address", ADDRESSES)
async def test_nothing_is_cut_nor_beside_the_screen_at_its_largest_zoom(
    browser: Browser, site: str, address: str
) -> None:
    tab = await opened(browser, f"{site}{address}", ZOOM)
    assert await tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    beside = "main *:not(.choice ul *, .scroll *, .unseen, svg *)"
    assert (
        await tab.eval_on_selector_all(beside, "all => all.filter(e => e.getBoundingClientRect().right > 321).length")
        == 0
    )
    await tab.context.close()


async def test_a_page_prints_dark_on_light_without_what_cannot_be_pressed(browser: Browser, site: str) -> None:
    tab = await opened(browser, site)
    await tab.emulate_media(media="print", color_scheme="dark")
    assert await broken_rules(tab, "color-contrast") == []
    assert not await tab.locator("form:visible, nav:visible, details:visible").count()
    assert await tab.locator(".volume svg").is_visible()
    assert (
        await tab.evaluate("getComputedStyle(document.querySelector('.card')).backgroundColor") == "rgb(255, 255, 255)"
    )
    await tab.context.close()


async def test_a_broken_rule_would_be_found(browser: Browser) -> None:
    tab = await browser.new_page()
    await tab.set_content("<html><body><img src=x><input><p style='color: #ccc'>pâle</p></body></html>")
    found = {line.split(":")[0] for line in await broken_rules(tab)}
    assert {"color-contrast", "html-has-lang", "image-alt", "label"} <= found
    await tab.close()


async def test_links_lead_to_every_kind_of_page() -> None:
    assert {urlsplit(address).path for address in await linked()} >= {"/", "/essai"}
