"""Gold questions: JSON lines, one question each, with the provisions that answer it or the ground of its refusal.

    {"id": "rl-001", "question": "…", "lang": "en", "kind": "everyday", "expected": ["cets-201/art_20__para_1__point_e"],
     "also": ["ets-185/art_9"], "history": ["an earlier question"]}
    {"id": "ru-001", "question": "…", "lang": "fr", "kind": "unanswerable", "expected": [], "ground": "close"}

`expected`: any of these is the best answer. `also`: a useful part of the answer, not the best.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from ingest.errors import CorpusError, Problem
from ingest.treaty import Citation
from retriever.answer import Ground

KINDS = (
    "reference",
    "practitioner",
    "everyday",
    "public",
    "scenario",
    "detail",
    "cross-instrument",
    "follow-up",
    "unanswerable",
)


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


def shipped(prefix: str) -> list[Path]:
    """The files of one of our two sets: `report`, which the README's figures come from, or `tuning`."""
    folder = Path(str(resources.files("eval"))) / "questions"
    return sorted(folder.glob(f"{prefix}-*.jsonl"))


def _question(row: dict[str, object]) -> Gold:
    unknown = sorted(row.keys() - {"id", "question", "lang", "kind", "expected", "also", "history", "ground"})
    if unknown:
        raise ValueError(f"unknown entry {unknown[0]!r}")
    expected, also, history = (row.get(name, []) for name in ("expected", "also", "history"))
    if not all(isinstance(value, list) for value in (expected, also, history)):
        raise ValueError("`expected`, `also` and `history` are lists")
    ground = row.get("ground")
    made = Gold(
        id=str(row["id"]), question=str(row["question"]), lang=str(row["lang"]), kind=str(row["kind"]),
        expected=tuple(Citation.parse(address) for address in expected),  # type: ignore[attr-defined]
        also=tuple(Citation.parse(address) for address in also),  # type: ignore[attr-defined]
        history=tuple(map(str, history)),  # type: ignore[call-overload]
        ground=Ground(str(ground)) if ground else None,
    )  # fmt: skip
    if made.kind not in KINDS:
        raise ValueError(f"kind {made.kind!r}; write one of {', '.join(KINDS)}")
    if made.lang not in ("en", "fr"):
        raise ValueError(f"lang {made.lang!r}; write en or fr")
    if made.answerable == (made.ground is not None):
        raise ValueError("write either `expected` addresses or, where nothing answers it, a `ground`")
    return made


def load(files: Iterable[Path]) -> list[Gold]:
    """The questions of `files`, in order. Raises CorpusError with file and line of every mistake."""
    problems: list[Problem] = []
    questions: list[Gold] = []
    for path in files:
        try:
            lines = path.read_text(encoding="utf-8").split("\n")
        except (OSError, UnicodeDecodeError) as error:
            problems.append(Problem(path, 0, f"cannot be read as UTF-8 text: {error}"))
            continue
        for number, line in enumerate(lines, 1):
            if line.strip():
                try:
                    questions.append(_question(json.loads(line)))
                except (ValueError, KeyError, TypeError, AttributeError) as error:
                    problems.append(
                        Problem(path, number, f"not a gold question ({error}); see eval/gold.py for the form")
                    )
    ids = [question.id for question in questions]
    problems += [Problem(Path("gold"), 0, f"id {id_!r} twice") for id_ in sorted({i for i in ids if ids.count(i) > 1})]
    if problems:
        raise CorpusError(problems)
    return questions
