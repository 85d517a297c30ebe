"""Checks a text that cites and quotes: does each provision exist, and does each quote stand where it is said to stand?

Spans are zero-based, half-open, in code points of the text. Nothing is guessed: a reference belongs to the instrument
named with it, else to the one named last before it in the same sentence or paragraph. `retriever.quoting` compares quotes.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache, partial
from itertools import chain, groupby, islice, pairwise

from ingest.library import Library
from ingest.mentions import Mention, Mentions, Name, fold, locate
from ingest.treaty import Citation
from retriever.quoting import Quotation, quotations
from retriever.rendering import language


class Found(StrEnum):
    EXISTS = "exists"
    DOES_NOT_EXIST = "does-not-exist"
    AMBIGUOUS = "ambiguous"
    ELSEWHERE = "elsewhere"  # law that Basis does not hold


@dataclass(frozen=True, slots=True)
class Reference:
    """One provision referred to in the words at `start:end`; those of a range all have the span of the range.

    `citations`: the one that exists, or a chapter's articles; all candidates where it is ambiguous, the instrument named
    last before it first. Of what does not exist, `last` is the last that there is in each instrument that may be meant.
    Elsewhere, `law` are the words that name the law, and `entry` its id in `corpus/elsewhere.yaml`, if it has one.
    """

    start: int
    end: int
    words: str
    verdict: Found
    citations: tuple[Citation, ...]
    last: tuple[Citation, ...] = ()
    entry: str | None = None
    law: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """The text with its references and quotes, each in order. `lang` is the language of the text, or as asked for."""

    text: str
    lang: str
    references: tuple[Reference, ...] = ()
    quotes: tuple[Quotation, ...] = ()


_SHORT = frozenset("art arts a no nos nr para paras par al lit p pp cf e.g i.e v vs ch sec vol ed mr mrs ms dr m mme me st ibid".split())  # fmt: skip
_STOP = re.compile(r"[.!?…][”\"»’)\]]*\s+(?=[“\"«‘]?\s?[^\W_a-zà-ÿ])")
_BREAK = re.compile(r"\n[ \t\r]*\n\s*+(?!>)|(?:(?<=[.!?])|(?<=[.!?][”\"»]))\r?\n(?!\s*>)")


def _at(spans: Sequence[tuple[int, int]], place: int) -> tuple[int, int]:
    """Which of the spans, which tile the text, holds `place`."""
    return spans[max(0, bisect_right(spans, place, key=lambda span: span[0]) - 1)]


def _paragraphs(text: str) -> list[tuple[int, int]]:
    """Spans that tile the text; after a colon the paragraph goes on, and a block quote belongs to the one before it."""
    gaps = (gap for gap in _BREAK.finditer(text) if not text[: gap.start()][-3:].rstrip().endswith(":"))
    ends = [gap.end() for gap in gaps if gap.end() < len(text)]
    return list(pairwise([0, *ends, len(text)]))


def _sentences(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Spans that tile `start:end`; `Art. 5`, `No. 201` and `para. 2` are not torn apart."""
    ends = []
    for match in _STOP.finditer(text, start, end):
        word = re.split(r"[^\w.]", text[max(start, match.start() - 9) : match.start()])[-1].lower()
        if match[0][0] != "." or (word not in _SHORT and not (len(word) == 1 and word.isalpha())):
            ends.append(match.end())
    return list(pairwise([start, *ends, end]))


_THE = r"(?:(?:the|la|le|les|council of europe|coe|conseil de l'europe|\d{4}|said)[\s',]+|l')*"
_OF = re.compile(rf"[\s,]*(?:(?:of|under|in|from|to|de|du|des|dans|sous|selon|d')[\s']*{_THE}[\s\"'“«(]*)+")
_AHEAD = re.compile(r"(?:'s)?[\s,:()\[\]–—-]*(?:(?:in its|under its|at|see|dans son|en son|a son|l')[\s']*)?")
_CHAIN = re.compile(r"[\s,;]*(?:and|or|et|ou|&|as well as|ainsi que|(?:read )?(?:together|in conjunction) with|read with|lu avec)?\s*(?:with|to|the|a|les|des|de)?\s*(?:l')?")  # fmt: skip
# Law that no list knows: "Article 187 of the Swiss Criminal Code", "art. 197 CP", "the Convention on Road Traffic"
_LAW = r"(?:code|constitution|act|law|statute|charter|covenant|directive|regulation|rules|loi|charte|règlement|pacte|statut)"
_KIN = r"(?:convention|treaty|protocol|agreement|traité|protocole|accord)"
_BACK = r"(?!(?:that|this|these|same|said|each|any|which|present|cette|ce|même|ledit|ladite|présente?|laquelle)\b)"
_UNKNOWN = re.compile(rf"\s*,?\s*(?:(?:of|de|du|des)\s+|d['’])(?:the\s|la\s|le\s|les\s|l['’])?+(?i:{_BACK})(?P<law>(?i:(?:[^\s.,;:()“”\"«»]+\s){{0,4}}?{_LAW}|(?:[^\s.,;:()“”\"«»]+\s){{1,4}}?{_KIN})\b(?:\s(?:[A-Z][\w-]+|pénal|civil|of|de|du|on))*)|\s(?P<short>[A-Z][A-Za-z]*[A-Z])\b")  # fmt: skip
_QUALIFIED = re.compile(r"\s(?:on|relating|concerning|against|for the|relative|sur|contre|pour|des?|du|d['’])\b[^.,;:()“”\"\n]{0,60}")  # fmt: skip


