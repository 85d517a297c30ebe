"""The settings of one run, read once at the edge: flags before environment before defaults."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

VERSION = "0.13.0"
# Nothing may leave the machine: no telemetry, no update check, no model hub. Set before the libraries are imported.
QUIET = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "LANGSMITH_TRACING": "false",
    "TOKENIZERS_PARALLELISM": "false",
    "TQDM_MININTERVAL": "0.2",
}


@dataclass(frozen=True, slots=True)
class Settings:
    """`data` is the one folder that is written to; `embedder` and `store` name drivers (`retriever.drivers`)."""

    data: Path
    embedder: str = "sentence"
    store: str = "quantised"

    @classmethod
    def read(cls, data_dir: str | None, environment: Mapping[str, str] = os.environ) -> Settings:
        """`--data-dir`, else BASIS_DATA, else the user's data folder; BASIS_EMBEDDER and BASIS_STORE."""
        data = data_dir or environment.get("BASIS_DATA") or platformdirs.user_data_dir("basis", appauthor=False)
        return cls(
            Path(data).expanduser(),
            environment.get("BASIS_EMBEDDER") or "sentence",
            environment.get("BASIS_STORE") or "quantised",
        )


def silence() -> None:
    """Set what keeps the libraries quiet and offline, unless the user has set it."""
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    if os.environ.get("BASIS_EMBEDDER", "sentence") == "sentence":  # the shipped model never needs a hub
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        os.environ.setdefault("TRANSFORMERS_OFFLINE", "1")
