"""Which numbers at the beginning of lines count the paragraphs of a document.

Years, amounts, lists inside a paragraph and quoted articles begin lines with numbers too. So no line is judged alone:
of all ways to read the numbers as one numbering after another, each running 1, 2, 3 …, the likeliest as a whole wins.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.documents.rows import Row, title_like

_MARKED = re.compile(r"(?P<open>\()?(?P<value>[0-9]{1,4}|[a-z]|[ivx]{2,5})(?P<close>[.)])(?![0-9.])(?: |$)")
_BARE = re.compile(r"(?P<value>[0-9]{1,4}|[a-z]|[ivx]{2,5})(?: |$)")
_DOTTED = re.compile(r"(?P<value>[0-9]{1,4}(?:\.[0-9]{1,3}){1,4})\.?(?: |$)")
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv", "xvi", "xvii",
          "xviii", "xix", "xx")  # fmt: skip
_WEIGHT = {".": 1.0, ")": 1.0, "()": 0.9, "": 0.7}
MOST_SKIPPED = 3  # numbers that may be missing in a row: a paragraph whose number was lost on the way


@dataclass(frozen=True, slots=True)
class Label:
    """What a row begins with: its `value` as printed without marks, its `shape`, and the `length` to cut before words.

    `shape`: "." as in `1.`, ")" as in `a)`, "()" as in `(a)`, "" where nothing follows, "1.1" for numbers with parts.
    """

    value: str
    shape: str
    length: int

    @property
    def number(self) -> int:
        """The value of a plain number, 0 for letters and numbers with parts."""
        return int(self.value) if self.value.isdigit() else 0


def label(text: str) -> Label | None:
    """The number or letter that `text` begins with, if any.

    >>> label("9.1.2. with regard to")
    Label(value='9.1.2', shape='1.1', length=7)
    >>> label("(a) a child")
    Label(value='a', shape='()', length=4)
    >>> label("1998 was a good year").value
    '1998'
    """
    if match := _DOTTED.match(text):
        return Label(match["value"], "1.1", match.end())
    if match := _MARKED.match(text):
        if match["open"] and match["close"] == ".":
            return None
        return Label(match["value"], "()" if match["open"] else match["close"], match.end())
    if match := _BARE.match(text):
        return Label(match["value"], "", match.end())
    return None


def following(value: str, kind: str) -> str | None:
    """What comes after `value` in a list of `kind` "number", "letter" or "roman"; None at the end of what we count."""
    if kind == "number":
        return str(int(value) + 1)
    if kind == "letter":
        return chr(ord(value) + 1) if "a" <= value < "z" else None
    at = _ROMAN.index(value) + 1 if value in _ROMAN else len(_ROMAN)
    return _ROMAN[at] if at < len(_ROMAN) else None


@dataclass(frozen=True, slots=True)
class Numbered:
    """A row that opens a paragraph: in the `run`-th numbering (from 0), the paragraph `number`."""

    row: int
    run: int
    number: int


@dataclass(slots=True)
class _State:
    score: float
    row: int
    number: int
    before: _State | None


def runs(rows: Sequence[Row], wide: int) -> list[Numbered]:
    """The rows that open numbered paragraphs, in order; empty where the document is not numbered through most of it.

    `wide` is the width of the print as from `rows.measure`. Within a run the numbers rise, by one as a rule.
    """
    best: dict[tuple[str, int], _State] = {}
    top: _State | None = None
    for at, row in enumerate(rows):
        found = label(row.text)
        if found is None or row.kind or not found.number or found.shape not in _WEIGHT:
            continue
        weight = _weight(rows, at, found, wide) - 0.25  # an unlikely one only where it closes a gap
        number = found.number
        ways = [] if number > 1 + MOST_SKIPPED else [_State(weight - 2.0 * (number - 1), at, number, None)]
        for skipped in range(MOST_SKIPPED + 1):
            if before := best.get((found.shape, number - 1 - skipped)):
                ways.append(_State(before.score + weight - 2.0 * skipped, at, number, before))
        if number == 1 and top is not None:
            ways.append(_State(top.score + weight - _restart(rows, at), at, 1, top))
        if not ways:
            continue
        way = max(ways, key=lambda state: state.score)
        known = best.get((found.shape, number))
        if known is None or way.score > known.score:
            best[found.shape, number] = way
        if top is None or way.score > top.score:
            top = way
    chain: list[_State] = []
    while top is not None:
        chain.append(top)
        top = top.before
    chain.reverse()
    result: list[Numbered] = []
    run = 0
    for at, state in enumerate(chain):
        if at and state.number <= chain[at - 1].number:
            run += 1
        result.append(Numbered(state.row, run, state.number))
    return result if _carries(rows, result, wide) else []


def _weight(rows: Sequence[Row], at: int, found: Label, wide: int) -> float:
    """How much the row looks like the beginning of a numbered paragraph, from nearly 0 to 1."""
    row, weight = rows[at], _WEIGHT[found.shape]
    before = rows[at - 1] if at else None
    if before is not None and not before.kind:
        if before.text.endswith(":"):
            weight *= 0.4  # a list follows, more often than the next paragraph
        elif not before.ended:
            weight *= 0.6 if before.text.endswith(",") or row.gap else 0.1
    words = row.text[found.length :]
    after = rows[at + 1] if at + 1 < len(rows) else None
    if not words:  # the number stands alone; its words are on the next line
        return weight * (0.9 if after is not None and not after.lower and not after.kind else 0.1)
    if words[0].islower():
        weight *= 0.5
    ends = after is None or not after.lower
    if ends and title_like(words) and not (wide and len(row.text) >= 0.8 * wide):
        weight *= 0.15
    return weight


def _restart(rows: Sequence[Row], at: int) -> float:
    """The price of beginning a new numbering here: low below the heading of an explanatory note, high in a list."""
    above = at - 1
    while above >= 0 and rows[above].kind:
        if rows[above].attached:
            return 0.5
        above -= 1
    if any(row.attached for row in rows[max(0, at - 12) : at]):
        return 1.0
    if above < at - 1:
        return 8.0 if any(row.article for row in rows[above + 1 : at]) else 3.0  # below "Article 23": quoted
    return 12.0 if above >= 0 and rows[above].text.endswith(":") else 8.0


def _carries(rows: Sequence[Row], found: Sequence[Numbered], wide: int) -> bool:
    """Whether the numbered paragraphs make up most of the document. The last ends we do not know where."""
    if len(found) < 3:
        return False
    sums = [0]
    for row in rows:
        sums.append(sums[-1] + len(row.text))
    spans = [sums[after.row] - sums[here.row] for here, after in pairwise(found)]
    spans.append(min(sums[-1] - sums[found[-1].row], 2 * max(spans)))
    firm = {at for at, row in enumerate(rows) if _firm(rows, at, row, wide)}
    chosen = firm.intersection(one.row for one in found)
    if any(_begins_a_section(rows, at) for at in firm - chosen if found[0].row < at < found[-1].row):
        return False
    return (
        2 * sum(span for span in spans if span <= 6000) >= sums[-1]
        and 2 * len(chosen) >= len(found)
        and 5 * len(chosen) >= 3 * len(firm)  # the paragraphs of a law begin again with every article
        and 2 * sum(one.run < 2 for one in found) >= len(found)
    )


def _begins_a_section(rows: Sequence[Row], at: int) -> bool:
    """Whether a numbering of its own begins right below a heading: then the sections are numbered, and the document is not."""
    above = rows[at - 1]
    mark = label(rows[at].text)
    return mark is not None and mark.number == 1 and bool(above.kind) and not (above.article or above.attached)


def _firm(rows: Sequence[Row], at: int, row: Row, wide: int) -> bool:
    mark = None if row.kind else label(row.text)
    return mark is not None and bool(mark.number) and mark.shape in _WEIGHT and _weight(rows, at, mark, wide) >= 0.3
