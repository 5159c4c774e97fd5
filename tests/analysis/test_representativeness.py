"""Representative statements: which ones, in which direction, with which figures."""

import numpy as np
import pytest

from analysis.crossfitting import CrossFitted
from analysis.intervals import difference_bounds, wilson
from analysis.moments import Counts
from analysis.parameters import Parameters
from analysis.representativeness import more_often, representative, representative_crossfitted

IDS = ["s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7"]


def counts(agree, disagree, passed=0):
    agree, disagree = np.array(agree), np.array(disagree)
    return Counts(agree, disagree, np.full(agree.shape, passed))


def chosen(by_group, eligible=None, **thresholds):
    ids = IDS[: by_group.agree.shape[1]]
    eligible = np.ones(len(ids), dtype=bool) if eligible is None else np.array(eligible)
    return representative(by_group, ids, eligible, Parameters(**thresholds))


def test_each_group_is_told_apart_by_what_it_votes_unlike_the_others():
    by_group = counts(agree=[[18, 2, 10], [3, 17, 10]], disagree=[[1, 17, 9], [16, 2, 9]])

    first, second = chosen(by_group)

    assert [(each.statement, each.direction) for each in first] == [("s0", "agree"), ("s1", "disagree")]
    assert [(each.statement, each.direction) for each in second] == [("s1", "agree"), ("s0", "disagree")]


def test_the_figures_are_those_of_the_direction():
    by_group = counts(agree=[[2], [16]], disagree=[[17], [3]], passed=1)

    told = chosen(by_group)[0][0]

    assert (told.direction, told.count, told.votes) == ("disagree", 17, 20)
    assert told.share.value == 17 / 20
    assert told.p_success.value == 18 / 22
    assert told.repness.value == pytest.approx((18 / 22) / (4 / 22))
    assert told.share.low < told.share.value < told.share.high
    assert told.repness.low < told.repness.value < told.repness.high


def test_moderated_statements_are_never_chosen():
    by_group = counts(agree=[[18, 16], [3, 4]], disagree=[[1, 2], [16, 15]])

    assert [each.statement for each in chosen(by_group, eligible=[False, True])[0]] == ["s1"]


def test_no_more_than_the_set_number_are_listed():
    by_group = counts(agree=[[20] * 8, [0] * 8], disagree=[[0] * 8, [20] * 8])

    assert len(chosen(by_group)[0]) == 5
    assert len(chosen(by_group, most_representative=3)[0]) == 3


def test_where_nothing_is_clear_the_group_is_shown_by_what_it_agrees_on_most():
    by_group = counts(agree=[[11, 14], [11, 14]], disagree=[[8, 5], [8, 5]])

    first, _ = chosen(by_group)

    assert [(each.statement, each.direction, each.best_agree) for each in first] == [("s1", "disagree", True)]


def test_where_nothing_is_agreed_on_it_is_shown_by_what_differs_most():
    by_group = counts(agree=[[0, 0], [1, 0]], disagree=[[3, 2], [2, 2]], passed=9)

    first, _ = chosen(by_group)

    assert [(each.statement, each.best_agree) for each in first] == [("s0", False)]


def test_a_group_without_eligible_statements_has_none():
    assert chosen(counts(agree=[[3], [3]], disagree=[[1], [1]]), eligible=[False]) == [[], []]


def listed(by_group, tested=None, testable=None, eligible=None, **thresholds):
    shape = by_group.agree.shape
    fitted = CrossFitted(tested or by_group, np.ones(shape, dtype=bool) if testable is None else np.array(testable))
    eligible = np.ones(shape[1], dtype=bool) if eligible is None else np.array(eligible)
    return representative_crossfitted(
        by_group, fitted, IDS[: shape[1]], eligible=eligible, parameters=Parameters(**thresholds)
    )


APART = counts(agree=[[40, 20, 3], [5, 20, 45]], disagree=[[5, 20, 40], [42, 20, 2]], passed=3)


def test_statements_on_which_groups_differ_are_listed_by_the_size_of_the_difference():
    first, second = listed(APART)

    assert [(each.statement, each.direction) for each in first] == [("s2", "disagree"), ("s0", "agree")]
    assert [(each.statement, each.direction) for each in second] == [("s2", "agree"), ("s0", "disagree")]


def test_figures_are_of_the_groups_and_tests_of_other_votes():
    tested = counts(agree=[[30, 20, 9], [9, 20, 30]], disagree=[[9, 20, 30], [30, 20, 9]], passed=2)

    told = listed(APART, tested)[0][1]

    assert (told.count, told.votes, told.tested_count, told.tested_votes) == (40, 48, 30, 41)
    assert told.share.value == 40 / 48
    assert told.others.value == 5 / 50
    assert told.difference.value == pytest.approx(40 / 48 - 5 / 50)
    assert (told.difference.low, told.difference.high) == pytest.approx(difference_bounds((40, 48), (5, 50)))
    assert (told.share.low, told.share.high) == pytest.approx(tuple(map(float, wilson(40, 48))))
    assert told.p_value == pytest.approx(more_often(*(np.array([each]) for each in (30, 41, 9, 41)))[0])
    assert told.q_value >= told.p_value


def test_what_other_votes_do_not_bear_out_is_not_listed():
    flat = counts(agree=[[20, 20, 20], [21, 20, 19]], disagree=[[20, 20, 20], [19, 20, 21]])

    assert listed(APART, flat) == [[], []]


def test_what_cannot_be_tested_is_not_listed():
    assert [each.statement for each in listed(APART, testable=[[False, True, True], [True] * 3])[0]] == ["s2"]
    assert listed(APART, eligible=[False] * 3) == [[], []]


def test_a_direction_that_less_than_half_of_the_group_takes_is_not_listed():
    by_group = counts(agree=[[40], [5]], disagree=[[10], [10]], passed=[[50], [85]])

    assert listed(by_group) == [[], []]


def test_more_comparisons_ask_for_more():
    # One difference of p = 0.03 among many statements without any.
    one = counts(agree=[[15], [9]], disagree=[[5], [11]])
    many = counts(agree=[[15, *[10] * 7], [9, *[10] * 7]], disagree=[[5, *[10] * 7], [11, *[10] * 7]])

    assert [len(each) for each in listed(one, false_discovery=0.1)] == [1, 1]
    assert listed(many, false_discovery=0.1) == [[], []]


def test_the_test_is_fishers_with_half_of_the_observed():
    # 3 of 4 against 1 of 4: 16 of 70 tables have three hits, 1 has four.
    values = more_often(np.array([3]), np.array([4]), np.array([1]), np.array([4]))

    assert values == pytest.approx((16 / 2 + 1) / 70)


def test_a_group_alone_has_nothing_it_could_be_told_apart_from():
    assert listed(counts(agree=[[40, 2]], disagree=[[1, 30]])) == [[]]
