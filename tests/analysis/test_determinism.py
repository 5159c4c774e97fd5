"""The same votes give the same bytes: whatever their order, the type of their ids, or the number of threads."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from threadpoolctl import threadpool_limits

from analysis import Votes, analyse
from analysis.polis_files import read_export, to_votes
from analysis.simulation import no_groups, planted_groups


def shuffled(votes, rng):
    """The same votes, participants, statements and votes in another order."""
    order = rng.permutation(len(votes))
    who, what = np.array(votes.participants, dtype=object), np.array(votes.statements, dtype=object)
    return Votes.from_arrays(who[votes.rows[order]], what[votes.columns[order]], votes.values[order])


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("structured", [True, False])
def test_the_order_of_votes_changes_no_byte(seed, structured):
    rng = np.random.default_rng(seed)
    size = {"participants": 260, "statements": 40, "presence": 0.3}
    votes = (planted_groups(rng, shares=(0.5, 0.3, 0.2), **size) if structured else no_groups(rng, **size)).votes

    assert analyse(shuffled(votes, rng)).to_json() == analyse(votes).to_json()


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(st.tuples(st.integers(0, 30), st.integers(0, 9)), st.sampled_from([-1, 0, 1]), max_size=150),
    st.randoms(),
)
def test_the_order_of_any_votes_changes_no_byte(cast, random):
    triples = [(who, what, value) for (who, what), value in cast.items()]
    mixed = random.sample(triples, len(triples))

    results = {
        analyse(Votes.from_arrays(*(list(column) for column in zip(*each, strict=True)))).to_json()
        for each in (triples, mixed)
        if each
    }

    assert len(results) <= 1


def test_a_real_conversation_gives_the_same_bytes_on_one_thread_and_on_two(real_data: Path):
    for folder in sorted(path.parent for path in real_data.glob("polis-open-data/*/votes.csv")):
        votes = to_votes(read_export(folder))

        with threadpool_limits(limits=1):
            alone = analyse(shuffled(votes, np.random.default_rng(0))).to_json()
        with threadpool_limits(limits=2):
            together = analyse(votes).to_json()

        assert alone == together, folder.name
