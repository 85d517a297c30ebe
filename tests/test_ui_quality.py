"""The view "Quality": plain sentences, tables, missed goals; and what people said, which can be exported and deleted."""

from __future__ import annotations

import argparse
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from eval_samples import run as made
from test_eval_feedback import given
from test_eval_summary import FOUR, NOTHING

from eval.feedback import Verdict, append, clear, exported, read
from eval.gold import KINDS
from eval.runfile import Run
from eval.summary import FILE, GOALS, Band, Goal, Line, Refused, Share, Summary, latest, summary
from eval.summary import read as read_summary
from ingest.errors import UsageError
from retriever.answer import Ground
from ui import evaluating
from ui.settings import Settings
from ui.shown import quality
from ui.shown.quality import LAST, feedback_page, quality_page

HOSTILE = "<script>alert(1)</script> \" onload='x' & **bold** \u202eright to left"
SURE = Share(96, 0.9375, 0.8854, 0.9792)
ALL_OF_THEM = Share(96, 1.0, 1.0, 1.0)
FOUND = Summary(
    "2026-11-01", "0.2.0", "gen-0123", 600, 450,
    (Line("practitioner", 96, SURE, ALL_OF_THEM), Line("language fr", 1, Share(1, 1.0, None, None), Share(1, 1.0, None, None)),
     Line("source output", 96, SURE, SURE), Line("all", 450, Share(450, 0.9978, 0.9, 1.0), Share(450, 0.001, 0.0, 0.1))),
    (Refused("close", 95, Share(95, 0.8526, 0.7789, 0.9161), Share(95, 0.7579, 0.6737, 0.8421)),
     Refused("all", 150, Share(150, 0.8933, 0.84, 0.94), Share(150, 0.7533, 0.68, 0.82))),
    Share(450, 0.0378, 0.02, 0.0556), Share(262, 0.8664, 0.8244, 0.9046), Share(408, 0.9311, 0.9066, 0.9534),
    (Band(375, 0.9774, 0.9813),), 0.0291, 13.09, 22.2,
    (Goal("public first", 0.8, 0.9375, False), Goal("wrongly refused", 0.02, 0.0378, True), Goal("auroc", 0.985, 0.9699, False),
     Goal("p95", 6.0, 22.2, True), Goal("reference first", 1.0, 0.9302, False)),
)  # fmt: skip


