"""Reads the lines of one article or preamble, as an official print has them, into a tree of provisions.

A number is believed where it comes next: `3.` after `2.`, `b)` after `a)`, the first of a list after opening words. All
else belongs to the words before it, or closes the list before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from ingest.official.lines import AGREED, RECITAL, Joiner, Label, capital, inline_points, labels, unfinished

_DEEPEST = 6
_LONG = 4000
_POINTS = ("alpha", "roman", "dash")
_OPENS = {"number": ("article",), "alpha": ("article", "number", "roman"), "roman": ("article", "number", "alpha"),
          "dash": ("article", "number", "alpha", "roman")}  # fmt: skip


@dataclass(slots=True, eq=False)
class Node:
    """A provision before it has a place in the text; `element` is the last element of its address."""

    kind: str  # "article" | "preamble" | "number" | "alpha" | "roman" | "dash" | "wrapup"
    element: str
    label: str = ""
    style: str = ""
    value: int = 0
    words: str = ""
    parent: Node | None = None
    children: list[Node] = field(default_factory=list)
    numbered: bool = False
    _done: list[str] = field(default_factory=list)

    def append(self, text: str, joiner: Joiner) -> None:
        """Take a further line; `words` holds the end of long words only, so that many lines cost no more than few."""
        if len(self.words) > _LONG:
            self._done.append(self.words[: -_LONG // 2])
            self.words = self.words[-_LONG // 2 :]
        self.words = joiner.join(self.words, text)

    def finish(self) -> None:
        self.words = "".join([*self._done, self.words])
        self._done.clear()

    @property
    def depth(self) -> int:
        return 0 if self.parent is None else 1 + self.parent.depth

    @property
    def last(self) -> Node:
        """The innermost provision at the end of this one."""
        return self.children[-1].last if self.children else self

    def __iter__(self) -> Iterator[Node]:
        yield self
        for child in self.children:
            yield from child


def outline(lines: list[str], width: int, joiner: Joiner) -> tuple[Node, list[str]]:
    """The tree of the article in `lines`, and one sentence for each label that does not fit.

    `width` is how many characters a full line of print has, 0 where each line is a whole paragraph.
    """
    root = Node("article", "article")
    here, doubts = root, list[str]()
    previous = ""
    for raw in lines:
        text = raw.strip()
        found = _place(here, text, bool(width))
        if found is None:
            first = text.split(maxsplit=1)[0] if text else ""
            if _doubtful(here, text, bool(width)):
                doubts.append(f"“{first}” does not follow {here.label or 'the words before it'}: {text[:60]}")
            broke = not width or len(previous) + 1 + len(first) < 0.85 * width
            here = _continue(here, text, broke, joiner)
        while found is not None:
            parent, label = found
            here = _add(parent, label)
            found = _nested(here, label)
            if found is None:
                here = _words(here, label.rest, not width)
        previous = text
    for node in root:
        node.finish()
    _promote(root)
    for node in list(root):
        _split_inline(node)
    root.numbered = any(child.kind == "number" for child in root.children)
    return root, doubts


def preamble(lines: list[str], wrapped: bool, joiner: Joiner) -> Node:
    """The preamble with its opening words, its recitals, and "Have agreed as follows" as closing words."""
    root = Node("preamble", "preamble")
    pieces: list[Node] = []
    for line in lines:
        if not pieces or not (wrapped or pieces[-1].words[-1:] not in ",;:."):
            pieces.append(Node("preamble", "preamble"))
        pieces[-1].append(" ".join(line.split()), joiner)
    for piece in pieces:
        piece.finish()
    parts = [part for piece in pieces for part in _recitals(piece.words)]
    closing = parts.pop() if len(parts) > 1 and AGREED.match(parts[-1]) else ""
    root.words = parts[0] if parts else ""
    for number, part in enumerate(parts[1:], 1):
        root.children.append(Node("number", f"rec_{number}", words=part, parent=root))
    if closing:
        root.children.append(Node("wrapup", "wrapup", words=closing, parent=root))
    root.numbered = True
    return root


def _recitals(piece: str) -> Iterator[str]:
    """Cut at `; Considering`, at the first `, Considering`, and before "Have agreed"."""
    start = 0
    for match in re.finditer(r"(?P<mark>[;,:])(?: \d{1,2})? (?=(?P<word>[^\W\d_]+))", piece):
        opening = start == 0 and bool(RECITAL.match(piece, match.end()))
        if AGREED.match(piece, match.end()) or (match["word"][0].isupper() and (match["mark"] == ";" or opening)):
            yield piece[start : match.end() - 1]
            start = match.end()
    yield piece[start:]


def _place(here: Node, text: str, wrapped: bool) -> tuple[Node, Label] | None:
    """Where the provision that `text` begins belongs, or None where it goes on with the words before."""
    if wrapped and unfinished(here.words):
        return None
    choices = list(labels(text))
    for strict in (True, False):
        node: Node | None = here
        while node is not None:
            for label in choices:
                if node is here and strict and _may_open(here, label):
                    return here, label
                if _follows(node, label, strict):
                    return node, label
            node = node.parent
    return None


def _doubtful(here: Node, text: str, wrapped: bool) -> bool:
    """Whether a line that was not believed to begin a provision looks as if it should."""
    if wrapped and unfinished(here.words):
        return False
    sure = (label for label in labels(text) if label.kind != "dash" and (not label.bare or label.kind == "number"))
    return any(not label.bare or (label.begins and label.value < 60) for label in sure)


def _may_open(here: Node, label: Label) -> bool:
    """Whether `label` begins a list inside `here`, whose words are then its opening words."""
    if here.kind not in _OPENS[label.kind] or here.children or label.value > 1 or here.depth >= _DEEPEST:
        return False
    if label.kind == "alpha" and here.kind == "roman" and here.parent is not None and here.parent.kind != "alpha":
        return False
    if label.kind == "number":
        # After a finished sentence a bare number is a footnote.
        return not here.words or ((not label.bare or not here.words.endswith(".")) and (not label.rest or capital(label.rest)))  # fmt: skip
    if label.bare:
        return not here.words or here.words.endswith((":", ",", "–"))
    following = here.parent is not None and label.kind == "roman" and here.kind == "alpha" and here.value == 8
    return not (following and here.style == label.style and not here.words.endswith(":"))


def _follows(node: Node, label: Label, strict: bool) -> bool:
    """Whether `label` comes next among the provisions inside `node`."""
    last = node.children[-1] if node.children else None
    if last is None or last.kind != label.kind:
        return False
    if label.kind == "dash":
        return strict
    if label.value != last.value + 1 or (label.bare and label.kind == "number" and not label.begins):  # fmt: skip
        return False
    return last.style == label.style or (not strict and not label.bare)


def _add(parent: Node, label: Label) -> Node:
    element = label.element
    if label.kind == "dash":
        element = f"indent_{sum(child.kind == 'dash' for child in parent.children) + 1}"
    node = Node(label.kind, element, label.printed, label.style, label.value, parent=parent)
    parent.children.append(node)
    return node


def _nested(here: Node, label: Label) -> tuple[Node, Label] | None:
    """The label right after a label: `3. a) …`, `1 a Each Party …`."""
    for inner in labels(label.rest):
        if inner.kind in _POINTS[:2] and inner.value == 1 and here.kind in _OPENS[inner.kind] and inner.rest and (not inner.bare or capital(inner.rest)):  # fmt: skip
            return here, inner
    return None


def _words(here: Node, rest: str, paragraphs: bool) -> Node:
    """Give `here` its words; three blanks inside them stand where a closing sentence was glued on."""
    glued = re.search(r"\S( {3,})\S", rest) if paragraphs and here.kind in _POINTS else None
    if glued is None or here.parent is None:
        here.words = " ".join(rest.split())
        return here
    here.words = " ".join(rest[: glued.start(1)].split())
    return _close(here.parent, " ".join(rest[glued.end(1) :].split()))


def _close(owner: Node, words: str) -> Node:
    closing = Node("wrapup", "wrapup", words=words, parent=owner)
    owner.children.append(closing)
    return closing


def _continue(here: Node, text: str, broke: bool, joiner: Joiner) -> Node:
    """Take a line without a number: it goes on with the words before, or closes the list."""
    text = " ".join(text.split())
    if here.words and here.kind in _POINTS and here.parent is not None and broke and not unfinished(here.words):
        siblings = [child for child in here.parent.children if child is not here]
        # Where each point is a sentence of its own, a further paragraph belongs to its point.
        sentences = bool(siblings) and all(child.last.words.endswith(".") for child in (*siblings, here))
        if not sentences:
            return _close(here.parent, text)
    here.append(text, joiner)
    return here


def _promote(root: Node) -> None:
    """Move closing words outwards where they end the sentence of an outer list: its points before are unfinished."""
    for node in [node for node in root if node.kind == "wrapup"]:
        while (owner := node.parent) is not None and owner.kind in _POINTS and (outer := owner.parent) is not None:
            siblings = outer.children
            if siblings[-1] is not owner or len(siblings) < 2:
                break
            if any(child.last.words.endswith(".") for child in siblings[:-1]):
                break
            owner.children.remove(node)
            siblings.append(node)
            node.parent = outer


def _split_inline(node: Node) -> None:
    """Make points of `(i) …, or (ii) …` inside a sentence."""
    if node.kind not in ("article", "number", "alpha") or node.children:
        return
    starts = inline_points(node.words)
    if not starts:
        return
    for start, end in pairwise([*starts, len(node.words)]):
        label = next(label for label in labels(node.words[start:end].strip()) if label.kind == "roman")
        _add(node, label).words = label.rest
    node.words = node.words[: starts[0]].strip()
