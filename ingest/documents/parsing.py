"""Reads every document that is no treaty into addressed units: opinions, notes, reports, resolutions, laws, manuals.

A document whose paragraphs are numbered through most of it is addressed by those numbers, any other by section and
paragraph. After `parse`, the following holds:
1. the text has every non-blank character of the lines kept, in order, but for hyphens at line ends that only the
   printer put there; what was left out is counted in `removed`;
2. no address occurs twice; units stand in reading order, the containing one before what lies inside it;
3. children lie inside their parents and siblings do not overlap; no word belongs to the own words of two units.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from ingest.documents.blocks import Block, blocks, written
from ingest.documents.numbering import Numbered, following, label, runs
from ingest.documents.rows import Kind, Row, measure, rows, title_like, with_headings, without_contents
from ingest.errors import ReadingError
from ingest.reading import Reading
from ingest.treaty import Citation, Provision

# Formats whose readers give whole paragraphs; the others may give lines of print.
WHOLE = {"html", "docx", "xml"}
_KIND = re.compile(
    r"\b(?:opinion|guidance note|explanatory report|recommendation|resolution|declaration|act|law|code|manual|handbook"
    r"|guide|guidelines|report|strategy|study|avis|note d['’]orientation|rapport|recommandation|résolution|loi|manuel"
    r"|gesetz|bericht|leitfaden|wet|verslag)\b",
    re.I,
)
_TREATY = re.compile(r"\b(?:convention|protocol|charter|agreement|protocole|charte|accord)\b", re.I)
_FILLING = {"the", "a", "an", "of", "on", "to", "for", "and", "or", "in", "by", "with", "its", "from", "at", "as", "no",
            "de", "la", "le", "les", "du", "des", "et", "sur", "à", "au", "aux", "l", "d", "der", "die", "das", "und",
            "zur", "zum", "über", "van", "het", "een", "en"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unit:
    """One addressed piece, with the headings it stands under, outermost first, as printed.

    `page` is the physical page of its first line, from 1, `printed` the number printed there; None where not known.
    """

    provision: Provision
    headings: tuple[str, ...]
    page: int | None
    printed: str | None


@dataclass(frozen=True, slots=True)
class Document:
    """A document read into units, in reading order. `title` is the one found in it, else the name of its file.

    `removed`: what the reader and this parser left out and how often.
    """

    title: str
    numbered: bool
    text: str
    units: tuple[Unit, ...]
    removed: tuple[tuple[str, int], ...] = ()


@dataclass(slots=True)
class _Group:
    """Blocks under one address at the top: a numbered paragraph, or a section with the headings that open it."""

    element: str
    headings: tuple[str, ...]
    heads: list[Block]
    blocks: list[Block]
    number: int = 0


@dataclass(slots=True)
class _Open:
    """A unit that may still grow. `last`, `shape` and `kind` tell of its list; `numbers` is its own number in parts."""

    citation: Citation
    row: Row
    start: int
    end: int
    own_start: int
    own_end: int
    numbers: tuple[int, ...] = ()
    sub: int = 0
    last: str = ""
    shape: str = ""
    kind: str = ""


def parse(reading: Reading, id_: str) -> Document:
    """The units of a document that shall be known as `id_`. Raises ReadingError where it has no words."""
    found, entries = without_contents(rows(reading.lines))
    if not found:
        raise ReadingError(
            f"{reading.name} has no text that could be read. If it is a scan, have its text recognised (OCR) first; "
            "otherwise check that it is the right file."
        )
    wide = 0 if reading.format in WHOLE else measure(found)
    marked = with_headings(found, wide, numbered=True)
    numbering = runs(marked, wide)
    marked = _settled(marked, numbering) if numbering else with_headings(found, wide, numbered=False)
    spaced = reading.format != "pdf" and 12 * sum(row.gap for row in found) >= len(found)
    parts = blocks(marked, wide, {one.row: one for one in numbering}, spaced)
    text, hyphens = written(parts)
    units: list[Unit] = []
    for group in _groups(parts, text):
        opened = _section(group, id_, text, bool(numbering)) if group.element.startswith("sec_") else (
            _inside(Citation(id_, (group.element,)), group.blocks, text, group.number)
        )  # fmt: skip
        for one in opened:
            provision = Provision(one.citation, len(units), one.start, one.end, one.own_start, one.own_end)
            units.append(Unit(provision, group.headings, one.row.line.page, one.row.line.printed))
    removed = (*reading.removed, ("line of a table of contents", entries), ("hyphen at a line end", hyphens))
    return Document(_title(parts, text, reading.name), bool(numbering), text, tuple(units),
                    tuple((what, count) for what, count in removed if count))  # fmt: skip


def _settled(marked: Sequence[Row], numbering: Sequence[Numbered]) -> list[Row]:
    """Weak headings inside the numbering that no number follows are body: a quoted article, a line of a table."""
    settled = list(marked)
    opening = {one.row for one in numbering}
    at = numbering[0].row
    while at < len(settled):
        end = at
        while end < len(settled) and settled[end].kind:
            end += 1
        if end > at and end not in opening and all(row.kind is Kind.WEAK for row in settled[at:end]):
            settled[at:end] = [replace(row, kind=Kind.BODY, level=0, joins=False) for row in settled[at:end]]
        at = max(end, at + 1)
    return settled


def _groups(parts: Sequence[Block], text: str) -> list[_Group]:
    """The blocks by the address at the top that they belong to, in order."""
    groups: list[_Group] = []
    path: list[tuple[int, str]] = []
    pending: list[Block] = []
    current: _Group | None = None
    section = 0
    counted = -1
    for block in parts:
        if block.level:
            kept = len(path) - min(len(pending), 4)  # headings that stand together do not end one another
            path = [
                entry
                for at, entry in enumerate(path)
                if entry[0] < block.level or (at >= kept and (entry[0] > block.level or block.level >= 8))
            ]
            path.append((block.level, text[block.start : block.end]))
            pending.append(block)
            current = None
            continue
        number = block.opens
        headings = tuple(words for _, words in path)
        if number is not None and number.run < 2:
            current = _Group(f"{'note' if number.run else 'para'}_{number.number}", headings, [], [], number.number)
            groups.append(current)
        elif current is None or (number is not None and number.run != counted):
            section += bool(pending or groups)
            current = _Group(f"sec_{section}", headings, pending, [])
            groups.append(current)
        counted = counted if number is None else number.run
        current.blocks.append(block)
        pending = []
    if pending:
        groups.append(_Group(f"sec_{section + 1}", tuple(words for _, words in path), pending, []))
    return groups


def _section(group: _Group, id_: str, text: str, numbered: bool) -> list[_Open]:
    """A section and its paragraphs: by their own numbers where it has such, else counted."""
    citation = Citation(id_, (group.element,))
    first, last = [*group.heads, *group.blocks][0], [*group.heads, *group.blocks][-1]
    own = group.heads[-1].end if group.heads else first.start
    whole = _Open(citation, first.rows[0], first.start, last.end, own, own)
    if not group.blocks:
        whole.own_start = first.start  # nothing but headings: a title page, a part without text
        return [whole]
    opening = [at for at, block in enumerate(group.blocks) if block.opens] if numbered else _own_numbers(group.blocks)
    opened = [whole]
    if opening:
        if opening[0]:
            whole.own_start, whole.own_end = group.blocks[0].start, group.blocks[opening[0] - 1].end
        for at, end in zip(opening, [*opening[1:], len(group.blocks)], strict=True):
            mark = label(group.blocks[at].rows[0].text)
            number = mark.number if mark else 0
            opened += _inside(citation.child(f"para_{number}"), group.blocks[at:end], text, number)
        return opened
    starts = [at for at, block in enumerate(group.blocks) if at == 0 or not _hangs(block)]
    for ordinal, (at, end) in enumerate(zip(starts, [*starts[1:], len(group.blocks)], strict=True), 1):
        opened += _inside(citation.child(f"para_{ordinal}"), group.blocks[at:end], text)
    return opened


def _hangs(block: Block) -> bool:
    """Whether the block is an item that belongs to the paragraph before it."""
    return block.bullet or (block.label is not None and not block.label.number and block.label.shape != "1.1")


def _own_numbers(found: Sequence[Block]) -> list[int]:
    """The blocks of a section that are numbered 1, 2, 3 … from its first or second block on; else none."""
    opening: list[int] = []
    shape = ""
    for at, block in enumerate(found):
        mark = label(block.rows[0].text)
        if mark is None or mark.number != len(opening) + 1 or (opening and mark.shape != shape):
            continue
        if not opening and at > 1:
            break
        shape = mark.shape
        opening.append(at)
    return opening if len(opening) >= 2 else []


def _inside(citation: Citation, found: Sequence[Block], text: str, number: int = 0) -> list[_Open]:
    """A paragraph with its sub-numbers, points, sub-points and closing words; `found` are its blocks.

    `number` is the paragraph's own number, which its first block opens with, or 0.
    """
    head = found[0]
    mark = label(head.rows[0].text)
    root = _Open(citation, head.rows[0], head.start, head.end, head.start, head.end)
    if number and mark is not None:
        root.own_start, root.numbers = _after(text, head, mark.length), (number,)
    stack, done, tail = [root], [root], list[Block]()
    for at, block in enumerate(found[1:], 1):
        child = _child(stack, block, found[at + 1 : at + 200], text)
        if child is None:
            stack[-1].own_end = block.end
            tail.append(block)
        else:
            done.append(child)
            tail = []
        for one in stack:
            one.end = block.end
    loose = next((at for at, block in enumerate(tail) if not block.bullet), len(tail))
    owner = next(one for one in reversed(stack) if not one.citation.path[-1].startswith("point_"))
    if owner is not stack[-1] and loose < len(tail):
        closing = tail[loose]
        before = found[found.index(closing) - 1].end
        for one in stack[stack.index(owner) + 1 :]:
            one.end = before
        stack[-1].own_end = before
        done.append(_Open(owner.citation.child("wrapup"), closing.rows[0], closing.start, found[-1].end,
                          closing.start, found[-1].end))  # fmt: skip
    return done


def _after(text: str, block: Block, length: int) -> int:
    """Where the words after a label begin."""
    at = min(block.start + length, block.end)
    return at + (at < block.end and text[at] == " ")


def _child(stack: list[_Open], block: Block, rest: Sequence[Block], text: str) -> _Open | None:
    """The unit that `block` opens, pushed on `stack` in its place; None where its label does not go on a list."""
    mark = block.label
    if mark is None or mark.number:
        return None
    if mark.shape == "1.1":
        numbers = tuple(int(part) for part in mark.value.split("."))
        parent = next((one for one in stack if one.numbers and one.numbers == numbers[:-1]), None)
        if parent is None or not parent.sub < numbers[-1] <= parent.sub + 3:
            return None
        parent.sub = numbers[-1]
        element = f"para_{numbers[-1]}"
    else:
        numbers = ()
        later = [other.label.value for other in rest if other.label and other.label.shape == mark.shape]
        roman = mark.value == "i" and later[:1] == ["ii"]
        parent = None if roman else next(
            (one for one in reversed(stack) if one.last and one.shape == mark.shape
             and following(one.last, one.kind) == mark.value), None,
        )  # fmt: skip
        if parent is None:
            kind = "letter" if mark.value == "a" else "roman"
            second = following(mark.value, kind)
            if stack[-1].last or mark.value not in ("a", "i") or second not in later:
                return None
            parent = stack[-1]
            parent.shape, parent.kind = mark.shape, kind
        parent.last = mark.value
        element = f"point_{mark.value}"
    while stack[-1] is not parent:
        stack.pop()
    child = _Open(parent.citation.child(element), block.rows[0], block.start, block.end,
                  _after(text, block, mark.length), block.end, numbers)  # fmt: skip
    stack.append(child)
    return child


def _title(parts: Sequence[Block], text: str, name: str) -> str:
    """The document's own title: its first heading of the highest named level, else a line that says what it is."""
    front = []
    for block in parts[:40]:
        if block.opens or block.end - block.start > 400:
            break  # the text itself begins
        front.append(block)
    words = [text[block.start : block.end] for block in front]
    named = [(block.rows[0].line.heading, at) for at, block in enumerate(front) if block.rows[0].line.heading]
    if named:
        return words[min(named)[1]]
    short = [
        one for one in words if len(one) <= 200 and not one.endswith((".", ";", ":", ",")) and title_like(one[:100])
    ]
    telling = [one for kind in (_KIND, _TREATY) for one in short if kind.search(one)]
    headings = [one for one, block in zip(words, front, strict=True) if block.level]
    return next(iter(telling or headings or short), PurePath(name).stem or name)


def suggest_id(title: str) -> str:
    """A short instrument id made of the first telling words of a title; never empty. It need not be unique.

    >>> suggest_id("T-CY Guidance Note # 3 – Transborder access to data (Article 32)")
    't-cy-guidance-note-3'
    """
    plain = unicodedata.normalize("NFKD", title.replace("ß", "ss")).encode("ascii", "ignore").decode().lower()
    lead = re.split(r" [-\u2013\u2014] |[:(\u2013\u2014]", title, maxsplit=1)[0]
    if len(lead.split()) >= 2:
        plain = unicodedata.normalize("NFKD", lead.replace("ß", "ss")).encode("ascii", "ignore").decode().lower()
    words = [word for word in re.findall(r"[a-z0-9]+", plain) if word not in _FILLING]
    short: list[str] = []
    for word in words[:7]:
        if sum(map(len, short)) + len(short) + len(word) > 40:
            break
        short.append(word)
    if not short:
        return "document-" + hashlib.sha256(title.encode()).hexdigest()[:8]
    return "-".join(short if short[0][0].isalpha() else ["document", *short])
