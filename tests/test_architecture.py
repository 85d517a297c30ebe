"""What import contracts cannot say."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("corpus", "ingest", "retriever", "eval", "ui")
MODULES = sorted(path for name in (*PACKAGES, "tests") for path in (ROOT / name).rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_builtin_eval_is_never_hidden(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            assert all(alias.name.split(".")[0] != "eval" for alias in node.names), "write `from eval.x import y`"


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_holds_nothing_but_its_docstring(name: str) -> None:
    body = ast.parse((ROOT / name / "__init__.py").read_text(encoding="utf-8")).body
    assert len(body) == 1
    assert isinstance(body[0], ast.Expr)


# Each lays out one part of the page.
VIEWS = ("arranging", "asking", "calls", "checking", "documents", "judging", "quality", "reading", "script")


def test_each_heavy_library_is_imported_in_its_adapter_only() -> None:
    adapters = {
        "faiss": ["retriever/stores/quantised.py"],
        "sentence_transformers": ["retriever/embedders/int8.py", "retriever/embedders/sentence.py", "retriever/learning/lowrank.py"],
        "onnxruntime": ["retriever/embedders/int8.py"], "matplotlib": ["eval/plots.py"],
        "gradio": ["ui/app.py", *(f"ui/views/{name}.py" for name in VIEWS)],
        "langchain_text_splitters": ["eval/baselines.py", "ingest/passages.py"],
    }  # fmt: skip
    for library, adapter in adapters.items():
        users = [
            path.relative_to(ROOT).as_posix()
            for path in MODULES
            if path.parts[len(ROOT.parts)] != "tests"
            and re.search(rf"^\s*(?:import|from) {library}\b", path.read_text(encoding="utf-8"), re.M)
        ]
        assert users == adapter


def test_no_module_is_longer_than_it_can_be_read() -> None:
    ours = [path for path in MODULES if path.parts[len(ROOT.parts)] != "tests"]
    assert {path.name: n for path in ours if (n := len(path.read_text(encoding="utf-8").splitlines())) > 400} == {}


def test_the_commands_of_the_readme_exist() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    assert set(re.findall(r"`make ([a-z]+)", readme)) | set(re.findall(r"^make ([a-z]+)", readme, re.M)) <= targets
    verbs = subprocess.run(
        [sys.executable, "-m", "ui.cli", "--help"], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout
    for verb in set(re.findall(r"bin/basis ([a-z]+)", readme)):
        assert re.search(rf"^\s+{verb}\b", verbs, re.M), verb


def test_the_pictures_of_the_readme_exist() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#]+)\)", readme)
    assert links
    assert [link for link in links if not link.startswith("https://") and not (ROOT / link).exists()] == []
