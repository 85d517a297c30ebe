"""Cuts the provisions of an instrument into passages: one for the own words of each provision.

After `cut`, for every passage: `passage.text == source.text[passage.start:passage.end]`; passages do not overlap; and
together they hold every provision's own words.
"""

from __future__ import annotations

from collections.abc import Iterator

from langchain_text_splitters import RecursiveCharacterTextSplitter

from ingest.treaty import Article, Citation, Entry, Expression, Passage, Provision

# Longer own words are split. The encoder reads 256 word pieces, about 1,100 characters; a third is left for the context.
LONGEST = 800


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Where to cut `text`, as consecutive half-open spans of at most LONGEST characters."""
    if len(text) <= LONGEST:
        yield 0, len(text)
        return
    # Offsets are counted here and not by the library: its `add_start_index` is wrong where a text repeats itself.
    splitter = RecursiveCharacterTextSplitter(
        separators=[r"(?<=[.;]) ", r"(?<=,) ", " "], is_separator_regex=True, keep_separator="end", chunk_size=LONGEST,
        chunk_overlap=0, strip_whitespace=False,
    )  # fmt: skip
    start = 0
    for piece in splitter.split_text(text):
        if text[start : start + len(piece)] != piece:
            raise AssertionError(f"the splitter changed the text at {start}: {piece[:60]!r}")
        yield start, start + len(piece)
        start += len(piece)
    if start != len(text):
        raise AssertionError(f"the splitter lost {len(text) - start} characters")


def _context(wording: Expression, article: Article, provision: Provision, around: dict[Citation, Provision]) -> str:
    """What a reader has read before: article and title, and the opening words that lead to this provision."""
    text = wording.source.text
    lang = "fr" if wording.source.lang == "fr" else "en"
    above = [around.get(Citation(provision.citation.instrument, path)) for path in _above(provision.citation.path)]
    openings = [text[p.own_start : p.own_end] for p in above if p is not None and p.own_end > p.own_start]
    name = " ".join(filter(None, [article.citation.words(lang), " ".join(article.headings) or article.title[lang]]))
    return " ".join([f"{name}.", *openings])


def _above(path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    return (path[:depth] for depth in range(1, len(path)))


def cut(entry: Entry, wording: Expression) -> Iterator[Passage]:
    """The passages of one wording of an instrument in reading order.

    Ids are address, expression and ordinal, never a digest: final clauses repeat from treaty to treaty.
    """
    text = wording.source.text
    articles = {article.citation: article for article in entry.articles}
    around = {provision.citation: provision for provision in wording.provisions}
    for provision in wording.provisions:
        own = text[provision.own_start : provision.own_end]
        before = _context(wording, articles[provision.citation.article], provision, around)
        for ordinal, (start, end) in enumerate(_pieces(own) if own else ()):
            at = provision.own_start + start
            yield Passage(
                id=f"{provision.citation}@{wording.name}#{ordinal}", citation=provision.citation,
                expression=wording.name, start=at, end=provision.own_start + end,
                text=text[at : provision.own_start + end], context=before,
            )  # fmt: skip
