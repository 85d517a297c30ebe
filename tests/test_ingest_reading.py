"""Formats told by content, bad files refused with what to do, and fuzzing of every reader."""

from __future__ import annotations

import hashlib
import os
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reading_samples import HEAD, MARKDOWN, PAGE, TEXT, XML, W, numbered, pdf, refusal, texts, word, word_parts, zipped

from ingest import reading
from ingest.errors import ReadingError
from ingest.readers import pdf_pages
from ingest.reading import Line, read, read_bytes


@pytest.mark.parametrize(
    "encoded", [
        "Où l’on veille".encode(), b"\xef\xbb\xbf" + "Où l’on veille".encode(), "Où l’on veille".encode("utf-16"),
        b"\xfe\xff" + "Où l’on veille".encode("utf-16-be"), "Où l’on veille".encode("cp1252"),
    ],
)  # fmt: skip
def test_text_is_decoded(encoded: bytes) -> None:
    assert texts("a.txt", encoded) == ["Où l’on veille"]


def test_characters_are_normalised_and_what_goes_is_counted() -> None:
    raw = "Cafe\u0301\u00a01\u202f000\u200b\u202e ligh\u00adt \u0007end\t.  \n\n  next"
    found = read_bytes("a.txt", raw.encode())
    assert [line.text for line in found.lines] == ["Café 1 000 light end .", "  next"]
    assert found.removed == (("control character", 1), ("soft hyphen", 1), ("zero-width or direction mark", 2))


def test_the_content_decides_the_format_and_not_the_name() -> None:
    assert read_bytes("a.txt", pdf()).format == "pdf"
    assert read_bytes("a.pdf", PAGE.encode()).format == "html"
    assert read_bytes("a.html", word_parts(TEXT)).format == "docx"
    assert read_bytes("a.txt", MARKDOWN.encode()).format == "markdown"
    assert read_bytes("a.docx", b"The lamp burns.").format == "text"
    assert read_bytes("a.html", XML.encode()).format == "xml"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "it is empty (zero bytes)"),
        (b" \n\t ", "nothing but blanks"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 20, "it is a PNG picture"),
        (b"\xff\xd8\xff\xe0", "it is a JPEG picture"),
        (b"MZ\x90\0\x03\0\0\0", "it is a program"),
        (b"\x7fELF\x02", "it is a program"),
        (zipped({"a.txt": b"x"}), "it is a ZIP archive"),
        (zipped({"xl/workbook.xml": b"x"}), "it is an Excel workbook"),
        (b"PK\x03\x04broken", "damaged ZIP"),
        (b"\x1f\x8b\x08", "it is a gzip archive"),
        (b"{\\rtf1 Lamps}", "it is an RTF document"),
        (b"lamp\0lamp", "it is binary"),
        ("lamp\0lamp".encode("utf-16"), "it is binary"),
        ("lamp".encode("utf-32"), "text in UTF-32"),
        (b"caf\xe9 \x81", "its encoding is unknown: byte 3 (0xe9)"),
        (b"caf\xe9 \x07", "control characters lie between"),
        (b"\xff\xfea\0b", "begins like UTF-16 text"),
        (b"\xef\xbb\xbfcaf\xe9", "begins like UTF-8 text"),
    ],
)
def test_what_is_no_document_is_named(data: bytes, said: str) -> None:
    assert said in refusal(data)


def test_limits_of_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_CHARACTERS", 50)
    assert "more than 50 characters" in refusal(b"The lamp burns all night.\n" * 3)
    monkeypatch.setattr(reading, "MAX_BYTES", 60)
    assert "it is larger than" in refusal(b"The lamp burns all night.\n" * 3)


