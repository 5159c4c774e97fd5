"""Bounds of shares, products and ratios."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.intervals import Bounds, difference_bounds, product_bounds, ratio_bounds, wilson

counts = st.integers(0, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    # The last three: Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I.
    [
        (0, 0, 0.0, 1.0),
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilsons_interval_agrees_with_published_values(successes, trials, low, high):
    bounds = wilson(successes, trials)

    assert (float(bounds.low), float(bounds.high)) == pytest.approx((low, high), abs=5e-5)


@given(counts)
def test_wilsons_interval_holds_the_share_and_is_mirrored_for_the_opposite(count):
    successes, trials = count

    bounds, opposite = wilson(successes, trials), wilson(trials - successes, trials)

    assert 0 <= bounds.low <= bounds.high <= 1
    assert bounds.low <= (successes + 1) / (trials + 2) <= bounds.high
    assert float(bounds.low) == pytest.approx(1 - float(opposite.high), abs=1e-12)


def test_wilsons_interval_covers_the_truth_in_95_of_100_samples():
    rng = np.random.default_rng(7)
    truths = rng.uniform(0.05, 0.95, size=4000)

    bounds = wilson(rng.binomial(100, truths), np.full(4000, 100))

    assert 0.94 <= np.mean((bounds.low <= truths) & (truths <= bounds.high)) <= 0.965


def test_the_interval_of_one_factor_is_its_own():
    bounds = wilson(np.array([[30]]), np.array([[50]]))

    product = product_bounds(np.array([[0.6]]), bounds)

    assert (product.low[0], product.high[0]) == pytest.approx((bounds.low[0, 0], bounds.high[0, 0]))


def test_a_factor_that_may_be_nothing_leaves_a_product_that_may_be_nothing():
    product = product_bounds(np.array([[0.5], [0.9]]), Bounds(np.array([[0.0], [0.8]]), np.array([[1.0], [0.95]])))

    assert product.low[0] == 0
    assert 0.45 < product.high[0] <= 1


def test_the_interval_of_a_product_covers_the_truth_in_about_95_of_100_samples():
    rng = np.random.default_rng(8)
    truths = rng.uniform(0.3, 0.9, size=(3, 4000))
    hits = rng.binomial(80, truths)

    bounds = product_bounds((hits + 1) / 82, wilson(hits, np.full(hits.shape, 80)))

    truth = truths.prod(axis=0)
    assert 0.93 <= np.mean((bounds.low <= truth) & (truth <= bounds.high)) <= 0.97


def test_the_interval_of_a_ratio_covers_the_truth_in_about_95_of_100_samples():
    rng = np.random.default_rng(9)
    inside, outside = rng.uniform(0.3, 0.9, size=(2, 4000))
    trials = np.full(4000, 100)

    bounds = ratio_bounds((rng.binomial(100, inside), trials), (rng.binomial(100, outside), trials))

    ratio = inside / outside
    assert 0.93 <= np.mean((bounds.low <= ratio) & (ratio <= bounds.high)) <= 0.97


def test_the_interval_of_a_difference_has_the_published_ends():
    # Newcombe 1998, table II, method 10: 56/70 - 48/80, 9/10 - 3/10 and 10/10 - 0/10.
    for inside, outside, low, high in (
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ):
        assert difference_bounds(inside, outside) == pytest.approx((low, high), abs=5e-5)


def test_without_trials_a_difference_may_be_anything_the_other_side_allows():
    low, high = difference_bounds((0, 0), (0, 10))

    assert low < 0
    assert high > 0.9
