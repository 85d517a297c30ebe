"""A checked text as JSON, as text and as HTML, and the command `basis check`. Everything that is not ours is escaped."""

from __future__ import annotations

import argparse
import json
import re
import sys
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.elsewhere import elsewhere
from ingest.errors import ReadingError
from ingest.library import Library
from ingest.mentions import fold
from ingest.treaty import Citation
from retriever.checking import Checked, Found, Reference, check
from retriever.quoting import Quotation, Quoted
from ui.shown.lines import named_link
from ui.shown.names import plural

if TYPE_CHECKING:
    from ui.settings import Settings

_WORDS = {
    "en": {
        "references": ("{n} reference", "{n} references"), "quotes": ("{n} quote", "{n} quotes"),
        "exists": ("{n} exists", "{n} exist"), "does-not-exist": ("{n} does not", "{n} do not"),
        "ambiguous": ("{n} is ambiguous", "{n} are ambiguous"),
        "elsewhere": ("{n} refers to other law", "{n} refer to other law"),
        "found": ("{n} found", "{n} found"), "found-elsewhere": ("{n} found elsewhere", "{n} found elsewhere"),
        "altered": ("{n} altered", "{n} altered"), "not-found": ("{n} not found", "{n} not found"),
        "of": "{what}: {parts}", "join": "; ",
        "said": {
            "exists": "exists", "does-not-exist": "does not exist", "ambiguous": "ambiguous",
            "elsewhere": "law that Basis does not hold", "found": "found word for word",
            "found-elsewhere": "found, but in another provision", "altered": "altered", "not-found": "not found",
        },
        "none": "There is no such provision.", "upto": "The {label} goes up to {end}.",
        "undivided": "{label} has no such parts.",
        "entry": "“{law}” is a matter of {where}.", "law": "“{law}” is not held by Basis under that name.",
        "unclear": "The text does not say clearly which treaty is meant. It may be one of these:",
        "cited": "Nearest reference:", "stands": "It stands in:", "differs": "It differs from:",
        "order": "The words are the same, their order is not.", "source": "Source", "quote": "Quote",
        "changed": "Differences, word by word", "nothing": "(nothing)", "show": "Show the provision",
        "text": "The text", "listed": "References", "quoted": "Quotes", "wording": "wording: {name}", "empty": "No reference and no quote was found.",
    },
    "fr": {
        "references": ("{n} référence", "{n} références"), "quotes": ("{n} citation", "{n} citations"),
        "exists": ("{n} existe", "{n} existent"), "does-not-exist": ("{n} n’existe pas", "{n} n’existent pas"),
        "ambiguous": ("{n} est ambiguë", "{n} sont ambiguës"),
        "elsewhere": ("{n} renvoie à un autre texte", "{n} renvoient à d’autres textes"),
        "found": ("{n} retrouvée", "{n} retrouvées"), "found-elsewhere": ("{n} retrouvée ailleurs", "{n} retrouvées ailleurs"),
        "altered": ("{n} modifiée", "{n} modifiées"), "not-found": ("{n} introuvable", "{n} introuvables"),
        "of": "{what}\u00a0: {parts}", "join": "\u00a0; ",
        "said": {
            "exists": "existe", "does-not-exist": "n’existe pas", "ambiguous": "ambiguë",
            "elsewhere": "texte que Basis ne contient pas", "found": "retrouvée mot pour mot",
            "found-elsewhere": "retrouvée, mais dans une autre disposition", "altered": "modifiée", "not-found": "introuvable",
        },
        "none": "Cette disposition n’existe pas.", "upto": "{label}\u00a0: jusqu’à «\u00a0{end}\u00a0».",
        "undivided": "{label} n’a pas de telles subdivisions.",
        "entry": "«\u00a0{law}\u00a0»\u00a0: à chercher ailleurs ({where}).", "law": "Basis ne contient rien sous le nom «\u00a0{law}\u00a0».",
        "unclear": "Le texte ne dit pas clairement de quel traité il s’agit. Traités possibles\u00a0:",
        "cited": "Référence la plus proche\u00a0:", "stands": "Le passage se trouve ici\u00a0:", "differs": "Le passage diffère de\u00a0:",
        "order": "Les mots sont les mêmes, leur ordre ne l’est pas.", "source": "Source", "quote": "Citation",
        "changed": "Différences, mot à mot", "nothing": "(rien)", "show": "Afficher la disposition",
        "text": "Le texte", "listed": "Références", "quoted": "Citations", "wording": "version\u00a0: {name}", "empty": "Aucune référence ni citation trouvée.",
    },
}  # fmt: skip
_GRAVEST = (Found.EXISTS, Found.ELSEWHERE, Found.AMBIGUOUS, Found.DOES_NOT_EXIST)


