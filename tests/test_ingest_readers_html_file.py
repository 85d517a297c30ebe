"""Web pages read into lines, and challenge pages told from documents."""

from __future__ import annotations

import pytest
from reading_samples import PAGE, refusal, texts

from ingest.reading import read_bytes


def test_html_blocks_become_lines_and_the_site_around_them_goes() -> None:
    found = read_bytes("page.html", PAGE.encode())
    assert found.format == "html"
    assert [(line.heading, line.text) for line in found.lines] == [
        (1, "Convention on Lamps"),
        (2, "Article 1 – Oil"),
        (0, "Each Party keeps oil dry on the 1st day & after."),
        (0, "2 A keeper may sleep."),
        (0, "By day."),
        (0, "in the tower; or"),
        (0, "in the house."),
        (0, "a north cape"),
    ]
    assert found.removed == (("footnote", 1), ("footnote mark", 1), ("hidden element", 2), ("navigation", 4))


def test_html_encoding_is_what_the_page_says_or_what_fits() -> None:
    page = "<html><head><meta charset='iso-8859-1'></head><body><p>La côte où l’on veille</p></body></html>"
    assert texts("a.html", page.replace("’", "'").encode("latin-1")) == ["La côte où l'on veille"]
    assert texts("a.html", page.replace("iso-8859-1", "no-such-code").encode()) == ["La côte où l’on veille"]
    assert texts("a.html", page.encode("utf-16")) == ["La côte où l’on veille"]


def test_preserved_lines_stay_lines() -> None:
    assert texts("a.html", b"<html><body><pre>Article 1\n  The lamp.</pre></body></html>") == ["Article 1", "The lamp."]


@pytest.mark.parametrize(
    "words",
    [
        "<title>Just a moment...</title>",
        "<title>Attention Required! | Cloudflare</title><h1>Sorry, you have been blocked</h1>",
        "<noscript>x</noscript><p>Enable JavaScript and cookies to continue</p>",
        "<p>One second</p><script>window._cf_chl_opt = {}</script>",
    ],
)
def test_a_challenge_page_is_named_as_one(words: str) -> None:
    message = refusal(f"<!DOCTYPE html><html><body>{words}</body></html>".encode(), "cets-999.pdf")
    assert message.endswith(
        "the site returned a challenge page, not the document: download it in a browser"
    )  # fmt: skip


def test_a_document_about_challenges_is_read() -> None:
    page = f"<html><body><p>Just a moment... was shown.</p>{'<p>The report goes on at length.</p>' * 150}</body></html>"
    assert len(texts("report.html", page.encode())) == 151


def test_a_page_drawn_by_a_script_is_refused() -> None:
    assert "holds no text" in refusal(b"<html><body><script>draw()</script></body></html>")


def test_html_nested_without_end_is_refused() -> None:
    assert "nested too deeply" in refusal(b"<html><body>" + b"<div>" * 100_000 + b"x")
