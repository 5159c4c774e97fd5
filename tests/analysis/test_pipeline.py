"""analyse(): the steps together, on votes whose groups are known."""

import json

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from analysis import Votes, analyse
from analysis.parameters import ParameterError, Parameters
from analysis.simulation import draw_votes, planted_groups


@pytest.fixture(scope="module")
def simulated():
    return planted_groups(
        np.random.default_rng(21), participants=300, statements=60, shares=(0.5, 0.3, 0.2), presence=0.5
    )


@pytest.fixture(scope="module")
def result(simulated):
    return analyse(simulated.votes)


def test_planted_groups_are_found(simulated, result):
    found = [result.assignments[each] for each in simulated.votes.participants]

    assert adjusted_rand_score(simulated.groups, found) > 0.9
    assert [group.id for group in result.groups] == ["A", "B", "C"]
    assert result.groups[0].size > result.groups[1].size > result.groups[2].size


def test_a_statement_that_all_groups_lean_towards_is_consensus(simulated, result):
    alike = (simulated.agree > 0.5).all(axis=0)

    for place, each in enumerate(simulated.votes.statements):
        kind = result.statement(each).kind
        assert (kind == "consensus_agree") == bool(alike[int(each)]), (place, kind)


def test_who_voted_too_little_is_placed_but_in_no_group(simulated):
    rows, columns, values = simulated.votes.rows, simulated.votes.columns, simulated.votes.values
    few = Votes.from_arrays([*rows.tolist(), "quiet"], [*columns.tolist(), int(columns[0])], [*values.tolist(), 1])

    result = analyse(few)

    assert result.assignments["quiet"] is None
    assert len(result.positions["quiet"]) == 2
    assert result.participants.total - result.participants.grouped == 1


def test_without_a_method_the_classic_one_is_used(simulated, result):
    assert analyse(simulated.votes, method="classic").to_json() == result.to_json()


def test_an_unknown_method_is_refused_with_the_known_ones(simulated):
    with pytest.raises(ParameterError, match="unknown method 'guess'; known: classic"):
        analyse(simulated.votes, method="guess")


def test_thresholds_are_part_of_the_result(simulated):
    result = analyse(simulated.votes, parameters=Parameters(veto_share=0.25))

    assert result.parameters["veto_share"] == 0.25
    assert [group.holds_veto for group in result.groups] == [True, True, False]


def test_groups_keep_their_letters_from_the_run_before(simulated, result):
    swapped = {"A": "B", "B": "A", "C": "C"}
    written = json.loads(result.to_json())
    written["assignments"] = {each: swapped[group] for each, group in written["assignments"].items()}
    before = type(result).from_json(json.dumps(written))

    continued = analyse(simulated.votes, previous=before)

    assert continued.assignments == before.assignments
    assert continued.groups[0].size < continued.groups[1].size
    assert continued.parameters["labels_from"] == before.digest
    assert result.parameters["labels_from"] is None


def test_nothing_but_letters_comes_from_the_run_before(simulated, result):
    continued = analyse(simulated.votes, previous=result)

    first, second = json.loads(result.to_json()), json.loads(continued.to_json())
    del first["parameters"]["labels_from"], second["parameters"]["labels_from"]
    assert first == second


def test_given_groups_are_taken_as_they_are(simulated):
    given = {each: str(group) for each, group in zip(simulated.votes.participants, simulated.groups, strict=True)}
    del given["7"]

    result = analyse(simulated.votes, groups=given)

    assert result.assignments["7"] is None
    assert result.parameters["groups"] == "given"
    assert {each: "ABC"[int(group)] for each, group in given.items()} == {
        each: group for each, group in result.assignments.items() if group
    }


def test_an_excluded_statement_shapes_no_group():
    rng = np.random.default_rng(3)
    camps = rng.integers(2, size=120)
    agree = np.full((2, 31), 0.5)
    agree[:, 30] = [1.0, 0.0]
    simulated = draw_votes(rng, camps, agree=agree, disagree=1 - agree, presence=1.0)

    shaped = analyse(simulated.votes)
    unshaped = analyse(simulated.votes, meta=["30"])

    def divided(result):
        return abs(np.corrcoef(np.array(list(result.positions.values())).T, camps)[2, :2]).max()

    assert divided(shaped) > divided(unshaped)
