"""Takes the printed lines out of a PDF. Run as a program of its own by `pdf_file`, as a PDF can be made to hang a reader.

After `extract`, the following holds:
1. lines stand in the order in which the file writes them, or from top to bottom where that order jumps about; a number
   or letter that hangs left of its text stands on the line of that text;
2. running heads, rules, page numbers, and footnotes whose mark is found in the text are gone and counted;
3. a word that the print breaks keeps its hyphen at the line's end: whether the hyphen belongs to the word is not known.
"""

from __future__ import annotations

import json
import re
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing

import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

from ingest.errors import ReadingError
from ingest.readers import furniture, print_rows
from ingest.readers.print_rows import Piece, PrintRow
from ingest.reading import MAX_CHARACTERS, Line

try:
    import resource
except ImportError:  # Windows has no such limits
    resource = None  # type: ignore[assignment]

MAX_PAGES = 3000
MAX_SECONDS_A_PAGE = 20
MAX_MEMORY = 4 * 1024**3  # bytes of address space; a book of 500 pages takes some 50 MB

_HYPHEN = "[\x02\ufffe]"  # how PDFium writes a hyphen at a line's end, after which it joins the lines
_PIECE = re.compile(rf"[^\r\n\x02\ufffe]*(?:{_HYPHEN}|\r?\n|\r|$)")
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
_MARK = re.compile(r"\d{1,3}|\*{1,3}")
_UNREADABLE = re.compile("[\ufffd\ue000-\uf8ff\x00-\x08\x0e-\x1f]")


def extract(data: bytes, removed: Counter[str], on_page: Callable[[], object] = lambda: None) -> Iterator[Line]:
    """The printed lines of the PDF in `data`; raises ReadingError where it is locked, damaged, too long or a scan.

    `on_page` is called before the file is opened and before each page. One thread at a time may be in here.
    """
    on_page()
    with _opened(data) as document:
        pages = list(_pages(document, removed, on_page))
    on_page()
    return _without_furniture(pages, removed)


def main() -> None:
    """Reads a PDF from the standard input and writes its lines, or why there are none, to the standard output as JSON."""
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    removed: Counter[str] = Counter()
    answer: dict[str, object]
    try:
        found = extract(sys.stdin.buffer.read(), removed, _wind_up)
        answer = {"lines": [(line.text, line.page, line.printed) for line in found], "removed": removed}
    except ReadingError as error:
        answer = {"refused": str(error)}
    except MemoryError:
        answer = {"refused": "the PDF needs more memory than Basis lends it; split it into parts"}
    json.dump(answer, sys.stdout)


