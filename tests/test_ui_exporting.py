"""Exported files, opened and read back."""

from __future__ import annotations

import datetime
import io
import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import docx
import pypandoc
import pypdfium2
import pytest
from docx.oxml.ns import qn

from ingest.errors import ExportError, UsageError
from ingest.library import Library
from ingest.treaty import Citation, Expression, Origin, SourceText
from retriever.answer import Answer, Hit, Quote, Refusal
from retriever.assistant import Assistant
from ui.exports import exporting
from ui.exports.authorities import authorities, force, opening, table_rows
from ui.exports.exporting import FORMATS, corpus_version, export, file_name
from ui.render import NOTICE
from ui.settings import VERSION

DAY = datetime.date(2026, 11, 22)
HOSTILE = "<script>alert(1)</script> *x* [a](b) $x$ # h \u202e"
FOOTNOTE = re.compile(r"^\[\^(\d+)\]: ", re.M)


@pytest.fixture(scope="module")
def replies(hashed: Assistant) -> list[Answer | Refusal]:
    """An answer in English, a refusal, an answer in French, and an answer to Article 20, which has indented points."""
    asked = [
        "What does Article 23 of the Lanzarote Convention say?",
        "How do I bake bread?",
        "Que dit l'article 9 de la Convention de Budapest ?",
        "Article 20 of the Lanzarote Convention",
    ]
    found = [hashed.ask(question) for question in asked]
    assert [type(reply) for reply in found] == [Answer, Refusal, Answer, Answer]
    return found


def shown(replies: list[Answer | Refusal], most: int = 3) -> list[Hit]:
    return [hit for reply in replies for hit in reply.hits[:most]]


def read_back(markdown: bytes) -> str:
    """The Markdown as its readers see it, in plain text without line breaks of pandoc's own."""
    program = shutil.which("pandoc", path=str(Path(pypandoc.__file__).parent / "files"))
    assert program
    command = [program, "--sandbox", "--from=gfm", "--to=plain", "--wrap=none"]
    return subprocess.run(command, input=markdown, capture_output=True, check=True).stdout.decode()


def squeezed(text: str) -> str:
    return " ".join(text.split())


