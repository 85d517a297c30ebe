"""Who can use the page: with the keyboard alone, with a screen reader, in light and dark, on a server with a password or
where nobody may install texts."""

from __future__ import annotations

import http.cookiejar
import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from itertools import pairwise, product
from pathlib import Path

import pytest
from opened_page import MARKS, VIEWS, Opened, chromium, serving, status_of
from playwright.sync_api import Browser

from retriever.assistant import Assistant
from ui.app import TABS
from ui.desk import Desk
from ui.settings import Settings

pytestmark = MARKS
# WCAG 2.2, level AAA, for text that is not large.
LEAST_CONTRAST = 7.0


@pytest.fixture(scope="module")
def address(assistant: Assistant, real_data: Path) -> Iterator[str]:
    with serving(Desk(assistant, Settings(real_data))) as served:
        yield served


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


# The keyboard alone.


def focused(opened: Opened) -> str:
    """The element that has the focus: its tag, role and text."""
    told = "each => [each.tagName, each.getAttribute('role'), each.innerText].filter(Boolean).join(' ').trim()"
    return str(opened.page.evaluate(f"({told})(document.activeElement)"))


def tab_to(opened: Opened, wanted: Callable[[str], bool], key: str = "Tab", most: int = 150) -> None:
    """Press Tab until an element has the focus whose description (see `focused`) is wanted."""
    for _ in range(most):
        opened.page.keyboard.press(key)
        if wanted(focused(opened)):
            outline = opened.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none", f"the focus on {focused(opened)!r} is not to be seen"
            return
    raise AssertionError(f"not reached with {most} times {key}; the focus is on {focused(opened)!r}")


def test_with_the_keyboard_alone_one_asks_reads_opens_a_place_and_comes_back(browser: Browser, address: str) -> None:
    with Opened(browser, address) as opened:
        page, keys = opened.page, opened.page.keyboard
        assert focused(opened).startswith("TEXTAREA")
        keys.type("Article 23 Lanzarote")
        tab_to(opened, lambda told: told == f"BUTTON {TABS['en']['ask']}", most=3)
        keys.press("Enter")
        opened.answered("Article 23 Lanzarote")
        page.wait_for_function("document.activeElement?.matches('#answer h2.question')")
        tab_to(opened, lambda told: told.startswith("A Lanzarote Convention"), most=3)
        assert page.evaluate("document.activeElement.dataset.place") == "cets-201/art_23"
        keys.press("Enter")
        page.wait_for_function("document.activeElement?.id === 'here'")
        assert focused(opened).startswith("H3 Article 23")
        assert "?p=cets-201/art_23" in page.url
        tab_to(opened, lambda told: told == f"BUTTON tab {TABS['en']['ask']}")
        keys.press("Enter")
        page.locator("#answer .hit").first.wait_for()
        assert opened.chosen == TABS["en"]["ask"]


def test_with_the_keyboard_alone_a_new_line_is_typed_and_the_question_sent(browser: Browser, address: str) -> None:
    with Opened(browser, address) as opened:
        opened.page.keyboard.type("Article 23")
        opened.page.keyboard.press("Shift+Enter")
        opened.page.keyboard.type("Lanzarote")
        assert opened.page.input_value("#question textarea") == "Article 23\nLanzarote"
        opened.page.keyboard.press("Enter")
        opened.answered("Article 23 Lanzarote")
        assert opened.page.locator("#answer .hit").first.get_attribute("data-citation") == "cets-201/art_23"


def test_with_the_keyboard_alone_cards_filters_and_views_are_opened(browser: Browser, address: str) -> None:
    with Opened(browser, address, "/?q=Article+23+Lanzarote") as opened:
        page, keys = opened.page, opened.page.keyboard
        page.wait_for_function("document.activeElement?.matches('#answer h2.question')")
        tab_to(opened, lambda told: told.startswith("SUMMARY"), most=10)
        keys.press("Enter")
        assert page.evaluate("document.activeElement.closest('details').open")
        page.focus("#question textarea")
        tab_to(opened, lambda told: told.startswith("BUTTON Filters"), most=5)
        keys.press("Enter")
        page.locator("#binding input").wait_for()
        tab_to(opened, lambda told: page.evaluate("document.activeElement.closest('#binding') !== null"), most=20)
        keys.press("Space")
        assert page.locator("#binding input").is_checked()
        tab_to(opened, lambda told: told == f"BUTTON tab {TABS['en']['ask']}")
        for view in VIEWS[1:]:
            label = TABS["en"][view]
            tab_to(opened, lambda told, label=label: told == f"BUTTON tab {label}", most=2)  # type: ignore[misc]
            keys.press("Enter")
            assert opened.chosen == label


