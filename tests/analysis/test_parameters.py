"""Thresholds: their defaults are named and explained, and senseless ones are refused."""

import dataclasses

import pytest

from analysis.parameters import ParameterError, Parameters, meanings


def test_every_threshold_has_a_meaning_and_a_source():
    told = list(meanings())

    assert [each.name for each in told] == [each.name for each in dataclasses.fields(Parameters)]
    assert all(each.meaning.endswith(".") and each.source for each in told)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("veto_share", 1.5),
        ("veto_share", -0.1),
        ("most_groups", 0),
        ("most_groups", 2.5),
        ("confidence", "high"),
        ("confidence", 1.0),
        ("structure_level", 1.0),
        ("fewest_votes", True),
    ],
)
def test_a_threshold_outside_its_range_is_refused_by_name(name, value):
    with pytest.raises(ParameterError, match=name):
        Parameters(**{name: value})


def test_more_groups_at_least_than_at_most_are_refused():
    with pytest.raises(ParameterError, match="fewest_groups"):
        Parameters(fewest_groups=4, most_groups=3)
