"""Texts of ours in every format that is read, made while the tests run."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import docx
import docx.document
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from reportlab.pdfgen.canvas import Canvas

from ingest.errors import ReadingError
from ingest.reading import read_bytes

HEAD = "CETS 999 – Lighthouses, 1.II.2031"
PAGES = (
    ("Council of Europe Treaty Series - No. 999", "Convention on the Keeping of Lighthouses", "Article 1 – Lamps",
     "1\tEach Party lights a lamp on every cape where ships pass at night, and keeps it well-", "being; it"),
    ("goes on with the same care in winter, where the night is long, under the terms of",
     "Article 34, paragraph 1, or of any declaration that a Party made.", "2\tA keeper may sleep by day.",
     "a\tin the tower; or", "b\tin the house."),
    ("3\tNo lamp is sold.", "Article 2 – Oil", "The oil is kept dry.", "2031"),
)  # fmt: skip


def pdf(pages: tuple[tuple[str, ...], ...] = PAGES, *, head: str = HEAD, encrypt: object = None) -> bytes:
    """A print in the Treaty Office's layout: head and rule from page 2, page numbers at the foot, hanging numbers."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842), invariant=1, encrypt=encrypt)
    for number, rows in enumerate(pages, start=1):
        canvas.setFont("Helvetica", 11)
        if number > 1:
            canvas.drawString(200, 796, head)
            canvas.drawString(72, 783, "_" * 70)
            canvas.drawCentredString(297, 51, str(number))
        for place, row in enumerate(rows):
            label, tab, words = row.rpartition("\t")
            canvas.drawString(72, 757 - 14 * place, label)
            canvas.drawString(107 if tab else 72, 757 - 14 * place, words)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def scan(pages: int = 2) -> bytes:
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1)
    for _ in range(pages):
        canvas.drawImage(ImageReader(Image.new("L", (60, 80), 200)), 0, 0, 500, 700)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def word(build: Callable[[docx.document.Document], None]) -> bytes:
    document = docx.Document()
    build(document)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def zipped(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return buffer.getvalue()


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def word_parts(body: str, **parts: str) -> bytes:
    document = f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
    return zipped(
        {"word/document.xml": document.encode()} | {f"word/{k}.xml": v.encode() for k, v in parts.items()}
    )  # fmt: skip


def texts(name: str, data: bytes) -> list[str]:
    return [line.text for line in read_bytes(name, data).lines]


def refusal(data: bytes, name: str = "treaty.pdf") -> str:
    with pytest.raises(ReadingError) as caught:
        read_bytes(name, data)
    message = str(caught.value)
    assert message.startswith(f"{name} cannot be read: ")
    assert caught.value.exit_code == 3
    return message


PAGE = """<!DOCTYPE html><html><head><title>Lamps</title><style>p {}</style></head><body>
<nav><a href="/">Home</a></nav><header>The site</header>
<h1>Convention on&nbsp;Lamps</h1><script>var x = "<p>no</p>";</script>
<h2>Article 1 &ndash; Oil</h2>
<p>Each Party keeps oil<sup><a href="#n1">1</a></sup> dry on the 1<sup>st</sup>
day &amp; after.</p><p><sup>2</sup> A keeper may sleep.<br>By day.</p>
<ol><li>in the tower; or<li>in the house.</ol>
<table><tr><td>a</td><td>north cape</td></tr></table>
<p hidden>Ignore the text above.</p><p style="display: none">Nor this.</p>
<div id="ftn1">1 A note.</div><aside>News</aside><footer>Imprint</footer></body></html>"""


def numbered(document: docx.document.Document) -> None:
    """Article headings, a decimal list with letters and Roman numerals under it, made by Word's own numbering."""
    part = document.part.numbering_part.element
    abstract = OxmlElement("w:abstractNum")
    abstract.set(qn("w:abstractNumId"), "77")
    for level, (form, pattern) in enumerate((("decimal", "%1."), ("lowerLetter", "%2)"), ("lowerRoman", "(%3)"))):
        one = OxmlElement("w:lvl")
        one.set(qn("w:ilvl"), str(level))
        for name, what in (("start", "1"), ("numFmt", form), ("lvlText", pattern)):
            element = OxmlElement(f"w:{name}")
            element.set(qn("w:val"), what)
            one.append(element)
        abstract.append(one)
    part.insert(0, abstract)
    for number in ("77", "78"):
        num = OxmlElement("w:num")
        num.set(qn("w:numId"), number)
        which = OxmlElement("w:abstractNumId")
        which.set(qn("w:val"), "77")
        num.append(which)
        if number == "78":
            override, start = OxmlElement("w:lvlOverride"), OxmlElement("w:startOverride")
            override.set(qn("w:ilvl"), "0")
            start.set(qn("w:val"), "1")
            override.append(start)
            num.append(override)
        part.append(num)
    document.add_heading("Article 1 – Lamps", 2)
    for words, level, number in (
        ("Each Party lights:", 0, "77"), ("a lamp;", 1, "77"), ("a fire that is", 1, "77"), ("large; or", 2, "77"),
        ("far.", 2, "77"), ("Keepers sleep:", 0, "77"), ("by day.", 1, "77"), ("Oil is kept.", 0, "78"),
    ):  # fmt: skip
        properties = document.add_paragraph(words)._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().val = level
        properties.get_or_add_numId().val = int(number)
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "north", "cape"
    document.add_paragraph("Done in one copy.")
    document.sections[0].header.paragraphs[0].text = "LAMPS/7"


TEXT = "<w:p><w:r><w:t>The lamp.</w:t></w:r></w:p>"
BOMB = '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'


MARKDOWN = """---
title: "Lamps"
---
<meta charset='utf-8' />

##Convention on Lamps

###Article  1
####Oil_and *wick*

##### **Art. ****21** Keepers
<sup>1.</sup> Each *Party,* under [Article 9](../a/(revised)/b.md) and **the** Protocol[^1], keeps<sup>2</sup> oil.
- <sup>3</sup> a. on the 16<sup>th</sup> day;
- – a dash;
- plain words
a) ``lamp system" means 5 * 3 * 2 and a_b_c &amp; more; \\*
***
> Quoted.
Title
=====

[^1]: A note
    that goes on.

[^2]: [SR **0.1**](https://a.b/c)
Last line   """


XML = """<?xml version="1.0" encoding="UTF-8"?><toestand><wet><hoofdstuk>
<kop><label>Chapter</label> <nr>I</nr><titel>Lamps</titel></kop><artikel>
<kop><label>Article</label><nr>1</nr><titel>Oil</titel></kop>
<lid><lidnr>1</lidnr><al>Each <nadruk>Party</nadruk><noot><al>x</al></noot> keeps:</al>
<lijst><li><li.nr>a)</li.nr><al>oil;</al></li><li><li.nr>b)</li.nr><al>wicks.</al></li></lijst></lid>
<lid><lidnr>2</lidnr><lijst><li><li.nr>a)</li.nr><al>Lamps.</al></li></lijst></lid>
</artikel></hoofdstuk></wet></toestand>"""
