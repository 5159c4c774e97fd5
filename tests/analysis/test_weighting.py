"""Raking: a published example, caps, missing answers, and what cannot be weighted."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.margins import Margin, MarginsError
from analysis.parameters import Parameters
from analysis.votes import Votes
from analysis.weighting import rake

# Women of England and Wales by age and marital status, in hundreds: Friedlander 1961, "Fitting of a large contingency
# table to known margins", JRSS A 124, as in Bishop, Fienberg and Holland 1975, "Discrete Multivariate Analysis", p. 97.
# The figures once adjusted are those of the SAS/IML User's Guide, example "Iterative Proportional Fitting".
BEFORE = [
    [1306, 83, 0],
    [619, 765, 3],
    [263, 1194, 9],
    [173, 1372, 28],
    [171, 1393, 51],
    [159, 1372, 81],
    [208, 1350, 108],
    [1116, 4100, 2329],
]
AGES, STATUSES = [1412, 1402, 1450, 1541, 1681, 1532, 1662, 7644], [3988, 11702, 2634]
ADJUSTED = [
    [1325.27, 86.73, 0.00],
    [615.56, 783.39, 3.05],
    [253.94, 1187.18, 8.88],
    [165.13, 1348.55, 27.32],
    [173.41, 1454.71, 52.87],
    [147.21, 1308.12, 76.67],
    [202.33, 1352.28, 107.40],
    [1105.16, 4181.04, 2357.81],
]


def margin(question, counts):
    return Margin.of(question, {str(at): each / sum(counts) for at, each in enumerate(counts)})


def people_of(table, *questions):
    """A participant for each count of a two-way table, with the row and the column as their answers."""
    answers = {}
    for row, counts in enumerate(table):
        for column, number in enumerate(counts):
            for each in range(number):
                answers[f"{row}-{column}-{each}"] = dict(zip(questions, (str(row), str(column)), strict=True))
    return sorted(answers), answers


def test_raking_gives_the_published_table():
    participants, answers = people_of(BEFORE, "age", "status")

    weighting = rake(participants, answers, [margin("age", AGES), margin("status", STATUSES)], Parameters())

    table = np.zeros((8, 3))
    cells = [tuple(map(int, each.split("-")[:2])) for each in participants]
    np.add.at(table, tuple(zip(*cells, strict=True)), weighting.weights)
    assert table * 18324 / len(participants) == pytest.approx(np.array(ADJUSTED), abs=0.006)
    assert weighting.largest_gap < 1e-8


def test_one_question_is_the_ratio_of_both_shares():
    participants, answers = people_of([[30], [10]], "sex", "all")

    weighting = rake(participants, answers, [margin("sex", [50, 50])], Parameters())

    assert sorted(set(weighting.weights.round(9).tolist())) == pytest.approx([2 / 3, 2])
    # Kish: 40 people of whom 30 weigh 2/3 and 10 weigh 2, (sum w)^2 / (sum w^2) = 1600 / (30 * 4/9 + 10 * 4) = 30.
    assert weighting.effective_people == pytest.approx(30)
    assert weighting.design_effect == pytest.approx(4 / 3)
    assert [(fit.people, fit.share) for fit in weighting.fits] == [(30, 0.5), (10, 0.5)]
    assert [fit.taking_part for fit in weighting.fits] == pytest.approx([0.75, 0.25])


def test_nobody_weighs_more_than_the_cap_and_what_that_costs_is_told():
    participants, answers = people_of([[990], [10]], "sex", "all")

    weighting = rake(participants, answers, [margin("sex", [50, 50])], Parameters(weight_cap=5))

    assert weighting.weights.max() == pytest.approx(5)
    assert weighting.weights.mean() == pytest.approx(1)
    assert weighting.is_trimmed.sum() == 10
    assert weighting.largest_gap == pytest.approx(0.45)


def test_a_cap_that_leaves_room_still_lets_every_margin_be_met():
    participants, answers = people_of([[200, 40], [40, 4], [10, 6]], "a", "b")

    margins = [margin("a", [40, 40, 20]), margin("b", [50, 50])]
    free = rake(participants, answers, margins, Parameters(weight_cap=100))
    capped = rake(participants, answers, margins, Parameters(weight_cap=free.weights.max() * 0.9))

    assert capped.weights.max() <= free.weights.max() * 0.9 * (1 + 1e-9)
    assert capped.is_trimmed.any()
    assert capped.largest_gap < 1e-6


def test_who_answered_nothing_or_what_no_margin_names_weighs_one():
    participants, answers = people_of([[30], [10]], "sex", "all")
    silent = {"x": {}, "y": {"sex": "prefer not to say"}, "z": {"other": "1"}}

    weighting = rake([*participants, *silent], {**answers, **silent}, [margin("sex", [50, 50])], Parameters())

    assert weighting.weights[-3:].tolist() == [1, 1, 1]
    assert weighting.weights[:40].mean() == pytest.approx(1)
    assert weighting.answered == 40
    assert weighting.largest_gap < 1e-8


def test_an_answer_missing_to_one_question_leaves_the_other_to_be_met():
    participants, answers = people_of([[20, 10], [10, 20]], "a", "b")
    del answers[participants[0]]["a"]

    weighting = rake(participants, answers, [margin("a", [70, 30]), margin("b", [20, 80])], Parameters())

    assert weighting.largest_gap < 1e-8
    assert weighting.weights.mean() == pytest.approx(1)


def test_people_that_the_population_has_not_weigh_nothing():
    participants, answers = people_of([[20], [10], [5]], "age", "all")

    weighting = rake(participants, answers, [margin("age", [50, 50, 0])], Parameters())

    assert set(weighting.weights[-5:].tolist()) == {0}
    assert weighting.weights.mean() == pytest.approx(1)


def test_people_who_are_not_there_cannot_be_made_up_for():
    participants, answers = people_of([[20], [10]], "age", "all")

    with pytest.raises(MarginsError, match=r"'age': nobody who took part answered '2', whose share is 0\.2"):
        rake(participants, answers, [margin("age", [40, 40, 20])], Parameters())


def test_margins_that_contradict_each_other_are_told_by_their_gap():
    participants, answers = people_of([[20, 0], [0, 20]], "a", "b")

    weighting = rake(participants, answers, [margin("a", [60, 40]), margin("b", [40, 60])], Parameters())

    assert weighting.largest_gap > 0.05
    assert np.isfinite(weighting.weights).all()


def test_without_margins_everybody_weighs_one():
    weighting = rake(["a", "b"], {}, [], Parameters())

    assert weighting.weights.tolist() == [1, 1]
    assert (weighting.effective_people, weighting.design_effect) == (2, 1)


def test_without_participants_there_is_nothing_to_weigh():
    weighting = rake([], {}, [], Parameters())

    assert weighting.weights.tolist() == []
    assert (weighting.effective_people, weighting.design_effect) == (0, 1)


@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 1)), min_size=6, max_size=60),
    st.tuples(st.integers(1, 9), st.integers(1, 9), st.integers(1, 9)),
    st.randoms(use_true_random=False),
)
def test_the_order_of_participants_and_margins_decides_nothing(given_answers, shares, random):
    given_answers = [*given_answers, (0, 0), (1, 1), (2, 0)]
    answers = {str(at): {"a": str(a), "b": str(b)} for at, (a, b) in enumerate(given_answers)}
    margins = [margin("a", shares), margin("b", shares[:2])]
    shuffled = random.sample(sorted(answers), len(answers))

    first = rake(sorted(answers), answers, margins, Parameters())
    second = rake(shuffled, answers, margins[::-1], Parameters())

    of_first = dict(zip(sorted(answers), first.weights.tolist(), strict=True))
    assert dict(zip(shuffled, second.weights.tolist(), strict=True)) == of_first
    assert first.weights.mean() == pytest.approx(1)
    assert first.weights.max() <= 5 * (1 + 1e-9)


def test_the_weights_of_votes_are_those_of_their_participants():
    votes = Votes.from_arrays(["b", "a", "b"], [1, 1, 2], [1, -1, 0])
    answers = {"a": {"q": "0"}, "b": {"q": "1"}}

    weighting = rake(votes.participants, answers, [margin("q", [80, 20])], Parameters())

    assert weighting.of_votes(votes).weights == pytest.approx(np.array([1.6, 0.4, 0.4]))
