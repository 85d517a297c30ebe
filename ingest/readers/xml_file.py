"""Reads the XML of the Dutch government's open law database, in which several treaties are published.

Only its elements are known: `kop` (with `label`, `nr`, `titel`), `al`, `lid` with `lidnr`, `lijst` of `li` with `li.nr`,
`tussenkop`, `noot`, and tables. Other XML is refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from ingest.errors import ReadingError
from ingest.readers import markup
from ingest.reading import Line

_BLOCKS = frozenset("al titel subtitel citeertitel intitule aanhef-al naam plaats datum".split())
_LEFT_OUT = {
    "noot": "footnote",
    "meta-data": "editors' data",
    "bwb-wijzigingen": "editors' data",
    "jcis": "editors' data",
    "brondata": "editors' data",
    "redactie": "editors' note",
    "plaatje": "picture",
    "illustratie": "picture",
}
_LABELS = frozenset(("lidnr", "li.nr"))
_ROWS = frozenset(("row", "tr"))
_CELLS = frozenset(("entry", "td", "th"))
_KNOWN = frozenset("al kop lid li artikel".split())


def lines(data: bytes, removed: Counter[str]) -> Iterable[Line]:
    """The lines of the XML in `data`; a kop is a heading line of label and number, and one of its title below it."""
    root = markup.parse(data, "the file")
    names = {markup.local(element) for element in root.iter(etree.Element)}
    if "al" not in names or len(names & _KNOWN) < 2:
        raise ReadingError(
            f"it is XML of an unknown kind (<{markup.local(root)}>); Basis knows that of the Dutch open law database: "
            "add a PDF, DOCX, HTML, Markdown or text file"
        )
    return _walk(root, removed)


def _walk(root: Any, removed: Counter[str]) -> Iterator[Line]:
    label = ""  # the number that waits for the first words of its paragraph or item
    depth = 0  # of divisions that have a heading
    levels: dict[Any, int] = {}
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        name = markup.local(element)
        if event == "end":
            depth -= levels.pop(element, 0)
            if name in ("lid", "li") and label:
                yield Line(label)
                label = ""
        elif name in _LEFT_OUT:
            removed[_LEFT_OUT[name]] += 1
            walk.skip_subtree()
        elif name == "kop":
            parent = element.getparent()
            if parent is not None and parent not in levels:
                levels[parent] = 1
                depth += 1
            yield from _heading(element, min(max(depth, 1), 6), removed)
            walk.skip_subtree()
        elif name in _LABELS:
            if label:
                yield Line(label)
            label = _text(element, removed)
            walk.skip_subtree()
        elif name == "tussenkop":
            yield Line(_text(element, removed), heading=min(depth + 1, 6))
            walk.skip_subtree()
        elif name in _ROWS:
            cells = (_text(cell, removed) for cell in element if markup.local(cell) in _CELLS)
            yield Line(" ".join(cell for cell in cells if cell))
            walk.skip_subtree()
        elif name in _BLOCKS:
            text = _text(element, removed)
            yield Line(f"{label} {text}" if label and text else label or text)
            label = ""
            walk.skip_subtree()


def _heading(kop: Any, level: int, removed: Counter[str]) -> Iterator[Line]:
    number = [_text(part, removed) for part in kop if markup.local(part) in ("label", "nr")]
    titles = [_text(part, removed) for part in kop if markup.local(part) in ("titel", "subtitel")]
    if any(number):
        yield Line(" ".join(part for part in number if part), heading=level)
        level = min(level + 1, 6)
    for title in titles:
        yield Line(title, heading=level)
    if not number and not titles:
        yield Line(_text(kop, removed), heading=level)


def _text(element: Any, removed: Counter[str]) -> str:
    """The element's words on one line, without footnotes."""
    parts = [element.text or ""]
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, inside in walk:
        if inside is element:
            continue
        name = markup.local(inside)
        if event == "start" and name in _LEFT_OUT:
            removed[_LEFT_OUT[name]] += 1
            walk.skip_subtree()
        elif event == "start":
            parts.append(inside.text or "")
        else:
            parts.append(inside.tail or "")
    return " ".join("".join(parts).split())
