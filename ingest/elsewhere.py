"""Law and sources that people ask about and Basis does not hold: how they are named, and questions they answer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """One body of law or kind of source outside Basis.

    `where` says, by language, where such a thing is found; `subject` is whether it is close to Basis's subject at all;
    `names` are what people call it; `places` are words that tell of it; `questions` are what they ask of it, by language
    (searched, never shown).
    """

    id: str
    where: dict[str, str]
    subject: bool
    names: tuple[str, ...]
    places: tuple[str, ...]
    questions: tuple[tuple[str, str], ...]


@cache
def elsewhere() -> tuple[Elsewhere, ...]:
    """The entries of `corpus/elsewhere.yaml`, in order."""
    text = (resources.files("corpus") / "elsewhere.yaml").read_text(encoding="utf-8")
    rows: list[dict[str, Any]] = yaml.load(text, yaml.CSafeLoader)
    return tuple(
        Elsewhere(
            id=row["id"], where=row["where"], subject=row["subject"], names=tuple(row.get("names", ())),
            places=tuple(row.get("places", "").split()),
            questions=tuple(
                (lang, line.strip())
                for lang, block in row.get("questions", {}).items() for line in block.splitlines() if line.strip()
            ),
        )
        for row in rows
    )  # fmt: skip
