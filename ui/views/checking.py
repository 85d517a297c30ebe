"""The view Check citations: a paragraph of a brief, with every reference and quote in it held against the sources."""

from __future__ import annotations

import gradio as gr

from retriever.checking import check
from ui.checked import checked_page
from ui.desk import Desk
from ui.views.script import QUIET

WORDS = {
    "en": {
        "title": "Check citations", "label": "Text to check", "do": "Check",
        "lead": "Paste a paragraph of a brief or judgment. Every reference in it is looked up, and every quotation is compared with the source. The text goes only to the machine that serves this page, and is not kept.",
        "hint": "For example: Under Article 23 of the Lanzarote Convention and Article 9(1)(e) of the Budapest Convention …",
    },
    "fr": {
        "title": "Vérifier des références", "label": "Texte à vérifier", "do": "Vérifier",
        "lead": "Collez un paragraphe d'un mémoire ou d'un jugement. Chaque référence est recherchée, chaque citation comparée à la source. Le texte ne va qu'à la machine qui héberge cette page et n'y est pas conservé.",
        "hint": "Par exemple\u00a0: selon l'article 23 de la Convention de Lanzarote et l'article 9, paragraphe 1, point e, de la Convention de Budapest\u00a0…",
    },
}  # fmt: skip


class Checking:
    """The view's components."""

    def __init__(self, desk: Desk, lang: str) -> None:
        w = WORDS[lang]
        self._desk, self._lang = desk, lang
        gr.HTML(f'<h2 class="view">{w["title"]}</h2><p class="lead">{w["lead"]}</p>')
        self.brief = gr.Textbox(label=w["label"], placeholder=w["hint"], lines=8, max_lines=20, elem_id="brief")
        self.button = gr.Button(w["do"], variant="primary", elem_id="check", min_width=120)
        self.findings = gr.HTML("", elem_id="findings")

    def checked(self, brief: str) -> str:
        """What was found in the text; nothing where there is none."""
        library = self._desk.assistant.library
        return checked_page(library, check(library, brief), self._lang) if brief.strip() else ""

    def connect(self) -> None:
        self.button.click(self.checked, self.brief, self.findings, **QUIET)
