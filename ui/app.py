"""The page: Gradio on this machine, in English and French, without telemetry, history or any request to another host."""

from __future__ import annotations

from importlib import resources
from typing import Any

import gradio as gr

from ui import lean
from ui.desk import Desk
from ui.interface import Interface
from ui.views.arranging import Arranging
from ui.views.asking import Asking, instruments_of
from ui.views.calls import register
from ui.views.checking import Checking
from ui.views.documents import Documents
from ui.views.quality import Quality
from ui.views.reading import Reading
from ui.views.script import QUIET, conductor, courier, scripts

WORDS = {
    "en": {
        "lead": "Finds and quotes the legal basis in the Council of Europe treaties on the protection of children against sexual exploitation and sexual abuse and on cybercrime, and in the work of their committees. Ask in English or French, in your own words.",
        "switch": '<a href="fr" hreflang="fr" lang="fr" data-language="fr">Français</a>', "theme": "Light or dark theme",
        "foot": "Sources: our restatement, in our own words, of four treaties; our statements of what committees, recommendations and projects say; and the texts that are installed. Restatements and statements are not the official text; each provision says whether it was checked and against what, each statement where it comes from. This is not legal advice. What you type goes only to the machine that serves this page. That machine saves nothing of it, except the verdicts given with the buttons under an answer, with their questions, and what is installed under Documents.",
    },
    "fr": {
        "lead": "Trouve et cite la base légale dans les traités du Conseil de l'Europe sur la protection des enfants contre l'exploitation et les abus sexuels et sur la cybercriminalité, ainsi que dans les travaux de leurs comités. Posez votre question en français ou en anglais, avec vos propres mots.",
        "switch": '<a href="./" hreflang="en" lang="en" data-language="en">English</a>', "theme": "Thème clair ou sombre",
        "foot": "Sources\u00a0: notre reformulation, en anglais, de quatre traités\u00a0; nos énoncés, en anglais, de ce que disent comités, recommandations et projets\u00a0; et les textes installés. Reformulations et énoncés ne sont pas le texte officiel\u00a0; chaque disposition indique si elle a été vérifiée et par rapport à quoi, chaque énoncé d'où il vient. Ceci n'est pas un avis juridique. Ce que vous saisissez ne va qu'à la machine qui héberge cette page. Elle n'en enregistre rien, sauf les avis donnés par les boutons sous une réponse, avec leurs questions, et ce qui est installé sous Documents.",
    },
}  # fmt: skip
# The views by the name that a deep link gives them (`?v=check`).
TABS = {
    "en": {
        "ask": "Ask",
        "reader": "Reader",
        "basis": "Legal basis",
        "check": "Check citations",
        "documents": "Documents",
        "quality": "Quality",
    },
    "fr": {
        "ask": "Question",
        "reader": "Lecteur",
        "basis": "Base légale",
        "check": "Vérifier des références",
        "documents": "Documents",
        "quality": "Qualité",
    },
}


def _masthead(lang: str) -> str:
    w = WORDS[lang]
    return (
        f'<header class="masthead"><h1>Basis</h1><p>{w["lead"]}</p><div class="switches">{w["switch"]}'
        f'<button type="button" data-theme="toggle">{w["theme"]}</button></div></header>'
    )


