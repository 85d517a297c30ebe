"""A conversation as HTML, and the handler of the question box, without a browser."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import gradio as gr
import pytest

from ingest.treaty import Citation
from retriever.answer import Answer, Refusal
from retriever.assistant import Assistant
from ui import app
from ui.conversation import Conversation
from ui.desk import Desk
from ui.settings import Settings
from ui.shown.answers import conversation_page, verdict
from ui.views import asking


class Quotes(HTMLParser):
    """Collects the text inside each <blockquote> and each <mark> within one, all text, and all tags."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.quotes: list[str] = []
        self.marks: list[str] = []
        self.texts: list[str] = []
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
        self.texts.append(data)
        if "blockquote" in self._inside:
            self.quotes[-1] += data
            if "mark" in self._inside:
                self.marks[-1] += data


def shown(assistant: Assistant, *questions: str) -> str:
    """The page after a conversation of these questions."""
    conversation = Conversation()
    for question in questions:
        conversation = conversation.with_reply(assistant.ask(question, conversation.questions))
    return conversation_page(assistant.library, conversation)


def test_every_provision_reaches_the_page_character_by_character(hashed: Assistant) -> None:
    for citation in sorted(hashed.library.citations(), key=str):
        hit = hashed.composer.hit(citation, ("child",), "en", 1, 1.0, ("words",))
        page = Quotes(conversation_page(hashed.library, Conversation((Answer("q", "en", 0.9, (hit,)),))))
        assert page.quotes == [hit.quote.text]
        marked = "".join(hit.quote.text[a:b] for a, b in hit.quote.evidence)
        assert "".join(page.marks) in (marked.replace("\n", ""), marked)


@pytest.mark.parametrize(
    "hostile",
    ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '"><b>', "&lt;i&gt;", "{{x}} ${1+1}", "\u202eevil"],
)
def test_a_hostile_question_is_shown_as_text(hashed: Assistant, hostile: str) -> None:
    page = Quotes(shown(hashed, hostile + " child data", "and Article 23?"))
    assert not {"script", "img", "b", "i"} & page.tags
    assert sum(hostile in text for text in page.texts) == 1  # as an earlier question
    again = re.search(r'data-ask="([^"]*)"', shown(hashed, hostile + " child data", "and Article 23?"))
    assert again is not None


def test_a_long_question_is_cut_where_it_is_repeated(hashed: Assistant) -> None:
    page = shown(hashed, "child data " * 9000)
    assert page.count("child data") < 120
    assert "…</bdi>" in page


def test_the_answer_says_what_it_is(hashed: Assistant) -> None:
    html = shown(hashed, "Article 20(1)(e) Lanzarote")
    for wanted in (
        "restatement, not the official text", "https://rm.coe.int/1680084822", "checked 2026-11-21", "binding",
        'data-copy="Lanzarote Convention (CETS No. 201), Article 20, paragraph 1, point e"',
        'href="?p=cets-201/art_20__para_1__point_e', "OSCOLA", "CSL-JSON",
    ):  # fmt: skip
        assert wanted in html
    second = shown(hashed, "CETS 224 art 8")
    assert "not in force" in second
    assert "not yet checked" in second


def test_the_verdict_counts_what_is_shown(hashed: Assistant) -> None:
    library = hashed.library

    def reply(lang: str, *cited: str) -> Answer:
        places = [Citation.parse(address) for address in cited]
        hits = [hashed.composer.hit(c, (), lang, n, 1.0, ("words",)) for n, c in enumerate(places, 1)]
        return Answer("q", lang, 0.934, tuple(hits))

    assert library.instruments["lc-op-2015-grooming"].is_output
    three = ("cets-201/art_23", "ets-185/art_9", "lc-op-2015-grooming/statement_1")
    assert verdict(reply("en", *three)) == "3 provisions in 2 treaties and 1 other text. Confidence 93%."
    assert verdict(reply("en", "cets-201/art_23")) == "1 provision in 1 treaty. Confidence 93%."
    assert verdict(reply("fr", *three[:2])).startswith("2 dispositions dans 2 traités.")
    # only what is shown unfolded counts
    four = reply("en", *three, "ets-189/art_3")
    assert verdict(four) == verdict(reply("en", *three))


