"""Recognises the parts of a printed treaty by the look of a line: heads, divisions, numbers, the signature formula.

Two kinds of documents: *wrapped* ones (PDF, plain text), where a line is a line of print and a sentence may begin a
line with "Article 46, paragraph 4; and"; and the others, where a line is a paragraph or a heading.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_HEAD = re.compile(r"(?:article|artikel|art\.|articolo|статья)\s*(?P<number>\d{1,3}|premier|1er)(?P<rest>(?!\w).*)", re.IGNORECASE)  # fmt: skip
_DASHED = re.compile(r"\s*[–—−:-]\s*(?P<title>[^\W_a-zà-ÿа-я].*)")
_DIVISION = re.compile(
    r"(?:chapter|section|title|part|hoofdstuk|afdeling|titel|deel|kapitel|abschnitt|teil|chapitre|titre|partie|capitolo"
    r"|titolo|sezione|глава|раздел)\s*(?:[IVXLC]+|\d+|[A-Z])(?P<rest>(?!\w).*)",
    re.IGNORECASE,
)
SIGNATURE = re.compile(
    r"(?:in witness whereof|in faith whereof|done (?:at|in)|en foi de quoi|fait à|ten blijke waarvan|gedaan te"
    r"|zu urkund|geschehen zu|in fede di che|fatto a|в удостоверение|совершено в)\b",
    re.IGNORECASE,
)
DONE = re.compile(r"\b(?:done (?:at|in)|fait à|gedaan te|geschehen zu|fatto a|совершено в)\b", re.IGNORECASE)
TRANSMITTED = re.compile(r"certified cop|copies? certifiée|gewaarmerkt|beglaubigte|copia certificata|заверенн", re.IGNORECASE)  # fmt: skip
PREAMBLE = re.compile(r"(?P<title>pr[eé]ambul[ee]?|preamble|präambel|preambolo|преамбула)\b[\s:.]*(?P<rest>.*)", re.IGNORECASE)  # fmt: skip
PARTIES = re.compile(
    r"(?:The (?:member |contracting |signatory )?(?:States|Governments|governments|Parties|High)|The States Parties"
    r"|Les (?:[ÉE]tats|gouvernements|Gouvernements|Parties|Hautes)|De (?:[Ll]id)?[Ss]taten|De Regeringen"
    r"|Die (?:Mitglied|Vertrags)?s?[Ss]taaten|Die Regierungen|Gli Stati|Государства)\b"
)
AGREED = re.compile(
    r"(?:have agreed|hereby agree|sont convenu|(?:zijn|komen) het volgende|zijn (?:als volgt |het volgende )?overeengekomen"
    r"|(?:sind wie folgt|haben folgendes|haben wie folgt)|hanno convenuto|согласились)",
    re.IGNORECASE,
)
RECITAL = re.compile(
    r"(?:Consider|Recogni|Convinced|Desir|Recall|Reaffirm|Having|Noting|Bearing|Mindful|Resolved|Determined|Consid[ée]r"
    r"|Reconnaissant|Convaincu|D[ée]sir|Rappelant|Vu|Overweg|Erkenn|Overtuigd|Gelet|Indachtig|Considerando|Convint|Учитывая)"
)
_LABEL = re.compile(
    r"(?P<bullet>[-•*] +)?(?:(?P<open>\()?(?P<token>\d{1,3}|[ivx]{2,5}|[a-z])(?P<close>\)|\.\)?)?(?P<gap>\s+|$)?|(?P<dash>[–—-])\s+)(?P<rest>.*)"
)
_CAPITAL = re.compile(r"[\W\d_]*[^\W\d_]")
_ROMAN = ["", *"i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx".split()]
_INLINE = re.compile(r"(?<=\s)\((?P<token>[ivx]{1,5})\)\s+")
_REFERRING = re.compile(r"\b(?:paragraphs?|articles?|points?|letters?|paragraphes?|alin[eé]as?|lid|leden|onderde(?:el|len)|artikel(?:en|n|s)?|abs(?:atz|ätze)|buchstaben?|and|et|en|und)\s*$", re.IGNORECASE)  # fmt: skip
_END = re.compile(
    r"[.;:,!?…][”’\"'»)\]\s\d]*$|[”’\"'»)\]]$|;\s*[^\W\d_]+$|\b(?:and|or|et|ou|en|of|und|oder|e|o|и|или)$"
)


@dataclass(frozen=True, slots=True)
class Head:
    """The head of an article; `title` is empty where it stands on the next line or nowhere."""

    number: int
    title: str


@dataclass(frozen=True, slots=True)
class Label:
    """A number, letter or dash before a provision, `printed` as in the source.

    `style` shows how it is printed (`x.`, `(x)`, bare `x`); `value` counts from 1 (0 for a dash).
    """

    kind: str  # "number" | "alpha" | "roman" | "dash"
    value: int
    style: str
    printed: str
    rest: str

    @property
    def bare(self) -> bool:
        return self.style == "x"

    @property
    def begins(self) -> bool:
        """Whether what follows looks like the beginning of a provision: a capital, a further label, or nothing yet."""
        return not self.rest or capital(self.rest) or bool(re.match(r"\(?(?:a|i)[.)]+\s", self.rest))

    @property
    def element(self) -> str:
        """The element of the address; a dash is counted by whoever has its siblings."""
        match self.kind:
            case "number":
                return f"para_{self.value}"
            case "alpha":
                return f"point_{chr(96 + self.value)}"
            case "roman":
                return f"point_{_ROMAN[self.value]}"
            case _:
                return "indent"


def unfinished(text: str) -> bool:
    """Whether `text` breaks off inside a sentence, so that the next line of print goes on with it."""
    return bool(text) and not _END.search(text[-40:])


def capital(text: str) -> bool:
    """Whether the first letter of `text`, after quotation marks and digits, is a capital."""
    match = _CAPITAL.match(text)
    return match is not None and match[0][-1].isupper()


def titled(text: str) -> bool:
    """Whether `text` may be a title: not long, and no full stop, semicolon or colon ends it."""
    return 0 < len(text) <= 200 and text[-1] not in ".;:"


def head(text: str, heading: int, expected: int, running: bool) -> Head | None:
    """The head of an article, or None for a sentence that merely begins with "Article".

    `expected` is the number that comes next, `running` whether the line before breaks off inside a sentence. A heading
    of the format is believed whatever its number; a line of the body needs a dash and a title, or else the expected
    number.
    """
    match = _HEAD.fullmatch(" ".join(text.split()))
    if match is None:
        return None
    number = int(match["number"]) if match["number"].isdigit() else 1
    rest = match["rest"].strip()
    dashed = _DASHED.fullmatch(match["rest"])
    title = dashed["title"] if dashed else rest.strip(".")
    if heading:
        return None if rest[:1] in (",", ";", ")") else Head(number, title)
    if dashed and titled(title) and (number == expected or not running):
        return Head(number, title)
    if number != expected or running:
        return None
    if rest in ("", "."):
        return Head(number, "")
    return Head(number, title) if not dashed and rest[0].isupper() and titled(rest) and len(rest) <= 150 else None


def division(text: str, heading: int, running: bool) -> bool:
    """Whether the line is the head of a chapter, section or title."""
    if heading:
        # A converter may take a paragraph for a heading: it ends like a sentence.
        return not (text[-1:] in ".;:" and len(text.split()) > 8)
    match = _DIVISION.fullmatch(" ".join(text.split()))
    if match is None or running or not text[0].isupper():
        return False
    rest = match["rest"].strip()
    return rest in ("", ".") or bool(_DASHED.fullmatch(rest) and titled(rest))


def labels(text: str) -> Iterator[Label]:
    """What the beginning of `text` may be read as: `i` is a letter and a roman number, so both are given."""
    match = _LABEL.fullmatch(text)
    if match is None:
        return
    rest, printed = match["rest"], text[: match.start("rest")].strip()
    if match["dash"]:
        yield Label("dash", 0, "–", printed, rest)
        return
    token, close = match["token"], match["close"] or ""
    if (match["open"] and ")" not in close) or (match["gap"] is None and not (close and _glued(close, rest))):
        return
    style = f"{match['open'] or ''}x{close}"
    if token.isdigit():
        repeated = re.match(rf"{token}\s+(?=[^\W\d_])", rest)  # "2.  2 Such": the number is printed twice
        if repeated and close and capital(rest[repeated.end() :]):
            printed, rest = text[: match.start("rest") + repeated.end()].strip(), rest[repeated.end() :]
        yield Label("number", int(token), style, " ".join(printed.split()), rest)
        return
    if len(token) == 1:
        yield Label("alpha", ord(token) - 96, style, printed, rest)
    if token in _ROMAN:
        yield Label("roman", _ROMAN.index(token), style, printed, rest)


def _glued(close: str, rest: str) -> bool:
    """Whether words may follow the label without a blank: `a)costs`, `a.Sexual`, but not `i.e.`."""
    return ")" in close or capital(rest[:1])


def inline_points(words: str) -> list[int]:
    """Where `(i)`, `(ii)` … begin inside a sentence, in order; empty unless there are two and none is a reference."""
    found: list[int] = []
    for match in _INLINE.finditer(words):
        if (
            len(found) + 1 < len(_ROMAN)
            and match["token"] == _ROMAN[len(found) + 1]
            and (found or not _REFERRING.search(words[: match.start()]))
        ):
            found.append(match.start())
    return found if len(found) > 1 else []


class Joiner:
    """Joins a line of print to the next; remembers the hyphens it dropped and kept.

    A hyphen at the end of a line stays where the word is written with it elsewhere, or both its halves are words of
    the text; it goes where the joined word stands elsewhere, or nothing speaks for it.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self.kept = self.dropped = 0
        self._words: set[str] = set()
        for line in lines:
            for word in re.findall(r"[^\W\d_]+(?:[-‐‑][^\W\d_]+)*(?![^\W\d_]*[-‐‑]$)", line.casefold()):
                self._words.add(word.replace("‐", "-").replace("‑", "-"))

    def join(self, left: str, right: str) -> str:
        broken = re.search(r"(?P<word>[^\W\d_]+)[-‐‑]$", left[-80:])
        after = re.match(r"[^\W\d_]+", right)
        if not left or not right:
            return left or right
        if broken is None or after is None:
            return left + right if left.endswith(("/", "‑")) else f"{left} {right}"
        first, second = broken["word"].casefold(), after[0].casefold()
        whole = f"{first}-{second}" in self._words
        halves = first in self._words and second in self._words and first + second not in self._words
        if whole or halves or not right[0].islower():
            self.kept += 1
            return left + right
        self.dropped += 1
        return left[:-1] + right
