"""Installing texts with the command: proven or refused, quoted afterwards, listed, removed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from command import run
from official_layout import database_markdown

from ingest import mentions, shelf
from ingest.library import Library
from retriever import drivers, index
from retriever.assistant import Assistant
from ui.settings import Settings
from ui.shelving import library as held


@pytest.fixture(scope="module")
def built(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    index.build(library, drivers.embedder("hashing:64"), folder)
    return folder


@pytest.fixture
def data(tmp_path: Path, built: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "data"
    shutil.copytree(built, folder)
    monkeypatch.setenv("BASIS_DATA", str(folder))
    monkeypatch.setenv("BASIS_EMBEDDER", "hashing:64")
    return folder


@pytest.mark.parametrize(
    ("instrument", "articles"), [("cets-201", 50), ("ets-185", 48), ("ets-189", 16), ("cets-224", 25)]
)
def test_an_official_text_is_recognised_proven_installed_and_quoted(
    capsys: pytest.CaptureFixture[str], data: Path, library: Library, tmp_path: Path, instrument: str, articles: int
) -> None:
    path = tmp_path / "downloaded.md"
    path.write_text(database_markdown(library, instrument))
    code, out, err = run(capsys, "add", str(path), "--lang", "en")
    assert code == 0, err
    assert out.startswith(f"Installed {instrument}/official-en:")
    wording = held(Settings(data)).expressions[instrument, "official-en"]
    assert {p.citation for p in wording.provisions} >= {
        p.citation
        for p in library.expressions[instrument, "restatement-en"].provisions
        if p.citation.path[0] != "preamble"
    }
    assert len({p.citation.article for p in wording.provisions if p.citation.path[0] != "preamble"}) == articles
    reply = json.loads(run(capsys, "ask", f"article 3 of {library.instruments[instrument].label()}", "--json")[1])
    hit = reply["hits"][0]
    assert (hit["expression"], hit["checked"]) == ("official-en", True)
    assert hit["quote"] in wording.source.text
    assert "restatement-en" in hit["others"]
    shown = run(capsys, "show", f"{instrument}/art_3")[1]
    assert "official text as installed on" in shown
    assert "not the official text" not in shown
    assert "restatement, " in run(capsys, "show", f"{instrument}/art_3", "--all")[1]


def test_a_text_with_a_missing_article_is_refused_and_nothing_changes(
    capsys: pytest.CaptureFixture[str], data: Path, library: Library, tmp_path: Path
) -> None:
    path = tmp_path / "cut.md"
    path.write_text(database_markdown(library, "ets-189", skip=7))
    before = (data / "index" / "CURRENT").read_text()
    code, _, err = run(capsys, "add", str(path), "--as", "ets-189", "--lang", "en")
    assert code == 3
    assert "is not proven to be the official text" in err
    assert "7" in err
    assert (data / "index" / "CURRENT").read_text() == before
    assert shelf.installed(data) == []


def test_another_treatys_text_is_refused(
    capsys: pytest.CaptureFixture[str], data: Path, library: Library, tmp_path: Path
) -> None:
    path = tmp_path / "other.md"
    path.write_text(database_markdown(library, "ets-189"))
    assert run(capsys, "add", str(path), "--as", "ets-185", "--lang", "en")[0] == 3


LAW = """# Act on the Protection of Minors Online

Article 1 – Scope

1. This act applies to providers of hosting in the country.

Article 2 – Moderators

1. Every provider keeps a register of its zookeepers, updated each month.
2. The register is open to the authority.

Article 3 – Entry into force