def test_a_file_is_read_and_named_without_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "lamps.txt"
    path.write_bytes(b"The lamp burns.")
    found = read(path)
    assert found == read_bytes("../../x/lamps.txt", b"The lamp burns.")
    assert found.lines == (Line("The lamp burns."),)
    assert (found.name, found.format) == ("lamps.txt", "text")
    assert found.sha256 == hashlib.sha256(b"The lamp burns.").hexdigest()


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: None, "there is no such file"),
        (lambda path: path.mkdir(), "it is a folder"),
        (lambda path: path.symlink_to(__file__), "it is a symbolic link"),
        (lambda path: os.mkfifo(path), "it is a device or pipe"),
        (lambda path: path.write_bytes(b""), "it is empty"),
        (lambda path: (path.write_bytes(b"x"), path.open("r+b").truncate(reading.MAX_BYTES + 1)), "larger than 100 MB"),
    ],
)
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_what_is_no_plain_file_is_refused(tmp_path: Path, make: Callable[[Path], object], said: str) -> None:
    path = tmp_path / "lamps.txt"
    make(path)
    with pytest.raises(ReadingError, match=re.escape(said)) as caught:
        read(path)
    assert str(caught.value).startswith("lamps.txt cannot be read: ")


def test_a_device_and_a_name_with_tricks_are_refused() -> None:
    with pytest.raises(ReadingError, match="device or pipe"):
        read(Path("/dev/zero"))
    with pytest.raises(ReadingError, match="NUL character"):
        read(Path("lamps\0.txt"))
    assert read_bytes("..\\..\\lamps\u202efdp.exe\n", b"The lamp.").name == "lampsfdp.exe"
    assert read_bytes("/", b"The lamp.").name == "the file"


def test_long_lines_made_to_be_slow_are_read_in_time() -> None:
    for piece in ("[", "[a](", "**a", "*a ", "_a", "<sup>", "``", "<!--", "<", "&", "# ", "[^", "((", "\\"):
        read_bytes("a.md", ("# Lamps\n" + piece * (60_000 // len(piece)) + "\nEnd.").encode())


SEEDS = {
    "a.pdf": pdf(), "a.html": PAGE.encode(), "a.docx": word(numbered), "a.md": MARKDOWN.encode(), "a.xml": XML.encode(),
    "a.txt": f"Lamps\n1\n\n{HEAD}\n______________\nmore\fOil".encode("utf-16"),
    "b.docx": word_parts(TEXT, styles=f'<w:styles xmlns:w="{W}"/>', numbering=f'<w:numbering xmlns:w="{W}"/>'),
}  # fmt: skip


def demand_reading_or_refusal(name: str, data: bytes) -> None:
    try:
        if data.startswith(b"%PDF"):  # in this process: starting one for each would take minutes
            list(pdf_pages.extract(data, Counter()))
            return
        found = read_bytes(name, data)
    except ReadingError:
        return
    assert found.lines
    for line in found.lines:
        assert line.text == line.text.rstrip() != ""
        assert not re.search("[\x00-\x1f\x7f-\x9f\xa0\xad\u200b-\u200f\u2028-\u202f\ufeff]", line.text)


@given(st.binary(max_size=400), st.sampled_from(("a.txt", "a.pdf", "a.md")))
@settings(max_examples=300, deadline=None)
def test_random_bytes_are_read_or_refused(data: bytes, name: str) -> None:
    demand_reading_or_refusal(name, data)


@given(
    st.sampled_from(
        ("", "<html>", "# A\n**", "<?xml version='1.0'?>", "---\na: b\n", "%PDF-", "PK\x03\x04", "<a><al>")
    ),
    st.text(max_size=300),
)
@settings(max_examples=300, deadline=None)
def test_random_text_is_read_or_refused(start: str, text: str) -> None:
    demand_reading_or_refusal("a.md", (start + text).encode("utf-8", "surrogatepass"))


@given(st.data())
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_mutated_files_are_read_or_refused(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(SEEDS)))
    mutated = bytearray(SEEDS[name])
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(mutated)))
        cut = data.draw(st.integers(0, 40))
        mutated[place : place + cut] = data.draw(st.one_of(st.binary(max_size=12), st.sampled_from((
            b"<", b">", b"\0", b"\xff", b"&x;", b"[", b"0", b"9999999999", b"-1", b"obj", b"<p>", b"\x0c", b"<sup>"))))  # fmt: skip
    demand_reading_or_refusal(name, bytes(mutated))
