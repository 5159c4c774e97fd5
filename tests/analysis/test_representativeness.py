"""Representative statements: which ones, in which direction, with which figures."""

import numpy as np
import pytest

from analysis.moments import Counts
from analysis.parameters import Parameters
from analysis.representativeness import representative

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
