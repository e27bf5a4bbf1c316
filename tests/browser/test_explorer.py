"""The view in which the team searches, in a real browser: a form that keeps what was asked, and a file."""

import csv
from pathlib import Path

from playwright.async_api import Browser

from tests.fakes.browser import in_a_browser, opened
from tests.fakes.shown import posts

pytestmark = in_a_browser("the view that searches")


async def test_a_search_is_an_address_that_can_be_sent(browser: Browser, site: str) -> None:
    tab = await opened(browser, site)
    await tab.get_by_role("link", name="Explorer").click()
    await tab.get_by_label("Mots").fill('"en retard" bus')
    await tab.get_by_label("Thème").select_option("Lycées")
    await tab.get_by_label("Du").fill("2026-11-02")
    await tab.keyboard.press("Enter")
    await tab.wait_for_url("**du=2026-11-02**")
    sent = await opened(browser, tab.url)
    assert await sent.get_by_label("Mots").input_value() == '"en retard" bus'
    assert await sent.get_by_label("Thème").input_value() == "lycees"
    assert await sent.get_by_label("Du").input_value() == "2026-11-02"
    assert await sent.get_by_label("Plateforme").input_value() == ""
    await sent.context.close()
    await tab.context.close()


async def test_the_file_opens_as_rows_with_the_texts_of_strangers_whole(
    browser: Browser, site: str, tmp_path: Path
) -> None:
    tab = await opened(browser, f"{site}/explorer")
    async with tab.expect_download() as downloading:
        await tab.get_by_role("link", name="Télécharger").click()
    download = await downloading.value
    path = tmp_path / download.suggested_filename
    await download.save_as(path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    assert download.suggested_filename == "veille_2026-10-26_2026-11-24.csv"
    assert len(rows) == len(posts()) + 1
    assert {len(row) for row in rows} == {len(rows[0])}
    assert any("<script>alert(1)</script>" in cell for row in rows for cell in row)
    await tab.context.close()
