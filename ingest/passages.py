"""Cuts the provisions of an instrument into passages: one for the own words of each provision.

After `cut`, for every passage: `passage.text == source.text[passage.start:passage.end]`; passages do not overlap; and
together they hold every provision's own words.
"""

from __future__ import annotations

from collections.abc import Iterator

from langchain_text_splitters import RecursiveCharacterTextSplitter

from ingest.catalogue import Entry
from ingest.treaty import Article, Passage, Provision

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


def context(entry: Entry, article: Article, provision: Provision) -> str:
    """What a reader has read before: article and title, and the opening words that lead to this provision."""
    text = entry.source.text
    above = [p for p in article if provision.citation.within(p.citation) and p.citation != provision.citation]
    openings = [text[p.own_start : p.own_end] for p in above if p.own_end > p.own_start]
    return " ".join([f"{article.citation.words()} {article.title['en']}.", *openings])


def cut(entry: Entry) -> Iterator[Passage]:
    """The passages of an instrument in reading order. Ids are address, expression and ordinal, never a digest."""
    text = entry.source.text
    for article in entry.articles:
        for provision in article:
            own = text[provision.own_start : provision.own_end]
            before = context(entry, article, provision)
            for ordinal, (start, end) in enumerate(_pieces(own) if own else ()):
                at = provision.own_start + start
                yield Passage(
                    id=f"{provision.citation}@{entry.source.expression}#{ordinal}", citation=provision.citation,
                    expression=entry.source.expression, start=at, end=provision.own_start + end,
                    text=text[at : provision.own_start + end], context=before,
                )  # fmt: skip
