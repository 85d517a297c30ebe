"""One contract for every store; `exact` is what they are held against."""

from __future__ import annotations

import numpy as np
import pytest

from retriever import drivers
from retriever.ports import Store, Vectors


def unit(*rows: tuple[float, ...]) -> Vectors:
    vectors = np.array(rows, np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture(params=sorted(drivers.STORES))
def store(request: pytest.FixtureRequest) -> Store:
    made = drivers.store(request.param, 2)
    made.add(["east", "north", "northeast"], unit((1, 0), (0, 1), (1, 1)))
    return made


def test_best_first_with_the_cosine(store: Store) -> None:
    found = store.search(unit((1, 0))[0], 3)
    assert [id_ for id_, _ in found] == ["east", "northeast", "north"]
    assert [score for _, score in found] == pytest.approx([1.0, 0.70711, 0.0], abs=1e-5)


def test_more_than_there_is_gives_what_there_is(store: Store) -> None:
    assert len(store.search(unit((1, 0))[0], 50)) == len(store) == 3


def test_ties_come_in_order_of_adding(store: Store) -> None:
    store.add(["again"], unit((0, 2)))
    assert [id_ for id_, _ in store.search(unit((0, 1))[0], 2)] == ["north", "again"]


def test_an_id_twice_and_a_wrong_dimension_are_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="id added twice: east"):
        store.add(["east"], unit((1, 0)))
    with pytest.raises(ValueError, match=r"wanted 1 rows of 2 numbers, found shape \(1, 3\)"):
        store.add(["other"], unit((1, 0, 0)))
    with pytest.raises(ValueError, match="id added twice: new"):
        store.add(["new", "new"], unit((1, 0), (0, 1)))
    assert len(store) == 3


def test_an_empty_store_finds_nothing() -> None:
    for scheme in drivers.STORES:
        assert drivers.store(scheme, 2).search(unit((1, 0))[0], 5) == []


def test_all_stores_agree_with_the_exact_one() -> None:
    rows = unit(*np.random.default_rng(7).normal(size=(400, 16)))
    asked = unit(*np.random.default_rng(8).normal(size=(5, 16)))
    found = {}
    for scheme in drivers.STORES:
        made = drivers.store(scheme, 16)
        made.add([f"p{n}" for n in range(400)], rows)
        found[scheme] = [made.search(question, 20) for question in asked]
    for scheme, lists in found.items():
        for mine, exact in zip(lists, found["exact"], strict=True):
            assert [id_ for id_, _ in mine] == [id_ for id_, _ in exact], scheme
            assert [s for _, s in mine] == pytest.approx([s for _, s in exact], abs=1e-5)
