"""The page in real headless Chromium: asking, answers, filters, export, checking, installing and judging. Skipped where
there is no Chromium."""

from __future__ import annotations

import datetime
import io
import json
import random
import re
import shutil
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import docx
import pypdfium2
import pytest
from official_layout import database_markdown
from opened_page import MARKS, Opened, chromium, serving
from playwright.sync_api import Browser

from eval.feedback import ON_ANSWER, ON_REFUSAL, Verdict
from ingest import catalogue, shelf
from ingest.library import Library
from ingest.treaty import Citation
from retriever.answer import Refusal
from retriever.assistant import Assistant
from retriever.checking import check
from retriever.checklist import Checklist, checklist
from ui.checked import counts
from ui.desk import Desk
from ui.settings import Settings
from ui.shelving import Wanted, entry_of
from ui.shown.citing import STYLES
from ui.shown.names import LABELS, ROLES
from ui.views import asking

pytestmark = MARKS
HOSTILE = {
    "markup": "<img src=x onerror=alert(1)><script>alert(2)</script></textarea><b>${alert(3)}</b> {{x}} Article 23 Lanzarote",
    "markdown": "**Article 23 Lanzarote** [a](javascript:alert(1)) ![b](http://203.0.113.1/x.png) # `c` | d | $e$",
    "right to left": "\u202eArticle 23 Lanzarote \u2067\u0627\u0644\u0645\u0627\u062f\u0629\u2069 \u202dof the Convention",
    "long": "Article 23 Lanzarote <b>x</b> " * 3334,
}


@pytest.fixture(scope="module")
def address(assistant: Assistant, real_data: Path) -> Iterator[str]:
    with serving(Desk(assistant, Settings(real_data))) as served:
        yield served


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def person(browser: Browser, address: str) -> Iterator[Opened]:
    with Opened(browser, address) as made:
        yield made


@pytest.fixture
def opened(person: Opened) -> Iterator[Opened]:
    """The page opened anew, in the profile of one person, so that the browser has its files already."""
    person.goto("/")
    yield person
    person.sound()


def cited(opened: Opened) -> list[str]:
    """The addresses on the cards that are shown."""
    cards = opened.page.locator("#answer .hit:visible").all()
    return [card.get_attribute("data-citation") or "" for card in cards]


def squeezed(text: str) -> str:
    return " ".join(text.split())


# Asking and answers.


def test_a_question_is_asked_and_its_answer_read(opened: Opened, assistant: Assistant) -> None:
    question = "An adult asks a child to meet for sex over the internet"
    opened.ask(question)
    reply = assistant.ask(question)
    wanted = reply.hits[:3]
    assert cited(opened) == [str(hit.citation) for hit in wanted]
    assert str(wanted[0].citation) == "cets-201/art_23"
    assert opened.texts("#answer .reply > .hit > blockquote") == [hit.quote.text for hit in wanted]
    for card, hit in zip(opened.page.locator("#answer .reply > .hit").all(), wanted, strict=True):
        assert hit.label() in card.locator("h3").inner_text()
        marks = "".join(card.locator("blockquote mark").evaluate_all("all => all.map(each => each.textContent)"))
        assert marks == "".join(hit.quote.text[start:end] for start, end in hit.quote.evidence).replace("\n", "")
    assert opened.page.locator("#answer .verdict").inner_text().startswith("3 provisions in ")


def test_the_cards_below_the_first_three_unfold(opened: Opened, assistant: Assistant) -> None:
    question = "may police freeze my data?"
    opened.ask(question)
    wanted = [str(hit.citation) for hit in assistant.ask(question).hits]
    assert cited(opened) == wanted[:3]
    opened.page.locator("#answer details.more > summary").click()
    assert cited(opened) == wanted
    assert len(wanted) > 3


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
    assert "freeze" not in opened.page.url
    assert [url for url in opened.requests if "freeze" in url] == []


