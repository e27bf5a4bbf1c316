"""The digests in a real browser: styled though guarded, and printed on A4. Pictures and PDF are kept."""

from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.fakes.browser import in_a_browser, opened
from tests.fakes.shown import VIEWS

PICTURES = Path("test-output")
A4 = (595, 842)  # points

pytestmark = in_a_browser("the digests")


@pytest.mark.parametrize("digest", ["morning", "week"])
async def test_a_digest_wears_its_sheet_and_complains_of_nothing(browser: Browser, site: str, digest: str) -> None:
    address, complaints = f"{site}{VIEWS[digest]}", list[str]()
    tab = await browser.new_page()
    tab.on("console", lambda line: complaints.append(line.text))
    tab.on("request", lambda request: request.url == address or complaints.append(request.url))
    await tab.goto(address)
    assert complaints == []
    assert await tab.evaluate("getComputedStyle(document.querySelector('section')).display") == "grid"
    await tab.context.close()


@pytest.mark.parametrize("digest", ["morning", "week"])
async def test_a_digest_prints_on_a4_without_losing_a_word(browser: Browser, site: str, digest: str) -> None:
    tab = await opened(browser, f"{site}{VIEWS[digest]}")
    PICTURES.mkdir(exist_ok=True)
    await tab.emulate_media(media="print")
    await tab.screenshot(path=PICTURES / f"digest-{digest}-print.png", full_page=True)
    printed = await tab.pdf(path=PICTURES / f"digest-{digest}.pdf", prefer_css_page_size=True, print_background=True)
    assert printed.startswith(b"%PDF-")
    assert 1 <= printed.count(b"/Type /Page\n") <= 3
    width, height = (round(float(side)) for side in printed.split(b"/MediaBox [0 0 ")[1].split(b"]")[0].split())
    assert abs(width - A4[0]) <= 1
    assert abs(height - A4[1]) <= 1
    await tab.context.close()


async def test_digests_are_found_from_the_navigation(browser: Browser, site: str) -> None:
    tab = await opened(browser, site)
    await tab.get_by_role("navigation", name="Vues").get_by_role("link", name="Bilans").click()
    await tab.get_by_role("link", name="Semaine 47").click()
    assert await tab.get_by_role("heading", level=1).inner_text() == "Bilan de la semaine 47"
    await tab.context.close()
