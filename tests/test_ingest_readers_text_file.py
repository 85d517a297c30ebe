"""Text, Markdown and the law database's XML read into lines without a word changed."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from reading_samples import BOMB, HEAD, MARKDOWN, XML, refusal

from ingest.reading import Line, read, read_bytes


def test_text_taken_from_a_treaty_loses_heads_rules_and_page_numbers() -> None:
    raw = (
        f"Article 1 – Lamps\nEach Party lights\n1\n\n{HEAD}\n{'_' * 60}\na lamp.\n5\n2\n\n{HEAD}\n{'_' * 60}\nEnd.\n3\n"
    )
    found = read_bytes("a.txt", raw.encode())
    assert [(line.printed, line.text) for line in found.lines] == [
        ("1", "Article 1 – Lamps"), ("1", "Each Party lights"), ("2", "a lamp."), ("2", "5"), ("3", "End.")]  # fmt: skip
    assert found.removed == (("page number", 3), ("rule", 2), ("running head", 2))


def test_form_feeds_divide_pages() -> None:
    pages = [[f"words {ch} of the", f"page {ch}, as they", f"go {ch} on and", f"on {ch}."] for ch in "abc"]
    raw = "\f".join("\n".join(["LAMPS (2031) 7", *rows, f"- {n} -"]) for n, rows in enumerate(pages, 1))
    found = read_bytes("a.txt", raw.encode())
    assert [(line.page, line.printed, line.text) for line in found.lines] == [
        (n, str(n), row) for n, rows in enumerate(pages, 1) for row in rows
    ]
    assert found.removed == (("page number", 3), ("running head", 3))


def test_markdown_loses_its_marks_and_no_word() -> None:
    found = read_bytes("a.md", MARKDOWN.encode())
    assert found.format == "markdown"
    assert [(line.heading, line.text) for line in found.lines] == [
        (2, "Convention on Lamps"),
        (3, "Article  1"),
        (4, "Oil_and wick"),
        (5, "Art. 21 Keepers"),
        (0, "1. Each Party, under Article 9 and the Protocol, keeps oil."),
        (0, "3 a. on the 16th day;"),
        (0, "– a dash;"),
        (0, "- plain words"),
        (0, 'a) "lamp system" means 5 * 3 * 2 and a_b_c & more; *'),
        (0, "Quoted."),
        (1, "Title"),
        (0, "Last line"),
    ]
    assert found.removed == (("footnote", 2), ("footnote mark", 2), ("front matter", 1), ("rule", 1), ("tag", 1))


def test_the_law_database_xml_is_read() -> None:
    found = read_bytes("a.xml", XML.encode())
    assert found.format == "xml"
    assert [(line.heading, line.text) for line in found.lines] == [
        (1, "Chapter I"), (2, "Lamps"), (2, "Article 1"), (3, "Oil"), (0, "1 Each Party keeps:"), (0, "a) oil;"),
        (0, "b) wicks."), (0, "2"), (0, "a) Lamps.")]  # fmt: skip
    assert found.removed == (("footnote", 1),)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (XML.replace("<toestand>", '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><toestand>'), "attack"),
        (XML.replace("?><", f"?>{BOMB}<"), "attack"),
        (XML[:-5], "damaged XML"),
        ("<?xml version='1.0'?><rss><item>Lamps</item></rss>", "XML of an unknown kind (<rss>)"),
        ("<?xml version='1.0'?>" + "<a>" * 9000, "nested too deeply"),
    ],
)
def test_other_or_harmful_xml_is_refused(data: str, said: str) -> None:
    assert said in refusal(data.encode(), "a.xml")


@pytest.mark.parametrize(
    ("name", "lines"),
    [("cets-201/en", 345), ("cets-201/nl", 343), ("cets-201/de", 310), ("ets-185/en", 396), ("ets-185/nl", 397),
     ("ets-185/de", 351), ("ets-189/en", 86), ("ets-189/nl", 85), ("linked/cets-197/en", 313),
     ("linked/ets-030/en", 154), ("linked/un-opsc/en", 96)],
)  # fmt: skip
def test_the_law_databases_markdown_keeps_every_word(official: Path, name: str, lines: int) -> None:
    path = official / f"{name}.md"
    found = read(path)
    assert (found.format, len(found.lines)) == ("markdown", lines)
    raw = path.read_text("utf-8")
    raw = re.sub(r"\A---\n.*?\n---\n|<meta[^>]*>|</?sup>|(?m:^\[\^\d+\]:.*$)|\[\^\d+\]", "", raw, flags=re.S)
    raw = re.sub(r"1\)\s+Noot vertaler: .*?is\.(?=\s)", "", raw) if name == "ets-185/nl" else raw
    raw = re.sub(r"\]\([^\s]*?\.(?:md|html)\)|[#*\[\]`\"]|(?m:^- )|^- ", "", raw)
    read_words = re.sub(r"[\"\[\]]|(?m:^- )", "", "\n".join(line.text for line in found.lines))
    assert "".join(read_words.split()) == "".join(raw.split())


def test_the_extracted_convention_loses_its_noise(official: Path) -> None:
    text = json.loads((official / "ets-005" / "CETS-005.json").read_text("utf-8"))["text"]
    found = read_bytes("CETS-005.txt", text.encode())
    assert found.removed == (("page number", 13), ("rule", 14), ("running head", 13))
    assert not [line for line in found.lines if line.text.startswith("ETS 5 –") or "____" in line.text]
    assert found.lines[-1] == Line("lost its purpose.", printed="14")
    gone = re.sub(r"(?m)^ETS 5 – Human.*$|^_+$|^\d{1,2}$", "", text)
    assert "".join("".join(line.text for line in found.lines).split()) == "".join(gone.split())
