"""Two runs held against each other on the questions that both were asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eval.measures import Outcome, ranking_scores
from eval.runfile import BASIS, Run
from eval.significance import Paired, paired
from ingest.errors import UsageError

REFUSED_RIGHTLY = "refused rightly"
WRONGLY_REFUSED = "wrongly refused"


@dataclass(frozen=True, slots=True)
class Change:
    """A question that one run served rightly and the other not (`Outcome.right`)."""

    before: Outcome
    after: Outcome


@dataclass(frozen=True, slots=True)
class Comparison:
    """Second run less first. `measures` by name, each over `counts` questions; of "wrongly refused" less is better, and its
    `wins` are where the second run refuses less. `left_out` counts the questions that only one run was asked, or that
    were expected to be answered otherwise."""

    system: str
    measures: dict[str, Paired]
    counts: dict[str, int]
    gained: tuple[Change, ...]
    lost: tuple[Change, ...]
    left_out: int


def refused(outcomes: Sequence[Outcome]) -> list[float]:
    """1 for each question that was refused, else 0."""
    return [float(outcome.refused) for outcome in outcomes]


def _less_is_better(found: Paired) -> Paired:
    return Paired(found.first, found.second, found.difference, found.p, found.losses, found.ties, found.wins)


def _of(run: Run, system: str) -> dict[str, Outcome]:
    if system not in run.systems:
        raise UsageError(
            f"no system {system!r} in the run of {run.origin.made}; wanted one of {', '.join(run.systems)}"
        )
    return {outcome.gold.id: outcome for outcome in run.systems[system]}


def compare(first: Run, second: Run, system: str = BASIS) -> Comparison:
    """Compare what `system` did in the two runs. Raises UsageError where one lacks it, or no question is in both."""
    before, after = _of(first, system), _of(second, system)
    both = [(before[id_], after[id_]) for id_ in before if id_ in after and before[id_].gold == after[id_].gold]
    if not both:
        raise UsageError("the two runs have no question in common; wanted runs of the same gold questions")
    answerable = [pair for pair in both if pair[0].gold.answerable]
    rest = [pair for pair in both if not pair[0].gold.answerable]
    ranked = [ranking_scores([pair[side] for pair in answerable]) for side in (0, 1)]
    measures = {name: paired(values, ranked[1][name]) for name, values in ranked[0].items()} if answerable else {}
    counts = dict.fromkeys(measures, len(answerable))
    if rest:
        measures[REFUSED_RIGHTLY] = paired(refused([a for a, _ in rest]), refused([b for _, b in rest]))
        counts[REFUSED_RIGHTLY] = len(rest)
    if answerable:
        wrongly = paired(refused([a for a, _ in answerable]), refused([b for _, b in answerable]))
        measures[WRONGLY_REFUSED] = _less_is_better(wrongly)
        counts[WRONGLY_REFUSED] = len(answerable)
    return Comparison(
        system, measures, counts,
        tuple(Change(a, b) for a, b in both if b.right and not a.right),
        tuple(Change(a, b) for a, b in both if a.right and not b.right),
        len(before.keys() | after.keys()) - len(both),
    )  # fmt: skip
