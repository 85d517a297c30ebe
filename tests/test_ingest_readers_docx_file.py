"""Word documents read into lines with Word's own numbers; harmful ones refused."""

from __future__ import annotations

import os

import pytest
from reading_samples import BOMB, TEXT, W, numbered, refusal, word, word_parts, zipped

from ingest.reading import read_bytes


def test_word_prints_its_own_numbers() -> None:
    found = read_bytes("lamps.docx", word(numbered))
    assert found.format == "docx"
    assert [line.text for line in found.lines] == [
        "Article 1 – Lamps", "1. Each Party lights:", "a) a lamp;", "b) a fire that is", "(i) large; or", "(ii) far.",
        "2. Keepers sleep:", "a) by day.", "1. Oil is kept.", "north", "cape", "Done in one copy."]  # fmt: skip
    assert [line.heading for line in found.lines][:2] == [2, 0]
    assert found.removed == (("running head", 1),)


def test_word_deletions_hidden_text_and_notes_are_left_out() -> None:
    body = (
        "<w:p><w:r><w:t>The lamp</w:t></w:r><w:del><w:r><w:delText> and oil</w:delText></w:r></w:del>"
        '<w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t> never</w:t></w:r>'
        "<w:ins><w:r><w:t> burns.</w:t></w:r></w:ins></w:p>"
    )
    notes = f'<w:footnotes xmlns:w="{W}"><w:footnote w:type="separator"/><w:footnote w:id="2"/></w:footnotes>'
    found = read_bytes("a.docx", word_parts(body, footnotes=notes))
    assert [line.text for line in found.lines] == ["The lamp burns."]
    assert found.removed == (("footnote", 1), ("footnote mark", 1), ("hidden text", 1), ("tracked deletion", 1))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (zipped({"word/document.xml": b" " * 3_000_000}), "more than 200 times its size"),
        (zipped({"word/document.xml": b"x", "../../evil": b"x"}), "leads out of it"),
        (zipped({"word/document.xml": b"x", "/etc/passwd": b"x"}), "leads out of it"),
        (zipped({"word/document.xml": b"x", "C:\\evil": b"x"}), "leads out of it"),
        (zipped({"word/document.xml": f"{BOMB}<a>&b;</a>".encode()}), "can be an attack"),
        (
            zipped({"word/document.xml": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'}),
            "can be an attack",
        ),
        (zipped({"word/document.xml": b"<a>" * 5000}), "nested too deeply"),
        (word_parts(TEXT)[:-40], "damaged"),
        (word_parts(TEXT).replace(b"PK\x03\x04\x14\0\0\0", b"PK\x03\x04\x14\0\1\0"), "cannot be read"),
        (zipped({"word/document.xml": b"no xml"}), "damaged XML"),
        (word_parts("<w:p/>"), "no text was found"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99 + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, ".doc"),
    ],
)
def test_a_harmful_or_damaged_word_file_is_refused(data: bytes, said: str) -> None:
    if said == "cannot be read":  # the locked bit stands in the directory too, and is read there
        data = data.replace(b"PK\x01\x02\x14\x03\x14\0\0\0", b"PK\x01\x02\x14\x03\x14\0\1\0")
        said = "locked with a password"
    assert said in refusal(data, "a.docx")


def test_a_word_file_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    noise = {f"word/media/{n}": os.urandom(1000) * 50 for n in range(4)}
    monkeypatch.setattr("ingest.readers.docx_file.MAX_UNPACKED", 150_000)
    assert "unpack to more than" in refusal(zipped({"word/document.xml": b"<a/>"} | noise), "a.docx")
