"""An instrument as if it had no lead-in questions."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from eval.leaving_out import leaving_out, without
from ingest.library import Library
from retriever.index import open_index


def test_only_the_instruments_own_lead_in_questions_go(hashed_data: Path, library: Library) -> None:
    whole = open_index(hashed_data)
    fewer = without(whole, "ets-189")
    gone = [lead_in for lead_in in library.lead_ins if lead_in.citation.instrument == "ets-189"]
    assert len(gone) > 100
    assert set(whole.library.lead_ins) - set(fewer.library.lead_ins) == set(gone)
    assert fewer.library.passages == whole.library.passages
    # Every vector still stands where its text does.
    assert len(fewer.vectors) == len(whole.vectors) - len(gone)
    passages, last = len(library.passages), len(fewer.library.lead_ins) - 1
    at = library.lead_ins.index(fewer.library.lead_ins[last])
    assert np.array_equal(fewer.vectors[passages + last], whole.vectors[passages + at])
    outside = len(library.outside)
    assert np.array_equal(fewer.vectors[-outside:], whole.vectors[-outside:])


def test_the_table_has_a_row_for_each_kind_that_is_asked(hashed_data: Path) -> None:
    made = leaving_out(hashed_data, ["ets-189"], "hashing:512")
    names = [row[0] for row in made.rows]
    assert names[-2:] == ["ets-189, all, English", "ets-189, all, French"]
    found = {row[0]: float(row[3].split(" ")[0]) for row in made.rows}
    # Its restatement alone leads to some of it: not to nothing, and not to all.
    assert 0 < found["ets-189, all, English"] < 100
