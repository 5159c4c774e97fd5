"""The consensus ranking: published examples, ties, partial answers, few people, and groups."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.consensus_ranking import best_orders, consensus_by_group, consensus_ranking
from analysis.intervals import wilson
from analysis.parameters import Parameters
from analysis.rankings import Rankings
from tests.analysis.ballots import ballots

PARAMETERS = Parameters(ranking_resamples=200)

# The capital of Tennessee among Memphis, Nashville, Chattanooga and Knoxville, the example of most texts on voting
# rules (as in Wikipedia, "Kemeny-Young method" and "Borda count"): pairwise counts, Kemeny's order and Borda's scores
# are given there.
TENNESSEE = {"M>N>C>K": 42, "N>C>K>M": 26, "C>K>N>M": 15, "K>C>N>M": 17}


def order_of(consensus):
    return [(each.response, each.place.value) for each in consensus.responses]


def test_the_capital_of_tennessee_is_nashville():
    consensus = consensus_ranking(ballots(TENNESSEE), PARAMETERS)

    assert order_of(consensus) == [("N", 1), ("C", 2), ("K", 3), ("M", 4)]
    # Borda's scores are published as 194, 173, 107 and 126 of at most 300.
    assert [each.won.value * 300 for each in consensus.responses] == pytest.approx([194, 173, 107, 126])
    pairs = {pair.first + pair.second: pair for pair in consensus.pairs}
    preferred = {name: round(100 * pair.prefer_first.value) for name, pair in pairs.items()}
    assert preferred == {"CK": 83, "CM": 58, "CN": 32, "KM": 58, "KN": 32, "MN": 42}
    low, high = wilson(83, 100)
    assert (pairs["CK"].people, pairs["CK"].ties) == (100, 0)
    assert (pairs["CK"].prefer_first.low, pairs["CK"].prefer_first.high) == (float(low), float(high))


def test_a_majority_that_runs_in_a_circle_is_broken_at_its_weakest_pair():
    # Condorcet 1785: A over B by 10 to 3, B over C by 9 to 4, C over A by 7 to 6; the last one yields.
    consensus = consensus_ranking(ballots({"A>B>C": 6, "C>A>B": 4, "B>C>A": 3}), PARAMETERS)

    assert order_of(consensus) == [("A", 1), ("B", 2), ("C", 3)]


def test_a_perfect_circle_leaves_all_at_one_place():
    consensus = consensus_ranking(ballots({"A>B>C": 5, "B>C>A": 5, "C>A>B": 5}), PARAMETERS)

    assert order_of(consensus) == [("A", 2), ("B", 2), ("C", 2)]
    assert all((each.place.low, each.place.high) == (1, 3) for each in consensus.responses)


def test_ties_count_half_and_leave_a_tie():
    consensus = consensus_ranking(ballots({"A=B>C": 10}), PARAMETERS)

    assert order_of(consensus) == [("A", 1.5), ("B", 1.5), ("C", 3)]
    assert [each.won.value for each in consensus.responses] == pytest.approx([0.75, 0.75, 0])
    assert consensus.pairs[0].ties == 10


def test_what_was_not_placed_is_missing_and_not_last():
    consensus = consensus_ranking(ballots({"A>B": 3, "C>A": 2}), PARAMETERS)

    assert order_of(consensus) == [("C", 1), ("A", 2), ("B", 3)]
    pairs = {pair.first + pair.second: pair for pair in consensus.pairs}
    assert {name: pair.people for name, pair in pairs.items()} == {"AB": 3, "AC": 2, "BC": 0}
    assert (pairs["BC"].prefer_first.value, pairs["BC"].prefer_first.high) == (None, 1)


def test_many_who_agree_leave_no_doubt_and_one_person_leaves_nearly_all():
    many = consensus_ranking(ballots({"A>B>C": 200}), PARAMETERS)
    one = consensus_ranking(ballots({"A>B>C": 1}), PARAMETERS)

    assert all(each.place.low == each.place.value == each.place.high for each in many.responses)
    assert all((each.place.low, each.place.high) == (1, 3) for each in one.responses)
    assert one.responses[0].won.low < 0.3


def test_where_nobody_answered_there_is_no_place():
    rankings = Rankings.from_arrays(
        "p", "myself", participants=[], responses=[], ranks=[], candidates=["B", "A"], skipped=["x"]
    )

    consensus = consensus_ranking(rankings, PARAMETERS)

    assert order_of(consensus) == [("A", None), ("B", None)]
    assert (consensus.answered, consensus.skipped) == (0, 1)
    assert (consensus.responses[0].place.low, consensus.responses[0].place.high) == (1, 2)
    assert (consensus.responses[0].won.value, consensus.responses[0].won.high) == (None, 1)


def test_a_single_response_is_first_and_has_nothing_to_win_against():
    consensus = consensus_ranking(ballots({"A": 3}), PARAMETERS)

    assert order_of(consensus) == [("A", 1)]
    assert (consensus.responses[0].won.value, consensus.pairs) == (None, ())


def test_each_group_has_a_consensus_of_its_own():
    rankings = ballots({"A>B": 8, "B>A": 6})
    assignments = {str(each): "A" if each < 8 else "B" for each in range(13)} | {"13": None, "elsewhere": "C"}

    by_group = consensus_by_group(rankings, assignments, PARAMETERS)

    assert {letter: order_of(each) for letter, each in by_group.items()} == {
        "A": [("A", 1), ("B", 2)],
        "B": [("B", 1), ("A", 2)],
        "C": [("A", None), ("B", None)],
    }
    assert [each.answered for each in by_group.values()] == [8, 5, 0]


orders = st.lists(st.permutations("ABCD"), min_size=1, max_size=12)


@given(orders, st.randoms(use_true_random=False))
def test_the_order_of_participants_decides_nothing(ranked, random):
    rows = [(str(person), each, at + 1) for person, order in enumerate(ranked) for at, each in enumerate(order)]
    shuffled = random.sample(rows, len(rows))

    first, second = (
        consensus_ranking(Rankings.from_arrays("p", "world", participants=a, responses=b, ranks=c), PARAMETERS)
        for a, b, c in (zip(*each, strict=True) for each in (rows, shuffled))
    )

    assert first == second


@given(orders, st.permutations("ABCD"))
def test_other_names_of_the_responses_give_the_same_order(ranked, names):
    renamed = dict(zip("ABCD", names, strict=True))
    counts = {">".join(order): 0 for order in map(tuple, ranked)}
    for order in ranked:
        counts[">".join(order)] += 1

    first = consensus_ranking(ballots(counts), PARAMETERS)
    second = consensus_ranking(
        ballots({">".join(renamed[each] for each in order.split(">")): number for order, number in counts.items()}),
        PARAMETERS,
    )

    places = {each.response: each.place.value for each in second.responses}
    assert {renamed[each.response]: each.place.value for each in first.responses} == places


@given(orders)
def test_no_order_agrees_better_than_the_consensus(ranked):
    place = np.array([["ABCD".index(each) for each in order] for order in ranked]).argsort(axis=1)
    preferred = (place[:, :, None] < place[:, None, :]).sum(axis=0).astype(float)

    above = best_orders(preferred)

    agreements = [
        sum(preferred[one, other] for at, one in enumerate(order) for other in order[at + 1 :])
        for order in permutations(range(4))
    ]
    assert (preferred * above).sum() == pytest.approx(max(agreements))


def test_a_response_that_a_majority_prefers_to_every_other_comes_first():
    random = np.random.default_rng(3)
    for _ in range(50):
        place = random.permuted(np.tile(np.arange(5), (9, 1)), axis=1)
        preferred = (place[:, :, None] < place[:, None, :]).sum(axis=0).astype(float)
        winners = np.flatnonzero((preferred > preferred.T).sum(axis=1) == 4)

        first = np.flatnonzero(best_orders(preferred).sum(axis=0) == 0)

        assert set(winners) <= set(first)


def test_eight_responses_are_ordered_too():
    consensus = consensus_ranking(
        ballots({"H>G>F>E>D>C>B>A": 20, "A>B>C>D>E>F>G>H": 5}), Parameters(ranking_resamples=20)
    )

    assert "".join(each.response for each in consensus.responses) == "HGFEDCBA"


def test_intervals_of_places_hold_the_places_of_the_whole_public():
    random = np.random.default_rng(6)
    held = []
    for _ in range(150):
        utility = random.normal(0, 0.7, size=3)
        chance = np.exp(utility[:, None]) / (np.exp(utility[:, None]) + np.exp(utility))
        truth = 1 + best_orders(chance.round(12)).sum(axis=0)
        ranks = (-utility - random.gumbel(size=(20, 3))).argsort(axis=1).argsort(axis=1) + 1
        who, what = np.repeat(np.arange(20), 3), np.tile(list("ABC"), 20)
        rankings = Rankings.from_arrays(
            "p", "world", participants=who.tolist(), responses=what.tolist(), ranks=ranks.ravel().tolist()
        )
        told = {each.response: each.place for each in consensus_ranking(rankings, PARAMETERS).responses}
        held += [told[each].low <= place <= told[each].high for each, place in zip("ABC", truth, strict=True)]

    assert np.mean(held) >= 0.93
