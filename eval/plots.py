"""The plots of a report as inline SVG. The one module that knows matplotlib.

Colours are style-sheet variables of the page around them, so that the plots follow light and dark; ids carry the plot's
name, so that several plots can stand in one page. Same data, same bytes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from html import escape

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from eval.reliability import Bin, Coverage

# Drawn in these colours, each of which then becomes the variable of the page.
_COLOURS = {"#010203": "var(--ink)", "#040506": "var(--accent)", "#070809": "var(--second)", "#0a0b0c": "var(--rule)"}
_INK, _ACCENT, _SECOND, _RULE = _COLOURS
_LOOK = {
    "svg.fonttype": "none", "svg.hashsalt": "basis", "font.family": "sans-serif", "font.size": 10, "text.color": _INK,
    "axes.edgecolor": _RULE, "axes.labelcolor": _INK, "xtick.color": _INK, "ytick.color": _INK, "axes.spines.top": False,
    "axes.spines.right": False, "legend.frameon": False, "axes.grid": True, "grid.color": _RULE, "grid.linewidth": 0.5,
    "axes.axisbelow": True,
}  # fmt: skip
_NO_METADATA = dict.fromkeys(("Creator", "Date", "Format", "Type"))


def _svg(name: str, label: str, draw: Callable[[Axes], None]) -> str:
    """Draw on one pair of axes; `label` is what a screen reader says."""
    with matplotlib.rc_context(_LOOK):
        figure = Figure(figsize=(6.4, 3.6), layout="constrained")
        figure.patch.set_alpha(0)
        axes = figure.add_subplot()
        axes.patch.set_alpha(0)
        draw(axes)
        out = io.StringIO()
        FigureCanvasSVG(figure).print_svg(out, metadata=_NO_METADATA)
    svg = out.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<style[^>]*>.*?</style>", "", svg, flags=re.S)  # it would hold for the whole page
    svg = re.sub(r'(\bid="|href="#|url\(#)', rf"\g<1>{name}-", svg)
    for drawn, variable in _COLOURS.items():
        svg = svg.replace(drawn, variable)
    return svg.replace("<svg", f'<svg role="img" aria-label="{escape(label)}" stroke-linejoin="round"', 1)


def risk_coverage(curve: Coverage) -> str:
    """Share answered (x) against share wrong among the answered (y)."""

    def draw(axes: Axes) -> None:
        axes.plot([100 * share for share in curve.shares], [100 * risk for risk in curve.risks], color=_ACCENT)
        axes.plot([100 * curve.at[0]], [100 * curve.at[1]], "o", color=_SECOND, label="where Basis stands")
        axes.set(xlabel="questions answered, the surest first (%)", ylabel="wrong among them (%)", xlim=(0, 102))
        axes.set_ylim(bottom=0)
        axes.legend(loc="upper left")

    return _svg("risk", f"Risk–coverage curve, area {curve.area:.3f}", draw)


def reliability(curves: Mapping[str, Sequence[Bin]]) -> str:
    """Mean confidence (x) against the share that came true (y), a curve for each event."""

    def draw(axes: Axes) -> None:
        axes.plot([0, 100], [0, 100], "--", color=_INK, linewidth=0.8, label="perfectly kept")
        for (event, bins), colour, mark in zip(curves.items(), (_ACCENT, _SECOND), "os", strict=True):
            x, y = [100 * b.confidence for b in bins], [100 * b.share for b in bins]
            axes.plot(x, y, mark + "-", color=colour, label=event, markersize=4)
        axes.set(xlabel="confidence (%)", ylabel="came true (%)", xlim=(0, 102), ylim=(0, 102))
        axes.legend(loc="upper left")

    return _svg("reliability", "Reliability diagram of the confidence", draw)


def bars(name: str, shares: Mapping[str, tuple[int, float]]) -> str:
    """A horizontal bar for each name: how many questions, and the share."""

    def draw(axes: Axes) -> None:
        names = [f"{name} ({count})" for name, (count, _) in shares.items()]
        drawn = axes.barh(names, [100 * share for _, share in shares.values()], color=_ACCENT, height=0.6)
        axes.bar_label(drawn, fmt="%.0f", padding=3, color=_INK)
        axes.invert_yaxis()
        axes.set(xlabel="refused (%)", xlim=(0, 108))

    return _svg(name, "Share refused, by ground", draw)


def histogram(milliseconds: Sequence[float]) -> str:
    """How many replies took how long."""

    def draw(axes: Axes) -> None:
        axes.hist(milliseconds, bins=30, color=_ACCENT)
        axes.set(xlabel="milliseconds for one reply", ylabel="questions")

    return _svg("latency", "Histogram of the time for one reply", draw)