class _References:
    """Finds the references of one text."""

    def __init__(self, library: Library, text: str) -> None:
        self.library, self.finder, self.known = library, Mentions(library.instruments.values()), library.citations()
        self.text, self.folded = text, fold(text)
        self.names = self.finder.names(text)
        self.starts = [name.start for name in self.names]
        # Our statements of an output have no articles: no reference belongs to it.
        held = {i.id for i in library.instruments.values() if not i.is_output}
        self.owning = {name for name in self.names if not name.instruments or not held.isdisjoint(name.instruments)}
        self.paragraphs = _paragraphs(text)
        self.sentences = [span for whole in self.paragraphs for span in _sentences(text, *whole)]
        self.treaties = tuple(i.id for i in library.instruments.values() if i.is_treaty)
        self.last, self.law = cache(self._last), cache(self._law)
        self.located = cache(lambda m, id_: locate(m, library.instruments[id_], self.known))

    def all(self) -> list[Reference]:
        found: list[Reference] = []
        for start, end in self.sentences:
            names = self.between(start, end)
            local = [replace(name, start=name.start - start, end=name.end - start) for name in names]
            mentions = self.finder.find(self.text[start:end], local)
            sure = [m for m in mentions if m.steps or self.folded[start + m.start].isalpha()]  # not a footnote's number
            spans = [(start + a, start + b, list(of)) for (a, b), of in groupby(sure, key=lambda m: (m.start, m.end))]
            owners: list[Name | None] = []
            for (at, to, _), after in zip(reversed(spans), [None, *reversed(spans)], strict=False):
                owners.append(self._owner(at, to, end, after and after[0], owners[-1] if owners else None))
            for (at, to, of), owner in zip(spans, reversed(owners), strict=True):
                found += [r for m in of if (r := self._reference(m, at, to, owner))]
        return found

    def between(self, start: int, end: int) -> list[Name]:
        return [n for n in self.names[bisect_left(self.starts, start) : bisect_left(self.starts, end)] if n.end <= end]

    def backwards(self, start: int, end: int) -> Iterator[Name]:
        """The names in `start:end`, the last first."""
        for i in range(bisect_left(self.starts, end) - 1, bisect_left(self.starts, start) - 1, -1):
            if self.names[i].end <= end:
                yield self.names[i]

    def titled(self, start: int, end: int) -> bool:
        """Whether the words at `start:end` are, or lie in, the name of an instrument."""
        return any(name.start <= start and end <= name.end for name in self.between(start, end + 1))

    def cited(self, references: Sequence[Reference], start: int, end: int) -> tuple[Citation, ...] | None:
        """What the quote at `start:end` is said to come from: the reference nearest to it in its sentence, else the
        instrument named there, else the nearest in the paragraph. None where nothing is named."""
        at = bisect_left(references, start, key=lambda r: r.start)
        around = [r for r in references[max(0, at - 40) : at + 40] if r.end <= start or r.start >= end]
        for spans in (self.sentences, self.paragraphs):
            low, high = _at(spans, start)[0], _at(spans, max(start, end - 1))[1]
            near = [r for r in around if low <= r.start and r.end <= high]
            if near:
                best = min(near, key=lambda r: (max(start - r.end, r.start - end), r.start))
                return tuple(c for r in near if (r.start, r.end) == (best.start, best.end) for c in r.citations)
            for name in islice(chain(self.backwards(low, start), self.between(end, min(high, end + 400))), 20):
                ids = self.law(name).instruments
                if len(ids) < 2 and all(self.library.instruments[id_].kind != "body" for id_ in ids):
                    return tuple(map(Citation, ids))
        return None

    def _law(self, name: Name) -> Name:
        """What `name` means; "the Convention" is the one named last in the paragraph. Without ids: unknown law."""
        if name.elsewhere or len(name.instruments) < 2:
            return name
        if qualified := _QUALIFIED.match(self.text, name.end):
            return Name(name.start, qualified.end(), ())
        for before in self.backwards(_at(self.paragraphs, name.start)[0], name.start):
            if before.elsewhere or (len(before.instruments) == 1 and before.instruments[0] in name.instruments):
                return name if before.elsewhere else before
        return name

    def _owner(self, start: int, end: int, stop: int, following: int | None, owner: Name | None) -> Name | None:
        """What the reference at `start:end` is joined to; the next one begins at `following`, joined to `owner`."""
        names = self.between(end, min(stop, end + 400))
        gap = self.folded[end : names[0].start] if names else "."
        if names and _OF.fullmatch(gap):
            return self.law(names[0])
        if unknown := _UNKNOWN.match(self.text, end, stop):
            law = Name(*unknown.span(unknown.lastgroup or 0), ())
            if not names or names[0].start >= law.end or names[0].elsewhere:
                return names[0] if names and names[0].start < law.end else law
        ahead = next(self.backwards(_at(self.sentences, start)[0], start), None)
        if ahead and ahead in self.owning and _AHEAD.fullmatch(self.folded[ahead.end : start]):
            return self.law(ahead)
        if names and names[0] in self.owning and re.fullmatch(r"[\s,(]*", gap):
            return self.law(names[0])
        return owner if following is not None and _CHAIN.fullmatch(self.folded[end:following]) else None

    def _reference(self, mention: Mention, start: int, end: int, owner: Name | None) -> Reference | None:
        if owner is None:  # the one named last before it in the paragraph, else it may be any treaty
            before = (name for name in self.backwards(_at(self.paragraphs, start)[0], start) if name in self.owning)
            owner = self.law(next(before, Name(start, start, self.treaties)))
        path, words = mention.path, self.text[start:end]
        bis = re.compile(rf"[^\d]*{path[0][4:]}\s?(?:bis|ter)\b").match(self.folded, start, end)
        if more := re.compile(r"\d+|\s?(?:bis|ter|quater|quinquies)\b").match(self.folded, end):
            end, words = more.end(), self.text[start : more.end()]  # "Article 1234", "Article 18 quater"
        if not owner.instruments:
            return Reference(
                start, end, words, Found.ELSEWHERE, (), (), owner.elsewhere, self.text[owner.start : owner.end]
            )
        recent = [n.instruments[0] for n in islice(self.backwards(0, start), 200) if len(n.instruments) == 1]
        here = sorted(owner.instruments, key=lambda id_: recent.index(id_) if id_ in recent else len(recent))
        place = replace(mention, start=0, end=0)
        located = tuple(c for id_ in here if not (more or bis) for c in self.located(place, id_))
        if located:
            return Reference(start, end, words, Found.EXISTS if len(here) == 1 else Found.AMBIGUOUS, located)
        if path[0].startswith("annex") and len(here) > 1:
            return None  # the annex of the brief itself
        return Reference(start, end, words, Found.DOES_NOT_EXIST, (), tuple(self.last(id_, path) for id_ in here))

    def _last(self, id_: str, path: tuple[str, ...]) -> Citation:
        """The last of what the instrument has where `path` should be, or what is not divided so."""
        outer = (Citation(id_, path[:n]) for n in reversed(range(1, len(path))) if path[0].startswith("art_"))
        deepest = next((c for c in outer if c in self.known), Citation(id_))
        kinds = ("para", "point", "indent") if deepest.path else ("art",)
        held = [p.citation for wording in self.library.wordings(id_)[:1] for p in wording.provisions]
        parts = [c for c in held if c.path and c.parent == deepest and c.path[-1].partition("_")[0] in kinds]
        return parts[-1] if parts else deepest


def check(library: Library, text: str, lang: str | None = None) -> Checked:
    """Find every reference and quote in `text`. `lang` is its language, found out where it is None."""
    finder = _References(library, text)
    references = tuple(sorted(finder.all(), key=lambda reference: reference.start))
    quotes = tuple(quotations(library, text, partial(finder.cited, references), finder.titled))
    return Checked(text, lang or language(text), references, quotes)
