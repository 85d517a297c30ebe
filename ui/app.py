"""The page: Gradio on this machine, without telemetry, history or any request to another host."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import resources
from typing import Any

import gradio as gr

from eval.feedback import Shown, shown
from ingest.library import Library
from retriever.answer import Refusal
from retriever.assistant import Assistant
from retriever.checklist import checklist
from ui.arranged import checklist_page
from ui.judging import Judging
from ui.page import reply_page
from ui.settings import Settings
from ui.shelving import rebuild
from ui.texts import texts_tab

EXAMPLES = {
    "Parent or teacher": "A man keeps asking my 13-year-old for naked pictures and wants to meet her. Is that a crime?",
    "Investigator": "Can we make a provider keep a suspect's account data before we have a court order?",
    "Prosecutor": "How long must the limitation period run after the victim turns 18?",
    "Drafter in a ministry": "Can our state leave computer-made images of children that do not exist out of the offence?",
    "Central authority": "How quickly must another Party preserve data when we ask, and for how long?",
    "Helpline or NGO": "How often may a child be interviewed, and by whom?",
    "Project partner": "What did the Lanzarote Committee say about images that children take of themselves?",
    "In French": "Un adulte qui demande des photos nues à un enfant sur internet, quel article s'applique ?",
}
HEAD = """
<div class="masthead"><h1>Basis</h1>
<p>Finds and quotes the legal basis in the Council of Europe treaties and committee outputs that protect children from
sexual exploitation and abuse, and on cybercrime. Every answer is a quotation with its address. Ask in English or French, in your own words.</p></div>"""
FOOT = """
<div class="colophon"><p>Sources: our restatement, in our own words, of four treaties and of what committees, recommendations and projects
say, and the texts that you install. The restatement is not the official text; each provision says what it was checked
against, each statement where it comes from. No legal advice. Nothing that you
type leaves this computer; nothing is kept after you close the page but what you judge with a button under an answer.</p></div>"""


class Desk:
    """The assistant that answers now; installing or removing a text puts a new one in its place."""

    def __init__(self, assistant: Assistant, settings: Settings) -> None:
        self.assistant = assistant
        self.settings = settings

    def reopen(self) -> None:
        """Build the next index generation and answer from it."""
        rebuild(self.settings)
        self.assistant = Assistant.open(self.settings.data, self.settings.embedder, self.settings.store)


# What the filter calls all outputs together; an instrument's id has no blank.
OUTPUTS = "all outputs"


def _chosen(library: Library, choice: list[str]) -> list[str]:
    """The ids of the instruments that the filter names; a text that has been removed since is left out."""
    outputs = [i.id for i in library.instruments.values() if i.is_output] if OUTPUTS in choice else []
    return [id_ for id_ in choice if id_ in library.instruments] + outputs


def responder(desk: Desk) -> Callable[[str, list[str], list[str]], tuple[str, list[str], str, Shown]]:
    """The handler of the question box: question, earlier questions, instruments → page, earlier questions, empty box, and
    what the buttons under the answer speak of."""

    def respond(question: str, history: list[str], instruments: list[str]) -> tuple[str, list[str], str, Shown]:
        assistant = desk.assistant
        reply = assistant.ask(question, history, _chosen(assistant.library, instruments))
        asked = [*history, question] if question.strip() else history
        return reply_page(assistant.library, reply, history), asked, "", shown(reply, history)

    return respond


def arranger(desk: Desk) -> Callable[[str], str]:
    """The handler of the checklist's box: a conduct or measure → page."""

    def arrange(question: str) -> str:
        assistant = desk.assistant
        made = checklist(assistant, question)
        return reply_page(assistant.library, made) if isinstance(made, Refusal) else checklist_page(made)

    return arrange


def instruments_of(desk: Desk) -> list[tuple[str, str]]:
    """What can be chosen: the treaties and the user's documents by name and id, the outputs together."""
    instruments = desk.assistant.library.instruments.values()
    single = [(i.label(), i.id) for i in instruments if not i.is_output]
    count = sum(i.is_output for i in instruments)
    return [*single, (f"Committee outputs, recommendations, projects, resources ({count})", OUTPUTS)]


