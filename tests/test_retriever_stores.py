"""One contract for every store; `exact` is what they are held against."""

from __future__ import annotations

import numpy as np
import pytest

from retriever import drivers
from retriever.ports import Store, Vectors

# How far a score may be out: by a byte a number in few dimensions; in the 384 of the model by a fifth of that.
BYTE = 0.01
WITHIN = {"exact": 1e-3, "quantised": BYTE}


def unit(*rows: tuple[float, ...]) -> Vectors:
    vectors = np.array(rows, np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture(params=sorted(drivers.STORES))
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def store(scheme: str) -> Store:
    made = drivers.store(scheme, 2)
    made.add(unit((1, 0), (0, 1), (1, 1)))
    return made


def test_best_first_with_the_cosine(scheme: str, store: Store) -> None:
    rows, scores = store.search(unit((1, 0))[0], 3)
    assert rows.tolist() == [0, 2, 1]
    assert scores.tolist() == pytest.approx([1.0, 0.70711, 0.0], abs=WITHIN[scheme])


def test_more_than_there_is_gives_what_there_is(store: Store) -> None:
    assert len(store.search(unit((1, 0))[0], 50)[0]) == len(store) == 3


def test_ties_come_in_order_of_adding(store: Store) -> None:
    store.add(unit((0, 2)))
    assert store.search(unit((0, 1))[0], 2)[0].tolist() == [1, 3]


def test_a_wrong_dimension_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match=r"wanted rows of 2 numbers, found shape \(1, 3\)"):
        store.add(unit((1, 0, 0)))
    assert len(store) == 3


def test_an_empty_store_finds_nothing() -> None:
    for scheme in drivers.STORES:
        rows, scores = drivers.store(scheme, 2).search(unit((1, 0))[0], 5)
        assert (rows.tolist(), scores.tolist()) == ([], [])


def test_all_stores_agree_with_the_exact_one() -> None:
    rows = unit(*np.random.default_rng(7).normal(size=(400, 16)))
    asked = unit(*np.random.default_rng(8).normal(size=(5, 16)))
    for scheme in drivers.STORES:
        made, exact = drivers.store(scheme, 16), rows @ asked.T
        made.add(rows)
        for number, question in enumerate(asked):
            found, scores = made.search(question, 20)
            assert scores.tolist() == pytest.approx(
                np.sort(exact[:, number])[::-1][:20].tolist(), abs=WITHIN[scheme]
            ), scheme
            assert exact[found, number].tolist() == pytest.approx(scores.tolist(), abs=WITHIN[scheme]), scheme


def test_the_coarse_code_of_a_large_store_loses_almost_none_of_the_nearest() -> None:
    draw = np.random.default_rng(9)
    about = unit(*draw.normal(size=(300, 384)))  # as questions are: many about each of a few hundred things
    rows = unit(*(np.repeat(about, 20, axis=0) + 0.03 * draw.normal(size=(6000, 384))))
    made, exact = drivers.store("quantised", 384), drivers.store("exact", 384)
    made.add(rows)
    exact.add(rows)
    both = [(set(made.search(row, 20)[0]), set(exact.search(row, 20)[0])) for row in rows[::200]]
    assert np.mean([len(found & wanted) / 20 for found, wanted in both]) > 0.97
    assert all(row in made.search(rows[row], 1)[0] for row in range(0, 6000, 200))


def test_a_vector_of_zeros_finds_as_many_as_are_wanted() -> None:
    made = drivers.store("quantised", 64)
    made.add(unit(*np.random.default_rng(10).normal(size=(6000, 64))))
    rows, scores = made.search(np.zeros(64, np.float32), 40)
    assert len(set(rows.tolist())) == 40
    assert np.abs(scores).max() < BYTE
