"""What programs may ask of Basis: ask, show and check, with the JSON of the command. The page and the MCP server offer them."""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol

from ingest.errors import BasisError, UsageError
from ingest.library import Library
from ingest.mentions import Mentions, locate
from ingest.treaty import Citation, Expression, Provision
from retriever.assistant import Assistant
from retriever.compose import by_authority
from retriever.scope import scope
from ui.render import provision_data, reply_data

# Anybody who reaches the port may call, so one call is bounded: hits, earlier questions, and code points to check.
MOST_HITS = 100
MOST_EARLIER = 100
LONGEST_TEXT = 1_000_000


class Opened(Protocol):
    """Whatever holds the assistant that answers now; another may take its place at any time."""

    @property
    def assistant(self) -> Assistant: ...


class Interface:
    """The three calls. Each raises a BasisError whose message is for the person, and nothing else for bad input."""

    def __init__(self, desk: Opened) -> None:
        self.desk = desk

    def ask(
        self,
        question: str,
        history: list[str] | None = None,
        instruments: list[str] | None = None,
        k: int = 10,
        lang: str = "",
    ) -> dict[str, Any]:
        """Find and quote the provisions that answer a question, or say that the sources do not answer it.

        Args:
            question: The question, in English or French, in anybody's own words.
            history: The earlier questions of the conversation, oldest first; at most 100.
            instruments: The ids of the instruments to search, as cets-201; all where none is given.
            k: How many provisions at most, from 1 to 100.
            lang: The language of the question, en or fr; found out where it is empty.

        Returns:
            The same as `basis ask --json`; `status` is "answered" or "refused".
        """
        asked = _text("question", question)
        earlier = _texts("history", history)
        if len(earlier) > MOST_EARLIER:
            raise UsageError(f"wanted at most {MOST_EARLIER} earlier questions under `history`, found {len(earlier)}")
        wanted = _texts("instruments", instruments)
        if not isinstance(k, int) or isinstance(k, bool) or not 1 <= k <= MOST_HITS:
            raise UsageError(f"wanted a whole number from 1 to {MOST_HITS} under `k`, found {_shown(k)}")
        spoken = _text("lang", lang) or None
        assistant = self.desk.assistant
        started = time.perf_counter()
        reply = assistant.ask(asked, earlier, scope(assistant.library, wanted), k, spoken)
        return reply_data(reply, None, (time.perf_counter() - started) * 1000)

    def show(self, address: str, expression: str = "") -> dict[str, Any]:
        """Show one provision by its address, with its text and what is known of it.

        Args:
            address: The address, as cets-201/art_20__para_1; a reference such as "Art. 20(1) Lanzarote" does too.
            expression: The wording, as official-en or restatement-en; where it is empty, the most authoritative one held.

        Returns:
            The same as `basis show --json`.
        """
        library = self.desk.assistant.library
        citation = located(library, _text("address", address))
        name = _text("expression", expression)
        places = held(library, citation)
        for wording, provision in places:
            if name in ("", wording.name):
                return provision_data(library, wording, provision)
        names = ", ".join(wording.name for wording, _ in places)
        raise UsageError(f"wanted a wording that holds {citation}, which are {names}; found {_shown(name)}")

    def check(self, text: str) -> dict[str, Any]:
        """Check every reference and every quotation in a text against the sources.

        Args:
            text: The text, as a paragraph of a brief; at most 1,000,000 characters.

        Returns:
            The same as `basis check --json`.
        """
        from retriever.checking import check
        from ui.checked import checked_data

        read = _text("text", text)
        if len(read) > LONGEST_TEXT:
            raise UsageError(f"wanted at most {LONGEST_TEXT} characters under `text`, found {len(read)}")
        return checked_data(check(self.desk.assistant.library, read))

    def calls(self) -> tuple[Callable[..., dict[str, Any]], ...]:
        """The three, in the order in which they are offered; each is offered under its own name."""
        return self.ask, self.show, self.check


def located(library: Library, address: str) -> Citation:
    """The address that `address` is, or the one place that a reference in prose means. Raises UsageError for neither."""
    try:
        return Citation.parse(address)
    except ValueError:
        found = [
            citation
            for mention in Mentions(library.instruments.values()).find(address)
            for id_ in mention.instruments
            for citation in locate(mention, library.instruments[id_], library.citations())
        ]
    if len(found) != 1:
        raise UsageError(f"wanted an address as cets-201/art_20__para_1, found {_shown(address)}")
    return found[0]


def held(library: Library, citation: Citation) -> list[tuple[Expression, Provision]]:
    """The wordings that hold the place, the most authoritative first. Raises UsageError where none does."""
    wordings = by_authority(library.wordings(citation.instrument), "en")
    places = [(wording, place) for wording in wordings if (place := wording.find(citation))]
    if places:
        return places
    if not wordings:
        there = f"in one of {', '.join(library.instruments)}"
    elif citation.path:
        there = f"{citation.instrument} is held and has no such place"
    else:
        there = f"{citation} is a whole text, from {wordings[0].provisions[0].citation} on"
    raise UsageError(f"no provision {citation}; wanted an address as cets-201/art_20__para_1; {there}")


def encodable(text: str) -> str:
    """JSON may carry half a surrogate pair, which nothing can write: replaced by a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8")


def told(call: Callable[..., dict[str, Any]], error: Callable[[str], Exception]) -> Callable[..., dict[str, Any]]:
    """`call` under its own name and signature, with types instead of their names; a BasisError leaves it as `error`."""

    @wraps(call)
    def telling(*args: Any, **kwargs: Any) -> dict[str, Any]:
        try:
            return call(*args, **kwargs)
        except BasisError as problem:
            raise error(str(problem)) from None

    telling.__doc__ = inspect.getdoc(call)
    # Gradio reads the return type from the signature, where a postponed annotation would be a mere string.
    telling.__signature__ = inspect.signature(call, eval_str=True)  # type: ignore[attr-defined]
    return telling


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise UsageError(f"wanted a text under `{name}`, found {_shown(value)}")
    return encodable(value)


def _texts(name: str, value: object) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise UsageError(f"wanted a list of texts under `{name}`, found {_shown(value)}")
    return [encodable(each) for each in value]


def _shown(value: object) -> str:
    """What was found, short enough for a message."""
    text = repr(value)
    return text if len(text) <= 80 else text[:79] + "…"
