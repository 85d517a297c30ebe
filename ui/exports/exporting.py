"""Replies as a file to keep: Markdown, DOCX and PDF with a footnote for every quotation, and JSON.

One document is built as pandoc's tree (`pandoc-types` 1.23), and `ui.exports.typesetting` writes it out three times.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from ingest.errors import UsageError
from ingest.library import Library
from ingest.treaty import Status
from retriever.answer import Answer, Hit, Refusal
from ui.exports.authorities import TABLE, Authority, authorities, authority_data, force, opening, table_rows
from ui.exports.typesetting import Node, typeset
from ui.render import NOTICE, reply_data
from ui.settings import VERSION
from ui.shown.days import written

FORMATS = ("md", "docx", "pdf", "json")
# A heading longer than this, in characters, is cut; the question then follows whole.
HEADING = 200
_WORDS = {
    "en": {
        "title": "Provisions found with Basis", "made": "Exported on {day}. Basis {version}, corpus {corpus}.",
        "bold": "Where only a part of a quotation carries the answer, that part is in bold; the emphasis is added.",
        "whole": "The question in full:", "refused": "Not covered.", "nearest": "The nearest provisions, which do not answer the question:",
        "one": "1 provision found.", "found": "{n} provisions found.", "cut": "{n} provisions found; the first {most} are quoted.",
        "restatement": "Quoted: restatement in our own words, not the official text.", "stated": "Quoted: our statement of what is known.",
        "official": "Quoted: official text ({lang}) as installed on {day} from {file}.",
        "document": "Quoted: document ({lang}) as installed on {day} from {file}.", "page": "Page {page}.",
        Status.CHECKED: "Checked on {day} against: {against}.", Status.SOURCED: "Compared on {day} with a public page about the document: {against}.",
        Status.UNCHECKED: "Not yet checked.", "source": "Source: {where} ({day}).", "text": "Official text: ", "site": "Official page: ", "link": "Address: ",
        "question": "Question {n}: ", "stop": "; ",
        "installed": "What is quoted is the text as it was installed on the machine that runs Basis. This is not legal advice.",
    },
    "fr": {
        "title": "Dispositions trouvées avec Basis", "made": "Exporté le {day}. Basis {version}, corpus {corpus}.",
        "bold": "Lorsqu'une partie seulement d'une citation porte la réponse, elle est en gras\u00a0; c'est nous qui soulignons.",
        "whole": "La question en entier\u00a0:", "refused": "Non couvert.", "nearest": "Les dispositions les plus proches, qui ne répondent pas à la question\u00a0:",
        "one": "1 disposition trouvée.", "found": "{n} dispositions trouvées.", "cut": "{n} dispositions trouvées\u00a0; les {most} premières sont citées.",
        "restatement": "Texte cité\u00a0: reformulation de notre main, en anglais, et non le texte officiel.",
        "stated": "Texte cité\u00a0: notre énoncé, en anglais, de ce qui est connu.",
        "official": "Texte cité\u00a0: texte officiel ({lang}) installé le {day} à partir de {file}.",
        "document": "Texte cité\u00a0: document ({lang}) installé le {day} à partir de {file}.", "page": "Page {page}.",
        Status.CHECKED: "Vérifié le {day} par comparaison avec\u00a0: {against}.", Status.SOURCED: "Comparé le {day} avec une page publique sur le document\u00a0: {against}.",
        Status.UNCHECKED: "Pas encore vérifié.", "source": "Source\u00a0: {where} ({day}).", "text": "Texte officiel\u00a0: ", "site": "Page officielle\u00a0: ", "link": "Adresse\u00a0: ",
        "question": "Question {n}\u00a0: ", "stop": "\u00a0; ",
        "installed": "Les textes sont cités tels qu'ils ont été installés sur la machine qui héberge Basis. Ceci n'est pas un avis juridique.",
    },
}  # fmt: skip
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# What is left of a quote beside its evidence and says something: more than the number of a paragraph.
_MORE = re.compile(r"[^\W\d_]{3}")


def corpus_version(library: Library) -> str:
    """12 hex digits that change whenever a text of the library does: of a SHA-256 over all its expressions."""
    texts = sorted((id_, name, wording.source.sha256) for (id_, name), wording in library.expressions.items())
    return hashlib.sha256("".join(" ".join(text) + "\n" for text in texts).encode()).hexdigest()[:12]


def file_name(replies: Sequence[Answer | Refusal], form: str, today: datetime.date) -> str:
    """The name to save it under: `basis-2026-11-22.docx`. Nothing that a person typed is in it."""
    _demand(replies, form)
    return f"basis-{today.isoformat()}.{form}"


def export(
    library: Library,
    replies: Sequence[Answer | Refusal],
    form: str,
    today: datetime.date,
    lang: str = "en",
    most: int = 3,
) -> bytes:
    """The replies, each with its first `most` hits, as a file of one of `FORMATS`; same input, same bytes.

    `lang` is the language of all that is not quoted. Raises UsageError for another format or language, for no reply and for
    `most` below 1, and ExportError where the file cannot be written.
    """
    _demand(replies, form)
    if lang not in _WORDS or most < 1:
        raise UsageError(f"An export needs the language en or fr and at least 1 provision; found {lang!r} and {most}.")
    kept = [replace(reply, hits=reply.hits[:most]) for reply in replies]
    cited = authorities(library, kept)
    if form == "json":
        data = {
            "version": VERSION,
            "corpus": corpus_version(library),
            "exported": today.isoformat(),
            "replies": [_data(reply, number) for number, reply in enumerate(kept, 1)],
            "authorities": [authority_data(authority) for authority in cited],
        }
        text = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
        return text.encode("utf-8", errors="replace")  # half a surrogate pair, which no text holds, becomes "?"
    made = _WORDS[lang]["made"].format(day=written(today, lang), version=VERSION, corpus=corpus_version(library))
    blocks = [_header(1, _WORDS[lang]["title"]), _para(made)]
    if any(reply.hits for reply in kept):
        blocks.append(_para(_WORDS[lang]["bold"]))
    for number, (reply, full) in enumerate(zip(kept, replies, strict=True), 1):
        blocks += _reply(reply, number, len(full.hits), lang)
    blocks += _table(cited, lang) if cited else []
    restated = any(hit.wording.kind == "restatement" for reply in kept for hit in reply.hits)
    blocks.append(_para(NOTICE[lang] if restated or not cited else _WORDS[lang]["installed"]))
    return typeset(blocks, form, _WORDS[lang]["title"], today, lang)


def _demand(replies: Sequence[Answer | Refusal], form: str) -> None:
    if form not in FORMATS:
        raise UsageError(f"Cannot export as {form!r}. Choose one of: {', '.join(FORMATS)}.")
    if not replies:
        raise UsageError("There is nothing to export yet. Ask a question first.")


def _data(reply: Answer | Refusal, number: int) -> dict[str, Any]:
    data = reply_data(reply, number, 0.0)
    del data["latency_ms"]  # was not measured here
    return data


# The nodes of pandoc's tree.


def _str(text: str) -> Node:
    return {"t": "Str", "c": _CONTROL.sub("\ufffd", text)}


def _para(*inlines: str | Node) -> Node:
    return {"t": "Para", "c": [_str(each) if isinstance(each, str) else each for each in inlines]}


def _strong(text: str) -> Node:
    return {"t": "Strong", "c": [_str(text)]}


def _header(level: int, text: str) -> Node:
    return {"t": "Header", "c": [level, ["", [], []], [_str(text)]]}


def _url(url: str) -> Node:
    """A link that shows where it leads; an address that is none stays text."""
    url = _CONTROL.sub("", url)
    if not url.startswith(("https://", "http://")):
        return _str(url)
    return {"t": "Link", "c": [["", [], []], [_str(url)], [url, ""]]}


# The document.


def _reply(reply: Answer | Refusal, number: int, found: int, lang: str) -> Iterator[Node]:
    words = _WORDS[lang]
    question = " ".join(reply.question.split())
    short = question if len(question) <= HEADING else question[:HEADING].rstrip() + "…"
    yield _header(2, words["question"].format(n=number) + short)
    if short != reply.question.strip():
        yield _para(words["whole"])
        yield {"t": "BlockQuote", "c": [_para(*_lines(reply.question.strip(), ()))]}
    if isinstance(reply, Refusal):
        yield _para(_strong(words["refused"]), " " + reply.reason)
    elif found > len(reply.hits):
        yield _para(words["cut"].format(n=found, most=len(reply.hits)))
    else:
        yield _para(words["one"] if found == 1 else words["found"].format(n=found))
    yield from (_para(note) for note in reply.notes)
    if isinstance(reply, Refusal) and reply.hits:
        yield _para(words["nearest"])
    for hit in reply.hits:
        yield _header(3, f"{number}.{hit.rank} {hit.label(lang)}")
        yield _para({"t": "Emph", "c": [_str(hit.article.title[lang])]})
        quote = [*_lines(hit.quote.text, hit.quote.evidence), {"t": "Note", "c": [_para(*_footnote(hit, lang))]}]
        yield {
            "t": "Div",
            "c": [["", [], [["lang", hit.quote.source.lang]]], [{"t": "BlockQuote", "c": [_para(*quote)]}]],
        }


def _lines(text: str, evidence: Sequence[tuple[int, int]]) -> list[Node]:
    """`text`, a line break for each line, the blanks that indent a line in a Span; spans of it emphasised if it says more."""
    nodes: list[Node] = []
    inside = {at for start, end in evidence for at in range(start, end)}
    if not _MORE.search("".join(char for at, char in enumerate(text) if at not in inside)):
        evidence = ()
    at = 0
    for line in text.split("\n"):
        if at:
            nodes.append({"t": "LineBreak"})
        cursor = len(line) - len(line.lstrip())
        if cursor:
            nodes.append({"t": "Span", "c": [["", ["indent"], []], [_str(line[:cursor])]]})
        for start, end in evidence:
            start, end = _emphasis(line, max(start - at, cursor), min(end - at, len(line)))
            if start < end:
                nodes += [_str(line[cursor:start])] * (cursor < start) + [_strong(line[start:end])]
                cursor = end
        nodes += [_str(line[cursor:])] * (cursor < len(line))
        at += len(line) + 1
    return nodes


def _emphasis(line: str, start: int, end: int) -> tuple[int, int]:
    """The span without what Markdown could not emphasise: blanks, and a sign at its edge that touches a word outside."""
    while start < end and (line[start].isspace() or _touches(line[start], line[start - 1 : start])):
        start += 1
    while start < end and (line[end - 1].isspace() or _touches(line[end - 1], line[end : end + 1])):
        end -= 1
    return start, end


def _touches(edge: str, outside: str) -> bool:
    return not edge.isalnum() and outside.isalnum()


def _footnote(hit: Hit, lang: str) -> Iterator[str | Node]:
    """Where it stands, what is quoted, what that was checked against, whether it is in force, and where the original is."""
    words, instrument, origin, source = _WORDS[lang], hit.instrument, hit.wording.origin, hit.provision.source
    facts = words["stop"].join(filter(None, [opening(instrument, lang), force(instrument, lang)]))
    name, title = instrument.title[lang], hit.article.title[lang]
    said = [hit.label(lang) + (f" – {title}." if title != name else "."), f"{name} ({facts})."]
    if hit.article.page is not None:
        said.append(words["page"].format(page=hit.article.printed or hit.article.page))
    if origin:
        day = written(origin.installed, lang)
        said.append(words[hit.wording.kind].format(lang=hit.wording.source.lang, day=day, file=origin.file))
    else:
        said.append(words["stated" if instrument.is_output else "restatement"])
        day = written(hit.check.on, lang) if hit.check else ""
        said.append(words[hit.provision.status].format(day=day, against=hit.check.against if hit.check else ""))
    if source:
        said.append(words["source"].format(where=source.where, day=source.as_of))
    yield " ".join(said)
    if source and source.url and source.url != instrument.url(lang):
        yield from (" ", words["link"], _url(source.url), ".")
    if instrument.url(lang):
        yield from (" ", words["site" if instrument.is_output else "text"], _url(instrument.url(lang)), ".")


def _table(cited: Sequence[Authority], lang: str) -> Iterator[Node]:
    attributes = ["", [], []]

    def row(cells: Sequence[str], instrument: bool = False) -> list[Any]:
        plain = [[{"t": "Plain", "c": [_strong(cell) if instrument and cell else _str(cell)]}] for cell in cells]
        return [attributes, [[attributes, {"t": "AlignLeft"}, 1, 1, content] for content in plain]]

    title, note, columns = TABLE[lang]
    widths = [[{"t": "AlignLeft"}, {"t": "ColWidth", "c": width}] for width in (0.34, 0.19, 0.19, 0.15, 0.13)]
    caption = [None, [{"t": "Plain", "c": [_str(note)]}]]
    rows = [row(each.cells, each.instrument) for each in table_rows(cited, lang)]
    yield _header(2, title)
    body = [[attributes, 0, [], rows]]
    yield {"t": "Table", "c": [attributes, caption, widths, [attributes, [row(columns)]], body, [attributes, []]]}