def test_what_is_not_covered_is_shown_with_what_is_nearest(opened: Opened, assistant: Assistant) -> None:
    question = "What does Article 99 of the Lanzarote Convention say?"
    opened.ask(question)
    reply = assistant.ask(question)
    assert isinstance(reply, Refusal)
    assert opened.page.locator("#answer .refusal .verdict").inner_text() == f"Not covered. {reply.reason}"
    assert cited(opened) == []
    near = [link.get_attribute("data-place") for link in opened.page.locator("#answer .places a:visible").all()]
    assert near == [str(hit.citation) for hit in reply.hits[:3]]
    opened.page.locator("#answer details.nearest > summary").click()
    assert cited(opened) == near


def test_a_question_without_words_says_so_and_changes_nothing(opened: Opened) -> None:
    opened.page.click("#ask")
    opened.page.wait_for_selector("#answer .refusal")
    opened.settled()
    assert opened.page.locator("#export").is_hidden()
    opened.ask("Article 23 Lanzarote")
    assert opened.page.locator("#answer h3.earlier").count() == 0


def test_a_follow_up_shows_what_was_carried_over_and_the_earlier_question(opened: Opened, assistant: Assistant) -> None:
    first, second = "What does the Lanzarote Convention say about grooming?", "and about sanctions?"
    opened.ask(first)
    opened.ask(second)
    reply = assistant.ask(second, (first,))
    assert reply.notes
    assert opened.texts("#answer .note") == list(reply.notes)
    assert "Lanzarote Convention" in reply.notes[0]
    assert cited(opened) == [str(hit.citation) for hit in reply.hits[:3]]
    assert opened.page.locator("#answer h3.earlier").inner_text() == "Earlier in this conversation (1)"
    earlier = opened.page.locator("#answer ol.earlier > li")
    assert earlier.locator("summary").inner_text() == first
    earlier.locator("summary").click()
    places = [link.get_attribute("data-place") for link in earlier.locator(".places a:visible").all()]
    assert places == [str(hit.citation) for hit in assistant.ask(first).hits[:3]]
    earlier.get_by_role("button", name="Ask again").click()
    opened.answered(first)
    assert opened.page.locator("#answer h3.earlier").inner_text() == "Earlier in this conversation (2)"
    opened.page.click("#anew")
    opened.page.wait_for_selector("#answer .reply", state="detached")
    assert opened.page.locator("#examples").is_visible()
    assert opened.page.locator("#export").is_hidden()


def test_an_example_is_asked_by_a_click(opened: Opened) -> None:
    questions = list(asking.EXAMPLES["en"].values())
    buttons = opened.page.locator("#examples button")
    assert [button.get_attribute("data-ask") for button in buttons.all()] == questions
    buttons.nth(2).click()
    opened.answered(questions[2])
    assert cited(opened)
    assert opened.page.locator("#examples").is_hidden()


def test_two_people_do_not_see_each_others_conversation(browser: Browser, address: str) -> None:
    with Opened(browser, address) as one, Opened(browser, address) as two:
        one.ask("Article 23 Lanzarote")
        two.ask("Article 2 Budapest")
        one.ask("and Article 24?")
        assert one.page.locator("#answer ol.earlier summary").all_inner_texts() == ["Article 23 Lanzarote"]
        assert set(cited(one)) & {"cets-201/art_24"}
        assert two.page.locator("#answer .earlier").count() == 0
        assert cited(two)[0] == "ets-185/art_2"
        two.ask("and Article 3?")
        # The earlier answers stand there too, and may quote what names the other treaty.
        assert two.page.locator("#answer ol.earlier summary").all_inner_texts() == ["Article 2 Budapest"]
        assert "Lanzarote" not in " ".join(two.texts("#answer .question, #answer .note"))
        with two.page.expect_download() as saving:
            two.page.get_by_role("button", name="JSON").click()
        saved = json.loads(Path(saving.value.path()).read_bytes())
        assert [reply["question"] for reply in saved["replies"]] == ["Article 2 Budapest", "and Article 3?"]


def test_hostile_questions_are_text_and_the_page_stays_usable(opened: Opened) -> None:
    earlier: list[str] = []
    for hostile in HOSTILE.values():
        opened.ask(hostile)
        assert opened.texts("#answer h2 bdi") == [hostile if len(hostile) <= 600 else f"{hostile[:600]}…"]
        assert opened.too_wide() <= 0
        opened.ask("Article 24 Lanzarote")
        assert cited(opened)[0] == "cets-201/art_24"
        earlier = [hostile[:600], *earlier]
        assert opened.texts("#answer ol.earlier bdi") == earlier
        made = "#answer :is(img, script, textarea, b, iframe), #answer a[href^='javascript']"
        assert opened.page.locator(made).count() == 0
        assert opened.page.title() == "Basis"
        earlier = ["Article 24 Lanzarote", *earlier]


