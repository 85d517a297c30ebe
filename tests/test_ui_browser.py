"""The page in real headless Chromium: a question is asked and the answer read. Skipped where there is no Chromium."""

from __future__ import annotations

import json
import os
import shutil
import socket
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from official_layout import database_markdown
from playwright.sync_api import Browser, Page, sync_playwright

from ingest.library import Library
from retriever import drivers, index
from retriever.assistant import Assistant
from retriever.checklist import Checklist, checklist
from ui import app
from ui.settings import Settings

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
pytestmark = [
    pytest.mark.browser,
    pytest.mark.model,
    pytest.mark.skipif(CHROMIUM is None and not os.environ.get("CI"), reason="Chromium is not installed"),
    pytest.mark.filterwarnings("ignore"),
]


@pytest.fixture(scope="module")
def address(assistant: Assistant, real_data: Path) -> Iterator[str]:
    port = free_port()
    page = app.launch(app.Desk(assistant, Settings(real_data)), port=port, block=False)
    yield f"http://127.0.0.1:{port}"
    page.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class Opened:
    """A page with what it asked of the network and what it complained of."""

    def __init__(self, browser: Browser, address: str, width: int = 1440) -> None:
        self.page: Page = browser.new_context(viewport={"width": width, "height": 900}).new_page()
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on(
            "console", lambda message: self.complaints.append(message.text) if message.type == "error" else None
        )
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.complaints.append("dialog"), dialog.dismiss()))
        self.page.goto(address)
        self.page.wait_for_selector("#question textarea")

    def ask(self, question: str) -> None:
        self.page.fill("#question textarea", question)
        self.page.click("#ask")
        shown = " ".join(question.split())[:40]
        self.page.wait_for_function(
            "text => document.querySelector('#answer h2')?.textContent.includes(text)", arg=shown
        )


@pytest.fixture
def opened(browser: Browser, address: str) -> Iterator[Opened]:
    made = Opened(browser, address)
    yield made
    made.page.context.close()


def test_a_question_is_asked_and_its_answer_read(opened: Opened, assistant: Assistant) -> None:
    question = "An adult asks a child to meet for sex over the internet"
    opened.ask(question)
    wanted = assistant.ask(question).hits[:3]
    assert opened.page.locator("#answer .hit:visible").count() == 3
    for card, hit in zip(opened.page.locator("#answer .hit:visible").all(), wanted, strict=True):
        assert card.get_attribute("data-citation") == str(hit.citation)
        assert card.locator("blockquote").evaluate("element => element.textContent") == hit.quote.text
        assert hit.label() in card.locator("h3").inner_text()
    assert str(wanted[0].citation) == "cets-201/art_23"


def test_nothing_is_asked_of_another_host_and_the_console_is_silent(opened: Opened, address: str) -> None:
    opened.ask("may police freeze my data?")
    opened.page.wait_for_timeout(500)
    abroad = [url for url in opened.requests if not url.startswith((address, "data:", "blob:"))]
    assert abroad == []
    assert opened.complaints == []


def test_the_privacy_settings_are_in_force(opened: Opened, address: str) -> None:
    with urllib.request.urlopen(f"{address}/config") as reply:
        config = json.load(reply)
    assert config.get("run_history") in (False, None)
    assert config["analytics_enabled"] is False
    assert config.get("footer_links") == []
    assert not config.get("mcp_server")
    opened.ask("may police freeze my data?")
    kept = opened.page.evaluate("JSON.stringify({...localStorage}) + JSON.stringify({...sessionStorage})")
    assert "freeze" not in kept


def test_markup_in_a_question_is_shown_and_never_run(opened: Opened) -> None:
    hostile = "<img src=x onerror=alert(1)><script>alert(2)</script> ${alert(3)} {{x}} Article 23 Lanzarote"
    opened.ask(hostile)
    assert hostile in opened.page.locator("#answer h2").inner_text()
    assert opened.page.locator("#answer img, #answer script").count() == 0
    assert opened.complaints == []


def test_what_is_not_covered_is_shown_as_such(opened: Opened) -> None:
    opened.ask("What does Article 99 of the Lanzarote Convention say?")
    assert "Not covered." in opened.page.locator("#answer .verdict").inner_text()
    assert opened.page.locator("#answer .hit:visible").count() == 0


def test_the_whole_article_opens_in_the_reader(opened: Opened) -> None:
    opened.ask("Article 20(1)(e) Lanzarote")
    card = opened.page.locator("#answer .hit").first
    assert not card.locator(".reader .text").is_visible()
    card.locator("summary").click()
    assert card.locator(".reader .text").is_visible()
    assert "the possession of child pornography;" in " ".join(card.locator(".reader .text mark").all_inner_texts())


def test_the_legal_basis_is_arranged_as_the_command_arranges_it(opened: Opened, assistant: Assistant) -> None:
    question = "A man makes a girl of 12 undress in front of her webcam"
    opened.page.get_by_role("tab", name="Legal basis").click()
    opened.page.fill("#conduct textarea", question)
    opened.page.click("#arrange")
    opened.page.wait_for_selector("#table tr")
    made = checklist(assistant, question)
    assert isinstance(made, Checklist)
    for row in made.rows:
        cells = opened.page.locator(f'#table tr[data-row="{row.name}"] details')
        addresses = [cell.get_attribute("data-citation") for cell in cells.all()]
        assert addresses == [str(hit.citation) for hit in row.hits]
    assert "pornographic performances" in opened.page.locator("#table blockquote:visible").inner_text()
    assert opened.complaints == []


