"""The second adapter that is shipped beside the model: additions to the adapted encoder, with which it reads a question that
follows others (ADR 20). `conversation.safetensors` has the form of `adapter.safetensors`; `conversation.md` says how it was
trained, on what, and what it is worth."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

# The model reads 256 word pieces, and the question stands at the end: of what was asked before, so many characters.
MOST_BEFORE = 400


def shipped_conversation() -> Path:
    return Path(str(resources.files("retriever") / "embedders" / "conversation.safetensors"))


def said_after(earlier: str, text: str) -> str:
    """One text of the questions before, of which the end counts most, and the question.

    >>> said_after("Is grooming a crime?", "And online?")
    'Is grooming a crime? [SEP] And online?'
    """
    if len(earlier) > MOST_BEFORE:
        earlier = earlier[-MOST_BEFORE:].partition(" ")[2]
    return f"{earlier} [SEP] {text}"
