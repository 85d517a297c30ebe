"""Documents as people install them beside the corpus, with questions on them: nothing in the index was written for them.

    eval/documents/training/*.md, training.jsonl what answerability and the adapter learn from
    eval/documents/tuning/*.md, tuning.jsonl     what the confidence is fitted to
    eval/documents/report/*.md, report.jsonl     what figures are reported of

The texts are ours, of countries, clubs and firms that do not exist. Every question that a text answers names the article or
section, of the training ones the paragraph; the others a person who holds the text might well ask, and nothing answers them.
"""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory

from eval import gold
from eval.gold import Gold
from ingest import shelf
from ingest.adding import Facts, document_entry
from ingest.documents import parsing as documents
from ingest.official.parsing import recognise
from ingest.pipeline import ingest
from ingest.reading import read
from ingest.treaty import Entry
from retriever import drivers
from retriever.assistant import Assistant
from retriever.confidence import Calibration
from retriever.index import build, open_index
from retriever.search import Searcher

FOLDER = Path(str(resources.files("eval"))) / "documents"
_TODAY = datetime.date(2026, 11, 22)


def questions(part: str) -> list[Gold]:
    """The questions of `part`, `training`, `tuning` or `report`."""
    return gold.load([FOLDER / f"{part}.jsonl"])


def entries(part: str) -> list[Entry]:
    """The documents of `part`, read as `basis add` reads them; each is called by the name of its file."""
    made = []
    for path in sorted((FOLDER / part).glob("*.md")):
        reading = read(path)
        title = documents.parse(reading, path.stem).title
        lang = recognise(reading, ())[1] or "en"
        made.append(document_entry(reading, Facts(path.stem, title, lang, None, False, ""), _TODAY))
    return made


@contextmanager
def installed(data: Path, part: str, embedder: str, calibration: Calibration) -> Iterator[Assistant]:
    """An assistant over the index below `data` with the documents of `part` added, in a folder that is removed afterwards."""
    model = drivers.embedder(embedder)
    with TemporaryDirectory() as folder:
        beside = Path(folder)
        shutil.copytree(data / "index", beside / "index")
        build(ingest(None, [*shelf.installed(data), *entries(part)]), model, beside)
        generation = open_index(beside)
        yield Assistant(Searcher(generation, model.quick(generation.quick)), calibration)