# Filters.


def choose(opened: Opened, id_: str, option: str) -> None:
    opened.page.click(f"#{id_} input")
    opened.page.get_by_role("option", name=option, exact=True).click()
    opened.page.keyboard.press("Escape")


def test_the_filters_keep_to_an_instrument_a_role_and_what_binds(
    opened: Opened, assistant: Assistant, library: Library
) -> None:
    question = "images of child abuse"
    opened.page.locator("#filters > button").click()
    choose(opened, "instruments", library.instruments["ets-185"].label("en"))
    opened.ask(question)
    assert [place.partition("/")[0] for place in cited(opened)] == ["ets-185"] * 3
    opened.page.locator("#instruments").get_by_role("button").first.click()
    choose(opened, "roles", ROLES["sanction"]["en"])
    opened.ask(question)
    found = [library.articles[hit.citation.article] for hit in assistant.ask(question).hits[:3]]
    assert any("sanction" not in article.roles for article in found)
    places = opened.page.eval_on_selector_all("#answer .hit", "all => all.map(each => each.dataset.citation)")
    assert places
    assert all("sanction" in library.articles[Citation.parse(place).article].roles for place in places)


def test_the_filter_keeps_to_what_binds(opened: Opened, library: Library) -> None:
    question = "What did the Lanzarote Committee say about grooming?"
    opened.ask(question)
    assert any(not library.instruments[place.partition("/")[0]].binding for place in cited(opened))
    opened.page.locator("#filters > button").click()
    opened.page.locator("#binding input").check()
    opened.page.click("#anew")
    opened.settled()
    opened.ask(question)
    places = opened.page.eval_on_selector_all("#answer .hit", "all => all.map(each => each.dataset.citation)")
    assert places
    assert all(library.instruments[place.partition("/")[0]].binding for place in places)


def test_an_output_shows_its_source_and_the_filter_keeps_to_outputs(opened: Opened, library: Library) -> None:
    opened.page.locator("#filters > button").click()
    opened.page.locator('#groups input[name="committee outputs"]').check()
    opened.ask("What did the Lanzarote Committee say about grooming?")
    assert cited(opened)
    assert all(library.instruments[place.partition("/")[0]].is_output for place in cited(opened))
    card = opened.page.locator("#answer .hit:visible").first
    assert "Source: " in card.locator(".source").inner_text()
    assert "not binding" in card.locator(".badges").inner_text()


# Copying and saving.


def test_a_citation_is_copied_in_every_style_and_the_quote_with_it(opened: Opened, assistant: Assistant) -> None:
    opened.context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened.ask("Article 23 Lanzarote")
    hit = assistant.ask("Article 23 Lanzarote").hits[0]
    card = opened.page.locator("#answer .hit").first
    card.locator("details.cite > summary").click()
    copied = {}
    buttons = dict(zip(STYLES, card.locator("details.cite button").all(), strict=True))
    for name, button in {**buttons, "quote": card.locator(".actions > button.copy").first}.items():
        button.click()
        opened.page.wait_for_function("text => document.querySelector('p.unseen').textContent === text", arg="Copied")
        copied[name] = opened.page.evaluate("navigator.clipboard.readText()")
    assert copied["plain"] == "Lanzarote Convention (CETS No. 201), Article 23"
    assert copied["oscola"].endswith(" art 23")
    assert copied["ris"].startswith("TY  - ")
    assert json.loads(copied["csl-json"])
    assert squeezed(hit.quote.text) in squeezed(copied["quote"])
    opened.page.locator("#answer button.link").click()
    opened.page.wait_for_function("async () => (await navigator.clipboard.readText()).startsWith('http')")
    link = opened.page.evaluate("navigator.clipboard.readText()")
    assert link == f"{opened.address}/?q=Article+23+Lanzarote"


