"""Shared by the tests: the corpus read once, an index with hashed vectors, and the real index."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ingest import pipeline
from ingest.errors import IndexingError
from ingest.library import Library
from retriever import drivers, index
from retriever.assistant import Assistant

ROOT = Path(__file__).resolve().parent.parent
OFFICIAL = ROOT.parent / "shared" / "texts"


@pytest.fixture(scope="session")
def library() -> Library:
    return pipeline.ingest()


@pytest.fixture(scope="session")
def hashed_data(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose index was built with the hashing embedder."""
    data = tmp_path_factory.mktemp("hashed")
    index.build(library, drivers.embedder("hashing:512"), data)
    return data


@pytest.fixture(scope="session")
def hashed(hashed_data: Path) -> Assistant:
    return Assistant.open(hashed_data, "hashing:512")


@pytest.fixture(scope="session")
def real_data(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the index of the real model: the one `make` built where it is current, else a new one."""
    made = Path(os.environ.get("BASIS_DATA", ROOT / ".data"))
    try:
        opened = index.open_index(made, worded=True)
        if opened.library == library and opened.exported == drivers.embedder().exported:
            return made
    except IndexingError:
        pass
    data = tmp_path_factory.mktemp("real")
    index.build(library, drivers.embedder(), data)
    return data


@pytest.fixture(scope="session")
def assistant(real_data: Path) -> Assistant:
    return Assistant.open(real_data)


@pytest.fixture(scope="session")
def official() -> Path:
    """The official texts, for checking only; they are not part of the project."""
    if not OFFICIAL.is_dir():
        pytest.skip("the official texts are not at hand")
    return OFFICIAL
