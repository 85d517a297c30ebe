"""The view Ask: the question, the filters, the examples by role, the conversation, its export and the verdicts on it."""

from __future__ import annotations

import datetime
from html import escape
from typing import Any

import gradio as gr

from eval.feedback import shown
from ingest.errors import BasisError
from ingest.library import Library
from retriever.scope import Scope, scope
from ui.conversation import Conversation
from ui.desk import Desk
from ui.exports.exporting import FORMATS, export, file_name
from ui.shown.answers import conversation_page
from ui.shown.names import GROUPS, ROLES
from ui.views.judging import Judging
from ui.views.script import QUIET, parcel

WORDS = {
    "en": {
        "question": "Your question", "hint": "For example: may the police search a phone without a warrant?", "ask": "Ask",
        "anew": "New conversation", "filters": "Filters", "instruments": "Only in these texts", "groups": "Only these kinds",
        "roles": "Only provisions on these subjects", "binding": "Only what is legally binding", "quoting": "Language quoted first, where available",
        "any": "the question's language", "en": "English", "fr": "French", "examples": "For example", "export": "Save this conversation", "nothing": "There is nothing to save yet: ask a question first.",
    },
    "fr": {
        "question": "Votre question", "hint": "Par exemple\u00a0: la police peut-elle fouiller un téléphone sans mandat\u00a0?", "ask": "Poser la question",
        "anew": "Nouvelle conversation", "filters": "Filtres", "instruments": "Seulement dans ces textes", "groups": "Seulement ces catégories",
        "roles": "Seulement les dispositions sur ces sujets", "binding": "Seulement ce qui est juridiquement contraignant", "quoting": "Langue citée d'abord, si disponible",
        "any": "celle de la question", "en": "anglais", "fr": "français", "examples": "Par exemple", "export": "Enregistrer cette conversation", "nothing": "Rien à enregistrer\u00a0: posez d'abord une question.",
    },
}  # fmt: skip
FORM_NAMES = {"md": "Markdown", "docx": "Word (DOCX)", "pdf": "PDF", "json": "JSON"}
EXAMPLES = {
    "en": {
        "Investigator": "Can police make a provider keep a suspect's data before there is a court order?",
        "Prosecutor": "How long must the limitation period run after the victim turns 18?",
        "Drafter in a ministry": "Can our state exclude computer-generated images of children who do not exist from the offence?",
        "Central authority": "How quickly must another Party preserve data when we ask, and for how long?",
        "NGO or helpline": "How often may a child be interviewed, and by whom?",
        "Teacher or parent": "A man keeps asking my 13-year-old for naked pictures and wants to meet her. Is that a crime?",
        "Project partner": "What did the Lanzarote Committee say about images that children take of themselves?",
    },
    "fr": {
        "Service d'enquête": "Peut-on obliger un fournisseur à conserver des données avant d'avoir l'ordonnance du juge\u00a0?",
        "Parquet": "Combien de temps après les 18 ans de la victime peut-on encore poursuivre\u00a0?",
        "Rédaction législative": "Un État peut-il exclure de l'infraction les images de synthèse d'enfants qui n'existent pas\u00a0?",
        "Autorité centrale": "Dans quel délai et pendant combien de temps une autre Partie doit-elle conserver les données à notre demande\u00a0?",
        "ONG ou ligne d'écoute": "Combien de fois un enfant peut-il être entendu, et par qui\u00a0?",
        "École ou famille": "Un homme demande sans cesse à ma fille de 13 ans des photos d'elle nue et veut la rencontrer. Est-ce une infraction\u00a0?",
        "Partenaire de projet": "Qu'a dit le Comité de Lanzarote des images que les enfants font d'eux-mêmes\u00a0?",
    },
}


def examples(lang: str) -> str:
    """The example questions by role; the page's script asks the one that is clicked."""
    items = "".join(
        f'<li><button type="button" data-ask="{escape(question)}"><span>{escape(who)}</span> {escape(question)}</button></li>'
        for who, question in EXAMPLES[lang].items()
    )
    return f'<section class="examples"><h2>{WORDS[lang]["examples"]}</h2><ul>{items}</ul></section>'


def instruments_of(library: Library, lang: str) -> list[tuple[str, str]]:
    """All texts that can be chosen, by name and id: the treaties first, as the library has them."""
    return [(instrument.label(lang), id_) for id_, instrument in library.instruments.items()]


