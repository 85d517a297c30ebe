"""The command `basis`. Exit codes: 0 answered or done, 1 refused, 2 usage, 3 data or index."""

from __future__ import annotations

import argparse
import contextlib
import datetime
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn, TextIO

from ingest.errors import BasisError, UsageError
from ui import arranged, checked, evaluating, installing, lean, terms
from ui.interface import encodable
from ui.settings import VERSION, Settings, silence


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(UsageError.exit_code, f"basis: {message}\n")


def index(args: argparse.Namespace, settings: Settings) -> int:
    """Read the corpus and build the index; only what changed is embedded again."""
    from ui.shelving import renew

    started = time.perf_counter()
    library, built = renew(settings, Path(args.corpus) if args.corpus else None, bar=not args.json)
    done = {
        "instruments": len(library.instruments), "articles": len(library.articles), "passages": len(library.passages),
        "lead_ins": len(library.lead_ins), "embedded": built.embedded, "reused": built.reused,
        "seconds": round(time.perf_counter() - started, 1), "folder": str(built.folder),
    }  # fmt: skip
    if args.json:
        print(json.dumps(done))
    else:
        print(
            f"{done['instruments']} instruments, {done['articles']} articles and preambles, {done['passages']} passages, "
            f"{done['lead_ins']} lead-in questions. {built.embedded} texts embedded, {built.reused} taken over, "
            f"{done['seconds']} s."
        )
    return 0


def ask(args: argparse.Namespace, settings: Settings) -> int:
    """Answer one question, or a file of questions with --batch."""
    from retriever.answer import Refusal
    from retriever.assistant import Assistant
    from ui.render import reply_data, reply_text

    if (args.question is None) == (args.batch is None):
        raise UsageError("wanted a QUESTION or --batch FILE, one of the two")
    if args.batch is not None and not args.json:
        raise UsageError("--batch writes JSON lines: add --json")
    if args.batch is not None:
        with _opened(args.batch) as lines:
            assistant = Assistant.open(settings.data, settings.embedder, settings.store)
            within = _scope(assistant, args)
            for line in lines:
                print(
                    json.dumps(_answered(assistant, line.rstrip("\r\n"), within, args), ensure_ascii=False), flush=True
                )
        return 0
    assistant = Assistant.open(settings.data, settings.embedder, settings.store)
    within = _scope(assistant, args)
    started = time.perf_counter()
    reply = assistant.ask(args.question, within=within, k=args.k, lang=args.lang)
    if args.json:
        print(json.dumps(reply_data(reply, None, (time.perf_counter() - started) * 1000), ensure_ascii=False))
    else:
        print(reply_text(reply, most=min(args.k, 3) if args.k == DEFAULT_K else args.k))
    if args.out:
        _saved(assistant, reply, Path(args.out))
    return 1 if isinstance(reply, Refusal) else 0


DEFAULT_K = 10


def _saved(assistant: Any, reply: Any, path: Path) -> None:
    """Write the reply to a file whose ending names the form."""
    from ui.exports.exporting import export

    made = export(assistant.library, [reply], path.suffix.removeprefix("."), datetime.date.today(), reply.lang)
    try:
        path.write_bytes(made)
    except OSError as error:
        raise UsageError(f"cannot write {str(path)!r}: {error.strerror}") from error


def _opened(name: str) -> contextlib.AbstractContextManager[TextIO]:
    """The batch file, read leniently: what is not UTF-8 is replaced. `-` is standard input."""
    if name == "-":
        return contextlib.nullcontext(sys.stdin)
    try:
        return Path(name).open(encoding="utf-8", errors="replace", newline="\n")
    except OSError as error:
        raise UsageError(f"cannot read the batch file {name!r}: {error.strerror}") from error


def _scope(assistant: Any, args: argparse.Namespace) -> Any:
    """The scope that the command's filters name."""
    from retriever.scope import scope

    return scope(assistant.library, args.instrument, args.kind, args.role, args.binding, args.quote)


