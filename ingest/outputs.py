"""Reads an output of the corpus: what a committee, project or page says, as numbered statements with their sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingest.articles import relations
from ingest.corpus_file import CorpusFile, day
from ingest.errors import Problem
from ingest.treaty import (
    RESTATEMENT,
    Article,
    Check,
    Citation,
    Entry,
    Expression,
    Instrument,
    LeadIn,
    Provision,
    Source,
    SourceText,
    Status,
)

# What `corpus/README.md` asks for: lead-in questions per output, in each language.
FEWEST_QUESTIONS = 8
EACH = "the source of each statement"


def _instrument(file: CorpusFile) -> Instrument:
    data = file.data
    if data["id"] != file.path.stem:
        file.report(("id",), f"found {data['id']!r} in {file.path.name}; write {file.path.stem!r}")
    if data["body"] is not None:
        file.cite(("body",), data["body"])
    return Instrument(
        id=data["id"], kind=data["kind"], binding=False, series=None, number=None, title=data["title"],
        short_title=data["short_title"], aliases=tuple(data["aliases"]), opened=None, place=None, in_force=None, status="",
        status_as_of=day(file, ("as_of",), data["as_of"]), articles=0, authentic_languages=tuple(data["languages"]),
        urls={"en": data["page"]} if data["page"] else {}, divisions=(), body=data["body"], reference=data["number"],
        dated=data["date"], relations=relations(file, data["relations"]),
    )  # fmt: skip


def _statement(file: CorpusFile, row: int, citation: Citation, start: int, own: int) -> Provision:
    data: dict[str, Any] = file.data["statements"][row]
    keys = ("statements", row)
    status = Status(data["status"])
    # What nobody has compared with its source counts as unchecked, whatever `status` says.
    check = Check(day(file, (*keys, "read"), data["read"]), data["source"]) if "read" in data else None
    about = [file.cite((*keys, "about", column), address) for column, address in enumerate(data.get("about", []))]
    source = Source(data["source"], data["url"], data["as_of"], status)
    end = own + len(data["text"])
    return Provision(citation, row + 1, start, end, own, end, check, source, tuple(c for c in about if c is not None))


def _lead_ins(file: CorpusFile, whole: Citation) -> Iterator[LeadIn]:
    counts: Counter[str] = Counter()
    last = len(file.data["statements"])
    for index, entry in enumerate(file.data["questions"]):
        if entry["for"] != "all" and entry["for"] > last:
            file.report(("questions", index, "for"), f"no statement {entry['for']}; wanted 1 to {last}, or `all`")
        citation = whole if entry["for"] == "all" else whole.child(f"statement_{entry['for']}")
        for lang in ("en", "fr"):
            for question in entry.get(lang, "").splitlines():
                if question.strip():
                    counts[lang] += 1
                    yield LeadIn(citation, lang, question.strip())
    for lang in ("en", "fr"):
        if counts[lang] < FEWEST_QUESTIONS:
            file.report(
                ("questions",), f"{counts[lang]} questions in {lang!r}, wanted at least {FEWEST_QUESTIONS}; add some"
            )


def _root(instrument: Instrument, statements: list[Provision], end: int) -> Provision:
    """The output as a whole: no words of its own, and what it rests on is the weakest of what its statements rest on."""
    start = statements[0].start
    status = max((statement.status for statement in statements), key=list(Status).index)
    read = [statement.check.on for statement in statements if statement.check]
    check = Check(max(read), EACH) if status is not Status.UNCHECKED else None
    source = Source(EACH, None, instrument.status_as_of.isoformat(), status)
    return Provision(Citation(instrument.id), 0, start, end, start, start, check, source)


def output(path: Path, problems: list[Problem]) -> tuple[Entry, list[CorpusFile]] | None:
    """The output in the file `path`; None where it has not the form. What is wrong is added to `problems`."""
    file = CorpusFile(path, problems)
    if file.data is None or not file.conforms("output"):
        return None
    instrument = _instrument(file)
    whole = Citation(instrument.id)
    text = f"{instrument.title['en']}\n"
    statements = []
    for row, data in enumerate(file.data["statements"]):
        start = len(text) + 1
        text += f"\n{row + 1}. {data['text']}"
        citation = whole.child(f"statement_{row + 1}")
        statements.append(_statement(file, row, citation, start, len(text) - len(data["text"])))
    root = _root(instrument, statements, len(text))
    wording = Expression(SourceText(instrument.id, RESTATEMENT, "en", text), (root, *statements))
    article = Article(whole, instrument.title, (instrument.kind,))
    return Entry(instrument, (wording,), (article,), tuple(_lead_ins(file, whole))), [file]