def _page(desk: Desk, lang: str) -> None:
    """Lay out and connect all views in one language; inside a Blocks context."""
    tabs = TABS[lang]
    gr.HTML(_masthead(lang))
    clicks, saves = conductor(), courier()
    with gr.Tabs(elem_id="views") as views:
        with gr.Tab(tabs["ask"], id="ask"):
            asking = Asking(desk, lang, saves)
        with gr.Tab(tabs["reader"], id="reader") as reader:
            reading = Reading(desk, lang)
        with gr.Tab(tabs["basis"], id="basis"):
            arranging = Arranging(desk, lang)
        with gr.Tab(tabs["check"], id="check"):
            checking = Checking(desk, lang)
        with gr.Tab(tabs["documents"], id="documents") as listed:
            documents = Documents(desk, lang)
        with gr.Tab(tabs["quality"], id="quality") as shown:
            quality = Quality(desk, lang, saves)
    gr.HTML(f'<footer class="colophon"><p>{WORDS[lang]["foot"]}</p></footer>')

    def opened(event: gr.EventData) -> tuple[Any, Any]:
        address = str(event.place)
        if not address:
            return gr.skip(), gr.Tabs(selected="ask")
        return reading.page(address, str(event.expression), str(event.beside)), gr.Tabs(selected="reader")

    def asked(event: gr.EventData, *given: Any) -> tuple[Any, ...]:
        return (*asking.asked(str(event.question), *given), gr.Tabs(selected="ask"))

    def linked(request: gr.Request, *given: Any) -> tuple[Any, ...]:
        """What a deep link asks for: `?q=` a question, `?p=` a place, `?v=` a view."""
        wanted = dict(request.query_params)
        nothing = (gr.skip(),) * len(asking.outputs)
        if wanted.get("q", "").strip():
            return (*asking.asked(wanted["q"], *given), gr.skip(), gr.Tabs(selected="ask"))
        if wanted.get("p"):
            leaf = reading.page(wanted["p"], wanted.get("x", ""), wanted.get("beside", ""))
            return (*nothing, leaf, gr.Tabs(selected="reader"))
        view = wanted.get("v")
        return (*nothing, gr.skip(), gr.Tabs(selected=view) if view in tabs else gr.skip())

    given = [asking.conversation, *asking.filters]
    clicks.select(opened, None, [reading.leaf, views], **QUIET)
    events = [*asking.connect(), clicks.submit(asked, given, [*asking.outputs, views], **QUIET)]
    reading.connect()
    arranging.connect()
    checking.connect()
    quality.connect(shown.select)
    changed = documents.connect()
    choices = [asking.instruments, reading.which]

    def held() -> list[gr.Dropdown]:
        return [gr.Dropdown(choices=instruments_of(desk.assistant.library, lang)) for _ in choices]

    changed.change(held, None, choices, **QUIET)
    here = gr.context.Context.root_block
    assert here is not None
    gr.on([reader.select, here.load], held, None, choices, **QUIET)
    listed.select(documents.refreshed, None, [documents.table, documents.gone], **QUIET)
    events.append(here.load(linked, given, [*asking.outputs, reading.leaf, views], **QUIET))
    asking.judging.connect(events, **QUIET)


def build(desk: Desk) -> gr.Blocks:
    """The page, not yet served: English at its address, French at `fr` below it."""
    page = gr.Blocks(title="Basis", analytics_enabled=False, fill_width=True, delete_cache=(600, 600))
    with page:
        _page(desk, "en")
        register(Interface(desk))
    with page.route("Français", "/fr", show_in_navbar=False):
        _page(desk, "fr")
    return page


def launch(
    desk: Desk, host: str = "127.0.0.1", port: int = 7860, browser: bool = False, block: bool = True,
    password: tuple[str, str] | None = None, root_path: str | None = None,
) -> gr.Blocks:  # fmt: skip
    """Serve the page at `host:port`; returns at once where `block` is false, else when it is stopped.

    `password` is the name and password that everybody must give; `root_path` is where a reverse proxy shows the page, as
    `/basis`.
    """
    page = build(desk)
    page.queue(default_concurrency_limit=8)
    page.launch(
        server_name=host, server_port=port, inbrowser=browser, share=False, quiet=True, show_error=False,
        prevent_thread_lock=True, footer_links=[], run_history=False, enable_monitoring=False, ssr_mode=False, pwa=False,
        mcp_server=False, max_file_size="100mb", state_session_capacity=200, auth=password, root_path=root_path,
        theme=gr.themes.Base(font=["Georgia", "serif"], font_mono=["monospace"]),
        css_paths=[str(resources.files("ui").joinpath("assets", "page.css"))], head=scripts("head.html"),
    )  # fmt: skip
    if block:
        lean.settle()
        print(f"Basis is at http://{host}:{port} – stop it with Ctrl-C.", flush=True)
        page.block_thread()
    return page
