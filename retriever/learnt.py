"""Files of what was learnt for the vectors of one embedder, in half precision: safetensors that name it."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import safe_open
from safetensors.numpy import save_file

from ingest.errors import ModelError
from retriever.ports import Vectors


def shipped(name: str) -> Path:
    """The file that comes with Basis; `make` with its name writes it anew."""
    return Path(str(resources.files("retriever") / f"{name}.safetensors"))


def read(path: Path, embedder: str, dim: int, first: str) -> tuple[dict[str, Vectors], dict[str, str]] | None:
    """The arrays by name, in single precision, and what the file says about itself; None where it was learnt for another
    embedder than the one of that name. `first` is the array that the vectors, of `dim` numbers, are multiplied with."""
    with safe_open(path, framework="numpy") as kept:
        about: dict[str, str] = kept.metadata() or {}
        if about.get("embedder") != embedder:
            return None
        arrays = {name: kept.get_tensor(name).astype(np.float32) for name in kept.keys()}  # noqa: SIM118
    if len(arrays[first]) != dim:
        raise ModelError(
            f"{path.name} was learnt for {len(arrays[first])} dimensions, the model has {dim}. Run `make {path.stem}`."
        )
    return arrays, about


def embedder_of(path: Path) -> str:
    """The name of the embedder that the file was learnt for."""
    with safe_open(path, framework="numpy") as kept:
        return str((kept.metadata() or {}).get("embedder", ""))


def write(path: Path, arrays: Mapping[str, NDArray[Any]], about: Mapping[str, str]) -> None:
    """Keep them. `about["embedder"]` names the embedder whose vectors they are for."""
    save_file({name: array.astype(np.float16) for name, array in arrays.items()}, path, metadata=dict(about))
