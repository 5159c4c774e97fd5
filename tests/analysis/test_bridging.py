"""The bridging score: high where both sides agree, not where the larger one does."""

import numpy as np
import pytest

from analysis.bridging import bridging
from analysis.parameters import Parameters
from analysis.votes import Votes

BRIDGE, PARTISAN = "0", "1"


def _two_sides(rng, participants=300, larger=0.9, statements=40, presence=0.5):
    """Statement 0 has 80 % agreement on both sides, statement 1 nearly all of the larger side and nobody else."""
    side = np.arange(participants) < larger * participants
    chance = np.where(
        rng.random(statements) < 0.5, np.where(side, 0.85, 0.15)[:, None], np.where(side, 0.15, 0.85)[:, None]
    )
    chance[:, 0] = 0.8
    chance[:, 1] = np.where(side, 0.97, 0.03)
    said = np.where(rng.random(chance.shape) < chance, 1, -1)
    rows, columns = np.nonzero(rng.random(chance.shape) < presence)
    return Votes.from_arrays(rows, columns, said[rows, columns])


def _scores(votes, weights=None, **thresholds):
    every = np.ones(votes.shape[1]) if weights is None else weights
    return dict(zip(votes.statements, bridging(votes, every, Parameters(**thresholds)), strict=True))


def test_what_both_sides_agree_with_scores_higher_than_what_the_larger_side_does():
    votes = _two_sides(np.random.default_rng(1))

    scores = _scores(votes)

    share = {each: votes.values[votes.columns == votes.places([each])[0]].mean() for each in (BRIDGE, PARTISAN)}
    assert share[PARTISAN] > share[BRIDGE]
    assert scores[BRIDGE].low > scores[PARTISAN].high
    assert scores[BRIDGE].value == max(each.value for each in scores.values())


def test_disagreement_on_both_sides_scores_lowest():
    votes = _two_sides(np.random.default_rng(2))
    turned = Votes.from_arrays(
        np.array(votes.participants)[votes.rows],
        np.array(votes.statements)[votes.columns],
        np.where(votes.columns == votes.places([BRIDGE])[0], -votes.values, votes.values),
    )

    scores = _scores(turned)

    assert scores[BRIDGE].value == min(each.value for each in scores.values())


def test_the_fit_is_the_one_with_the_least_penalised_error():
    votes = _two_sides(np.random.default_rng(3), participants=40, statements=8)

    by_alternating = [each.value for each in bridging(votes, np.ones(8), Parameters(bridging_steps=2000))]

    assert by_alternating == pytest.approx(_minimised(votes), abs=1e-4)


def _minimised(votes):
    """The statements' intercepts that minimise the published loss, by a general optimiser from several starts."""
    from scipy.optimize import minimize

    people, statements = votes.shape
    r = (votes.values + 1) / 2

    def loss(x):
        mean, i_u, f_u = x[0], x[1 : 1 + people], x[1 + people : 1 + 2 * people]
        i_n, f_n = x[1 + 2 * people :].reshape(2, statements)
        u, n = votes.rows, votes.columns
        error = r - mean - i_u[u] - i_n[n] - f_u[u] * f_n[n]
        intercepts = (i_u**2).mean() + (i_n**2).mean() + mean**2
        slope = np.zeros_like(x)
        slope[0] = -2 * error.mean() + 0.3 * mean
        slope[1 : 1 + people] = -2 * np.bincount(u, error, people) / len(r) + 0.3 * i_u / people
        slope[1 + people : 1 + 2 * people] = -2 * np.bincount(u, error * f_n[n], people) / len(r) + 0.06 * f_u / people
        slope[1 + 2 * people :] = np.concatenate(
            [
                -2 * np.bincount(n, error, statements) / len(r) + 0.3 * i_n / statements,
                -2 * np.bincount(n, error * f_u[u], statements) / len(r) + 0.06 * f_n / statements,
            ]
        )
        return (error**2).mean() + 0.15 * intercepts + 0.03 * ((f_u**2).mean() + (f_n**2).mean()), slope

    rng = np.random.default_rng(0)
    starts = (rng.normal(scale=0.3, size=1 + 2 * people + 2 * statements) for _ in range(5))
    options = {"gtol": 1e-10, "ftol": 1e-15, "maxiter": 5000}
    found = [minimize(loss, start, jac=True, method="L-BFGS-B", options=options) for start in starts]
    best = min(found, key=lambda each: each.fun).x
    return best[1 + 2 * people : 1 + 2 * people + statements].tolist()


