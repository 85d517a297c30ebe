"""Lays our restatement out as official texts are laid out, so that installing can be tested without any of them."""

from __future__ import annotations

from ingest.library import Library
from ingest.treaty import Citation, Provision


def _label(citation: Citation) -> str:
    kind, _, number = citation.path[-1].partition("_")
    if kind in ("para", "rec"):
        return f"{number}.  "
    if kind == "indent":
        return "– "
    if kind == "wrapup":
        return ""
    roman = len(citation.path) > 3 or (number in ("i", "ii", "iii", "iv") and citation.path[-2].startswith("point"))
    return f"({number}) " if roman else f"{number}) "


def database_markdown(library: Library, instrument: str, skip: int = 0) -> str:
    """The layout of the Dutch law database: heads on two lines, one provision a paragraph, closing words glued with three
    blanks to the last point. Article `skip` is left out."""
    wording = library.expressions[instrument, "restatement-en"]
    parts = [f"#### {library.instruments[instrument].title['en']}", ""]
    closing = {p.citation.parent: p for p in wording.provisions if p.citation.path[-1] == "wrapup"}
    last_of = {closes: [p for p in wording.provisions if p.citation.within(closes) and p.citation.path[-1] != "wrapup"][-1]
               for closes in closing}  # fmt: skip
    glued: dict[Citation, list[Provision]] = {}
    for closes, final in last_of.items():
        glued.setdefault(final.citation, []).append(closing[closes])
    for provision in wording.provisions:
        citation = provision.citation
        own = wording.source.text[provision.own_start : provision.own_end]
        if citation.path[0] == f"art_{skip}" or citation.path[-1] == "wrapup":
            continue
        if citation.path == ("preamble",):
            parts += [f"Preamble {own}".strip()]
            continue
        if citation.path[0] == "preamble":
            parts[-1] += f" {own}"
            continue
        if len(citation.path) == 1:
            number = citation.path[0][4:]
            parts += [f"### Article  {number}  ", "", f"####{library.articles[citation].title['en']}", ""]
            if not own:
                continue
            parts.append(own)
        else:
            parts.append(f"{_label(citation)}{own}".rstrip() + "  ")
        for words in glued.get(citation, []):
            parts[-1] = parts[-1].rstrip() + "   " + wording.source.text[words.own_start : words.own_end]
        parts.append("")
    parts.append("DONE at Strasbourg, this day, in two copies.")
    return "\n".join(parts) + "\n"
