"""A YAML file of the corpus with the line of each of its values; every mistake is told with file and line."""

from __future__ import annotations

import datetime
import difflib
import json
import re
from collections.abc import Collection, Iterable
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from ingest.errors import Problem
from ingest.treaty import Citation


def corpus_folder() -> Path:
    """Where the corpus that ships with Basis lies."""
    return Path(str(resources.files("corpus")))


class Loader(yaml.CSafeLoader):
    """The fast safe loader; it leaves dates, and words such as `on` and `no`, as the text that the person wrote."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag.rpartition(":")[2] not in ("timestamp", "bool")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), ["t", "f"])


class CorpusFile:
    """One YAML file with the line of each of its values; collects problems."""

    def __init__(self, path: Path, problems: list[Problem]) -> None:
        self.path = path
        self.problems = problems
        self.node: yaml.Node | None = None
        self.data: Any = None
        self.cited: list[tuple[tuple[str | int, ...], Citation]] = []
        try:
            raw = path.read_text(encoding="utf-8")
            self.node = yaml.compose(raw, Loader=Loader)
            self.data = yaml.load(raw, Loader=Loader)
        except UnicodeDecodeError as error:
            self.report((), f"not UTF-8 (byte {error.start}); save the file as UTF-8")
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 0
            self.problems.append(Problem(path, line, f"not YAML: {error.problem}; see corpus/README.md for the form"))

    def line(self, keys: Iterable[str | int]) -> int:
        """The line, from 1, of the value at `keys`, or of the nearest value around it."""
        node = self.node
        for key in keys:
            inner = None
            if isinstance(node, yaml.MappingNode):
                inner = next((value for name, value in node.value if name.value == str(key)), None)
            elif isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
                inner = node.value[key]
            if inner is None:
                break
            node = inner
        return node.start_mark.line + 1 if node is not None else 0

    def report(self, keys: Iterable[str | int], message: str, lines_below: int = 0) -> None:
        self.problems.append(Problem(self.path, self.line(keys) + lines_below, message))

    def cite(self, keys: tuple[str | int, ...], address: str) -> Citation | None:
        """The address written at `keys`, remembered in `cited`; None, and reported, where it is none."""
        try:
            citation = Citation.parse(address)
        except ValueError as error:
            self.report(keys, f"{error}; write an address as ets-185/art_16__para_2")
            return None
        self.cited.append((keys, citation))
        return citation

    def exist(self, known: Collection[Citation]) -> None:
        """Report every address of `cited` that is not among those of the corpus."""
        for keys, citation in self.cited:
            if citation not in known:
                self.report(keys, f"no provision '{citation}' in the corpus; correct the address or delete it")

    def conforms(self, name: str) -> bool:
        """Whether the file has the form of `corpus/schema/NAME.schema.json`; what has not is reported."""
        before = len(self.problems)
        for error in jsonschema.Draft202012Validator(schema(name)).iter_errors(self.data):
            self.report(error.absolute_path, _advice(error))
        return len(self.problems) == before


def _advice(error: jsonschema.ValidationError) -> str:
    """What the schema wants, in words for someone who edits the file."""
    found: Any = error.instance
    wanted: Any = error.validator_value
    schema: Any = error.schema
    match error.validator:
        case "enum":
            options = [str(option) for option in wanted]
            near = difflib.get_close_matches(str(found), options, n=1)
            return (
                f"found {found!r}; write {near[0]!r}" if near else f"found {found!r}; write one of {', '.join(options)}"
            )
        case "required":
            missing = [name for name in wanted if name not in found]
            return f"`{'`, `'.join(missing)}` missing; add it (see corpus/README.md)"
        case "additionalProperties":
            known = sorted(schema.get("properties", {}))
            unknown = [name for name in found if name not in known]
            return f"unknown entry `{'`, `'.join(unknown)}`; write one of {', '.join(known)}"
        case "type":
            return f"found {type(found).__name__} {str(found)[:40]!r}; write a {wanted}"
        case "pattern":
            return f"found {found!r}; write it in the form {wanted}"
        case "anyOf":
            return f"found {str(found)[:60]!r}; see corpus/README.md for what may stand here"
        case _:
            return error.message


@cache
def schema(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((corpus_folder() / "schema" / f"{name}.schema.json").read_text())
    return schema


def day(file: CorpusFile, keys: tuple[str | int, ...], text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        file.report(keys, f"found {text!r}; write a date as 2026-11-21")
        return datetime.date.min
