"""Reads a Word document: paragraphs and table cells in document order, with the numbers that Word would print.

Left out and counted: page heads and feet, footnotes and their marks, deletions that are tracked, hidden text.
"""

from __future__ import annotations

import io
import lzma
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from ingest.errors import ReadingError
from ingest.readers import markup
from ingest.readers.word_numbering import Numbering, child, value
from ingest.reading import Line

MAX_UNPACKED = 200 * 1024 * 1024
MAX_RATIO = 200  # unpacked to packed; Word's own parts reach 30
_SMALL = 1024 * 1024  # a part below this size is no bomb whatever its ratio

_ATTACK = "it may be an attack: do not open it, and get the document from its official address"
_HEADING_NAME = re.compile(r"heading ([1-9])", re.I)
_SKIPPED = frozenset(("Fallback", "del", "moveFrom", "instrText", "delText", "pPr", "txbxContent"))


def lines(data: bytes, removed: Counter[str]) -> Iterable[Line]:
    """The lines of the document in `data`; ReadingError where it is damaged, locked, or built to do harm."""
    parts = _parts(data)
    document = markup.parse(parts["word/document.xml"], "the document in it")
    styles = _Styles(markup.parse(parts["word/styles.xml"], "its styles") if "word/styles.xml" in parts else None)
    numbers = parts.get("word/numbering.xml")
    numbering = Numbering(markup.parse(numbers, "its numbering") if numbers else None)
    _count_left_out(parts, removed)
    for paragraph in document.iter("{*}p"):
        if markup.local(paragraph.getparent()) == "Fallback" or any(
            markup.local(above) in ("Fallback", "del", "moveFrom") for above in paragraph.iterancestors()
        ):
            continue
        yield from _paragraph(paragraph, styles, numbering, removed)


def _parts(data: bytes) -> dict[str, bytes]:
    """The XML parts that are read, by name, after a look at all names and sizes."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _demand_harmless(archive.infolist())
            return {
                name: archive.read(name)
                for name in archive.namelist()
                if re.fullmatch(r"word/(?:document|styles|numbering|footnotes|endnotes|header\d*|footer\d*)\.xml", name)
            }
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError, RuntimeError, ValueError, OverflowError,
            OSError, EOFError) as error:  # fmt: skip
        raise ReadingError("the DOCX file is damaged; download or save it again") from error


def _demand_harmless(entries: list[zipfile.ZipInfo]) -> None:
    """Raises ReadingError for locked, doubled or escaping names, and for what would unpack to too much."""
    seen: set[str] = set()
    for entry in entries:
        name = entry.filename.replace("\\", "/")
        if entry.flag_bits & 1:
            raise ReadingError("the DOCX file is locked with a password; save a copy without the password")
        if name.startswith("/") or re.match(r"[A-Za-z]:", name) or ".." in name.split("/"):
            raise ReadingError(f"the DOCX file holds a part whose name leads out of it ({name[:60]!r}); {_ATTACK}")
        if name in seen:
            raise ReadingError(f"the DOCX file holds the part {name[:60]!r} twice; {_ATTACK}")
        seen.add(name)
        if entry.file_size > max(_SMALL, MAX_RATIO * entry.compress_size):
            raise ReadingError(f"the DOCX file would unpack to more than {MAX_RATIO} times its size; {_ATTACK}")
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise ReadingError(f"the DOCX file would unpack to more than {MAX_UNPACKED // 1024 // 1024} MB; {_ATTACK}")


def _count_left_out(parts: dict[str, bytes], removed: Counter[str]) -> None:
    for name, data in parts.items():
        if re.match(r"word/(?:header|footer)", name):
            root = markup.parse(data, "a page head in it")
            removed["running head"] += bool("".join(root.itertext("{*}t")).strip())
        elif re.match(r"word/(?:foot|end)notes", name):
            root = markup.parse(data, "its footnotes")
            notes = (note for note in root if markup.local(note) in ("footnote", "endnote"))
            removed["footnote"] += sum(value(note, "type") is None for note in notes)


class _Styles:
    """What a paragraph style says about headings and numbers, here or in the styles that it is based on."""

    def __init__(self, root: Any) -> None:
        self._by_id = {} if root is None else {value(style, "styleId"): style for style in root.iter("{*}style")}

    def _line_of(self, style: str | None) -> Iterator[Any]:
        for _ in range(12):  # styles may be based on each other in a ring
            element = self._by_id.get(style)
            if element is None:
                return
            yield element
            style = value(child(element, "basedOn"), "val")

    def heading(self, style: str | None) -> int:
        for element in self._line_of(style):
            name = value(child(element, "name"), "val") or ""
            if found := _HEADING_NAME.fullmatch(name.strip()):
                return min(int(found[1]), 6)
            if name.strip().lower() == "title":
                return 1
            level = _outline(child(element, "pPr"))
            if level is not None:
                return level
        return 0

    def number(self, style: str | None) -> Any:
        """The style's `numPr`, or None."""
        found = (child(child(element, "pPr"), "numPr") for element in self._line_of(style))
        return next((number for number in found if number is not None), None)


def _outline(properties: Any) -> int | None:
    """The heading level of an `outlineLvl`: 0 for body text (written as 9); None where nothing is said."""
    level = value(child(properties, "outlineLvl"), "val")
    if level is None or not level.isdecimal():
        return None
    return min(int(level) + 1, 6) if int(level) < 9 else 0


def _paragraph(paragraph: Any, styles: _Styles, numbering: Numbering, removed: Counter[str]) -> Iterator[Line]:
    properties = child(paragraph, "pPr")
    style = value(child(properties, "pStyle"), "val")
    said = _outline(properties)
    heading = styles.heading(style) if said is None else said
    number = child(properties, "numPr")
    texts = "".join(_words(paragraph, removed)).split("\n")
    if not any(text.strip() for text in texts):
        return
    label = numbering.label(styles.number(style) if number is None else number, style)
    for text in texts:
        if text.strip():
            yield Line(f"{label} {text.strip()}" if label else text.strip(), heading=heading)
            label = ""


def _words(paragraph: Any, removed: Counter[str]) -> Iterator[str]:
    """The paragraph's words in order; "\\n" where Word breaks the line."""
    walk = etree.iterwalk(paragraph, events=("start",))
    for _, element in walk:
        name = markup.local(element)
        if name == "t":
            yield (element.text or "").replace("\n", " ")
        elif name in ("tab", "ptab"):
            yield " "
        elif name in ("br", "cr"):
            yield "\n" if value(element, "type") in (None, "textWrapping") else " "
        elif name == "noBreakHyphen":
            yield "-"
        elif name == "softHyphen":
            removed["soft hyphen"] += 1
        elif name in ("footnoteReference", "endnoteReference"):
            removed["footnote mark"] += 1
        elif name == "r" and _hidden(element):
            removed["hidden text"] += 1
            walk.skip_subtree()
        elif name in _SKIPPED or (name == "p" and element is not paragraph):
            if name == "del":
                removed["tracked deletion"] += 1
            walk.skip_subtree()


def _hidden(run: Any) -> bool:
    vanish = child(child(run, "rPr"), "vanish")
    return vanish is not None and value(vanish, "val") not in ("0", "false", "off")
