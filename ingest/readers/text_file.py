"""Reads plain text: every line as it stands.

Where the text is the print of a treaty taken from a PDF, the running heads, the rules and the page numbers between the
lines go. A form feed divides pages, as programs write it that take text from a PDF; without one, the Treaty Office's
running head does, and then only the printed number of a page is known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from ingest.readers import characters, furniture
from ingest.reading import Line


def lines(data: bytes, removed: Counter[str]) -> Iterable[Line]:
    """The lines of the text in `data`."""
    text = characters.decode(data)
    pages = [[line for line in characters.split(page) if line.strip()] for page in text.split("\f")]
    while len(pages) > 1 and not pages[-1]:
        pages.pop()
    if len(pages) > 1:
        return _paged(pages, removed)
    return _headed(pages[0], removed)


def _paged(pages: list[list[str]], removed: Counter[str]) -> Iterable[Line]:
    """Lines of pages that form feeds divide; the first and last three of a page are its edges."""
    rows = [
        [
            furniture.Row(text, 0.01 * n if n < 3 else (1 - 0.01 * (len(page) - 1 - n) if len(page) - n <= 3 else 0.5))
            for n, text in enumerate(page)
        ]
        for page in pages
    ]
    for number, (page, stripped) in enumerate(zip(pages, furniture.strip(rows, removed), strict=True), start=1):
        for index in stripped.kept:
            yield Line(page[index], number, stripped.printed)


def _headed(rows: list[str], removed: Counter[str]) -> Iterable[Line]:
    """Lines between which the running heads of a treaty may stand, each with a rule below and a page number above."""
    heads = [index for index, row in enumerate(rows) if furniture.is_treaty_head(row)]
    ends = [*heads, len(rows)] if heads else []
    printed: dict[int, str] = {}  # index of the row that holds the number of the page that ends there
    last = 0
    for end in ends:
        number = furniture.bare_number(rows[end - 1]) if end else None
        if number and number.isdecimal() and (not last or int(number) == last + 1):
            printed[end - 1], last = number, int(number)
    removed[furniture.HEAD] += len(heads)
    removed[furniture.NUMBER] += len(printed)
    gone = {*heads, *printed}
    turns = sorted((end, printed.get(end - 1)) for end in ends)
    turn = 0
    for index, row in enumerate(rows):
        while turn < len(turns) and turns[turn][0] <= index:
            turn += 1
        if index in gone:
            continue
        if furniture.is_long_rule(row):
            removed[furniture.RULE] += 1
            continue
        yield Line(row, printed=turns[turn][1] if turn < len(turns) else None)
