"""The view Reader: a text with its table of contents, opened at a place by a click anywhere in the page."""

from __future__ import annotations

from html import escape

import gradio as gr

from ingest.errors import BasisError
from ui.desk import Desk
from ui.shown.opening import opened
from ui.shown.reader import reader_page
from ui.views.asking import instruments_of
from ui.views.script import QUIET

WORDS = {
    "en": {"title": "Reader", "which": "Text", "lead": "Choose a text, or open a place from an answer."},
    "fr": {
        "title": "Lecteur",
        "which": "Texte",
        "lead": "Choisissez un texte, ou ouvrez un passage depuis une réponse.",
    },
}


class Reading:
    """The view's components."""

    def __init__(self, desk: Desk, lang: str) -> None:
        w = WORDS[lang]
        self._desk, self._lang = desk, lang
        gr.HTML(f'<h2 class="view">{w["title"]}</h2>')
        self.which = gr.Dropdown(
            instruments_of(desk.assistant.library, lang), value=None, label=w["which"], elem_id="which-text"
        )
        self.leaf = gr.HTML(f'<p class="lead">{w["lead"]}</p>', elem_id="reader")

    def page(self, address: str, expression: str = "", beside: str = "") -> str:
        """The text at the address; what was wanted and found where there is no such place."""
        library = self._desk.assistant.library
        try:
            return reader_page(
                library, opened(library, address, expression or None, beside or None, self._lang), self._lang
            )
        except BasisError as error:
            return f'<p class="lead" role="alert">{escape(str(error))}</p>'

    def connect(self) -> None:
        self.which.input(lambda id_: self.page(id_) if id_ else "", self.which, self.leaf, **QUIET)