def test_the_conversation_is_saved_in_four_forms_that_hold_the_quote(opened: Opened, assistant: Assistant) -> None:
    question = "Article 23 Lanzarote"
    opened.ask(question)
    quotes = [hit.quote.text for hit in assistant.ask(question).hits[:3]]
    saved: dict[str, bytes] = {}
    for name in ("Markdown", "Word (DOCX)", "PDF", "JSON"):
        with opened.page.expect_download() as saving:
            opened.page.locator("#export").get_by_role("button", name=name, exact=True).click()
        assert saving.value.suggested_filename.startswith("basis-")
        saved[saving.value.suggested_filename.rpartition(".")[2]] = Path(saving.value.path()).read_bytes()
    assert list(saved) == ["md", "docx", "pdf", "json"]
    data = json.loads(saved["json"])
    assert [hit["quote"] for hit in data["replies"][0]["hits"]] == quotes
    document = docx.Document(io.BytesIO(saved["docx"]))
    quoted = [p.text for p in document.paragraphs if p.style and p.style.name == "Block Text"]
    assert quoted == quotes
    with zipfile.ZipFile(io.BytesIO(saved["docx"])) as parts:
        assert "Lanzarote Convention (CETS No. 201), Article 23" in parts.read("word/footnotes.xml").decode()
    pages = pypdfium2.PdfDocument(saved["pdf"])
    assert squeezed(quotes[0]) in squeezed(" ".join(page.get_textpage().get_text_range() for page in pages))
    plain = saved["md"].decode().replace("\\", "").replace("**", "").replace(">", " ").replace("&nbsp;", " ")
    assert squeezed(quotes[0]) in squeezed(plain.replace("\u00a0", " "))


# The checklist and the check of citations.


def test_the_legal_basis_is_arranged_as_the_command_arranges_it(opened: Opened, assistant: Assistant) -> None:
    question = "A man makes a girl of 12 undress in front of her webcam"
    opened.view("basis")
    opened.page.fill("#conduct textarea", question)
    opened.page.click("#arrange")
    opened.page.wait_for_selector("#table tr")
    made = checklist(assistant, question)
    assert isinstance(made, Checklist)
    for row in made.rows:
        cells = opened.page.locator(f'#table tr[data-row="{row.name}"] details')
        addresses = [cell.get_attribute("data-citation") for cell in cells.all()]
        assert addresses == [str(hit.citation) for hit in row.hits]
    assert opened.texts("#table blockquote") == [hit.quote.text for row in made.rows for hit in row.hits]
    assert "pornographic performances" in opened.page.locator("#table blockquote:visible").inner_text()
    opened.page.fill("#conduct textarea", HOSTILE["markup"])
    opened.page.click("#arrange")
    opened.page.wait_for_function("document.querySelector('#table .question bdi')?.textContent.startsWith('<img')")
    assert opened.page.locator("#table :is(img, script)").count() == 0


def test_citations_are_checked_as_the_command_checks_them(opened: Opened, library: Library) -> None:
    brief = (
        "Under Article 23 of the Lanzarote Convention and Article 9(1)(e) of the Budapest Convention it is so; Article 99 of "
        "the Lanzarote Convention does not exist. Article 2 of the Budapest Convention speaks of “access to the whole or "
        "any part of a cucumber system without right”."
    )
    opened.view("check")
    opened.check(brief)
    made = check(library, brief)
    assert opened.texts("#findings .checked-text") == [brief]
    assert opened.texts("#findings .counts") == [counts(made, "en")]
    said = opened.texts("#findings .references > li > p > strong.verdict")
    assert said == ["exists", "exists", "does not exist", "exists"]
    assert len(made.quotes) == 1
    link = opened.page.locator("#findings .references a.place").first
    assert link.get_attribute("data-place") == "cets-201/art_23"
    link.click()
    opened.page.wait_for_selector("#reader #here")
    assert opened.chosen == "Reader"


