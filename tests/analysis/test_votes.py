"""The one door for votes: what it takes, what it refuses, which vote stands, and the digest."""

import hashlib
import itertools
import json
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.votes import Votes, VotesError

TRIPLES = [("10", "b", 1), ("9", "b", -1), ("10", "a", 0), ("9", "a", 1)]

ids = st.one_of(st.integers(), st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=5))


def votes_of(triples, **more):
    participants, statements, values = zip(*triples, strict=True) if triples else ((), (), ())
    return Votes.from_arrays(participants, statements, values, **more)


def standing(votes):
    return {
        (votes.participants[row], votes.statements[column]): int(value)
        for row, column, value in zip(votes.rows, votes.columns, votes.values, strict=True)
    }


def test_ids_sort_as_text():
    votes = votes_of(TRIPLES)

    assert votes.participants == ("10", "9")
    assert votes.statements == ("a", "b")


def test_missing_votes_stay_missing():
    votes = votes_of(TRIPLES[:3])

    assert np.array_equal(votes.matrix(), [[0, 1], [np.nan, -1]], equal_nan=True)


def test_the_order_of_votes_changes_nothing():
    digests = {votes_of(order).digest for order in itertools.permutations(TRIPLES)}

    assert len(digests) == 1


@given(st.dictionaries(st.tuples(ids, ids), st.sampled_from([-1, 0, 1]), max_size=12), st.randoms())
def test_any_votes_come_out_as_they_went_in_whatever_their_order(cast, random):
    named = {(str(who), str(what)): value for (who, what), value in cast.items()}
    triples = [(who, what, value) for (who, what), value in named.items()]
    shuffled = random.sample(triples, len(triples))

    votes = votes_of(triples)

    assert standing(votes) == named
    assert votes_of(shuffled).digest == votes.digest


@pytest.mark.parametrize(
    "kind", [np.array, list, tuple, lambda ids: np.array(ids, dtype="U4"), lambda ids: map(str, ids), np.uint8]
)
def test_ids_are_the_same_as_numbers_and_as_text(kind):
    participants, statements, values = [10, 9, 10], [1, 1, 2], [1, 0, -1]

    votes = Votes.from_arrays(kind(participants), kind(statements), values)

    assert votes.digest == Votes.from_arrays(["10", "9", "10"], ["1", "1", "2"], values).digest


def test_numbers_larger_than_a_machine_word_are_ids_too():
    votes = Votes.from_arrays([2**80, 2**80 + 1], [1, 1], [1, 1])

    assert votes.participants == (str(2**80), str(2**80 + 1))


def test_ids_that_differ_only_by_an_invisible_character_are_different():
    votes = Votes.from_arrays(["a", "a\0", "a "], [1, 1, 1], [1, 1, 1])

    assert len(votes.participants) == 3


def test_the_digest_can_be_computed_by_hand():
    expected = hashlib.sha256(
        json.dumps(["10", "9"], separators=(",", ":")).encode()
        + b"\n"
        + json.dumps(["a", "b"], separators=(",", ":")).encode()
        + b"\n"
        + np.array([2, 2], "<u4").tobytes()
        + np.array([0, 1, 0, 1], "<u4").tobytes()
        + np.array([0, 1, 1, -1], "i1").tobytes()
    )

    assert votes_of(TRIPLES).digest == expected.hexdigest()


def test_one_changed_vote_changes_the_digest():
    changed = [*TRIPLES[:3], ("9", "a", 0)]

    assert votes_of(changed).digest != votes_of(TRIPLES).digest


def test_the_last_of_several_votes_stands():
    votes = votes_of([("p", "s", 1), ("q", "s", 1), ("p", "s", -1)])

    assert standing(votes) == {("p", "s"): -1, ("q", "s"): 1}


def test_with_times_the_latest_vote_stands():
    votes = votes_of([("p", "s", 1), ("p", "s", -1), ("p", "s", 0)], times=[3, 1, 2])

    assert standing(votes) == {("p", "s"): 1}


