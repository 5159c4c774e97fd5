"""analyse(): the steps together, on votes whose groups are known."""

import json

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from analysis import Votes, analyse
from analysis.parameters import ParameterError, Parameters
from analysis.pipeline import METHODS
from analysis.result import Analysis
from analysis.simulation import draw_votes, no_groups, planted_groups


@pytest.fixture(scope="module")
def simulated():
    return planted_groups(
        np.random.default_rng(21), participants=300, statements=60, shares=(0.5, 0.3, 0.2), presence=0.5
    )


@pytest.fixture(scope="module", params=METHODS)
def method(request):
    return request.param


@pytest.fixture(scope="module")
def by_method(simulated):
    return {each: analyse(simulated.votes, method=each) for each in METHODS}


@pytest.fixture(scope="module")
def result(by_method, method):
    return by_method[method]


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


def test_who_voted_too_little_is_placed_but_in_no_group(simulated, method):
    rows, columns, values = simulated.votes.rows, simulated.votes.columns, simulated.votes.values
    few = Votes.from_arrays([*rows.tolist(), "quiet"], [*columns.tolist(), int(columns[0])], [*values.tolist(), 1])

    result = analyse(few, method=method)

    assert result.assignments["quiet"] is None
    assert len(result.positions["quiet"]) == 2
    assert result.participants.total - result.participants.grouped == 1


def test_without_a_method_latent_classes_are_used(simulated, by_method):
    assert analyse(simulated.votes).to_json() == by_method["latent"].to_json()
    assert {result.method: result.structure.verdict for result in by_method.values()} == {
        "latent": "groups",
        "classic": "untested",
    }


def test_an_unknown_method_is_refused_with_the_known_ones(simulated):
    with pytest.raises(ParameterError, match="unknown method 'guess'; known: latent, classic"):
        analyse(simulated.votes, method="guess")


def test_thresholds_are_part_of_the_result(simulated):
    result = analyse(simulated.votes, parameters=Parameters(veto_share=0.25))

    assert result.parameters["veto_share"] == 0.25
    assert [group.holds_veto for group in result.groups] == [True, True, False]


def renamed(result, names):
    """A run whose groups had other letters."""
    written = json.loads(result.to_json())
    written["assignments"] = {each: names[group] for each, group in written["assignments"].items()}
    return Analysis.from_json(json.dumps(written))


def test_groups_keep_their_letters_from_the_run_before(simulated, result, method):
    before = renamed(result, {"A": "B", "B": "A", "C": "C", None: None})

    continued = analyse(simulated.votes, method=method, previous=before)

    assert continued.assignments == before.assignments
    assert continued.groups[0].size < continued.groups[1].size
    assert continued.parameters["labels_from"] == before.digest
    assert result.parameters["labels_from"] is None


def test_nothing_but_letters_comes_from_the_run_before(simulated, result, method):
    continued = analyse(simulated.votes, method=method, previous=result)

    first, second = json.loads(result.to_json()), json.loads(continued.to_json())
    del first["parameters"]["labels_from"], second["parameters"]["labels_from"]
    told = second.pop("group_changes")
    assert first == second
    assert {(each["letter"], each["class"], each["before"] - each["stayed"]) for each in told} == {
        (group.id, "continued", 0) for group in result.groups
    }


def test_a_group_that_split_is_told(simulated, result, method):
    before = renamed(result, {"A": "A", "B": "B", "C": "B", None: None})

    continued = analyse(simulated.votes, method=method, previous=before)

    told = {each.letter: (each.kind, each.other) for each in continued.group_changes}
    assert told == {"A": ("continued", None), "B": ("continued", None), "C": ("appeared", "B")}


def test_a_group_that_merged_into_another_is_told(simulated, result, method):
    half = {each for at, each in enumerate(simulated.votes.participants) if at % 4 == 0}
    before = json.loads(result.to_json())
    before["assignments"] = {
        each: "D" if group == "A" and each in half else group for each, group in before["assignments"].items()
    }

    continued = analyse(simulated.votes, method=method, previous=Analysis.from_json(json.dumps(before)))

    told = {each.letter: (each.kind, each.other) for each in continued.group_changes}
    assert told == dict.fromkeys("ABC", ("continued", None)) | {"D": ("vanished", "A")}


def test_where_groups_became_none_all_have_vanished(result):
    nothing = no_groups(np.random.default_rng(5), participants=100, statements=30, presence=0.4).votes

    continued = analyse(nothing, previous=result)

    assert continued.structure.verdict == "none"
    assert {each.kind for each in continued.group_changes} == {"vanished"}


@pytest.mark.parametrize("method", METHODS)
def test_given_groups_are_taken_as_they_are(simulated, method):
    given = {each: str(group) for each, group in zip(simulated.votes.participants, simulated.groups, strict=True)}
    del given["7"]

    result = analyse(simulated.votes, method=method, groups=given)

    assert result.structure.verdict == "untested"

    assert result.assignments["7"] is None
    assert result.parameters["groups"] == "given"
    assert {each: "ABC"[int(group)] for each, group in given.items()} == {
        each: group for each, group in result.assignments.items() if group
    }


@pytest.mark.parametrize("method", METHODS)
def test_an_excluded_statement_shapes_no_group(method):
    rng = np.random.default_rng(3)
    camps = rng.integers(2, size=120)
    agree = np.full((2, 31), 0.5)
    agree[:, 30] = [1.0, 0.0]
    simulated = draw_votes(rng, camps, agree=agree, disagree=1 - agree, presence=1.0)

    shaped = analyse(simulated.votes, method=method)
    unshaped = analyse(simulated.votes, method=method, meta=["30"])

    def divided(result):
        return abs(np.corrcoef(np.array(list(result.positions.values())).T, camps)[2, :2]).max()

    assert divided(shaped) > divided(unshaped)
