"""Statements are sorted into their classes, the clearest first, each with the bars that decide about it."""

import dataclasses

import pytest
from flask import Flask

from analysis.result import Analysis
from deliberation.results import findings
from deliberation.results.findings import Classes, classes, columns, reach
from deliberation.results.sources import Source
from tests.results.deliberated import CLASSES, stored_runs

SOURCES = {key: Source("en", None, None) for key in CLASSES}


@pytest.fixture
def result(app: Flask, analysed: str) -> Analysis:
    return Analysis.from_json(stored_runs(app)[0].result)


@pytest.fixture
def found(result: Analysis) -> Classes:
    return classes(result, SOURCES)


def test_every_statement_is_in_the_list_of_its_class(found: Classes) -> None:
    lists = {
        "consensus_agree": found.agreed,
        "consensus_disagree": found.rejected,
        "contested": found.contested,
        "uncertain": found.uncertain,
        "too_few": found.too_few,
    }

    assert {each.id: kind for kind, members in lists.items() for each in members} == CLASSES
    assert found.total == 8
    assert found.holding == 2


def test_a_statement_that_the_service_no_longer_shows_is_left_out(result: Analysis) -> None:
    found = classes(result, {key: source for key, source in SOURCES.items() if key != "3"})

    assert "3" not in [each.id for each in found.contested]
    assert found.total == 7


def test_contested_statements_come_widest_first(found: Classes) -> None:
    widths = [each.spread.high - each.spread.low for each in found.contested if each.spread]

    assert widths == sorted(widths, reverse=True)


def test_rejected_statements_point_to_disagreement(found: Classes) -> None:
    (rejected,) = found.rejected

    assert rejected.direction == "disagree"
    assert all(bar.direction == "disagree" and bar.low > 0.5 for bar in rejected.bars)


def test_where_groups_differ_each_bar_points_where_its_group_leans(found: Classes) -> None:
    by_group = {bar.group: bar.direction for bar in found.contested[0].bars if bar.group}

    assert set(by_group.values()) == {"agree", "disagree"}


def test_the_lines_are_the_parameters_of_the_run(result: Analysis, found: Classes) -> None:
    (agreed,) = found.agreed

    assert [bar.threshold for bar in agreed.bars] == [
        result.parameters["consensus_in_each"],
        result.parameters["consensus_in_each"],
        result.parameters["consensus_overall"],
    ]
    assert agreed.bars[-1].group is None


def test_a_group_without_a_veto_has_no_line(result: Analysis) -> None:
    first, second = result.groups
    small = dataclasses.replace(result, groups=(first, dataclasses.replace(second, holds_veto=False)))

    (agreed,) = classes(small, SOURCES).agreed

    assert agreed.bars[1].threshold is None


def test_what_a_consensus_reaches_depends_on_who_holds_a_veto(result: Analysis) -> None:
    all_, nobody = columns(result, SOURCES), []
    some = [all_[0], dataclasses.replace(all_[1], holds_veto=False)]

    assert [reach(all_), reach(some), reach(nobody)] == ["all", "large", "none"]


def test_groups_are_introduced_by_what_tells_them_apart(result: Analysis) -> None:
    first, second = columns(result, SOURCES)

    assert (first.id, first.size, second.size) == ("A", 40, 30)
    assert first.share == pytest.approx(40 / 70)
    assert {trait.statement for trait in first.traits} == {"3", "4", "5"}
    assert first.name == ""
    for trait in (*first.traits, *second.traits):
        assert trait.share > 0.5


def test_classes_are_counted_with_those_that_are_empty(result: Analysis) -> None:
    assert sum(findings.count_classes(result).values()) == 8
