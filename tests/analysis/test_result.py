"""The frozen result: its JSON, and the way back."""

import json

import numpy as np
import pytest

from analysis import analyse
from analysis.pipeline import METHODS
from analysis.result import Analysis
from analysis.simulation import one_axis, planted_groups

TEXTS = {"0": "第一句", "1": "The second one", "48": "Nobody has voted on this"}
COMMON = {
    *("assignments", "digest", "groups", "method", "parameters", "participants", "positions", "schema", "stability"),
    *("statements", "structure"),
}
OF_A_STATEMENT = {
    *("id", "text", "meta", "votes", "agree", "disagree", "pass", "agree_share", "disagree_share", "pass_share"),
    *("by_group", "consensus_agree", "consensus_disagree", "class", "near_duplicates", "dissent", "flip"),
}


def drawn(seed):
    rng = np.random.default_rng(seed)
    return planted_groups(rng, participants=120, statements=48, shares=(0.6, 0.4), presence=0.7)


@pytest.fixture(scope="module", params=METHODS)
def result(request):
    return analyse(drawn(11).votes, method=request.param, texts=TEXTS, moderated_out=["5"], meta=[6])


@pytest.fixture(scope="module")
def written(result):
    return json.loads(result.to_json())


def test_the_json_has_the_agreed_keys(written):
    assert written["schema"] == "analysis/1"
    assert written.keys() >= COMMON
    assert written["groups"]
    for group in written["groups"]:
        assert group.keys() == {"id", "label", "size", "holds_veto", "cut", "representative"}
    for statement in written["statements"]:
        assert statement.keys() >= OF_A_STATEMENT
        assert statement["by_group"].keys() == {group["id"] for group in written["groups"]}
        assert all(own.keys() >= {"votes", "agree", "disagree", "pass"} for own in statement["by_group"].values())


@pytest.mark.parametrize("result", ["latent"], indirect=True)
def test_the_default_method_adds_its_own(written):
    assert written.keys() - COMMON == {"integrity"}
    assert written["structure"].keys() == {
        *("verdict", "classes_by", "placed", "test", "prediction", "gap", "numbers", "between")
    }
    assert written["structure"]["verdict"] == "groups"
    assert all(("bridging" in each) == (each["votes"] > 0) for each in written["statements"])
    assert not any("group_aware_consensus" in each for each in written["statements"])
    assert all(0 <= each <= 1 for each in written["stability"].values())
    assert written["stability"].keys() == {who for who, group in written["assignments"].items() if group}
    own = [each for group in written["groups"] for each in group["representative"]]
    assert own
    assert all({"statement", "direction", "share", "share_interval"} <= each.keys() for each in own)


@pytest.mark.parametrize("result", ["classic"], indirect=True)
def test_the_classic_method_adds_its_own(written):
    assert written.keys() - COMMON == {"polis_consensus"}
    assert written["structure"]["verdict"] == "untested"
    assert {"statement", "direction", "p_success", "p_test", "repness", "repness_test"} <= set(
        written["groups"][0]["representative"][0]
    )
    assert all("group_aware_consensus" in each and "bridging" not in each for each in written["statements"])
    assert set(written["polis_consensus"]) == {"agree", "disagree"}


def test_gradual_differences_are_cut_and_their_axis_has_two_ends():
    votes = one_axis(np.random.default_rng(2), participants=200, statements=40, presence=0.6).votes

    found = analyse(votes)
    written = json.loads(found.to_json())

    assert written["structure"]["verdict"] == "gradual"
    assert written["structure"]["classes_by"] == "cuts"
    assert len(written["groups"]) >= 2
    assert all(group["cut"] is True for group in written["groups"])
    axis = written["structure"]["axis"]
    assert all(axis[end] for end in ("low", "high"))
    assert axis["positions"].keys() == {who for who, group in written["assignments"].items() if group}
    assert written["structure"]["between"] == sum(each < 0.6 for each in written["stability"].values())
    assert Analysis.from_json(found.to_json()).to_json() == found.to_json()


def test_keys_are_sorted_and_chinese_is_readable(result):
    text = result.to_json().decode()

    assert text == json.dumps(json.loads(text), sort_keys=True, ensure_ascii=False, separators=(",", ":")) + "\n"
    assert "第一句" in text


def _figures(value):
    """Every (figure, interval) anywhere in a JSON value."""
    if isinstance(value, dict):
        yield from ((value[key.removesuffix("_interval")], value[key]) for key in value if key.endswith("_interval"))
        for each in value.values():
            yield from _figures(each)
    elif isinstance(value, list):
        for each in value:
            yield from _figures(each)


def test_every_interval_holds_its_figure(written):
    found = list(_figures(written))

    assert len(found) > 200
    assert all(low <= figure <= high for figure, (low, high) in found if figure is not None)


def test_shares_are_of_all_votes_and_groups_add_up(written):
    for statement in written["statements"]:
        assert statement["votes"] == statement["agree"] + statement["disagree"] + statement["pass"]
        grouped = sum(group["votes"] for group in statement["by_group"].values())
        assert grouped <= statement["votes"]
        if statement["votes"]:
            assert statement["agree_share"] == pytest.approx(statement["agree"] / statement["votes"])


def test_the_result_comes_back_as_it_was_written(result):
    read = Analysis.from_json(result.to_json())

    assert read.to_json() == result.to_json()
    assert Analysis.from_json(read.to_json()) == read
    assert read.statement("1") == read.statements[[each.id for each in read.statements].index("1")]


@pytest.mark.parametrize("text", ["[]", "{}", '{"schema":"analysis/2"}', '{"schema":"analysis/1"}', "nothing", "null"])
def test_anything_else_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011  # of whatever kind
        Analysis.from_json(text)


def test_a_statement_that_is_not_listed_is_an_error(result):
    with pytest.raises(KeyError):
        result.statement("no such id")


def test_statements_taken_out_by_moderation_are_named_but_not_listed(result):
    assert result.parameters["moderated_out"] == ["5"]
    assert "5" not in [each.id for each in result.statements]
    assert all(own.statement != "5" for group in result.groups for own in group.representative)


def test_statements_about_the_participants_are_marked(result):
    assert [each.id for each in result.statements if each.meta] == ["6"]
    assert all(own.statement != "6" for group in result.groups for own in group.representative)


def test_a_statement_without_votes_is_listed_with_none(result):
    told = result.statement("48")

    assert (told.everybody.votes, told.everybody.agree_share.value, told.kind) == (0, None, "too_few")
    assert told.text == "Nobody has voted on this"