# What a screen reader is told.


def test_what_is_new_is_announced(browser: Browser, address: str) -> None:
    with Opened(browser, address) as opened:
        page = opened.page
        status = page.locator("p[role=status].unseen")
        assert status.count() == 1

        def announced(text: str) -> None:
            page.wait_for_function(
                "text => document.querySelector('p[role=status].unseen').textContent === text", arg=text
            )

        for question in ("Article 23 Lanzarote", "How do I bake bread?", "and Article 24 Lanzarote?"):
            opened.ask(question)
            announced(page.locator("#answer .verdict").inner_text())
        opened.view("check")
        opened.check("Article 23 of the Lanzarote Convention")
        announced(page.locator("#findings .counts").inner_text())
        opened.view("basis")
        page.fill("#conduct textarea", "A man asks a girl of 12 for naked pictures")
        page.click("#arrange")
        announced("A man asks a girl of 12 for naked pictures")


def test_headings_come_in_order_and_every_text_has_its_language(browser: Browser, address: str) -> None:
    with Opened(browser, address, "/fr?q=article+23+Lanzarote") as opened:
        opened.answered("article 23 Lanzarote")
        levels = opened.page.eval_on_selector_all(
            "h1, h2, h3, h4, h5, h6", "all => all.filter(each => each.checkVisibility()).map(each => +each.tagName[1])"
        )
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))
        assert set(opened.page.eval_on_selector_all("#answer blockquote", "all => all.map(each => each.lang)")) == {
            "en"
        }
        assert opened.page.locator("main").count() == 1


# axe-core.


def look(opened: Opened, what: str) -> list[str]:
    """What axe-core finds in light and in dark."""
    found = [f"{what}, as the browser asks: {barrier}" for barrier in opened.barriers()]
    opened.page.click("[data-theme]")
    found += [f"{what}, in the other theme: {barrier}" for barrier in opened.barriers()]
    opened.page.click("[data-theme]")
    return found


@pytest.mark.parametrize("path", ["/", "/fr"])
def test_axe_finds_no_barrier_on_any_view(browser: Browser, address: str, path: str) -> None:
    found: list[str] = []
    with Opened(browser, address, path) as opened:
        opened.still()
        for view in VIEWS:
            opened.view(view)
            opened.unfold()
            found += look(opened, view)
        opened.page.evaluate("document.querySelector('footer.colophon').append(document.createElement('img'))")
        assert [barrier.partition(":")[0] for barrier in opened.barriers()] == ["image-alt"]
    assert found == []


def test_axe_finds_no_barrier_with_what_the_views_show(browser: Browser, address: str) -> None:
    found: list[str] = []
    with Opened(browser, address, dark=True) as opened:
        page = opened.page
        opened.still()
        page.locator("#filters > button").click()
        found += look(opened, "filters")
        page.click("#instruments input")
        found += opened.barriers()
        page.keyboard.press("Escape")
        opened.ask("An adult asks a child to meet for sex over the internet")
        found += look(opened, "answer")
        opened.unfold()
        found += look(opened, "open card")
        opened.ask("What does Article 99 of the Lanzarote Convention say?")
        page.locator("#answer details.nearest > summary").click()
        found += look(opened, "refusal")
        opened.ask("How do I bake bread?")
        found += look(opened, "refusal of what is off the subject")
        opened.ask("Article 24 Lanzarote")
        for place in ("cets-201/art_23", "lc-op-2015-grooming", "nonsense"):
            opened.view("ask")
            page.evaluate(
                "place => { document.querySelector('#answer .actions a.place').dataset.place = place; }", place
            )
            page.locator("#answer .actions a.place").first.click()
            page.locator("#reader [role=alert]" if place == "nonsense" else "#reader #here").wait_for()
            opened.settled()
            found += look(opened, f"reader at {place}")
        opened.view("basis")
        page.fill("#conduct textarea", "A man makes a girl of 12 undress in front of her webcam")
        page.click("#arrange")
        page.wait_for_selector("#table tr")
        found += look(opened, "checklist")
        opened.view("check")
        opened.check(
            "Article 23 and Article 99 of the Lanzarote Convention, Article 6 GDPR, Article 5; “access to the whole or any part "
            "of a cucumber system without right” in Article 2 of the Budapest Convention; “nobody ever wrote these words”."
        )
        found += look(opened, "checked citations")
    assert found == []


