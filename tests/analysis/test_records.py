"""Records stand in the order of the votes, whatever order they came in."""

import numpy as np
import pytest

from analysis import Votes
from analysis.records import Records
from analysis.votes import VotesError


def _votes() -> Votes:
    return Votes.from_arrays(["10", "9", "9"], ["a", "b", "a"], [1, 0, -1])


def test_records_follow_their_votes():
    votes = _votes()

    records = Records.aligned(
        votes,
        ["9", "10"],
        ["b", "a"],
        important=[True, False],
        probability=[0.25, float("nan")],
        random=[False, True],
    )

    told = {
        (votes.participants[row], votes.statements[column]): (bool(marked), bool(drawn))
        for row, column, marked, drawn in zip(votes.rows, votes.columns, records.important, records.random, strict=True)
    }
    assert told == {("9", "b"): (True, False), ("10", "a"): (False, True), ("9", "a"): (False, False)}
    assert np.nansum(records.probability) == 0.25
    assert np.isnan(records.probability).sum() == 2


@pytest.mark.parametrize(("who", "what"), [(["8"], ["a"]), (["10"], ["b"]), (["9"], ["c"])])
def test_a_record_of_no_vote_is_refused(who, what):
    with pytest.raises(VotesError, match="record 0 is of a vote that is not there"):
        Records.aligned(_votes(), who, what, important=[True], probability=[0.5], random=[False])


@pytest.mark.parametrize("probability", [0.0, 1.5, -1.0])
def test_a_probability_outside_its_range_is_refused(probability):
    with pytest.raises(VotesError, match=r"probability\[0\]"):
        Records.aligned(_votes(), ["9"], ["a"], important=[False], probability=[probability], random=[False])


def test_no_votes_have_no_records():
    votes = Votes.from_arrays([], [], [])

    assert len(Records.aligned(votes, [], [], important=[], probability=[], random=[]).important) == 0
