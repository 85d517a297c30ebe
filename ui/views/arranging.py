"""The view Legal basis: a conduct or measure, arranged the way a practitioner checks it."""

from __future__ import annotations

import gradio as gr

from retriever.answer import Refusal
from retriever.checklist import checklist
from ui.arranged import checklist_page
from ui.conversation import Conversation
from ui.desk import Desk
from ui.shown.answers import conversation_page
from ui.views.script import QUIET

WORDS = {
    "en": {
        "title": "Legal basis", "label": "Conduct or measure", "do": "Set out the legal basis",
        "lead": "Describe a conduct, or name a measure. What the sources say about it is set out in the order in which a practitioner checks it; a row for which nothing was found says so.",
        "hint": "For example: a man makes a girl of 12 undress in front of her webcam",
    },
    "fr": {
        "title": "Base légale", "label": "Comportement ou mesure", "do": "Présenter la base légale",
        "lead": "Décrivez un comportement, ou nommez une mesure. Ce que les sources en disent est présenté dans l'ordre où un praticien le vérifie\u00a0; une ligne pour laquelle rien n'a été trouvé l'indique.",
        "hint": "Par exemple\u00a0: un homme amène une fille de 12 ans à se déshabiller devant sa webcam",
    },
}  # fmt: skip


class Arranging:
    """The view's components."""

    def __init__(self, desk: Desk, lang: str) -> None:
        w = WORDS[lang]
        self._desk, self._lang = desk, lang
        gr.HTML(f'<h2 class="view">{w["title"]}</h2><p class="lead">{w["lead"]}</p>')
        self.conduct = gr.Textbox(label=w["label"], placeholder=w["hint"], lines=1, max_lines=6, elem_id="conduct")
        self.button = gr.Button(w["do"], variant="primary", elem_id="arrange", min_width=200)
        self.table = gr.HTML("", elem_id="table")

    def arranged(self, conduct: str) -> str:
        """The checklist of a conduct or measure, or why there is none."""
        assistant = self._desk.assistant
        made = checklist(assistant, conduct, self._lang if not conduct.strip() else None)
        if isinstance(made, Refusal):
            return conversation_page(assistant.library, Conversation((made,)))
        return checklist_page(made)

    def connect(self) -> None:
        gr.on([self.button.click, self.conduct.submit], self.arranged, self.conduct, self.table, **QUIET)
