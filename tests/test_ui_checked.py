"""A checked text on the page and in the terminal: every character stays, and nothing in it is run."""

from __future__ import annotations

import argparse
import io
import json
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from ingest.errors import ReadingError
from ingest.library import Library
from retriever.checking import check
from ui import checked as shown
from ui.settings import Settings

TEXT = (
    "Article 20(4) of the Lanzarote Convention says “Each Party may not reserve the right to disapply, wholly or partly, "
    "paragraph 1.f.”\r\n\r\n<script>alert('Article 60 of the Lanzarote Convention')</script> & Articles 18 to 19 of CETS 201\n\n"
    "Article 23 is bare. Article 8 of the ECHR. “the production of child pornography”"
)


class Page(HTMLParser):
    """The text of the checked passage, the tags and the attributes."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.depth, self.tags, self.attributes = "", 0, [], set[str]()
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.attributes |= {name for name, _ in attrs}
        if self.depth or ("class", "checked-text") in attrs:
            self.depth += 1

    def handle_endtag(self, tag: str) -> None:
        self.depth -= self.depth > 0

    def handle_data(self, data: str) -> None:
        self.text += data if self.depth else ""


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize(
    "text", [TEXT, "", " \n Article 1", "‮<b>&amp;</b>\t“<i>a b c d e</i>”", "</div><img src=x onerror=alert(1)>"]
)
def test_the_text_shown_is_the_text_checked(library: Library, text: str, lang: str) -> None:
    page = Page(shown.checked_page(library, check(library, text), lang))
    assert page.text == text
    assert {tag for tag, _ in page.tags} <= set(
        "section p h3 div mark a ol ul li span strong q details summary blockquote table caption thead tbody tr th td".split()
    )
    assert page.attributes <= {
        "class",
        "lang",
        "dir",
        "href",
        "title",
        "role",
        "id",
        "scope",
        "data-number",
        "data-place",
    }


def test_every_mark_leads_to_an_item_of_the_lists(library: Library) -> None:
    page = Page(shown.checked_page(library, check(library, TEXT), "en"))
    ids = {attributes["id"] for tag, attributes in page.tags if tag == "li" and "id" in attributes}
    links = {attributes["href"][1:] for tag, attributes in page.tags if tag == "a" and attributes["href"][0] == "#"}
    assert ids == {*(f"reference-{n}" for n in range(1, 7)), "quote-1", "quote-2"}
    assert links == ids - {"reference-4"}  # one mark for "Articles 18 to 19"
    classes = [attributes["class"] for tag, attributes in page.tags if tag == "mark"]
    assert classes == [
        "reference exists", "quote altered", "reference does-not-exist", "reference exists", "reference ambiguous",
        "reference elsewhere", "quote found-elsewhere",
    ]  # fmt: skip


def test_the_provision_is_shown_with_its_place_and_the_difference(library: Library) -> None:
    page = shown.checked_page(library, check(library, TEXT), "en")
    link = '<a class="place" href="?p=cets-201/art_20__para_4" data-place="cets-201/art_20__para_4">Lanzarote Convention, Article 20, paragraph 4</a>'
    assert link in page
    assert "<td>(nothing)</td><td>not</td>" in page
    assert "The Lanzarote Convention goes up to Article 50." in page


def test_counts_are_in_words(library: Library) -> None:
    checked = check(library, TEXT)
    assert shown.counts(checked, "en") == (
        "6 references: 3 exist, 1 does not, 1 is ambiguous, 1 refers to other law; 2 quotes: 1 found elsewhere, 1 altered"
    )
    assert shown.counts(checked, "fr") == (
        "6 références\u00a0: 3 existent, 1 n’existe pas, 1 est ambiguë, 1 renvoie à un autre texte\u00a0; "
        "2 citations\u00a0: 1 retrouvée ailleurs, 1 modifiée"
    )
    assert shown.counts(check(library, ""), "fr") == "Aucune référence ni citation trouvée."


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("Article 23(5) of the Lanzarote Convention", "Lanzarote Convention, Article 23 has no such parts."),
        ("Article 20(1)(z) Lanzarote", "The Lanzarote Convention goes up to Article 20, paragraph 1, point f."),
        ("Article 5 of the Warsaw Arms Treaty", "“Warsaw Arms Treaty” is not held by Basis under that name."),
    ],
)
def test_what_is_wrong_is_told(library: Library, text: str, note: str) -> None:
    assert note in shown.checked_text(library, check(library, text), "en")


def test_data_gives_spans_and_addresses(library: Library) -> None:
    data = json.loads(json.dumps(shown.checked_data(check(library, "Art. 60 of CETS 201. Art. 9 of ETS 185."))))
    assert data["references"][0] == {
        "start": 0, "end": 7, "words": "Art. 60", "verdict": "does-not-exist", "citations": [], "last": ["cets-201/art_50"],
        "elsewhere": None, "law": None,
    }  # fmt: skip
    assert data["references"][1]["citations"] == ["ets-185/art_9"]
    assert (data["sound"], data["quotes"]) == (False, [])


def arguments(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    shown.add_arguments(parser)
    return parser.parse_args(words)


@pytest.mark.parametrize(
    ("text", "code"), [("Article 1 of the Lanzarote Convention", 0), ("Article 60 of the Lanzarote Convention", 1)]
)
def test_the_command_tells_whether_all_is_right(
    hashed_data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    text: str,
    code: int,
) -> None:
    file = tmp_path / "brief.txt"
    file.write_text(text, encoding="utf-8")
    assert shown.run(arguments(str(file), "--json"), Settings(hashed_data)) == code
    assert json.loads(capsys.readouterr().out)["text"] == text
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    assert shown.run(arguments("-", "--lang", "fr"), Settings(hashed_data)) == code
    assert capsys.readouterr().out.startswith("1 référence\u00a0: ")


def test_a_file_that_cannot_be_read_is_an_error_of_its_own(hashed_data: Path, tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match="nowhere") as caught:
        shown.run(arguments(str(tmp_path / "nowhere.pdf")), Settings(hashed_data))
    assert caught.value.exit_code == 3
