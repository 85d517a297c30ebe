"""What was ingested, as one object and as files: all that the retriever knows of the corpus. Same input, same bytes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import groupby, islice, repeat
from pathlib import Path
from typing import Any, TypeVar

from ingest import records
from ingest.relations import relations
from ingest.treaty import (
    RESTATEMENT,
    Article,
    Citation,
    Expression,
    Instrument,
    LeadIn,
    Outside,
    Passage,
    Relation,
    Term,
)

# Raised whenever the form of these files changes, or of what is made of them: an index of another form is refused and built
# anew.
FORM = 10
FILES = (
    "instruments.jsonl",
    "expressions.jsonl",
    "articles.jsonl",
    "passages.jsonl",
    "lead_ins.jsonl",
    "outside.jsonl",
    "questions.jsonl",
    "terms.jsonl",
)
QUESTIONS = ("lead_ins.jsonl", "outside.jsonl", "questions.jsonl")

Question = TypeVar("Question", LeadIn, Outside)


@dataclass(frozen=True)
class Library:
    """Everything that was ingested: what can be cited, quoted and searched.

    `expressions` are keyed by instrument and name, of each instrument the restatement first. The `text` of the lead-in
    questions, and of those answered elsewhere, is empty where the library was read back for answering.
    """

    instruments: dict[str, Instrument]
    expressions: dict[tuple[str, str], Expression]
    articles: dict[Citation, Article]
    passages: tuple[Passage, ...]
    lead_ins: tuple[LeadIn, ...]
    outside: tuple[Outside, ...]
    terms: tuple[Term, ...]

    @cached_property
    def _wordings(self) -> dict[str, list[Expression]]:
        found: dict[str, list[Expression]] = {id_: [] for id_ in self.instruments}
        for (id_, _), wording in self.expressions.items():
            found[id_].append(wording)
        return found

    def wordings(self, instrument: str) -> list[Expression]:
        """The expressions of an instrument, the restatement first; none of an unknown one."""
        return self._wordings.get(instrument, [])

    def citations(self) -> frozenset[Citation]:
        """Every address that stands in some expression."""
        return frozenset(p.citation for wording in self.expressions.values() for p in wording.provisions)

    @cached_property
    def relations(self) -> dict[Citation, tuple[Relation, ...]]:
        """What each address interprets, explains … and what interprets, explains … it."""
        places = (
            p for (_, name), wording in self.expressions.items() if name == RESTATEMENT for p in wording.provisions
        )
        return relations(self.instruments.values(), places)

    @cached_property
    def _relations_by_article(self) -> dict[Citation, tuple[Relation, ...]]:
        found: dict[Citation, dict[Relation, None]] = {}
        for place, stated in self.relations.items():
            outward = (relation for relation in stated if not relation.to.within(place.article))
            found.setdefault(place.article, {}).update(dict.fromkeys(outward))
        return {article: tuple(stated) for article, stated in found.items()}

    def relations_of(self, article: Citation) -> tuple[Relation, ...]:
        """The relations of an article or output, and of all places in it, to others."""
        return self._relations_by_article.get(article, ())

    def headings(self, citation: Citation) -> tuple[str, ...]:
        """The headings that the cited place stands under, outermost first."""
        return self.articles[citation.article].headings or self.instruments[citation.instrument].headings(citation)


def write(library: Library, folder: Path) -> None:
    """Write the library's files into `folder`, one JSON value a line, in a fixed order.

    What the questions say is in a file of its own: answering needs to know where they lead, not their words.
    """
    rows: dict[str, Iterable[Any]] = {
        "instruments.jsonl": library.instruments.values(),
        "expressions.jsonl": library.expressions.values(),
        "articles.jsonl": library.articles.values(),
        "passages.jsonl": library.passages,
        "lead_ins.jsonl": _runs(library.lead_ins, lambda q: {"citation": str(q.citation), "lang": q.lang}),
        "outside.jsonl": _runs(library.outside, lambda q: {"entry": q.entry, "lang": q.lang}),
        "questions.jsonl": [q.text for q in library.lead_ins] + [q.text for q in library.outside],
        "terms.jsonl": library.terms,
    }
    for name, values in rows.items():
        text = "".join(json.dumps(records.plain(value), ensure_ascii=False) + "\n" for value in values)
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def _runs(questions: Iterable[Question], about: Callable[[Question], dict[str, str]]) -> Iterator[dict[str, Any]]:
    """What is known `about` the questions, once for all in a row of which the same is known."""
    return ({**known, "count": len(list(alike))} for known, alike in groupby(questions, about))


def _questions(
    made: Callable[..., Question], runs: Iterable[dict[str, Any]], words: Iterator[str] | None
) -> Iterator[Question]:
    """The questions of each run, with their words where these are given; else one object stands for all of a run."""
    for run in runs:
        count = run.pop("count")
        if words is None:
            yield from repeat(made(**run, text=""), count)
        else:
            yield from (made(**run, text=text) for text in islice(words, count))


def _rows(path: Path) -> Iterator[Any]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def read(folder: Path, worded: bool = False) -> Library:
    """Read back what `write` wrote; the questions with their words only if `worded`: `read(folder, worded=True) == library`."""
    parsed = cache(Citation.parse)  # one object for each address: there are tens of thousands of rows

    def cited(name: str) -> Iterator[dict[str, Any]]:
        for row in _rows(folder / name):
            yield {**row, "citation": parsed(row["citation"])}

    words = _rows(folder / "questions.jsonl") if worded else None
    wordings = [records.expression(row) for row in _rows(folder / "expressions.jsonl")]
    return Library(
        instruments={i.id: i for i in map(records.instrument, _rows(folder / "instruments.jsonl"))},
        expressions={(w.source.instrument, w.name): w for w in wordings},
        articles={a.citation: a for a in map(records.article, _rows(folder / "articles.jsonl"))},
        passages=tuple(Passage(**row) for row in cited("passages.jsonl")),
        lead_ins=tuple(_questions(LeadIn, cited("lead_ins.jsonl"), words)),
        outside=tuple(_questions(Outside, _rows(folder / "outside.jsonl"), words)),
        terms=tuple(map(records.term, _rows(folder / "terms.jsonl"))),
    )
