"""The command `basis eval` and its verbs: run, compare, report, gold."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.errors import BasisError, UsageError
from ui.settings import VERSION, Settings

if TYPE_CHECKING:  # imported in the verbs, so that `basis --help` stays quick
    from eval.runfile import Run

Verb = Callable[[argparse.Namespace, Settings], int]


def _measured(args: argparse.Namespace, settings: Settings, baselines: bool) -> Run:
    """Run what `args` name, and write the run file where one is wanted."""
    from eval.run import Asked, measure, origin
    from eval.runfile import Run, write
    from retriever.assistant import Assistant

    asked = Asked(tuple(map(Path, args.gold)), args.set or "report", args.sample)
    questions = asked.questions()
    used = {"embedder": settings.embedder, "store": settings.store}
    assistant = Assistant.open(settings.data, settings.embedder, settings.store)
    made = origin(settings.data, asked, VERSION, used)
    rankers = {}
    if baselines:
        from eval.baselines import rankers as ready

        rankers = ready(assistant.library, settings.store, progress=not args.quiet)
    run = Run(made, measure(assistant, questions, rankers, progress=not args.quiet))
    if args.out:
        write(run, Path(args.out))
    return run


def evaluate(args: argparse.Namespace, settings: Settings) -> int:
    """Measure the answers on gold questions; without a verb: the shipped report questions, beside the baselines."""
    from eval.report import run_text
    from eval.summary import FILE, summary, write

    made = _measured(args, settings, baselines=True)
    print(run_text(made))
    # The page shows the report questions' figures only: those of other questions cannot be held against the goals.
    if not args.gold:
        write(summary(made), settings.data / FILE)
    return 0


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Ask gold questions, print the figures, and keep every result in a run file."""
    from eval.report import run_text

    if args.gold and args.set:
        raise UsageError("wanted --gold FILE or --set NAME, one of the two")
    print(run_text(_measured(args, settings, args.baselines)))
    return 0


def compare(args: argparse.Namespace, settings: Settings) -> int:
    """Hold two runs against each other: differences, how sure they are, questions gained and lost."""
    from eval.compare import compare as compared
    from eval.report import comparison_text
    from eval.runfile import read

    first, second = read(Path(args.first)), read(Path(args.second))
    print(comparison_text(first, second, compared(first, second, args.system)))
    return 0


def report(args: argparse.Namespace, settings: Settings) -> int:
    """Print the tables of run files, and write them with plots as one HTML page."""
    from eval.report import run_text
    from eval.runfile import read

    runs = [read(Path(name)) for name in args.runs]
    if args.html:
        # matplotlib keeps a list of fonts: in the one folder that is written to
        os.environ.setdefault("MPLCONFIGDIR", str(settings.data / "matplotlib"))
        from eval.webpage import page

        try:
            Path(args.html).write_text(page(runs), encoding="utf-8", newline="\n")
        except OSError as error:
            raise UsageError(f"cannot write the page {args.html!r}: {error.strerror}") from error
    print("\n\n".join(run_text(run) for run in runs))
    return 0


def gold(args: argparse.Namespace, settings: Settings) -> int:
    """Make gold questions of the feedback given in the page."""
    from eval.feedback import harvest, read, write

    said, damaged = read(Path(args.feedback))
    made = harvest(said)
    beside = write(made, Path(args.out))
    print(f"{len(made.ready)} gold questions in {args.out}.")
    print(f"{len(made.to_fill)} questions whose right article was not shown, in {beside}: fill in `expected`.")
    print(f"{made.repeated} verdicts left out: the same question was judged again later.")
    print(f"{len(damaged)} damaged lines.", *damaged, sep="\n")
    return BasisError.exit_code if damaged else 0


def _asking(parser: argparse.ArgumentParser, out: str, **how: Any) -> None:
    parser.add_argument(
        "--gold", action="append", metavar="FILE", help="gold questions, JSON lines or CSV; may be repeated", **how
    )
    parser.add_argument(out, dest="out", metavar="FILE", help="also write every question's result as a run file", **how)
    parser.add_argument("--quiet", action="store_true", help="no progress bar", **how)


def add_verbs(top: argparse.ArgumentParser) -> None:
    """Give `basis eval` its options and verbs."""
    _asking(top, "--json")
    top.set_defaults(gold=[], set=None, sample=None)
    # `metavar` keeps the list of verbs out of the usage line of `basis eval` itself, where none is needed.
    verbs = top.add_subparsers(metavar="VERB", parser_class=type(top))

    def verb(name: str, does: Verb) -> argparse.ArgumentParser:
        made = verbs.add_parser(name, help=(does.__doc__ or "").split("\n")[0], description=does.__doc__)
        made.add_argument(
            "--data-dir", metavar="FOLDER", default=argparse.SUPPRESS,
            help="the folder that everything is written to (or set BASIS_DATA)",
        )  # fmt: skip
        made.set_defaults(run=does)
        return made

    one = verb("run", run)
    _asking(one, "--out", default=argparse.SUPPRESS)  # what stands before the verb holds too
    one.add_argument("--set", choices=["report", "tuning"], help="which shipped questions (default: report)")
    one.add_argument(
        "--baselines", action="store_true", help="also measure BM25, the model alone, both, and a splitter"
    )
    one.add_argument("--sample", type=int, metavar="N", help="only about N questions, the same ones each time")
    two = verb("compare", compare)
    two.add_argument("first", metavar="A.json")
    two.add_argument("second", metavar="B.json")
    two.add_argument("--system", default="Basis", metavar="NAME", help="which system of the runs (default: Basis)")
    three = verb("report", report)
    three.add_argument("runs", nargs="+", metavar="RUN.json")
    three.add_argument("--html", metavar="OUT.html", help="also write one page with plots, which needs nothing else")
    four = verb("gold", gold)
    four.add_argument("feedback", metavar="FEEDBACK", help="the page's file: DATA/feedback.jsonl")
    four.add_argument("--out", required=True, metavar="FILE", help="where to write them, as JSON lines")