def test_an_output_shows_its_source_and_the_filter_keeps_to_outputs(opened: Opened) -> None:
    opened.page.get_by_label("Committee outputs, recommendations, projects, resources").check()
    opened.ask("What did the Lanzarote Committee say about grooming?")
    cards = opened.page.locator("#answer .hit:visible")
    assert all("/statement_" in (card.get_attribute("data-citation") or "") for card in cards.all())
    assert "Source: " in cards.first.locator(".source").inner_text()
    assert "not binding" in cards.first.locator(".badges").inner_text()


def test_a_citation_is_copied(browser: Browser, address: str) -> None:
    opened = Opened(browser, address)
    opened.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened.ask("Article 23 Lanzarote")
    opened.page.locator("#answer button[data-copy]").first.click()
    opened.page.wait_for_timeout(200)
    assert opened.page.evaluate("navigator.clipboard.readText()") == "Lanzarote Convention (CETS No. 201), Article 23"
    opened.page.context.close()


def test_two_people_do_not_see_each_others_conversation(browser: Browser, address: str) -> None:
    one, two = Opened(browser, address), Opened(browser, address)
    one.ask("Article 23 Lanzarote")
    one.ask("and Article 24?")
    two.ask("Article 2 Budapest")
    assert "Earlier in this conversation (1)" in one.page.locator("#answer").inner_text()
    assert "Earlier" not in two.page.locator("#answer").inner_text()
    for opened in (one, two):
        opened.page.context.close()


def test_the_filter_and_an_example_work_on_a_phone(browser: Browser, address: str) -> None:
    opened = Opened(browser, address, width=390)
    opened.page.get_by_label("Budapest Convention (ETS No. 185)").check()
    opened.ask("images of child abuse")
    cited = [card.get_attribute("data-citation") or "" for card in opened.page.locator("#answer .hit").all()]
    assert cited
    assert all(address.startswith("ets-185/") for address in cited)
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= 390
    opened.page.context.close()


def test_a_text_is_installed_quoted_and_removed_in_the_page(browser: Browser, library: Library, tmp_path: Path) -> None:
    """With hashed vectors and a data folder of its own: what is tested is the way through the page."""
    index.build(library, drivers.embedder("hashing:64"), tmp_path / "data")
    desk = app.Desk(Assistant.open(tmp_path / "data", "hashing:64"), Settings(tmp_path / "data", "hashing:64"))
    path = tmp_path / "downloaded.md"
    path.write_text(database_markdown(library, "ets-189"))
    port = free_port()
    served = app.launch(desk, port=port, block=False)
    try:
        opened = Opened(browser, f"http://127.0.0.1:{port}")
        page = opened.page
        page.get_by_role("tab", name="Your texts").click()
        page.set_input_files("#file input[type=file]", str(path))
        page.fill("#lang textarea, #lang input", "en")
        page.wait_for_timeout(800)
        page.click("#install")
        page.wait_for_function("document.querySelector('#said textarea').value.startsWith('Installed.')", timeout=30000)
        assert "16" in page.input_value("#said textarea") or "17" in page.input_value("#said textarea")
        page.wait_for_function("document.querySelector('#held').innerText.includes('ets-189/official-en')")
        page.get_by_role("tab", name="Ask").click()
        opened.ask("Article 3 ETS 189")
        card = page.locator("#answer .hit").first
        assert "official text (en) as installed from downloaded.md" in card.locator(".badges").inner_text()
        assert "In plain words" in card.locator("details.other summary").first.inner_text()
        page.get_by_role("tab", name="Your texts").click()
        page.click("#gone input")
        page.get_by_role("option", name="ets-189/official-en").click()
        page.click("#remove")
        page.wait_for_function("document.querySelector('#said textarea').value.startsWith('Removed')", timeout=30000)
        assert [complaint for complaint in opened.complaints if "404" not in complaint] == []
        page.context.close()
    finally:
        served.close()


def test_a_verdict_is_kept_once_and_the_buttons_follow_the_reply(
    browser: Browser, hashed_data: Path, tmp_path: Path
) -> None:
    shutil.copytree(hashed_data / "index", tmp_path / "index")
    desk = app.Desk(Assistant.open(tmp_path, "hashing:512"), Settings(tmp_path, "hashing:512"))
    port = free_port()
    served = app.launch(desk, port=port, block=False)
    try:
        opened = Opened(browser, f"http://127.0.0.1:{port}")
        page = opened.page
        assert page.locator("#judging button:visible").count() == 0
        opened.ask("Article 23 Lanzarote")
        page.get_by_role("button", name="wrong article").wait_for()
        shown = [button.inner_text() for button in page.locator("#judging button:visible").all()]
        assert shown == ["useful", "wrong article", "should have refused"]
        assert "nothing is sent" in page.locator("#judged").inner_text()
        page.get_by_role("button", name="wrong article").click()
        page.wait_for_function("document.querySelector('#judged').innerText.startsWith('Kept as')")
        assert page.get_by_role("button", name="useful").is_disabled()
        opened.ask("Que dit l'article 99 de la convention de Lanzarote ?")
        page.get_by_role("button", name="aurait dû répondre").wait_for()
        assert page.get_by_role("button", name="utile").is_enabled()
        page.click("#anew")
        page.wait_for_function("!document.querySelector('#judging button')?.offsetParent")
        kept = [json.loads(line) for line in (tmp_path / "feedback.jsonl").read_text().splitlines()]
        assert [(row["question"], row["verdict"], row["cited"][0]) for row in kept] == [
            ("Article 23 Lanzarote", "wrong-article", "cets-201/art_23")
        ]
        assert opened.complaints == []
        page.context.close()
    finally:
        served.close()
