"""Gold questions, one each line, with the provisions that answer it or the ground of its refusal: JSON lines, or CSV with
the same names as columns (lists separated by `|`, an empty cell for what is not there).

    {"id": "rl-001", "question": "…", "lang": "en", "kind": "everyday", "expected": ["cets-201/art_20__para_1__point_e"],
     "also": ["ets-185/art_9"], "history": ["an earlier question"]}
    {"id": "ru-001", "question": "…", "lang": "fr", "kind": "unanswerable", "expected": [], "ground": "close"}

`expected`: any of these is the best answer. `also`: a useful part of the answer, not the best.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from ingest.errors import CorpusError, Problem
from ingest.treaty import Citation
from retriever.answer import Ground

# "reference": by the number of the provision; "named": a provision, instrument or output called by a name or described;
# "public": as real people put them elsewhere; "unlike": put otherwise than the lead-in questions on purpose.
KINDS = (
    "reference", "named", "practitioner", "everyday", "scenario", "detail", "cross-instrument", "follow-up", "public", "unlike",
    "unanswerable",
)  # fmt: skip
COLUMNS = ("id", "question", "lang", "kind", "expected", "also", "history", "ground")
LISTS = ("expected", "also", "history")
_FORM = "see docs/evaluation.md for the form"


@dataclass(frozen=True, slots=True)
class Gold:
    """One gold question. `ground` is set exactly where `expected` is empty."""

    id: str
    question: str
    lang: str
    kind: str
    expected: tuple[Citation, ...]
    also: tuple[Citation, ...]
    history: tuple[str, ...]
    ground: Ground | None

    @property
    def answerable(self) -> bool:
        return bool(self.expected)

    @property
    def searched(self) -> bool:
        """Whether the scores decide on it, and not its reference alone."""
        return self.kind != "reference" and self.ground != Ground.NO_SUCH_PROVISION


def shipped(prefix: str) -> list[Path]:
    """The files of one of our two sets: `report`, which the README's figures come from, or `tuning`."""
    folder = Path(str(resources.files("eval"))) / "questions"
    return sorted(folder.glob(f"{prefix}-*.jsonl"))


def parse(row: dict[str, Any]) -> Gold:
    """One question from its JSON entries. Raises ValueError, KeyError or TypeError where they are not in order."""
    unknown = sorted(row.keys() - set(COLUMNS))
    if unknown:
        raise ValueError(f"unknown entry {unknown[0]!r}")
    lists = {name: row.get(name, []) for name in LISTS}
    if not all(isinstance(value, list) and all(isinstance(item, str) for item in value) for value in lists.values()):
        raise ValueError("`expected`, `also` and `history` are lists of texts")
    ground = row.get("ground")
    made = Gold(
        id=str(row["id"]), question=str(row["question"]), lang=str(row["lang"]), kind=str(row["kind"]),
        expected=tuple(map(Citation.parse, lists["expected"])), also=tuple(map(Citation.parse, lists["also"])),
        history=tuple(lists["history"]), ground=Ground(str(ground)) if ground else None,
    )  # fmt: skip
    if made.kind not in KINDS:
        raise ValueError(f"kind {made.kind!r}; write one of {', '.join(KINDS)}")
    if made.lang not in ("en", "fr"):
        raise ValueError(f"lang {made.lang!r}; write en or fr")
    if made.answerable == (made.ground is not None):
        raise ValueError("write either `expected` addresses or, where nothing answers it, a `ground`")
    return made


def plain(question: Gold) -> dict[str, Any]:
    """The question's JSON entries: `parse(plain(question)) == question`."""
    row: dict[str, Any] = {
        "id": question.id, "question": question.question, "lang": question.lang, "kind": question.kind,
        "expected": [str(citation) for citation in question.expected],
    }  # fmt: skip
    if question.also:
        row["also"] = [str(citation) for citation in question.also]
    if question.history:
        row["history"] = list(question.history)
    return row | ({"ground": question.ground.value} if question.ground else {})


def _json_rows(text: str) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except (ValueError, RecursionError) as error:
                yield number, error


def _csv_rows(text: str) -> Iterator[tuple[int, Any]]:
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        for row in reader:
            if None in row or None in row.values():
                yield reader.line_num, ValueError("more or fewer cells than columns")
                continue
            filled = {name: cell for name, cell in row.items() if cell.strip()}
            cut = {n: [part.strip() for part in filled[n].split("|")] for n in LISTS if n in filled}
            yield reader.line_num, filled | cut
    except csv.Error as error:
        yield reader.line_num, error


def load(files: Iterable[Path]) -> list[Gold]:
    """The questions of `files`, in order. Raises CorpusError with file and line of every mistake."""
    problems: list[Problem] = []
    questions: list[Gold] = []
    for path in files:
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            problems.append(Problem(path, 0, f"cannot be read as UTF-8 text: {error}"))
            continue
        for number, row in _csv_rows(text) if path.suffix.lower() == ".csv" else _json_rows(text):
            try:
                if isinstance(row, Exception):
                    raise ValueError(row)
                questions.append(parse(row))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                problems.append(Problem(path, number, f"not a gold question ({error}); {_FORM}"))
    ids = [question.id for question in questions]
    problems += [Problem(Path("gold"), 0, f"id {id_!r} twice") for id_ in sorted({i for i in ids if ids.count(i) > 1})]
    if problems:
        raise CorpusError(problems)
    return questions


def sampled(questions: Sequence[Gold], count: int, seed: str = "basis") -> list[Gold]:
    """About `count` of the questions, in their order: of each kind, language and ground its share, at least one. The
    choice hangs on the seed and the ids only, so it is the same on every machine."""
    groups: dict[tuple[str, str, Ground | None], list[Gold]] = {}
    for question in questions:
        groups.setdefault((question.kind, question.lang, question.ground), []).append(question)
    chosen: set[str] = set()
    for group in groups.values():
        drawn = sorted(group, key=lambda q: hashlib.sha256(f"{seed}:{q.id}".encode()).digest())
        chosen.update(q.id for q in drawn[: max(1, round(count * len(group) / len(questions)))])
    return [question for question in questions if question.id in chosen]
