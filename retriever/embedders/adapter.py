"""The adapter that is shipped beside the model: low-rank additions to the linear layers of its encoder.

`adapter.safetensors` holds for each layer `down` (rank × in) and `up` (out × rank) in half precision; the layer's weight
becomes weight + up · down. `adapter.md` says how it was trained, on what, and what it is worth.
"""

from __future__ import annotations

import hashlib
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.errors import ModelError
from ingest.library import Library

if TYPE_CHECKING:
    from torch import nn


def shipped_adapter() -> Path:
    return Path(str(resources.files("retriever") / "embedders" / "adapter.safetensors"))


def adapt(model: nn.Module, adapter: Path) -> None:
    """Add `adapter` to the weights of `model`. Raises ModelError where it does not fit."""
    import torch
    from safetensors.torch import load_file

    additions = load_file(adapter)
    names = sorted({name.rpartition(".")[0] for name in additions})
    layers = dict(model.named_modules())
    if missing := [name for name in names if name not in layers]:
        raise ModelError(f"The adapter {adapter} is made for another model: it wants a layer {missing[0]}.")
    with torch.no_grad():
        for name in names:
            layers[name].weight += additions[f"{name}.up"].float() @ additions[f"{name}.down"].float()


def fingerprint(library: Library) -> str:
    """The first 16 digits of the SHA-256 of all in the corpus that is learnt from: tells whether it has changed since."""
    total = hashlib.sha256()
    for text in (
        [q.text for q in library.lead_ins] + [q.text for q in library.outside] + [p.text for p in library.passages]
    ):
        total.update(text.encode() + b"\n")
    return total.hexdigest()[:16]
