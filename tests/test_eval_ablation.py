"""The ablation: every searcher is switched off once, and what is asked is the tuning set."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.ablation import ablation


@pytest.mark.model
def test_each_searcher_is_switched_off_once_and_words_are_missed(real_data: Path) -> None:
    table = ablation(real_data, sample=300)
    rows = {row[0]: row for row in table.rows}
    assert list(rows)[:7] == [
        "all searchers", "without passages", "without lead-ins", "without words", "without spelling", "without rendered",
        "without classifier",
    ]  # fmt: skip
    assert rows["all searchers"][-1] == ""
    ndcg = {name: float(row[3]) for name, row in rows.items()}  # of so few questions success@1 moves by whole ones
    assert ndcg["without words"] < ndcg["all searchers"]
    assert ndcg["fused by reciprocal rank"] < ndcg["all searchers"]
