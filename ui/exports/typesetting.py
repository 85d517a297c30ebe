"""Writes a document out as Markdown, DOCX or PDF, from the nodes of pandoc's tree (`pandoc-types` 1.23).

Pandoc never parses a text of ours or of the user's: it gets the tree as JSON, in its sandbox, without the user's data
folder, and opens no connection. The PDF is set by typst with the fonts that it brings along, the machine's own only for
signs which those lack.
"""

from __future__ import annotations

import datetime
import importlib.util
import io
import json
import re
import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from ingest.errors import ExportError

Node = dict[str, Any]
_SECONDS = 60
# The page of the PDF: one serif, ragged right so that no word is divided and every quotation can be searched for.
_PAGE = """#set document(title: {title}, author: "Basis")
#set page(paper: "a4", margin: (x: 28mm, top: 26mm, bottom: 28mm), numbering: "1 / 1")
#set text(font: "Libertinus Serif", size: 10.5pt, lang: {lang})
#set par(leading: 0.7em, spacing: 0.95em)
#set smartquote(enabled: false)
#show heading: set block(above: 1.7em, below: 0.8em, sticky: true)
#show heading.where(level: 1): set text(size: 19pt, weight: "regular")
#show heading.where(level: 2): set text(size: 13pt)
#show heading.where(level: 3): set text(size: 10.5pt)
#show quote.where(block: true): set pad(left: 1.4em, right: 0em)
#show figure: set block(breakable: true)
#show figure.caption: set align(left)
#show figure.where(kind: table): set figure.caption(position: top)
#set table(stroke: none, inset: (x: 4pt, y: 3.5pt))
#show table: set text(size: 9pt)
#show table: set par(leading: 0.5em)
"""
# 210 by 297 millimetres with margins of 25, in twentieths of a point.
_A4 = (
    '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1417" w:right="1417" w:bottom="1417" w:left="1417" '
    'w:header="708" w:footer="708" w:gutter="0"/>'
)
# All that Markdown could take for markup, at the beginning of a line or anywhere, links that it finds by itself included.
_MARKUP = re.compile(r"[\\`*_\[\]<>&$~|^#{}!@]|:(?=//)|(?<=www)\.|^[-+=:]|^\d{1,9}[.)](?=\s|$)", re.I)


def _verbatim(node: Any, form: str) -> Any:
    """The tree with each text written so that no sign of it is markup: pandoc's own escaping looks at words, not at lines."""
    if isinstance(node, list):
        return [_verbatim(each, form) for each in node]
    if not isinstance(node, dict) or node["t"] == "Link" or "c" not in node:
        return node
    if node["t"] == "Span" and form == "md":  # Markdown drops plain blanks at the beginning of a line
        return {"t": "Str", "c": "\u00a0" * len(node["c"][1][0]["c"])}
    if node["t"] == "Str" and form == "md":
        return {"t": "RawInline", "c": ["markdown", _MARKUP.sub(_escaped, node["c"])]}
    if node["t"] == "Str":
        return {"t": "RawInline", "c": ["typst", f"#{_literal(node['c'])};"]}
    return {"t": node["t"], "c": _verbatim(node["c"], form)}


def _escaped(found: re.Match[str]) -> str:
    return f"{found[0][:-1]}\\{found[0][-1]}"


def _literal(text: str) -> str:
    """A string of the typst language."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


def typeset(blocks: list[Node], form: str, title: str, today: datetime.date, lang: str) -> bytes:
    """The document as "md", "docx" or "pdf", with that title and language, made on that day; same input, same bytes.

    Raises ExportError where it cannot be written.
    """
    if form == "md":
        return _pandoc(_verbatim(blocks, form), "gfm-raw_html", lang)
    if form == "docx":  # the first heading becomes the title, in the properties of the file too
        return _on_a4(_pandoc(blocks, "docx", lang, "--standalone", "--shift-heading-level-by=-1"), today)
    body = _pandoc(_verbatim(blocks, form), "typst", lang)
    page = _PAGE.replace("{title}", _literal(title)).replace("{lang}", _literal(lang))
    return _pdf(page.encode() + body, today)


def _pandoc(blocks: list[Node], to: str, lang: str, *more: str) -> bytes:
    """What the pandoc of the package `pypandoc_binary` writes, and never another that happens to be on the machine."""
    package = importlib.util.find_spec("pypandoc")
    files = Path(package.origin).parent / "files" if package and package.origin else None
    program = shutil.which("pandoc", path=str(files)) if files else None
    if program is None:
        raise ExportError("To export, Basis needs the pandoc of the package pypandoc_binary; found none. Install it.")
    meta = {"lang": {"t": "MetaString", "c": lang}}
    tree = json.dumps({"pandoc-api-version": [1, 23, 1], "meta": meta, "blocks": blocks}).encode()
    with tempfile.TemporaryDirectory() as folder:  # empty: in place of the user's templates and settings
        command = [program, "--sandbox", f"--data-dir={folder}", "--from=json", f"--to={to}", "--wrap=none", *more]
        try:
            done = subprocess.run(
                [*command, "--output=-"],
                input=tree,
                capture_output=True,
                timeout=_SECONDS,
                cwd=folder,
                check=True,
            )
        except subprocess.SubprocessError as error:
            raise ExportError(f"pandoc could not write the file ({error}). Export fewer questions at once.") from error
    return done.stdout


def _on_a4(document: bytes, today: datetime.date) -> bytes:
    """The DOCX with the size of paper and the day of making, which pandoc leaves out in its sandbox."""
    changes = {
        "word/document.xml": ("</w:sectPr>", f"{_A4}</w:sectPr>"),
        "docProps/core.xml": ("1970-01-01T", f"{today.isoformat()}T"),
    }
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            was, becomes = changes.get(part.filename, ("", ""))
            content = old.read(part)
            new.writestr(part, content.replace(was.encode(), becomes.encode()) if was else content)
    return made.getvalue()


def _pdf(text: bytes, today: datetime.date) -> bytes:
    """`text` as a tagged PDF; the compiler sees an empty folder, and nothing of ours names a package that it would fetch."""
    try:
        import typst
    except ImportError as error:
        raise ExportError("To export as PDF, Basis needs the package typst; it is not installed.") from error
    midnight = datetime.datetime.combine(today, datetime.time(), datetime.UTC)
    with tempfile.TemporaryDirectory() as folder:
        try:
            made = typst.Compiler(text, root=folder, package_path=folder).compile(format="pdf", timestamp=midnight)
        except typst.TypstError as error:
            raise ExportError(f"typst could not set the PDF ({error}). Export as DOCX instead.") from error
    assert isinstance(made, bytes)  # a PDF is one file
    return made