def _answered(assistant: Any, line: str, within: Any, args: argparse.Namespace) -> dict[str, Any]:
    """What one line of a batch is answered with; a line that is no question is refused, never dropped."""
    from ui.render import reply_data, unreadable

    try:
        row = json.loads(line)
    except ValueError as error:
        return unreadable(None, line, f"wanted a JSON object with a question, found a line that is not JSON ({error})")
    except RecursionError:
        return unreadable(None, line, "wanted a JSON object with a question, found one nested too deeply")
    if not isinstance(row, dict):
        return unreadable(None, line, f"wanted a JSON object with a question, found {type(row).__name__}")
    id_, question, history, lang = row.get("id"), row.get("question"), row.get("history") or [], row.get("lang")
    if not isinstance(question, str):
        return unreadable(id_, "", f"wanted a text under `question`, found {type(question).__name__}")
    if not isinstance(history, list) or not all(isinstance(earlier, str) for earlier in history):
        return unreadable(id_, question, "wanted a list of earlier questions under `history`")
    started = time.perf_counter()
    clean = encodable(question)
    reply = assistant.ask(
        clean,
        [encodable(earlier) for earlier in history],
        within,
        args.k,
        lang if lang in ("en", "fr") else args.lang,
    )
    return reply_data(reply, id_, (time.perf_counter() - started) * 1000)


def show(args: argparse.Namespace, settings: Settings) -> int:
    """Show a provision by its address."""
    from retriever.index import open_index
    from ui.interface import held, located
    from ui.render import provision_data, provision_text

    library = open_index(settings.data).library
    wordings = held(library, located(library, args.address))
    for wording, provision in wordings if args.all else wordings[:1]:
        if args.json:
            print(json.dumps(provision_data(library, wording, provision), ensure_ascii=False))
        else:
            print(provision_text(library, wording, provision))
    return 0


def serve(args: argparse.Namespace, settings: Settings) -> int:
    """Open the page on this machine; on a shared server ask everybody for the password in BASIS_PASSWORD."""
    lean.prepare()
    from retriever.assistant import Assistant
    from ui.app import launch
    from ui.desk import Desk

    password = os.environ.get("BASIS_PASSWORD")
    shared = args.host not in ("127.0.0.1", "localhost", "::1")
    if shared and not password and not args.no_password:
        raise UsageError(
            f"--host {args.host} lets other machines in; wanted a password for them in BASIS_PASSWORD, or --no-password"
        )
    assistant = Assistant.open(settings.data, settings.embedder, settings.store)
    desk = Desk(assistant, settings, read_only=args.read_only or (shared and not args.installing))
    launch(
        desk, args.host, args.port, args.open, password=("basis", password) if password else None, root_path=args.root_path
    )  # fmt: skip
    return 0


def mcp(args: argparse.Namespace, settings: Settings) -> int:
    """Serve ask, show and check to a program on this machine over MCP (stdio)."""
    from ui import mcp_server

    return mcp_server.run(args, settings)


