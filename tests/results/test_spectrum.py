"""Every statement has its mark on the line, consensus at the ends and nothing else there."""

import dataclasses
from itertools import pairwise

import pytest
from flask import Flask

from analysis.consensus import StatementClass
from analysis.result import Analysis, Statement
from deliberation.results.spectrum import Spectrum, shortened, spectrum
from tests.results.deliberated import CLASSES, stored_runs


@pytest.fixture
def statements(app: Flask, analysed: str) -> tuple[Statement, ...]:
    return Analysis.from_json(stored_runs(app)[0].result).statements


def _line(statements: tuple[Statement, ...], *labelled: str) -> Spectrum:
    return spectrum(statements, labelled, has_groups=True, floor=0.6)


def test_each_statement_is_one_mark(statements: tuple[Statement, ...]) -> None:
    line = _line(statements)

    assert line.each == 1
    assert sorted(dot.kind.value for dot in line.dots) == sorted(CLASSES.values())
    assert len({(dot.x, dot.y) for dot in line.dots}) == len(statements)


def test_the_outer_zones_hold_consensus_and_nothing_else(statements: tuple[Statement, ...]) -> None:
    line = _line(statements)

    begins, ends = line.borders
    for dot in line.dots:
        assert (dot.x > ends) == (dot.kind is StatementClass.CONSENSUS_AGREE)
        assert (dot.x < begins) == (dot.kind is StatementClass.CONSENSUS_DISAGREE)


def test_labels_name_their_statement_and_never_share_a_line(statements: tuple[Statement, ...]) -> None:
    line = _line(statements, "1", "3", "2")

    assert {label.statement for label in line.labels} == {"1", "2", "3"}
    heights = [label.y for label in line.labels]
    assert all(after > before for before, after in pairwise(sorted(heights)))
    assert all(label.foot >= label.y for label in line.labels)
    assert {label.statement: label.anchor for label in line.labels}["1"] == "end"


def test_a_high_stack_lets_a_mark_stand_for_several(statements: tuple[Statement, ...]) -> None:
    contested = next(each for each in statements if each.kind is StatementClass.CONTESTED)
    many = tuple(dataclasses.replace(contested, id=str(number)) for number in range(100))

    line = _line(many, "99")

    assert line.each > 1
    assert len(line.dots) * line.each >= 100
    assert line.height < 300
    assert [label.statement for label in line.labels] == ["99"]


def test_no_statements_are_no_marks() -> None:
    assert _line(()).dots == ()


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("Say so.", "Say so."),
        ("The assistant should say something, and then say why.", "The assistant should say…"),
        ("It should say what it is for", "It should say what it is…"),
        ("我觉得应该审核人员，乘客保障和驾驶权益都要兼顾。", "我觉得应该审核人员，乘客保…"),
    ],
)
def test_a_long_text_is_shortened_by_the_room_it_takes(text: str, short: str) -> None:
    assert shortened(text) == short
