"""Joins the lines of print into blocks: headings, paragraphs, items of a list; and writes them as one text.

After `blocks` and `written`, the following holds:
1. every row lies in exactly one block, in order;
2. the text of a block differs from its rows only in white space and in hyphens of line ends that were counted.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ingest.documents.numbering import Label, Numbered, following, label
from ingest.documents.rows import Row

_BULLET = re.compile(r"[•●▪‣◦·■□*–—-] ")
_REMARK = re.compile(r"[IVX]{1,5}\. [^\W\d_]")
_ADOPTED = re.compile(r"(?:Adopted|Approved|Endorsed|Adoptée?|Approuvée?|Angenommen|Verabschiedet|Aangenomen) \w")
_BROKEN = re.compile(r"(?P<half>[^\W\d_]+)-$")
_REST = re.compile(r"[^\W\d_]+")
_AND = {"and", "or", "et", "ou", "und", "oder", "en", "of", "e", "y"}
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


@dataclass(slots=True, eq=False)
class Block:
    """Rows that belong together. `label` is the number, letter or sub-number that it opens with, if it counts.

    `opens` is the numbered paragraph of the document that begins here, if one does.
    `start:end` is set by `written`: zero-based, half-open, in code points of the text.
    """

    rows: list[Row] = field(default_factory=list)
    label: Label | None = None
    opens: Numbered | None = None
    bullet: bool = False
    start: int = 0
    end: int = 0

    @property
    def level(self) -> int:
        """The level of a heading, 0 for body."""
        return self.rows[0].level


def blocks(rows: Sequence[Row], wide: int, numbered: Mapping[int, Numbered], spaced: bool) -> list[Block]:
    """The blocks in order. `numbered`: the rows that open numbered paragraphs. `spaced`: blank lines part the paragraphs."""
    found: list[Block] = []
    listed = _listed(rows, wide)
    for at, row in enumerate(rows):
        before = rows[at - 1] if at else None
        if before is not None and row.joins:
            found[-1].rows.append(row)
            continue
        new = Block([row], opens=numbered.get(at))
        if new.opens:
            new.label = label(row.text)
        elif not row.kind:
            new.label = listed.get(at)
            new.bullet = bool(_BULLET.match(row.text))
        if before is None or _parts(before, row, new, wide, spaced, found[-1]):
            found.append(new)
        else:
            found[-1].rows.append(row)
    return found


def _parts(before: Row, row: Row, new: Block, wide: int, spaced: bool, last: Block) -> bool:
    """Whether a new block begins at `row`."""
    if new.opens or row.kind or before.kind:
        return True
    if new.label is None and last.label is not None and len(last.rows) == 1 and len(before.text) <= last.label.length:
        return False  # the number stood alone on its line: these are its words
    if new.label is not None or new.bullet or _REMARK.match(row.text):
        return _pauses(before, row, wide)
    turned = before.line.page != row.line.page
    if row.gap or not wide:
        return not (turned and row.lower and not before.ended)
    if _ADOPTED.match(row.text):
        return True  # the line below a title that says by whom and when
    if spaced or row.lower:
        return False
    if before.ended:
        return len(before.text) < 0.85 * wide
    broken = re.search(r"\w-$", before.text) or not row.text[0].isalpha()
    return len(before.text) < 0.6 * wide and not broken


def _pauses(before: Row, row: Row, wide: int) -> bool:
    """Whether an item of a list may begin after `before`: in the midst of a full line of print none does."""
    return (
        before.ended or row.gap or before.text.endswith(",") or before.text.rsplit(maxsplit=1)[-1].lower() in _AND
        or len(before.text) < 0.75 * wide or not wide
    )  # fmt: skip


def _listed(rows: Sequence[Row], wide: int) -> dict[int, Label]:
    """The rows that open an item of a list or a sub-number, by their labels.

    A bare number counts only in its turn below a heading, a bare `a` only where `b` comes after it.
    """
    found: dict[int, Label] = {}
    bare: list[tuple[int, Label]] = []
    number = 0  # the last bare number since a heading
    for at, row in enumerate(rows):
        number = 0 if row.kind else number
        mark = None if row.kind else label(row.text)
        if mark is None:
            continue
        before = rows[at - 1] if at else None
        if mark.shape:
            if before is None or before.kind or _pauses(before, row, wide):
                found[at] = mark
        elif mark.number:
            if mark.number == number + 1 and (before is None or before.kind or before.ended or not wide):
                found[at], number = mark, mark.number
        else:
            expected = [following(other.value, _kind(other.value)) for _, other in bare[-1:]]
            opening = mark.value in ("a", "i") and before is not None and before.text.endswith(":")
            if opening or mark.value in expected:
                bare.append((at, mark))
    for position, (at, mark) in enumerate(bare):
        pair = bare[position + 1][1].value if position + 1 < len(bare) else None
        if mark.value not in ("a", "i") or pair == following(mark.value, _kind(mark.value)):
            found[at] = mark
    return found


def _kind(value: str) -> str:
    return "roman" if len(value) > 1 or value == "i" else "letter"


def written(found: Sequence[Block]) -> tuple[str, int]:
    """One text of all blocks, a line for each, and how many hyphens of line ends were left out; sets the spans."""
    vocabulary = {word for block in found for row in block.rows for word in _WORD.findall(row.text.casefold())}
    parts: list[str] = []
    length = hyphens = 0
    for block in found:
        pieces = [block.rows[0].text]
        for before, row in pairwise(block.rows):
            glue, cut = _glue(before.text, row.text, vocabulary)
            if cut:
                pieces[-1] = pieces[-1][:-1]
                hyphens += 1
            pieces += [glue, row.text]
        text = "".join(pieces)
        block.start, block.end = length, length + len(text)
        parts.append(text)
        length += len(text) + 1
    return "\n".join(parts), hyphens


def _glue(before: str, after: str, vocabulary: Collection[str]) -> tuple[str, bool]:
    """What joins two lines, and whether the hyphen at the end of the first is only the printer's.

    It is where both halves joined stand elsewhere as one word; else it stays ("well-" + "being"), and with a blank
    where a word was left out ("pre-" + "and post-trial").
    """
    tail = before[-60:]
    broken, rest = _BROKEN.search(tail), _REST.match(after)
    if broken and rest:
        if (broken["half"] + rest[0]).casefold() in vocabulary and rest[0][0].islower():
            return "", True
        return ("", False) if rest[0].casefold() not in _AND else (" ", False)
    return ("", False) if re.search(r"\w-$", tail) and after[0].isalnum() else (" ", False)
