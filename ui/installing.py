"""The verbs of the command that install texts: add, list, remove, fetch."""

from __future__ import annotations

import argparse
import datetime
import json
import sys
from pathlib import Path

from ingest.errors import BasisError, UsageError
from ui.settings import Settings


def add(args: argparse.Namespace, settings: Settings) -> int:
    """Install an official text or a document of your own: PDF, HTML, DOCX, Markdown, plain text, or a folder of them."""
    from ingest import catalogue, shelf
    from ui.shelving import Wanted, entry_of, rebuild, told

    path = Path(args.file)
    if not path.exists() and not path.is_symlink():
        raise UsageError(f"no file or folder {args.file!r}")
    files = sorted(p for p in path.rglob("*") if not p.is_dir()) if path.is_dir() and not path.is_symlink() else [path]
    if not files:
        raise UsageError(f"the folder {args.file!r} holds no file")
    if len(files) > 1 and (args.instrument or args.title):
        raise UsageError("--as and --title name one text; add the files of the folder one by one")
    wanted = Wanted(
        args.instrument or "",
        args.lang or "",
        args.document,
        args.title or "",
        _day(args.date),
        args.binding,
        args.url or "",
    )
    asking = input if sys.stdin.isatty() and not args.json else None
    today = datetime.date.today()
    results = []
    corpus = catalogue.load()
    for file in files:
        try:
            entry = entry_of(file, wanted, today, corpus, asking)
        except BasisError as error:
            results.append({"file": str(file), "installed": None, "error": str(error), "code": error.exit_code})
            continue
        shelf.put(settings.data, entry)
        results.append(
            {"file": str(file), "installed": f"{entry.instrument.id}/{entry.expressions[0].name}", "found": told(entry)}
        )
    done = [result for result in results if result["installed"]]
    if done:
        rebuild(settings, corpus, bar=not args.json)
    for result in results:
        if args.json:
            print(json.dumps(result, ensure_ascii=False))
        elif result["installed"]:
            print(f"Installed {result['installed']}: {result['found']}")
        else:
            print(f"basis: {result['file']}: {result['error']}", file=sys.stderr)
    failed = [result for result in results if not result["installed"]]
    if len(results) > 1 and not args.json:
        print(f"{len(done)} installed, {len(failed)} not.")
    return max((int(str(result["code"])) for result in failed), default=0)


def _day(text: str | None) -> datetime.date | None:
    if text is None:
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"wanted a date as 2024-04-19, found {text!r}") from None


def listed(args: argparse.Namespace, settings: Settings) -> int:
    """List every text that is held: our restatements and what is installed."""
    from ui.shelving import library

    held = library(settings)
    for (id_, name), wording in held.expressions.items():
        origin = wording.origin
        row = {
            "instrument": id_, "expression": name, "label": held.instruments[id_].label(), "provisions": len(wording.provisions),
            "binding": held.instruments[id_].binding, "file": origin.file if origin else None,
            "installed": origin.installed.isoformat() if origin else None, "sha256": origin.sha256 if origin else None,
        }  # fmt: skip
        if args.json:
            print(json.dumps(row, ensure_ascii=False))
        else:
            source = f"{origin.file}, installed {origin.installed}" if origin else "shipped"
            print(f"{id_}/{name}: {row['label']}; {row['provisions']} provisions; {source}")
    return 0


def remove(args: argparse.Namespace, settings: Settings) -> int:
    """Remove an installed text (ID or ID/EXPRESSION as `basis list` shows it)."""
    from ingest import shelf
    from ui.shelving import rebuild

    instrument, _, expression = args.text.partition("/")
    gone = shelf.remove(settings.data, instrument, expression or None)
    if not gone:
        raise UsageError(f"nothing installed as {args.text!r}; see `basis list`")
    rebuild(settings, bar=True)
    print("Removed " + ", ".join(gone) + ".")
    return 0


# What `make serve` allows the network: it tries once, and the restatement works without.
TRIED = "fetch-tried"


def fetch(args: argparse.Namespace, settings: Settings) -> int:
    """Download official texts from their official addresses, prove them and install them; say what to do by hand where
    that does not work."""
    from ingest import catalogue, shelf
    from ingest.adding import official_entry
    from ingest.fetching.addresses import listed
    from ingest.fetching.fetch import LIMITS, Fetched, Limits, by_hand, candidates
    from ingest.fetching.fetch import fetch as fetched
    from ingest.reading import read_bytes
    from ui.shelving import rebuild, told

    tried = settings.data / TRIED
    if args.once and tried.exists():
        return 0
    corpus = catalogue.load()
    ids = [entry.instrument.id for entry in corpus.entries]
    unknown = sorted(set(args.ids) - set(ids))
    if unknown:
        raise UsageError(f"no instrument {unknown[0]!r}; wanted some of {', '.join(ids)}")
    wanted = [(id_, lang) for id_, lang in listed() if (not args.ids or id_ in args.ids) and args.lang in (None, lang)]
    limits = Limits(connect=3, read=5, total=10, retries=0) if args.once else LIMITS
    got, today = 0, datetime.date.today()
    for id_, lang in wanted:

        def judge(found: Fetched, id_: str = id_, lang: str = lang) -> str | None:
            official_entry(read_bytes(found.name, found.data), corpus.entries, id_, lang, today)
            return None

        found, attempts = fetched(id_, lang, judge=judge, limits=limits)
        for attempt in attempts:
            print(f"{id_} ({lang}): {attempt.address}: {attempt.outcome}", file=sys.stderr)
        if found is None:
            if not args.once:
                print(by_hand(id_, lang))
            if args.once and len(attempts) == len(candidates(id_, lang)) and not got:
                break  # no network: the other texts would fail as this one did
            continue
        entry = official_entry(read_bytes(found.name, found.data), corpus.entries, id_, lang, today)
        shelf.put(settings.data, entry)
        got += 1
        print(f"Installed {id_}/official-{lang} from {found.address}: {told(entry)}")
    if got:
        rebuild(settings, corpus, bar=True)
    settings.data.mkdir(parents=True, exist_ok=True)
    tried.touch()
    if args.once and not got:
        print("No official text could be fetched; our restatement is used. Later: `basis fetch`, or `basis add FILE`.")
    return 0 if got or args.once else BasisError.exit_code
