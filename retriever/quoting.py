"""Finds the quotes in a text and compares them with the provisions that they are said to come from.

They are compared word for word, whatever their case, white space and kind of quotation mark and dash, and without the
numbers of paragraphs and points. Spans are zero-based, half-open, in code points of the text.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, groupby, pairwise

from ingest.library import Library
from ingest.treaty import Citation, Expression

FEWEST_WORDS = 4  # a shorter quotation is a word that is spoken of, not a provision that is quoted
ALIKE = 0.8  # the share of words that must match before a quote counts as an altered one
Place = tuple[Citation, str]  # the innermost provision that holds the words, and the name of its expression
# For the span of a quote: what it is said to come from, None where nothing is named near it.
Cited = Callable[[int, int], tuple[Citation, ...] | None]


class Quoted(StrEnum):
    FOUND = "found"
    FOUND_ELSEWHERE = "found-elsewhere"
    ALTERED = "altered"
    NOT_FOUND = "not-found"


@dataclass(frozen=True, slots=True)
class Quotation:
    """The words between quotation marks, or the lines of a block quote, at `start:end`.

    `cited` are the provisions, or the instrument, that it is said to come from; empty where the text names none.
    `places` are where it stands, official texts first, or what an altered quote differs from; `differences` are then
    pairs of the source's words and the quote's, in order, of which one may be empty.
    """

    start: int
    end: int
    words: str
    verdict: Quoted
    cited: tuple[Citation, ...]
    places: tuple[Place, ...]
    differences: tuple[tuple[str, str], ...] = ()


_SIGN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[“”„‟«»‹›\"‘’']|[-‐‑–—]|[,;:.()\[\]!?/%§&]")
_LABEL = re.compile(
    r"(?:(?<=[:;.\n>\]…])|^)[ \t\r\n>]{0,20}(?:\(?(?:\d{1,2}|[a-z]|[ivx]{2,4})[.)]|[–-]|\d{1,2}(?=\s+[A-ZÀ-Ý])|[a-z](?=\s\s))(?=\s)"
)
_CASED = re.compile(r"\[(\w)\](?=\w)")  # "[e]ach Party": the case was changed
_GAP = re.compile(r"[\[(]\s*(?:…|\.\s?\.\s?\.)\s*[\])]|…|\.\s?\.\s?\.")
_MARKS = re.compile(r"^[ \t]*(>.*(?:\n[ \t]*>.*)*)|“([^”]*)(?:”|\Z)|«([^»]*)(?:»|\Z)|\"([^\"]*)\"|(?<!\w)‘([^‘]*?)’(?!\w)(?!\s[a-z][^‘’]{0,300}’(?!\w))", re.M)  # fmt: skip
_BLANK = re.compile(r"\n[ \t\r]*\n\s*")
_ALIKE = str.maketrans("“”„‟«»‹›‘’'‐‑–—", '"' * 11 + "-" * 4)
_Token = tuple[str, int, int]  # as compared, and its span


def _tokens(text: str, start: int, end: int) -> list[_Token]:
    """Words and signs of `start:end`, in one form whatever their case and the kind of their marks."""
    return [(m[0].casefold().translate(_ALIKE), *m.span()) for m in _SIGN.finditer(text, start, end)]


def _parts(text: str, start: int, end: int) -> list[list[_Token]]:
    """The pieces of a quote between its ellipses, without labels, and without signs at either end."""
    said = _LABEL.sub(lambda m: "\0" * len(m[0]), text[start:end])  # blanked out: every character keeps its place
    said = _CASED.sub(lambda m: "\0\0" + m[1], said)
    cuts = [0, *(at for gap in _GAP.finditer(said) for at in gap.span()), len(said)]
    found = []
    for at, to in zip(cuts[::2], cuts[1::2], strict=True):
        signs = [(sign, start + a, start + b) for sign, a, b in _tokens(said, at, to)]
        if words := [place for place, (sign, _, _) in enumerate(signs) if sign[0].isalnum()]:
            found.append(signs[words[0] : words[-1] + 1])
    return found


_Near = tuple[float, Place, tuple[tuple[str, str], ...]]  # the share of words that match, where, what differs


@dataclass(frozen=True, slots=True)
class _Unit:
    """The signs of one article, preamble or statement in one wording, without labels; `row` is what is searched."""

    wording: Expression
    article: Citation
    signs: list[_Token]
    owners: list[Citation]
    row: str
    places: dict[str, list[int]]

    def exact(self, rows: Sequence[str]) -> Iterator[list[int]]:
        """Which signs the parts of a quote are, each time that all parts stand here in this order."""
        start = self.row.find(rows[0])
        while start >= 0:
            at, found = start, list[int]()
            for row in rows:
                if (at := self.row.find(row, at)) < 0:
                    return
                first = self.row.count(" ", 0, at)
                found += range(first, first + row.count(" ") - 1)
                at += len(row) - 1
            yield found
            start = self.row.find(rows[0], start + 1)

    def place(self, signs: Sequence[int]) -> Place:
        path = self.owners[signs[0]].path
        while not all(self.owners[i].path[: len(path)] == path for i in signs):
            path = path[:-1]
        return Citation(self.owners[0].instrument, path), self.wording.name

    def fits(self, signs: Sequence[int], cited: Sequence[Citation]) -> bool:
        """Whether they are words of one of `cited`, with or without the opening words that it stands under."""
        owners = {self.owners[i] for i in signs}
        return any(any(o.within(c) for o in owners) and all(o.within(c) or c.within(o) for o in owners) for c in cited)

    def near(self, part: Sequence[_Token], text: str, cited: Sequence[Citation]) -> _Near | None:
        """The words of one of `cited` that are most like `part`, if they are like enough."""
        own = {i for i, o in enumerate(self.owners) if any(o.within(c) or c.within(o) for c in cited)}
        votes = Counter(i - n for n, (sign, _, _) in enumerate(part) for i in self.places.get(sign, ()) if i in own)
        wanted, slack = [sign for sign, _, _ in part], max(2, len(part) // 5)
        low = max(0, max(votes, key=votes.__getitem__, default=0) - slack)
        signs = [sign for sign, _, _ in self.signs[low : low + len(part) + 2 * slack]]
        blocks = difflib.SequenceMatcher(None, signs, wanted, autojunk=False).get_matching_blocks()
        start, end = max(0, blocks[0].a - blocks[0].b), blocks[-2:][0].a + len(part) - blocks[-2:][0].b
        window = self.signs[low + start : low + min(len(signs), end)]
        signs, spot = [sign for sign, _, _ in window], range(low + start, low + start + len(window))
        share = sum(_words(signs[b.a - start :][: b.size]) for b in blocks) / max(_words(wanted), _words(signs), 1)
        if share < ALIKE or not self.fits(spot, cited):
            return None
        codes = difflib.SequenceMatcher(None, signs, wanted, autojunk=False).get_opcodes()
        source = self.wording.source.text
        pairs = [(_said(source, window[a:b]), _said(text, part[c:d])) for kind, a, b, c, d in codes if kind != "equal"]
        return share, self.place(spot), tuple(pairs)


def _words(signs: Sequence[str]) -> int:
    return sum(sign[0].isalnum() for sign in signs)


def _said(text: str, signs: Sequence[_Token]) -> str:
    return text[signs[0][1] : signs[-1][2]] if signs else ""


_kept: list[tuple[Library, list[_Unit]]] = []  # of the last library only: it changes when a text is installed


def _units(library: Library) -> Iterator[_Unit]:
    for wording in sorted(library.expressions.values(), key=lambda w: w.kind == "restatement"):
        text = wording.source.text
        deepest: list[Citation | None] = [None] * len(text)
        for p in sorted(wording.provisions, key=lambda p: (p.start, -p.end)):
            closing = p.citation.path[-1:] == ("wrapup",)
            deepest[p.start : p.end] = [p.citation.parent if closing else p.citation] * (p.end - p.start)
            deepest[p.start : p.own_start] = [None] * (p.own_start - p.start)  # the label is not its words
        held = [(owner, token) for token in _tokens(text, 0, len(text)) if (owner := deepest[token[1]]) is not None]
        for _, of in groupby(held, key=lambda pair: pair[0].path[:1]):
            owners, signs = map(list, zip(*of, strict=True))
            places = defaultdict[str, list[int]](list)
            for i, (sign, _, _) in enumerate(signs):
                places[sign].append(i)
            yield _Unit(
                wording, owners[0].article, signs, owners, f" {' '.join(sign for sign, _, _ in signs)} ", places
            )


def quotations(library: Library, text: str, cited: Cited, titled: Callable[[int, int], bool]) -> Iterator[Quotation]:
    """Every quote in `text`, in order; one whose words are the title of an instrument, as `titled` tells, is none."""
    stretches = pairwise([0, *(gap.end() for gap in _BLANK.finditer(text)), len(text)])
    for match in chain.from_iterable(_MARKS.finditer(text, *span) for span in stretches):
        start, end = match.span(match.lastindex or 0)
        parts = _parts(text, start, end)
        if sum(_words([sign for sign, _, _ in part]) for part in parts) < FEWEST_WORDS:
            continue
        if titled(parts[0][0][1], parts[-1][-1][2]):
            continue
        if not _kept or _kept[0][0] is not library:
            _kept[:] = [(library, list(_units(library)))]
        said = cited(start, end)
        verdict, places, differences = _compare(_kept[0][1], text, parts, said)
        yield Quotation(start, end, text[start:end], verdict, said or (), places, differences)


def _compare(
    units: Sequence[_Unit], text: str, parts: Sequence[Sequence[_Token]], cited: tuple[Citation, ...] | None
) -> tuple[Quoted, tuple[Place, ...], tuple[tuple[str, str], ...]]:
    """What came of comparing one quote, the places, the differences; `cited` is None where nothing is named near it."""
    rows = [f" {' '.join(sign for sign, _, _ in part)} " for part in parts]
    matches = [(unit, signs) for unit in units if rows[0] in unit.row for signs in unit.exact(rows)]
    right = [(unit, signs) for unit, signs in matches if cited is None or unit.fits(signs, cited)]
    if matches:
        places = dict.fromkeys(unit.place(signs) for unit, signs in right or matches)
        return Quoted.FOUND if right else Quoted.FOUND_ELSEWHERE, tuple(places), ()
    wanted = {c.article for c in cited or ()}
    about = [u for u in units if any(u.article.within(article) for article in wanted)]
    tried = ([near for part in parts if (near := unit.near(part, text, cited or ()))] for unit in about)
    best = max((t for t in tried if len(t) == len(parts)), key=lambda t: sum(near[0] for near in t), default=[])
    if not best:
        return Quoted.NOT_FOUND, (), ()
    places = dict.fromkeys(place for _, place, _ in best)
    return Quoted.ALTERED, tuple(places), tuple(pair for _, _, pairs in best for pair in pairs)
