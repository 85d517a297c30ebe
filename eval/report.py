"""A run or a comparison as text for the terminal, which is also valid Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from eval.compare import Comparison
from eval.runfile import Run
from eval.tables import Table, compared, tables


def about(run: Run) -> str:
    """What was measured, in one line."""
    origin = run.origin
    settings = "; ".join(f"{name} {value}" for name, value in origin.settings)
    answerable = sum(question.answerable for question in run.questions)
    return (
        f"{origin.made}: Basis {origin.version}, index {origin.index}, built with {origin.embedder}; {settings}. "
        f"{len(run.questions)} gold questions, {answerable} of them answerable, from {', '.join(n for n, _ in origin.files)}."
    )


def markdown(table: Table) -> str:
    """The table with its title and its sentence."""
    rule = ["---" if place < table.texts else "---:" for place in range(len(table.columns))]
    lines = [f"| {' | '.join(cells)} |" for cells in (table.columns, *table.rows)]
    return "\n".join([f"### {table.title}", "", table.says, "", lines[0], f"|{'|'.join(rule)}|", *lines[1:]])


def _all(made: Sequence[Table]) -> list[str]:
    return [markdown(table) for table in made]


def run_text(run: Run) -> str:
    """All tables of one run."""
    return "\n\n".join([about(run), "Shares in %.", *_all(tables(run))])


def comparison_text(first: Run, second: Run, comparison: Comparison) -> str:
    """Both runs in a line each, the measures, and the questions gained and lost."""
    asked = len(comparison.gained) + len(comparison.lost)
    left = f"{comparison.left_out} questions were not in both runs and are left out; {asked} changed sides."
    return "\n\n".join([f"First: {about(first)}", f"Second: {about(second)}", left, *_all(compared(comparison))])
