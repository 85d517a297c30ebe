"""What `basis doctor` looks at: the installation, the corpus, and the index."""

from __future__ import annotations

import importlib.metadata
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.errors import BasisError
from ingest.library import Library
from ingest.treaty import Status
from retriever.index import open_index
from ui.settings import Settings
from ui.shelving import library as held


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether it is as it should be, and what was found."""

    name: str
    ok: bool
    found: str


def held_treaties(library: Library) -> Iterator[Finding]:
    """How many provisions of each treaty and document a second reader has checked."""
    for instrument in library.instruments.values():
        if instrument.is_output:
            continue
        provisions = library.wordings(instrument.id)[0].provisions
        done = sum(p.check is not None for p in provisions)
        state = f"in force since {instrument.in_force}" if instrument.in_force else "not in force"
        yield Finding(
            instrument.id, True,
            f"{instrument.label()}; {state}, known on {instrument.status_as_of}; {instrument.articles} articles, "
            f"{done} of {len(provisions)} provisions checked",
        )  # fmt: skip


def held_outputs(library: Library) -> Iterator[Finding]:
    """What the outputs rest on, and how much else the corpus holds."""
    outputs = [i for i in library.instruments.values() if i.is_output]
    statements = [p for i in outputs for p in library.wordings(i.id)[0].provisions if p.citation.path]
    counts = Counter(p.status for p in statements)
    yield Finding(
        "outputs", True,
        f"{len(outputs)} entries, {len(statements)} statements: {counts[Status.CHECKED]} checked against the text, "
        f"{counts[Status.SOURCED]} sourced from a public page, {counts[Status.UNCHECKED]} unchecked",
    )  # fmt: skip
    asked = Counter(lead_in.lang for lead_in in library.lead_ins)
    yield Finding("questions", True, f"{asked['en']} English and {asked['fr']} French lead-in questions")
    words = sum(len(each) for term in library.terms for each in term.words.values())
    yield Finding("glossary", True, f"{len(library.terms)} entries, {words} words")
    yield Finding("relations", True, f"{sum(map(len, library.relations.values()))}, each with its inverse")


def diagnose(settings: Settings) -> list[Finding]:
    """Look at everything; a failed look is a finding, never an exception."""
    version = sys.version.split()[0]
    findings = [Finding("python", sys.version_info[:2] == (3, 11), f"{version}, wanted 3.11")]
    for package in ("torch", "sentence-transformers", "faiss-cpu", "gradio", "langchain-text-splitters"):
        try:
            findings.append(Finding(package, True, importlib.metadata.version(package)))
        except importlib.metadata.PackageNotFoundError:
            findings.append(Finding(package, False, "not installed; run `make install`"))
    try:
        from retriever.embedders.sentence import DIGEST, shipped_model

        shipped_model()
        findings.append(
            Finding("embedding model", True, f"all-MiniLM-L6-v2, weights with SHA-256 {DIGEST[:16]}… as published")
        )
    except BasisError as error:
        findings.append(Finding("embedding model", False, str(error)))
    library = None
    try:
        library = held(settings)
        findings += [*held_treaties(library), *held_outputs(library)]
    except BasisError as error:
        findings.append(Finding("corpus", False, str(error)))
    try:
        serving = open_index(settings.data, worded=True)
        current = serving.library == library
        size = f"{len(serving.library.passages)} passages and {len(serving.library.lead_ins)} lead-in questions in {settings.data}"
        findings.append(
            Finding("index", current, size if current else f"older than the corpus: {size}. Run `basis index`.")
        )
    except BasisError as error:
        findings.append(Finding("index", False, str(error)))
    return findings
