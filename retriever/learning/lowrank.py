"""What the adapter is made of: low-rank additions to the encoder's linear layers, the only weights that are trained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from sentence_transformers import SentenceTransformer
from torch import Tensor, nn

from retriever.embedders.sentence import shipped_model


class LowRank(nn.Module):
    """A frozen linear layer with a trained addition of low rank."""

    def __init__(self, layer: nn.Linear, rank: int) -> None:
        super().__init__()
        self.layer = layer
        self.down = nn.Parameter(torch.randn(rank, layer.in_features) / rank)
        self.up = nn.Parameter(torch.zeros(layer.out_features, rank))

    def forward(self, rows: Tensor) -> Tensor:
        added: Tensor = self.layer(rows) + (rows @ self.down.T) @ self.up.T
        return added


class Encoder:
    """The model, and its vectors for texts of mixed length: in parts of like length, as padding is what costs."""

    def __init__(self, model: SentenceTransformer) -> None:
        self._model = model

    def __call__(self, texts: Sequence[str], parts: int = 3) -> Tensor:
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        size = -(-len(order) // parts)
        rows = []
        for start in range(0, len(order), size):
            features = self._model.preprocess([texts[at] for at in order[start : start + size]])
            rows.append(self._model(features)["sentence_embedding"])
        place = torch.empty(len(order), dtype=torch.long)
        place[torch.tensor(order)] = torch.arange(len(order))
        return nn.functional.normalize(torch.cat(rows).float()[place], dim=1)

    def before(self, texts: Sequence[str]) -> Tensor:
        """The vectors before anything is learnt (an addition starts at zero); leaves the model as it is for use, without dropout."""
        self._model.eval()
        with torch.no_grad():
            return torch.cat([self(texts[at : at + 256]) for at in range(0, len(texts), 256)])


def shipped(pieces: int) -> SentenceTransformer:
    """The model as it came, reading so many word pieces of a text."""
    model = SentenceTransformer(str(shipped_model()), device="cpu", local_files_only=True)
    model.max_seq_length = pieces
    return model


def additions(model: SentenceTransformer, rank: int) -> dict[str, LowRank]:
    """Freeze the model and put an addition beside every linear layer of its encoder; the additions by layer name."""
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    named = [
        (name, layer)
        for name, layer in model.named_modules()
        if isinstance(layer, nn.Linear) and "encoder.layer" in name
    ]
    added = {}
    for name, layer in named:
        parent, _, leaf = name.rpartition(".")
        added[name] = LowRank(layer, rank)
        setattr(model.get_submodule(parent), leaf, added[name])
    return added


class Descent:
    """One cycle of AdamW over what the additions learn."""

    def __init__(self, added: Mapping[str, LowRank], rate: float, steps: int) -> None:
        self._parameters = [p for layer in added.values() for p in (layer.down, layer.up)]
        self._optimizer = torch.optim.AdamW(self._parameters, lr=rate, weight_decay=0.01)
        self._schedule = torch.optim.lr_scheduler.OneCycleLR(self._optimizer, rate, total_steps=steps, pct_start=0.1)

    def step(self, loss: Tensor) -> None:
        self._optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self._parameters, 1.0)
        self._optimizer.step()
        self._schedule.step()


def drift(rows: Tensor, before: Tensor) -> Tensor:
    """How far the cosines among some texts are from what they were: the mean squared error."""
    return nn.functional.mse_loss(rows @ rows.T, before @ before.T)


def tensors(added: Mapping[str, LowRank], share: float) -> dict[str, Tensor]:
    """What is kept of the additions, in half precision: the part `share` of what they learnt."""
    return {
        f"{name}.{part}": weight.detach().half().contiguous()
        for name, layer in added.items()
        for part, weight in (("down", layer.down), ("up", layer.up * share))
    }
