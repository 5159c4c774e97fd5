"""Invented votes have the groups and rates that were asked for."""

import numpy as np
import pytest

from analysis.simulation import draw_votes, no_groups, one_axis, planted_groups


def planted(seed, **more):
    asked = {"participants": 1000, "statements": 40, "shares": (0.6, 0.35, 0.05), "presence": 0.5, **more}
    return planted_groups(np.random.default_rng(seed), **asked)


def test_the_same_seed_gives_the_same_votes():
    assert planted(1).votes.digest == planted(1).votes.digest
    assert planted(1).votes.digest != planted(2).votes.digest


def test_groups_have_the_sizes_asked_for():
    assert np.bincount(planted(1).groups).tolist() == [600, 350, 50]


def test_the_part_of_cells_asked_for_holds_votes():
    assert len(planted(1, presence=0.3).votes) / 40_000 == pytest.approx(0.3, abs=0.01)


def test_votes_follow_their_groups_lean():
    simulated = planted(4)
    votes = simulated.votes

    places = np.array([int(each) for each in votes.statements])[votes.columns]
    lean = np.where(simulated.agree > 0.5, 1, -1)[simulated.groups[votes.rows], places]

    assert (votes.values == lean).mean() == pytest.approx(0.8, abs=0.01)
    assert (votes.values == -lean).mean() == pytest.approx(0.1, abs=0.01)


def test_on_the_other_statements_all_groups_lean_alike():
    assert (planted(4).agree == planted(4).agree[0]).all(axis=0).sum() >= 20
    assert (planted(4, divisive=0.0).agree == planted(4, divisive=0.0).agree[0]).all()


def test_without_groups_votes_are_drawn_by_the_statements_rates_alone():
    simulated = no_groups(np.random.default_rng(2), participants=2000, statements=5, presence=1.0)

    agreed = (simulated.votes.matrix() == 1).mean(axis=0)

    assert agreed == pytest.approx(simulated.agree[0], abs=0.05)


def test_statements_may_have_names():
    rates = np.full((1, 2), 0.5)

    simulated = draw_votes(
        np.random.default_rng(0),
        np.zeros(9, dtype=int),
        agree=rates,
        disagree=rates,
        presence=1.0,
        statements=["b", "a"],
    )

    assert simulated.votes.statements == ("a", "b")


def test_probabilities_beyond_one_are_refused():
    with pytest.raises(ValueError, match="add up to at most 1"):
        draw_votes(
            np.random.default_rng(0),
            np.zeros(3, dtype=int),
            agree=np.array([[0.7]]),
            disagree=np.array([[0.4]]),
            presence=1,
        )


def test_activity_may_be_uneven_without_changing_how_much_is_voted():
    size = {"participants": 2000, "statements": 50, "presence": 0.1}
    even = no_groups(np.random.default_rng(1), **size).votes
    uneven = no_groups(np.random.default_rng(1), unevenness=0.8, **size).votes

    assert len(uneven) == pytest.approx(len(even), rel=0.07)
    assert uneven.votes_cast().std() > 1.5 * even.votes_cast().std()


def test_on_one_axis_everybody_has_rates_of_their_own():
    simulated = one_axis(np.random.default_rng(1), participants=300, statements=40, presence=0.9, passes=0.12)

    agreed = (simulated.votes.matrix() == 1).mean(axis=0)
    assert agreed == pytest.approx(
        0.9 * simulated.agree.mean(axis=0)[[int(s) for s in simulated.votes.statements]], abs=0.08
    )
    assert (simulated.votes.values == 0).mean() == pytest.approx(0.12, abs=0.02)
    spectrum = np.linalg.svd(np.log(simulated.agree / simulated.disagree), compute_uv=False)
    assert spectrum[2] < 1e-6 * spectrum[0]
