"""Margins and answers from CSV files: what is read, and what is refused by file and line."""

import pytest

from analysis.csv_rows import FileRefused
from analysis.margins import Margin, MarginsError, read_answers, read_margins


@pytest.fixture
def write(tmp_path):
    def written(text):
        (tmp_path / "file.csv").write_text(text, encoding="utf-8")
        return tmp_path / "file.csv"

    return written


def test_margins_are_read_sorted_and_scaled_to_one(write):
    path = write(
        'question,answer,share,source\nsex,m,0.49,census\nsex,f,0.51,census\nage,"60, more",0.33,\nage,18-59,0.66,\n'
    )

    margins = read_margins(path)

    assert [each.question for each in margins] == ["age", "sex"]
    assert margins[0].answers == ("18-59", "60, more")
    assert margins[0].shares == pytest.approx((2 / 3, 1 / 3))
    assert sum(margins[1].shares) == pytest.approx(1, abs=1e-15)


def test_answers_are_read_and_who_did_not_answer_has_none(write):
    answers = read_answers(write("participant,question,answer\n7,sex,f\n7,age,18-59\n8,sex,m\n8,sex,m\n"))

    assert answers == {"7": {"sex": "f", "age": "18-59"}, "8": {"sex": "m"}}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("question,answer\nsex,m\n", r"file\.csv:1: no column share"),
        ("question,answer,share\n", r"file\.csv:1: no margin"),
        ("question,answer,share\nsex,m,half\n", r"file\.csv:2: the share 'half' is no number"),
        ("question,answer,share\nsex,m,nan\n", r"file\.csv:2: the share is nan; it must lie between 0 and 1"),
        ("question,answer,share\nsex,m,49\nsex,f,51\n", r"file\.csv:2: the share is 49; .*0\.25 for a quarter"),
        ("question,answer,share\nsex,m,0.5\nsex,m,0.5\n", r"file\.csv:3: 'sex', 'm' is there twice"),
        ("question,answer,share\nsex,m,0.5\n\nage,1,1\n", r"file\.csv:2: 'sex': the shares add up to 0\.5"),
        ("question,answer,share\nsex,,0.5\n", r"file\.csv:2: no answer"),
        ("question,answer,share\nsex,m\n", r"file\.csv:2: 2 cells where there should be 3"),
        ('question,answer,share\nsex,"m,0.5\n', r"file\.csv:2: a quote is not closed"),
    ],
)
def test_margins_that_do_not_fit_are_refused_by_line(write, text, told):
    with pytest.raises(FileRefused, match=told):
        read_margins(write(text))


def test_two_answers_to_one_question_are_refused_by_line(write):
    with pytest.raises(FileRefused, match=r"file\.csv:3: participant 7 has two answers to 'sex'"):
        read_answers(write("participant,question,answer\n7,sex,f\n7,sex,m\n"))


@pytest.mark.parametrize("shares", [{"a": 0.4, "b": 0.5}, {"a": 1.2, "b": -0.2}, {}])
def test_shares_that_are_none_of_a_whole_are_refused(shares):
    with pytest.raises(MarginsError, match="'q'"):
        Margin.of("q", shares)
