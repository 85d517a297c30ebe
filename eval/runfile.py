"""The file of one evaluation: what was asked, of which Basis and index, and what every system gave for every question.

One JSON object, with one line for each question of each system, so that two runs can be compared line by line:

    {"form": 1, "made": "2026-11-22T10:00:00+00:00", "version": "0.2.0", "index": "gen-…", "embedder": "sentence:…",
     "settings": {"embedder": "sentence", "store": "quantised", "sample": "200"}, "files": {"report-….jsonl": "SHA-256"},
     "questions": [GOLD + "source", …],
     "systems": {"Basis": [{"id", "citations", "ground", "confidence", "milliseconds", "evidence"}, …], …}}

`evidence` is null or {"expression", "shown": [[start, end], …], "gold": [[start, end], …]}: see `eval.evidence`.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval import gold
from eval.evidence import Evidence
from eval.gold import Gold
from eval.measures import Outcome
from ingest.errors import RunError, UsageError
from ingest.treaty import Citation
from retriever.answer import Ground

# Raised whenever the form of the file changes: a run of another form is refused, as it cannot be compared.
FORM = 1
BASIS = "Basis"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a run comes from: the time (ISO 8601), Basis's version, the index's serving generation, the name of the
    embedder that built it, the settings by name, and the gold files with the SHA-256 of their bytes."""

    made: str
    version: str
    index: str
    embedder: str
    settings: tuple[tuple[str, str], ...]
    files: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Run:
    """The outcomes of every system, each for the same questions in the same order; `BASIS` is always among them."""

    origin: Origin
    systems: dict[str, tuple[Outcome, ...]]

    def __post_init__(self) -> None:
        if BASIS not in self.systems:
            raise ValueError(f"no system {BASIS!r} among {', '.join(self.systems) or 'none'}")
        asked = [outcome.gold for outcome in self.systems[BASIS]]
        if not asked:
            raise ValueError("no questions")
        for name, outcomes in self.systems.items():
            if [outcome.gold for outcome in outcomes] != asked:
                raise ValueError(f"{name} was not asked the same questions as {BASIS}")

    @property
    def questions(self) -> tuple[Gold, ...]:
        return tuple(outcome.gold for outcome in self.systems[BASIS])


def _line(outcome: Outcome) -> dict[str, Any]:
    marked = outcome.evidence
    return {
        "id": outcome.gold.id, "citations": [str(c) for c in outcome.citations], "ground": outcome.ground,
        "confidence": round(outcome.confidence, 6), "milliseconds": round(outcome.milliseconds, 2),
        "evidence": marked and {"expression": marked.expression, "shown": marked.shown, "gold": marked.gold},
    }  # fmt: skip


def _lines(rows: list[dict[str, Any]]) -> str:
    return "[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n]"


def write(run: Run, path: Path) -> None:
    """Write the run, in one step: a file that stood there before stays whole until then. Raises UsageError where it
    cannot be written."""
    origin = run.origin
    head = {
        "form": FORM, "made": origin.made, "version": origin.version, "index": origin.index, "embedder": origin.embedder,
        "settings": dict(origin.settings), "files": dict(origin.files),
    }  # fmt: skip
    entries = [f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}" for name, value in head.items()]
    asked = [gold.plain(outcome.gold) | {"source": outcome.source} for outcome in run.systems[BASIS]]
    entries.append(f'"questions": {_lines(asked)}')
    systems = [f"{json.dumps(name)}: {_lines([_line(o) for o in found])}" for name, found in run.systems.items()]
    entries.append('"systems": {\n' + ",\n".join(systems) + "\n}")
    part = path.with_name(path.name + ".part")
    try:
        part.write_text("{\n" + ",\n".join(entries) + "\n}\n", encoding="utf-8", newline="\n")
        os.replace(part, path)
    except OSError as error:
        raise UsageError(f"cannot write the run file {str(path)!r}: {error.strerror}") from error


def _evidence(row: dict[str, Any]) -> Evidence:
    shown, marked = (tuple((int(a), int(b)) for a, b in row[name]) for name in ("shown", "gold"))
    return Evidence(str(row["expression"]), shown, marked)


def _outcome(question: Gold, source: str, row: dict[str, Any]) -> Outcome:
    if row["id"] != question.id:
        raise ValueError(f"wanted the outcome of {question.id}, found that of {row['id']}")
    confidence, milliseconds = float(row["confidence"]), float(row["milliseconds"])
    if not (0 <= confidence <= 1 and 0 <= milliseconds < float("inf")):
        raise ValueError(f"confidence {confidence} or milliseconds {milliseconds} of {question.id} out of range")
    return Outcome(
        question, tuple(map(Citation.parse, row["citations"])), Ground(row["ground"]).value if row["ground"] else None,
        confidence, milliseconds, source, _evidence(row["evidence"]) if row["evidence"] else None,
    )  # fmt: skip


def _run(data: dict[str, Any]) -> Run:
    questions, sources = [], []
    for row in data["questions"]:
        sources.append(str(row["source"]))
        questions.append(gold.parse({name: value for name, value in row.items() if name != "source"}))
    origin = Origin(
        str(data["made"]), str(data["version"]), str(data["index"]), str(data["embedder"]),
        tuple((str(name), str(value)) for name, value in data["settings"].items()),
        tuple((str(name), str(value)) for name, value in data["files"].items()),
    )  # fmt: skip
    systems = {
        str(name): tuple(_outcome(*each) for each in zip(questions, sources, rows, strict=True))
        for name, rows in data["systems"].items()
    }
    return Run(origin, systems)


def read(path: Path) -> Run:
    """Read back what `write` wrote. Raises UsageError where there is no such file, RunError where it is damaged or of
    another form."""
    remedy = "Write one with `basis eval run --out FILE`."
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        form = data["form"]
    except OSError as error:
        raise UsageError(f"cannot read the run file {str(path)!r}: {error.strerror}. {remedy}") from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise RunError(f"wanted the file of a run, found {str(path)!r}, which is none ({error}). {remedy}") from error
    if form != FORM:
        raise RunError(f"wanted a run file of form {FORM}, found form {form!r} in {str(path)!r}. {remedy}")
    try:
        return _run(data)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RunError(f"the run file {str(path)!r} is damaged ({error!r}). {remedy}") from error
