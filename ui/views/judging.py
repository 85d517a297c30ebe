"""The quiet buttons under an answer: a click appends what the person said to DATA/feedback.jsonl, on this machine only."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape
from typing import Any

import gradio as gr

from eval.feedback import Shown, Verdict, append, said
from ingest.errors import UsageError
from ui.settings import Settings
from ui.shown.names import LABELS

FILE = "feedback.jsonl"
KEPT = {
    "en": "A click keeps this question, the earlier ones and the references of what was shown, in {file} on the machine that serves this page; nothing is sent elsewhere.",
    "fr": "Un clic enregistre cette question, les précédentes et les références de ce qui a été montré, dans {file}, sur la machine qui héberge cette page\u00a0; rien n'est envoyé ailleurs.",
}
THANKS = {"en": "Kept as “{label}” in {file}.", "fr": "Enregistré comme «\u00a0{label}\u00a0» dans {file}."}


def judge(settings: Settings, seen: Shown | None, verdict: Verdict) -> str:
    """Keep the verdict and return what to tell the person."""
    if seen is None:
        return ""
    path = settings.data / FILE
    try:
        append(path, said(seen, verdict))
    except UsageError as error:
        return str(error)
    return THANKS[seen.lang].format(label=LABELS[seen.lang][verdict], file=FILE)


class Judging:
    """The row of buttons; `judged` is what was shown last, which they speak of, for each person their own."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.judged = gr.State(None)
        with gr.Row(elem_id="judging", visible=False) as self._row:
            self._buttons = {
                verdict: gr.Button(
                    LABELS["en"][verdict], size="sm", variant="secondary", elem_classes="judge", min_width=90
                )
                for verdict in Verdict
            }
        self._told = gr.HTML("", elem_id="judged", visible=False)
        self.outputs: list[Any] = [self._row, *self._buttons.values(), self._told]

    def offered(self, seen: Shown | None) -> list[Any]:
        """The updates of `outputs` for a new reply: its buttons in its language, none where nothing was asked."""
        verdicts = seen.verdicts if seen and seen.question.strip() else ()
        lang = seen.lang if seen else "en"
        told = KEPT[lang].format(file=FILE)
        buttons = [gr.Button(LABELS[lang][v], visible=v in verdicts, interactive=True) for v in self._buttons]
        return [gr.Row(visible=bool(verdicts)), *buttons, gr.HTML(escape(told), visible=bool(verdicts))]

    def connect(self, events: Iterable[Any], **how: Any) -> None:
        """Offer the buttons anew after each of `events`, and keep what is clicked; one verdict for each reply."""
        for event in events:
            event.then(self.offered, self.judged, self.outputs, **how)
        for verdict, button in self._buttons.items():
            button.click(self._clicked(verdict), self.judged, [*self._buttons.values(), self._told], **how)

    def _clicked(self, verdict: Verdict) -> Callable[[Shown | None], list[Any]]:
        def clicked(seen: Shown | None) -> list[Any]:
            told = judge(self._settings, seen, verdict)
            return [*(gr.Button(interactive=False) for _ in self._buttons), gr.HTML(escape(told))]

        return clicked
