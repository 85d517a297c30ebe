"""Every view of the page in real headless Chromium: both languages, three widths, deep links, and what is remembered."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from opened_page import MARKS, VIEWS, Opened, chromium, serving
from playwright.sync_api import Browser

from ingest.errors import UsageError
from ingest.library import Library
from retriever.assistant import Assistant
from ui.app import TABS
from ui.desk import Desk
from ui.settings import Settings
from ui.shown import opening

pytestmark = MARKS
# Addresses at which there is nothing: of a text, an article, a wording, a second wording, and of what is no address.
NO_PLACES = (
    {"p": "nonsense"},
    {"p": "cets-201/art_99"},
    {"p": "cets-201/art_23", "x": "klingon"},
    {"p": "cets-201/art_23", "x": "restatement-en", "beside": "klingon"},
    {"p": "<img src=x onerror=alert(1)>"},
    {"p": "x" * 5000},
)
WIDTHS = (1440, 820, 390)
# Where the page stands in each language.
PATHS = {"en": "/", "fr": "/fr"}
# What stands in each view once it is drawn.
DRAWN = {"ask": "#question textarea", "reader": "#which-text input", "basis": "#conduct textarea", "check": "#brief textarea",
         "documents": "#held table >> nth=0", "quality": "#figures table >> nth=0"}  # fmt: skip


@pytest.fixture(scope="module")
def address(assistant: Assistant, real_data: Path) -> Iterator[str]:
    with serving(Desk(assistant, Settings(real_data))) as served:
        yield served


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


def widths_exceeded(opened: Opened, what: str) -> list[str]:
    """At which of the three widths the page scrolls sideways."""
    found = []
    for width in WIDTHS:
        opened.page.set_viewport_size({"width": width, "height": 900})
        if opened.too_wide() > 0:
            found.append(f"{what} at {width}: {opened.too_wide()} too wide")
    opened.page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    return found


@pytest.mark.parametrize("lang", PATHS)
def test_a_view_opens_by_its_address_and_fits_every_width(browser: Browser, address: str, lang: str) -> None:
    wide: list[str] = []
    with Opened(browser, address, PATHS[lang]) as opened:
        for view in VIEWS:
            opened.goto(f"{PATHS[lang]}?v={view}")
            opened.page.wait_for_selector(DRAWN[view])
            assert opened.chosen == TABS[lang][view]
            assert opened.page.locator("html").get_attribute("lang") == lang
            assert opened.page.get_by_role("tab").all_inner_texts() == list(TABS[lang].values())
            opened.unfold()
            wide += widths_exceeded(opened, view)
    assert wide == []


@pytest.mark.parametrize("lang", PATHS)
def test_the_views_are_chosen_by_their_tabs_and_fit_with_what_they_show(
    browser: Browser, address: str, lang: str
) -> None:
    question = {"en": "An adult asks a child to meet for sex over the internet",
                "fr": "Un adulte propose à un enfant une rencontre sexuelle sur internet"}[lang]  # fmt: skip
    wide: list[str] = []
    with Opened(browser, address, PATHS[lang], alone=True) as opened:
        page = opened.page
        opened.ask(question)
        assert page.locator("#answer .exchange").get_attribute("lang") == lang
        opened.unfold()
        wide += widths_exceeded(opened, "answer")
        page.locator("#answer .hit .actions a.place").first.click()
        page.locator("#reader #here").wait_for()
        wide += widths_exceeded(opened, "reader")
        assert page.locator("#reader .reading").get_attribute("lang") == lang
        opened.view("basis")
        page.fill("#conduct textarea", question)
        page.click("#arrange")
        page.wait_for_selector("#table tr")
        wide += widths_exceeded(opened, "checklist")
        opened.view("check")
        opened.check(f"Article 23 Lanzarote, Article 99 Lanzarote, {'x' * 300}, “{'y' * 300}” – Article 2 Budapest")
        wide += widths_exceeded(opened, "checked")
        for view in VIEWS:
            opened.view(view)
            assert opened.chosen == TABS[lang][view]
            assert page.locator(DRAWN[view]).first.is_visible()
            hidden = [DRAWN[other] for other in VIEWS if other != view]
            assert not any(page.locator(other).first.is_visible() for other in hidden)
    assert wide == []


# Deep links.


@pytest.mark.parametrize(
    ("path", "question"), [("/", "Article 23 Lanzarote"), ("/fr", "Que dit l'article 23 de Lanzarote ?")]
)
def test_a_link_to_a_question_asks_it(
    browser: Browser, address: str, assistant: Assistant, path: str, question: str
) -> None:
    with Opened(browser, address, f"{path}?q={quote(question)}") as opened:
        opened.answered(question)
        wanted = [str(hit.citation) for hit in assistant.ask(question).hits[:3]]
        cards = opened.page.locator("#answer .reply > .hit").all()
        assert [card.get_attribute("data-citation") for card in cards] == wanted
        assert wanted[0] == "cets-201/art_23"
        assert opened.page.locator("#examples").is_hidden()
        assert opened.page.locator("#judging button:visible").count() == 3


@pytest.mark.parametrize(
    ("place", "tag", "begins"),
    [("cets-201/art_23", "H3", "Article 23"), ("cets-201/art_50", "H3", "Article 50"), ("ets-185", "H3", "Budapest Convention"),
     ("cets-201/art_20__para_1__point_e", "MARK", "e. ")],
)  # fmt: skip
def test_a_link_to_a_place_brings_it_into_view(
    browser: Browser, address: str, place: str, tag: str, begins: str
) -> None:
    with Opened(browser, address, f"/?p={place}") as opened:
        page = opened.page
        page.wait_for_function("document.activeElement?.id === 'here'")
        assert opened.chosen == TABS["en"]["reader"]
        assert page.locator("#here").count() == 1
        assert page.locator("#here").evaluate("each => each.tagName") == tag
        assert opened.texts("#here")[0].strip().startswith(begins)
        page.wait_for_function(
            "() => { const box = document.getElementById('here').getBoundingClientRect();"
            " return box.top >= 0 && box.bottom <= innerHeight; }"
        )


@pytest.mark.parametrize("lang", PATHS)
def test_a_link_to_no_place_says_what_is_wrong(browser: Browser, address: str, library: Library, lang: str) -> None:
    with Opened(browser, address, PATHS[lang]) as opened:
        for given in NO_PLACES:
            with pytest.raises(UsageError) as wrong:
                opening.opened(library, given["p"], given.get("x"), given.get("beside"), lang)
            opened.goto(f"{PATHS[lang]}?{urlencode(given)}")
            told = opened.page.locator("#reader [role=alert]")
            told.wait_for()
            assert told.inner_text() == str(wrong.value)
            assert opened.page.locator("#reader img").count() == 0
            assert opened.too_wide() <= 0


def test_a_link_to_an_unknown_view_opens_the_page(browser: Browser, address: str) -> None:
    with Opened(browser, address, "/?v=nonsense") as opened:
        assert opened.chosen == TABS["en"]["ask"]
        opened.ask("Article 23 Lanzarote")


# The reader.


def arrived(opened: Opened, begins: str) -> None:
    """Wait until the place that begins so is marked and has the focus."""
    opened.page.wait_for_function(
        "text => document.activeElement?.id === 'here' && document.activeElement.textContent.startsWith(text)",
        arg=begins,
    )


def test_neighbours_contents_and_the_list_of_texts_lead_on(browser: Browser, address: str, library: Library) -> None:
    budapest = library.instruments["ets-185"].label("en")
    with Opened(browser, address, "/?p=cets-201/art_23") as opened:
        page = opened.page
        arrived(opened, "Article 23 ")
        page.locator("#reader nav.neighbours .next a").click()
        arrived(opened, "Article 24 ")
        assert "?p=cets-201/art_24" in page.url
        page.locator('#reader nav.contents a[data-place="cets-201/art_2"]').click()
        arrived(opened, "Article 2 ")
        assert page.locator("#reader nav.contents [aria-current=true]").inner_text().startswith("Article 2 ")
        page.click("#which-text input")
        page.get_by_role("option", name=budapest, exact=True).click()
        arrived(opened, budapest)
        page.go_back()
        arrived(opened, "Article 24 ")
        page.go_back()
        arrived(opened, "Article 23 ")
        assert page.url == f"{address}/?p=cets-201/art_23"


def test_in_french_places_open_in_the_french_page(browser: Browser, address: str) -> None:
    with Opened(browser, address, "/fr?p=cets-201/art_23") as opened:
        link = opened.page.locator("#reader nav.neighbours .next a")
        assert link.evaluate("each => each.href").startswith(f"{address}/fr?p=cets-201/art_24")
        link.click()
        arrived(opened, "Article 24 ")
        assert "/fr?p=cets-201/art_24" in opened.page.url
        assert opened.chosen == TABS["fr"]["reader"]


# Languages and themes.


@pytest.mark.parametrize(
    ("locale", "path"), [("fr-FR", "/fr"), ("fr", "/fr"), ("fr-CA", "/fr"), ("en-GB", "/"), ("de-DE", "/")]
)
def test_the_page_is_in_the_language_of_the_browser(browser: Browser, address: str, locale: str, path: str) -> None:
    with Opened(browser, address, "/", locale=locale) as opened:
        assert opened.page.url == f"{address}{path}"
        assert opened.chosen == TABS["fr" if path == "/fr" else "en"]["ask"]


def test_the_language_of_the_browser_keeps_what_the_address_asks_for(browser: Browser, address: str) -> None:
    with Opened(browser, address, "/?p=cets-201/art_23", locale="fr-FR") as opened:
        opened.page.locator("#here").wait_for()
        assert opened.page.url == f"{address}/fr?p=cets-201/art_23"


@pytest.mark.parametrize(("locale", "before", "after"), [("fr-FR", "fr", "en"), ("en-GB", "en", "fr")])
def test_the_other_language_is_chosen_and_remembered(
    browser: Browser, address: str, locale: str, before: str, after: str
) -> None:
    with Opened(browser, address, "/", locale=locale) as opened:
        assert opened.chosen == TABS[before]["ask"]
        opened.leave("a[data-language]", f"[role=tab]:text-is('{TABS[after]['ask']}')")
        assert opened.page.url == f"{address}{PATHS[after]}"
        opened.goto("/")
        assert opened.chosen == TABS[after]["ask"]
        opened.leave("a[data-language]", f"[role=tab]:text-is('{TABS[before]['ask']}')")
        opened.goto("/")
        assert opened.chosen == TABS[before]["ask"]


def paper(opened: Opened) -> str:
    return str(opened.page.evaluate("getComputedStyle(document.body).getPropertyValue('--paper').trim()"))


@pytest.mark.parametrize("dark", [False, True])
def test_the_theme_is_that_of_the_browser_until_another_is_chosen(browser: Browser, address: str, dark: bool) -> None:
    with Opened(browser, address, "/", dark=dark) as opened:
        of_browser = paper(opened)
        opened.page.click("[data-theme]")
        chosen = paper(opened)
        assert {of_browser, chosen} == {"#fdfcf9", "#15171a"}
        assert of_browser == ("#15171a" if dark else "#fdfcf9")
        opened.goto("/?v=check")
        assert paper(opened) == chosen
        opened.page.click("[data-theme]")
        assert paper(opened) == of_browser
        opened.goto("/fr")
        assert paper(opened) == of_browser
