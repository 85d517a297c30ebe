"""How a question that follows others is put to the model (ADR 20)."""

from __future__ import annotations

# The model reads 256 word pieces, and the question stands at the end: of what was asked before, so many characters.
MOST_BEFORE = 400


def said_after(earlier: str, text: str) -> str:
    """One text of the questions before, of which the end counts most, and the question.

    >>> said_after("Is grooming a crime?", "And online?")
    'Is grooming a crime? [SEP] And online?'
    """
    if len(earlier) > MOST_BEFORE:
        earlier = earlier[-MOST_BEFORE:].partition(" ")[2]
    return f"{earlier} [SEP] {text}"