def test_a_hostile_text_to_check_is_text_and_the_page_stays_usable(opened: Opened) -> None:
    opened.view("check")
    for hostile in HOSTILE.values():
        opened.check(hostile)
        assert opened.texts("#findings .checked-text") == [hostile]
        assert (
            opened.page.locator(
                "#findings :is(img, script, textarea, b, iframe), #findings a[href^='javascript']"
            ).count()
            == 0
        )
        assert opened.too_wide() <= 0
    opened.check("Article 23 of the Lanzarote Convention")
    assert opened.texts("#findings .counts") == ["1 reference: 1 exists"]


# The reader.


def test_a_place_in_an_answer_opens_the_reader_and_back_goes_back(opened: Opened) -> None:
    opened.ask("Article 20(1)(e) Lanzarote")
    link = opened.page.locator("#answer .hit .actions a.place").first
    place = link.get_attribute("data-place") or ""
    assert place.startswith("cets-201/art_20__")
    link.click()
    here = opened.page.locator("#reader mark#here")
    here.wait_for()
    assert opened.chosen == "Reader"
    assert opened.page.url.startswith(f"{opened.address}/?p={place}")
    assert "the possession of child pornography;" in "".join(opened.texts("#reader article.current mark"))
    opened.page.go_back()
    opened.page.locator("#answer .hit").first.wait_for()
    assert opened.chosen == "Ask"
    assert opened.page.url == f"{opened.address}/"
    opened.page.go_forward()
    here.wait_for()
    assert opened.page.url.startswith(f"{opened.address}/?p={place}")


def test_two_hundred_provisions_read_in_the_page_as_they_stand_in_the_source(opened: Opened, library: Library) -> None:
    """The text of each is cut out of the article's text content by its place in the article."""
    chance = random.Random(6)
    outputs = [id_ for id_, instrument in library.instruments.items() if instrument.is_output]
    texts = [*(id_ for id_, it in library.instruments.items() if it.is_treaty), *chance.sample(outputs, 3)]
    wordings = {id_: library.wordings(id_)[0] for id_ in texts}
    held = [(wording, p) for wording in wordings.values() for p in wording.provisions if p.citation.path]
    drawn = chance.sample(held, 200)
    shown: dict[str, str] = {}
    for id_, wording in wordings.items():
        opened.goto(f"/?p={id_}")
        opened.page.locator("#reader .text").first.wait_for()
        shown |= opened.page.eval_on_selector_all(
            "#reader :is(article, .statement)",
            "all => Object.fromEntries(all.map(each => [each.id, each.querySelector(':scope > .text')?.textContent ?? '']))",
        )
        assert sum(f"p-{provision.citation}" in shown for provision in wording.provisions) > 3
    compared = 0
    for wording, provision in drawn:
        around = next(
            p
            for p in wording.provisions
            if p.start <= provision.start and p.end >= provision.end and shown.get(f"p-{p.citation}")
        )
        text = shown[f"p-{around.citation}"]
        assert text == wording.text(around)
        assert text[provision.start - around.start : provision.end - around.start] == wording.text(provision)
        compared += bool(wording.text(provision))
    assert compared == 200


# What is kept: installed texts and verdicts.


@pytest.fixture
def own(hashed_data: Path, tmp_path: Path) -> Desk:
    """A desk with hashed vectors and a data folder of its own: what is tested with it is the way through the page."""
    shutil.copytree(hashed_data / "index", tmp_path / "index")
    return Desk(Assistant.open(tmp_path, "hashing:512"), Settings(tmp_path, "hashing:512"))


@pytest.fixture
def downloaded(library: Library, tmp_path: Path) -> Path:
    path = tmp_path / "downloaded.md"
    path.write_text(database_markdown(library, "ets-189"))
    return path


