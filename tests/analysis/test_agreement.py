"""Agreement of an order with a crowd, the ceiling among people, and the two questions kept apart."""

import numpy as np
import pytest

from analysis.agreement import agreement, ceiling
from analysis.parameters import Parameters
from analysis.rankings import Rankings, RankingsError
from tests.analysis.ballots import ballots

PARAMETERS = Parameters(ranking_splits=50)


def test_agreement_is_the_share_of_preferred_pairs_that_the_order_puts_alike():
    # 3 pairs of each of 10 people: of the first order all are met, of the second B over C alone.
    rankings = ballots({"A>B>C": 6, "B>C>A": 4})

    told = agreement({"p": {"A": 1, "B": 2, "C": 3}}, [rankings], PARAMETERS)

    assert (told.prompts, told.people, told.pairs) == (1, 10, 30)
    assert told.share.value == pytest.approx((6 * 3 + 4 * 1) / 30)
    assert told.share.low < told.share.value < told.share.high


def test_ties_of_people_are_no_pairs_and_a_tie_of_the_order_is_half_a_hit():
    rankings = ballots({"A=B>C": 4})

    told = agreement({"p": {"A": 1, "B": 2, "C": 2}}, [rankings], PARAMETERS)

    assert told.pairs == 8
    assert told.share.value == pytest.approx(0.75)


def test_responses_without_a_rank_are_not_judged():
    rankings = ballots({"A>B>C": 4, "C>B>A": 1})

    told = agreement({"p": {"A": 1, "B": 2}}, [rankings], PARAMETERS)

    assert (told.pairs, told.share.value) == (5, pytest.approx(0.8))


def test_people_who_all_agree_have_a_ceiling_of_one():
    assert ceiling([ballots({"A>B>C": 40})], PARAMETERS).value == pytest.approx(1)


def test_people_of_random_orders_have_a_ceiling_of_one_half():
    random = np.random.default_rng(1)
    who, what = np.repeat(np.arange(400), 4), np.tile(list("ABCD"), 400)
    ranks = random.permuted(np.tile(np.arange(1, 5), (400, 1)), axis=1).ravel()
    rankings = Rankings.from_arrays(
        "p", "world", participants=who.tolist(), responses=what.tolist(), ranks=ranks.tolist()
    )

    told = ceiling([rankings], PARAMETERS)

    assert told.value == pytest.approx(0.5, abs=0.03)
    assert told.low < 0.5 < told.high


def test_the_crowds_own_order_reaches_the_ceiling_and_its_reverse_falls_far_short():
    rankings = ballots({"A>B>C": 50, "B>A>C": 30, "C>A>B": 20})

    same = agreement({"p": {"A": 1, "B": 2, "C": 3}}, [rankings], PARAMETERS)
    reverse = agreement({"p": {"A": 3, "B": 2, "C": 1}}, [rankings], PARAMETERS)

    assert same.share.value == pytest.approx(same.best)
    assert same.short.low <= 0 <= same.short.high + 0.01
    assert reverse.short.low > 0.2
    assert reverse.share.value == pytest.approx(1 - same.share.value)
    assert reverse.ceiling == same.ceiling
    assert reverse.best >= same.ceiling.value


def test_one_person_is_one_answer_over_all_prompts():
    prompts = [ballots({"A>B": 15, "B>A": 5}, prompt=str(each)) for each in range(9)]
    implied = {str(each): {"A": 1, "B": 2} for each in range(9)}

    one, many = agreement(implied, prompts[:1], PARAMETERS), agreement(implied, prompts, PARAMETERS)

    # The same 20 people say the same nine times: that is no more than they said once.
    assert (many.prompts, many.people, many.pairs) == (9, 20, 180)
    assert (many.share.low, many.share.high) == pytest.approx((one.share.low, one.share.high))


def test_the_interval_of_agreement_covers_the_truth():
    random = np.random.default_rng(2)
    chances = random.uniform(0.2, 0.9, size=400)

    held = []
    for chance in chances.tolist():
        prefer = int(random.binomial(60, chance))
        told = agreement(
            {"p": {"A": 1, "B": 2}}, [ballots({"A>B": prefer, "B>A": 60 - prefer})], Parameters(ranking_splits=1)
        )
        held.append(told.share.low <= chance <= told.share.high)

    assert 0.92 <= np.mean(held) <= 0.98


def test_the_two_questions_are_never_pooled():
    both = [ballots({"A>B": 3}, "1", "myself"), ballots({"A>B": 3}, "2", "world")]

    with pytest.raises(RankingsError, match="two questions"):
        ceiling(both, PARAMETERS)
    with pytest.raises(RankingsError, match="two questions"):
        agreement({"1": {"A": 1}, "2": {"A": 1}}, both, PARAMETERS)


@pytest.mark.parametrize(
    ("implied", "prompts", "told"),
    [
        ({}, ["1"], "no order is implied for prompt 1"),
        ({"1": {"Z": 1}}, ["1"], "prompt 1 has no response 'Z'"),
        ({"1": {"A": 1}}, ["1", "1"], "prompt 1 is there twice"),
    ],
)
def test_orders_that_do_not_fit_the_prompts_are_refused(implied, prompts, told):
    with pytest.raises(RankingsError, match=told):
        agreement(implied, [ballots({"A>B": 3}, each) for each in prompts], PARAMETERS)


@pytest.mark.parametrize("rankings", [[], [ballots({"A>B": 1})], [ballots({"A=B": 9})], [ballots({"A": 9})]])
def test_where_nobody_is_left_to_agree_with_there_is_no_figure(rankings):
    told = agreement({"p": {"A": 1}}, rankings, PARAMETERS)

    assert (told.people, told.pairs, told.best) == (0, 0, None)
    assert (told.share.value, told.share.low, told.share.high) == (None, 0, 1)
    assert (told.ceiling.value, told.short.value, told.short.low) == (None, None, -1)
    assert ceiling(rankings, PARAMETERS).value is None


def test_two_people_have_a_ceiling_and_much_doubt():
    told = ceiling([ballots({"A>B": 1, "B>A": 1})], PARAMETERS)

    assert told.value == 0
    assert told.high > 0.6
