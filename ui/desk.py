"""What all views of the page share: the assistant that answers now, and the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retriever.assistant import Assistant
from ui.settings import Settings

if TYPE_CHECKING:
    from ingest.catalogue import Corpus


class Desk:
    """The assistant that answers now; installing or removing a text puts a new one in its place. Where `read_only` is set,
    nobody installs or removes texts in the page."""

    def __init__(self, assistant: Assistant, settings: Settings, read_only: bool = False) -> None:
        self.assistant = assistant
        self.settings = settings
        self.read_only = read_only

    def reopen(self, corpus: Corpus | None = None) -> None:
        """Build the next index generation and answer from it. `corpus`, where it was read already."""
        from ui.shelving import rebuild  # it loads what reads files, which answering does not need

        rebuild(self.settings, corpus)
        self.assistant = Assistant.open(self.settings.data, self.settings.embedder, self.settings.store)
