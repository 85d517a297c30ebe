"""Takes off what a print repeats on every page: running heads and feet, rules, page numbers.

Only rows at the edge of a page can go, from the outside in: a row stays once the row outside it has stayed. So a line
of the text is safe although it stands alone, is short, or is repeated, as long as it is not where a running head is.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass

HEAD = "running head"
RULE = "rule"
NUMBER = "page number"

EDGE = 0.15  # of the page's height, at the top and at the foot

_TREATY_HEAD = re.compile(r"(?:C?ETS|STC?E|SEV) ?(?:No\.? ?)?\d{1,3} [–—-] \S.{0,150}, ?\d{1,2}\.[IVX]{1,4}\.\d{4}")
_RULE = re.compile(r"[_‗─━—–=-]{4,}")
_LONG_RULE = re.compile(r"_{5,}")
_NUMBER = re.compile(r"[-–—\[( ]*(\d{1,4}|[ivxlc]{1,7})(?: ?[/|] ?\d{1,4})?[-–—\]). ]*")
_PAGE_WORD = re.compile(r"\b(?:page|p\.|seite|pagina|blz\.|pág\.)", re.I)
_DIGITS = re.compile(r"\d{1,4}")


@dataclass(frozen=True, slots=True)
class Row:
    """A printed line: its text and where it stands on the page, 0 the upper edge, 1 the lower."""

    text: str
    at: float


@dataclass(frozen=True, slots=True)
class Stripped:
    """What is left of a page: the indexes of the rows kept, in the order given, and the page number printed on it."""

    kept: tuple[int, ...]
    printed: str | None


def strip(pages: list[list[Row]], removed: Counter[str]) -> list[Stripped]:
    """The pages without their furniture; what goes is counted in `removed`."""
    repeated = _repeated(pages)
    shifts = _shifts(pages)
    return [_strip_page(rows, number, repeated, shifts, removed) for number, rows in enumerate(pages, start=1)]


def is_treaty_head(text: str) -> bool:
    """True for the head that the Treaty Office prints: `CETS 999 – Short title, 1.I.2030`."""
    return _TREATY_HEAD.fullmatch(text.strip()) is not None


def is_long_rule(text: str) -> bool:
    """True for a line of underscores alone."""
    return _LONG_RULE.fullmatch(text.strip()) is not None


def bare_number(text: str) -> str | None:
    """The number where a line holds a page number and nothing else."""
    match = _NUMBER.fullmatch(text.strip())
    return match[1] if match else None


def _edges(rows: list[Row]) -> tuple[list[int], list[int]]:
    """Indexes of the rows in the upper and in the lower edge, from the outside in."""
    order = sorted(range(len(rows)), key=lambda index: rows[index].at)
    top = [index for index in order if rows[index].at <= EDGE]
    foot = [index for index in reversed(order) if rows[index].at >= 1 - EDGE]
    return top, foot


def _shapes(text: str, page: int) -> list[tuple[str, int]]:
    """The row as it would read on any page: as it is, and with each number written as its distance from the page's.

    A number that moves with the pages is trusted only beside a word for "page" or where the rest says little: so that
    `Article 3` at the top of the third page is not taken for a running head that counts.
    """
    text = " ".join(text.split())[:200]
    shapes = [(text, 0)]
    for match in _DIGITS.finditer(text):
        rest = text[: match.start()] + "{}" + text[match.end() :]
        if _PAGE_WORD.search(rest) or not re.search(r"[^\W\d_]{3}", rest):
            shapes.append((rest, int(match[0]) - page))
    return shapes


def _repeated(pages: list[list[Row]]) -> set[tuple[str, int]]:
    """The shapes that stand at an edge of most pages, or of most pages of a run of pages (chapter heads, even pages)."""
    seen: dict[tuple[str, int], list[int]] = defaultdict(list)
    for page, rows in enumerate(pages, start=1):
        top, foot = _edges(rows)
        found = {shape for index in (*top[:4], *foot[:4]) for shape in _shapes(rows[index].text, page)}
        for shape in found:
            seen[shape].append(page)
    wanted = 2 if len(pages) <= 4 else 3
    return {
        shape for shape, on in seen.items() if len(on) >= wanted and len(on) >= 0.45 * (on[-1] - on[0] + 1)
    }  # fmt: skip


def _shifts(pages: list[list[Row]]) -> dict[tuple[bool, bool], int]:
    """What to add to the physical page for the printed one, as most pages with a bare number at an edge have it.

    By (Roman numerals or not, at the foot or not); absent where too few pages agree.
    """
    votes: Counter[tuple[tuple[bool, bool], int]] = Counter()
    for page, rows in enumerate(pages, start=1):
        for lower, indexes in enumerate(_edges(rows)):
            numbers = [number for index in indexes[:3] if (number := bare_number(rows[index].text))]
            votes.update({((not number.isdecimal(), bool(lower)), _value(number) - page) for number in numbers})
    shifts: dict[tuple[bool, bool], int] = {}
    for (kind, shift), count in sorted(votes.items(), key=lambda vote: (-vote[1], abs(vote[0][1]), vote[0])):
        # One number alone may be a year or a label; it counts only at the foot and near the number of the page itself.
        if kind not in shifts and (count > 1 or (kind == (False, True) and abs(shift) <= 2)):
            shifts[kind] = shift
    return shifts


def _value(number: str) -> int:
    """The value of a page number, in Arabic or in small Roman numerals; 0 for letters that are no numeral."""
    if number.isdecimal():
        return int(number)
    worth = [{"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}[letter] for letter in number]
    return sum(-one if one < max(worth[place:]) else one for place, one in enumerate(worth))


def _strip_page(
    rows: list[Row],
    page: int,
    repeated: set[tuple[str, int]],
    shifts: dict[tuple[bool, bool], int],
    removed: Counter[str],
) -> Stripped:
    gone: set[int] = set()
    printed: str | None = None
    top, foot = _edges(rows)
    for indexes, lower in ((top, False), (foot, True)):
        for index in indexes:
            text = rows[index].text.strip()
            number = bare_number(text)
            expected = number is not None and shifts.get((not number.isdecimal(), lower)) == _value(number) - page
            if expected:
                what, printed = NUMBER, printed or number
            elif _RULE.fullmatch(text):
                what = RULE
            elif is_treaty_head(text):
                what = HEAD
            elif shapes := [shape for shape in _shapes(text, page) if shape in repeated]:
                what = HEAD
                if printed is None and "{}" in shapes[-1][0]:
                    printed = str(page + shapes[-1][1])
            else:
                break
            if index not in gone:
                gone.add(index)
                removed[what] += 1
    for index, row in enumerate(rows):  # the rule above footnotes stands inside the page
        if index not in gone and is_long_rule(row.text):
            gone.add(index)
            removed[RULE] += 1
    return Stripped(tuple(index for index in range(len(rows)) if index not in gone), printed)
