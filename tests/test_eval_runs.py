"""Run files, statistics, comparisons and reports, against values worked out by hand."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import pytest
from eval_samples import ORIGIN, RIGHT, WRONG, outcome, run

from eval.compare import compare
from eval.evidence import Evidence, evidence, merged
from eval.gold import Gold
from eval.reliability import bins, calibration_error, coverage
from eval.report import comparison_text, run_text
from eval.runfile import Run, read, write
from eval.significance import estimate, p_value, paired
from eval.webpage import page
from ingest.errors import RunError, UsageError
from ingest.treaty import Citation
from retriever.assistant import Assistant

MARKED = Evidence("cets-201/restatement-en", ((10, 20), (30, 40)), ((15, 25), (30, 50)))


def test_evidence_is_judged_by_characters() -> None:
    assert MARKED.common == 5 + 10
    assert MARKED.precision == pytest.approx(15 / 20)
    assert MARKED.recall == pytest.approx(15 / 30)
    assert (MARKED.within, MARKED.overlaps) == (False, True)
    inside = Evidence("x", ((31, 40),), ((30, 50),))
    assert (inside.within, inside.overlaps, inside.precision) == (True, True, 1.0)
    beside = Evidence("x", ((50, 60),), ((30, 50),))
    assert (beside.within, beside.overlaps, beside.precision, beside.recall) == (False, False, 0.0, 0.0)
    nothing = Evidence("x", (), ((30, 50),))
    assert (nothing.within, nothing.precision, nothing.recall) == (False, 0.0, 0.0)


def test_spans_out_of_order_are_not_evidence() -> None:
    with pytest.raises(ValueError, match="overlapping"):
        Evidence("x", ((0, 5), (4, 6)), ((1, 2),))
    with pytest.raises(ValueError, match="at least one gold span"):
        Evidence("x", (), ())


def test_gold_spans_are_the_own_words_of_the_expected_provision(hashed: Assistant) -> None:
    hit = hashed.ask("Article 20(1)(e) Lanzarote").hits[0]

    def asked(*expected: str) -> Gold:
        return Gold("a", "q", "en", "detail", tuple(map(Citation.parse, expected)), (), (), None)

    text = hit.quote.source.text
    point = evidence(hit, asked("cets-201/art_20__para_1__point_e"))
    assert point is not None
    assert [text[a:b] for a, b in point.gold] == ["the possession of child pornography;"]
    assert (point.precision, point.recall, point.within) == (1.0, 1.0, True)
    other = evidence(hit, asked("cets-201/art_20__para_1__point_a", "ets-185/art_9"))
    assert other is not None
    assert (len(other.gold), other.precision, other.overlaps) == (1, 0.0, False)
    paragraph = evidence(hit, asked("cets-201/art_20__para_1"))
    assert paragraph is not None
    assert len(paragraph.gold) == 7, "the opening words and the points a to f"
    assert paragraph.within
    assert evidence(hit, asked("ets-185/art_9")) is None


def test_merged_spans_keep_those_that_only_touch_apart() -> None:
    assert merged([(3, 5), (0, 3), (4, 9)]) == ((0, 3), (3, 9))


def test_a_run_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    outcomes = [
        outcome("a", [RIGHT, WRONG], evidence=MARKED), outcome("b", [], False, "off-topic", 0.25),
        outcome("c", [WRONG], question="« Où ? » \u2028"),
    ]  # fmt: skip
    made = run(outcomes, BM25=outcomes[::-1][::-1])
    path = tmp_path / "run.json"
    write(made, path)
    assert read(path) == made
    first = path.read_bytes()
    write(read(path), path)
    assert path.read_bytes() == first
    assert [each.name for each in tmp_path.iterdir()] == ["run.json"]
    assert json.loads(first)["files"] == {"mine.jsonl": "ab" * 32}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda data: data.update(form=99), "wanted a run file of form 1, found form 99"),
        (lambda data: data.pop("form"), "which is none"),
        (lambda data: data["systems"].pop("Basis"), "no system 'Basis'"),
        (lambda data: data["systems"]["Basis"].pop(), "damaged"),
        (lambda data: data["systems"]["Basis"][0].update(id="z"), "wanted the outcome of a, found that of z"),
        (lambda data: data["systems"]["Basis"][0].update(confidence=1.5), "out of range"),
        (lambda data: data["systems"]["Basis"][0].update(milliseconds=float("nan")), "out of range"),
        (lambda data: data["systems"]["Basis"][0].update(citations=["Article 1"]), "damaged"),
        (lambda data: data["systems"]["Basis"][0]["evidence"].update(shown=[[5, 3]]), "damaged"),
        (lambda data: data["questions"][0].update(kind="odd"), "write one of"),
    ],
)
def test_a_damaged_run_file_is_refused_with_a_remedy(tmp_path: Path, change: object, message: str) -> None:
    path = tmp_path / "run.json"
    write(run([outcome("a", [RIGHT], evidence=MARKED), outcome("b", [WRONG])]), path)
    data = json.loads(path.read_text())
    change(data)  # type: ignore[operator]
    path.write_text(json.dumps(data))
    with pytest.raises(RunError, match=message) as raised:
        read(path)
    assert "basis eval run --out FILE" in str(raised.value)


def test_a_missing_or_foreign_file_is_no_run(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot read the run file"):
        read(tmp_path / "nowhere.json")
    (tmp_path / "cut.json").write_text('{"form": 1,')
    (tmp_path / "list.json").write_text("[]")
    for name in ("cut.json", "list.json"):
        with pytest.raises(RunError, match="which is none"):
            read(tmp_path / name)


def test_systems_of_a_run_answer_the_same_questions() -> None:
    with pytest.raises(ValueError, match="not asked the same questions"):
        Run(ORIGIN, {"Basis": (outcome("a", []),), "BM25": (outcome("b", []),)})


def test_an_interval_holds_the_mean_and_narrows_with_more_questions() -> None:
    few, many = estimate([0, 1] * 10), estimate([0, 1] * 200)
    assert few.mean == many.mean == 0.5
    # normal approximation: 1.96 * 0.5 / sqrt(n)
    assert (few.low, few.high) == (pytest.approx(0.5 - 0.219, abs=0.05), pytest.approx(0.5 + 0.219, abs=0.05))
    assert (many.low, many.high) == (pytest.approx(0.451, abs=0.01), pytest.approx(0.549, abs=0.01))
    assert estimate([1.0, 1.0]).low == 1.0
    assert math.isnan(estimate([1.0]).low)
    assert math.isnan(estimate([]).mean)


def test_the_randomisation_test_counts_the_swaps() -> None:
    """Five questions won and none lost: of the 2 ** 5 ways to swap, two are as extreme, one in the one direction."""
    first, second = [0.0] * 5 + [1.0] * 20, [1.0] * 25
    assert p_value(first, second) == pytest.approx(2 / 32)
    assert p_value(second, first, "less") == pytest.approx(1 / 32)
    assert p_value(second, first, "greater") == pytest.approx(1.0)
    assert p_value(first, first) == 1.0
    assert (p_value([0.0, 1.0], [1.0, 1.0]), p_value([0.0, 1.0], [1.0, 1.0], "greater")) == (1.0, 0.5)
    found = paired(first, second)
    assert (found.first, found.second, found.difference.mean) == (0.8, 1.0, pytest.approx(0.2))
    assert (found.wins, found.ties, found.losses) == (5, 20, 0)
    with pytest.raises(ValueError, match="as many values"):
        paired([1.0], [])


BEFORE = run(
    [
        outcome("kept", [RIGHT]), outcome("gained", [WRONG, RIGHT]), outcome("lost", [RIGHT]),
        outcome("refused now", [RIGHT]), outcome("close", [], False, "close"), outcome("only before", [RIGHT]),
    ]
)  # fmt: skip
AFTER = run(
    [
        outcome("kept", [RIGHT]), outcome("gained", [RIGHT, WRONG]), outcome("lost", [WRONG]),
        outcome("refused now", [RIGHT], ground="close"), outcome("close", [RIGHT], False), outcome("only after", [RIGHT]),
    ]
)  # fmt: skip


def test_a_comparison_tells_differences_gains_and_losses() -> None:
    found = compare(BEFORE, AFTER)
    assert found.left_out == 2
    first = found.measures["success@1"]
    assert (first.first, first.second, first.wins, first.ties, first.losses) == (0.75, 0.75, 1, 2, 1)
    assert found.measures["success@5"].second == 0.75
    rightly = found.measures["refused rightly"]
    assert (rightly.first, rightly.second, rightly.losses, found.counts["refused rightly"]) == (1.0, 0.0, 1, 1)
    wrongly = found.measures["wrongly refused"]
    assert (wrongly.first, wrongly.second, wrongly.wins, wrongly.losses) == (0.0, 0.25, 0, 1)
    assert [change.before.gold.id for change in found.gained] == ["gained"]
    assert [change.before.gold.id for change in found.lost] == ["lost", "refused now", "close"]
    text = comparison_text(BEFORE, AFTER, found)
    assert "2 questions were not in both runs and are left out; 4 changed sides." in text
    assert f"| refused now | everyday | {RIGHT} | refused (close) |" in text
    assert f"| close | unanswerable | refused (close) | {RIGHT} |" in text


def test_runs_without_a_common_question_or_system_are_not_compared() -> None:
    with pytest.raises(UsageError, match="no question in common"):
        compare(run([outcome("a", [])]), run([outcome("b", [])]))
    with pytest.raises(UsageError, match="no system 'BM25'"):
        compare(BEFORE, AFTER, "BM25")


def test_the_risk_coverage_curve_spreads_errors_among_equally_sure_replies() -> None:
    outcomes = [
        outcome("a", [RIGHT], confidence=0.9), outcome("b", [WRONG], confidence=0.5), outcome("c", [RIGHT], confidence=0.5),
        outcome("d", [WRONG], False, "close", confidence=0.1),
    ]  # fmt: skip
    curve = coverage(outcomes)
    assert curve.shares == (0.25, 0.5, 0.75, 1.0)
    assert curve.risks == pytest.approx((0, 0.5 / 2, 1 / 3, 2 / 4))
    assert curve.area == pytest.approx((0 + 0.25 + 1 / 3 + 0.5) / 4)
    assert curve.at == pytest.approx((0.75, 1 / 3))
    assert coverage(outcomes[::-1]).risks == pytest.approx(curve.risks)


def test_the_calibration_error_is_the_weighted_gap() -> None:
    sure, true = [0.05, 0.72, 0.78, 1.0], [False, True, False, True]
    found = bins(sure, true)
    assert [(b.count, b.confidence, b.share) for b in found] == [
        (1, pytest.approx(0.05), 0.0), (2, pytest.approx(0.75), 0.5), (1, 1.0, 1.0),
    ]  # fmt: skip
    assert calibration_error(sure, true) == pytest.approx((0.05 + 2 * 0.25 + 0) / 4)


def test_the_report_states_every_figure_and_its_interval() -> None:
    text = run_text(BEFORE)
    assert "6 gold questions, 5 of them answerable, from mine.jsonl" in text
    assert re.search(r"\| Basis \| all \| 5 \| 80\.0 \[\d+\.\d, 100\.0\] \|", text)
    assert "| close | 1 | 100.0 | 100.0 |" in text
    assert "p50 | 10.0 ms |" in text


def test_the_page_is_whole_escaped_and_asks_nobody() -> None:
    hostile = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    before = run([outcome("a", [RIGHT], question=hostile, evidence=MARKED), outcome("n", [], False, "close")])
    after = run([outcome("a", [WRONG], question=hostile), outcome("n", [], False, "close")])
    html = page([before, after])
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    for forbidden in ("<script", "<img", "@import", "<link", "#010203"):
        assert forbidden not in html
    loaded = re.findall(r'(?:src|href)="([^"]+)"', html) + re.findall(r"url\(([^)]+)\)", html)
    assert loaded
    assert [address for address in loaded if not address.startswith("#")] == []
    assert html.count("<svg") == html.count("<figcaption>") == 8
    assert "Lost (1)" in html
    assert page([before, after]) == html
    assert "What changed" not in page([before])
