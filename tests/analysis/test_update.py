"""New votes added to those at hand: the very result of starting anew, whatever is new in them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import Votes, analyse
from analysis.moments import moments, standing, update
from analysis.simulation import planted_groups

BALLOTS = st.lists(st.tuples(st.integers(0, 25), st.integers(0, 12), st.sampled_from([-1, 0, 1])), max_size=120)


def votes_of(ballots):
    participants, statements, values = zip(*ballots, strict=True) if ballots else ((), (), ())
    return Votes.from_arrays(participants, statements, values)


def everything(votes):
    return votes.digest, votes.starts.tolist(), [sums.tolist() for sums in moments(votes).pairs]


@settings(max_examples=150, deadline=None)
@given(BALLOTS, BALLOTS)
def test_votes_and_moments_are_those_of_all_votes_together(earlier, newer):
    after = update(standing(votes_of(earlier)), votes_of(newer))

    together = votes_of(earlier + newer)
    assert after.known_pairs is not None
    assert everything(after) == everything(together)


@pytest.mark.parametrize("seed", range(3))
def test_the_result_is_the_same_byte_for_byte(seed):
    rng = np.random.default_rng(seed)
    drawn = planted_groups(rng, participants=300, statements=50, shares=(0.5, 0.3, 0.2), presence=0.3).votes
    newer = Votes.from_arrays(rng.integers(0, 310, 200), rng.integers(0, 55, 200), rng.integers(-1, 2, 200))
    cast = [(drawn.participants[row], drawn.statements[at]) for row, at in zip(drawn.rows, drawn.columns, strict=True)]
    added = [(newer.participants[row], newer.statements[at]) for row, at in zip(newer.rows, newer.columns, strict=True)]
    together = Votes.from_arrays(
        *map(list, zip(*cast, *added, strict=True)), np.concatenate([drawn.values, newer.values])
    )

    after = update(standing(drawn), newer)

    assert analyse(after, method="classic").to_json() == analyse(together, method="classic").to_json()


def test_no_new_votes_change_nothing():
    before = standing(votes_of([(1, 1, 1), (2, 1, -1)]))

    after = update(before, votes_of([]))

    assert after.digest == before.digest


def test_moments_of_separate_participants_add_up():
    first, second = [(1, 1, 1), (1, 2, -1), (2, 1, 0)], [(3, 2, 1), (3, 7, 1), (4, 1, -1)]

    added = moments(votes_of(first)).plus(moments(votes_of(second)))

    together = moments(votes_of(first + second))
    assert added.statements == together.statements
    assert [sums.tolist() for sums in added.pairs] == [sums.tolist() for sums in together.pairs]
