"""The verdict: no structure, a gradual one, or groups; how many, who is in which, and how firmly."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score
from threadpoolctl import threadpool_limits

from analysis import Votes
from analysis.groups import find_groups
from analysis.moments import count_by_group
from analysis.parameters import Parameters
from analysis.polis_files import read_export, to_votes
from analysis.representativeness import representative_crossfitted
from analysis.sample import apart
from analysis.simulation import draw_votes, no_groups, one_axis, planted_groups

PARAMETERS = Parameters()
QUICKLY = {"largest_number": 3, "vote_draws": 2, "structure_permutations": 10, "parts_left_out": 2}


def found_in(votes, clusters=None, **thresholds):
    clusters = apart(votes.shape[1]) if clusters is None else clusters
    return find_groups(votes, clusters, Parameters(**thresholds))


def distinctive(votes, found):
    by_group = count_by_group(votes, found.members, found.number)
    eligible = np.ones(votes.shape[1], dtype=bool)
    return representative_crossfitted(
        by_group, found.tested, votes.statements, eligible=eligible, parameters=PARAMETERS
    )


def same(one, other):
    return (
        one.members.tolist() == other.members.tolist()
        and repr(one.stability.tolist()) == repr(other.stability.tolist())
        and one.tried == other.tried
        and one.test == other.test
        and one.prediction == other.prediction
    )


def shuffled(votes, seed):
    order = np.random.default_rng(seed).permutation(len(votes))
    who, what = np.array(votes.participants, dtype=object), np.array(votes.statements, dtype=object)
    return Votes.from_arrays(who[votes.rows[order]], what[votes.columns[order]], votes.values[order])


@pytest.mark.parametrize(("participants", "presence"), [(60, 0.3), (200, 0.1)])
def test_without_structure_there_are_no_groups(participants, presence):
    for seed in range(10):
        votes = no_groups(
            np.random.default_rng(seed), participants=participants, statements=80, presence=presence, unevenness=0.8
        ).votes
        found = found_in(votes)

        assert (found.verdict, found.number, found.tested) == ("none", 0, None)
        assert set(found.members.tolist()) == {-1}
        assert np.isnan(found.stability).all()


@pytest.mark.parametrize("seed", range(2))
def test_one_axis_is_gradual_and_cut_all_the_same(seed):
    found = found_in(one_axis(np.random.default_rng(seed), participants=300, statements=120, presence=0.3).votes)

    assert found.verdict == "gradual"
    assert 2 <= found.number <= 8
    assert found.axis.low.statements
    assert found.axis.high.statements


@pytest.mark.parametrize("seed", range(2))
def test_planted_groups_are_found(seed):
    size = {"participants": 300, "statements": 120, "presence": 0.3}
    simulated = planted_groups(np.random.default_rng(seed), shares=(0.5, 0.3, 0.2), **size)
    found = found_in(simulated.votes)

    assert (found.verdict, found.number, found.axis) == ("groups", 3, None)
    assert adjusted_rand_score(simulated.groups[found.placed], found.members[found.placed]) > 0.88
    assert np.nanmean(found.stability) > 0.85
    assert all(len(each) == PARAMETERS.most_representative for each in distinctive(simulated.votes, found))


def test_a_lone_small_group_is_found():
    size = {"participants": 1000, "statements": 120, "presence": 0.3}
    simulated = planted_groups(np.random.default_rng(1), shares=(0.6, 0.35, 0.05), **size)
    found = found_in(simulated.votes, largest_number=4, vote_draws=2)

    own, smallest = found.members == 2, simulated.groups == 2
    assert (found.verdict, found.number) == ("groups", 3)
    assert (own & smallest).sum() / own.sum() > 0.8
    assert (own & smallest).sum() / smallest.sum() > 0.8


def test_groups_are_numbered_by_size():
    size = {"participants": 300, "statements": 100, "presence": 0.3}
    found = found_in(planted_groups(np.random.default_rng(3), shares=(0.2, 0.3, 0.5), **size).votes)

    sizes = np.bincount(found.members[found.placed]).tolist()

    assert sizes == sorted(sizes, reverse=True)


def test_two_camps_are_groups():
    table = np.repeat([[1], [-1]], [25, 15], axis=0) * np.ones((1, 10), dtype=int)
    rows, columns = np.indices(table.shape)

    found = found_in(Votes.from_arrays(rows.ravel(), columns.ravel(), table.ravel()))

    assert (found.verdict, np.bincount(found.members).tolist()) == ("groups", [25, 15])
    assert found.stability.min() == 1


def test_who_votes_between_the_groups_is_less_stable():
    rng = np.random.default_rng(2)
    leans = rng.choice([0.1, 0.8], size=(2, 60))
    agree = np.vstack([leans, leans.mean(axis=0)])
    groups = np.repeat([0, 1, 2], [110, 110, 10])
    simulated = draw_votes(rng, groups, agree=agree, disagree=0.9 - agree, presence=0.5)

    found = found_in(simulated.votes)

    between = simulated.groups == 2
    assert found.number == 2
    assert found.stability[between].mean() < found.stability[~between].mean() - 0.1
    assert (found.stability[between] < PARAMETERS.between_groups).mean() > 0.1


def test_who_cast_few_votes_is_in_no_group():
    size = {"participants": 200, "statements": 60, "presence": 0.5}
    planted = planted_groups(np.random.default_rng(2), shares=(0.5, 0.5), **size).votes
    who = [*(f"p{each:03}" for each in planted.rows), *["late"] * 6]
    what = [*(planted.statements[each] for each in planted.columns), *planted.statements[:6]]
    votes = Votes.from_arrays(who, what, [*planted.values.tolist(), *[1] * 6])

    found = found_in(votes)

    assert found.members[votes.participants.index("late")] == -1
    assert np.isnan(found.stability[votes.participants.index("late")])


def test_copies_of_one_statement_move_hardly_anybody():
    size = {"participants": 150, "statements": 60, "presence": 0.5}
    table = planted_groups(np.random.default_rng(4), shares=(0.6, 0.4), **size).votes.matrix()
    copied = np.hstack([table, np.repeat(table[:, 7:8], 50, axis=1)])
    rows, columns = np.nonzero(~np.isnan(copied))
    votes = Votes.from_arrays(rows, [f"{each:03}" for each in columns], copied[rows, columns].astype(int))
    plain = Votes.from_arrays(
        *(each[columns < 60] for each in (rows, np.array([f"{each:03}" for each in columns]))),
        copied[rows, columns].astype(int)[columns < 60],
    )
    clusters = np.where(np.arange(110) < 60, np.arange(110), 7)

    with_copies, without = found_in(votes, clusters), found_in(plain)

    assert adjusted_rand_score(with_copies.members, without.members) > 0.97


def test_those_beyond_the_sample_are_assigned_as_well():
    size = {"participants": 500, "statements": 80, "presence": 0.4}
    simulated = planted_groups(np.random.default_rng(5), shares=(0.6, 0.4), **size)

    found = found_in(simulated.votes, most_in_sample=150)

    assert found.test.people == 150
    assert adjusted_rand_score(simulated.groups, found.members) > 0.9
    assert not np.isnan(found.stability).any()


@pytest.mark.parametrize("draw", [one_axis, planted_groups])
def test_the_order_of_votes_changes_nothing(draw):
    size = {"participants": 150, "statements": 60, "presence": 0.4}
    shares = {"shares": (0.6, 0.4)} if draw is planted_groups else {}
    votes = draw(np.random.default_rng(1), **size, **shares).votes

    assert same(found_in(votes), found_in(shuffled(votes, 3)))


def test_real_conversations_are_structured_and_the_same_on_any_number_of_threads(real_data: Path):
    for folder in sorted(path.parent for path in real_data.glob("polis-open-data/*/votes.csv")):
        votes = to_votes(read_export(folder))
        with threadpool_limits(limits=1):
            alone = found_in(votes, **QUICKLY)
        with threadpool_limits(limits=2):
            together = found_in(shuffled(votes, 1), **QUICKLY)

        assert same(alone, together), folder.name
        assert alone.verdict in ("gradual", "groups"), folder.name


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.tuples(st.integers(0, 30), st.integers(0, 9)), st.sampled_from([-1, 0, 1]), max_size=250))
def test_any_votes_have_an_answer(cast):
    triples = [(who, what, value) for (who, what), value in cast.items()]
    columns = [list(each) for each in zip(*triples, strict=True)] or [[], [], []]
    votes = Votes.from_arrays(*columns)

    found = found_in(votes, votes_to_be_grouped=3)

    assert (found.members >= 0).tolist() == ((found.placed) & (found.verdict != "none")).tolist()
    if found.number:
        assert ((found.stability >= 0) & (found.stability <= 1))[found.placed].all()
        distinctive(votes, found)


def test_all_statements_out_leaves_no_groups():
    votes = no_groups(np.random.default_rng(0), participants=30, statements=8, presence=1.0).votes

    assert found_in(votes, np.full(8, -1)).verdict == "none"