class Page(HTMLParser):
    """The tags and attributes of a page, its text, and whether every tag is closed in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return "".join(self.words).replace("\u00a0", "~")

    def rows(self) -> int:
        return sum(tag == "tr" for tag, _ in self.tags)


def well_made(page: str) -> Page:
    """The page, which is closed, runs nothing, and whose tables have captions and scopes."""
    seen = Page(page)
    assert seen.open == []
    assert {name for _, attrs in seen.tags for name in attrs if name.startswith("on") or name == "style"} == set()
    names = [tag for tag, _ in seen.tags]
    assert not {"script", "style", "h1", "h2", "iframe", "img"} & set(names)
    assert names.count("table") == names.count("caption")
    assert all("scope" in attrs for tag, attrs in seen.tags if tag == "th")
    assert all(attrs.get("aria-label") for tag, attrs in seen.tags if tag == "meter")
    return seen


def test_plain_sentences_come_first_in_english() -> None:
    text = well_made(quality_page(FOUND, False, "en")).text
    assert text.startswith(
        "Measured by us on 1 November 2026, not on this machine, with Basis 0.2.0 and the index gen-0123: "
        "600 questions, of which the sources answer 450.\n"
    )
    for sentence in (
        "Of 100 answerable questions like those of practitioners, Basis shows the right article first for 94, and among the first five for 100.",
        # 99.78 and 0.1 of 100: never all, never none, where one question is an exception
        "Of 100 answerable questions of all kinds, Basis shows the right article first for 99, and among the first five for 1.",
        "Of 100 questions that the sources do not answer, it refuses 89.",
        "Of 100 questions that the sources do answer, it refuses 4 wrongly.",
        "that very place is cited for 87 of 100.",
        "of 100 characters marked in a quotation from the right article, 93 belong to the provision that answers.",
        "Half of the replies took at most 13~ms, and 95 of 100 at most 22~ms",
        "Goals reached: 1 of 5; missed: 4.",
        "On average the confidence and what came true lie 2.9 points apart",
    ):
        assert sentence in text
    assert text.index("Of 100 answerable") < text.index("By kind of question")


def test_the_page_speaks_french() -> None:
    text = well_made(quality_page(FOUND, True, "fr")).text
    assert text.startswith(
        "Mesuré sur cette machine le 1er novembre 2026, avec Basis 0.2.0 et l'index gen-0123~: 600 questions"
    )
    assert (
        "Sur 100 questions comme en posent les praticiens et auxquelles les sources répondent, Basis montre le bon article "
        "en tête pour 94, et parmi les cinq premiers pour 100." in text
    )
    assert "93,8~% [88,5~; 97,9]" in text
    assert "Objectifs atteints~: 1 sur 5~; manqués~: 4." in text


def test_the_table_counts_and_says_its_bars_in_words() -> None:
    seen = well_made(quality_page(FOUND, True, "en"))
    meters = [attrs for tag, attrs in seen.tags if tag == "meter"]
    assert len(meters) == 2 * (4 + 2)
    assert meters[0] == {
        "min": "0", "max": "100", "value": "93.8", "aria-label": "as practitioners ask, Right article first: 93.8%",
    }  # fmt: skip
    assert "as practitioners ask96" in seen.text
    assert "93.8% [88.5 – 97.9]" in seen.text
    assert "in French1100.0% 100.0%100.0% 100.0%" in seen.text  # one question has no interval
    assert "97.7%37598.1%" in seen.text


def test_a_missed_goal_is_said_first_and_in_words() -> None:
    text = well_made(quality_page(FOUND, True, "en")).text
    missed = "answerable, but refusedat most 2.0%3.8%missed"
    reached = "as real people put them: right article firstat least 80.0%93.8%reached"
    assert text.index(missed) < text.index(reached)
    assert "at least 0.9850.970missed" in text
    assert "references: right article first100.0%93.0%missed" in text
    assert "time of 95 of 100 repliesat most 6.0~ms22.2~msmissed" in text


def test_a_summary_of_little_is_a_page_all_the_same() -> None:
    bare = replace(FOUND, lines=(), refusals=(), wrongly=None, exact=None, marked=None, bands=(), goals=())
    seen = well_made(quality_page(bare, True, "en"))
    assert "table" not in [tag for tag, _ in seen.tags]
    assert "Of 100" not in seen.text
    assert "Half of the replies" in seen.text


def test_names_of_a_file_made_elsewhere_are_shown_as_text() -> None:
    share = Share(2, 0.5, None, None)
    odd = replace(
        FOUND, version=HOSTILE, index=HOSTILE, lines=(Line(HOSTILE, 2, share, share),),
        refusals=(Refused(HOSTILE, 2, share, share),), goals=(Goal(HOSTILE, 1, 1, False),),
    )  # fmt: skip
    seen = well_made(quality_page(odd, True, "fr"))
    assert seen.text.count(HOSTILE) == 5


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_every_name_of_the_figures_has_words(lang: str) -> None:
    words = quality._WORDS[lang]
    names = {goal for goal, _, _ in GOALS} | set(KINDS) - {"unanswerable"} | {ground.value for ground in Ground}
    names |= {f"source {kind}" for kind in ("treaty", "protocol", "output", "document")}
    assert names - words.keys() == set()
    assert words.keys() == quality._WORDS["en"].keys()
    shipped, _ = latest(Path("nowhere"))
    assert {line.name for line in shipped.lines} <= words.keys()


def test_french_has_no_breaking_space_before_its_signs() -> None:
    texts = quality._WORDS["fr"].values()
    assert [text for text in texts for sign in (" :", " ;", " ?", " !", " %", "« ", " »") if sign in text] == []


def test_verdicts_are_counted_and_the_last_ones_listed() -> None:
    rows = [given(f"question {number}", Verdict.USEFUL) for number in range(30)]
    rows += [given("refused", Verdict.SHOULD_HAVE_ANSWERED, Ground.CLOSE), given("last", Verdict.WRONG_ARTICLE)]
    page = feedback_page(rows, "en", Path("/data/feedback.jsonl"), damaged=2)
    seen = well_made(page)
    assert "kept in /data/feedback.jsonl on the machine that serves this page" in seen.text
    assert "not counted: 2." in seen.text
    assert "Useful30Wrong article1Should have refused0Should have answered1all32" in seen.text
    assert seen.rows() == 1 + 5 + 1 + LAST
    assert "2026-11-22 10:00 UTClastWrong articlecets-201/art_23" in seen.text
    assert "question 12" in seen.text
    assert "question 11" not in seen.text
    assert seen.text.index("last") < seen.text.index("question 29") < seen.text.index("question 12")
    assert '<a class="place" href="?p=cets-201/art_23" data-place="cets-201/art_23">' in page


def test_a_hostile_question_is_shown_as_text() -> None:
    long = "x" * 100_000
    path = Path("/data/<b>feedback.jsonl")
    seen = well_made(feedback_page([given(HOSTILE, Verdict.USEFUL), given(long, Verdict.USEFUL)], "fr", path))
    assert HOSTILE in seen.text
    assert "/data/<b>feedback.jsonl" in seen.text
    assert f"UTC{'x' * 300}…Utile" in seen.text
    asked = [attrs for tag, attrs in seen.tags if attrs.get("class") == "asked"]
    assert asked == [{"class": "asked", "lang": "en", "dir": "auto"}] * 2


def test_without_a_verdict_the_page_says_so() -> None:
    assert "No answer has been judged yet." in well_made(feedback_page([], "en")).text
    assert "Aucune réponse n'a encore été jugée." in well_made(feedback_page([], "fr")).text
    assert "feedback.jsonl (le dossier des données)" in well_made(feedback_page([], "fr")).text


def test_feedback_is_exported_as_it_is_and_deleted(tmp_path: Path) -> None:
    path = tmp_path / "feedback.jsonl"
    assert (exported(path), clear(path)) == (b"", 0)
    append(path, given("one", Verdict.USEFUL))
    with path.open("ab") as file:
        file.write(b"\xff damaged\n\n")
    append(path, given("two", Verdict.USEFUL))
    assert exported(path) == path.read_bytes()
    assert clear(path) == 3
    assert not path.exists()
    append(path, given("three", Verdict.USEFUL))
    assert [feedback.shown.question for feedback in read(path)[0]] == ["three"]
    with pytest.raises(UsageError, match="cannot read the feedback file"):
        clear(tmp_path)


@pytest.mark.parametrize(("gold", "kept"), [([], True), (["mine.csv"], False)])
def test_only_the_report_questions_change_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], gold: list[str], kept: bool
) -> None:
    run = made(FOUR + NOTHING)

    def measured(args: argparse.Namespace, settings: Settings, baselines: bool) -> Run:
        return run

    monkeypatch.setattr(evaluating, "_measured", measured)
    assert evaluating.evaluate(argparse.Namespace(gold=gold), Settings(tmp_path)) == 0
    assert "### Ranking" in capsys.readouterr().out
    assert (tmp_path / FILE).exists() is kept
    if kept:
        assert read_summary(tmp_path / FILE) == summary(run)