def sound(checked: Checked) -> bool:
    """Whether every reference exists and every quote is found."""
    quotes = all(quote.verdict is Quoted.FOUND for quote in checked.quotes)
    return quotes and all(reference.verdict is Found.EXISTS for reference in checked.references)


def checked_data(checked: Checked) -> dict[str, Any]:
    """The contract of `basis check --json`; spans are half-open, in code points of `text`."""
    return {
        "text": checked.text,
        "lang": checked.lang,
        "sound": sound(checked),
        "references": [
            {"start": r.start, "end": r.end, "words": r.words, "verdict": r.verdict.value,
             "citations": [str(c) for c in r.citations], "last": [str(c) for c in r.last],
             "elsewhere": r.entry, "law": r.law or None}
            for r in checked.references
        ],
        "quotes": [
            {"start": q.start, "end": q.end, "words": q.words, "verdict": q.verdict.value,
             "cited": [str(c) for c in q.cited],
             "places": [{"citation": str(c), "expression": name} for c, name in q.places],
             "differences": [{"source": source, "quote": quote} for source, quote in q.differences]}
            for q in checked.quotes
        ],
    }  # fmt: skip


def counts(checked: Checked, lang: str) -> str:
    """`7 references: 5 exist, 1 does not, 1 is ambiguous; 2 quotes: 1 found, 1 altered`."""
    w: dict[str, Any] = _WORDS[lang]
    groups = (("references", checked.references, Found), ("quotes", checked.quotes, Quoted))
    told = []
    for name, items, verdicts in groups:
        counted = Counter(item.verdict.value for item in items)
        parts = ", ".join(_number(w[v.value], counted[v.value], lang) for v in verdicts if counted[v.value])
        what = _number(w[name], len(items), lang)
        told += [w["of"].format(what=what, parts=parts)] if parts else []
    return str(w["join"].join(told) or w["empty"])


def _number(forms: tuple[str, str], n: int, lang: str) -> str:
    return plural(n, *forms, lang).format(n=n)


def _notes(library: Library, reference: Reference, lang: str) -> list[str]:
    """Why a reference does not simply exist, in words."""
    w: dict[str, Any] = _WORDS[lang]
    if reference.verdict is Found.ELSEWHERE:
        where = next((entry.where[lang] for entry in elsewhere() if entry.id == reference.entry), None)
        return [w["entry" if where else "law"].format(law=" ".join(reference.law.split()), where=where)]
    if reference.verdict is Found.AMBIGUOUS:
        return [w["unclear"]]
    notes = [w["none"]] if reference.verdict is Found.DOES_NOT_EXIST else []
    for last in reference.last:
        instrument = library.instruments[last.instrument]
        # `Article 23(5)` names the article that is not divided, `Article 60` not the last one that there is.
        said = iter(re.findall(r"\d+|[a-z]+", fold(reference.words)))
        if all(element.partition("_")[2] in said for element in last.path):
            notes.append(w["undivided"].format(label=instrument.brief(last, lang)))
        else:
            notes.append(w["upto"].format(label=instrument.short_title[lang], end=last.words(lang)))
    return notes


def _shown(text: str) -> str:
    """The text for HTML, character for character; what HTML cannot hold becomes the replacement character."""
    safe = "".join("\ufffd" if char == "\0" or "\ud800" <= char <= "\udfff" else char for char in text)
    return escape(safe).replace("\r", "&#13;")