# Colours.


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb`, as WCAG defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_computed_as_wcag_defines_it() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("dark", [False, True])
def test_text_stands_out_from_what_it_stands_on(browser: Browser, address: str, dark: bool) -> None:
    with Opened(browser, address, "/?q=Article+23+Lanzarote", dark=dark) as opened:
        opened.answered("Article 23 Lanzarote")
        colours = {
            name: str(opened.page.evaluate(f"getComputedStyle(document.body).getPropertyValue('--{name}').trim()"))
            for name in ("ink", "soft", "accent", "good", "bad", "paper", "leaf", "mark")
        }
        pairs = [*product(("ink", "soft", "accent"), ("paper",)), ("ink", "leaf"), ("soft", "leaf"), ("ink", "mark"),
                 ("good", "paper"), ("bad", "paper")]  # fmt: skip
        poor = {pair: contrast(colours[pair[0]], colours[pair[1]]) for pair in pairs}
        assert {pair: found for pair, found in poor.items() if found < LEAST_CONTRAST} == {}
        # The names are what the page is really drawn with.
        shown = opened.page.evaluate(
            """() => ['#answer blockquote', '#answer .verdict', '#answer a.place'].map(one => {
                 const canvas = document.createElement('canvas').getContext('2d');
                 canvas.fillStyle = getComputedStyle(document.querySelector(one)).color;
                 return canvas.fillStyle;
               })"""
        )
        assert shown == [colours["ink"], colours["soft"], colours["ink"]]
        grounds = opened.page.evaluate(
            "['html', 'body'].map(one => getComputedStyle(document.querySelector(one)).backgroundColor)"
        )
        assert grounds[0] == grounds[1]


# Who may do what on a server.


def test_a_page_with_a_password_tells_nothing_before_it_is_given(
    browser: Browser, assistant: Assistant, real_data: Path
) -> None:
    with serving(Desk(assistant, Settings(real_data)), password=("basis", "x")) as address:
        assert status_of(f"{address}/config") == 401
        call = urllib.request.Request(
            f"{address}/gradio_api/call/ask", json.dumps({"data": ["Article 23 Lanzarote"]}).encode(),
            {"Content-Type": "application/json"},
        )  # fmt: skip
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(call)
        assert refused.value.code == 401
        jar = http.cookiejar.CookieJar()
        person = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        wrong, right = ({"username": "basis", "password": word} for word in ("y", "x"))
        with pytest.raises(urllib.error.HTTPError) as denied:
            person.open(f"{address}/login", urllib.parse.urlencode(wrong).encode())
        assert denied.value.code == 400
        assert not list(jar)
        with person.open(f"{address}/login", urllib.parse.urlencode(right).encode()) as reply:
            assert reply.status == 200
        with person.open(f"{address}/config") as reply:
            assert reply.status == 200
        context = browser.new_context()
        page = context.new_page()
        for path in ("/", "/fr", "/?q=Article+23+Lanzarote"):
            page.goto(f"{address}{path}")
            page.locator("input[type=password]").wait_for()
            assert page.locator("[role=tab], #answer").count() == 0
        context.close()


def test_on_a_desk_that_is_read_only_nothing_is_installed(
    browser: Browser, assistant: Assistant, real_data: Path
) -> None:
    with serving(Desk(assistant, Settings(real_data), read_only=True)) as address:
        for path in ("/", "/fr"):
            with Opened(browser, address, f"{path}?v=documents") as opened:
                opened.page.locator("#held table").first.wait_for()
                assert opened.page.locator(":is(#install, #remove, input[type=file]):visible").count() == 0
                assert "basis add" in opened.page.locator("p.lead:visible").inner_text()
        with urllib.request.urlopen(f"{address}/config") as reply:
            config = json.load(reply)
    ids = {part["props"].get("elem_id"): part["id"] for part in config["components"]}
    clicked = {tuple(target) for call in config["dependencies"] for target in call["targets"]}
    assert (ids["ask"], "click") in clicked
    assert (ids["install"], "click") not in clicked
    assert (ids["remove"], "click") not in clicked
