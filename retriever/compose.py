"""From a found citation to a hit: what is quoted, which words of it carry the answer, and why it was found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ingest.library import Library
from ingest.treaty import Citation, Expression, Provision, SourceText
from retriever.analysis import stems
from retriever.answer import Hit, Quote
from retriever.lexical import Lexicon

_SENTENCE = re.compile(r"[^.;]+(?:[.;](?!\s|$)[^.;]*)*[.;]?\s*")
# Own words up to this length are shown as evidence whole; in longer ones the best sentence is marked.
WHOLE = 240


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """The sentences of `text` (also ended by a semicolon) as spans without the blanks around them.

    >>> list(sentences("One day. Two days; at most."))
    [(0, 8), (9, 18), (19, 27)]
    """
    for match in _SENTENCE.finditer(text):
        words = match[0].strip()
        if words:
            yield match.start(), match.start() + len(words)


def by_authority(wordings: Iterable[Expression], lang: str) -> list[Expression]:
    """The one to quote first: the official text in the language of the question, else in English, else another; then
    documents; then our restatement."""
    order = {f"official-{lang}": 0, "official-en": 1}
    kinds = {"official": 2, "document": 3, "restatement": 4}
    return sorted(wordings, key=lambda wording: order.get(wording.name, kinds[wording.kind]))


class Composer:
    """Makes hits from the citations of one library."""

    def __init__(self, library: Library, lexicon: Lexicon) -> None:
        self._library = library
        self._lexicon = lexicon
        self._places = {
            key: {provision.citation: provision for provision in wording.provisions}
            for key, wording in library.expressions.items()
        }
        self._stems: dict[tuple[int, int, int], list[tuple[int, int, frozenset[str]]]] = {}

    def wordings(self, citation: Citation, lang: str) -> list[Expression]:
        """The expressions that have the provision, the one to quote first."""
        wordings = self._library.wordings(citation.instrument)
        return by_authority([w for w in wordings if citation in self._places[citation.instrument, w.name]], lang)

    def hit(
        self, citation: Citation, question: Sequence[str], lang: str, rank: int, score: float, why: tuple[str, ...]
    ) -> Hit:
        """The hit for a citation that is in the library. `question` are the question's stems."""
        wordings = self.wordings(citation, lang)
        if not wordings:
            raise ValueError(f"no provision {citation}")
        quotes = [self._quote(wording, citation, set(question)) for wording in wordings]
        return Hit(
            rank, score, self._library.instruments[citation.instrument], self._library.articles[citation.article],
            wordings[0], self._places[citation.instrument, wordings[0].name][citation], quotes[0], tuple(quotes[1:]), why,
        )  # fmt: skip

    def _quote(self, wording: Expression, citation: Citation, words: set[str]) -> Quote:
        """The smallest provision around the citation that reads on its own – its paragraph, else the article – with the
        words that carry the answer marked."""
        places = self._places[citation.instrument, wording.name]
        depth = 2 if len(citation.path) > 1 and citation.path[1].startswith(("para", "rec")) else 1
        around = places.get(Citation(citation.instrument, citation.path[:depth])) or places[citation]
        start, end = self._evidence(wording.source, places[citation], words)
        return Quote(wording.source, around.start, around.end, ((start - around.start, end - around.start),))

    def _evidence(self, source: SourceText, provision: Provision, words: set[str]) -> tuple[int, int]:
        """The span of the source that carries the answer: the provision's own words, or the best sentence of long ones."""
        start, end = provision.own_start, provision.own_end
        if start == end:
            return provision.start, provision.end
        if end - start <= WHOLE:
            return start, end

        first, last, _ = max(
            self._sentences(source, start, end),
            key=lambda sentence: sum(map(self._lexicon.weight, words & sentence[2])),
        )
        return start + first, start + last

    def _sentences(self, source: SourceText, start: int, end: int) -> list[tuple[int, int, frozenset[str]]]:
        """The sentences of a span with their stems; kept, as every question about an article wants them again."""
        key = id(source), start, end
        if key not in self._stems:
            text = source.text[start:end]
            self._stems[key] = [(a, b, frozenset(stems(text[a:b], source.lang))) for a, b in sentences(text)]
        return self._stems[key]
