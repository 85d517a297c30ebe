"""How well a text is found, and how often refused, that has none of our lead-in questions, as those that users install:
`python -m eval.leaving_out DATA_FOLDER [INSTRUMENT …]`, or `make leaveout`.

Two ways: a treaty whose lead-in questions are taken out of the index, asked the tuning questions on it, those of all others
stay; and documents installed beside the corpus (`eval.own_texts`, the report part). The shipped adapter was trained on the
corpus with the treaties' questions: for a figure without that, train one without them (`python -m
retriever.learning.adapter OUT --without cets-201`, then `python -m eval.adapter OUT`), put it in the place of
`retriever/embedders/adapter.safetensors` and index anew, then run `make classifier answerability`, as what was learnt for
the shipped adapter is not used with another. Of the report documents it saw nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from eval import gold, own_texts
from eval.gold import Gold
from eval.measures import Outcome, ranking_scores
from eval.report import markdown
from eval.run import measure
from eval.runfile import BASIS
from eval.significance import estimate
from eval.tables import Table, interval
from retriever import drivers
from retriever.assistant import Assistant
from retriever.classifier import Classifier
from retriever.confidence import Calibration
from retriever.index import Generation, open_index
from retriever.learning.classifier import learn
from retriever.ports import Asker
from retriever.search import Searcher
from retriever.words import Words

TREATIES = ("cets-201", "ets-185", "ets-189", "cets-224")
KINDS = ("practitioner", "everyday")


def without(generation: Generation, instrument: str) -> Generation:
    """The index as if nobody had written lead-in questions for the instrument."""
    library = generation.library
    passages, asked = len(library.passages), len(library.lead_ins)
    kept = [n for n, lead_in in enumerate(library.lead_ins) if lead_in.citation.instrument != instrument]
    fewer = replace(library, lead_ins=tuple(library.lead_ins[n] for n in kept))
    rows = np.concatenate(
        [np.arange(passages), passages + np.array(kept, np.int64), np.arange(passages + asked, len(generation.vectors))]
    )
    return replace(generation, library=fewer, vectors=generation.vectors[rows], words=Words.of(fewer))


def searcher_without(generation: Generation, instrument: str, asker: Asker) -> Searcher:
    """A searcher over that index; its classifier, if one is shipped for the embedder, learnt from the other instruments' questions
    only."""
    fewer = without(generation, instrument)
    shipped = Classifier.of(generation.embedder, generation.vectors.shape[1])
    return Searcher(fewer, asker, classifier=learn(fewer.library, fewer.vectors) if shipped.places else shipped)


def _row(name: str, outcomes: Sequence[Outcome]) -> tuple[str, ...]:
    """Of questions that nothing answers it counts only how many are refused, or answered with doubt."""
    refused = tuple(
        interval(estimate(list(map(float, told))))
        for told in ([o.refused for o in outcomes], [not o.sure for o in outcomes])
    )
    if not outcomes[0].gold.answerable:
        return name, str(len(outcomes)), "", "", *refused
    scores = ranking_scores(outcomes)
    return name, str(len(outcomes)), *(interval(estimate(scores[m])) for m in ("success@1", "success@5")), *refused


def _rows(name: str, assistant: Assistant, questions: Sequence[Gold]) -> Iterator[tuple[str, ...]]:
    """A row for each kind of question that is there."""
    outcomes = measure(assistant, questions, progress=False)[BASIS]
    answerable = [o for o in outcomes if o.gold.answerable]
    groups = {
        f"{kind}, English": [o for o in answerable if o.gold.kind == kind and o.gold.lang == "en"] for kind in KINDS
    }
    groups |= {
        f"all, {tongue}": [o for o in answerable if o.gold.lang == lang]
        for lang, tongue in (("en", "English"), ("fr", "French"))
    }
    groups["unanswerable"] = [o for o in outcomes if not o.gold.answerable]
    return (_row(f"{name}, {kind}", group) for kind, group in groups.items() if group)


def leaving_out(data: Path, treaties: Sequence[str] = TREATIES, embedder: str = "sentence") -> Table:
    """For each treaty left out, then for the documents, and for each kind of question: the share with the right article
    first and in the first five, all articles of all texts competing, and the share refused."""
    generation, model = open_index(data, worded=True), drivers.embedder(embedder)
    asker = model.quick(generation.quick)
    tuning = [q for q in gold.load(gold.shipped("tuning")) if q.searched]
    rows: list[tuple[str, ...]] = []
    for treaty in treaties:
        assistant = Assistant(searcher_without(generation, treaty, asker), Calibration.shipped())
        asked = [q for q in tuning if not q.answerable or q.expected[0].instrument == treaty]
        rows += _rows(treaty, assistant, asked)
    with own_texts.installed(data, "report", embedder, Calibration.shipped()) as assistant:
        rows += _rows("documents", assistant, own_texts.questions("report"))
    return Table(
        "Texts without lead-in questions",
        "Tuning questions on a treaty whose lead-in questions were taken out of the index; questions on documents installed "
        "beside the corpus; in %.",
        ("questions", "n", "right article first", "in the first five", "refused", "refused or not sure"), tuple(rows),
    )  # fmt: skip


if __name__ == "__main__":
    print(markdown(leaving_out(Path(sys.argv[1]), sys.argv[2:] or TREATIES)))
