"""What the lines of a document are: body, heading, or an entry of a table of contents.

A row is a line that has words in it. Where the format names its headings they are believed; elsewhere a heading is a
short line without a full stop, in capitals, in Title Case or called "Chapter 2", that stands between paragraphs and is
followed by text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import pairwise

from ingest.reading import Line

# A line of print is at most this long; where most lines are longer, each line is a whole paragraph.
WIDEST = 160
_END = re.compile(r"[.?!:;][\"'”’»)\]]*(?: ?\[?[0-9]{1,3}\]?)?$")
_LEADERS = re.compile(r"\S.*?(?:(?:\. ?){4,}|…{2,}|_{4,}) ?(?P<page>[0-9]{1,4}|[ivxlc]{1,6})?$")
_WITH_PAGE = re.compile(r"(?P<words>\S.*?) (?P<page>[0-9]{1,4})$")
_CONTENTS = re.compile(
    r"(?:table of )?contents|table des matières|sommaire|inhalt(?:sverzeichnis)?|inhoud(?:sopgave)?", re.I
)
_CALLED = re.compile(
    r"(?P<word>part|book|title|chapter|section|article|art\.|rule|partie|livre|titre|chapitre|teil|titel|kapitel"
    r"|abschnitt|artikel|deel|hoofdstuk|afdeling|§) ?"
    r"(?P<number>(?-i:[IVXLC]+|[0-9]+[a-z]?(?: (?:bis|ter|quater))?|[A-Z]))\b(?P<rest>.*)",
    re.I,
)
_ATTACHED = re.compile(
    r"(?:appendix|annexe?|schedule|bijlage|anhang|explanatory (?:note|report|memorandum)|note explicative"
    r"|rapport explicatif|exposé des motifs|erläuter\w+|toelichting)\b[^.;]*",
    re.I,
)
_NUMBERED = re.compile(r"(?P<number>[0-9]{1,2}(?:\.[0-9]{1,2})*)[.)]? (?P<words>\S.*)")
_LETTERED = re.compile(r"(?:(?P<roman>[IVXL]+)|[A-Z])(?:[.)]| [–—-]) (?P<words>\S.*)")
_NOT_A_TITLE = re.compile(r"@|www\.|https?:|[;,-]$|\b[0-9]{1,2}[ ./][\w.]+[ ./][12][0-9]{3}\b|^[•●▪‣◦·–—-] ")
_LEVEL = {"part": 1, "partie": 1, "teil": 1, "deel": 1, "book": 1, "livre": 1, "title": 2, "titre": 2, "titel": 2,
          "chapter": 3, "chapitre": 3, "kapitel": 3, "hoofdstuk": 3, "section": 4, "abschnitt": 4, "afdeling": 4}  # fmt: skip


class Kind(IntEnum):
    """How sure it is that a row is a heading: a weak one is body again where a numbered paragraph goes on around it."""

    BODY = 0
    WEAK = 1
    STRONG = 2


@dataclass(frozen=True, slots=True)
class Row:
    """A line with words. `gap`: a blank line stands before it. `level` orders headings: 1 is outermost; body has 0.

    `attached`: it opens an explanatory note, an appendix or the like. `joins`: it goes on with the heading before it.
    """

    text: str
    line: Line
    gap: bool = False
    kind: Kind = Kind.BODY
    level: int = 0
    attached: bool = False
    joins: bool = False

    @property
    def ended(self) -> bool:
        """Whether its last words end a sentence, a point or an opening."""
        return bool(_END.search(self.text[-16:]))

    @property
    def article(self) -> bool:
        """Whether it is the heading of an article: what stands below it may be quoted, and is numbered by itself."""
        called = _CALLED.match(self.text) if self.kind else None
        return called is not None and called["word"].casefold() in ("article", "art.", "artikel", "rule", "§")

    @property
    def lower(self) -> bool:
        return self.text[0].islower()


def rows(lines: Sequence[Line]) -> list[Row]:
    """The lines that have words, each with its blanks made single."""
    found: list[Row] = []
    gap = False
    for line in lines:
        words = " ".join(line.text.split())
        if words:
            found.append(Row(words, line, gap))
        gap = not words
    return found


def measure(found: Sequence[Row]) -> int:
    """How wide the print is, in characters; 0 where each row is a whole paragraph and nothing was wrapped."""
    lengths = sorted(len(row.text) for row in found)
    wide = lengths[len(lengths) * 9 // 10] if lengths else 0
    return wide if wide <= WIDEST else 0


def without_contents(found: Sequence[Row]) -> tuple[list[Row], int]:
    """The rows less the entries of tables of contents, and how many rows were left out.

    Entries end in leaders, or stand below a heading "Contents" and end in page numbers or return later as headings.
    Where that would be the greater half of the document it is no table of contents, and all is kept.
    """
    out: set[int] = set()
    led = [
        at
        for at, row in enumerate(found)
        if len(row.text) <= 300 and (match := _LEADERS.fullmatch(row.text)) and match["page"]
    ]
    for before, after in pairwise(led):
        if after - before <= 3 and not any(found[at].ended for at in range(before + 1, after)):
            out.update(range(before, after + 1))  # an entry of two lines has its leaders on the second
    later: dict[str, int] = {row.text.casefold(): at for at, row in enumerate(found)}
    for at, row in enumerate(found):
        if at in out or not _CONTENTS.fullmatch(row.text):
            continue
        here, last, entries = at + 1, 0, []
        while here < len(found):
            text = found[here].text
            match = _WITH_PAGE.fullmatch(text)
            page = int(match["page"]) if match else 0
            if here not in out and not (match and page >= last) and later[text.casefold()] <= here:
                break
            if match and later[text.casefold()] <= here:
                last = page
            if here > at + 1 and text.casefold() == found[at + 1].text.casefold():
                break  # the first title again: the document itself begins
            entries.append(here)
            here += 1
        if len(entries) >= 3 or any(entry in out for entry in entries):
            out.update((at, *entries))
    if 2 * sum(len(found[at].text) for at in out) > sum(len(row.text) for row in found):
        return list(found), 0
    return [row for at, row in enumerate(found) if at not in out], len(out)


def title_like(text: str) -> bool:
    """Whether the words could be a title: short, opening with a capital, without the stop of a sentence."""
    opening = next((letter for letter in text if letter.isalnum()), "")
    return (
        bool(opening) and not opening.islower() and len(text) <= 120 and len(text.split()) <= 16
        and not text.endswith((".", ":")) and not _NOT_A_TITLE.search(text)
    )  # fmt: skip


def _capitals(text: str) -> bool:
    return text.isupper() and sum(letter.isalpha() for letter in text) >= 4


def _title_case(text: str) -> bool:
    long = [word for word in re.findall(r"[^\W\d_]+", text) if len(word) > 3]
    return bool(long) and 10 * sum(word[0].isupper() for word in long) >= 7 * len(long)


def _shape(text: str, numbered: bool) -> tuple[Kind, int, bool]:
    """Kind, level and whether it is an attachment, by the words alone; `numbered`: numbers belong to paragraphs."""
    if len(text) > 200 or _NOT_A_TITLE.search(text):
        return Kind.BODY, 0, False
    called = _CALLED.fullmatch(text)
    if called:
        rest = called["rest"]
        words = re.sub(r"^[\s.:–—-]+", "", rest)
        apart = not rest or rest[0] in " .:–—-"
        if apart and not text.endswith((";", ",")) and (
            not words or (not words[0].islower() and not words[0].isdigit() and not words.endswith("."))
        ):  # fmt: skip
            level = _LEVEL.get(called["word"].casefold(), 7)
            return (Kind.STRONG if level < 7 else Kind.WEAK), level, False
        return Kind.BODY, 0, False
    if not title_like(text):
        return Kind.BODY, 0, False
    if _ATTACHED.fullmatch(text):
        return Kind.STRONG, 1, True
    lettered = _LETTERED.fullmatch(text)
    if lettered and title_like(lettered["words"]) and lettered["words"][0].isupper():
        return (Kind.STRONG, 3, False) if lettered["roman"] else (Kind.WEAK, 5, False)
    counted = _NUMBERED.fullmatch(text)
    if counted:
        fits = not numbered and title_like(counted["words"]) and counted["words"][0].isupper()
        return (Kind.WEAK, min(4 + counted["number"].count("."), 6), False) if fits else (Kind.BODY, 0, False)
    if _capitals(text):
        return Kind.STRONG, 2, False
    if _title_case(text):
        return Kind.WEAK, 8, False
    plain = text[0].isupper() and len(text.split()) <= 12 and not any(letter.isdigit() for letter in text)
    return (Kind.WEAK, 9, False) if plain else (Kind.BODY, 0, False)


def with_headings(found: Sequence[Row], wide: int, numbered: bool) -> list[Row]:
    """The rows with their headings marked. `wide` as from `measure`; `numbered`: a number opens a paragraph.

    At least two headings named by the format are believed to be all that there are.
    """
    named = sum(row.line.heading > 0 for row in found) >= 2
    marked = list(found)
    for at in range(len(found) - 1, -1, -1):
        row = found[at]
        if row.line.heading:
            marked[at] = replace(row, kind=Kind.STRONG, level=min(row.line.heading, 6),
                                 attached=bool(_ATTACHED.fullmatch(row.text)))  # fmt: skip
        elif not named:
            kind, level, attached = _shape(row.text, numbered)
            if kind and _stands_apart(marked, at, wide, level, numbered):
                marked[at] = replace(row, kind=kind, level=level, attached=attached)
    return _joined(_without_crowds(marked), wide)


def _stands_apart(marked: Sequence[Row], at: int, wide: int, level: int, numbered: bool) -> bool:
    """Whether the row stands between paragraphs; the rows after it are marked already."""
    row = marked[at]
    if at + 1 == len(marked):
        return False
    after, before = marked[at + 1], marked[at - 1] if at else None
    if not wide:
        return level < 9 or bool(after.kind) or len(after.text) > len(row.text)
    wraps = len(row.text) >= 0.7 * wide
    if ((wraps and level in (4, 5, 6, 9)) or (len(row.text) >= 0.9 * wide and level == 8)) and not _CALLED.fullmatch(
        row.text
    ):
        return False  # a numbered or plain line as wide as this is the first of a paragraph
    if before is not None and not (row.gap or before.ended or len(before.text) < 0.6 * wide):
        _, above, _ = _shape(before.text, numbered)
        narrow = max(len(before.text), len(row.text)) < 0.85 * wide
        if not 0 < above <= 7 and not (above == level == 8 and narrow):
            return False
    if after.lower and not re.match(r"[a-z][.)] ", after.text):
        third = marked[at + 2] if at + 2 < len(marked) else None
        return level < 8 and wraps and third is not None and not (after.ended or third.lower)
    if level == 9:  # a short line in ordinary type: only between a finished paragraph and a new one
        apart = (row.gap and after.gap) or before is None or before.ended
        return not wraps and apart and (bool(after.kind) or after.gap or len(after.text) >= 0.6 * wide or after.text[0].isdigit())  # fmt: skip
    return True


def _without_crowds(marked: list[Row]) -> list[Row]:
    """Five and more weak headings in a row are a table, a list of names or a title page: body again."""
    at = 0
    while at < len(marked):
        end = at
        while end < len(marked) and marked[end].kind:
            end += 1
        if end - at >= 5:
            for here in range(at, end):
                if marked[here].kind is Kind.WEAK and marked[here].level >= 8:
                    marked[here] = replace(marked[here], kind=Kind.BODY, level=0)
        at = max(end, at + 1)
    return marked


def _joined(marked: list[Row], wide: int) -> list[Row]:
    """Marks what goes on with the heading before it: its second line, or the words below a bare "Chapter 2"."""
    for at in range(1, len(marked)):
        before, row = marked[at - 1], marked[at]
        if not before.kind or before.line.heading or row.line.heading:
            continue
        called = _CALLED.fullmatch(before.text)
        if row.kind:
            bare = (
                called is not None
                and not called["rest"].strip(" .")
                and row.level >= 2
                and not _CALLED.fullmatch(row.text)
            )
            same = not row.gap and _capitals(before.text) and _capitals(row.text) and not _CALLED.fullmatch(row.text)
            long = not row.gap and row.level == before.level >= 8 and wide and len(before.text) >= 0.7 * wide
            joins = bare or same or bool(long)
        else:
            joins = row.lower and not row.gap and bool(wide) and len(before.text) >= 0.7 * wide and not before.joins
        if joins:
            marked[at] = replace(row, kind=before.kind, level=before.level, attached=before.attached, joins=True)
    return marked
