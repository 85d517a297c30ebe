"""What the user has installed: one JSON file for each expression, below the data folder.

    DATA/documents/cets-201/official-en.json      the facts, the normalised text, its provisions, where it came from

A file is written beside its place and put there in one step, so that a text is installed whole or not at all.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from ingest import records
from ingest.errors import IndexingError
from ingest.treaty import Entry

FORM = 3


def _folder(data: Path) -> Path:
    return data / "documents"


def put(data: Path, entry: Entry) -> Path:
    """Install the one expression of `entry`; one of the same instrument and name is replaced."""
    (wording,) = entry.expressions
    folder = _folder(data) / entry.instrument.id
    folder.mkdir(parents=True, exist_ok=True)
    row = {
        "form": FORM,
        "instrument": records.plain(entry.instrument),
        "expression": records.plain(wording),
        "articles": records.plain(entry.articles),
    }
    path = folder / f"{wording.name}.json"
    beside = folder / f".{wording.name}.new"
    beside.write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    os.replace(beside, path)
    return path


def installed(data: Path) -> list[Entry]:
    """Every installed expression, in order of instrument and name. Raises IndexingError for a file that is damaged."""
    entries = []
    for path in sorted(_folder(data).glob("*/*.json")):
        try:
            row = json.loads(path.read_text(encoding="utf-8"))
            if row["form"] != FORM:
                raise ValueError(f"form {row['form']}, this version reads {FORM}")
            articles = tuple(map(records.article, row["articles"]))
            wording = records.expression(row["expression"])
            entries.append(Entry(records.instrument(row["instrument"]), (wording,), articles, ()))
        except (ValueError, KeyError, TypeError) as error:
            raise IndexingError(
                f"The installed text {path} cannot be read ({error}). Remove it with `basis remove` and add its file again."
            ) from error
    return entries


def remove(data: Path, instrument: str, expression: str | None = None) -> list[str]:
    """Remove an expression, or all of an instrument; returns `instrument/expression` of each that was there."""
    gone = []
    for path in sorted((_folder(data) / Path(instrument).name).glob("*.json")):
        if expression in (None, path.stem):
            path.unlink()
            gone.append(f"{instrument}/{path.stem}")
    return gone
