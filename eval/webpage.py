"""Runs as one self-contained HTML page: no script, nothing loaded from elsewhere. Everything that is not ours is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from importlib import resources

from eval import plots
from eval.compare import compare
from eval.measures import Outcome, refusal_groups
from eval.reliability import bins, calibration_error, coverage, events
from eval.report import about
from eval.runfile import BASIS, Run
from eval.tables import Table, compared, gave, latency, percent, tables


def _table(table: Table) -> str:
    def cells(row: Sequence[str], tag: str) -> str:
        made = (
            f"<{tag}{'' if place < table.texts else ' class=figure'}>{escape(cell)}</{tag}>"
            for place, cell in enumerate(row)
        )
        return f"<tr>{''.join(made)}</tr>"

    body = "".join(cells(row, "td") for row in table.rows)
    return (
        f"<section><h3>{escape(table.title)}</h3><p>{escape(table.says)}</p><div class=wide><table>"
        f"<thead>{cells(table.columns, 'th')}</thead><tbody>{body}</tbody></table></div></section>"
    )


def _figure(svg: str, title: str, says: str) -> str:
    return f"<figure><h3>{escape(title)}</h3>{svg}<figcaption>{escape(says)}</figcaption></figure>"


def _figures(outcomes: Sequence[Outcome]) -> str:
    """The plots of Basis's outcomes, each with the one sentence that says what it shows."""
    curve, sure = coverage(outcomes), [o.confidence for o in outcomes]
    answerable, first = events(outcomes)
    gaps = [calibration_error(sure, event) for event in (answerable, first)]
    made = [
        _figure(
            plots.risk_coverage(curve), "Risk and coverage",
            "If Basis answered only the questions it is surest of, this share of its answers would be wrong; lower is better, "
            f"and the area under the curve is {curve.area:.3f}.",
        ),
        _figure(
            plots.reliability({"is answerable": bins(sure, answerable), "first article is right": bins(sure, first)}),
            "Is the confidence kept?",
            "Of the questions answered with 70 % confidence, 70 % should come true: the closer to the broken line, the better; "
            f"the mean gap is {percent(gaps[0])} points for “is answerable” and {percent(gaps[1])} for “first article is right”.",
        ),
    ]  # fmt: skip
    if grounds := refusal_groups(outcomes):
        shares = {name: (len(group), sum(o.refused for o in group) / len(group)) for name, group in grounds.items()}
        says = "Of the questions that the sources do not answer, the share that Basis refused, by why it should have."
        made.append(_figure(plots.bars("refusals", shares), "Refusals by ground", says))
    says = "How long one reply took on the machine of this run; the slowest hundredth is not drawn."
    made.append(_figure(plots.histogram(latency(outcomes)), "Time for a reply", says))
    return f'<div class="figures">{"".join(made)}</div>'


def _question(outcome: Outcome) -> str:
    gold = outcome.gold
    wanted = ", ".join(map(str, gold.expected)) or f"refusal ({gold.ground})"
    earlier = "".join(f"<li>{escape(text)}</li>" for text in gold.history)
    cited = "".join(f"<li><code>{escape(str(citation))}</code></li>" for citation in outcome.citations)
    verdict = "right" if outcome.right else "wrong"
    return (
        f"<details><summary><b class={verdict}>{verdict}</b> <code>{escape(gold.id)}</code> {escape(gold.question)}</summary>"
        f"{f'<p>Earlier questions:</p><ol>{earlier}</ol>' if earlier else ''}"
        f"<p>{escape(gold.kind)}, {escape(gold.lang)}. Wanted: <code>{escape(wanted)}</code>. Given: "
        f"<code>{escape(gave(outcome))}</code>, confidence {outcome.confidence:.2f}, {outcome.milliseconds:.0f} ms.</p>"
        f"<ol>{cited}</ol></details>"
    )


def _run(run: Run, title: str) -> str:
    outcomes = run.systems[BASIS]
    files = "".join(f"<li>{escape(name)}: <code>{escape(digest)}</code></li>" for name, digest in run.origin.files)
    right = sum(outcome.right for outcome in outcomes)
    return (
        f"<h2>{escape(title)}</h2><p>{escape(about(run))}</p>"
        f"<details><summary>SHA-256 of the question files</summary><ul>{files}</ul></details>"
        f"{_figures(outcomes)}{''.join(map(_table, tables(run)))}"
        f"<section><h3>Every question</h3><p>{right} of {len(outcomes)} were served rightly: answered with an expected "
        "article first, or refused where nothing answers.</p><details><summary>Show all questions</summary>"
        f"{''.join(map(_question, outcomes))}</details></section>"
    )


def page(runs: Sequence[Run]) -> str:
    """The whole page; of two runs also how the second compares with the first. `runs` holds at least one."""
    parts = []
    if len(runs) == 2:
        found = compare(runs[0], runs[1])
        left = f"{found.left_out} questions were not in both runs and are left out." if found.left_out else ""
        parts.append(f"<h2>What changed</h2><p>{left}</p>{''.join(map(_table, compared(found)))}")
    several = len(runs) > 1
    parts += [_run(run, f"Run {number} of {len(runs)}" if several else "The run") for number, run in enumerate(runs, 1)]
    style = resources.files("eval").joinpath("report.css").read_text(encoding="utf-8")
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>Basis: evaluation</title><style>{style}</style></head><body><h1>Basis: evaluation</h1>"
        "<p>Basis was asked questions whose right answer is known. Shares are in %; figures in brackets are 95 % intervals: "
        f"with other questions of the same kind the share would mostly lie there.</p>{''.join(parts)}</body></html>\n"
    )
