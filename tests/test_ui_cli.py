"""The command's contract: output, order and exit codes, whatever the input holds."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest
from command import run

from ingest.corpus_file import corpus_folder
from ui import shelving
from ui.cli import parser
from ui.settings import Settings
from ui.shelving import made_from

KEYS = {"id", "question", "status", "reason", "confidence", "hits", "latency_ms"}
HIT_KEYS = {
    "rank",
    "score",
    "citation",
    "label",
    "instrument",
    "expression",
    "quote",
    "evidence",
    "binding",
    "checked",
    "url",
}


@pytest.fixture(autouse=True)
def settings(hashed_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BASIS_DATA", str(hashed_data))
    monkeypatch.setenv("BASIS_EMBEDDER", "hashing:512")


def test_ask_answers_in_json_with_every_promised_entry(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "ask", "Article 20(1)(e) Lanzarote", "--json", "-k", "2")
    reply = json.loads(out)
    assert code == 0
    assert set(reply) >= KEYS
    assert reply["status"] == "answered"
    assert reply["reason"] is None
    assert len(reply["hits"]) == 2
    hit = reply["hits"][0]
    assert set(hit) >= HIT_KEYS
    assert (hit["rank"], hit["citation"], hit["instrument"]) == (1, "cets-201/art_20__para_1__point_e", "cets-201")
    assert hit["label"] == "Lanzarote Convention (CETS No. 201), Article 20, paragraph 1, point e"
    assert (hit["expression"], hit["binding"], hit["checked"]) == ("restatement-en", True, True)
    assert hit["url"] == "https://rm.coe.int/1680084822"
    assert [hit["quote"][a:b] for a, b in hit["evidence"]] == ["the possession of child pornography;"]


def test_the_second_protocol_is_marked_as_not_binding(capsys: pytest.CaptureFixture[str]) -> None:
    hit = json.loads(run(capsys, "ask", "CETS 224 art 7", "--json")[1])["hits"][0]
    assert (hit["citation"], hit["binding"], hit["in_force"]) == ("cets-224/art_7", False, None)


def test_a_refusal_exits_with_1_and_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "ask", "Article 99 Lanzarote")
    assert code == 1
    assert out.startswith("Not covered. There is no “Article 99” in these sources.")


def test_ask_as_text_quotes_and_says_that_it_is_a_restatement(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "ask", "Article 13 Lanzarote")
    assert code == 0
    assert "1. Lanzarote Convention (CETS No. 201), Article 13 – Helplines" in out
    assert "not the official text" in out


def test_a_batch_answers_every_line_in_order_whatever_it_holds(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    lines = [
        json.dumps({"id": "plain", "question": "Article 23 Lanzarote"}),
        "",
        "not json",
        json.dumps({"id": "long", "question": "x" * 100_000}),
        json.dumps({"id": "emoji", "question": "🙂🙂🙂"}),
        json.dumps({"id": "html", "question": "<script>alert('Article 9')</script> Budapest"}),
        json.dumps(["a", "list"]),
        json.dumps({"id": 7, "question": 12}),
        json.dumps({"id": "follow", "question": "and Article 24?", "history": ["Article 23 Lanzarote"], "lang": "en"}),
        json.dumps({"id": "bad history", "question": "q q", "history": "no list"}),
        '{"id": "half", "question": "child \\ud800 data"}',
        json.dumps({"id": "line separator", "question": "one\u2028two \u0085 three data"}, ensure_ascii=False),
        json.dumps({"id": None, "question": " "}),
        "[" * 5000,
    ]
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    code, out, _ = run(capsys, "ask", "--batch", str(path), "--json")
    replies = [json.loads(line) for line in out.strip("\n").split("\n")]
    assert code == 0
    assert len(replies) == len(lines)
    assert [r["id"] for r in replies] == [
        "plain", None, None, "long", "emoji", "html", None, 7, "follow", "bad history", "half", "line separator", None, None,
    ]  # fmt: skip
    for reply in replies:
        assert set(reply) >= KEYS
        assert (reply["status"] == "refused") == (reply["reason"] is not None)
        assert 0 <= reply["confidence"] <= 1
        assert len(reply["hits"]) <= 10
    assert replies[0]["hits"][0]["citation"] == "cets-201/art_23"
    assert replies[8]["hits"][0]["citation"] == "cets-201/art_24"
    assert replies[3]["question"] == "x" * 100_000
    assert "not JSON" in replies[2]["reason"]
    assert len(replies[3]["hits"]) == 10, "the nearest are shown with a refusal as well"


def test_the_instrument_filter(capsys: pytest.CaptureFixture[str]) -> None:
    hits = json.loads(
        run(
            capsys,
            "ask",
            "racist material and images of a child",
            "--json",
            "--instrument",
            "ets-185",
            "--instrument",
            "ets-189",
        )[1]
    )["hits"]
    assert {hit["instrument"] for hit in hits} == {"ets-185", "ets-189"}


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["ask"], "wanted a QUESTION or --batch FILE"),
        (["ask", "q", "--batch", "f", "--json"], "one of the two"),
        (["ask", "--batch", "nowhere.jsonl", "--json"], "cannot read the batch file 'nowhere.jsonl'"),
        (["ask", "--batch", "f"], "add --json"),
        (["ask", "q q", "--instrument", "cets-999"], "no instrument 'cets-999'; wanted one of"),
        (["ask", "q", "-k", "0"], "wanted a whole number from 1 on, found '0'"),
        (["show", "cets-201/art_99"], "no provision cets-201/art_99"),
        (["show", "nonsense"], "wanted an address as cets-201/art_20__para_1"),
        (["serve", "--port", "99999"], "wanted a port from 1 to 65535"),
        (["frobnicate"], "invalid choice"),
        ([], "the following arguments are required"),
    ],
)
def test_usage_mistakes_exit_with_2_and_say_what_was_wanted(
    capsys: pytest.CaptureFixture[str], args: list[str], message: str
) -> None:
    code, out, err = run(capsys, *args)
    assert code == 2
    assert message in err
    assert "Traceback" not in err
    assert out == ""


def test_a_missing_index_exits_with_3_and_names_the_remedy(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, _, err = run(capsys, "ask", "q q", "--data-dir", str(tmp_path / "empty"))
    assert code == 3
    assert "Run `basis index`" in err


def test_index_builds_and_a_second_run_embeds_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, _ = run(capsys, "index", "--json", "--data-dir", str(tmp_path))
    first = json.loads(out)
    assert (code, first["instruments"] >= 94, first["reused"]) == (0, True, 0)
    manifest = Path(first["folder"]) / "manifest.json"
    written = manifest.stat().st_mtime_ns
    second = json.loads(run(capsys, "index", "--json", "--data-dir", str(tmp_path))[1])
    assert (second["embedded"], second["reused"]) == (0, first["embedded"])
    same = ("instruments", "articles", "passages", "lead_ins", "folder")
    assert [second[name] for name in same] == [first[name] for name in same]
    assert manifest.stat().st_mtime_ns == written


@pytest.mark.parametrize("changed", ["installed", "corpus", "no corpus", "model", "code"])
def test_an_index_is_built_anew_where_anything_that_it_is_made_of_has_changed(
    tmp_path: Path, changed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(tmp_path / "data", "hashing:64")
    corpus = tmp_path / "corpus"
    shutil.copytree(corpus_folder(), corpus, ignore=shutil.ignore_patterns("__pycache__"))
    before = made_from(settings, corpus)
    assert made_from(settings, corpus) == before
    if changed == "installed":
        (tmp_path / "data" / "documents" / "act").mkdir(parents=True)
        (tmp_path / "data" / "documents" / "act" / "document-en.json").write_text("{}")
    elif changed == "corpus":
        (corpus / "glossary.yaml").write_text((corpus / "glossary.yaml").read_text() + "\n")
    elif changed == "no corpus":
        corpus, before = tmp_path / "nowhere", made_from(settings)
    elif changed == "code":
        shutil.copytree(files("retriever"), tmp_path / "retriever", ignore=shutil.ignore_patterns("__pycache__"))
        (tmp_path / "retriever" / "words.py").write_text("")
        monkeypatch.setattr(shelving, "files", lambda name: tmp_path / name if name == "retriever" else files(name))
    else:
        settings = replace(settings, embedder="hashing:128")
    assert made_from(settings, corpus) != before


def test_a_wrong_corpus_exits_with_3_and_names_file_and_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "corpus" / "x").mkdir(parents=True)
    (tmp_path / "corpus" / "x" / "instrument.yaml").write_text("id: x\nkind: song\n")
    code, _, err = run(capsys, "index", "--corpus", str(tmp_path / "corpus"), "--data-dir", str(tmp_path))
    assert code == 3
    assert "instrument.yaml:2: found 'song'; write one of treaty, protocol" in err


def test_show_prints_a_provision_by_address_or_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "show", "cets-201/art_20__para_1__point_e")
    assert code == 0
    assert "e. the possession of child pornography;" in out
    assert "checked 2026-11-21 against" in out
    by_name = json.loads(run(capsys, "show", "Art. 9(3) Budapest", "--json")[1])
    assert by_name["citation"] == "ets-185/art_9__para_3"
    assert by_name["headings"][0] == "Chapter II – Measures to be taken at the national level"


def test_show_tells_what_is_known_of_an_output_and_what_relates_to_an_article(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, _ = run(capsys, "show", "lc-op-2015-grooming")
    assert code == 0
    assert "facts     opinion; 2015-06-17; not binding; T-ES(2015)04_en final; en; known on 2026-05-01" in out
    assert "interprets cets-201/art_23" in out
    assert "issued by lc\n" in out
    out = run(capsys, "show", "cets-201/art_23")[1]
    assert "interpreted by " in out
    assert "lc-op-2015-grooming" in out
    assert "facts" not in out
    shown = json.loads(run(capsys, "show", "lc-op-2015-grooming/statement_1", "--json")[1])
    assert (shown["status"], shown["checked"], shown["source"]["as_of"]) == ("checked", True, "2015-06-17")
    paged = json.loads(run(capsys, "show", "lc-op-2015-grooming/statement_12", "--json")[1])
    assert (paged["status"], paged["checked"]) == ("sourced", False), "a page about a document is not its text"
    asked = json.loads(
        run(capsys, "ask", "does the committee think grooming without a physical meeting should be a crime", "--json")[
            1
        ]
    )
    assert {hit["checked"] for hit in asked["hits"] if hit["status"] == "sourced"} == {False}


def test_a_word_of_the_glossary_is_told_in_either_language_and_an_unknown_one_exits_with_1(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, _ = run(capsys, "glossary", "double criminality", "--json")
    assert code == 0
    assert "ets-185" in out
    assert "les traités" in run(capsys, "glossary", "sexting", "--lang", "fr")[1]
    code, out, _ = run(capsys, "glossary", "zebra")
    assert code == 1
    assert "No entry for 'zebra'" in out


def test_a_checklist_is_arranged_and_what_is_not_covered_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "checklist", "Article 20 Lanzarote", "--json")
    assert code == 0
    assert json.loads(out)["rows"][0]["row"] == "offence"
    assert run(capsys, "checklist", "??")[0] == 1


def test_the_doctor_finds_a_sound_corpus_and_a_missing_index(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code, out, _ = run(capsys, "doctor")
    assert code == 0, out
    assert "Lanzarote Convention (CETS No. 201); in force since 2010-07-01" in out
    code, out, _ = run(capsys, "doctor", "--data-dir", str(tmp_path))
    assert code == 3
    assert "FAIL  index: There is no index" in out


def test_every_command_has_help(capsys: pytest.CaptureFixture[str]) -> None:
    verbs = next(action.choices for action in parser()._actions if action.choices)
    assert list(verbs) == [
        "ask",
        "show",
        "index",
        "serve",
        "eval",
        "doctor",
        "add",
        "list",
        "remove",
        "fetch",
        "glossary",
        "checklist",
        "check",
        "mcp",
    ]  # type: ignore[arg-type]
    for verb in verbs:  # type: ignore[union-attr]
        code, out, _ = run(capsys, verb, "--help")
        assert code == 0
        assert "--data-dir" in out
