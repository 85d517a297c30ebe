"""Reads the numbered text of one article into provisions with spans.

The form (see corpus/README.md): one provision a line, two blanks a level, labels `1.`, `a.`, `i.`, `– `; a line
without a label opens its level, or closes a list where it follows the list's items.

After `parse`, the following holds:
1. every line belongs to exactly one provision's own words (an article of numbered paragraphs has none of its own, nor a
   number that stands alone above its points);
2. the numbering at each level runs 1, 2, 3 … or a, b, c … or i, ii, iii … without a gap;
3. a provision's span covers its number, its own words and all provisions inside it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.treaty import Citation, Provision

_LINE = re.compile(r"(?P<indent> *)(?:(?P<label>\d+|[a-z]|[ivx]{2,5})\.(?: +|$)|(?P<dash>– +))?(?P<words>\S.*?)? *")
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv")


class OutlineError(ValueError):
    """A line of the text is not in the expected form; `line` counts from 0 within the text."""

    def __init__(self, line: int, message: str) -> None:
        self.line = line
        super().__init__(message)


@dataclass(slots=True)
class _Open:
    """A provision whose end is not yet known."""

    citation: Citation
    level: int
    start: int
    own_start: int
    own_end: int
    end: int
    labels: list[str]


def _expected(labels: list[str], found: str) -> str:
    """The label that has to come next after `labels`; `found` decides what numbering a new list uses."""
    if not labels:
        return "1" if found.isdigit() else ("i" if found == "i" else "a")
    last = labels[-1]
    if last.isdigit():
        return str(int(last) + 1)
    letters = labels[0] == "a"
    return chr(ord(last) + 1) if letters else _ROMAN[_ROMAN.index(last) + 1]


def parse(article: Citation, text: str, offset: int = 0) -> tuple[Provision, ...]:
    """The provisions of `article` in `text`, the article first, in reading order; positions count from 0.

    Spans are shifted by `offset`. Raises OutlineError at the first line that is out of form.
    """
    if not text.strip():
        raise OutlineError(0, "the text is empty; write the provision")
    preamble = article.path[-1] == "preamble"
    done: list[_Open] = []
    stack: list[_Open] = []
    cursor = 0
    for number, line in enumerate(text.split("\n")):
        start, cursor = cursor, cursor + len(line) + 1
        if number and not line.strip():
            if text[start:].strip():
                raise OutlineError(number, "an empty line inside the text; delete it")
            break
        match = _LINE.fullmatch(line)
        if match is None or not match[0].strip():
            raise OutlineError(
                number, f"cannot read the line {line[:40]!r}; write `1. words`, `a. words`, `– words` or words"
            )
        level, odd = divmod(len(match["indent"]), 2)
        label = "–" if match["dash"] else match["label"]
        if odd:
            raise OutlineError(
                number, f"{len(match['indent'])} blanks before {line.strip()[:30]!r}; indent by two per level"
            )
        first, last = match.span("words") if match["words"] else (len(line.rstrip()),) * 2  # `3.` may stand alone
        here = _Open(article, level, offset + start + len(match["indent"]), offset + start + first,
                     offset + start + last, offset + start + last, [])  # fmt: skip
        if not stack:  # the first line opens the article
            if level:
                raise OutlineError(number, "the first line is indented; start it at the margin")
            opening = label is None
            root = _Open(
                article, 0 if opening else -1, here.start, here.start, here.end if opening else here.start, here.end, []
            )
            stack, done = [root], [root]
            if opening:
                continue
        while len(stack) > 1 and (stack[-1].level > level or (stack[-1].level == level and label is not None)):
            stack.pop()
        parent = stack[-1]
        if label is None:
            siblings = [opened for opened in stack if opened.level == level and opened.citation.path[-1] != "wrapup"]
            closed = siblings[-1].citation.parent if siblings else None
            owner = next((opened for opened in done if opened.citation == closed), None)
            numbered_article = owner is done[0] and owner.own_start == owner.own_end
            if owner is None or numbered_article or not owner.labels or "wrapup" in owner.labels:
                raise OutlineError(number, f"a line without a number where none is expected: {line.strip()[:40]!r}; number it, join it to the line before, or indent it like the list that it closes")  # fmt: skip
            owner.labels.append("wrapup")
            here.citation = owner.citation.child("wrapup")
            while stack[-1] is not owner:
                stack.pop()
        else:
            if level > parent.level + 1:
                raise OutlineError(number, f"indented by {level} levels under a line at level {max(parent.level, 0)}; indent by one level more than the line above")  # fmt: skip
            if parent.labels and parent.labels[-1] == "wrapup":
                raise OutlineError(
                    number, f"`{label}.` follows a closing line; put the closing line after the last item"
                )
            if label == "–":
                element = f"indent_{sum(entry == '–' for entry in parent.labels) + 1}"
            else:
                numbered = [entry for entry in parent.labels if entry != "–"]
                wanted = _expected(numbered, label)
                if label != wanted:
                    after = f" after `{numbered[-1]}.`" if numbered else ""
                    raise OutlineError(number, f"found `{label}.`{after}, wanted `{wanted}.`")
                kind = ("rec" if preamble else "para") if label.isdigit() else "point"
                element = f"{kind}_{label}"
            parent.labels.append(label)
            here.citation = parent.citation.child(element)
        for opened in stack:
            opened.end = here.end
        stack.append(here)
        done.append(here)
    return tuple(
        Provision(o.citation, position, o.start, o.end, o.own_start, o.own_end) for position, o in enumerate(done)
    )
