"""From a found citation to a hit: what is quoted, which words of it carry the answer, and why it was found."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.pipeline import Library
from ingest.treaty import Article, Citation, Provision, SourceText
from retriever.analysis import stems
from retriever.answer import Hit, Quote
from retriever.lexical import Lexicon

_SENTENCE = re.compile(r"[^.;]+(?:[.;](?!\s|$)[^.;]*)*[.;]?\s*")
# Own words up to this length are shown as evidence whole; in longer ones the best sentence is marked.
WHOLE = 240


def readable(article: Article, provision: Provision) -> Provision:
    """The smallest provision around `provision` that reads on its own: its paragraph, else the article."""
    depth = 2 if len(provision.citation.path) > 1 and provision.citation.path[1].startswith(("para", "rec")) else 1
    return article.find(Citation(provision.citation.instrument, provision.citation.path[:depth])) or provision


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """The sentences of `text` (also ended by a semicolon) as spans without the blanks around them.

    >>> list(sentences("One day. Two days; at most."))
    [(0, 8), (9, 18), (19, 27)]
    """
    for match in _SENTENCE.finditer(text):
        words = match[0].strip()
        if words:
            yield match.start(), match.start() + len(words)


def _evidence(source: SourceText, provision: Provision, words: set[str], lexicon: Lexicon) -> tuple[int, int]:
    """The span of the source that carries the answer: the provision's own words, or the best sentence of long ones."""
    start, end = provision.own_start, provision.own_end
    if start == end:
        return provision.start, provision.end
    if end - start <= WHOLE:
        return start, end

    def worth(span: tuple[int, int]) -> float:
        return sum(
            lexicon.weight(stem)
            for stem in words.intersection(stems(source.text[start + span[0] : start + span[1]], "en"))
        )

    first, last = max(sentences(source.text[start:end]), key=worth)
    return start + first, start + last


def hit(
    library: Library,
    lexicon: Lexicon,
    citation: Citation,
    question: tuple[str, ...],
    rank: int,
    score: float,
    why: tuple[str, ...],
) -> Hit:
    """The hit for a citation that is in the library. `question` are the question's stems."""
    article = library.articles[citation.article]
    provision = article.find(citation)
    if provision is None:
        raise ValueError(f"no provision {citation}")
    source = next(s for (instrument, _), s in library.sources.items() if instrument == citation.instrument)
    quoted = readable(article, provision)
    start, end = _evidence(source, provision, set(question), lexicon)
    quote = Quote(source, quoted.start, quoted.end, ((start - quoted.start, end - quoted.start),))
    return Hit(rank, score, library.instruments[citation.instrument], article, provision, quote, why)