def _wind_up() -> None:
    """Lets the system end this process, in the midst of whatever it does, unless called again in time."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, MAX_SECONDS_A_PAGE)


def _opened(data: bytes) -> closing[pypdfium2.PdfDocument]:
    try:
        document = pypdfium2.PdfDocument(data)
        count = len(document)
    except pypdfium2.PdfiumError as error:
        code = getattr(error, "err_code", None)
        if code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
            raise ReadingError("the PDF is encrypted; save a copy without the password, and add that") from error
        raise ReadingError("the PDF is damaged or incomplete; download it again") from error
    if count > MAX_PAGES:
        document.close()
        raise ReadingError(f"the PDF has {count:,} pages, more than {MAX_PAGES:,}; split it into parts")
    if not count:
        document.close()
        raise ReadingError("the PDF has no pages; download it again")
    return closing(document)


def _pages(
    document: pypdfium2.PdfDocument, removed: Counter[str], on_page: Callable[[], object]
) -> Iterator[list[PrintRow]]:
    """The rows of each page; refuses a scan and a text layer that nobody can read."""
    letters = unreadable = pictured = silent = broken = 0
    for index in range(len(document)):
        on_page()
        try:
            page = document[index]
        except pypdfium2.PdfiumError:
            broken += 1
            yield []
            continue
        with closing(page):
            rows = print_rows.assemble(_pieces(page))
            text = "".join(row.text for row in rows)
            here = sum(ch.isalnum() for ch in text)
            if here < 25 and _has_picture(page):  # a stamp or a page number is all the text that a scan has
                pictured += 1
                silent += not text
        letters += here
        unreadable += len(_UNREADABLE.findall(text))
        if letters > MAX_CHARACTERS:
            raise ReadingError(f"the PDF holds more than {MAX_CHARACTERS:,} characters; split it into parts")
        yield rows
    if broken:
        raise ReadingError(f"the PDF is damaged: {broken} of its {len(document)} pages cannot be opened; download it again")  # fmt: skip
    if letters < 20 * pictured or not letters:
        raise ReadingError(
            "the PDF is a scan: pictures of pages without a text layer; run OCR on it (for example with OCRmyPDF), "
            "and add the result"
            if pictured
            else "the PDF holds no text; if it was scanned, run OCR on it (for example with OCRmyPDF)"
        )
    if unreadable > letters * 0.3:
        raise ReadingError("the PDF's text layer is unreadable (its fonts do not say which letters they draw); run OCR on it, or find another copy")  # fmt: skip
    removed["page without text"] += silent


def _has_picture(page: pypdfium2.PdfPage) -> bool:
    return any(item.type == pdfium.FPDF_PAGEOBJ_IMAGE for item in page.get_objects(max_depth=2))


def _pieces(page: pypdfium2.PdfPage) -> Iterator[Piece]:
    """What PDFium takes for a line, with its place: from the left and from the top of the page as it is shown."""
    with closing(page.get_textpage()) as layer:
        count = layer.count_chars()
        text = layer.get_text_range() if count else ""
        if len(text) != count:  # characters outside the basic plane: count by code points instead
            codes = (pdfium.FPDFText_GetUnicode(layer, index) for index in range(count))
            text = "".join(chr(code) if code < 0x110000 else "\ufffd" for code in codes)
        boxes = _Boxes(layer, page)
        for match in _PIECE.finditer(text):
            for start, end in boxes.stretches(text, *match.span()):
                if (piece := boxes.piece(text, start, end)) is not None:
                    yield piece


class _Boxes:
    """Where characters stand on one page, measured as the page is shown: turned, from its upper left corner."""

    def __init__(self, layer: pypdfium2.PdfTextPage, page: pypdfium2.PdfPage) -> None:
        self._layer = layer
        self._turn = page.get_rotation()
        self._width, self._height = page.get_size()
        self._x, self._y, *_ = page.get_bbox()
        self._rect = pdfium.FS_RECTF()

    def stretches(self, text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The spans of text on one line each. PDFium divides lines itself, but not where a page is turned."""
        if self._turn:
            top = foot = right = 0.0
            for index in range(start, end):
                if text[index].isspace():
                    continue
                _, its_top, its_right, its_foot = self.of(index)
                if index > start and (not its_top < (top + foot) / 2 < its_foot or its_right < right - (foot - top)):
                    yield start, index
                    start = index
                if index == start or top == foot:
                    top, foot = its_top, its_foot
                right = its_right
        yield start, end

    def piece(self, text: str, start: int, end: int) -> Piece | None:
        """The text from `start` to `end` without the blanks around it; None where it has nothing else."""
        words = text[start:end]
        first = start + len(words) - len(words.lstrip())
        last = start + len(words.rstrip()) - 1
        if last < first:
            return None
        left, top, _, foot = self.of(first)
        right = self.of(last)[2]
        marks = tuple(
            (found.start() - first, found.end() - first)
            for found in _MARK.finditer(text, first, last + 1)
            if self._is_raised(found.start(), top, foot)
        )
        words = re.sub(_HYPHEN, "-", text[first : last + 1])
        at = (top + foot) / 2 / self._height if self._height else 0.5
        return Piece(words, left, right, top, foot, marks, at)

    def of(self, index: int) -> tuple[float, float, float, float]:
        """Left, top, right and foot of a character's cell, in points."""
        rect = self._rect
        pdfium.FPDFText_GetLooseCharBox(self._layer, index, rect)
        left, top = rect.left - self._x, rect.top - self._y
        right, foot = rect.right - self._x, rect.bottom - self._y
        if self._turn == 90:
            left, right, top, foot = foot, top, self._height - left, self._height - right
        elif self._turn == 180:
            left, right, top, foot = self._width - right, self._width - left, self._height - foot, self._height - top
        elif self._turn == 270:
            left, right, top, foot = self._width - top, self._width - foot, right, left
        upper, lower = max(top, foot), min(top, foot)
        return left, self._height - upper, right, self._height - lower

    def _is_raised(self, index: int, top: float, foot: float) -> bool:
        """True if the character is smaller than a line from `top` to `foot`, and its foot stands above the line's."""
        _, its_top, _, its_foot = self.of(index)
        height = foot - top
        return its_foot - its_top < 0.8 * height and its_foot < foot - 0.1 * height


def _without_furniture(pages: list[list[PrintRow]], removed: Counter[str]) -> Iterator[Line]:
    body = print_rows.body_height(pages)
    stripped = furniture.strip([[furniture.Row(row.text, row.at) for row in rows] for rows in pages], removed)
    for number, (rows, page) in enumerate(zip(pages, stripped, strict=True), start=1):
        kept = print_rows.without_footnotes([rows[index] for index in page.kept], body, removed)
        for row in kept:
            yield Line(row.text.translate(_LIGATURES), number, page.printed)


if __name__ == "__main__":
    main()
