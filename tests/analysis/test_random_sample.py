"""The random sample beside the whole: gaps are told where chance does not explain them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.moments import Counts
from analysis.parameters import Parameters
from analysis.random_sample import random_sample


def counts(*statements: tuple[int, int, int]) -> Counts:
    agree, disagree, passed = np.array(statements, dtype=np.int64).reshape(-1, 3).T
    return Counts(agree, disagree, passed)


def test_a_sample_like_the_whole_is_not_apart() -> None:
    (one,) = random_sample(counts((30, 15, 5)), counts((120, 60, 20)), Parameters())

    assert not one.is_apart
    assert one.agree_gap.value == 0
    assert one.agree_gap.low < 0 < one.agree_gap.high
    assert one.sample.agree_share.value == 0.6


def test_a_sample_that_differs_beyond_chance_is_apart() -> None:
    like, apart = random_sample(counts((30, 15, 5), (15, 30, 5)), counts((120, 60, 20), (120, 60, 20)), Parameters())

    assert (like.is_apart, apart.is_apart) == (False, True)
    assert apart.agree_gap.value == pytest.approx(0.3 - 0.6)
    assert apart.agree_gap.high < 0 < apart.disagree_gap.low


def test_the_interval_of_a_gap_is_newcombes_with_the_sample_taken_out_of_the_whole() -> None:
    # Newcombe 1998, example (a): 56/70 and 48/80 differ by 0.2, interval by method 10 from 0.0524 to 0.3339.
    (one,) = random_sample(counts((56, 14, 0)), counts((56 + 48, 14 + 32, 0)), Parameters())

    rest = 80 / 150
    assert one.agree_gap.value == pytest.approx(0.2 * rest)
    assert one.agree_gap.low == pytest.approx(0.0524 * rest, abs=5e-5)
    assert one.agree_gap.high == pytest.approx(0.3339 * rest, abs=5e-5)


def test_a_sample_that_is_all_there_is_has_no_gap() -> None:
    (one,) = random_sample(counts((3, 1, 0)), counts((3, 1, 0)), Parameters())

    assert (one.agree_gap.value, one.agree_gap.low, one.agree_gap.high) == (0.0, 0.0, 0.0)
    assert not one.is_apart


def test_without_a_sample_nothing_is_known_of_the_gap() -> None:
    (one,) = random_sample(counts((0, 0, 0)), counts((3, 1, 0)), Parameters())

    assert (one.agree_gap.value, one.agree_gap.low, one.agree_gap.high) == (None, -1.0, 1.0)
    assert one.sample.votes == 0
    assert not one.is_apart


def test_without_statements_nothing_stands_beside() -> None:
    assert random_sample(counts(), counts(), Parameters()) == []


def test_votes_that_the_whole_does_not_have_are_refused() -> None:
    with pytest.raises(ValueError, match="part of it"):
        random_sample(counts((3, 0, 0)), counts((2, 5, 0)), Parameters())


def test_samples_drawn_at_random_are_hardly_ever_apart() -> None:
    random, apart = np.random.default_rng(5), 0
    for _ in range(200):
        whole = random.integers(0, 200, size=(40, 3))
        sample = np.array([random.multivariate_hypergeometric(row, int(row.sum()) // 5) for row in whole])

        apart += any(one.is_apart for one in random_sample(counts(*sample), counts(*whole), Parameters()))

    assert apart <= 0.05 * 200 + 10


@settings(deadline=None)  # the first example loads SciPy
@given(st.lists(st.tuples(*[st.tuples(st.integers(0, 30), st.integers(0, 30))] * 3), max_size=10))
def test_every_gap_lies_within_its_interval(rows: list[tuple[tuple[int, int], ...]]) -> None:
    sample = counts(*[tuple(own for own, _ in row) for row in rows])  # type: ignore[arg-type]
    whole = counts(*[tuple(own + more for own, more in row) for row in rows])  # type: ignore[arg-type]

    for one in random_sample(sample, whole, Parameters()):
        for gap in (one.agree_gap, one.disagree_gap):
            assert -1 <= gap.low <= gap.high <= 1
            assert gap.value is None or gap.low - 1e-12 <= gap.value <= gap.high + 1e-12
