"""Reads a web page: one Line per block, headings from h1 to h6, without what surrounds the document.

Left out and counted: scripts, styles, navigation, page heads and feet, side columns, forms, whatever is hidden, and
footnotes with their raised marks. A list keeps only the numbers that are written in it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from ingest.errors import ReadingError
from ingest.readers import characters
from ingest.reading import Line

_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure footer "
    "form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol p pre section summary table tbody tfoot thead tr ul".split()
)
_SILENT = frozenset("head script style template noscript".split())  # no words of the page at all
_LEFT_OUT = {
    **dict.fromkeys(("nav", "aside", "footer"), "navigation"),
    **dict.fromkeys(("form", "select", "button", "textarea", "input", "option"), "form"),
    **dict.fromkeys(("svg", "math", "iframe", "object", "canvas", "audio", "video", "img"), "picture or frame"),
}
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_NOTE_ID = re.compile(r"_?(?:ftn|fn|footnote|endnote|note)[-_:]?\d+", re.I)
_NOTE_CLASS = re.compile(r"(?:^|[\s_-])(?:footnotes?|endnotes?|voetnoot|voetnoten)(?:$|[\s_-])", re.I)
_BLANKS = re.compile(r"[ \t\n\r\f]+")
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.I)
_UNIT = re.compile(r"(?:^|[\s\d])(?:[kcm]?m|CO|10)$")

_CHALLENGE = re.compile(
    r"just a moment\s*(?:\.\.\.|…)|attention required!|you have been blocked|enable javascript and cookies to continue"
    r"|checking your browser before|verify(?:ing)? (?:that )?you are (?:a )?human|ddos protection by|request unsuccessful\. incapsula"
    r"|why have i been blocked|please complete the security check|performing security verification",
    re.I,
)
_CHALLENGE_SCRIPT = re.compile(rb"_cf_chl_opt|/cdn-cgi/challenge-platform/", re.I)
_SHORT = 3000  # characters; a challenge says little, a document about challenges more


def lines(data: bytes, removed: Counter[str]) -> Iterable[Line]:
    """The lines of the page in `data`; ReadingError where a site sent its challenge instead of the document."""
    root = _parse(data)
    found = [line for line in _walk(root, removed) if line.text]
    said = sum(len(line.text) for line in found)
    title = " ".join(root.xpath("string(//title)").split()) if root is not None else ""
    shown = " ".join([title, *(line.text for line in found)]) if said < _SHORT else title
    if _CHALLENGE.search(shown) or (said < _SHORT and _CHALLENGE_SCRIPT.search(data)):
        raise ReadingError("the site returned a challenge page, not the document: download it in a browser")
    if not found:
        raise ReadingError(
            "the page holds no text (a script may draw it in the browser): save the document itself, as PDF if there is one"
        )
    return found


def _parse(data: bytes) -> Any:
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(_decode(data).encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, etree.ParserError, ValueError) as error:
        raise ReadingError(f"it is damaged HTML ({str(error)[:120]}); download it again") from error
    if any(entry.level_name == "FATAL" for entry in parser.error_log):
        raise ReadingError("its HTML is nested too deeply to be a document; download it again in a browser")
    return root


def _decode(data: bytes) -> str:
    """By the mark at its start or by the encoding that the page names, else as any text."""
    named = _CHARSET.search(data[:4096])
    if named and not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")) and b"\0" not in data:
        try:
            return data.decode(named[1].decode("ascii"))
        except (LookupError, UnicodeError):
            pass  # the page is wrong about itself
    return characters.decode(data)


class _Block:
    """Collects the words of the block that is open, and the headings around them."""

    def __init__(self) -> None:
        self.text: list[str] = []
        self.heading = 0

    def add(self, words: str | None, preserved: bool) -> Iterator[Line]:
        """Adds words; where blanks are preserved, a line break ends the line."""
        for number, piece in enumerate(words.split("\n") if words and preserved else [words or ""]):
            if number:
                yield from self.end()
            self.text.append(piece)

    @property
    def written(self) -> str:
        return _BLANKS.sub(" ", "".join(self.text)).strip(" ")

    def end(self) -> Iterator[Line]:
        if words := self.written:
            yield Line(words, heading=self.heading)
        self.text.clear()


def _walk(root: Any, removed: Counter[str]) -> Iterator[Line]:
    if root is None:
        return
    block = _Block()
    main = preserved = 0
    walk = etree.iterwalk(root, events=("start", "end"))
    skipped: Any = None
    for event, element in walk:
        name = element.tag.lower() if isinstance(element.tag, str) else ""
        if event == "end":
            if name in _BLOCKS and element is not skipped:
                yield from block.end()
            if name in _HEADINGS:
                block.heading = 0
            preserved -= name == "pre" and element is not skipped
            main -= name in ("main", "article") and element is not skipped
            yield from block.add(element.tail, preserved > 0)
            continue
        skipped = None
        reason = _reason(element, name, main > 0)
        if reason is None and name == "sup":
            reason = _mark(element, block.written)
        if reason is not None:
            if name in _BLOCKS:
                yield from block.end()
            if reason:
                removed[reason] += 1
            skipped = element
            walk.skip_subtree()
            continue
        if name in _BLOCKS or name == "br":
            yield from block.end()
        elif name in ("td", "th"):
            block.text.append(" ")
        block.heading = _HEADINGS.get(name, block.heading)
        preserved += name == "pre"
        main += name in ("main", "article")
        yield from block.add(element.text, preserved > 0)
    yield from block.end()


def _reason(element: Any, name: str, inside_main: bool) -> str | None:
    """Why the element is left out; "" for what is not worth counting; None where it stays."""
    if name in _SILENT or not name:
        return ""
    if name in _LEFT_OUT:
        return _LEFT_OUT[name]
    role = element.get("role", "").lower()
    if (name == "header" and not inside_main) or role in ("navigation", "banner", "contentinfo", "search"):
        return "navigation"
    if element.get("hidden") is not None or _HIDDEN.search(element.get("style", "")):
        return "hidden element"
    if role in ("doc-footnote", "doc-endnote", "doc-endnotes"):
        return "footnote"
    if name in ("div", "section", "li", "ol", "p", "dl") and (
        _NOTE_ID.fullmatch(element.get("id", "")) or _NOTE_CLASS.search(element.get("class", ""))
    ):
        return "footnote"
    return "footnote mark" if role == "doc-noteref" else None


def _mark(element: Any, before: str) -> str | None:
    """ "footnote mark" where a raised text points to a note; None where it is a word's end or counts the paragraph."""
    words = "".join(element.itertext()).strip()
    linked = element.xpath(
        "ancestor::a[starts-with(@href, '#')] | .//a[starts-with(@href, '#') or contains(@href, '#')]"
    )
    if len(words) > 12:  # a raised sentence is the note itself
        return "footnote"
    if any(ch.isalpha() for ch in words) and not linked:  # 1<sup>st</sup>, n<sup>o</sup>
        return None
    if not before or _UNIT.search(before):
        return None
    return "footnote mark" if words else ""