def pdf_text(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    # A quotation may go over a page; the footnotes and the number at the foot of the page then stand in between.
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def docx_lines(paragraph: object) -> str:
    """The text of a paragraph's XML, line breaks included, without its footnote marks."""
    parts: Iterator[str] = (
        "\n" if node.tag == qn("w:br") else node.text or ""
        for node in paragraph.iter(qn("w:t"), qn("w:br"))  # type: ignore[attr-defined]
    )
    return "".join(parts)


def test_docx_quotes_character_for_character_and_has_a_footnote_for_each(
    library: Library, replies: list[Answer | Refusal]
) -> None:
    made = export(library, replies, "docx", DAY)
    document = docx.Document(io.BytesIO(made))
    hits = shown(replies)
    quoted = [docx_lines(p._p) for p in document.paragraphs if p.style and p.style.name == "Block Text"]
    assert quoted == [hit.quote.text for hit in hits]
    assert any("\n  " in text for text in quoted)  # indented points were among them
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        notes = parts.read("word/footnotes.xml").decode()
        core = parts.read("docProps/core.xml").decode()
    texts = [
        "".join(re.findall(r"<w:t[^>]*>([^<]*)</w:t>", note))
        for note in re.findall(r"<w:footnote [^>]*>.*?</w:footnote>", notes, re.S)
    ]
    texts = [text.strip() for text in texts if text.strip()]
    assert len(texts) == len(hits)
    for text, hit in zip(texts, hits, strict=True):
        assert text.startswith(hit.label().replace("'", "&#39;"))
    assert "<dc:title>Provisions found with Basis</dc:title>" in core
    assert core.count("2026-11-22T00:00:00Z") == 2
    assert document.sections[0].page_width is not None
    assert round(document.sections[0].page_width.mm) == 210
    assert [p.text for p in document.paragraphs if p.style and p.style.name == "Heading 1"] == [
        *(f"Question {n}: {reply.question}" for n, reply in enumerate(replies, 1)),
        "Table of authorities",
    ]


def test_pdf_holds_every_quote_as_text_and_is_tagged(library: Library, replies: list[Answer | Refusal]) -> None:
    made = export(library, replies[:1], "pdf", DAY, most=1)
    text = squeezed(pdf_text(made))
    hit = replies[0].hits[0]
    assert hit.citation.article == Citation.parse("cets-201/art_23")
    assert squeezed(hit.quote.text) in text
    assert f"Question 1: {replies[0].question}" in text
    assert hit.label() in text
    assert "Table of authorities" in text
    document = pypdfium2.PdfDocument(made)
    assert document.is_tagged()
    assert document.get_metadata_value("Title") == "Provisions found with Basis"


def test_markdown_has_a_footnote_for_each_quote(library: Library, replies: list[Answer | Refusal]) -> None:
    text = export(library, replies, "md", DAY).decode()
    count = len(shown(replies))
    assert FOOTNOTE.findall(text) == [str(n) for n in range(1, count + 1)]
    assert [len(re.findall(rf"\[\^{n}\](?!:)", text)) for n in range(1, count + 1)] == [1] * count
    seen = squeezed(read_back(text.encode()))
    for hit in shown(replies):
        assert squeezed(hit.quote.text) in seen.replace("\u00a0", " ")
    assert f"Exported on 22 November 2026. Basis {VERSION}, corpus {corpus_version(library)}." in seen
    assert NOTICE["en"] in seen


@pytest.mark.parametrize(
    "question",
    [
        HOSTILE,
        "1. one\n2. two\n- three\n# four\n> five\n=== \n    six\n+ seven\n\n::: eight",
        "&amp; &lt; `c` ~~s~~ ^[n] [^1] ![i](x) @a \"q\" 's' // c /* d */ \\ | {x} <a@b.c> --- ... #set $y$ \\n \\u{41}",
        "[^1]: note\n\n[a]: http://b\n\n| a | b |\n|---|---|",
    ],
)
def test_what_a_person_typed_stays_text(library: Library, replies: list[Answer | Refusal], question: str) -> None:
    asked = [replace(replies[1], question=question, hits=())]
    made = export(library, asked, "md", DAY)
    seen = read_back(made)
    assert squeezed(question) in squeezed(seen)
    assert not re.search(r"(?<!\\)<(?!https?://)", made.decode())
    document = docx.Document(io.BytesIO(export(library, asked, "docx", DAY)))
    assert f"Question 1: {squeezed(question)}" in [p.text for p in document.paragraphs]
    drawn = squeezed(pdf_text(export(library, asked, "pdf", DAY)))
    if "\u202e" not in question:  # which turns the order of the signs that follow it
        assert squeezed(question) in drawn
    assert "alert(1)" in drawn or question != HOSTILE
    assert json.loads(export(library, asked, "json", DAY))["replies"][0]["question"] == question


def test_signs_that_no_file_can_hold_are_replaced_and_long_questions_cut_in_the_heading_only(
    library: Library, replies: list[Answer | Refusal]
) -> None:
    asked = [replace(replies[1], question="a\x00b\x1b\ud800c\uffff " + "word " * 20_000, hits=())]
    for form in FORMATS:
        assert export(library, asked, form, DAY)
    document = docx.Document(io.BytesIO(export(library, asked, "docx", DAY)))
    heading = next(p.text for p in document.paragraphs if p.style and p.style.name == "Heading 1")
    assert heading.startswith("Question 1: a\ufffdb\ufffd\ufffdc\ufffd word")
    assert heading.endswith("…")
    assert len(heading) < 220
    assert sum(p.text.count("word") for p in document.paragraphs if p.style and p.style.name == "Block Text") == 20_000


def test_json_holds_the_replies_and_the_authorities(library: Library, replies: list[Answer | Refusal]) -> None:
    data = json.loads(export(library, replies, "json", DAY, most=2))
    assert list(data) == ["version", "corpus", "exported", "replies", "authorities"]
    assert (data["version"], data["corpus"], data["exported"]) == (VERSION, corpus_version(library), "2026-11-22")
    assert [reply["id"] for reply in data["replies"]] == [1, 2, 3, 4]
    assert [reply["status"] for reply in data["replies"]] == ["answered", "refused", "answered", "answered"]
    quoted = {hit["citation"] for reply in data["replies"] for hit in reply["hits"]}
    assert {place["citation"] for each in data["authorities"] for place in each["provisions"]} == quoted
    assert quoted == {str(hit.citation) for hit in shown(replies, 2)}
    assert "latency_ms" not in data["replies"][0]


def test_a_refusal_is_exported_as_a_refusal(library: Library, replies: list[Answer | Refusal]) -> None:
    refusal = replies[1]
    assert isinstance(refusal, Refusal)
    seen = squeezed(read_back(export(library, [refusal], "md", DAY)))
    assert f"Not covered. {refusal.reason}" in seen
    assert "provisions found" not in seen.replace("Provisions found with Basis", "")
    bare = squeezed(read_back(export(library, [replace(refusal, hits=())], "md", DAY)))
    assert "nearest" not in bare
    assert "Table of authorities" not in bare
    assert NOTICE["en"] in bare


def test_french_is_french_with_no_break_spaces(library: Library, replies: list[Answer | Refusal]) -> None:
    text = export(library, replies, "md", DAY, "fr").decode()
    assert "## Question 1\u00a0: " in text
    assert "Exporté le 22 novembre 2026." in text
    assert "# Table des sources" in text
    assert "Convention de Lanzarote (STCE n° 201), article 23" in text
    ours = re.sub(r"\[\^\d+\]:|:---|^## Question.*$", "", text, flags=re.M)
    for words in exporting._WORDS["fr"].values():
        assert not re.search(r" [:;?!»]|« ", words)
    assert "en vigueur depuis le 1er juillet 2010, selon l'état connu au" in ours
    assert b"<w:lang" in zipfile.ZipFile(io.BytesIO(export(library, replies, "docx", DAY, "fr"))).read(
        "word/document.xml"
    )


def test_evidence_is_emphasised_where_the_quote_says_more() -> None:
    text = "1. Each Party:\n  a. shall do; and\n  b. may not."
    start = text.index("a. shall")
    nodes = exporting._lines(text, [(start, start + len("a. shall do;"))])
    assert [node["c"][0]["c"] for node in nodes if node["t"] == "Strong"] == ["a. shall do;"]
    assert [node["t"] for node in nodes] == ["Str", "LineBreak", "Span", "Strong", "Str", "LineBreak", "Span", "Str"]
    assert not any(node["t"] == "Strong" for node in exporting._lines("1. Each Party.", [(3, 14)]))


def test_emphasis_never_begins_where_markdown_would_show_its_stars() -> None:
    assert exporting._emphasis("a(b)c d", 1, 4) == (2, 3)
    assert exporting._emphasis("so “it is”.", 3, 10) == (3, 10)
    assert exporting._emphasis(" x ", 0, 3) == (1, 2)


def test_an_official_text_is_called_so_with_day_and_file(library: Library, replies: list[Answer | Refusal]) -> None:
    hit = replies[0].hits[0]
    source = SourceText(hit.instrument.id, "official-en", "en", hit.wording.source.text)
    origin = Origin("lanzarote <en>.html", "ab" * 32, datetime.date(2026, 3, 1), ())
    wording = Expression(source, hit.wording.provisions, origin)
    quote = Quote(source, hit.quote.start, hit.quote.end, hit.quote.evidence)
    official = replace(replies[0], hits=(replace(hit, wording=wording, quote=quote, others=()),))
    seen = squeezed(read_back(export(library, [official], "md", DAY)))
    assert "Quoted: official text (en) as installed on 1 March 2026 from lanzarote <en>.html." in seen
    assert "Checked on" not in seen
    assert NOTICE["en"] not in seen
    assert "as it was installed on the machine that runs Basis" in seen
    rows = table_rows(authorities(library, [official]), "fr")
    assert [row.cells[3:] for row in rows] == [("", ""), ("texte officiel (en)", "1")]


def test_the_table_has_treaties_by_number_and_provisions_in_their_order(
    library: Library, replies: list[Answer | Refusal]
) -> None:
    cited = authorities(library, replies)
    treaties = [each.instrument.number for each in cited if each.instrument.is_treaty]
    assert treaties == sorted(treaties, key=lambda number: number or 0)
    kinds = [each.instrument.is_treaty for each in cited]
    assert kinds == sorted(kinds, reverse=True)
    for each in cited:
        order = [p.citation for p in library.wordings(each.instrument.id)[0].provisions]
        at = [order.index(place.citation) for place in each.places]
        assert at == sorted(set(at))
    rows = table_rows(cited, "en")
    assert len(rows) == len(cited) + sum(len(each.places) for each in cited)
    place = next(p for each in cited for p in each.places if p.citation == replies[0].hits[0].citation)
    assert 1 in place.answering
    assert 2 not in place.answering


def test_opening_and_force_in_words(library: Library) -> None:
    lanzarote, second = library.instruments["cets-201"], library.instruments["cets-224"]
    assert opening(lanzarote, "en") == "opened for signature on 25 October 2007, Lanzarote"
    assert force(lanzarote, "en").startswith("in force since 1 July 2010, as known on ")
    assert force(second, "fr").startswith("pas en vigueur, selon l'état connu au ")


def test_the_corpus_version_changes_with_any_text(library: Library) -> None:
    version = corpus_version(library)
    assert re.fullmatch(r"[0-9a-f]{12}", version)
    backwards = replace(library, expressions=dict(reversed(library.expressions.items())))
    assert corpus_version(backwards) == version
    key, wording = next(iter(library.expressions.items()))
    other = replace(wording, source=SourceText(key[0], key[1], "en", wording.source.text + " "))
    assert corpus_version(replace(library, expressions={**library.expressions, key: other})) != version


@pytest.mark.parametrize("form", FORMATS)
def test_same_input_same_bytes(library: Library, replies: list[Answer | Refusal], form: str) -> None:
    assert export(library, replies, form, DAY) == export(library, replies, form, DAY)


def test_what_cannot_be_exported_is_refused(library: Library, replies: list[Answer | Refusal]) -> None:
    with pytest.raises(UsageError, match=r"'odt'.*md, docx, pdf, json"):
        export(library, replies, "odt", DAY)
    with pytest.raises(UsageError, match="nothing to export"):
        export(library, [], "md", DAY)
    with pytest.raises(UsageError, match="found 'de' and 3"):
        export(library, replies, "md", DAY, "de")
    with pytest.raises(UsageError, match="found 'en' and 0"):
        export(library, replies, "md", DAY, most=0)
    assert file_name(replies, "docx", DAY) == "basis-2026-11-22.docx"
    with pytest.raises(UsageError):
        file_name(replies, "../x", DAY)


def test_a_missing_program_is_named(
    library: Library, replies: list[Answer | Refusal], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    with pytest.raises(ExportError, match="pypandoc_binary"):
        export(library, replies, "md", DAY)