def _marks(checked: Checked, lang: str) -> str:
    """The text whole, with each reference and quote marked and linked to its number in the lists."""
    said: dict[str, str] = _WORDS[lang]["said"]  # type: ignore[assignment]
    groups: dict[tuple[int, int], list[int]] = {}
    for number, reference in enumerate(checked.references, 1):
        groups.setdefault((reference.start, reference.end), []).append(number)
    spans = []
    for (start, end), numbers in groups.items():
        verdict = max((checked.references[n - 1].verdict for n in numbers), key=_GRAVEST.index).value
        label = f"{numbers[0]}–{numbers[-1]}" if len(numbers) > 1 else str(numbers[0])
        spans.append((start, end, "reference", verdict, f"reference-{numbers[0]}", label))
    refs = sorted(spans)
    quotes = [
        (q.start, q.end, "quote", q.verdict.value, f"quote-{n}", f"Q{n}") for n, q in enumerate(checked.quotes, 1)
    ]
    cuts = sorted({0, len(checked.text), *(at for span in (*refs, *quotes) for at in span[:2])})
    parts = []
    for start, end in pairwise(cuts):
        piece = _shown(checked.text[start:end])
        covering = [span for span in (_cover(refs, start), _cover(quotes, start)) if span]
        if covering:
            _, _, kind, verdict, target, label = covering[0]
            last = "" if end < covering[0][1] else f' data-number="{label}"'
            piece = f'<a href="#{target}" title="{label}: {escape(said[verdict])}"{last}>{piece}</a>'
        for _, _, kind, verdict, _, _ in covering:
            piece = f'<mark class="{kind} {verdict}">{piece}</mark>'
        parts.append(piece)
    return "".join(parts)


_Span = tuple[int, int, str, str, str, str]


def _cover(spans: Sequence[_Span], place: int) -> _Span | None:
    at = bisect_right(spans, place, key=lambda span: span[0]) - 1
    return spans[at] if at >= 0 and place < spans[at][1] else None


class _List:
    """The two lists below the text. Each provision's text is shown once, where it is first met."""

    def __init__(self, library: Library, lang: str) -> None:
        self.library, self.lang = library, lang
        self.w: dict[str, Any] = _WORDS[lang]
        self.seen: set[Citation] = set()

    def provision(self, citation: Citation, expression: str | None = None) -> str:
        wordings = self.library.wordings(citation.instrument)
        held = [(w, p) for w in wordings if (p := w.find(citation)) and expression in (None, w.name)]
        link = named_link(self.library, citation, self.lang)
        if not held or citation in self.seen:
            return f"<li>{link}</li>"
        self.seen.add(citation)
        wording, place = held[-1]  # the official text where there is one
        name = f'<p class="wording">{escape(self.w["wording"].format(name=wording.name))}</p>'
        quote = f'<blockquote lang="{escape(wording.source.lang)}">{_shown(wording.text(place))}</blockquote>'
        return f"<li>{link}<details><summary>{self.w['show']}</summary>{name}{quote}</details></li>"

    def places(self, citations: Sequence[tuple[Citation, str | None]]) -> str:
        return f'<ul class="places">{"".join(self.provision(*c) for c in citations)}</ul>' if citations else ""

    def reference(self, number: int, reference: Reference) -> str:
        notes = "".join(f"<p>{escape(note)}</p>" for note in _notes(self.library, reference, self.lang))
        places = self.places([(citation, None) for citation in reference.citations])
        return self.item("reference", number, str(number), reference, notes + places)

    def quote(self, number: int, quote: Quotation) -> str:
        cited = ", ".join(named_link(self.library, c, self.lang) for c in quote.cited)
        parts = [f"<p>{self.w['cited']} {cited}</p>" if cited and quote.verdict is not Quoted.FOUND else ""]
        if quote.places:
            parts.append(f"<p>{self.w['differs' if quote.verdict is Quoted.ALTERED else 'stands']}</p>")
        parts.append(self.places(quote.places))
        if quote.verdict is Quoted.ALTERED:
            parts.append(self.differences(quote) if quote.differences else f"<p>{self.w['order']}</p>")
        return self.item("quote", number, f"Q{number}", quote, "".join(parts))

    def differences(self, quote: Quotation) -> str:
        none = self.w["nothing"]
        rows = "".join(
            f"<tr><td>{_shown(a) or none}</td><td>{_shown(b) or none}</td></tr>" for a, b in quote.differences
        )
        head = f'<th scope="col">{self.w["source"]}</th><th scope="col">{self.w["quote"]}</th>'
        caption = f"<caption>{self.w['changed']}</caption>"
        return f'<table class="differences">{caption}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'

    def item(self, kind: str, number: int, label: str, item: Reference | Quotation, inside: str) -> str:
        verdict = item.verdict.value
        said = f'<strong class="verdict {verdict}">{escape(self.w["said"][verdict])}</strong>'
        words = f'<q class="words">{_shown(item.words.strip())}</q>'
        return f'<li id="{kind}-{number}"><p><span class="number">{label}</span> {words} {said}</p>{inside}</li>'