def test_no_confidence_is_shown_as_certain(hashed: Assistant) -> None:
    hit = hashed.composer.hit(Citation.parse("cets-201/art_23"), (), "en", 1, 1.0, ("words",))
    assert "99%" in verdict(Answer("q", "en", 1.0, (hit,)))


def test_a_refusal_is_shown_as_such_in_the_language_of_the_question(hashed: Assistant) -> None:
    english = shown(hashed, "What does Article 99 of Lanzarote say?")
    assert '<p class="verdict">Not covered. ' in english
    assert "Article 50" in english  # what there is instead
    assert 'class="reply refusal"' in english
    french = shown(hashed, "Que dit l'article 99 de la convention de Lanzarote ?")
    assert '<p class="verdict">Non couvert. ' in french
    assert 'class="exchange" lang="fr"' in french


def test_earlier_questions_stay_with_what_was_cited(hashed: Assistant) -> None:
    html = shown(hashed, "Article 20 Lanzarote", "Article 9 Budapest")
    beside = html[html.index("<aside") :]
    assert "Earlier in this conversation (1)" in beside
    assert 'data-ask="Article 20 Lanzarote"' in beside
    assert 'data-place="cets-201/art_20' in beside
    assert conversation_page(hashed.library, Conversation()) == ""


def answered(hashed: Assistant, data: Path, lang: str = "en", read_only: bool = False) -> asking.Asking:
    with gr.Blocks(analytics_enabled=False):
        return asking.Asking(Desk(hashed, Settings(data), read_only), lang, gr.HTML())


def test_the_handler_keeps_the_conversation_and_empties_the_box(hashed: Assistant, hashed_data: Path) -> None:
    view = answered(hashed, hashed_data)
    nothing: tuple[list[str], list[str], list[str], bool, str] = ([], [], [], False, "")
    html, conversation, box, seen, *_ = view.asked("Article 20 Lanzarote", Conversation(), *nothing)
    assert (seen.question, seen.history, str(seen.cited[0])) == ("Article 20 Lanzarote", (), "cets-201/art_20")
    assert (conversation.questions, box) == (("Article 20 Lanzarote",), "")
    html, conversation, *_ = view.asked("and Article 23?", conversation, ["cets-201"], [], [], False, "")
    assert 'data-citation="cets-201/art_23"' in html
    assert conversation.questions == ("Article 20 Lanzarote", "and Article 23?")
    html, same, *_ = view.asked("  ", conversation, *nothing)
    assert same is conversation
    assert "Not covered" in html
    assert view.cleared()[1] == Conversation()


def test_the_handler_keeps_to_the_filters(hashed: Assistant, hashed_data: Path) -> None:
    view = answered(hashed, hashed_data)
    _, conversation, *_ = view.asked(
        "abuse of a child abroad", Conversation(), [], ["treaties"], ["jurisdiction"], True, ""
    )
    latest = conversation.latest
    assert latest is not None
    assert {str(hit.citation.article) for hit in latest.hits} == {"cets-201/art_25", "ets-185/art_22"}
    with pytest.raises(gr.Error, match="nothing in these sources fits all the filters together"):
        view.asked("abuse", Conversation(), ["lc"], [], ["offence"], False, "")


def test_the_page_is_built_in_two_languages_and_offers_three_calls(hashed: Assistant, hashed_data: Path) -> None:
    page = app.build(Desk(hashed, Settings(hashed_data)))
    assert isinstance(page, gr.Blocks)
    assert page.analytics_enabled is False
    assert [path for path, _, _ in page.pages] == ["", "fr"]
    public = [fn.api_name for fn in page.fns.values() if getattr(fn, "api_visibility", "private") == "public"]
    assert public == ["ask", "show", "check"]


@pytest.mark.model
@pytest.mark.parametrize("question", [q for lang in ("en", "fr") for q in asking.EXAMPLES[lang].values()])
def test_every_example_on_the_page_is_answered(assistant: Assistant, question: str) -> None:
    assert isinstance(assistant.ask(question), Answer)


def test_a_refusal_is_not_an_answer(hashed: Assistant) -> None:
    assert isinstance(hashed.ask("What does Article 99 of Lanzarote say?"), Refusal)
