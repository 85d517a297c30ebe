"""Whether a change has made Basis worse than the committed run `eval/baseline.json`, beyond what chance explains.

A measure has fallen where it is at least `MARGIN` below the committed run and the one-sided paired randomisation test gives
p < `ALPHA`. Both are needed: a few questions may go either way without anything being worse, and of many questions a
difference too small to matter would be certain.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import numpy as np

from eval.compare import REFUSED_RIGHTLY, refused
from eval.measures import ranking_scores
from eval.runfile import BASIS, Run, read
from eval.significance import p_value
from ingest.errors import UsageError

MARGIN = 0.02
ALPHA = 0.05
GUARDED = ("success@1", "nDCG@10")


@dataclass(frozen=True, slots=True)
class Verdict:
    """One measure, as committed and now, in [0, 1]; `p` is how likely a fall this large is by chance (1 for a tie)."""

    measure: str
    committed: float
    now: float
    p: float

    @property
    def fallen(self) -> bool:
        # Two points are two points: without the rounding 0.9 - 0.88 would count as less.
        return round(self.committed - self.now, 9) >= MARGIN and self.p < ALPHA

    def __str__(self) -> str:
        said = "has fallen" if self.fallen else "holds"
        return (
            f"{self.measure} {said}: {100 * self.committed:.1f} committed, {100 * self.now:.1f} now, p = {self.p:.3f}"
        )


def committed() -> Run:
    """The run that changes are held against; `make baseline` writes it anew."""
    return read(Path(str(resources.files("eval"))) / "baseline.json")


def _values(run: Run) -> dict[str, list[float]]:
    """The guarded measures, question by question: ranking for the answerable ones, refusal for the others."""
    answerable = [outcome for outcome in run.systems[BASIS] if outcome.gold.answerable]
    rest = [outcome for outcome in run.systems[BASIS] if not outcome.gold.answerable]
    ranked = ranking_scores(answerable)
    values = {name: ranked[name] for name in GUARDED} | {REFUSED_RIGHTLY: refused(rest)}
    return {name: found for name, found in values.items() if found}


def verdicts(before: Run, now: Run) -> list[Verdict]:
    """What has become of each guarded measure. Raises UsageError unless both runs asked the same questions."""
    if before.questions != now.questions:
        raise UsageError(
            f"the committed run asked {len(before.questions)} questions and this one {len(now.questions)} or others; wanted "
            "the same in the same order (`make baseline` commits a new run)"
        )
    held = _values(now)
    return [
        Verdict(name, float(np.mean(old)), float(np.mean(held[name])), p_value(old, held[name], "less"))
        for name, old in _values(before).items()
    ]