def test_a_text_is_installed_quoted_and_removed_in_the_page(browser: Browser, own: Desk, downloaded: Path) -> None:
    with serving(own) as address, Opened(browser, address, "/?v=documents") as opened:
        page = opened.page
        page.set_input_files("#file input[type=file]", str(downloaded))
        page.locator("#file").get_by_text("downloaded").first.wait_for()
        page.fill("#lang textarea, #lang input", "en")
        page.click("#install")
        page.wait_for_function("document.querySelector('#said textarea').value.startsWith('Installed.')")
        assert re.search(r"\b1[67]\b", page.input_value("#said textarea"))
        page.wait_for_function("document.querySelector('#held').innerText.includes('ets-189/official-en')")
        assert "downloaded.md" in page.locator("#held tr", has_text="ets-189/official-en").inner_text()
        opened.view("ask")
        opened.ask("Article 3 ETS 189")
        card = page.locator("#answer .hit").first
        assert "downloaded.md" in card.locator(".badges").inner_text()
        wording = own.assistant.library.expressions["ets-189", "official-en"]
        hit = own.assistant.ask("Article 3 ETS 189").hits[0]
        assert hit.wording == wording
        assert card.locator(":scope > blockquote").evaluate("each => each.textContent") == hit.quote.text
        assert card.locator("details.other").count() == 1
        card.locator(".actions a.place").click()
        page.locator("#reader #here").wait_for()
        page.locator("#reader nav.wordings a[data-beside]").first.click()
        page.wait_for_selector("#reader article.current .columns")
        assert len(opened.texts("#reader article.current .column .text")) == 2
        opened.view("documents")
        page.click("#gone input")
        page.get_by_role("option", name="ets-189/official-en").click()
        page.click("#remove")
        page.wait_for_function("document.querySelector('#said textarea').value.startsWith('Removed')")
        page.wait_for_function("!document.querySelector('#held').innerText.includes('ets-189/official-en')")


def test_what_was_installed_is_held_for_whoever_opens_the_page_next(
    browser: Browser, own: Desk, downloaded: Path
) -> None:
    with serving(own) as address:
        shelf.put(own.settings.data, entry_of(downloaded, Wanted(lang="en"), datetime.date.today(), catalogue.load()))
        own.reopen()
        with Opened(browser, address, "/?v=documents") as opened:
            opened.page.locator("#held", has_text="ets-189/official-en").wait_for()
            opened.page.click("#gone input")
            opened.page.get_by_role("option", name="ets-189/official-en").wait_for()
        with Opened(browser, address, "/fr?v=documents") as opened:
            opened.page.locator("#held", has_text="ets-189/official-en").wait_for()


def test_verdicts_are_kept_once_exported_and_deleted(browser: Browser, own: Desk) -> None:
    file = own.settings.data / "feedback.jsonl"
    with serving(own) as address, Opened(browser, address) as opened:
        page = opened.page
        assert page.locator("#judging button:visible").count() == 0
        opened.ask("Article 23 Lanzarote")
        buttons = page.locator("#judging button:visible")
        buttons.first.wait_for()
        assert buttons.all_inner_texts() == [LABELS["en"][verdict] for verdict in ON_ANSWER]
        assert "feedback.jsonl" in page.locator("#judged").inner_text()
        assert not file.exists()
        page.get_by_role("button", name=LABELS["en"][Verdict.WRONG_ARTICLE], exact=True).click()
        page.wait_for_function("document.querySelector('#judging button').disabled")
        assert all(button.is_disabled() for button in buttons.all())
        opened.ask("Que dit l'article 99 de la convention de Lanzarote ?")
        page.get_by_role("button", name=LABELS["fr"][Verdict.SHOULD_HAVE_ANSWERED], exact=True).wait_for()
        assert buttons.all_inner_texts() == [LABELS["fr"][verdict] for verdict in ON_REFUSAL]
        assert all(button.is_enabled() for button in buttons.all())
        page.click("#anew")
        page.wait_for_function("!document.querySelector('#judging button')?.offsetParent")
        rows = [json.loads(line) for line in file.read_bytes().splitlines()]
        assert [(row["question"], row["verdict"], row["cited"][0]) for row in rows] == [
            ("Article 23 Lanzarote", "wrong-article", "cets-201/art_23")
        ]
        opened.view("quality")
        assert "Article 23 Lanzarote" in page.locator("#feedback .verdicts").inner_text()
        with page.expect_download() as saving:
            page.click("#save-feedback")
        assert saving.value.suggested_filename == "feedback.jsonl"
        assert [json.loads(line) for line in Path(saving.value.path()).read_bytes().splitlines()] == rows
        assert opened.barriers() == []
        page.click("#delete-feedback")
        page.wait_for_selector("#feedback .verdicts", state="detached")
        assert not file.exists() or not file.read_bytes()
