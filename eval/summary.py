"""The last evaluation in a few figures: what the page shows of it to people who read no tables.

`basis eval` writes it to DATA/quality.json; a copy of ours is shipped as eval/quality.json, for where nothing was measured
yet. One JSON object, whose entries are those of `Summary`; shares are in [0, 1], and what is not known is null.
"""

from __future__ import annotations

import dataclasses
import datetime
import json
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.errors import RunError, UsageError

# The page reads figures and never makes them: what measures (scipy, scikit-learn, ir-measures) is imported where it is used.
if TYPE_CHECKING:
    from eval.measures import Outcome
    from eval.runfile import Run

FORM = 1
FILE = "quality.json"
ALL = "all"
# What the figures are held against, missed or not: the goal's name, the figure wanted, and whether that is the most allowed
# instead of the least. `beyond` are questions that a Protocol or an output answers; `touched`: the marked words touch the
# expected provision.
GOALS = (
    ("practitioner-en first", 0.95, False), ("practitioner-en fifth", 0.99, False),
    ("everyday-en first", 0.95, False), ("everyday-en fifth", 0.99, False),
    ("fr first", 0.92, False), ("fr fifth", 0.99, False),
    ("follow-up first", 0.90, False), ("follow-up fifth", 0.99, False),
    ("reference first", 1.0, False), ("reference fifth", 1.0, False),
    ("beyond first", 0.92, False), ("beyond fifth", 0.98, False),
    ("public first", 0.80, False), ("public fifth", 0.95, False),
    ("off-topic refused", 1.0, False), ("close refused", 0.92, False), ("wrongly refused", 0.02, True),
    ("auroc", 0.985, False), ("exact", 0.90, False), ("touched", 0.95, False), ("calibration", 0.05, True),
    ("p95", 6.0, True),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Share:
    """A mean share of `n` questions with its 95 % interval, all in [0, 1]; the bounds are None for fewer than two."""

    n: int
    share: float
    low: float | None
    high: float | None

    def __post_init__(self) -> None:
        if self.n < 1 or not all(0 <= value <= 1 for value in (self.share, self.low, self.high) if value is not None):
            raise ValueError(f"wanted a share in [0, 1] of at least 1 question, found {self}")


@dataclass(frozen=True, slots=True)
class Line:
    """Answerable questions of one group (`all`, a kind, `language en`, `source treaty`): how many, and the share with an
    expected article first and among the first five."""

    name: str
    n: int
    first: Share
    fifth: Share


@dataclass(frozen=True, slots=True)
class Refused:
    """Unanswerable questions by the ground that is right (or `all`): the share refused, and refused on that ground."""

    ground: str
    n: int
    refused: Share
    rightly: Share


@dataclass(frozen=True, slots=True)
class Band:
    """Questions whose confidence lies in one tenth of [0, 1]: how many, their mean confidence, the share answerable."""

    n: int
    confidence: float
    share: float


@dataclass(frozen=True, slots=True)
class Goal:
    """One of `GOALS` beside what was found. Shares in [0, 1], `p95` in milliseconds."""

    name: str
    wanted: float
    found: float
    most: bool

    @property
    def met(self) -> bool:
        return self.found <= self.wanted if self.most else self.found >= self.wanted


@dataclass(frozen=True, slots=True)
class Summary:
    """One evaluation: the day it was made (ISO 8601), Basis's version, the index's generation (its name is a digest of what
    is in it), how many questions were asked and how many of them the sources answer.

    `wrongly`: answerable questions that were refused. `exact`: where the right article is first and a place inside it is
    expected, that very place was cited. `marked`: the share of the marked words that belong to the expected provision.
    `calibration`: the mean gap between the confidence and the share of questions that are answerable, 0 is best. `p50`
    and `p95`: milliseconds for a whole reply, warm. Whatever no question speaks of is None or left out.
    """

    made: str
    version: str
    index: str
    questions: int
    answerable: int
    lines: tuple[Line, ...]
    refusals: tuple[Refused, ...]
    wrongly: Share | None
    exact: Share | None
    marked: Share | None
    bands: tuple[Band, ...]
    calibration: float
    p50: float
    p95: float
    goals: tuple[Goal, ...]

    def __post_init__(self) -> None:
        datetime.date.fromisoformat(self.made)
        if not 0 <= self.answerable <= self.questions or self.questions < 1:
            raise ValueError(f"{self.answerable} answerable questions of {self.questions}")

    def line(self, name: str) -> Line | None:
        """The group of that name; None where no question belongs to it."""
        return next((line for line in self.lines if line.name == name), None)


def _share(values: Sequence[float | bool]) -> Share | None:
    from eval.significance import estimate

    if not values:
        return None
    found = estimate([float(value) for value in values])
    low, high = (None if math.isnan(bound) else round(bound, 4) for bound in (found.low, found.high))
    return Share(len(values), round(found.mean, 4), low, high)


def _known(share: Share | None) -> Share:
    if share is None:  # the callers' groups are never empty
        raise ValueError("a share of no questions")
    return share


def _line(name: str, group: Sequence[Outcome]) -> Line:
    from eval.measures import ranking_scores

    scores = ranking_scores(group)
    return Line(name, len(group), _known(_share(scores["success@1"])), _known(_share(scores["success@5"])))


def _refused(ground: str, group: Sequence[Outcome]) -> Refused:
    refused = [o.refused for o in group]
    rightly = [o.ground == o.gold.ground for o in group]
    return Refused(ground, len(group), _known(_share(refused)), _known(_share(rightly)))


def _goals(outcomes: Sequence[Outcome], summed: Mapping[str, float | None]) -> tuple[Goal, ...]:
    """The goals that a question speaks of, in the order of `GOALS`."""
    from eval.measures import ranking_scores

    answerable = [o for o in outcomes if o.gold.answerable]
    wanted = {
        "practitioner-en": [o for o in answerable if (o.gold.kind, o.gold.lang) == ("practitioner", "en")],
        "everyday-en": [o for o in answerable if (o.gold.kind, o.gold.lang) == ("everyday", "en")],
        "fr": [o for o in answerable if o.gold.lang == "fr"],
        "beyond": [o for o in answerable if o.source in ("protocol", "output")],
        **{kind: [o for o in answerable if o.gold.kind == kind] for kind in ("follow-up", "reference", "public")},
    }
    found = dict(summed)
    for name, group in wanted.items():
        if group:
            scores = ranking_scores(group)
            found[f"{name} first"] = sum(scores["success@1"]) / len(group)
            found[f"{name} fifth"] = sum(scores["success@5"]) / len(group)
    return tuple(
        Goal(name, aim, round(value, 4), most)
        for name, aim, most in GOALS
        if (value := found.get(name)) is not None and not math.isnan(value)
    )


def summary(run: Run) -> Summary:
    """The figures of Basis in this run; baselines are left out."""
    from eval.measures import exact_places, figures, groups, refusal_groups
    from eval.reliability import bins, calibration_error, events
    from eval.runfile import BASIS

    outcomes, origin = run.systems[BASIS], run.origin
    answerable = [o for o in outcomes if o.gold.answerable]
    sure, event = [o.confidence for o in outcomes], events(outcomes)[0]
    made, gap = figures(outcomes), calibration_error(sure, event)
    refusals = tuple(_refused(ground, group) for ground, group in refusal_groups(outcomes).items())
    marks = [o.evidence for o in outcomes if o.evidence]
    wrongly, exact = _share([o.refused for o in answerable]), _share(exact_places(answerable))
    touched = _share([mark.overlaps for mark in marks])
    summed: dict[str, float | None] = {f"{row.ground} refused": row.refused.share for row in refusals}
    summed |= {
        "wrongly refused": wrongly.share if wrongly else None, "exact": exact.share if exact else None,
        "touched": touched.share if touched else None,
        "auroc": made.auroc, "calibration": gap, "p95": made.p95,
    }  # fmt: skip
    return Summary(
        datetime.datetime.fromisoformat(origin.made).date().isoformat(), origin.version, origin.index,
        len(outcomes), len(answerable), tuple(_line(name, group) for name, group in groups(outcomes).items()), refusals,
        wrongly, exact, _share([mark.precision for mark in marks]),
        tuple(Band(b.count, round(b.confidence, 4), round(b.share, 4)) for b in bins(sure, event)),
        round(gap, 4), round(made.p50, 2), round(made.p95, 2), _goals(outcomes, summed),
    )  # fmt: skip


def write(made: Summary, path: Path) -> None:
    """Write the figures in one step: a file that stood there before stays whole until then. Raises UsageError where it
    cannot be written."""
    text = json.dumps({"form": FORM, **dataclasses.asdict(made)}, ensure_ascii=False, allow_nan=False, indent=1)
    part = path.with_name(path.name + ".part")
    try:
        part.write_text(text + "\n", encoding="utf-8", newline="\n")
        os.replace(part, path)
    except OSError as error:
        raise UsageError(f"cannot write the figures to {str(path)!r}: {error.strerror}") from error


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < float("inf"):
        raise ValueError(f"wanted a number of at least 0, found {value!r}")
    return float(value)


def _count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"wanted a count, found {value!r}")
    return value


