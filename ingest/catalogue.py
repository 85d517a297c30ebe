"""Reads the corpus: every instrument, its articles and their lead-in questions, or every mistake with file and line."""

from __future__ import annotations

import datetime
import difflib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from ingest.errors import CorpusError, Problem
from ingest.outline import OutlineError, parse
from ingest.treaty import (
    Article,
    Check,
    Citation,
    Division,
    Expression,
    Instrument,
    LeadIn,
    Provision,
    SourceText,
)

RESTATEMENT = "restatement-en"
# What `corpus/README.md` asks for: lead-in questions per article, English and French.
FEWEST_QUESTIONS = {"en": 12, "fr": 6}
FEWEST_QUESTIONS_FINAL = {"en": 5, "fr": 3}


@dataclass(frozen=True, slots=True)
class Entry:
    """One instrument: its facts, its wordings, what is known of its articles, its lead-in questions."""

    instrument: Instrument
    expressions: tuple[Expression, ...]
    articles: tuple[Article, ...]
    lead_ins: tuple[LeadIn, ...]


def corpus_folder() -> Path:
    """Where the corpus that ships with Basis lies."""
    return Path(str(resources.files("corpus")))


class _Loader(yaml.SafeLoader):
    """SafeLoader that leaves dates, and words such as `on` and `no`, as the text that the person wrote."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag.rpartition(":")[2] not in ("timestamp", "bool")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), ["t", "f"])


class _File:
    """One YAML file with the line of each of its values; collects problems."""

    def __init__(self, path: Path, problems: list[Problem]) -> None:
        self.path = path
        self.problems = problems
        self.node: yaml.Node | None = None
        self.data: Any = None
        try:
            raw = path.read_text(encoding="utf-8")
            self.node = yaml.compose(raw, Loader=_Loader)
            self.data = yaml.load(raw, Loader=_Loader)
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

    def conforms(self, schema: dict[str, Any]) -> bool:
        before = len(self.problems)
        for error in jsonschema.Draft202012Validator(schema).iter_errors(self.data):
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


def _schema(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((corpus_folder() / "schema" / f"{name}.schema.json").read_text())
    return schema


def _date(file: _File, keys: tuple[str | int, ...], text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        file.report(keys, f"found {text!r}; write a date as 2026-11-21")
        return datetime.date.min


def _instrument(file: _File, folder: Path) -> Instrument | None:
    data = file.data
    if not file.conforms(_schema("instrument")):
        return None
    if data["id"] != folder.name:
        file.report(("id",), f"found {data['id']!r} in the folder {folder.name!r}; write {folder.name!r}")
    divisions = tuple(Division(d["first"], d["last"], d["label"], d["title"]) for d in data["divisions"])
    covered = {number for d in divisions for number in range(d.first, d.last + 1)}
    if covered != set(range(1, data["articles"] + 1)):
        odd = sorted(covered.symmetric_difference(range(1, data["articles"] + 1)))
        file.report(
            ("divisions",),
            f"Articles {odd} are not in exactly the divisions and `articles`; correct `first`, `last` or `articles`",
        )
    in_force = data["in_force"]
    return Instrument(
        id=data["id"], kind=data["kind"], binding=data["binding"], series=data["series"], number=data["number"],
        title=data["title"], short_title=data["short_title"], aliases=tuple(data["aliases"]),
        opened=_date(file, ("opened",), data["opened"]), place=data["place"],
        in_force=_date(file, ("in_force",), in_force) if in_force else None, status=data["status"],
        status_as_of=_date(file, ("status_as_of",), data["status_as_of"]), articles=data["articles"],
        authentic_languages=tuple(data["authentic_languages"]), urls=data["urls"], divisions=divisions,
    )  # fmt: skip


def _address(file: _File, keys: tuple[str | int, ...], provisions: tuple[Provision, ...], path: str) -> Citation | None:
    """The provision that `path` names inside an article, reported where there is none."""
    if path in ("article", "all"):
        return provisions[0].citation
    known = {"__".join(p.citation.path[1:]): p.citation for p in provisions[1:]}
    if path not in known:
        near = difflib.get_close_matches(path, known, n=1)
        file.report(keys, f"no provision {path!r} in this article; write {near[0] if near else 'article'!r}")
    return known.get(path)


def _checked(file: _File, provisions: tuple[Provision, ...], checks: list[dict[str, Any]]) -> tuple[Provision, ...]:
    covered: list[tuple[Citation, Check]] = []
    for index, entry in enumerate(checks):
        check = Check(_date(file, ("checks", index, "on"), entry["on"]), entry["against"])
        paths = ["all"] if entry["provisions"] == "all" else entry["provisions"]
        for path in paths:
            citation = _address(file, ("checks", index, "provisions"), provisions, path)
            if citation is not None:
                covered.append((citation, check))
    return tuple(
        replace(p, check=next((check for citation, check in covered if p.citation.within(citation)), None))
        for p in provisions
    )


def _lead_ins(file: _File, article: Article, provisions: tuple[Provision, ...]) -> Iterator[LeadIn]:
    counts: Counter[str] = Counter()
    for index, entry in enumerate(file.data["questions"]):
        citation = _address(file, ("questions", index, "for"), provisions, entry["for"])
        for lang in ("en", "fr"):
            for question in entry.get(lang, "").splitlines():
                if question.strip() and citation is not None:
                    counts[lang] += 1
                    yield LeadIn(citation, lang, question.strip())
    few = article.citation.path == ("preamble",) or "final-clause" in article.roles
    for lang, fewest in (FEWEST_QUESTIONS_FINAL if few else FEWEST_QUESTIONS).items():
        if counts[lang] < fewest:
            file.report(("questions",), f"{counts[lang]} questions in {lang!r}, wanted at least {fewest}; add some")


def _article(
    file: _File, instrument: Instrument, offset: int, position: int
) -> tuple[Article, tuple[Provision, ...], str] | None:
    """The article in `file`, its provisions, and the text that it adds to the source text at `offset`."""
    if not file.conforms(_schema("provision")):
        return None
    data = file.data
    stem = "preamble" if data["article"] == "preamble" else f"art_{data['article']:02}"
    if stem != file.path.stem:
        file.report(
            ("article",), f"found {data['article']!r} in {file.path.name}; the file should be called {stem}.yaml"
        )
        return None
    name = "preamble" if stem == "preamble" else f"art_{data['article']}"
    citation = Citation(instrument.id, (name,))
    heading = citation.words() if name == "preamble" else f"{citation.words()} – {data['title']['en']}"
    body = data["text"].rstrip()
    try:
        provisions = parse(citation, body, offset + len(heading) + 2)
    except OutlineError as error:
        file.report(("text",), str(error), lines_below=error.line + 1)
        return None
    related = []
    for index, address in enumerate(data.get("related", [])):
        try:
            related.append(Citation.parse(address))
        except ValueError as error:
            file.report(("related", index), f"{error}; write an address as ets-185/art_16__para_2")
    numbered = tuple(replace(p, position=position + p.position) for p in provisions)
    article = Article(citation, data["title"], tuple(data["roles"]), tuple(related))
    return article, _checked(file, numbered, data.get("checks", [])), f"{heading}\n\n{body}\n\n"


def _entry(folder: Path, problems: list[Problem]) -> tuple[Entry, list[_File]] | None:
    facts = _File(folder / "instrument.yaml", problems)
    instrument = _instrument(facts, folder) if facts.data is not None else None
    if instrument is None:
        return None
    names = ["preamble.yaml", *(f"art_{number:02}.yaml" for number in range(1, instrument.articles + 1))]
    strays = sorted({path.name for path in folder.iterdir()} - {*names, "instrument.yaml"})
    problems += [Problem(folder / name, 0, f"not expected in {folder.name}; delete or rename it") for name in strays]
    text = ""
    articles: list[Article] = []
    provisions: list[Provision] = []
    lead_ins: list[LeadIn] = []
    files: list[_File] = []
    for name in names:
        if not (folder / name).exists():
            problems.append(Problem(folder / name, 0, "missing; write this provision"))
            continue
        file = _File(folder / name, problems)
        made = _article(file, instrument, len(text), len(provisions)) if file.data is not None else None
        if made is not None:
            article, inside, added = made
            text += added
            articles.append(article)
            provisions += inside
            lead_ins += _lead_ins(file, article, inside)
            files.append(file)
    wording = Expression(SourceText(instrument.id, RESTATEMENT, "en", text), tuple(provisions))
    return Entry(instrument, (wording,), tuple(articles), tuple(lead_ins)), files


def load(folder: Path | None = None) -> tuple[Entry, ...]:
    """Every instrument below `folder` (default: the shipped corpus), in order of id.

    Raises CorpusError with every mistake found: file, line, and what to write instead.
    """
    folder = folder or corpus_folder()
    problems: list[Problem] = []
    made = [
        entry
        for path in sorted(folder.iterdir())
        if (path / "instrument.yaml").exists() and (entry := _entry(path, problems)) is not None
    ]
    entries = tuple(entry for entry, _ in made)
    addresses = {p.citation for entry in entries for wording in entry.expressions for p in wording.provisions}
    addresses |= {Citation(entry.instrument.id) for entry in entries}
    for _, files in made:
        for file in files:
            for index, address in enumerate(file.data.get("related", [])):
                if Citation.parse(address) not in addresses:
                    file.report(
                        ("related", index), f"no provision {address!r} in the corpus; correct the address or delete it"
                    )
    seen: dict[str, LeadIn] = {}
    for lead_in in (lead_in for entry in entries for lead_in in entry.lead_ins):
        other = seen.setdefault(" ".join(lead_in.text.lower().split()), lead_in)
        if other is not lead_in:
            where = folder / lead_in.citation.instrument
            problems.append(
                Problem(where, 0, f"{lead_in.text!r} asked for {other.citation} and {lead_in.citation}; delete one")
            )
    if problems:
        raise CorpusError(problems)
    if not entries:
        raise CorpusError([Problem(folder, 0, "no instrument here; wanted folders with an instrument.yaml")])
    return entries
