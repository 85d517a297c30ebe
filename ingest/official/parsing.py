"""Reads the official text of a treaty into provisions, and proves that nothing is missing.

After `parse`, the following holds:
1. the text differs from the lines that were read in white space only, and in the hyphens at line ends that `notes`
   counts; what stands before the preamble, the divisions and the signature formula stay in it, and lie in no provision;
2. addresses and spans follow the rules of `ingest.outline`; an article printed twice is there twice, so that `prove`
   finds it;
3. what follows the signature formula (a second language, footnotes) is not read, only counted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from ingest.errors import TreatyError
from ingest.official.blocks import full_line, split
from ingest.official.lines import Joiner
from ingest.official.points import Node, outline, preamble
from ingest.reading import Reading
from ingest.treaty import Citation, Instrument, Provision


@dataclass(frozen=True, slots=True)
class Official:
    """A treaty text read into provisions.

    `text` has every provision on its own line, two blanks of indentation per level, an empty line between articles;
    `titles` holds the titles that the articles have. `doubts` are sentences about places that could not be read with
    certainty; `notes` say what was decided how often.
    """

    text: str
    provisions: tuple[Provision, ...]
    titles: dict[Citation, str]
    doubts: tuple[str, ...] = ()
    notes: tuple[tuple[str, int], ...] = ()


class _Text:
    """The text as it grows, with the provisions in it."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0
        self.provisions: list[Provision] = []

    def write(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)

    def node(self, node: Node, citation: Citation, level: int, opening: bool = True) -> None:
        """Write `node` and all inside it; its provision comes before those of its children."""
        place = len(self.provisions)
        if opening:
            self.write("  " * level)
        start = self.length
        self.write(node.label + (" " if node.label and node.words else ""))
        own = self.length, self.length + len(node.words)
        self.write(node.words)
        inner = level + (node.kind not in ("article", "preamble") or not node.numbered)
        for child in node.children:
            if self.length > start:
                self.write("\n")
            closing = child.kind == "wrapup"
            self.node(child, citation.child(child.element), level if closing else inner, self.length > start)
        self.provisions.insert(place, Provision(citation, 0, start, self.length, *own))


def parse(reading: Reading, instrument: str, lang: str) -> Official:
    """The provisions of the treaty in `reading`, with addresses of `instrument`; `lang` is the language of its words.

    Raises TreatyError where no article can be found.
    """
    blocks, left = split(reading)
    if not any(block.kind == "article" for block in blocks):
        raise TreatyError(f"{reading.name}: wanted the articles of {instrument} ({lang}), found no line such as “Article 1 – …”; install it as an ordinary document, or choose another file")  # fmt: skip
    joiner = Joiner(line.text for line in reading.lines)
    width = full_line(reading)
    out, titles, doubts = _Text(), dict[Citation, str](), list[str]()
    for block in blocks:
        if block.kind in ("front", "division", "signature"):
            kept = "\n".join(" ".join(line.split()) for line in [*block.heads, *block.lines])
            out.write(f"{kept}\n\n" if kept else "")
            continue
        citation = Citation(instrument, ("preamble" if block.kind == "preamble" else f"art_{block.number}",))
        if block.title:
            titles[citation] = block.title
        for line in block.heads:
            out.write(" ".join(line.split()) + "\n")
        if block.kind == "preamble":
            root = preamble(block.lines, bool(width), joiner)
        else:
            root, odd = outline(block.lines, width, joiner)
            doubts += [f"{citation.words()}: {sentence}" for sentence in odd]
        out.node(root, citation, 0)
        out.write("\n\n" if root.words or root.children else "\n")
    notes = {"hyphen at a line end dropped": joiner.dropped, "hyphen at a line end kept": joiner.kept,
             "line after the signature formula": left}  # fmt: skip
    return Official(
        "".join(out.parts).rstrip("\n") + "\n",
        tuple(Provision(p.citation, at, p.start, p.end, p.own_start, p.own_end) for at, p in enumerate(out.provisions)),
        titles, tuple(doubts), tuple((what, count) for what, count in notes.items() if count),
    )  # fmt: skip


