"""From the corpus to the files that the retriever reads. Same input, same bytes."""

from __future__ import annotations

import dataclasses
import datetime
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest import catalogue, passages
from ingest.elsewhere import elsewhere
from ingest.treaty import (
    Article,
    Check,
    Citation,
    Division,
    Instrument,
    LeadIn,
    Outside,
    Passage,
    Provision,
    SourceText,
)

# Raised whenever the form of these files changes: an index of another form is refused and built anew.
FORM = 1
FILES = ("instruments.jsonl", "sources.jsonl", "articles.jsonl", "passages.jsonl", "lead_ins.jsonl", "outside.jsonl")


@dataclass(frozen=True, slots=True)
class Library:
    """Everything that was ingested: what can be cited, quoted and searched."""

    instruments: dict[str, Instrument]
    sources: dict[tuple[str, str], SourceText]
    articles: dict[Citation, Article]
    passages: tuple[Passage, ...]
    lead_ins: tuple[LeadIn, ...]
    outside: tuple[Outside, ...]

    def provision(self, citation: Citation) -> Provision | None:
        """The provision at `citation`, or None where no such provision exists."""
        article = self.articles.get(citation.article)
        return article.find(citation) if article else None

    def citations(self) -> frozenset[Citation]:
        return frozenset(p.citation for article in self.articles.values() for p in article)


def ingest(folder: Path | None = None) -> Library:
    """Read the corpus below `folder` (default: the shipped one). Raises CorpusError where a file is wrong."""
    entries = catalogue.load(folder)
    return Library(
        instruments={e.instrument.id: e.instrument for e in entries},
        sources={(e.source.instrument, e.source.expression): e.source for e in entries},
        articles={a.citation: a for e in entries for a in e.articles},
        passages=tuple(p for e in entries for p in passages.cut(e)),
        lead_ins=tuple(lead_in for e in entries for lead_in in e.lead_ins),
        outside=tuple(Outside(entry.id, lang, text) for entry in elsewhere() for lang, text in entry.questions),
    )


def _plain(value: Any) -> Any:
    if isinstance(value, Citation):
        return str(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value) if f.init}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value


def write(library: Library, folder: Path) -> None:
    """Write the library's files into `folder`, one JSON object a line, in a fixed order."""
    rows: dict[str, Iterable[Any]] = {
        "instruments.jsonl": library.instruments.values(),
        "sources.jsonl": library.sources.values(),
        "articles.jsonl": library.articles.values(),
        "passages.jsonl": library.passages,
        "lead_ins.jsonl": library.lead_ins,
        "outside.jsonl": library.outside,
    }
    for name, values in rows.items():
        text = "".join(json.dumps(_plain(value), ensure_ascii=False) + "\n" for value in values)
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def _day(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def _instrument(row: dict[str, Any]) -> Instrument:
    for key in ("opened", "in_force", "status_as_of"):
        row[key] = _day(row[key])
    row["divisions"] = tuple(Division(**division) for division in row["divisions"])
    return Instrument(
        **{**row, "aliases": tuple(row["aliases"]), "authentic_languages": tuple(row["authentic_languages"])}
    )


def _provision(row: dict[str, Any]) -> Provision:
    check = row["check"]
    made = Check(datetime.date.fromisoformat(check["on"]), check["against"]) if check else None
    return Provision(**{**row, "citation": Citation.parse(row["citation"]), "check": made})


def _article(row: dict[str, Any]) -> Article:
    return Article(
        Citation.parse(row["citation"]), row["title"], tuple(row["roles"]),
        tuple(Citation.parse(address) for address in row["related"]), tuple(map(_provision, row["provisions"])),
    )  # fmt: skip


def read(folder: Path) -> Library:
    """Read back what `write` wrote: `read(folder) == library`."""
    cited = [{**row, "citation": Citation.parse(row["citation"])} for row in _rows(folder / "passages.jsonl")]
    asked = [{**row, "citation": Citation.parse(row["citation"])} for row in _rows(folder / "lead_ins.jsonl")]
    sources = [SourceText(**row) for row in _rows(folder / "sources.jsonl")]
    return Library(
        instruments={i.id: i for i in map(_instrument, _rows(folder / "instruments.jsonl"))},
        sources={(s.instrument, s.expression): s for s in sources},
        articles={a.citation: a for a in map(_article, _rows(folder / "articles.jsonl"))},
        passages=tuple(Passage(**row) for row in cited),
        lead_ins=tuple(LeadIn(**row) for row in asked),
        outside=tuple(Outside(**row) for row in _rows(folder / "outside.jsonl")),
    )
