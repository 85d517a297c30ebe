"""The last evaluation in a few figures, which are kept, read back, and held against the goals."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from eval_samples import RIGHT, WRONG, outcome
from eval_samples import run as made

from eval.evidence import Evidence
from eval.summary import FILE, Goal, Share, Summary, latest, read, summary, write
from ingest.errors import RunError, UsageError

ROOT = Path(__file__).resolve().parent.parent
# Three of four answerable questions rank the right article first, one of them although it is refused.
HALF = Evidence("cets-201/restatement-en", ((0, 10),), ((5, 20),))
FOUR = [
    outcome("a", [RIGHT], confidence=0.95, milliseconds=10, evidence=HALF),
    outcome("b", [RIGHT], confidence=0.95, milliseconds=20),
    outcome("c", [WRONG, RIGHT], confidence=0.85, milliseconds=30),
    outcome("d", [RIGHT], ground="close", confidence=0.15, milliseconds=40),
]
NOTHING = [
    outcome("e", [WRONG], answerable=False, ground="close", confidence=0.05, milliseconds=50),
    outcome("f", [WRONG], answerable=False, ground="off-topic", confidence=0.05, milliseconds=60),
    outcome("g", [WRONG], answerable=False, confidence=0.85, milliseconds=70),
]


@pytest.fixture
def found() -> Summary:
    return summary(made(FOUR + NOTHING, BM25=FOUR + NOTHING))


def test_figures_are_those_of_the_run(found: Summary) -> None:
    assert (found.made, found.version, found.index) == ("2026-11-22", "0.2.0", "gen-0123")
    assert (found.questions, found.answerable) == (7, 4)
    assert [(line.name, line.n, line.first.share, line.fifth.share) for line in found.lines] == [
        ("everyday", 4, 0.75, 1.0), ("language en", 4, 0.75, 1.0), ("source treaty", 4, 0.75, 1.0), ("all", 4, 0.75, 1.0),
    ]  # fmt: skip
    assert found.line("all") == found.lines[-1]
    assert found.line("detail") is None
    assert [(row.ground, row.n, row.refused.share, row.rightly.share) for row in found.refusals] == [
        ("close", 3, 0.6667, 0.3333), ("all", 3, 0.6667, 0.3333),
    ]  # fmt: skip
    assert found.wrongly is not None
    assert (found.wrongly.n, found.wrongly.share) == (4, 0.25)
    # No question expects a place inside an article; 5 of the 10 marked characters are gold.
    assert (found.exact, found.marked) == (None, Share(1, 0.5, None, None))
    assert (found.p50, found.p95) == (40.0, 67.0)
    assert [(band.n, band.confidence, band.share) for band in found.bands] == [
        (2, 0.05, 0.0), (1, 0.15, 1.0), (2, 0.85, 0.5), (2, 0.95, 1.0),
    ]  # fmt: skip
    # Gaps 0.05, 0.85, 0.35 and 0.05 over 2, 1, 2 and 2 of the seven questions.
    assert found.calibration == pytest.approx((2 * 0.05 + 0.85 + 2 * 0.35 + 2 * 0.05) / 7, abs=1e-4)


def test_an_interval_is_that_of_the_report(found: Summary) -> None:
    assert found.lines[0].first == Share(4, 0.75, 0.25, 1.0)
    assert found.lines[0].fifth == Share(4, 1.0, 1.0, 1.0)


def test_only_goals_that_a_question_speaks_of_are_judged(found: Summary) -> None:
    assert [(goal.name, goal.found, goal.met) for goal in found.goals] == [
        ("everyday-en first", 0.75, False), ("everyday-en fifth", 1.0, True), ("close refused", 0.6667, False),
        ("wrongly refused", 0.25, False), ("auroc", 0.875, False), ("touched", 1.0, True), ("calibration", 0.25, False),
        ("p95", 67.0, False),
    ]  # fmt: skip


def test_a_goal_is_met_at_its_bound() -> None:
    assert Goal("x", 0.95, 0.95, most=False).met
    assert not Goal("x", 0.95, 0.9499, most=False).met
    assert Goal("x", 0.02, 0.02, most=True).met
    assert not Goal("x", 0.02, 0.0201, most=True).met


def test_questions_without_answers_only_leave_out_what_they_do_not_tell() -> None:
    found = summary(made(NOTHING))
    assert (found.answerable, found.lines, found.wrongly, found.exact, found.marked) == (0, (), None, None, None)
    assert [goal.name for goal in found.goals] == ["close refused", "calibration", "p95"]


def test_what_is_written_is_read_back(found: Summary, tmp_path: Path) -> None:
    path = tmp_path / FILE
    write(found, path)
    assert read(path) == found
    assert [file.name for file in tmp_path.iterdir()] == [FILE]
    assert json.loads(path.read_text())["form"] == 1
    with pytest.raises(UsageError, match="cannot write the figures"):
        write(found, tmp_path / "nowhere" / FILE)


def test_figures_of_this_machine_come_before_the_shipped_ones(found: Summary, tmp_path: Path) -> None:
    shipped, local = latest(tmp_path)
    assert (shipped.questions, shipped.answerable, local) == (1608, 938, False)
    assert shipped.line("all") is not None
    assert {goal.met for goal in shipped.goals} == {True, False}
    write(found, tmp_path / FILE)
    assert latest(tmp_path) == (found, True)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"form": 2}, "wanted figures of form 1, found form 2"),
        ({"made": "yesterday"}, "holds none"),
        ({"questions": True}, "wanted a count, found True"),
        ({"answerable": 8}, "8 answerable questions of 7"),
        ({"p50": "fast"}, "wanted a number of at least 0, found 'fast'"),
        ({"p95": float("nan")}, "wanted a number"),
        ({"calibration": float("inf")}, "wanted a number"),
        ({"lines": 3}, "holds none"),
        ({"lines": [{"name": "x", "n": 1, "first": None, "fifth": None}]}, "a share of no questions"),
        ({"wrongly": {"n": 1, "share": 2, "low": None, "high": None}}, "wanted a share"),
        ({"goals": [{}]}, "KeyError"),
    ],
)
def test_a_damaged_file_is_told(found: Summary, tmp_path: Path, change: dict[str, object], message: str) -> None:
    path = tmp_path / FILE
    write(found, path)
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(RunError, match=message) as told:
        latest(tmp_path)
    assert f"Delete {str(path)!r}, or measure anew with `basis eval`." in str(told.value)


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff", b"null", b"[" * 100_000])
def test_what_is_no_summary_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(RunError, match="wanted the figures of an evaluation"):
        read(tmp_path / FILE)
    with pytest.raises(UsageError, match="cannot read the figures"):
        read(tmp_path / "nowhere.json")


def test_impossible_figures_cannot_be_made(found: Summary) -> None:
    with pytest.raises(ValueError, match="wanted a share"):
        Share(0, 0.5, None, None)
    with pytest.raises(ValueError, match="answerable questions of"):
        replace(found, questions=0, answerable=0)


def test_reading_figures_loads_nothing_that_measures() -> None:
    heavy = ("scipy", "sklearn", "ir_measures", "torch", "gradio")
    code = f"import sys, ui.shown.quality; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == "[]\n"
