"""The loops over votes: machine code and NumPy give the same, to the last bit, on any number of threads."""

import numpy as np
import pytest

from analysis import Votes, analyse, kernels
from analysis.simulation import planted_groups
from analysis.space import principal_plane

pytest.importorskip("numba", reason="numba (the extra `fast`) is not installed")


@pytest.fixture
def votes():
    return planted_groups(
        np.random.default_rng(5), participants=700, statements=90, shares=(0.6, 0.4), presence=0.3
    ).votes


@pytest.fixture
def compiled(monkeypatch):
    """Machine code for however few votes."""
    monkeypatch.setattr(kernels, "VOTES_WORTH_COMPILING", 0)
    monkeypatch.setattr(kernels, "_WORTH_A_THREAD", 1000)


@pytest.fixture
def without_numba(monkeypatch):
    """What is done where numba is not installed; called, since it has to come after the other."""
    return lambda: monkeypatch.setattr(kernels, "machine_code", lambda _: None)


def loops(votes):
    """What each loop makes of these votes."""
    weights = np.random.default_rng(1).standard_normal((3, votes.shape[1], 2))
    groups = np.arange(votes.shape[0]) % 4 - 1
    shuffled = np.random.default_rng(2).permutation(np.tile(np.arange(len(votes)), 2))
    rows, columns = votes.rows.astype(np.int32)[shuffled], votes.columns[shuffled]
    said = (np.arange(len(shuffled)) % 3 - 1).astype(np.int8)
    return [
        *votes.pair_sums(),
        votes.weighted_sums(weights),
        votes.choices(groups, 3),
        *kernels.by_row(rows, columns, said, votes.shape),
        *kernels.by_row(votes.rows.astype(np.int32), votes.columns, votes.values, votes.shape),
    ]


@pytest.mark.usefixtures("compiled")
def test_numpy_computes_what_machine_code_computes(votes, without_numba):
    compiled = loops(votes)

    without_numba()

    for one, other in zip(compiled, loops(votes), strict=True):
        assert one.dtype == other.dtype
        assert np.array_equal(one, other)


@pytest.mark.usefixtures("compiled")
@pytest.mark.parametrize("number", [2, 3, 7])
def test_the_number_of_threads_changes_nothing(votes, monkeypatch, number):
    monkeypatch.setattr(kernels, "threads", lambda: 1)
    alone = loops(votes)

    monkeypatch.setattr(kernels, "threads", lambda: number)

    assert all(np.array_equal(one, other) for one, other in zip(alone, loops(votes), strict=True))


@pytest.mark.usefixtures("compiled")
def test_the_result_has_the_same_bytes_with_and_without_numba(votes, without_numba):
    compiled = analyse(votes, method="classic", meta=["3"]).to_json()

    without_numba()

    assert analyse(votes, method="classic", meta=["3"]).to_json() == compiled


@pytest.mark.usefixtures("compiled")
def test_pairs_are_counted_right_beyond_what_fits_into_one_number(monkeypatch):
    # 40,000 participants agree with both of two statements: far over the 16,383 that are counted at once.
    monkeypatch.setattr(kernels, "threads", lambda: 1)
    who = np.repeat(np.arange(40_000), 2)
    votes = Votes.from_arrays(who, np.tile([0, 1], 40_000), np.ones(80_000, dtype=np.int8))

    sums = votes.pair_sums()

    assert all((each == 40_000).all() for each in sums)


@pytest.mark.usefixtures("compiled")
def test_no_votes_are_no_trouble():
    votes = Votes.from_arrays([], [], [])

    assert votes.pair_sums().together.shape == (0, 0)
    assert votes.choices(np.zeros(0, dtype=np.int64), 2).shape == (2, 0, 3)


def test_threads_are_as_many_as_the_environment_says(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "1")

    assert kernels.threads() == 1


def test_steps_along_the_votes_find_the_plane_that_pairs_of_statements_give(votes, monkeypatch):
    excluded = np.arange(votes.shape[1]) == 4
    plane = principal_plane(votes, excluded)

    monkeypatch.setattr("analysis.space.MOST_STATEMENTS_IN_PAIRS", 1)

    by_steps = principal_plane(votes, excluded)
    assert by_steps.mean == pytest.approx(plane.mean, abs=1e-12)
    assert by_steps.components == pytest.approx(plane.components, abs=1e-9)
