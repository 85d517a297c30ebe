"""How well an instrument is found that has none of our lead-in questions, as a text that a user installs: its questions are
taken out of the index, those of all others stay. `python -m eval.leaving_out DATA_FOLDER [INSTRUMENT …]`, or `make leaveout`.

The tuning set, as in the ablation. The shipped adapter was trained on the corpus with these questions: for a figure without
that, train one without them (`python -m retriever.embedders.training OUT --without cets-201`), put it in the place of
`retriever/embedders/adapter.safetensors` and index anew.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from eval import gold
from eval.gold import Gold
from eval.measures import ranking_scores
from eval.report import markdown
from eval.run import measure
from eval.runfile import BASIS
from eval.significance import estimate
from eval.tables import Table, interval
from retriever import drivers
from retriever.assistant import Assistant
from retriever.confidence import Calibration
from retriever.index import Generation, open_index
from retriever.search import Searcher
from retriever.words import Words

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


def _row(assistant: Assistant, name: str, questions: Sequence[Gold]) -> tuple[str, ...]:
    scores = ranking_scores(measure(assistant, questions, progress=False)[BASIS])
    return name, str(len(questions)), *(interval(estimate(scores[m])) for m in ("success@1", "success@5"))


def leaving_out(data: Path, instruments: Sequence[str], embedder: str = "sentence") -> Table:
    """For each instrument and kind of question the share with the right article first and in the first five, all articles
    of all instruments competing; a kind without questions has no row."""
    generation, model = open_index(data), drivers.embedder(embedder)
    asker = model.quick(generation.quick)
    rows = []
    for instrument in instruments:
        assistant = Assistant(Searcher(without(generation, instrument), asker), Calibration.shipped())
        questions = [
            q for q in gold.load(gold.shipped("tuning"))
            if q.answerable and q.kind != "reference" and q.expected[0].instrument == instrument
        ]  # fmt: skip
        kinds = {
            f"{instrument}, {kind}, English": [q for q in questions if q.kind == kind and q.lang == "en"]
            for kind in KINDS
        }
        kinds |= {
            f"{instrument}, all, {name}": [q for q in questions if q.lang == lang]
            for lang, name in (("en", "English"), ("fr", "French"))
        }
        rows += [_row(assistant, name, asked) for name, asked in kinds.items() if asked]
    return Table(
        "Instruments without lead-in questions",
        "Tuning questions on an instrument whose lead-in questions were taken out of the index, in %.",
        ("questions", "n", "right article first", "in the first five"), tuple(rows),
    )  # fmt: skip


if __name__ == "__main__":
    print(markdown(leaving_out(Path(sys.argv[1]), sys.argv[2:] or ("cets-201", "ets-185", "ets-189", "cets-224"))))