def prove(official: Official, articles: int, wanted: frozenset[Citation] | None) -> list[str]:
    """What is missing, doubled, out of order or unexpected, one sentence each with where; empty means proven.

    `articles` is how many the treaty has; `wanted` the addresses of the restatement, None where there is none or its
    structure is another (translations). Recitals are compared with nothing: sources do not number them.
    """

    def line(at: int) -> str:
        return f"line {official.text.count(chr(10), 0, at) + 1} of the text as read"

    problems: list[str] = []
    heads = [(int(p.citation.path[0][4:]), p) for p in official.provisions if len(p.citation.path) == 1 and p.citation.path[0] != "preamble"]  # fmt: skip
    counts = Counter(number for number, _ in heads)
    missing = [number for number in range(1, articles + 1) if number not in counts]
    for number in missing:
        before = max((p for n, p in heads if n < number), key=lambda p: p.start, default=None)
        where = f"after {before.citation.words()}, {line(before.start)}" if before else "at the beginning"
        problems.append(f"Article {number} is missing; look {where}")
    highest = 0
    for number, provision in heads:
        if number > articles:
            problems.append(f"Article {number} is not expected: the treaty has {articles} articles; {line(provision.start)}")  # fmt: skip
        if number < highest:
            problems.append(f"Article {number} stands after Article {highest}; {line(provision.start)}")
        highest = max(highest, number)
    seen = Counter(p.citation for p in official.provisions)
    problems += [
        f"{citation.words()} is there {count} times"
        for citation, count in seen.items()
        if count > 1 and len(citation.path) == 1
    ]
    parents = {p.citation.parent for p in official.provisions}
    problems += [f"{p.citation.words()} has no words; {line(p.start)}" for p in official.provisions if p.own_start == p.own_end and p.citation not in parents]  # fmt: skip
    if wanted is not None:
        found = {citation for citation in seen if not _recital(citation)}
        gone = {f"art_{number}" for number in missing}
        lacking = [c for c in wanted - found if c.path and not _recital(c) and c.path[0] not in gone]
        problems += [f"{c.words()} is missing: the restatement has it" for c in sorted(lacking, key=str)]
        known = {c.path[0] for c in wanted if c.path}
        extra = [p for p in official.provisions if p.citation in found - wanted and p.citation.path[0] in known]
        problems += [f"{p.citation.words()} is not in the restatement; {line(p.start)}" for p in extra]
    return [*problems, *official.doubts]


def _recital(citation: Citation) -> bool:
    return citation.path[:1] == ("preamble",) and len(citation.path) > 1


_FUNCTION_WORDS = {
    "en": "the of and shall to by any such or for with you your must can are be not that this from will if",
    "fr": "le les des du et une aux par pour dans qui que vous votre vos est sont ou ne pas avec ce cette",
    "de": "der die und das den oder dem ist nicht mit für sie wenn werden auf im ein eine zu von",
    "nl": "het een van en voor zijn door de is op te dat niet met worden aan om u uw wordt",
    "it": "di che il del della dei per nel un una è con sono non alla gli nella si",
    "ru": "и в на с для или не по что о",
}  # fmt: skip
_SERIES = re.compile(
    r"(?:\b(?:C?ETS|STC?E|SEV)|treaty series|s[ée]rie des trait[ée]s(?: europ[ée]ens| du conseil de l.europe)?)"
    r"[\s–-]*(?:no\.?|n°|nr\.?)?\s*(?P<number>\d{1,3})\b",
    re.IGNORECASE,
)
_ABOUT = re.compile(r"explanatory report|rapport explicatif|guidance note|note d.orientation|recommendation|recommandation|draft|projet|opinion|\bavis\b", re.IGNORECASE)  # fmt: skip


def recognise(reading: Reading, instruments: Iterable[Instrument]) -> tuple[str | None, str | None]:
    """The id of the instrument whose text `reading` is, and its language; None where that is not certain.

    The instrument is told by its full title or its number in the series, before the preamble; the language by its
    commonest words.
    """
    blocks, _ = split(reading)
    front = [" ".join(line.split()) for line in blocks[0].lines[:40]]
    # The front of a treaty is names and numbers; of a text without articles it is all there is.
    words = Counter(word for block in blocks[1:] or blocks for line in block.lines for word in line.casefold().split())
    share = sorted(((sum(words[word] for word in known.split()) / max(1, words.total()), lang) for lang, known in _FUNCTION_WORDS.items()), reverse=True)  # fmt: skip
    lang = share[0][1] if words.total() >= 30 and share[0][0] >= 0.08 and share[0][0] > 1.5 * share[1][0] else None
    if len(blocks) < 2 or any(_ABOUT.search(line) for line in front):
        return None, lang
    treaties = [instrument for instrument in instruments if instrument.number is not None]
    printed = {int(match["number"]) for line in front for match in _SERIES.finditer(line)}
    by_number = (
        {instrument.id for instrument in treaties if instrument.number in printed} if len(printed) == 1 else set()
    )
    titles = {_plain(title): instrument.id for instrument in treaties for title in instrument.title.values()}
    # A title inside another ("Protocol to the" / "Convention on …") is not the title of this text.
    runs = [_plain(" ".join(front[at : at + length])) for at in range(len(front)) for length in range(1, 6)
            if at == 0 or not re.search(r"\b(?:to|the|of|on|à|la|le|les|sur)$", front[at - 1])]  # fmt: skip
    by_title = {titles[run] for run in sorted(runs, key=len, reverse=True) if run in titles}
    found = by_number | by_title
    return (found.pop() if len(found) == 1 and not (printed and not by_number) else None), lang


def _plain(title: str) -> str:
    """The words of a title, without case, apostrophes' shapes and punctuation."""
    return " ".join(re.findall(r"\w+", title.casefold()))