def checked_page(library: Library, checked: Checked, lang: str) -> str:
    """The counts, the text with its marks, and the two lists. Its text is the checked text, character for character."""
    w, made = _WORDS[lang], _List(library, lang)
    parts = [
        f'<section class="checked" lang="{lang}"><p class="counts" role="status">{escape(counts(checked, lang))}</p>'
    ]
    parts.append(f"<h3>{w['text']}</h3>")
    parts.append(f'<div class="checked-text" lang="{checked.lang}" dir="auto">{_marks(checked, lang)}</div>')
    if checked.references:
        items = "".join(made.reference(n, r) for n, r in enumerate(checked.references, 1))
        parts.append(f'<h3>{w["listed"]}</h3><ol class="references">{items}</ol>')
    if checked.quotes:
        items = "".join(made.quote(n, q) for n, q in enumerate(checked.quotes, 1))
        parts.append(f'<h3>{w["quoted"]}</h3><ol class="quotes">{items}</ol>')
    return "".join([*parts, "</section>"])


def checked_text(library: Library, checked: Checked, lang: str) -> str:
    """For the terminal: the counts, then one line for each reference and quote, and what is to be said of it."""
    w: dict[str, Any] = _WORDS[lang]

    def told(citation: Citation) -> str:
        return f"      {library.instruments[citation.instrument].brief(citation, lang)} [{citation}]"

    lines = [counts(checked, lang)]
    for number, r in enumerate(checked.references, 1):
        lines.append(f"{number:>4}  {' '.join(r.words.split())} — {w['said'][r.verdict.value]}")
        lines += [f"      {note}" for note in _notes(library, r, lang)]
        lines += [told(citation) for citation in r.citations]
    for number, q in enumerate(checked.quotes, 1):
        words = " ".join(q.words.split())
        lines.append(
            f"{f'Q{number}':>4}  {words[:100]}{'…' if len(words) > 100 else ''} — {w['said'][q.verdict.value]}"
        )
        lines += [f"{told(citation)}, {name}" for citation, name in q.places]
        lines += [f"      {a or w['nothing']} → {b or w['nothing']}" for a, b in q.differences]
    return "\n".join(lines)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `basis check`."""
    parser.add_argument("file", metavar="FILE", help="a document of any format, or - for plain text on standard input")
    parser.add_argument("--json", action="store_true", help="write one JSON object")
    parser.add_argument("--lang", choices=["en", "fr"], help="language of the words around it (else that of the text)")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Check the references and quotes of a text: 0 where each exists and is found, 1 otherwise."""
    from retriever.index import open_index

    text = _read(args.file)
    library = open_index(settings.data).library
    checked = check(library, text, args.lang)
    if args.json:
        print(json.dumps(checked_data(checked), ensure_ascii=False))
    else:
        print(checked_text(library, checked, checked.lang))
    return 0 if sound(checked) else 1


def _read(name: str) -> str:
    """The text of the file. Raises ReadingError where it cannot be read."""
    from ingest import reading

    if name == "-":
        data = sys.stdin.buffer.read(reading.MAX_BYTES + 1)
        if len(data) > reading.MAX_BYTES:
            raise ReadingError(
                f"standard input is larger than {reading.MAX_BYTES // 1024 // 1024} MB; split it into parts"
            )
        return data.decode("utf-8", "replace")
    read = reading.read(Path(name))
    # In these formats a line is what was printed on one line, in the others it is a paragraph.
    printed = read.format in ("pdf", "text", "markdown")
    return ("\n" if printed else "\n\n").join(line.text for line in read.lines)
