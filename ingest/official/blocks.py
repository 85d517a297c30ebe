"""Cuts the lines of a treaty into blocks: what stands before, preamble, divisions, articles, signature formula."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ingest.official.lines import (
    DONE,
    PARTIES,
    PREAMBLE,
    SIGNATURE,
    TRANSMITTED,
    Head,
    capital,
    division,
    head,
    labels,
    titled,
    unfinished,
)
from ingest.reading import Line, Reading

_LONGEST = 40  # lines of a signature formula


@dataclass(slots=True)
class Block:
    """A run of lines: what stands before, preamble, division, article, or signature formula."""

    kind: str
    heads: list[str] = field(default_factory=list)
    title: str = ""
    number: int = 0
    lines: list[str] = field(default_factory=list)


def full_line(reading: Reading) -> int:
    """How many characters a full line of print has; 0 where each line is a whole paragraph or heading."""
    if reading.format not in ("pdf", "text") or not reading.lines:
        return 0
    return sorted(len(line.text) for line in reading.lines)[len(reading.lines) * 9 // 10]


def split(reading: Reading) -> tuple[list[Block], int]:
    """The lines in blocks, and how many lines after the signature formula were left."""
    lines = [line for line in reading.lines if line.text.strip()]
    width = full_line(reading)
    blocks = [Block("front")]
    expected, index = 1, 0
    while index < len(lines):
        block, line = blocks[-1], lines[index]
        text = line.text.strip()
        running = bool(block.lines) and unfinished(block.lines[-1])
        found = head(text, line.heading, expected, running)
        if found is not None:
            blocks.append(Block("article", [text], found.title, found.number))
            index = _title(lines, index + 1, blocks[-1], found, width)
            expected = found.number + 1
            continue
        started = block.kind != "front"
        if expected > 1 and not line.heading and capital(text) and SIGNATURE.match(text) and not running:
            blocks.append(Block("signature"))
            return blocks, len(lines) - _signature(lines, index, blocks[-1], bool(width))
        preamble = PREAMBLE.fullmatch(text) if not started else None
        if preamble is not None:
            title = text[: preamble.end("title")]
            rest = text[len(title) :].strip()
            blocks.append(Block("preamble", [title], title, lines=[rest] if rest else []))
        elif not started and not line.heading and PARTIES.match(text):
            blocks.append(Block("preamble", lines=[text]))
        elif division(text, line.heading, running) and (started or not line.heading):
            blocks.append(Block("division", [text]))
            index = _division_title(lines, index + 1, blocks[-1], expected)
            continue
        else:
            block.lines.append(line.text)
        index += 1
    return blocks, 0


def _title(lines: list[Line], index: int, block: Block, found: Head, width: int) -> int:
    """Take the rest of the article's title; returns the index of the first line of its body."""
    title = [found.title] if found.title else []
    while index + 1 < len(lines):
        line, after = lines[index], lines[index + 1]
        text = line.text.strip()
        if not titled(text) or division(text, 0, False) or SIGNATURE.match(text) or next(labels(text), None):
            break
        if head(text, line.heading, found.number + 1, False):
            break
        if line.heading:
            belongs = not title
        elif title:
            belongs = not after.heading and (not width or _goes_on(block.heads[-1], text, after, width))
        else:  # a body may begin with a line of print without a full stop
            whole = not width or not unfinished(text) or capital(after.text) or next(labels(after.text.strip()), None)
            belongs = not after.heading and len(text) <= 120 and capital(text) and bool(whole)
        if not belongs:
            break
        block.heads.append(text)
        title.append(text)
        index += 1
        if line.heading:
            break
    block.title = " ".join(" ".join(title).split())
    return index


def _goes_on(before: str, text: str, after: Line, width: int) -> bool:
    """Whether the title in `before` goes on in the line of print `text`, which might also begin the body."""
    numbered = any(label.kind == "number" for label in labels(after.text.strip()))
    short = len(text) < 0.75 * width and capital(after.text)
    return len(before) >= 0.7 * width and (numbered or short)


def _division_title(lines: list[Line], index: int, block: Block, expected: int) -> int:
    """Take up to three further lines of a division's title: those between it and the next head."""
    for ahead in range(index, min(index + 4, len(lines))):
        text = lines[ahead].text.strip()
        if head(text, lines[ahead].heading, expected, False) or division(text, lines[ahead].heading, False):
            block.heads += [line.text.strip() for line in lines[index:ahead]]
            return ahead
        if not titled(text):
            break
    return index


def _signature(lines: list[Line], index: int, block: Block, wrapped: bool) -> int:
    """Take the signature formula; returns the index of the first line after it."""
    for at in range(index, min(index + _LONGEST, len(lines))):
        text = lines[at].text.strip()
        said = " ".join(block.lines)
        over = DONE.search(said) and said.endswith(".") and (not wrapped or TRANSMITTED.search(said))
        if over or lines[at].heading or re.match(r"\(?\*|_{3}|\(Es folgen", text):
            return at
        block.lines.append(text)
    return min(index + _LONGEST, len(lines))
