"""Whether the words marked in the first hit are the words that answer: overlap in characters, as LegalBench-RAG has it.

Both sides are spans of one source text, the one that the first hit quotes. Gold are the own words of every expected
provision in the first hit's article, and of what lies inside it; provisions expected elsewhere are other answers, not
missing parts of this one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from eval.gold import Gold
from retriever.answer import Hit

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Marked and gold spans in the source text `expression` (`cets-201/restatement-en`): half-open, in code points, in
    order, not overlapping. There is always a gold span; where nothing was marked, precision and recall are 0."""

    expression: str
    shown: tuple[Span, ...]
    gold: tuple[Span, ...]

    def __post_init__(self) -> None:
        for spans in (self.shown, self.gold):
            if spans != merged(spans):
                raise ValueError(f"spans empty, out of order or overlapping: {spans}")
        if not self.gold:
            raise ValueError("evidence is judged by at least one gold span")

    @property
    def common(self) -> int:
        """How many characters are both marked and gold."""
        return sum(max(0, min(b, d) - max(a, c)) for a, b in self.shown for c, d in self.gold)

    @property
    def precision(self) -> float:
        """The share of the marked characters that are gold."""
        return self.common / (sum(b - a for a, b in self.shown) or 1)

    @property
    def recall(self) -> float:
        """The share of the gold characters that are marked."""
        return self.common / sum(b - a for a, b in self.gold)

    @property
    def within(self) -> bool:
        """Whether something is marked, and each marked span lies wholly in one gold span."""
        return bool(self.shown) and all(any(c <= a and b <= d for c, d in self.gold) for a, b in self.shown)

    @property
    def overlaps(self) -> bool:
        """Whether a marked span and a gold span share a character."""
        return self.common > 0


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The characters of `spans` as spans in order that do not overlap; empty ones are left out.

    >>> merged([(5, 9), (0, 3), (2, 4), (7, 7)])
    ((0, 4), (5, 9))
    """
    out: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if out and start < out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return tuple(out)


def evidence(first: Hit, question: Gold) -> Evidence | None:
    """What is marked in the first hit against what should be; None where its article is not expected, or the wording
    that it quotes lacks the expected provision."""
    article = first.article.citation
    wanted = [citation for citation in question.expected if citation.article == article]
    provisions = [p for p in first.wording.provisions if any(p.citation.within(citation) for citation in wanted)]
    gold = merged((p.own_start, p.own_end) for p in provisions)
    if not gold:
        return None
    quote = first.quote
    name = f"{quote.source.instrument}/{quote.source.expression}"
    return Evidence(name, merged((quote.start + a, quote.start + b) for a, b in quote.evidence), gold)