def build(desk: Desk) -> gr.Blocks:
    """The page, not yet served."""
    respond = responder(desk)
    scripts = resources.files("ui").joinpath("page.js").read_text(encoding="utf-8")
    with gr.Blocks(title="Basis", analytics_enabled=False, fill_width=True, delete_cache=(600, 600)) as page:
        gr.HTML(HEAD)
        with gr.Tabs():
            with gr.Tab("Ask"):
                history = gr.State([])
                with gr.Row(elem_id="columns"):
                    with gr.Column(scale=2, min_width=300, elem_id="asking"):
                        box = gr.Textbox(
                            label="Your question", lines=3, max_lines=8, autofocus=True, elem_id="question",
                            placeholder="For example: may police look into a phone without a warrant?",
                        )  # fmt: skip
                        with gr.Row():
                            ask = gr.Button("Ask", variant="primary", elem_id="ask", min_width=90)
                            anew = gr.Button("New conversation", variant="secondary", elem_id="anew", min_width=140)
                        chosen = gr.CheckboxGroup(instruments_of(desk), label="Only in", elem_id="instruments")
                        gr.HTML('<h2 class="examples">For example</h2>')
                        examples = [
                            (gr.Button(f"{who}: {text}", elem_classes="example", size="sm"), text)
                            for who, text in EXAMPLES.items()
                        ]
                    with gr.Column(scale=5, min_width=320):
                        answer = gr.HTML("", js_on_load=scripts, elem_id="answer")
                        judging = Judging(desk.settings)
            with gr.Tab("Legal basis", elem_id="basis"):
                gr.HTML(
                    "<p class='lead'>Describe a conduct, or name a measure. What the sources hold on it is arranged the way a "
                    "practitioner checks it; a row without a provision says so.</p>"
                )
                conduct = gr.Textbox(
                    label="Conduct or measure", lines=2, max_lines=6, elem_id="conduct",
                    placeholder="For example: a man makes a girl of 12 undress in front of her webcam",
                )  # fmt: skip
                arrange = gr.Button("Arrange the legal basis", variant="primary", elem_id="arrange")
                table = gr.HTML("", elem_id="table")
            with gr.Tab("Your texts", elem_id="texts"):
                changed = texts_tab(desk)
        gr.HTML(FOOT)
        outputs = [answer, history, box, judging.judged]
        quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "minimal"}
        events = [gr.on([ask.click, box.submit], respond, [box, history, chosen], outputs, **quiet)]
        gr.on([arrange.click, conduct.submit], arranger(desk), conduct, table, **quiet)
        events.append(anew.click(lambda: ("", [], "", None), None, outputs, **quiet))
        for button, text in examples:
            again = partial(respond, text)
            events.append(button.click(again, [history, chosen], outputs, **quiet))
        judging.connect(events, **quiet)
        changed.change(lambda: gr.CheckboxGroup(choices=instruments_of(desk)), None, chosen, **quiet)
        page.load(lambda: gr.CheckboxGroup(choices=instruments_of(desk)), None, chosen, **quiet)
    return page  # type: ignore[no-any-return]


def launch(
    desk: Desk, host: str = "127.0.0.1", port: int = 7860, browser: bool = False, block: bool = True
) -> gr.Blocks:
    """Serve the page at `host:port`; returns at once where `block` is false, else when it is stopped."""
    page = build(desk)
    page.queue(default_concurrency_limit=8)
    page.launch(
        server_name=host, server_port=port, inbrowser=browser, share=False, quiet=True, show_error=False,
        prevent_thread_lock=True, footer_links=[], run_history=False, enable_monitoring=False, ssr_mode=False, pwa=False,
        mcp_server=False, max_file_size="100mb", theme=gr.themes.Base(font=["Georgia", "serif"], font_mono=["monospace"]),
        css_paths=[str(resources.files("ui").joinpath("page.css"))],
    )  # fmt: skip
    if block:
        print(f"Basis is at http://{host}:{port} – stop it with Ctrl-C.", flush=True)
        page.block_thread()
    return page
