"""Nouns as plain data and back: the form in which they are written to JSON files."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any

from ingest.treaty import (
    Article,
    Check,
    Citation,
    Division,
    Expression,
    Instrument,
    Origin,
    Provision,
    Relation,
    Source,
    SourceText,
    Status,
    Term,
)


def plain(value: Any) -> Any:
    """`value` as lists, dictionaries, text and numbers; citations and dates as text."""
    if isinstance(value, Citation):
        return str(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value) if f.init}
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def _day(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def instrument(row: dict[str, Any]) -> Instrument:
    """The inverse of `plain` for an instrument."""
    for key in ("opened", "in_force", "status_as_of"):
        row[key] = _day(row[key])
    row["divisions"] = tuple(Division(**division) for division in row["divisions"])
    row["relations"] = tuple(Relation(r["kind"], Citation.parse(r["to"])) for r in row["relations"])
    for key in ("reservations", "declarations"):
        row[key] = tuple(map(Citation.parse, row[key]))
    return Instrument(
        **{**row, "aliases": tuple(row["aliases"]), "authentic_languages": tuple(row["authentic_languages"])}
    )


def _provision(row: dict[str, Any]) -> Provision:
    check, source = row["check"], row["source"]
    read = {
        "citation": Citation.parse(row["citation"]),
        "check": Check(datetime.date.fromisoformat(check["on"]), check["against"]) if check else None,
        "source": Source(**{**source, "status": Status(source["status"])}) if source else None,
        "about": tuple(map(Citation.parse, row["about"])),
    }
    return Provision(**{**row, **read})


def expression(row: dict[str, Any]) -> Expression:
    """The inverse of `plain` for an expression."""
    origin = row["origin"]
    if origin is not None:
        removed = tuple((what, count) for what, count in origin["removed"])
        origin = Origin(**{**origin, "installed": datetime.date.fromisoformat(origin["installed"]), "removed": removed})
    return Expression(SourceText(**row["source"]), tuple(map(_provision, row["provisions"])), origin)


def article(row: dict[str, Any]) -> Article:
    """The inverse of `plain` for an article."""
    related = tuple(Citation.parse(address) for address in row["related"])
    return Article(
        Citation.parse(row["citation"]),
        row["title"],
        tuple(row["roles"]),
        related,
        tuple(row["headings"]),
        row["page"],
        row["printed"],
    )


def term(row: dict[str, Any]) -> Term:
    """The inverse of `plain` for an entry of the glossary."""
    words = {lang: tuple(each) for lang, each in row["words"].items()}
    return Term(words, row["name"], tuple(map(Citation.parse, row["citations"])), row["note"])
