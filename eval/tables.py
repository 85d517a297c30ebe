"""The tables of a report, as plain cells: the terminal and the page print the same ones. Shares in %."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eval.compare import WRONGLY_REFUSED, Change, Comparison, refused
from eval.measures import Outcome, exact_places, figures, groups, ranking_scores, refusal_groups
from eval.reliability import calibration_error, coverage, events
from eval.runfile import BASIS, Run
from eval.significance import Estimate, estimate

NONE = "–"


@dataclass(frozen=True, slots=True)
class Table:
    """A title, one sentence that says what is shown, the columns' names, and the rows; the first `texts` columns are words,
    the others figures."""

    title: str
    says: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    texts: int = 1

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"{len(row)} cells under {len(self.columns)} columns: {row}")


def percent(share: float) -> str:
    """`86.2`; a dash for nan."""
    return NONE if math.isnan(share) else f"{100 * share:.1f}"


def interval(found: Estimate) -> str:
    """`86.2 [82.7, 89.7]`."""
    if math.isnan(found.low):
        return percent(found.mean)
    return f"{percent(found.mean)} [{percent(found.low)}, {percent(found.high)}]"


def ranking(run: Run) -> Table:
    """How well each system ranks: Basis for every group of questions, the others for all together."""
    rows = []
    for system, outcomes in run.systems.items():
        named = groups(outcomes)
        for name, group in named.items() if system == BASIS else [("all", named["all"])] if named else []:
            scores = [interval(estimate(values)) for values in ranking_scores(group).values()]
            own = [NONE, NONE]
            if system == BASIS:
                own = [
                    interval(estimate([float(right) for right in exact_places(group)])),
                    interval(estimate(refused(group))),
                ]
            rows.append((system, name, str(len(group)), *scores, *own))
    return Table(
        "Ranking", "How often the right article or output comes first, and how high it ranks; in brackets 95 % intervals.",
        ("system", "questions", "n", "right first", "in first 5", "nDCG@10", "RR@10", "R@5", "exact place", WRONGLY_REFUSED),
        tuple(rows), 2,
    )  # fmt: skip


def refusals(run: Run) -> Table:
    """Questions that nothing answers: how often Basis says so, and on which ground."""
    rows = []
    for ground, group in refusal_groups(run.systems[BASIS]).items():
        right = [float(o.ground == o.gold.ground) for o in group]
        rows.append((ground, str(len(group)), interval(estimate(refused(group))), interval(estimate(right))))
    return Table(
        "Refusals", "Of the questions that the sources do not answer, the share that was refused, by the expected ground.",
        ("unanswerable", "n", "refused", "on the right ground"), tuple(rows),
    )  # fmt: skip


def marked(run: Run) -> Table:
    """The words marked in the first quotation against the expected provisions' own words."""
    found = [o.evidence for o in run.systems[BASIS] if o.evidence]
    columns = {
        "precision": [e.precision for e in found], "recall": [e.recall for e in found],
        "wholly inside": [float(e.within) for e in found], "overlapping": [float(e.overlaps) for e in found],
    }  # fmt: skip
    cells = [interval(estimate(values)) for values in columns.values()]
    return Table(
        "Marked words",
        "Where the first article is right: how much of what is marked belongs to the expected provision, how much of the "
        "provision is marked (in characters), and how often all marks lie inside it or any touches it.",
        ("n", *columns), ((str(len(found)), *cells),) if found else (), 0,
    )  # fmt: skip


def certainty(run: Run) -> Table:
    """What the confidence is worth, and how long a reply takes."""
    outcomes = run.systems[BASIS]
    made, sure = figures(outcomes), [o.confidence for o in outcomes]
    answerable, first = events(outcomes)
    rows = [
        ("confidence: AUROC, answerable against unanswerable", NONE if math.isnan(made.auroc) else f"{made.auroc:.3f}"),
        ("confidence: calibration error, “is answerable”", f"{calibration_error(sure, answerable):.3f}"),
        ("confidence: calibration error, “first article is right”", f"{calibration_error(sure, first):.3f}"),
        ("area under the risk–coverage curve", f"{coverage(outcomes).area:.3f}"),
        ("one reply, warm: p50", f"{made.p50:.1f} ms"),
        ("one reply, warm: p95", f"{made.p95:.1f} ms"),
    ]
    return Table(
        "Confidence and time",
        "Whether a higher confidence means a better answer (AUROC: 1 is perfect, 0.5 is chance; errors and area: 0 is best).",
        ("figure", "value"), tuple(rows),
    )  # fmt: skip


def tables(run: Run) -> list[Table]:
    """All tables of one run; those without a row are left out."""
    made = [ranking(run), refusals(run), marked(run), certainty(run)]
    return [table for table in made if table.rows]


def measures(comparison: Comparison) -> Table:
    """Each measure in both runs, with the difference."""
    rows = []
    for name, found in comparison.measures.items():
        gap = found.difference
        bounds = NONE if math.isnan(gap.low) else f"{100 * gap.low:+.1f} to {100 * gap.high:+.1f}"
        rows.append(
            (name, str(comparison.counts[name]), percent(found.first), percent(found.second), f"{100 * gap.mean:+.1f}",
             bounds, f"{found.p:.3f}", f"{found.wins} / {found.ties} / {found.losses}")
        )  # fmt: skip
    return Table(
        f"{comparison.system}: first and second run",
        "The difference is the second run less the first, with its 95 % interval; p says how likely a difference this large "
        "is by chance alone; won, tied and lost count questions.",
        ("measure", "n", "first", "second", "difference", "95 %", "p", "won / tied / lost"), tuple(rows),
    )  # fmt: skip


def gave(outcome: Outcome) -> str:
    """What came first, or that nothing was answered: `cets-201/art_23`, `refused (close)`."""
    if outcome.refused:
        return f"refused ({outcome.ground})"
    return str(outcome.citations[0]) if outcome.citations else "nothing"


def changes(title: str, found: Sequence[Change]) -> Table:
    """The questions that one run served rightly and the other not."""
    rows = [(c.before.gold.id, c.before.gold.kind, gave(c.before), gave(c.after)) for c in found]
    return Table(
        f"{title} ({len(rows)})", "What each run gave first.", ("question", "kind", "first run", "second run"),
        tuple(rows), 4,
    )  # fmt: skip


def compared(comparison: Comparison) -> list[Table]:
    """All tables of a comparison; those without a row are left out."""
    made = [measures(comparison), changes("Gained", comparison.gained), changes("Lost", comparison.lost)]
    return [table for table in made if table.rows]


def latency(outcomes: Sequence[Outcome]) -> list[float]:
    """Milliseconds for each reply, without the slowest hundredth: one pause of the machine would flatten the histogram."""
    spent = np.array([outcome.milliseconds for outcome in outcomes])
    return [float(value) for value in spent[spent <= np.percentile(spent, 99)]]
