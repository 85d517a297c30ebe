"""Puts the pieces of a printed page together into rows, and takes off its footnotes.

Lengths are in points, measured from the upper left corner of the page.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

FOOTNOTE = "footnote"
FOOTNOTE_MARK = "footnote mark"

_BLANKS = re.compile(r"\s+")
_LABEL = re.compile(r"[(\[]?(?:\d{1,3}|[a-z]|[ivx]{2,5}|[–—•-])[.)\]]?")
_UNIT = re.compile(r"(?:^|[\s\d])(?:[kcm]?m|CO|10)$")  # before a raised number that is an exponent, not a mark
_FOOTNOTE_START = re.compile(r"[(\[]?(\d{1,3}|\*{1,3})[)\].]?(?=\s|[^\W\d])")


@dataclass(frozen=True, slots=True)
class Piece:
    """Text in one stretch on one line. `marks` are spans in `text` of raised small numbers and stars; `at` is its
    height on the page, 0 the upper edge, 1 the lower."""

    text: str
    left: float
    right: float
    top: float
    foot: float
    marks: tuple[tuple[int, int], ...]
    at: float

    @property
    def height(self) -> float:
        return max(self.foot - self.top, 0.0)


@dataclass(slots=True)
class PrintRow:
    """A printed line, from left to right."""

    pieces: list[Piece] = field(default_factory=list)

    @property
    def at(self) -> float:
        return self.pieces[0].at

    @property
    def height(self) -> float:
        """The height of the piece with the most text."""
        return max(self.pieces, key=lambda piece: len(piece.text)).height

    @property
    def text(self) -> str:
        return self.text_without(())

    def marks(self) -> list[str]:
        """The raised numbers and stars of the row, but for one that opens it or stands behind a unit."""
        return [piece.text[start:end] for piece, start, end in self._marks()]

    def _marks(self) -> Iterable[tuple[Piece, int, int]]:
        for number, piece in enumerate(self.pieces):
            for start, end in piece.marks:
                before = piece.text[:start] or (self.pieces[number - 1].text if number else "")
                if before.strip() and not _UNIT.search(before):
                    yield piece, start, end

    def text_without(self, marks: Iterable[str]) -> str:
        """The row's text; raised `marks` are left out."""
        out = set(marks)
        cut: dict[int, list[tuple[int, int]]] = {}
        for piece, start, end in self._marks():
            if piece.text[start:end] in out:
                cut.setdefault(id(piece), []).append((start, end))
        text = ""
        previous: Piece | None = None
        for piece in self.pieces:
            words = piece.text
            for start, end in reversed(cut.get(id(piece), [])):
                words = words[:start].rstrip() + words[end:]
            apart = previous is not None and piece.left - previous.right > 0.12 * min(previous.height, piece.height)
            text += (" " if apart else "") + words
            previous = piece
        return _BLANKS.sub(" ", text).strip()


def assemble(pieces: Iterable[Piece]) -> list[PrintRow]:
    """The rows of a page in reading order: the file's own order, unless most of its steps lead upwards."""
    row: PrintRow | None = None
    rows: list[PrintRow] = []
    ordered = list(pieces)
    upward = sum(b.at < a.at and not _level(a, b) for a, b in itertools.pairwise(ordered))
    if upward > len(ordered) / 3:
        ordered.sort(key=lambda piece: (piece.top, piece.left))
    for piece in ordered:
        if row and _level(row.pieces[-1], piece) and _beside(row, piece):
            row.pieces.append(piece)
            row.pieces.sort(key=lambda one: one.left)
        else:
            row = PrintRow([piece])
            rows.append(row)
    return _labels_joined(rows)


def _level(one: Piece, other: Piece) -> bool:
    """True if the two stand on one line: the lower of the heights is overlapped by more than half."""
    shared = min(one.foot, other.foot) - max(one.top, other.top)
    return shared > 0.5 * min(one.height, other.height)


def _beside(row: PrintRow, piece: Piece) -> bool:
    """True if the piece overlaps none of the row's last pieces from left to right (small kerning apart)."""
    slack = 0.25 * piece.height
    return all(piece.left >= one.right - slack or piece.right <= one.left + slack for one in row.pieces[-8:])


def _labels_joined(rows: list[PrintRow]) -> list[PrintRow]:
    """Joins a number or letter written apart (all numbers first, then all texts) to the text that it hangs beside."""
    labels = [row for row in rows if _LABEL.fullmatch(row.text)]
    if not labels:
        return rows
    by_height: dict[int, list[PrintRow]] = {}
    for row in rows:
        if not _LABEL.fullmatch(row.text):
            by_height.setdefault(int(row.pieces[0].foot // 6), []).append(row)
    joined: set[int] = set()
    for label in labels:
        piece = label.pieces[0]
        place = int(piece.foot // 6)
        near = [row for step in (0, -1, 1) for row in by_height.get(place + step, ())[:50]]
        text = next((row for row in near if _level(piece, row.pieces[0]) and piece.right <= row.pieces[0].left), None)
        if text is not None and not _LABEL.fullmatch(text.pieces[0].text):
            text.pieces.insert(0, piece)
            joined.add(id(label))
    return [row for row in rows if id(row) not in joined]


def body_height(pages: list[list[PrintRow]]) -> float:
    """The height in which most of the text is set, to half a point."""
    letters: Counter[float] = Counter()
    for rows in pages:
        for row in rows:
            letters[round(row.height * 2) / 2] += len(row.text)
    return max(letters, key=lambda height: (letters[height], height), default=0.0)


def without_footnotes(rows: list[PrintRow], body: float, removed: Counter[str]) -> list[PrintRow]:
    """The rows with the footnotes at the page's end taken off, and their marks in the text.

    A footnote goes only where both ends are seen: smaller print at the foot that opens with a number, and that number
    raised in the text above it. A raised mark without its note goes as well: it is no word of the text.
    """
    first = len(rows)
    while first and rows[first - 1].height < 0.93 * body:
        first -= 1
    starts = [
        (index, found[1]) for index in range(first, len(rows)) if (found := _FOOTNOTE_START.match(rows[index].text))
    ]
    marks = {mark for row in rows[:first] for mark in row.marks()}
    opening = next((index for index, mark in starts if mark in marks), None)
    if opening is not None:
        removed[FOOTNOTE] += sum(index >= opening and mark in marks for index, mark in starts)
        rows = rows[:opening]
    kept = []
    for row in rows:
        if raised := row.marks():
            removed[FOOTNOTE_MARK] += len(raised)
            words = row.text_without(raised)
            row = PrintRow([Piece(words, row.pieces[0].left, row.pieces[-1].right, row.pieces[0].top, row.pieces[0].foot, (), row.at)])  # fmt: skip
        kept.append(row)
    return kept
