"""The page's HTML and its handler, without a browser."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import gradio as gr
import pytest

from ingest.treaty import Citation
from retriever.answer import Answer
from retriever.assistant import Assistant
from ui import app
from ui.page import reply_page
from ui.settings import Settings


class Quotes(HTMLParser):
    """Collects the text inside each <blockquote> and each <mark> within one, and all tags."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.quotes: list[str] = []
        self.marks: list[str] = []
        self.tags: set[str] = set()
        self._inside: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag == "blockquote":
            self.quotes.append("")
        if tag == "mark" and "blockquote" in self._inside:
            self.marks.append("")
        self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._inside and self._inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "blockquote" in self._inside:
            self.quotes[-1] += data
            if "mark" in self._inside:
                self.marks[-1] += data


def test_every_provision_reaches_the_page_character_by_character(hashed: Assistant) -> None:
    for citation in sorted(hashed.library.citations(), key=str):
        hit = hashed.composer.hit(citation, ("child",), "en", 1, 1.0, ("words",))
        page = Quotes(reply_page(hashed.library, Answer("q", "en", 0.9, (hit,))))
        assert page.quotes == [hit.quote.text]
        marked = "".join(hit.quote.text[a:b] for a, b in hit.quote.evidence)
        assert "".join(page.marks) == marked.replace("\n", "") or "".join(page.marks) == marked


@pytest.mark.parametrize(
    "hostile",
    ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '"><b>', "&lt;i&gt;", "{{x}} ${1+1}", "\u202eevil"],
)
def test_a_hostile_question_is_shown_as_text(hashed: Assistant, hostile: str) -> None:
    html = reply_page(hashed.library, hashed.ask(hostile + " child data"), [hostile])
    assert "script" not in Quotes(html).tags
    assert "img" not in Quotes(html).tags
    shown = "".join(part for part in _texts(html))
    assert shown.count(hostile) == 2


def _texts(html: str) -> list[str]:
    class Texts(HTMLParser):
        def __init__(self) -> None:
            super().__init__(convert_charrefs=True)
            self.parts: list[str] = []

        def handle_data(self, data: str) -> None:
            self.parts.append(data)

    parser = Texts()
    parser.feed(html)
    return parser.parts


def test_the_answer_says_what_it_is(hashed: Assistant) -> None:
    html = reply_page(hashed.library, hashed.ask("Article 20(1)(e) Lanzarote"))
    for wanted in (
        "restatement, not the official text",
        "https://rm.coe.int/1680084822",
        "checked 2026-11-21",
        "binding",
        "Copy citation",
    ):
        assert wanted in html
    second = reply_page(hashed.library, hashed.ask("CETS 224 art 8"))
    assert "not in force" in second
    assert "not yet checked" in second


def test_a_refusal_is_shown_as_such_in_the_language_of_the_question(hashed: Assistant) -> None:
    assert "<strong>Not covered.</strong>" in reply_page(
        hashed.library, hashed.ask("What does Article 99 of Lanzarote say?")
    )
    french = reply_page(hashed.library, hashed.ask("Que dit l'article 99 de la convention de Lanzarote ?"))
    assert "<strong>Non couvert.</strong>" in french
    assert 'lang="fr"' in french


def test_the_reader_shows_the_whole_article_with_the_quote_marked(hashed: Assistant) -> None:
    html = reply_page(hashed.library, hashed.ask("Article 20(1)(e) Lanzarote", k=1))
    reader = html[html.index('<div class="text"') :]
    assert "4. " in reader
    wording = hashed.library.expressions["cets-201", "restatement-en"]
    article = wording.find(Citation.parse("cets-201/art_20"))
    assert article is not None
    assert "".join(_texts(reader[: reader.index("</div>")])) == wording.text(article)


def test_the_handler_keeps_the_conversation_and_empties_the_box(hashed: Assistant, hashed_data: Path) -> None:
    respond = app.responder(app.Desk(hashed, Settings(hashed_data)))
    html, history, box, seen = respond("Article 20 Lanzarote", [], [])
    assert (seen.question, seen.history, str(seen.cited[0])) == ("Article 20 Lanzarote", (), "cets-201/art_20")
    assert (history, box) == (["Article 20 Lanzarote"], "")
    html, history, _, _ = respond("and Article 23?", history, ["cets-201"])
    assert "Article 23" in html
    assert history == ["Article 20 Lanzarote", "and Article 23?"]
    assert respond("  ", history, [])[1] == history


def test_the_page_is_built_without_being_served(hashed: Assistant, hashed_data: Path) -> None:
    page = app.build(app.Desk(hashed, Settings(hashed_data)))
    assert isinstance(page, gr.Blocks)
    assert page.analytics_enabled is False
    assert not any(getattr(fn, "api_visibility", "private") == "public" for fn in page.fns.values())


@pytest.mark.model
@pytest.mark.parametrize("question", app.EXAMPLES.values())
def test_every_example_on_the_page_is_answered(assistant: Assistant, question: str) -> None:
    assert isinstance(assistant.ask(question), Answer)
