"""A small copy of the encoder for questions and installed texts: 8-bit weights, run by onnxruntime, so that asking and
installing need neither torch nor sentence-transformers (seconds of start, a gigabyte of memory)."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from retriever.embedders import words
from retriever.embedders.conversation import said_after
from retriever.ports import Progress, Vectors

if TYPE_CHECKING:
    import tokenizers
    from sentence_transformers import SentenceTransformer

FILES = ("encoder.onnx", "tokenizer.json", "encoder.json")
FOLLOWER = "follower"  # the folder, beside these, of the copy that reads questions which follow others
# A machine on which 8-bit sums overflow would give other vectors: then the whole model is used. Measured: 0.99.
ALIKE = 0.97
_SAMPLE = (
    "My ex-boyfriend threatens to post pictures of me, I am 15. What does the law say?",
    "How long must a provider keep stored data when another state asks for it?",
    "Quelles sont les obligations des États en matière d'audition de l'enfant victime ?",
    "dual criminality",
)


def complete(folder: Path, follows: bool) -> bool:
    """Whether `folder` holds what `write` wrote; if `follows`, also for questions that follow others."""
    places = (folder, folder / FOLLOWER) if follows else (folder,)
    return all((place / name).exists() for place in places for name in FILES)


def write(model: SentenceTransformer, name: str, folder: Path) -> bool:
    """Export `model` to `folder`; whether its vectors met those of the model, and it was kept. `name` is the name that they
    go by."""
    folder.mkdir(exist_ok=True)
    _encoder(model, folder / FILES[0])
    model.tokenizer.backend_tokenizer.save(str(folder / FILES[1]))
    about = {"name": name, "dim": int(model.get_embedding_dimension() or 0), "pieces": int(model.max_seq_length or 256)}
    (folder / FILES[2]).write_text(json.dumps(about) + "\n", encoding="utf-8")
    wanted = model.encode(list(_SAMPLE), normalize_embeddings=True, show_progress_bar=False)
    alike = bool((Int8Embedder(folder).embed(_SAMPLE) * wanted).sum(axis=1).min() >= ALIKE)
    if not alike:
        for file in FILES:
            (folder / file).unlink()
    return alike


def _encoder(model: SentenceTransformer, path: Path) -> None:
    """Write the graph from word pieces to unit vectors and to the vectors of the pieces, with 8-bit weights and the steps of
    each layer drawn together."""
    import torch
    from onnx import TensorProto
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.transformers.fusion_options import FusionOptions
    from onnxruntime.transformers.optimizer import optimize_model

    class Encoder(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            made = self.model({"input_ids": input_ids, "attention_mask": attention_mask})
            return torch.nn.functional.normalize(made["sentence_embedding"], dim=1), made["token_embeddings"]

    # Traced with two texts: `write` then tries others, more and longer ones.
    example = model.preprocess(list(_SAMPLE[:2]))
    inputs = (example["input_ids"], example["attention_mask"])
    names, shape = ["input_ids", "attention_mask"], {0: "texts", 1: "pieces"}
    bert: Any = model.transformers_model
    with tempfile.TemporaryDirectory() as scratch, torch.no_grad(), _without_advice(), _step_by_step(bert):
        whole, drawn = str(Path(scratch) / "whole.onnx"), str(Path(scratch) / "drawn.onnx")
        # What is exported with dynamo, attention as one step, is not recognised by the optimizer: a quarter slower.
        torch.onnx.export(
            Encoder().eval(), inputs, whole, dynamo=False, opset_version=17, input_names=names, output_names=["text", "pieces"],
            dynamic_axes={name: shape for name in (*names, "pieces")},
        )  # fmt: skip
        heads, width = bert.config.num_attention_heads, bert.config.hidden_size
        optimize_model(whole, "bert", heads, width, FusionOptions("bert"), opt_level=0).save_model_to_file(drawn)
        # The quantizer finds no types behind steps that were drawn together: all are single precision.
        quantize_dynamic(
            drawn, path, per_channel=True, weight_type=QuantType.QInt8,
            extra_options={"DefaultTensorType": TensorProto.FLOAT},
        )  # fmt: skip


@contextlib.contextmanager
def _without_advice() -> Iterator[None]:
    """The exporters advise their developers through warnings and prints; whoever builds an index can do nothing with them."""
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(logging.NOTSET)


@contextlib.contextmanager
def _step_by_step(bert: Any) -> Iterator[None]:
    """Attention in single steps, which the optimizer knows."""
    usual = bert.config._attn_implementation
    bert.set_attn_implementation("eager")
    try:
        yield
    finally:
        bert.set_attn_implementation(usual)


@cache
def _share_threads() -> None:
    """Two for all sessions: with its own, one that has done its work keeps a core busy waiting while the next one works."""
    import onnxruntime

    onnxruntime.set_global_thread_pool_sizes(2, 1)


class Int8Embedder:
    """Embeds questions and installed texts with what `write` left in `folder`."""

    def __init__(self, folder: Path) -> None:
        import onnxruntime
        import tokenizers

        self._folder = folder
        about: dict[str, Any] = json.loads((folder / FILES[2]).read_text(encoding="utf-8"))
        self.name, self.dim = str(about["name"]), int(about["dim"])
        options = onnxruntime.SessionOptions()
        options.use_per_session_threads = False
        _share_threads()
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(folder / FILES[0], options, providers=["CPUExecutionProvider"])
        self._tokenizer = tokenizers.Tokenizer.from_file(str(folder / FILES[1]))
        self._tokenizer.enable_truncation(about["pieces"])
        self._tokenizer.enable_padding()

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        if not texts:
            return np.empty((0, self.dim), np.float32)
        rows = self._run("text", self._tokenizer.encode_batch(list(texts)))
        if progress:
            progress(len(texts))
        return rows

    @cached_property
    def _follower(self) -> Int8Embedder | None:
        """Opened when a question first follows another: 24 MB more, which who asks one question does not wait for."""
        folder = self._folder / FOLLOWER
        return Int8Embedder(folder) if folder.exists() else None

    def after(self, earlier: str, text: str) -> Vectors:
        follower = self._follower
        made = follower.embed([said_after(earlier, text)]) if follower else self.embed([f"{earlier} {text}"])
        row: Vectors = made[0]
        return row

    def words(self, text: str) -> tuple[list[str], Vectors]:
        pieces = self._tokenizer.encode(text)
        return words.of(text, pieces, self._run("pieces", [pieces])[0])

    def _run(self, output: str, pieces: Sequence[tokenizers.Encoding]) -> Vectors:
        made: Vectors = self._session.run([output], {
            "input_ids": np.array([p.ids for p in pieces], np.int64),
            "attention_mask": np.array([p.attention_mask for p in pieces], np.int64),
        })[0]  # fmt: skip
        return made