def _maybe(row: Any) -> Share | None:
    if row is None:
        return None
    low, high = (None if row[name] is None else _number(row[name]) for name in ("low", "high"))
    return Share(_count(row["n"]), _number(row["share"]), low, high)


def _parse(data: dict[str, Any]) -> Summary:
    lines = tuple(
        Line(str(row["name"]), _count(row["n"]), _known(_maybe(row["first"])), _known(_maybe(row["fifth"])))
        for row in data["lines"]
    )
    refusals = tuple(
        Refused(str(row["ground"]), _count(row["n"]), _known(_maybe(row["refused"])), _known(_maybe(row["rightly"])))
        for row in data["refusals"]
    )
    bands = tuple(Band(_count(row["n"]), _number(row["confidence"]), _number(row["share"])) for row in data["bands"])
    goals = tuple(
        Goal(str(row["name"]), _number(row["wanted"]), _number(row["found"]), row["most"] is True)
        for row in data["goals"]
    )
    return Summary(
        str(data["made"]), str(data["version"]), str(data["index"]), _count(data["questions"]), _count(data["answerable"]),
        lines, refusals, _maybe(data["wrongly"]), _maybe(data["exact"]), _maybe(data["marked"]), bands,
        _number(data["calibration"]), _number(data["p50"]), _number(data["p95"]), goals,
    )  # fmt: skip


def read(path: Path) -> Summary:
    """Read back what `write` wrote. Raises UsageError where there is no such file, RunError where it is damaged or of
    another form."""
    remedy = f"Delete {str(path)!r}, or measure anew with `basis eval`."
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["form"] != FORM:
            raise RunError(f"wanted figures of form {FORM}, found form {data['form']!r} in {str(path)!r}. {remedy}")
        return _parse(data)
    except OSError as error:
        raise UsageError(f"cannot read the figures in {str(path)!r}: {error.strerror}. {remedy}") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise RunError(
            f"wanted the figures of an evaluation, found {str(path)!r}, which holds none ({error!r}). {remedy}"
        ) from error


def latest(data: Path) -> tuple[Summary, bool]:
    """The figures measured on this machine, and True; where there are none in the folder `data`, the shipped ones, and
    False. Raises RunError where those of this machine are damaged."""
    local = data / FILE
    if local.is_file():
        return read(local), True
    return read(Path(str(resources.files("eval"))) / FILE), False
