"""Takes the pictures that the guide and README show, of the demo's world: `make pictures` after a change."""

import asyncio
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser

from tests.fakes.browser import a_browser

FOLDER = Path(__file__).parent.parent / "config" / "images"
PORT = 8479
_ENDED = "la page reste ouverte"


@dataclass(frozen=True, slots=True)
class Picture:
    """What a browser of `width` and `height` shows at `address`, from the element `above` on."""

    address: str
    width: int = 1100
    height: int = 800
    above: str = "body"


PICTURES = {
    "tendances": Picture("/", height=880),
    "heure-par-heure": Picture("/", height=395, above=".pair"),
    "a-repondre": Picture("/a-repondre"),
    "explorer": Picture("/explorer?mots=inondation", width=1240, height=920),
    "telephone": Picture("/", width=360, height=760),
}


async def take(browser: Browser, name: str, picture: Picture) -> None:
    """Write one picture."""
    context = await browser.new_context(
        locale="fr-FR", viewport={"width": picture.width, "height": picture.height}, color_scheme="light"
    )
    tab = await context.new_page()
    await tab.goto(f"http://127.0.0.1:{PORT}{picture.address}")
    await tab.locator(picture.above).first.evaluate("element => element.scrollIntoView()")
    await tab.screenshot(path=FOLDER / f"{name}.png")
    await context.close()


async def main() -> None:
    """Play the demo to its end, take every picture, and end it."""
    command = ("-u", "-m", "watcher", "demo", "--port", str(PORT))
    demo = await asyncio.create_subprocess_exec(sys.executable, *command, stdout=asyncio.subprocess.PIPE)
    assert demo.stdout is not None
    try:
        async for line in demo.stdout:
            sys.stdout.write(line.decode())
            if _ENDED in line.decode():
                break
        FOLDER.mkdir(exist_ok=True)
        async with a_browser() as browser:
            for name, picture in PICTURES.items():
                await take(browser, name, picture)
    finally:
        demo.send_signal(signal.SIGINT)
        await demo.communicate()


if __name__ == "__main__":
    asyncio.run(main())