def doctor(args: argparse.Namespace, settings: Settings) -> int:
    """Say what is installed, what is checked, and whether the index is sound."""
    from ui.doctor import diagnose

    findings = diagnose(settings)
    if args.json:
        print(json.dumps([{"name": f.name, "ok": f.ok, "found": f.found} for f in findings], ensure_ascii=False))
    else:
        for finding in findings:
            print(f"{'ok  ' if finding.ok else 'FAIL'}  {finding.name}: {finding.found}")
    return 0 if all(finding.ok for finding in findings) else BasisError.exit_code


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = _Parser(
        prog="basis",
        description="Finds and quotes the legal basis in the treaties that protect children from sexual exploitation and abuse.",
    )
    top.add_argument("--version", action="version", version=f"basis {VERSION}")
    verbs = top.add_subparsers(required=True, metavar="COMMAND", parser_class=_Parser)

    def verb(name: str, run: Any) -> argparse.ArgumentParser:
        made = verbs.add_parser(name, help=(run.__doc__ or "").split("\n")[0], description=run.__doc__)
        made.add_argument(
            "--data-dir", metavar="FOLDER", help="the folder that everything is written to (or set BASIS_DATA)"
        )
        made.set_defaults(run=run)
        return made

    one = verb("ask", ask)
    one.add_argument("question", nargs="?", metavar="QUESTION")
    one.add_argument(
        "--batch", metavar="FILE", help='JSON lines {"id", "question", "history"?, "lang"?}; - is standard input'
    )
    one.add_argument("--json", action="store_true", help="write JSON")
    one.add_argument("-k", type=_positive, default=DEFAULT_K, metavar="N", help="at most N provisions (default 10)")
    one.add_argument(
        "--instrument", action="append", default=[], metavar="ID", help="only from this instrument; may be repeated"
    )
    one.add_argument(
        "--kind", action="append", default=[], metavar="KIND", help="only this kind, as “committee outputs”"
    )
    one.add_argument(
        "--role", action="append", default=[], metavar="ROLE", help="only provisions with this role, as offence"
    )
    one.add_argument("--binding", action="store_true", help="only what is legally binding")
    one.add_argument("--out", metavar="FILE", help="save the reply too: FILE.md, FILE.docx, FILE.pdf or FILE.json")
    one.add_argument(
        "--quote", choices=["en", "fr"], help="quote the text in this language first, where it is installed"
    )
    one.add_argument("--lang", choices=["en", "fr"], help="the question's language (default: found out)")
    two = verb("show", show)
    two.add_argument("address", metavar="ADDRESS", help="as cets-201/art_20__para_1__point_a")
    two.add_argument("--all", action="store_true", help="in every wording that is held")
    two.add_argument("--json", action="store_true", help="write JSON")
    three = verb("index", index)
    three.add_argument("--corpus", metavar="FOLDER", help="another corpus than the shipped one")
    three.add_argument("--json", action="store_true", help="write JSON")
    four = verb("serve", serve)
    four.add_argument("--host", default="127.0.0.1", help="default 127.0.0.1: this machine only")
    four.add_argument("--port", type=_port, default=7860, help="default 7860")
    four.add_argument("--open", action="store_true", help="open the browser")
    four.add_argument("--root-path", metavar="PATH", help="where a reverse proxy shows the page, as /basis")
    four.add_argument("--no-password", action="store_true", help="let other machines in without BASIS_PASSWORD")
    texts = four.add_mutually_exclusive_group()
    texts.add_argument("--read-only", action="store_true", help="nobody installs or removes texts in the page")
    texts.add_argument(
        "--installing", action="store_true", help="let people on other machines install and remove texts"
    )
    evaluating.add_verbs(verb("eval", evaluating.evaluate))
    six = verb("doctor", doctor)
    six.add_argument("--json", action="store_true", help="write JSON")
    seven = verb("add", installing.add)
    seven.add_argument("file", metavar="FILE_OR_FOLDER")
    seven.add_argument(
        "--as", dest="instrument", metavar="ID", help="which text it is, as cets-201; or your document's short name"
    )
    seven.add_argument("--lang", metavar="LANG", help="its language, as en")
    seven.add_argument(
        "--document", action="store_true", help="a document of your own, not an official text of a treaty held"
    )
    seven.add_argument("--title", help="your document's title (default: as found)")
    seven.add_argument("--date", metavar="DATE", help="your document's date, as 2024-04-19")
    seven.add_argument("--binding", action="store_true", help="your document is legally binding")
    seven.add_argument("--url", metavar="ADDRESS", help="your document's official address")
    seven.add_argument("--json", action="store_true", help="write JSON")
    eight = verb("list", installing.listed)
    eight.add_argument("--json", action="store_true", help="write JSON")
    nine = verb("remove", installing.remove)
    nine.add_argument("text", metavar="ID[/EXPRESSION]")
    ten = verb("fetch", installing.fetch)
    ten.add_argument("ids", nargs="*", metavar="ID", help="which instruments (default: all)")
    ten.add_argument("--lang", choices=["en", "fr"], help="only this language")
    ten.add_argument(
        "--once", action="store_true", help="with short time-outs, and not at all where it was tried before"
    )
    eleven = verb("glossary", terms.glossary)
    eleven.add_argument("word", nargs="?", metavar="WORD", help="as sextortion, or freeze data (default: all entries)")
    eleven.add_argument("--lang", choices=["en", "fr"], default="en", help="the language to answer in (default: en)")
    eleven.add_argument("--json", action="store_true", help="write JSON")
    twelve = verb("checklist", arranged.run)
    twelve.add_argument("question", metavar="CONDUCT_OR_MEASURE")
    twelve.add_argument("--lang", choices=["en", "fr"], help="the question's language (default: found out)")
    twelve.add_argument("--json", action="store_true", help="write JSON")
    checked.add_arguments(verb("check", checked.run))
    verb("mcp", mcp)
    return top


def _positive(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"wanted a whole number from 1 on, found {text!r}")
    return int(text)


def _port(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"wanted a port from 1 to 65535, found {text!r}")
    return int(text)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    silence()
    args = parser().parse_args(argv)
    try:
        code: int = args.run(args, Settings.read(args.data_dir))
        sys.stdout.flush()
        return code
    except BasisError as error:
        print(f"basis: {error}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:  # the reader of our output has gone, as `head` does
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
