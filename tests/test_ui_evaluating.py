"""`basis eval` and its verbs on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command import run
from test_eval_feedback import given

from eval.feedback import Verdict, append
from eval.runfile import read


@pytest.fixture(autouse=True)
def settings(hashed_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BASIS_DATA", str(hashed_data))
    monkeypatch.setenv("BASIS_EMBEDDER", "hashing:512")


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    path = tmp_path / "mine.csv"
    path.write_text(
        "id,question,lang,kind,expected,ground\n"
        "a,Article 23 Lanzarote,en,public,cets-201/art_23,\n"
        "b,Article 99 Lanzarote,en,unanswerable,,no-such-provision\n"
    )
    return path


def test_a_run_is_kept_compared_and_reported(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, mine: Path, hashed_data: Path
) -> None:
    kept, html = tmp_path / "run.json", tmp_path / "report.html"
    code, out, _ = run(capsys, "eval", "run", "--gold", str(mine), "--out", str(kept), "--quiet")
    assert code == 0
    assert "| Basis | public | 1 | 100.0 |" in out
    made = read(kept)
    assert made.origin.index == (hashed_data / "index" / "CURRENT").read_text()
    assert made.origin.embedder == "hashing:512"
    assert dict(made.origin.settings) == {"embedder": "hashing:512", "store": "quantised"}
    assert [(o.gold.id, o.ground) for o in made.systems["Basis"]] == [("a", None), ("b", "no-such-provision")]
    code, out, _ = run(capsys, "eval", "compare", str(kept), str(kept))
    assert (code, "0 questions were not in both runs and are left out; 0 changed sides." in out) == (0, True)
    code, out, _ = run(capsys, "eval", "report", str(kept), "--html", str(html))
    assert (code, html.read_text().startswith("<!DOCTYPE html>")) == (0, True)
    assert "### Refusals" in out


def test_options_before_the_verb_hold_too(capsys: pytest.CaptureFixture[str], tmp_path: Path, mine: Path) -> None:
    code, out, err = run(capsys, "eval", "--quiet", "--gold", str(mine), "run", "--sample", "1")
    assert (code, "2 gold questions" in out, err) == (0, True, "")
    code, _, err = run(capsys, "eval", "--data-dir", str(tmp_path), "run", "--gold", str(mine))
    assert (code, "There is no index" in err) == (3, True)


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        (["run", "--gold", "MINE", "--set", "tuning"], 2, "one of the two"),
        (["run", "--gold", "nowhere.jsonl"], 3, "nowhere.jsonl: cannot be read"),
        (["run", "--gold", "MINE", "--sample", "0"], 2, "a sample of at least 1 question"),
        (["run", "--set", "odd"], 2, "invalid choice"),
        (["compare", "nowhere.json", "nowhere.json"], 2, "cannot read the run file"),
        (["compare", "MINE", "MINE"], 3, "which is none"),
        (["report"], 2, "required"),
        (["gold", "nowhere.jsonl", "--out", "x"], 2, "cannot read the feedback file"),
        (["gold", "MINE"], 2, "--out"),
    ],
)
def test_mistakes_are_told_without_a_traceback(
    capsys: pytest.CaptureFixture[str], mine: Path, args: list[str], code: int, message: str
) -> None:
    found, out, err = run(capsys, "eval", *(str(mine) if arg == "MINE" else arg for arg in args))
    assert (found, out) == (code, "")
    assert message in err
    assert "Traceback" not in err


def test_gold_that_expects_what_the_index_lacks_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "mine.jsonl"
    row = {"id": "a", "question": "q q", "lang": "en", "kind": "public", "expected": ["cets-999/art_1"]}
    path.write_text(json.dumps(row))
    code, _, err = run(capsys, "eval", "run", "--gold", str(path), "--quiet")
    assert code == 2
    assert "1 addresses in the gold questions are not in this index, first cets-999/art_1 in question 'a'" in err


def test_feedback_becomes_gold_questions(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    kept, out = tmp_path / "feedback.jsonl", tmp_path / "gold.jsonl"
    append(kept, given("useful", Verdict.USEFUL))
    append(kept, given("wrong", Verdict.WRONG_ARTICLE))
    code, said, _ = run(capsys, "eval", "gold", str(kept), "--out", str(out))
    assert code == 0
    assert "1 gold questions in" in said
    assert "1 questions whose right article was not shown" in said
    with kept.open("a") as file:
        file.write("{\n")
    code, said, _ = run(capsys, "eval", "gold", str(kept), "--out", str(out))
    assert code == 3
    assert "1 damaged lines." in said
    assert "feedback.jsonl:3: not a line of feedback" in said