def chosen(
    library: Library, instruments: list[str], groups: list[str], roles: list[str], binding: bool, quoting: str
) -> Scope:
    """The scope that the filters name; a text that has been removed since is left out of it."""
    held = [id_ for id_ in instruments or () if id_ in library.instruments]
    return scope(library, held, groups or (), roles or (), binding, quoting or None)


class Asking:
    """The view's components. `asked(question, …)` is what every way of asking calls."""

    def __init__(self, desk: Desk, lang: str, courier: gr.HTML) -> None:
        w = WORDS[lang]
        self._desk, self._lang, self._courier = desk, lang, courier
        self.conversation = gr.State(Conversation())
        with gr.Column(elem_id="asking"):
            self.box = gr.Textbox(
                label=w["question"], placeholder=w["hint"], lines=1, max_lines=8, autofocus=True, elem_id="question"
            )
            with gr.Row(elem_id="asking-buttons"):
                self.button = gr.Button(w["ask"], variant="primary", elem_id="ask", min_width=100)
                self.anew = gr.Button(w["anew"], variant="secondary", elem_id="anew", min_width=150)
            with gr.Accordion(w["filters"], open=False, elem_id="filters"):
                self.instruments = gr.Dropdown(
                    instruments_of(desk.assistant.library, lang), multiselect=True, label=w["instruments"], elem_id="instruments"
                )  # fmt: skip
                self.roles = gr.Dropdown(
                    [(name[lang], role) for role, name in ROLES.items()], multiselect=True, label=w["roles"], elem_id="roles"
                )  # fmt: skip
                self.groups = gr.CheckboxGroup(
                    [(name[lang], group) for group, name in GROUPS.items()], label=w["groups"], elem_id="groups"
                )
                self.binding = gr.Checkbox(False, label=w["binding"], elem_id="binding")
                self.quoting = gr.Radio(
                    [(w["any"], ""), (w["en"], "en"), (w["fr"], "fr")], value="", label=w["quoting"], elem_id="quoting"
                )
        self.examples = gr.HTML(examples(lang), elem_id="examples")
        self.answer = gr.HTML("", elem_id="answer")
        with gr.Row(elem_id="export", visible=False) as self.exports:
            gr.HTML(f"<span>{w['export']}</span>", elem_id="export-label")
            self._forms = {
                form: gr.Button(FORM_NAMES[form], size="sm", elem_classes="form", min_width=70) for form in FORMATS
            }
        self.judging = Judging(desk.settings)
        self.filters = [self.instruments, self.groups, self.roles, self.binding, self.quoting]
        self.outputs = [self.answer, self.conversation, self.box, self.judging.judged, self.examples, self.exports]

    def asked(
        self, question: str, conversation: Conversation, instruments: list[str], groups: list[str], roles: list[str],
        binding: bool, quoting: str,
    ) -> tuple[Any, ...]:  # fmt: skip
        """Answer one question of a conversation: the updates of `outputs`. A question without words changes nothing but
        says so."""
        assistant = self._desk.assistant
        try:
            within = chosen(assistant.library, instruments, groups, roles, binding, quoting)
        except BasisError as error:
            raise gr.Error(str(error), print_exception=False) from None
        reply = assistant.ask(question, conversation.questions, within)
        longer = conversation.with_reply(reply)
        page = conversation_page(assistant.library, longer if longer.latest is reply else Conversation((reply,)))
        judged = shown(reply, conversation.questions)
        return page, longer, "", judged, gr.HTML(visible=False), gr.Row(visible=bool(longer.replies))

    def cleared(self) -> tuple[Any, ...]:
        return "", Conversation(), "", None, gr.HTML(visible=True), gr.Row(visible=False)

    def connect(self) -> list[Any]:
        """Connect what is clicked here; returns the events after which the answer is a new one."""
        given = [self.box, self.conversation, *self.filters]
        events = [
            gr.on([self.button.click, self.box.submit], self.asked, given, self.outputs, **QUIET),
            self.anew.click(self.cleared, None, self.outputs, **QUIET),
        ]
        for form, button in self._forms.items():
            button.click(self._exporter(form), self.conversation, self._courier, **QUIET)
        return events

    def _exporter(self, form: str) -> Any:
        def exported(conversation: Conversation) -> str:
            if not conversation.replies:
                raise gr.Error(WORDS[self._lang]["nothing"], print_exception=False)
            today = datetime.date.today()
            made = export(self._desk.assistant.library, conversation.replies, form, today, self._lang)
            return parcel(file_name(conversation.replies, form, today), made)

        return exported
