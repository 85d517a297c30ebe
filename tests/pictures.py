"""Takes the pictures in docs/views: every view at three widths, light and dark. `make pictures`; not a test.

Playwright's own recorder writes PNG; a palette of 64 colours (Pillow comes with matplotlib) keeps the folder small.
"""

from __future__ import annotations

import io
import os
import shutil
import sys
from pathlib import Path

from opened_page import FLAGS, free_port
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from retriever.assistant import Assistant
from ui import app
from ui.desk import Desk
from ui.settings import Settings, silence

OUT = Path(__file__).parent.parent / "docs" / "views"
WIDTHS = (1440, 820, 390)
BRIEF = (
    "Grooming is dealt with in Article 23 of the Lanzarote Convention and possession in Article 20(1)(e). Article 99 of the "
    "Budapest Convention also applies: States punish “the possession of child pornography”. See Article 9."
)
VIEWS = {
    "start": ("", "#examples"),
    "answer": ("?q=My+ex+shares+pictures+of+me+naked,+I+was+16+then", "#answer .hit"),
    "refusal": ("?q=How+many+children+were+abused+in+France+in+2023%3F", "#answer .verdict"),
    "reader": ("?p=cets-201/art_20__para_1__point_e", "#here"),
    "legal-basis": ("?v=basis", "#conduct"),
    "check": ("?v=check", "#brief"),
    "documents": ("?v=documents", "#held table"),
    "quality": ("?v=quality", "#figures table"),
    "french": ("fr?q=Combien+de+fois+peut-on+interroger+un+enfant+?", "#answer .hit"),
}


def shown(browser: Browser, address: str, name: str, width: int, theme: str) -> bytes:
    """One view as a PNG: its first screen, or two screens of an answer."""
    path, awaited = VIEWS[name]
    context = browser.new_context(viewport={"width": width, "height": 1000}, color_scheme=theme, locale="en-GB")  # type: ignore[arg-type]
    page: Page = context.new_page()
    page.goto(f"{address}/{path}")
    page.wait_for_selector(awaited)
    if name == "legal-basis":
        page.fill("#conduct textarea", "A man makes a girl of 12 undress in front of her webcam")
        page.click("#arrange")
        page.wait_for_selector("#table tr")
    if name == "check":
        page.fill("#brief textarea", BRIEF)
        page.click("#check")
        page.wait_for_selector(".checked")
    page.wait_for_timeout(700)
    whole = name != "reader"
    taken = page.screenshot(full_page=whole, clip={"x": 0, "y": 0, "width": width, "height": 1500} if whole else None)
    context.close()
    return taken


def main(data: Path) -> None:
    """Take every picture with the index in `data`."""
    silence()
    OUT.mkdir(parents=True, exist_ok=True)
    port = free_port()
    served = app.launch(Desk(Assistant.open(data), Settings(data)), port=port, block=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for name in VIEWS:
            for width in WIDTHS:
                for theme in ("light", "dark"):
                    png = shown(browser, f"http://127.0.0.1:{port}", name, width, theme)
                    image = Image.open(io.BytesIO(png)).convert("RGB").quantize(64)
                    image.save(OUT / f"{name}-{width}-{theme}.png", optimize=True)
        browser.close()
    served.close()
    print(f"{len(list(OUT.glob('*.png')))} pictures in {OUT}")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else os.environ["BASIS_DATA"]))
