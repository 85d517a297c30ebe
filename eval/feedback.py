"""What people said of answers, one line each in DATA/feedback.jsonl, and gold questions made of it.

    {"question": "…", "history": ["…"], "lang": "en", "cited": ["cets-201/art_23"], "ground": null,
     "verdict": "useful", "time": "2026-11-22T10:00:00+00:00"}

`cited` is what was shown, best first; `ground` is why it was refused, null where it was answered.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from eval import gold
from eval.gold import Gold
from ingest.errors import Problem, UsageError
from ingest.treaty import Citation
from retriever.answer import Answer, Ground, Refusal


class Verdict(StrEnum):
    """What a person said. An answer is useful, of the wrong article, or should have been a refusal; a refusal is useful or
    should have been an answer."""

    USEFUL = "useful"
    WRONG_ARTICLE = "wrong-article"
    SHOULD_HAVE_REFUSED = "should-have-refused"
    SHOULD_HAVE_ANSWERED = "should-have-answered"


ON_ANSWER = (Verdict.USEFUL, Verdict.WRONG_ARTICLE, Verdict.SHOULD_HAVE_REFUSED)
ON_REFUSAL = (Verdict.USEFUL, Verdict.SHOULD_HAVE_ANSWERED)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a person asked and saw: the question, those before it, the language, the citations best first, and the ground
    where it was refused."""

    question: str
    history: tuple[str, ...]
    lang: str
    cited: tuple[Citation, ...]
    ground: Ground | None

    def __post_init__(self) -> None:
        if not self.ground and not self.cited:
            raise ValueError("an answer that cites nothing")
        if self.lang not in ("en", "fr"):
            raise ValueError(f"lang {self.lang!r}; wanted en or fr")

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """What can be said of it."""
        return ON_REFUSAL if self.ground else ON_ANSWER


@dataclass(frozen=True, slots=True)
class Feedback:
    """One verdict on what was shown; `time` is ISO 8601 with its zone."""

    shown: Shown
    verdict: Verdict
    time: str

    def __post_init__(self) -> None:
        if self.verdict not in self.shown.verdicts:
            raise ValueError(f"{self.verdict} said of {'a refusal' if self.shown.ground else 'an answer'}")
        if datetime.datetime.fromisoformat(self.time).tzinfo is None:
            raise ValueError(f"time {self.time!r} without its zone")


def shown(reply: Answer | Refusal, history: Sequence[str] = ()) -> Shown:
    """What a reply shows; `history` are the questions before this one."""
    ground = reply.ground if isinstance(reply, Refusal) else None
    return Shown(reply.question, tuple(history), reply.lang, tuple(hit.citation for hit in reply.hits), ground)


def said(seen: Shown, verdict: Verdict) -> Feedback:
    """The verdict, given now."""
    return Feedback(seen, verdict, datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"))


def append(path: Path, feedback: Feedback) -> None:
    """Add one line to the file, which is made where there is none. Raises UsageError where it cannot be written."""
    seen = feedback.shown
    row = {
        "question": seen.question, "history": list(seen.history), "lang": seen.lang,
        "cited": [str(citation) for citation in seen.cited], "ground": seen.ground, "verdict": feedback.verdict,
        "time": feedback.time,
    }  # fmt: skip
    try:
        with path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    except OSError as error:
        raise UsageError(f"cannot write feedback to {str(path)!r}: {error.strerror}") from error


def _parse(row: dict[str, Any]) -> Feedback:
    if not isinstance(row["question"], str) or not all(isinstance(row[name], list) for name in ("history", "cited")):
        raise ValueError("`question` is a text, `history` and `cited` are lists")
    seen = Shown(
        row["question"], tuple(map(str, row["history"])), str(row["lang"]), tuple(map(Citation.parse, row["cited"])),
        Ground(row["ground"]) if row["ground"] else None,
    )  # fmt: skip
    return Feedback(seen, Verdict(row["verdict"]), str(row["time"]))


def read(path: Path) -> tuple[list[Feedback], list[Problem]]:
    """What was said, in order, and every line that cannot be read. Raises UsageError where there is no such file."""
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise UsageError(f"cannot read the feedback file {str(path)!r}: {error.strerror}") from error
    found: list[Feedback] = []
    damaged: list[Problem] = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                found.append(_parse(json.loads(line.decode("utf-8"))))
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
                damaged.append(Problem(path, number, f"not a line of feedback ({error!r})"))
    return found, damaged


def exported(path: Path) -> bytes:
    """The file as it is, damaged lines too; nothing where there is no file. Raises UsageError where it cannot be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise UsageError(f"cannot read the feedback file {str(path)!r}: {error.strerror}") from error


def clear(path: Path) -> int:
    """Delete the file; returns how many lines it held, damaged ones among them, and 0 where there is no file. Raises
    UsageError where it cannot be deleted."""
    count = sum(bool(line.strip()) for line in exported(path).split(b"\n"))
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(f"cannot delete the feedback file {str(path)!r}: {error.strerror}") from error
    return count


@dataclass(frozen=True, slots=True)
class Harvest:
    """Gold questions; entries of questions whose answer a person has yet to fill in under `expected`; and how many verdicts
    were left out because the same question was judged again later."""

    ready: tuple[Gold, ...]
    to_fill: tuple[dict[str, Any], ...]
    repeated: int


def harvest(said: Sequence[Feedback]) -> Harvest:
    """Gold questions of what people said; of several verdicts on one question and its history the last one counts.

    A useful answer expects its first citation, a useful refusal its ground, what should have been refused the ground
    "close". Of the rest only a person knows the right article.
    """
    last = {(feedback.shown.question, feedback.shown.history): feedback for feedback in said}
    ready, to_fill = [], []
    for number, feedback in enumerate(last.values(), 1):
        seen, useful = feedback.shown, feedback.verdict is Verdict.USEFUL
        ground = seen.ground if useful else None
        if feedback.verdict is Verdict.SHOULD_HAVE_REFUSED:
            ground = Ground.CLOSE
        expected = seen.cited[:1] if useful and not ground else ()
        kind = "unanswerable" if ground else "follow-up" if seen.history else "public"
        row = {
            "id": f"fb-{number:03}", "question": seen.question, "lang": seen.lang, "kind": kind,
            "expected": [str(citation) for citation in expected], "history": list(seen.history),
        } | ({"ground": ground.value} if ground else {})  # fmt: skip
        if expected or ground:
            ready.append(gold.parse(row))
        else:
            to_fill.append(row)
    return Harvest(tuple(ready), tuple(to_fill), len(said) - len(last))


def _write(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(f"cannot write gold questions to {str(path)!r}: {error.strerror}") from error


def write(made: Harvest, out: Path) -> Path:
    """Write the gold questions to `out` and what is to be filled in beside it; returns the path of the second list."""
    beside = out.with_name(f"{out.stem}-to-fill.jsonl")
    _write(out, [gold.plain(question) for question in made.ready])
    _write(beside, made.to_fill)
    return beside
