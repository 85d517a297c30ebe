"""Reads Markdown: every line as it stands, its marks taken off and no word changed.

What counts as a mark: `#` before a heading (a blank after it or not), `**`, `*` and `_` around words, `[text](target)`,
`[^1]` and the notes it points to, `<sup>`, tags and comments of HTML, a block between `---` at the top, rules, `>`, and
`-` or `*` before a label that follows it. TeX's quotation marks ``…" become "…".
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from ingest.readers import characters
from ingest.reading import Line

_TAGS = (
    "meta|link|br|hr|p|div|span|a|b|i|u|em|strong|small|font|center|blockquote|ul|ol|li|dl|dt|dd|table|thead|tbody|tr|td"
    "|th|img|h[1-6]|html|head|body|title|sub|section|article|abbr|cite|code|pre|mark|ins|del"
)
_TAG = re.compile(rf"</?(?:{_TAGS})(?:\s[^<>]*)?/?>", re.I)
_AUTOLINK = re.compile(r"<((?:https?|mailto):[^<>\s]{1,2000})>")
_SUP = re.compile(r"<sup>([^<>]{0,3000})</sup>", re.I)
_FIRST_NUMBER = re.compile(r"((?:[-*]\s+)?)<sup>\s*(\d{1,3}[a-z]?(?:bis|ter)?\.?)\s*</sup>", re.I)
_NOTE = re.compile(r"\[\^[^\[\]\s]{1,60}\](?!:)")
_NOTE_TEXT = re.compile(r" {0,3}\[\^[^\[\]\s]{1,60}\]:")
_LINK = re.compile(
    r"(!?)\[((?:[^\[\]]|\[[^\[\]]{0,200}\]){0,1000})\]"
    r"\(\s*(?:<[^<>]{0,2000}>|(?:[^()\s]|\([^()\s]{0,300}\)){0,2000})(?:\s+\"[^\"]{0,300}\")?\s*\)"
)
_HEADING = re.compile(r" {0,3}(#{1,6})(?!#)\s*(.*?)(?:\s+#+)?\s*")
_RULE = re.compile(r" {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})")
_UNDERLINE = re.compile(r" {0,3}(=+|-{3,})[ \t]*")
_TABLE_RULE = re.compile(r"[ \t]*\|?(?:[ \t]*:?-{2,}:?[ \t]*\|)+(?:[ \t]*:?-{2,}:?)?[ \t]*")
_FENCE = re.compile(r" {0,3}(?:```+|~~~+)[\w+-]*[ \t]*")
_QUOTED = re.compile(r" {0,3}(?:> ?)+")
_ITEM = re.compile(r"\s*[-*+]\s+(?=(?:\(?(?:\d{1,3}|[a-z]{1,2}|[ivx]{1,5})[.)](?:\s|$)|\d{1,3}\s|[–—]\s))")
_TEX = re.compile(r"``([^`\"]{0,500}?)(?:\"|'')")
_STRONG = re.compile(r"\*\*(?=\S)((?:[^*]|\*(?!\*)){1,2000}?)(?<=\S)\*\*")
_STRESS = re.compile(r"(?<![\w*\\])\*(?=[^\s*])([^*]{1,2000}?)(?<=[^\s\\])\*(?![\w*])")
_INNER_STRESS = re.compile(r"(?<!\*)\*(?=[^\s*])([^*]{1,200}?)(?<=[^\s\\])\*(?!\*)")
_UNDERSCORES = re.compile(r"(?<![\w\\])(__?)(?=[^\s_])([^_]{1,2000}?)(?<=[^\s_\\])\1(?!\w)")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!|<>~-])")
_ENTITY = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,30}|#\d{1,7}|#[xX][0-9A-Fa-f]{1,6});")
_FRONT_END = ("---", "...")

FRONT_MATTER, FOOTNOTE, FOOTNOTE_MARK = "front matter", "footnote", "footnote mark"


def lines(data: bytes, removed: Counter[str]) -> Iterable[Line]:
    """The lines of the Markdown in `data`."""
    text = _without_comments(characters.decode(data), removed)
    rows = _without_notes(_without_front_matter(characters.split(text.replace("\f", "\n")), removed), removed)
    waiting: Line | None = None  # a line of text, until the next one shows whether it was underlined as a heading
    for row in rows:
        underline = _UNDERLINE.fullmatch(row)
        if underline and waiting is not None and not waiting.heading:
            yield Line(waiting.text, heading=1 if underline[1].startswith("=") else 2)
            waiting = None
            continue
        if waiting is not None:
            yield waiting
        waiting = _line(row, removed)
    if waiting is not None:
        yield waiting


def _without_comments(text: str, removed: Counter[str]) -> str:
    """The text without HTML comments; one that never ends is none."""
    kept = []
    place = 0
    while (start := text.find("<!--", place)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        kept.append(text[place:start])
        place = end + 3
        removed["comment"] += 1
    return "".join((*kept, text[place:]))


def _without_front_matter(rows: list[str], removed: Counter[str]) -> list[str]:
    """The rows after a block that `---` opens in the first and closes in a later one."""
    if rows[0].rstrip() != "---":
        return rows
    end = next((number for number, row in enumerate(rows[1:400], start=1) if row.rstrip() in _FRONT_END), None)
    if end is None or not any(re.match(r"[\w-]+\s*:", row) for row in rows[1:end]):
        return rows
    removed[FRONT_MATTER] += 1
    return rows[end + 1 :]


def _without_notes(rows: Iterable[str], removed: Counter[str]) -> Iterator[str]:
    """The rows without the texts of footnotes: the row that names the note, and those indented under it."""
    inside = False
    for row in rows:
        if _NOTE_TEXT.match(row):
            removed[FOOTNOTE] += 1
            inside = True
        elif inside and (row.startswith(("    ", "\t")) or not row.strip()):
            continue
        else:
            inside = False
            yield row


def _line(row: str, removed: Counter[str]) -> Line | None:
    """The row as a Line; None where nothing but marks stood on it."""
    if not row.strip() or _FENCE.fullmatch(row):
        return None
    if _RULE.fullmatch(row) or _TABLE_RULE.fullmatch(row):
        removed["rule"] += 1
        return None
    row = _QUOTED.sub("", row, count=1) if row.lstrip().startswith(">") else row
    level = 0
    if heading := _HEADING.fullmatch(row):
        level, row = len(heading[1]), heading[2]
    # A number raised at the start of a line counts the paragraph; raised anywhere else it points to a note.
    row = _FIRST_NUMBER.sub(r"\1\2", row, count=1) if _FIRST_NUMBER.match(row.lstrip()) else row
    row = _ITEM.sub("", row, count=1) if _ITEM.match(row) else row
    text = _inline(row, removed).strip()
    return Line(text, heading=level) if text else None


def _inline(row: str, removed: Counter[str]) -> str:
    """The words of a row without the marks between them."""

    def raised(match: re.Match[str]) -> str:
        if any(ch.isalpha() for ch in match[1]) and len(match[1]) <= 12:  # 1<sup>st</sup>, n<sup>o</sup>
            return match[1]
        removed[FOOTNOTE_MARK if len(match[1]) <= 12 else FOOTNOTE] += 1  # a raised sentence is the note itself
        return ""

    def linked(match: re.Match[str]) -> str:
        if match[1]:
            removed["picture"] += 1
            return ""
        return match[2]

    if "<" in row:
        row = _AUTOLINK.sub(r"\1", _SUP.sub(raised, row))
        row, tags = _TAG.subn(lambda tag: " " if tag[0].lower().startswith("<br") else "", row)
        removed["tag"] += tags
    if "[" in row:
        row, notes = _NOTE.subn("", row)
        removed[FOOTNOTE_MARK] += notes
        row = _LINK.sub(linked, row)
    if "``" in row:
        row = _TEX.sub(r'"\1"', row)
    if "*" in row:
        row = row.replace("****", "")  # `**Art. ****21**`: bold ends and begins again
        row = _STRESS.sub(r"\1", _STRONG.sub(r"\1", row))
        row = _INNER_STRESS.sub(r"\1", row)
    if "_" in row:
        row = _UNDERSCORES.sub(r"\2", row)
    row = _ESCAPED.sub(r"\1", row) if "\\" in row else row
    return _ENTITY.sub(lambda entity: html.unescape(entity[0]), row) if "&" in row else row
