"""Prints read into lines: running heads, page numbers, hyphens, footnotes, turned pages; scans and bombs refused."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pypdfium2
import pytest
from reading_samples import PAGES, pdf, refusal, scan, texts
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from ingest.reading import read, read_bytes


def test_pdf_loses_its_running_heads_inside_sentences_and_no_word() -> None:
    found = read_bytes("lighthouses.pdf", pdf())
    assert found.format == "pdf"
    assert [line.text for line in found.lines] == [row.replace("\t", " ") for page in PAGES for row in page]
    assert found.removed == (("page number", 2), ("rule", 2), ("running head", 2))


def test_pdf_lines_carry_the_physical_and_the_printed_page() -> None:
    lines = read_bytes("lighthouses.pdf", pdf()).lines
    assert [(line.page, line.printed) for line in (lines[0], lines[5], lines[-1])] == [(1, None), (2, "2"), (3, "3")]


def test_a_broken_word_keeps_its_hyphen_at_the_end_of_the_line() -> None:
    lines = texts("a.pdf", pdf((("the lamp of the light-", "house and its well-", "being"),)))
    assert lines == ["the lamp of the light-", "house and its well-", "being"]


def test_a_year_alone_at_the_foot_is_no_page_number() -> None:
    assert texts("a.pdf", pdf())[-1] == "2031"


@pytest.mark.parametrize("head", ["Notes of the Committee of Keepers (2031) 7", "LAMPS/2031/3"])
def test_any_head_repeated_on_most_pages_goes(head: str) -> None:
    pages = tuple((f"Words of page {n} begin here", "and go on.") for n in "one two three four five".split())
    found = read_bytes("a.pdf", pdf(pages, head=head))
    assert [line.text for line in found.lines] == [row for page in pages for row in page]
    assert dict(found.removed)["running head"] == 4


def test_headings_that_count_with_the_pages_stay() -> None:
    pages = tuple((f"Article {n}", f"Words {'abcd'[n]}.") for n in range(4))
    assert texts("a.pdf", pdf(pages))[2:4] == ["Article 1", "Words b."]


def test_pages_counted_in_words_and_roman_numerals_are_known() -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1)
    for n, roman in enumerate(("i", "ii", "iii", "iv"), start=1):
        canvas.drawString(72, 600, f"Words {'abcd'[n - 1]} of the page.")
        canvas.drawString(300, 40, roman)
        canvas.drawString(72, 800, f"Page {n} of 4")
        canvas.showPage()
    canvas.save()
    found = read_bytes("a.pdf", buffer.getvalue())
    assert [(line.printed, line.text) for line in found.lines] == [
        (str(n), f"Words {ch} of the page.") for n, ch in enumerate("abcd", 1)
    ]


def test_numbers_drawn_after_all_texts_come_back_to_their_lines() -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1)
    for place, row in enumerate(("Each Party lights a lamp.", "A keeper may sleep.", "No lamp is sold.")):
        canvas.drawString(107, 600 - 30 * place, row)
    for place in range(3):
        canvas.drawString(72, 600 - 30 * place, str(place + 1))
    canvas.save()
    assert texts("a.pdf", buffer.getvalue()) == [
        "1 Each Party lights a lamp.", "2 A keeper may sleep.", "3 No lamp is sold."]  # fmt: skip


def test_rows_written_from_the_foot_upwards_are_read_downwards() -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1)
    rows = ["First the lamp,", "then the oil,", "then the wick,", "then the glass."]
    for place, row in reversed(list(enumerate(rows))):
        canvas.drawString(72, 600 - 14 * place, row)
    canvas.save()
    assert texts("a.pdf", buffer.getvalue()) == rows


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_turned_pages_are_read_the_same(turn: int) -> None:
    document = pypdfium2.PdfDocument(pdf())
    for page in document:
        width, height = page.get_size()
        # The sheet turns and its words with it: what is shown is upright again only if both are.
        page.set_rotation(turn)
        for item in page.get_objects():
            matrix = item.get_matrix().rotate(turn, ccw=True)
            shift = {90: (height, 0), 180: (width, height), 270: (0, width)}[turn]
            item.set_matrix(matrix.translate(*shift))
        if turn != 180:
            page.set_mediabox(0, 0, height, width)
        page.gen_content()
    buffer = io.BytesIO()
    document.save(buffer)
    document.close()
    found = read_bytes("a.pdf", buffer.getvalue())
    assert [line.text for line in found.lines] == texts("a.pdf", pdf())
    assert found.removed == read_bytes("a.pdf", pdf()).removed


def test_footnotes_go_where_the_raised_mark_and_the_note_are_both_seen() -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1)
    text = canvas.beginText(72, 700)
    text.setFont("Helvetica", 11)
    text.textOut("The Convention")
    text.setFont("Helvetica", 6)
    text.setRise(4)
    text.textOut("1")
    text.setFont("Helvetica", 11)
    text.setRise(0)
    text.textOut(", in force since 2031, covers 10 capes.")
    canvas.drawText(text)
    canvas.drawString(72, 686, "Its Annex lists them.")
    canvas.setFont("Helvetica", 8)
    canvas.drawString(72, 120, "1 Amended by the Protocol on")
    canvas.drawString(72, 110, "foghorns.")
    canvas.save()
    found = read_bytes("a.pdf", buffer.getvalue())
    assert [line.text for line in found.lines] == [
        "The Convention, in force since 2031, covers 10 capes.", "Its Annex lists them."]  # fmt: skip
    assert found.removed == (("footnote", 1), ("footnote mark", 1))


def test_small_print_without_a_mark_in_the_text_stays() -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1)
    canvas.setFont("Helvetica", 11)
    canvas.drawString(72, 700, "The lamps of the coast are listed below.")
    canvas.setFont("Helvetica", 8)
    canvas.drawString(72, 200, "1 January 2031: the north cape")
    canvas.save()
    assert texts("a.pdf", buffer.getvalue())[-1] == "1 January 2031: the north cape"


def test_a_scan_is_refused_with_the_way_out() -> None:
    assert "it is a scan" not in refusal(scan())
    assert "the PDF is a scan" in refusal(scan())
    assert "OCR" in refusal(scan())


def test_a_scan_between_pages_of_text_is_counted() -> None:
    document = pypdfium2.PdfDocument(pdf())
    document.import_pages(pypdfium2.PdfDocument(scan(1)))
    buffer = io.BytesIO()
    document.save(buffer)
    assert ("page without text", 1) in read_bytes("a.pdf", buffer.getvalue()).removed


def test_an_encrypted_pdf_is_refused() -> None:
    assert "encrypted" in refusal(pdf(encrypt=StandardEncryption("secret", "owner")))


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", pdf()[:400], b"%PDF-1.4 and no more of it" * 9])
def test_a_corrupted_pdf_is_refused(data: bytes) -> None:
    assert "damaged" in refusal(data)


def test_a_pdf_of_too_many_pages_is_refused() -> None:
    blank = pypdfium2.PdfDocument.new()
    for _ in range(3001):
        blank.new_page(100, 100)
    buffer = io.BytesIO()
    blank.save(buffer)
    assert "3,001 pages, more than 3,000" in refusal(buffer.getvalue())


def test_a_pdf_made_to_hang_its_reader_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]"
    parts = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
             b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>"]  # fmt: skip
    for number in range(4, 14):  # each draws the next ten times over
        parts.append(b"<<%s/Resources<</XObject<</X %d 0 R>>>>/Length 60>>stream\n%s\nendstream" % (
            form, number + 1, b"/X Do " * 10))  # fmt: skip
    parts.append(b"<<%s/Length 12>>stream\n0 0 1 1 re f\nendstream" % form)
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, part) for number, part in enumerate(parts, 1))
    monkeypatch.setattr("ingest.readers.pdf_file.MAX_SECONDS", 3)
    assert "longer than" in refusal(b"%PDF-1.4\n" + body + b"trailer<</Size 15/Root 1 0 R>>\n%%EOF")


def test_the_treaty_offices_own_print_is_read_whole(official: Path) -> None:
    path = official / "cets-225" / "CETS_225_EN.docx.pdf"
    found = read(path)
    assert dict(found.removed) == {"page number": 11, "rule": 11, "running head": 11}
    assert {line.page for line in found.lines} == set(range(1, 13))
    assert next(line.printed for line in found.lines if line.page == 7) == "7"
    heads = [m[1] for line in found.lines if (m := re.match(r"Article (\d+) – ", line.text))]
    assert heads == [str(n) for n in range(1, 37)]
    document = pypdfium2.PdfDocument(path)
    whole = "".join(page.get_textpage().get_text_range() for page in document)
    for furniture in (r"CETS 225 – Artificial Intelligence, 5\.IX\.2024", r"_{10,}", r"(?m)^\d{1,2}\s*$"):
        whole = re.sub(furniture, "", whole)
    whole = whole.replace("\ufffe", "-").replace("\x02", "-")
    assert "".join("".join(line.text for line in found.lines).split()) == "".join(whole.split())
