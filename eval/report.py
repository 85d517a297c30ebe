"""An evaluation as a table for the terminal (also valid Markdown) and as data."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any

from eval.run import Evaluation


def _percent(share: float) -> str:
    return "–" if math.isnan(share) else f"{100 * share:.1f}"


def as_text(evaluation: Evaluation) -> str:
    """Tables: ranking by kind of question for each system, refusals, latency."""
    lines = [f"Gold questions: {', '.join(evaluation.files)}. Shares in %.", ""]
    lines += ["| system | questions | n | right first | in first 5 | R@5 | nDCG@10 | MRR@10 | exact place | refused |",
              "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|"]  # fmt: skip
    for system, figures in evaluation.figures.items():
        for kind, row in figures.kinds.items():
            shares = (row.first, row.fifth, row.recall_5, row.ndcg_10, row.mrr_10)
            last = (row.exact, row.refused) if system == "Basis" else (float("nan"), float("nan"))
            lines.append(f"| {system} | {kind} | {row.questions} | {' | '.join(map(_percent, shares + last))} |")
    basis = evaluation.figures["Basis"]
    if basis.refusals:
        lines += ["", "| unanswerable | n | refused | on the right ground |", "|---|---:|---:|---:|"]
        lines += [
            f"| {ground} | {n} | {_percent(share)} | {_percent(right)} |"
            for ground, (n, share, right) in basis.refusals.items()
        ]
    lines += ["", f"Confidence, answerable against unanswerable: AUROC {basis.auroc:.3f}."]
    lines.append(f"One reply, warm: p50 {basis.p50:.1f} ms, p95 {basis.p95:.1f} ms.")
    return "\n".join(lines)


def as_data(evaluation: Evaluation) -> dict[str, Any]:
    """The figures, and every question with what Basis and the baselines gave for it."""
    return {
        "files": list(evaluation.files),
        "figures": {system: asdict(figures) for system, figures in evaluation.figures.items()},
        "questions": [
            {
                "id": o.gold.id, "kind": o.gold.kind, "lang": o.gold.lang, "question": o.gold.question,
                "expected": [str(c) for c in o.gold.expected],
                "ground": o.gold.ground.value if o.gold.ground else None,
                "basis": [str(c) for c in o.citations], "refused": o.ground, "confidence": round(o.confidence, 4),
                "milliseconds": round(o.milliseconds, 2),
                **{name: [str(c) for c in rows[at].citations] for name, rows in evaluation.outcomes.items() if name != "Basis"},
            }
            for at, o in enumerate(evaluation.outcomes["Basis"])
        ],
    }  # fmt: skip