@pytest.mark.parametrize(
    "times",
    [
        [datetime(2026, 1, 2, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)],
        [datetime(2026, 1, 2), datetime(2026, 1, 1)],  # noqa: DTZ001  # naive dates are taken too
        np.array(["2026-01-02", "2026-01-01"], dtype="datetime64[D]"),
        (2.5, 1.5),
    ],
)
def test_times_may_be_dates(times):
    votes = votes_of([("p", "s", 1), ("p", "s", -1)], times=times)

    assert standing(votes) == {("p", "s"): 1}


def test_different_votes_at_the_same_time_are_refused():
    with pytest.raises(VotesError, match="'p' has different votes on statement 's' at the same time"):
        votes_of([("p", "s", 1), ("p", "s", -1)], times=[1, 1])


def test_the_same_vote_twice_at_the_same_time_is_one_vote():
    votes = votes_of([("p", "s", 1), ("p", "s", 1)], times=[1, 1])

    assert standing(votes) == {("p", "s"): 1}


@pytest.mark.parametrize("value", [2, -2, 0.5, np.nan, None, "1", "agree", True])
def test_other_values_are_refused_with_their_place(value):
    with pytest.raises(VotesError, match=r"values\[1\]"):
        Votes.from_arrays(["p", "q"], ["s", "s"], [1, value])


def test_whole_values_may_be_written_as_decimals():
    votes = Votes.from_arrays(["p", "q"], ["s", "s"], np.array([1.0, -1.0]))

    assert votes.values.tolist() == [1, -1]


@pytest.mark.parametrize("missing", [None, "", np.nan, float("nan")])
@pytest.mark.parametrize("place", [0, 1])
def test_missing_ids_are_refused_with_their_place(missing, place):
    arrays = [["p", "q"], ["s", "t"]]
    arrays[place][1] = missing

    with pytest.raises(VotesError, match=r"\[1\] is missing"):
        Votes.from_arrays(*arrays, [1, 1])


def test_masked_ids_are_missing():
    with pytest.raises(VotesError, match=r"participants\[1\] is missing"):
        Votes.from_arrays(np.ma.array([1, 2], mask=[False, True]), ["s", "s"], [1, 1])


@pytest.mark.parametrize("strange", [1.0, 1.5, True, b"p", ("p",), ["p"]])
def test_other_kinds_of_ids_are_refused(strange):
    with pytest.raises(VotesError, match="participants"):
        Votes.from_arrays(["q", strange], ["s", "s"], [1, 1])


def test_columns_of_decimals_are_no_ids():
    with pytest.raises(VotesError, match="whole numbers or text"):
        Votes.from_arrays(np.array([1.0, 2.0]), ["s", "s"], [1, 1])


def test_arrays_of_different_lengths_are_refused():
    with pytest.raises(VotesError, match="participants 2, statements 1, values 2"):
        Votes.from_arrays(["p", "q"], ["s"], [1, 1])


def test_tables_in_place_of_arrays_are_refused():
    with pytest.raises(VotesError, match="one-dimensional"):
        Votes.from_arrays(np.array([[1, 2]]), np.array([[1, 2]]), np.array([[1, 1]]))


@pytest.mark.parametrize("times", [["yesterday", "today"], [1, None], [1, np.nan], [1]])
def test_times_that_cannot_be_compared_are_refused(times):
    with pytest.raises(VotesError):
        votes_of([("p", "s", 1), ("p", "s", -1)], times=times)


def test_no_votes_are_votes_too():
    votes = Votes.from_arrays([], [], [])

    assert votes.shape == (0, 0)
    assert len(votes) == 0
    assert votes.matrix().shape == (0, 0)


def test_votes_cannot_be_changed_afterwards():
    votes = votes_of(TRIPLES)

    with pytest.raises(ValueError, match="read-only"):
        votes.values[0] = 1