def test_nineteen_in_twenty_intervals_hold_what_is_expected():
    rates = np.random.default_rng(4)
    threshold, slope = rates.normal(size=30), rates.normal(scale=1.2, size=30)
    runs = [_drawn(np.random.default_rng(seed), threshold, slope) for seed in range(25)]

    scores = [bridging(votes, np.ones(30), Parameters()) for votes in runs]

    middle = np.mean([[each.value for each in run] for run in scores], axis=0)
    held = np.mean([[e.low <= m <= e.high for e, m in zip(run, middle, strict=True)] for run in scores])
    assert 0.92 <= held <= 0.98


def _drawn(rng, threshold, slope, participants=200):
    position = rng.choice([-1.0, 1.0], size=participants, p=[0.4, 0.6]) + rng.normal(scale=0.5, size=participants)
    chance = 1 / (1 + np.exp(-threshold - np.outer(position, slope)))
    said = np.where(rng.random(chance.shape) < chance, 1, -1)
    rows, columns = np.nonzero(rng.random(chance.shape) < 0.5)
    return Votes.from_arrays(rows, columns + 100, said[rows, columns])


def test_the_order_of_votes_changes_nothing():
    votes = _two_sides(np.random.default_rng(5))
    order = np.random.default_rng(6).permutation(len(votes))
    shuffled = Votes.from_arrays(
        np.array(votes.participants)[votes.rows[order]],
        np.array(votes.statements)[votes.columns[order]],
        votes.values[order],
    )

    assert _scores(shuffled) == _scores(votes)


def test_a_statement_of_weight_zero_moves_no_other():
    votes = _two_sides(np.random.default_rng(7))
    left_out = votes.columns != votes.places([PARTISAN])[0]
    without = Votes.from_arrays(
        np.array(votes.participants)[votes.rows[left_out]],
        np.array(votes.statements)[votes.columns[left_out]],
        votes.values[left_out],
    )
    weights = np.ones(votes.shape[1])
    weights[votes.places([PARTISAN])] = 0

    scores, expected = _scores(votes, weights), _scores(without)

    # What holds figures near 0 counts the votes, hence a small difference.
    for statement, score in expected.items():
        assert scores[statement].value == pytest.approx(score.value, abs=0.02)


def test_beyond_so_many_participants_a_part_of_them_is_used():
    votes = _two_sides(np.random.default_rng(8), participants=600, larger=0.6)

    whole, part = _scores(votes), _scores(votes, bridging_participants=200)

    assert part[BRIDGE].low > part[PARTISAN].high
    assert part[BRIDGE].high - part[BRIDGE].low > 1.4 * (whole[BRIDGE].high - whole[BRIDGE].low)


@pytest.mark.parametrize(
    ("who", "what", "said"),
    [([], [], []), ([1], [1], [1]), ([1, 2, 3], [1, 1, 1], [0, 0, 0]), ([1, 1], [1, 2], [1, -1])],
)
def test_degenerate_votes_have_finite_scores(who, what, said):
    votes = Votes.from_arrays(who, what, said)

    scores = bridging(votes, np.ones(votes.shape[1]), Parameters())

    assert len(scores) == votes.shape[1]
    assert all(np.isfinite([each.value, each.low, each.high]).all() for each in scores)


def test_a_statement_that_nobody_in_the_part_voted_on_has_no_value():
    who, what, said = [1, 1, 2, 2, 3], [1, 2, 1, 2, 9], [1, -1, -1, 1, 1]
    votes = Votes.from_arrays(who, what, said)

    unheard = bridging(votes, np.ones(3), Parameters(bridging_participants=2))

    assert [each.value is None for each in unheard].count(True) >= 1
    assert all((each.low, each.high) == (-1, 1) for each in unheard if each.value is None)
