"""Weighted shares: equal weights change nothing, unequal ones undo who took part and who was shown what, and cover."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.exposure import ExposureError, exposure_weights
from analysis.linearised import mean_bounds, weighted_bounds
from analysis.margins import Margin
from analysis.moments import count, count_by_group, tallies
from analysis.parameters import Parameters
from analysis.votes import Votes
from analysis.weighted_shares import VoteWeights, weigh, weigh_by_group, weighted_tallies
from analysis.weighting import rake

PARAMETERS = Parameters()


def votes_of(table):
    rows, columns = np.nonzero(~np.isnan(table))
    return Votes.from_arrays(rows, columns, table[rows, columns])


def plain(votes):
    return VoteWeights(np.ones(len(votes)), np.zeros(len(votes), dtype=bool))


@given(st.lists(st.sampled_from([1.0, 0.0, -1.0, np.nan]), min_size=1, max_size=40), st.floats(0.1, 10))
def test_equal_weights_give_the_plain_shares_and_their_intervals(column, weight):
    votes = votes_of(np.array([column, [1.0] * len(column)]).T)
    weights = VoteWeights(np.full(len(votes), weight), np.zeros(len(votes), dtype=bool))

    weighted = weighted_tallies(weigh(votes, weights), 0.95)

    for own, other in zip(weighted, tallies(count(votes), 0.95), strict=True):
        assert (own.votes, own.effective_votes) == (other.votes, pytest.approx(other.votes))
        for name in ("agree_share", "disagree_share", "pass_share"):
            one, two = getattr(own, name), getattr(other, name)
            assert (one.value, one.low, one.high) == pytest.approx((two.value, two.low, two.high))


def test_a_share_is_the_sum_of_weights_that_agree_over_all_weights():
    votes = Votes.from_arrays([1, 2, 3, 4], ["s"] * 4, [1, 1, -1, 0])
    weights = VoteWeights(np.array([4.0, 1.0, 3.0, 2.0]), np.array([True, False, False, False]))

    (tally,) = weighted_tallies(weigh(votes, weights), 0.95)

    assert tally.agree_share.value == pytest.approx(0.5)
    assert (tally.disagree_share.value, tally.pass_share.value) == pytest.approx((0.3, 0.2))
    assert (tally.votes, tally.trimmed) == (4, 1)
    assert tally.effective_votes == pytest.approx(100 / 30)
    assert tally.design_effect == pytest.approx(4 / (100 / 30))


def test_votes_without_weight_are_not_counted():
    votes = Votes.from_arrays([1, 2], ["s", "s"], [1, -1])

    (tally,) = weighted_tallies(weigh(votes, VoteWeights(np.array([0.0, 2.0]), np.zeros(2, dtype=bool))), 0.95)

    assert (tally.votes, tally.disagree_share.value) == (1, 1)


def test_a_statement_without_weight_has_no_share():
    votes = Votes.from_arrays([1], ["s"], [1])
    counts = weigh(votes, VoteWeights(np.zeros(1), np.zeros(1, dtype=bool)))

    told = weighted_tallies(counts.at(np.array([-1, 0])), 0.95)

    for tally in told:
        assert (tally.votes, tally.effective_votes, tally.design_effect) == (0, 0, None)
        assert (tally.agree_share.value, tally.agree_share.low, tally.agree_share.high) == (None, 0, 1)


def test_groups_are_weighed_apart_and_who_is_in_none_counts_in_none():
    votes = Votes.from_arrays([1, 2, 3, 4, 5], ["s"] * 5, [1, 1, -1, 0, 1])
    groups = np.array([0, 1, 1, 0, -1])

    weighed = weigh_by_group(votes, plain(votes), groups, 2)

    counted = count_by_group(votes, groups, 2)
    assert weighed.votes.tolist() == counted.votes.tolist() == [[2], [2]]
    assert weighed.weights[0].tolist() == counted.agree.tolist()
    assert weighed.weights[1].tolist() == counted.passed.tolist()
    assert weighted_tallies(weighed.of_group(1), 0.95)[0].disagree_share.value == 0.5


def test_no_votes_have_no_weighted_shares():
    votes = Votes.from_arrays([], [], [])

    assert weighted_tallies(weigh(votes, plain(votes)), 0.95) == []


@pytest.mark.parametrize("probability", [0.0, -0.1, 1.5])
def test_a_probability_outside_its_range_is_refused_by_participant_and_statement(probability):
    votes = Votes.from_arrays(["ada", "bob"], ["s", "s"], [1, 1])

    with pytest.raises(ExposureError, match="statement 's' was shown to participant 'bob' with probability"):
        exposure_weights(votes, np.array([0.5, probability]), PARAMETERS)


def test_as_many_probabilities_as_votes_are_needed():
    with pytest.raises(ExposureError, match="1 probabilities for 2 votes"):
        exposure_weights(Votes.from_arrays([1, 2], [1, 1], [1, 1]), np.array([0.5]), PARAMETERS)


def test_weights_are_in_proportion_to_one_over_the_probability_and_capped_by_statement():
    votes = Votes.from_arrays(range(13), ["s"] * 12 + ["t"], [1] * 13)
    probabilities = np.array([0.5] * 10 + [0.001, np.nan] + [0.001])
    order = np.argsort([str(each) for each in range(13)])

    weights = exposure_weights(votes, probabilities[order], PARAMETERS)

    weight = dict(zip(zip(votes.rows.tolist(), votes.columns.tolist(), strict=True), weights.weights, strict=True))
    who = {each: at for at, each in enumerate(votes.participants)}
    assert weight[who["0"], 0] == 0.002
    assert weight[who["10"], 0] == pytest.approx(5 * (10 * 0.002 + 1) / 11)
    assert weight[who["11"], 0] == 0
    assert weight[who["12"], 1] == 1
    assert weights.is_trimmed.sum() == 1


@pytest.mark.parametrize("people", [10, 30, 100, 1000])
def test_weighted_intervals_cover_the_truth_in_93_to_97_of_100_samples(people):
    random = np.random.default_rng(people)
    samples = 2000
    # Four parts of a population take part at unequal rates, and opinions differ between them as they may.
    population, taking_part = np.array([0.4, 0.3, 0.2, 0.1]), np.array([1.0, 0.6, 0.3, 0.25])
    drawn = population * taking_part / (population @ taking_part)
    truths = random.uniform(0.05, 0.95, size=(samples, 4))
    part = random.choice(4, p=drawn, size=(samples, people))
    weight = (population / drawn)[part]
    agrees = random.random((samples, people)) < np.take_along_axis(truths, part, axis=1)

    bounds = weighted_bounds(
        (weight * agrees).sum(axis=1), (weight**2 * agrees).sum(axis=1), weight.sum(axis=1), (weight**2).sum(axis=1)
    )

    truth = truths @ population
    assert 0.93 <= np.mean((bounds.low <= truth) & (truth <= bounds.high)) <= 0.97


def test_raking_brings_shares_to_the_populations_with_intervals_that_cover():
    random = np.random.default_rng(12)
    statements, people = 400, 300
    truths = random.uniform(0.1, 0.9, size=(2, statements))
    margin = Margin.of("sex", {"m": 0.5, "f": 0.5})
    part = (random.random(people) < 0.2).astype(int)
    votes = votes_of(np.where(random.random((people, statements)) < truths[part], 1.0, -1.0))
    answers = {str(at): {"sex": "mf"[each]} for at, each in enumerate(part.tolist())}

    weighting = rake(votes.participants, answers, [margin], PARAMETERS)
    weighted = weighted_tallies(weigh(votes, weighting.of_votes(votes)), 0.95)

    truth = dict(zip(map(str, range(statements)), truths.mean(axis=0), strict=True))
    held = [
        tally.agree_share.low <= truth[each] <= tally.agree_share.high
        for each, tally in zip(votes.statements, weighted, strict=True)
    ]
    unweighted = [
        tally.agree_share.low <= truth[each] <= tally.agree_share.high
        for each, tally in zip(votes.statements, tallies(count(votes), 0.95), strict=True)
    ]
    assert 0.93 <= np.mean(held) <= 0.985
    assert np.mean(unweighted) < 0.75


def test_weights_against_exposure_undo_a_router_that_favours_one_side():
    random = np.random.default_rng(13)
    statements, people = 300, 2000
    truths = random.uniform(0.2, 0.8, size=(2, statements))
    side = (np.arange(people) % 2).astype(int)
    # The first side is shown a statement three times as readily, and thinks otherwise of it.
    shown = np.where(side == 0, 0.3, 0.1)
    table = np.where(random.random((people, statements)) < truths[side], 1.0, -1.0)
    table[random.random(table.shape) > shown[:, None]] = np.nan
    votes = votes_of(table)
    probabilities = shown[np.array([int(each) for each in votes.participants])[votes.rows]]

    weighted = weighted_tallies(weigh(votes, exposure_weights(votes, probabilities, PARAMETERS)), 0.95)

    truth = dict(zip(map(str, range(statements)), truths.mean(axis=0), strict=True))
    plainly = tallies(count(votes), 0.95)
    covers = np.array(
        [
            [tally.agree_share.low <= truth[each] <= tally.agree_share.high for tally in both]
            for each, *both in zip(votes.statements, weighted, plainly, strict=True)
        ]
    ).mean(axis=0)
    assert 0.93 <= covers[0] <= 0.985
    assert covers[1] < 0.75


@pytest.mark.parametrize("people", [5, 10, 30, 100])
def test_intervals_of_means_cover_the_truth_in_about_95_of_100_samples(people):
    random = np.random.default_rng(people)
    figures = random.beta(0.8, 0.5, size=(4000, people)).round(1)
    truth = random.beta(0.8, 0.5, size=1_000_000).round(1).mean()

    means = figures.mean(axis=1)
    spread = (((figures - means[:, None]) / people) ** 2).sum(axis=1)
    bounds = mean_bounds(means, spread, np.full(4000, float(people)))

    assert 0.93 <= np.mean((bounds.low <= truth) & (truth <= bounds.high)) <= 0.985


def test_the_interval_of_a_mean_of_yes_and_no_is_nearly_wilsons():
    answers = np.array([1.0] * 30 + [0.0] * 20)

    bounds = mean_bounds(np.array([0.6]), np.array([(((answers - 0.6) / 50) ** 2).sum()]), np.array([50.0]))

    assert (bounds.low[0], bounds.high[0]) == pytest.approx((0.4618, 0.7239), abs=0.003)


def test_few_who_say_the_same_leave_doubt_and_nobody_leaves_all():
    bounds = mean_bounds(np.array([1.0, 0.9, 0.0]), np.zeros(3), np.array([4.0, 4.0, 0.0]))

    assert bounds.low[0] < 0.6
    assert bounds.low[1] < 0.75
    assert (bounds.low[2], bounds.high[2]) == (0, 1)
