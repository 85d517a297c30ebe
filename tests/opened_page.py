"""The page of Basis, served and opened in real headless Chromium, for the tests of the page."""

from __future__ import annotations

import os
import re
import shutil
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Error,
    Page,
    Request,
    Route,
    sync_playwright,
)

from ui import app
from ui.desk import Desk

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]  # fmt: skip
MARKS = [
    pytest.mark.browser,
    pytest.mark.model,
    pytest.mark.skipif(CHROMIUM is None and not os.environ.get("CI"), reason="Chromium is not installed"),
    pytest.mark.filterwarnings("ignore"),
]
VIEWS = tuple(app.TABS["en"])
# The page tells the server that it is alive by one request that never ends; all others do.
_ENDLESS = "/heartbeat/"
# A bound for what hangs, not for what is slow: a busy machine takes seconds to draw a page.
_PATIENCE = 60_000
_QUIET = 100
# The browser does not always tell that a stream of news from the server has ended which the page broke off.
_STREAM, _BROKEN_OFF = "/queue/data", 750
_LEFT = re.compile(r"AbortError|Connection errored out")


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def serving(desk: Desk, **how: Any) -> Iterator[str]:
    """The address, without a slash at the end, at which the page is served while the block runs."""
    port = free_port()
    page = app.launch(desk, port=port, block=False, **how)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        page.server.force_exit = True  # else it waits for the browser to close connections that it keeps
        page.close(verbose=False)


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


class Opened:
    """One person's page, in a browser profile of its own. What it asks of other hosts is kept in `foreign`, what it complains
    of in the console, and every dialog, in `complaints`. Leaving the block fails where there is any of either.

    No other host can be reached. With `alone`, requests to them are refused before they are made, which also turns the
    browser's cache off.
    """

    def __init__(
        self, browser: Browser, address: str, path: str = "/", *, width: int = 1440, locale: str = "en-GB", dark: bool = False,
        alone: bool = False,
    ) -> None:  # fmt: skip
        self.address = address
        self.foreign: list[str] = []
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self._open: set[Request] = set()
        self.context: BrowserContext = browser.new_context(
            viewport={"width": width, "height": 900}, locale=locale, color_scheme="dark" if dark else "light"
        )
        self.context.set_default_timeout(_PATIENCE)
        if alone:
            self.context.route(re.compile(rf"^(?!{re.escape(address)}/)"), self._refused)
        self.goto(path)

    def __enter__(self) -> Opened:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self.context.close()
        if kind is None:
            self.sound()

    def sound(self) -> None:
        """Fail where anything was asked of another host, or complained of, since this was asked last."""
        foreign, self.foreign = self.foreign, []
        complaints, self.complaints = self.complaints, []
        assert foreign == []
        assert complaints == []

    def _refused(self, route: Route) -> None:
        self.foreign.append(route.request.url)
        route.abort()

    def _asked(self, request: Request) -> None:
        self.requests.append(request.url)
        if _ENDLESS not in request.url:
            self._open.add(request)
        if not request.url.startswith((f"{self.address}/", "data:", f"blob:{self.address}/")):
            self.foreign.append(request.url)

    def _failed(self, error: Error) -> None:
        self.complaints.append(f"error: {error}")

    def _told(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def _prompted(self, dialog: Dialog) -> None:
        self.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _ended(self, request: Request) -> None:
        self._open.discard(request)

    def goto(self, path: str) -> None:
        """Open a path of the page in the place of what is open, and wait until it has done what its address asks for."""
        for page in self.context.pages:
            page.close()  # a page that is left for another complains of what it had not yet heard from the server
        self._open.clear()
        self.page: Page = self.context.new_page()
        self.page.on("request", self._asked)
        self.page.on("requestfinished", self._ended)
        self.page.on("requestfailed", self._ended)
        self.page.on("pageerror", self._failed)
        self.page.on("console", self._told)
        self.page.on("dialog", self._prompted)
        self.page.goto(f"{self.address}{path}")
        self.settled()

    def settled(self) -> None:
        """Wait until the page stands and has asked nothing of the server for a moment; leaving earlier breaks off what it
        asked, of which it complains."""
        self.page.wait_for_selector("[role=tab][aria-selected=true]")
        quiet = streaming = waited = 0
        while quiet < _QUIET and streaming < _BROKEN_OFF:
            before = len(self.requests)
            self.page.wait_for_timeout(25)
            calm = len(self.requests) == before and all(_STREAM in request.url for request in self._open)
            streaming = streaming + 25 if calm else 0
            quiet = 0 if self._open else quiet + 25
            waited += 25
            assert waited < _PATIENCE, [request.url for request in self._open]
        self._open.clear()

    def leave(self, link: str, arrived: str) -> None:
        """Click a link that leads to another page and wait until `arrived` stands there. Of the stream that is broken off by
        leaving, Gradio complains in the console of the page that is left; of nothing else may it."""
        before = len(self.complaints)
        self.page.click(link)
        self.page.wait_for_selector(arrived)
        self.settled()
        self.complaints[before:] = [told for told in self.complaints[before:] if not _LEFT.search(told)]

    def view(self, name: str) -> None:
        """Choose a view, named as in deep links, by its tab."""
        words = app.TABS[self.page.locator("html").get_attribute("lang") or "en"]
        tab = self.page.get_by_role("tab", name=words[name], exact=True)
        tab.click()
        assert tab.get_attribute("aria-selected") == "true"
        self.settled()

    @property
    def chosen(self) -> str:
        """The label of the tab whose view is shown."""
        return self.page.locator("[role=tab][aria-selected=true]").inner_text()

    def ask(self, question: str) -> None:
        """Ask in the view Ask and wait for the reply to this question."""
        self.page.fill("#question textarea", question)
        self.page.click("#ask")
        self.answered(question)

    def answered(self, question: str) -> None:
        self.page.wait_for_function(
            "text => document.querySelector('#answer h2 bdi')?.textContent.replace(/\\s+/g, ' ').trim().startsWith(text)",
            arg=" ".join(question.split())[:100],
        )
        self.settled()

    def check(self, text: str) -> None:
        """Check a text in the view Check citations, which is open, and wait for what was found in it."""
        self.page.evaluate("document.querySelector('#findings .checked')?.setAttribute('class', 'old')")
        self.page.fill("#brief textarea", text)
        self.page.click("#check")
        self.page.wait_for_selector("#findings .checked")

    def unfold(self) -> None:
        """Open everything that is folded."""
        self.page.eval_on_selector_all("details", "all => all.forEach(each => { each.open = true; })")

    def still(self) -> None:
        """Have colours change at once, where they would fade, until the page is left."""
        self.page.add_style_tag(content="* { transition: none !important; animation: none !important; }")

    def texts(self, selector: str) -> list[str]:
        """The text content, character for character, of every element that fits."""
        found = self.page.eval_on_selector_all(selector, "all => all.map(each => each.textContent)")
        return [str(text) for text in found]

    def too_wide(self) -> int:
        """By how many pixels the page is wider than the window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))

    def barriers(self) -> list[str]:
        """What axe-core finds against the accessibility of what is shown: rule and element."""
        violations = Axe().run(self.page).response["violations"]
        return [f"{found['id']}: {node['target']}" for found in violations for node in found["nodes"]]


def status_of(address: str) -> int:
    """The HTTP status of a GET request without cookies."""
    try:
        with urllib.request.urlopen(address) as reply:
            return int(reply.status)
    except urllib.error.HTTPError as error:
        return error.code
