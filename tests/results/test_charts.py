"""Marks stand where the run's own figures put them."""

import dataclasses

import numpy as np
import pytest

from analysis import Votes, analyse
from analysis.result import Analysis
from deliberation.results import charts


def _camps(people: int, statements: int = 10) -> Analysis:
    """Two camps that vote alike among themselves but for one statement a person."""
    who, what = np.indices((people, statements)).reshape(2, -1)
    said = np.where(who % 2 == 0, 1, -1)
    said = np.where(who % statements == what, 0, said)
    return analyse(Votes.from_arrays(who, what, said), method="classic")


@pytest.fixture(scope="module")
def camps() -> Analysis:
    return _camps(60)


def test_every_person_is_a_mark_within_the_picture(camps: Analysis) -> None:
    drawn = charts.opinion_map(camps, {"A": "", "B": ""})

    assert [each.key for each in drawn.people] == sorted(camps.positions)
    assert all(0 <= each.x <= 1 and 0 <= each.y <= 1 for each in drawn.people)
    assert not drawn.is_sample


def test_distances_keep_one_scale_in_both_directions(camps: Analysis) -> None:
    drawn = {each.key: each for each in charts.opinion_map(camps, {"A": "", "B": ""}).people}

    (x, y), (other_x, other_y) = camps.positions["0"], camps.positions["3"]
    across = (drawn["0"].x - drawn["3"].x) / (x - other_x)
    down = (drawn["0"].y - drawn["3"].y) / (y - other_y)
    assert down == pytest.approx(-1.5 * across)


def test_a_centre_is_the_mean_of_all_members(camps: Analysis) -> None:
    drawn = charts.opinion_map(camps, {"A": "", "B": "Second"})

    for centre in drawn.centres:
        members = [each for each in drawn.people if each.group == centre.group]
        assert centre.x == pytest.approx(np.mean([each.x for each in members]))
        assert centre.y == pytest.approx(np.mean([each.y for each in members]))
    assert [centre.name for centre in drawn.centres] == ["", "Second"]


def test_of_many_people_a_sample_is_drawn_that_stays_the_same() -> None:
    many = _camps(charts.MOST_PEOPLE + 60)

    drawn = charts.opinion_map(many, {"A": "", "B": ""})

    assert len(drawn.people) == charts.MOST_PEOPLE
    assert drawn.total == charts.MOST_PEOPLE + 60
    assert drawn.is_sample
    assert drawn == charts.opinion_map(many, {"A": "", "B": ""})


def test_who_looks_is_drawn_even_where_they_are_not_in_the_sample() -> None:
    many = _camps(charts.MOST_PEOPLE + 60)
    drawn = {each.key for each in charts.opinion_map(many, {"A": "", "B": ""}).people}
    left_out = next(key for key in many.positions if key not in drawn)

    you = charts.opinion_map(many, {"A": "", "B": ""}, left_out).you

    assert you is not None
    assert you.key == left_out


def test_people_in_no_group_are_not_drawn_among_groups(camps: Analysis) -> None:
    loner = dataclasses.replace(camps, assignments={**camps.assignments, "0": None})

    drawn = charts.opinion_map(loner, {"A": "", "B": ""})

    assert "0" not in [each.key for each in drawn.people]
    assert drawn.total == 59


def test_without_groups_everybody_is_drawn(camps: Analysis) -> None:
    nobody = dataclasses.replace(camps, groups=(), assignments=dict.fromkeys(camps.assignments))

    drawn = charts.opinion_map(nobody, {})

    assert drawn.total == 60
    assert drawn.centres == ()


def test_people_who_all_stand_in_one_place_stand_in_the_middle() -> None:
    alike = analyse(Votes.from_arrays([1, 2, 3], [1, 1, 1], [1, 1, 1]))

    drawn = charts.opinion_map(alike, {each.id: "" for each in alike.groups})

    assert {(each.x, each.y) for each in drawn.people} == {(0.5, 0.5)}


def test_a_bar_adds_up_and_brackets_the_direction_asked_for(camps: Analysis) -> None:
    tally = camps.statements[0].everybody

    for direction, share in (("agree", tally.agree_share), ("disagree", tally.disagree_share)):
        bar = charts.bar(tally, None, "", direction)

        assert bar.agree + bar.passed + bar.disagree == pytest.approx(1)
        assert (bar.low, bar.high) == (share.low, share.high)


def test_a_spread_reaches_from_the_lowest_group_to_the_highest(camps: Analysis) -> None:
    spread = charts.spread(camps.statements[0])

    assert spread is not None
    assert spread.low == min(share for _, share in spread.shares)
    assert spread.high == max(share for _, share in spread.shares)
    assert [letter for letter, _ in spread.shares] == ["A", "B"]
