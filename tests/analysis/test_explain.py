"""The explanation of a class: every number in it is one of the result, and the arithmetic comes out."""

import re

import numpy as np
import pytest

from analysis import Votes, analyse
from analysis.explain import explain, robustness_of
from analysis.intervals import normal_quantile
from analysis.result import Analysis
from analysis.simulation import planted_groups

ARITHMETIC = re.compile(r"(?:lower end of \d+ of \d+|across groups:)(?: =)? (.*\)(?:\^\(1/\d+\))?) = (\d\.\d+) > ")


@pytest.fixture(scope="module")
def result():
    drawn = planted_groups(np.random.default_rng(4), participants=300, statements=40, shares=(0.6, 0.4), presence=0.6)
    found = analyse(drawn.votes, method="classic", texts={"3": "A text"}, meta=["5"])
    return Analysis.from_json(found.to_json())


def computed(arithmetic):
    """What a line of arithmetic comes to."""
    plain = arithmetic.replace("√", "np.sqrt").replace("²", "**2").replace(" x ", " * ").replace("^", "**")
    return eval(plain, {"np": np})  # our own text


def test_the_arithmetic_of_every_statement_comes_out(result):
    lines = [line for each in result.statements for line in explain(result, each.id).splitlines()]
    found = [ARITHMETIC.search(line) for line in lines]

    checked = [match for match in found if match]

    assert len(checked) > 8 * 39
    for match in checked:
        assert computed(match[1]) == pytest.approx(float(match[2]), abs=1e-5), match[0]


def test_every_number_is_one_of_the_result(result):
    for statement in result.statements:
        tallies = [statement.everybody, *statement.by_group.values()]
        counts = {
            count + more
            for each in tallies
            for count in (
                each.votes,
                each.agree,
                each.disagree,
                each.passed,
                each.votes - each.agree,
                each.votes - each.disagree,
            )
            for more in (0, 1, 2)
        }
        figures = {f"{end:.6f}" for each in tallies for end in (each.agree_share.low, each.disagree_share.low)}
        figures |= {f"{each.value:.6f}" for each in (statement.consensus_agree, statement.consensus_disagree)}
        figures |= {f"{normal_quantile(0.95):.6f}"}

        text = explain(result, statement.id).split("Enough votes")[1].split("Robustness")[0]

        for number in re.findall(r"\d+\.\d{6}", text):
            assert number in figures, (number, statement.id)
        for number in re.findall(r"(?<![\d.])\d+(?![\d.])", text):
            assert int(number) in counts | {2, 4, 1, 20, 7, len(statement.by_group)}, (number, statement.id)


def test_the_votes_and_sizes_are_those_of_the_result(result):
    statement = result.statements[0]

    text = explain(result, statement.id)

    for tally in (statement.everybody, *statement.by_group.values()):
        assert f"{tally.votes} = {tally.agree} + {tally.disagree} + {tally.passed}" in text
    for group in result.groups:
        assert f"{group.size} of {result.participants.grouped} grouped people" in text


def test_yes_and_no_agree_with_the_class(result):
    for statement in result.statements:
        text = explain(result, statement.id)
        if statement.meta:
            assert "neither consensus nor contested" in text
            continue
        for direction, kind in (("for it", "consensus_agree"), ("against it", "consensus_disagree")):
            block = text.split(f"Consensus {direction}: all of these")[1].split("Con")[0]
            assert ("no" not in re.findall(r"> [\d.]+: (yes|no)", block)) is (statement.kind == kind)


def test_the_flip_number_is_printed_as_it_is_computed(result):
    for statement in result.statements:
        found, text = robustness_of(result, statement.id), explain(result, statement.id)

        if found.closed_form is not None:
            assert f"with the groups held fixed: {found.closed_form} (" in text
            assert text.splitlines()[-2].endswith(f": {found.count}")


def test_where_no_group_holds_a_veto_it_says_so():
    votes = Votes.from_arrays(range(30), ["s"] * 30, [1] * 28 + [-1] * 2)
    alone = analyse(votes, method="classic", groups={str(each): "A" for each in range(9)})

    assert "no group holds a veto, so this condition decides alone" in explain(alone, "s")


def test_of_a_group_under_ten_people_no_counts_are_told():
    votes = Votes.from_arrays(range(60), ["s"] * 60, [1] * 51 + [-1] * 9)
    given = {str(each): "A" if each < 51 else "B" for each in range(60)}

    text = explain(analyse(votes, method="classic", groups=given), "s")

    assert "group B: under 10 people, leans disagree" in text
    assert "9 = 0 + 9 + 0" not in text


def test_an_unknown_statement_is_a_key_error(result):
    with pytest.raises(KeyError):
        explain(result, "none")
