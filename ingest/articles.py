"""Reads a treaty of the corpus: a folder with its facts and one file for each article, with its lead-in questions."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from ingest.corpus_file import CorpusFile, day
from ingest.errors import Problem
from ingest.outline import OutlineError, parse
from ingest.treaty import (
    RESTATEMENT,
    Article,
    Check,
    Citation,
    Division,
    Entry,
    Expression,
    Instrument,
    LeadIn,
    Provision,
    Relation,
    SourceText,
)

# What `corpus/README.md` asks for: lead-in questions per article, English and French.
FEWEST_QUESTIONS = {"en": 12, "fr": 6}
FEWEST_QUESTIONS_FINAL = {"en": 5, "fr": 3}


def relations(file: CorpusFile, rows: list[dict[str, Any]]) -> tuple[Relation, ...]:
    """The relations that a file states; an address that is none is reported."""
    found = []
    for row, data in enumerate(rows):
        for column, address in enumerate(data["to"]):
            citation = file.cite(("relations", row, "to", column), address)
            if citation is not None:
                found.append(Relation(data["kind"], citation))
    return tuple(found)


def _cited(file: CorpusFile, key: str) -> tuple[Citation, ...]:
    """The addresses listed under `key`."""
    found = (file.cite((key, index), address) for index, address in enumerate(file.data.get(key, [])))
    return tuple(citation for citation in found if citation is not None)


def _instrument(file: CorpusFile, folder: Path) -> Instrument | None:
    data = file.data
    if not file.conforms("instrument"):
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
        opened=day(file, ("opened",), data["opened"]), place=data["place"],
        in_force=day(file, ("in_force",), in_force) if in_force else None, status=data["status"],
        status_as_of=day(file, ("status_as_of",), data["status_as_of"]), articles=data["articles"],
        authentic_languages=tuple(data["authentic_languages"]), urls=data["urls"], divisions=divisions,
        relations=relations(file, data.get("relations", [])), reservations=_cited(file, "reservations"),
        declarations=_cited(file, "declarations"),
    )  # fmt: skip


def _address(
    file: CorpusFile, keys: tuple[str | int, ...], provisions: tuple[Provision, ...], path: str
) -> Citation | None:
    """The provision that `path` names inside an article, reported where there is none."""
    if path in ("article", "all"):
        return provisions[0].citation
    known = {"__".join(p.citation.path[1:]): p.citation for p in provisions[1:]}
    if path not in known:
        near = difflib.get_close_matches(path, known, n=1)
        file.report(keys, f"no provision {path!r} in this article; write {near[0] if near else 'article'!r}")
    return known.get(path)


def _checked(
    file: CorpusFile, provisions: tuple[Provision, ...], checks: list[dict[str, Any]]
) -> tuple[Provision, ...]:
    covered: list[tuple[Citation, Check]] = []
    for index, entry in enumerate(checks):
        check = Check(day(file, ("checks", index, "on"), entry["on"]), entry["against"])
        paths = ["all"] if entry["provisions"] == "all" else entry["provisions"]
        for path in paths:
            citation = _address(file, ("checks", index, "provisions"), provisions, path)
            if citation is not None:
                covered.append((citation, check))
    return tuple(
        replace(p, check=next((check for citation, check in covered if p.citation.within(citation)), None))
        for p in provisions
    )


def _lead_ins(file: CorpusFile, article: Article, provisions: tuple[Provision, ...]) -> Iterator[LeadIn]:
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
    file: CorpusFile, instrument: Instrument, offset: int, position: int
) -> tuple[Article, tuple[Provision, ...], str] | None:
    """The article in `file`, its provisions, and the text that it adds to the source text at `offset`."""
    if not file.conforms("provision"):
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
    related = _cited(file, "related")
    numbered = tuple(replace(p, position=position + p.position) for p in provisions)
    article = Article(citation, data["title"], tuple(data["roles"]), related)
    return article, _checked(file, numbered, data.get("checks", [])), f"{heading}\n\n{body}\n\n"


def treaty(folder: Path, problems: list[Problem]) -> tuple[Entry, list[CorpusFile]] | None:
    """The treaty in `folder` and the files that it was read from; None where its facts cannot be read. What is wrong is
    added to `problems`."""
    facts = CorpusFile(folder / "instrument.yaml", problems)
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
    files = [facts]
    for name in names:
        if not (folder / name).exists():
            problems.append(Problem(folder / name, 0, "missing; write this provision"))
            continue
        file = CorpusFile(folder / name, problems)
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
