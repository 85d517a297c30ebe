"""The view Quality: the last evaluation, and what people said of answers on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr

from eval import feedback, summary
from ingest.errors import BasisError
from ui.desk import Desk
from ui.shown.quality import feedback_page, quality_page
from ui.views.judging import FILE
from ui.views.script import QUIET, parcel

WORDS = {
    "en": {"title": "Quality", "save": "Save the feedback", "delete": "Delete the feedback", "none": "There is no feedback to save."},
    "fr": {"title": "Qualité", "save": "Enregistrer les avis", "delete": "Supprimer les avis", "none": "Aucun avis à enregistrer."},
}  # fmt: skip


class Quality:
    """The view's components."""

    def __init__(self, desk: Desk, lang: str, courier: gr.HTML) -> None:
        w = WORDS[lang]
        self._desk, self._lang, self._courier = desk, lang, courier
        self._file = desk.settings.data / FILE
        # Where the file is concerns who runs the server, not everybody whom it serves.
        self._named = Path(FILE) if desk.read_only else self._file
        gr.HTML(f'<h2 class="view">{w["title"]}</h2>')
        self.figures = gr.HTML(self.measured(), elem_id="figures")
        self.said = gr.HTML("", elem_id="feedback")
        with gr.Row(elem_id="feedback-buttons"):
            self.save = gr.Button(w["save"], size="sm", elem_id="save-feedback", min_width=150)
            self.delete = gr.Button(w["delete"], size="sm", elem_id="delete-feedback", min_width=150)

    def measured(self) -> str:
        """The last evaluation on this machine, else the one that is shipped."""
        last, local = summary.latest(self._desk.settings.data)
        return quality_page(last, local, self._lang)

    def feedback(self) -> str:
        """What people said, as kept on this machine."""
        if not self._file.exists():
            return feedback_page((), self._lang, self._named)
        rows, damaged = feedback.read(self._file)
        return feedback_page(rows, self._lang, self._named, len(damaged))

    def _saved(self) -> str:
        if not self._file.exists():
            raise gr.Error(WORDS[self._lang]["none"], print_exception=False)
        return parcel(FILE, feedback.exported(self._file))

    def _deleted(self) -> str:
        try:
            feedback.clear(self._file)
        except BasisError as error:
            raise gr.Error(str(error), print_exception=False) from None
        return self.feedback()

    def refreshed(self) -> tuple[str, str]:
        return self.measured(), self.feedback()

    def connect(self, shown: Any) -> None:
        """`shown` is the event at which the view comes up."""
        shown(self.refreshed, None, [self.figures, self.said], **QUIET)
        self.save.click(self._saved, None, self._courier, **QUIET)
        self.delete.click(self._deleted, None, self.said, **QUIET)
