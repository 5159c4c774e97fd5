"""Ratings of criteria: signed support overall and by group, with intervals that stay on the scale."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.criteria import Ratings, RatingsError, support, support_by_group


def ratings_of(values, criterion="c"):
    return Ratings.from_arrays(range(len(values)), [criterion] * len(values), values)


def test_support_is_the_mean_rating_and_both_sides_are_told():
    (told,) = support(ratings_of([10, 5, 0, -3]), 0.95)

    assert (told.criterion, told.ratings, told.mean.value) == ("c", 4, 3)
    assert (told.favour.value, told.against.value) == (0.5, 0.25)
    assert -10 <= told.mean.low < 3 < told.mean.high <= 10


def test_a_mean_interval_agrees_with_students_where_many_rate():
    values = np.tile([-10, -2, 0, 3, 4, 5, 7, 10], 50)

    (told,) = support(ratings_of(values.tolist()), 0.95)

    reach = 1.96 * values.std(ddof=1) / np.sqrt(len(values))
    assert (told.mean.low, told.mean.high) == pytest.approx((values.mean() - reach, values.mean() + reach), abs=0.03)


def test_skipped_is_told_apart_from_not_asked():
    ratings = Ratings.from_arrays([1, 1, 2], ["a", "b", "a"], [3, 0, -1], skipped=[(2, "b"), (2, "b"), (3, "a")])

    first, second = support(ratings, 0.95)

    assert (first.ratings, first.skipped, second.ratings, second.skipped) == (2, 1, 1, 1)
    assert ratings.participants == ("1", "2", "3")


def test_groups_have_support_of_their_own():
    ratings = Ratings.from_arrays([1, 2, 3], ["a"] * 3, [8, -8, 2], skipped=[(4, "a")])

    by_group = support_by_group(ratings, {"1": "A", "2": "B", "3": None, "4": "B", "5": "C"}, 0.95)

    assert [by_group[letter][0].mean.value for letter in "ABC"] == [8, -8, None]
    assert [by_group[letter][0].skipped for letter in "ABC"] == [0, 1, 0]
    assert (by_group["C"][0].mean.low, by_group["C"][0].mean.high) == (-10, 10)


def test_no_ratings_have_no_support():
    assert support(Ratings.from_arrays([], [], []), 0.95) == ()
    (told,) = support(Ratings.from_arrays([], [], [], skipped=[(1, "a")]), 0.95)
    assert (told.ratings, told.skipped, told.mean.value) == (0, 1, None)


@given(st.lists(st.integers(-10, 10), min_size=1, max_size=30), st.randoms(use_true_random=False))
def test_the_order_of_ratings_decides_nothing_and_the_opposite_mirrors(values, random):
    order = random.sample(range(len(values)), len(values))
    shuffled = Ratings.from_arrays(order, ["c"] * len(values), [values[each] for each in order])

    (first,), (second,) = support(ratings_of(values), 0.95), support(shuffled, 0.95)
    (mirrored,) = support(ratings_of([-each for each in values]), 0.95)

    assert first == second
    assert (mirrored.mean.low, mirrored.mean.high) == pytest.approx((-first.mean.high, -first.mean.low), abs=1e-9)
    assert mirrored.favour == first.against
    assert first.mean.low <= first.mean.value + 1e-9
    assert first.mean.value <= first.mean.high + 1e-9


@pytest.mark.parametrize("people", [5, 10, 30, 100])
def test_mean_intervals_cover_the_truth_in_about_95_of_100_samples(people):
    random = np.random.default_rng(people)
    values = random.choice([-10, -4, 0, 2, 5, 8, 10], p=[0.05, 0.1, 0.1, 0.15, 0.2, 0.2, 0.2], size=(2000, people))
    truth = 0.05 * -10 + 0.1 * -4 + 0.15 * 2 + 0.2 * (5 + 8 + 10)
    who, what = np.tile(np.arange(people), 2000), np.repeat(np.arange(2000), people)

    told = support(Ratings.from_arrays(who.tolist(), what.tolist(), values.ravel().tolist()), 0.95)

    assert 0.93 <= np.mean([each.mean.low <= truth <= each.mean.high for each in told]) <= 0.985


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (([1], ["a"], [11]), r"values\[0\] is 11; a rating lies between -10 and 10"),
        (([1], ["a"], [float("nan")]), r"values\[0\] is nan"),
        (([1], ["a"], ["5"]), r"values\[0\] is '5'"),
        (([1], ["a"], [True]), r"values\[0\] is True"),
        (([1, 1], ["a", "a"], [1, 2]), "participant '1' rated criterion 'a' twice"),
        (([1], ["a", "b"], [1, 2]), "participants 1, criteria 2, values 2"),
        (([None], ["a"], [1]), "participants holds None"),
    ],
)
def test_what_is_no_rating_is_refused(arguments, told):
    with pytest.raises(RatingsError, match=told):
        Ratings.from_arrays(*arguments)


def test_rated_and_skipped_at_once_is_refused():
    with pytest.raises(RatingsError, match="participant '1' both rated and skipped criterion 'a'"):
        Ratings.from_arrays([1], ["a"], [1], skipped=[(1, "a")])
