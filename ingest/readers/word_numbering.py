"""The numbers that Word prints before paragraphs and does not write into them.

Known are decimal numbers, letters and Roman numerals, with what stands around them (`1.`, `a)`, `(ii)`, `2.1`), and the
dashes and dots of unnumbered lists.
"""

from __future__ import annotations

import re
from typing import Any

from ingest.readers import markup

_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
          (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_DASHES = "-–—‒―\uf02d"
_MAX = 9999


def child(element: Any, name: str) -> Any:
    """The first child of that local name; None where there is none, or no element."""
    return None if element is None else element.find(f"{{*}}{name}")


def value(element: Any, name: str) -> str | None:
    """An attribute by its local name."""
    if element is None:
        return None
    return next((str(text) for key, text in element.attrib.items() if key.rsplit("}", 1)[-1] == name), None)


def written(number: int, form: str) -> str | None:
    """`number` in one of Word's number formats; None where the format is not known."""
    if not 0 <= number <= _MAX:
        return None
    if form in ("decimal", "decimalZero"):
        return f"{number:02}" if form == "decimalZero" else str(number)
    if form in ("lowerLetter", "upperLetter"):
        letters = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1) if number else ""
        return letters if form == "lowerLetter" else letters.upper()
    if form in ("lowerRoman", "upperRoman"):
        numeral = ""
        for worth, sign in _ROMAN:
            numeral += sign * (number // worth)
            number %= worth
        return numeral if form == "lowerRoman" else numeral.upper()
    return "" if form == "none" else None


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and re.fullmatch(r"\d{1,9}", text) else otherwise


class Numbering:
    """Counts the numbered paragraphs of one document, in order."""

    def __init__(self, root: Any) -> None:
        self._lists: dict[str | None, Any] = {}
        self._numbers: dict[str | None, Any] = {}
        if root is not None:
            self._lists = {value(one, "abstractNumId"): one for one in root.iter("{*}abstractNum")}
            self._numbers = {value(one, "numId"): one for one in root.iter("{*}num")}
        self._counts: dict[str | None, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()

    def label(self, properties: Any, style: str | None) -> str:
        """The number of the next paragraph with this `numPr`; "" where it has none, or one in an unknown format."""
        identifier = value(child(properties, "numId"), "val")
        number = self._numbers.get(identifier)
        which = value(child(number, "abstractNumId"), "val")
        levels = self._levels(which)
        if number is None or identifier is None or not levels:
            return ""
        level = _number(value(child(properties, "ilvl"), "val"), self._level_of_style(levels, style))
        if level not in levels:
            return ""
        counts = self._counts.setdefault(which, {})
        start = _number(value(child(levels[level], "start"), "val"), 1)
        if (identifier, level) not in self._begun:
            self._begun.add((identifier, level))
            override = self._override(number, level)
            if override is not None:
                counts.pop(level, None)
                start = override
        counts[level] = counts[level] + 1 if level in counts else start
        for deeper in [other for other in counts if other > level]:
            del counts[deeper]
        return self._text(levels, level, counts)

    def _levels(self, which: str | None) -> dict[int, Any]:
        found = self._lists.get(which)
        if found is None:
            return {}
        return {_number(value(level, "ilvl"), 0): level for level in found if markup.local(level) == "lvl"}

    @staticmethod
    def _level_of_style(levels: dict[int, Any], style: str | None) -> int:
        """The level that names the style; 0 where none does."""
        named = (number for number, level in levels.items() if value(child(level, "pStyle"), "val") == style)
        return next(named, 0) if style else 0

    @staticmethod
    def _override(number: Any, level: int) -> int | None:
        for one in number:
            if markup.local(one) == "lvlOverride" and _number(value(one, "ilvl"), -1) == level:
                start = value(child(one, "startOverride"), "val")
                return _number(start, 1) if start else None
        return None

    @staticmethod
    def _text(levels: dict[int, Any], level: int, counts: dict[int, int]) -> str:
        pattern = value(child(levels[level], "lvlText"), "val") or ""
        if value(child(levels[level], "numFmt"), "val") == "bullet":
            return "–" if pattern.strip() in _DASHES and pattern.strip() else "•"
        known = True

        def one(match: re.Match[str]) -> str:
            nonlocal known
            place = int(match[1]) - 1
            form = value(child(levels.get(place), "numFmt"), "val") or "decimal"
            start = _number(value(child(levels.get(place), "start"), "val"), 1)
            text = written(counts.get(place, start), form)
            known = known and text is not None
            return text or ""

        text = re.sub(r"%([1-9])", one, pattern)
        return text.strip() if known else ""
