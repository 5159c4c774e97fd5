"""The explanation of a class: every number in it is one of the result, and the arithmetic comes out."""

import re

import numpy as np
import pytest

from analysis import Votes, analyse
from analysis.explain import explain
from analysis.intervals import normal_quantile
from analysis.pipeline import METHODS
from analysis.records import Beside
from analysis.result import Analysis
from analysis.simulation import no_groups, planted_groups

ARITHMETIC = re.compile(r"(?:lower end of \d+ of \d+|across groups:)(?: =)? (.*\)(?:\^\(1/\d+\))?) = (\d\.\d+) > ")


@pytest.fixture(scope="module", params=METHODS)
def result(request):
    drawn = planted_groups(np.random.default_rng(4), participants=300, statements=40, shares=(0.6, 0.4), presence=0.6)
    found = analyse(drawn.votes, method=request.param, texts={"3": "A text"}, meta=["5"])
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


def test_the_flip_number_is_that_of_the_result(result):
    for statement in result.statements:
        found, text = statement.flip, explain(result, statement.id)

        if found.closed_form is not None:
            assert f"with the groups held fixed: {found.closed_form} (" in text
            assert text.splitlines()[-2].endswith(f": {found.count}")
            assert text.splitlines()[-1].endswith(": yes" if found.is_fragile else ": no")
            assert f"x {result.participants.grouped} = " in text.splitlines()[-1]


def test_without_groups_the_people_who_could_be_grouped_are_counted():
    drawn = no_groups(np.random.default_rng(6), participants=80, statements=30, presence=0.5)
    quiet = Votes.from_arrays(["quiet"], ["0"], [1])
    found = analyse(drawn.votes.plus(quiet))

    text = next(explain(found, each.id) for each in found.statements if each.flip.closed_form is not None)

    assert found.structure.verdict == "none"
    assert "Judged by: everybody (verdict on structure: none)" in text
    assert "no group holds a veto, so this condition decides alone" in text
    assert "fewer than 0.01 x 80 = 0.80" in text


def test_who_speaks_for_a_group_by_its_verified_members_is_told():
    """A group of 12 % has no veto by its size; with verified members, fakes who joined it do not speak for it."""
    people = range(200)
    votes = Votes.from_arrays(people, ["s"] * 200, [1] * 180 + [-1] * 20)
    groups = {str(each): "A" if each < 176 else "B" for each in people}
    verified = frozenset(str(each) for each in (*range(100), *range(180, 192)))

    found = analyse(votes, groups=groups, beside=Beside(verified=verified))
    text = explain(Analysis.from_json(found.to_json()), "s")

    assert [group.holds_veto for group in found.groups] == [True, True]
    assert found.statement("s").verified_by_group["B"].disagree == 12
    assert "holds a veto by its verified members, who alone speak for it" in text
    assert "group B, verified members: 12 = 0 + 12 + 0" in text
    assert "group B, verified members: 12 >= 7: yes" in text
    assert "across groups: (177/178 x 1/14)" in text


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