This act enters into force on 1 March 2025.
"""


def test_a_document_of_ones_own_is_found_quoted_listed_and_removed(
    capsys: pytest.CaptureFixture[str], data: Path, tmp_path: Path
) -> None:
    path = tmp_path / "act.md"
    path.write_text(LAW)
    code, out, err = run(
        capsys, "add", str(path), "--document", "--as", "minors-act", "--lang", "en", "--title", "Minors Act",
        "--date", "2025-01-15", "--binding", "--url", "https://example.org/act",
    )  # fmt: skip
    assert code == 0, err
    reply = json.loads(run(capsys, "ask", "who keeps a register of zookeepers", "--json")[1])
    hit = next(hit for hit in reply["hits"] if hit["instrument"] == "minors-act")
    assert hit["citation"].startswith("minors-act/art_2")
    assert "zookeepers" in hit["quote"]
    assert (hit["expression"], hit["binding"], hit["url"]) == ("document-en", True, "https://example.org/act")
    code, out, _ = run(capsys, "list")
    assert "minors-act/document-en: Minors Act;" in out
    assert "cets-201/restatement-en" in out
    code, out, _ = run(capsys, "show", "minors-act/art_2", "--all")
    assert "zookeepers" in out
    assert run(capsys, "remove", "minors-act")[0] == 0
    assert "minors-act" not in run(capsys, "list")[1]
    assert run(capsys, "remove", "minors-act")[0] == 2


def test_at_most_two_hits_come_from_one_document(
    capsys: pytest.CaptureFixture[str], data: Path, tmp_path: Path
) -> None:
    path = tmp_path / "manual.txt"
    path.write_text(
        "Manual\n\n" + "\n\n".join(f"{n}. Zookeepers of kind {n} feed the zebras daily." for n in range(1, 9))
    )
    assert run(capsys, "add", str(path), "--document", "--as", "manual", "--lang", "en")[0] == 0
    hits = json.loads(run(capsys, "ask", "zookeepers feed zebras", "--json")[1])["hits"]
    assert sum(hit["instrument"] == "manual" for hit in hits) == 2
    assert len(hits) == 10


def test_only_what_is_new_is_embedded(
    data: Path, library: Library, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "note.txt"
    path.write_text("1. One single new sentence about giraffes.\n\n2. And a second one.\n")
    assert run(capsys, "add", str(path), "--document", "--as", "note", "--lang", "en")[0] == 0
    embedder = drivers.embedder("hashing:64")
    planned = index.plan(held(Settings(data)), embedder, data)
    assert planned.count == 0
    assert (
        set(planned.known)
        == set(planned.keys)
        == set(json.loads((index.open_index(data).folder / "texts.json").read_text()))
    )


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["add", "nowhere.pdf"], "no file or folder 'nowhere.pdf'"),
        (["add", "FILE", "--document", "--lang", "english"], "a language of two letters"),
        (["add", "FILE", "--document", "--lang", "en", "--date", "yesterday"], "wanted a date as 2024-04-19"),
        (["add", "FILE", "--document", "--lang", "en", "--as", "cets-201"], "is an instrument of the corpus"),
        (["add", "FILE", "--as", "cets-999", "--lang", "en"], "no instrument 'cets-999' in the corpus"),
        (["remove", "cets-201/restatement-en"], "nothing installed as"),
        (["remove", "../../etc"], "nothing installed as"),
    ],
)
def test_usage_mistakes_are_said(
    capsys: pytest.CaptureFixture[str], data: Path, tmp_path: Path, args: list[str], message: str
) -> None:
    path = tmp_path / "file.txt"
    path.write_text(LAW)
    code, _, err = run(capsys, *[str(path) if arg == "FILE" else arg for arg in args])
    assert code == 2
    assert message in err


def test_a_folder_is_installed_file_by_file_and_failures_are_counted(
    capsys: pytest.CaptureFixture[str], data: Path, library: Library, tmp_path: Path
) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "a.md").write_text(database_markdown(library, "ets-189"))
    (folder / "b.pdf").write_bytes(b"not a pdf at all \x00\x01")
    code, out, err = run(capsys, "add", str(folder), "--lang", "en")
    assert code == 3
    assert "1 installed, 1 not." in out
    assert "b.pdf" in err


def test_a_question_in_french_is_answered_with_the_french_text(
    capsys: pytest.CaptureFixture[str], data: Path, library: Library, tmp_path: Path
) -> None:
    """The layout is ours and the words are English: what matters is which expression is chosen."""
    path = tmp_path / "t.md"
    path.write_text(database_markdown(library, "ets-189"))
    for lang in ("en", "fr"):
        assert run(capsys, "add", str(path), "--as", "ets-189", "--lang", lang)[0] == 0
    for question, expression in (
        ("Que dit l'article 3 STE 189 ?", "official-fr"),
        ("What does article 3 ETS 189 say?", "official-en"),
    ):
        hit = json.loads(run(capsys, "ask", question, "--json")[1])["hits"][0]
        assert hit["expression"] == expression
        assert set(hit["others"]) == {"official-en", "official-fr", "restatement-en"} - {expression}


def test_a_paragraph_of_a_pdf_is_cited_with_its_printed_and_its_physical_page(
    capsys: pytest.CaptureFixture[str], data: Path, tmp_path: Path
) -> None:
    from reportlab.pdfgen.canvas import Canvas

    path = tmp_path / "report.pdf"
    canvas = Canvas(str(path))
    for page in range(1, 6):
        for line, start in enumerate((2 * page - 1, 2 * page)):
            canvas.drawString(
                72, 700 - 40 * line, f"{start}. Paragraph {start} of the report speaks of zebra number {start}."
            )
        canvas.drawCentredString(300, 40, str(page + 10))
        canvas.showPage()
    canvas.save()
    assert run(capsys, "add", str(path), "--document", "--as", "report", "--lang", "en")[0] == 0
    hit = json.loads(run(capsys, "ask", "zebra number 5", "--json", "--instrument", "report")[1])["hits"][0]
    assert (hit["citation"], hit["page"], hit["printed_page"]) == ("report/para_5", 3, "13")


def test_a_document_with_a_common_word_for_a_title_is_not_named_by_it(
    capsys: pytest.CaptureFixture[str], data: Path, tmp_path: Path
) -> None:
    path = tmp_path / "act.md"
    path.write_text(LAW)
    assert run(capsys, "add", str(path), "--document", "--as", "data", "--title", "Data", "--lang", "en")[0] == 0
    instruments = held(Settings(data)).instruments.values()
    assert mentions.Mentions(instruments).names("who may read the data of a child?") == []


def test_adding_a_corrected_text_replaces_the_former(
    capsys: pytest.CaptureFixture[str], data: Path, tmp_path: Path
) -> None:
    path = tmp_path / "act.md"
    for words in ("zookeepers", "gardeners"):
        path.write_text(LAW.replace("zookeepers", words))
        assert run(capsys, "add", str(path), "--document", "--as", "act", "--lang", "en")[0] == 0
    shown = run(capsys, "show", "act/art_2", "--all")[1]
    assert "gardeners" in shown
    assert "zookeepers" not in shown


def test_a_damaged_installed_text_is_refused_with_the_remedy(
    capsys: pytest.CaptureFixture[str], data: Path, tmp_path: Path
) -> None:
    path = tmp_path / "act.md"
    path.write_text(LAW)
    assert run(capsys, "add", str(path), "--document", "--as", "act", "--lang", "en")[0] == 0
    (data / "documents" / "act" / "document-en.json").write_text("{")
    code, _, err = run(capsys, "index")
    assert code == 3
    assert "Remove it with `basis remove`" in err
    assert run(capsys, "ask", "Article 3 Lanzarote")[0] == 0, "the index still serves"
    assert run(capsys, "remove", "act")[0] == 0
    held = Assistant.open(data, "hashing:64").library.instruments
    assert [id_ for id_, instrument in held.items() if not instrument.is_output] == [
        "cets-201", "cets-224", "ets-185", "ets-189",
    ]  # fmt: skip


def _bad_files() -> dict[str, bytes]:
    return {
        "empty.pdf": b"",
        "picture.pdf": b"\x89PNG\r\n\x1a\n" + b"\x00" * 64,
        "broken.pdf": b"%PDF-1.7\n1 0 obj\n<<",
        "binary.txt": b"words \x00 and nulls",
        "archive.docx": b"PK\x03\x04" + b"\x00" * 40,
        "challenge.html": b"<html><head><title>Just a moment...</title></head><body>Enable JavaScript and cookies to continue</body></html>",
        "blank.txt": b"   \n \n",
    }


@pytest.mark.parametrize("name", _bad_files())
def test_a_bad_file_is_refused_with_3_and_the_index_is_untouched(
    capsys: pytest.CaptureFixture[str], data: Path, tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    path.write_bytes(_bad_files()[name])
    before = (data / "index" / "CURRENT").read_text()
    code, out, err = run(capsys, "add", str(path), "--document", "--as", "bad", "--lang", "en")
    assert code == 3, err
    assert name in err
    assert "Traceback" not in err
    assert out == ""
    assert (data / "index" / "CURRENT").read_text() == before
    assert shelf.installed(data) == []


def test_a_link_is_not_followed(capsys: pytest.CaptureFixture[str], data: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(LAW)
    link = tmp_path / "link.txt"
    link.symlink_to(secret)
    code, _, err = run(capsys, "add", str(link), "--document", "--as", "x", "--lang", "en")
    assert code == 3
    assert "link" in err


@pytest.mark.parametrize(
    ("instrument", "lang", "articles"),
    [
        ("cets-201", "en", 50),
        ("ets-185", "en", 48),
        ("ets-189", "en", 16),
        ("cets-201", "nl", 50),
        ("ets-185", "nl", 48),
        ("ets-189", "nl", 16),
    ],
)
def test_the_real_official_texts_are_proven_and_installed(
    capsys: pytest.CaptureFixture[str],
    data: Path,
    library: Library,
    official: Path,
    instrument: str,
    lang: str,
    articles: int,
) -> None:
    path = official / instrument / f"{lang}.md"
    code, _, err = run(capsys, "add", str(path), "--as", instrument, "--lang", lang)
    assert code == 0, err
    wording = held(Settings(data)).expressions[instrument, f"official-{lang}"]
    heads = [p.citation.path[0] for p in wording.provisions if len(p.citation.path) == 1]
    assert heads == ["preamble", *(f"art_{n}" for n in range(1, articles + 1))]
    ours = {p.citation for p in library.expressions[instrument, "restatement-en"].provisions}
    shared = ours & {p.citation for p in wording.provisions}
    assert len(shared) == len(ours) if (instrument, lang) != ("ets-185", "nl") else len(shared) == len(ours) - 3


def test_the_real_treaty_office_print_is_installed_as_a_document_by_article(
    capsys: pytest.CaptureFixture[str], data: Path, official: Path
) -> None:
    path = official / "cets-225" / "CETS_225_EN.docx.pdf"
    assert run(capsys, "add", str(path), "--document", "--as", "cets-225", "--lang", "en")[0] == 0
    wording = held(Settings(data)).expressions["cets-225", "document-en"]
    assert [p.citation.path[0] for p in wording.provisions if len(p.citation.path) == 1][1:] == [
        f"art_{n}" for n in range(1, 37)
    ]
    assert "5.IX.2024" not in wording.source.text[2000:-500]


def test_fetch_without_network_says_what_to_download_and_how_to_install_it(
    capsys: pytest.CaptureFixture[str], data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")  # nobody listens there: no request leaves this machine
    code, out, err = run(capsys, "fetch", "ets-189", "--lang", "en", "--once")
    assert code == 0
    assert "our restatement is used" in out
    assert "https://rm.coe.int/168008160f" in err
    assert (data / "fetch-tried").exists()
    assert run(capsys, "fetch", "--once") == (0, "", "")
    assert run(capsys, "fetch", "cets-999")[0] == 2


def test_the_text_of_an_output_stands_beside_our_statements(
    capsys: pytest.CaptureFixture[str], data: Path, tmp_path: Path
) -> None:
    path = tmp_path / "opinion.md"
    path.write_text(
        "# On zebras\n\n" + "\n\n".join(f"{n}. Zebra number {n} has stripes of its own." for n in range(1, 6))
    )
    code, _, err = run(capsys, "add", str(path), "--as", "lc-op-2017-icts", "--lang", "en")
    assert code == 0, err
    assert "lc-op-2017-icts/official-en" in run(capsys, "list")[1]
    assert "Zebra number 4 has stripes" in run(capsys, "show", "lc-op-2017-icts/para_4")[1]
    assert run(capsys, "show", "lc-op-2017-icts/statement_1")[0] == 0
    assert run(capsys, "remove", "lc-op-2017-icts/official-en")[0] == 0
    assert run(capsys, "show", "lc-op-2017-icts/para_4")[0] == 2


def test_the_country_of_an_installed_law_is_not_a_foreign_one(
    capsys: pytest.CaptureFixture[str], data: Path, tmp_path: Path
) -> None:
    path = tmp_path / "code.md"
    path.write_text(LAW)
    added = run(
        capsys, "add", str(path), "--document", "--as", "code", "--title", "Minors Code of Spain", "--lang", "en"
    )
    assert added[0] == 0, added[2]
    assistant = Assistant.open(data, "hashing:64")
    for country, foreign in (("Spain", 0.0), ("Portugal", 1.0)):
        seen = assistant.features(f"Minors Code of Spain: who keeps the register of zookeepers in {country}?")
        assert seen is not None
        assert (seen.bare, seen.place) == (True, foreign)
    # To the corpus every country is one, also where a code of it is installed.
    asked = assistant.features("Which sentence does the Lanzarote Convention want for child prostitution in Spain?")
    assert asked is not None
    assert (asked.bare, asked.place) == (False, 1.0)
