"""Likeness of wording: near-duplicates in any script, and the passages nearest to a statement."""

import pytest

from analysis.similarity import near_duplicates, nearest

PASSAGES = [
    "An answer about money says what it costs before it says what it is good for.",
    "Whoever asks about their health gets told when a doctor is needed.",
    "計程車司機應該有保險。",
]


def test_a_statement_is_nearest_to_the_passage_whose_words_it_shares():
    scores = nearest(["It should be told when to see a doctor about one's health.", "計程車必須有保險"], PASSAGES)

    assert scores.shape == (2, 3)
    assert scores.argmax(axis=1).tolist() == [1, 2]


def test_the_same_words_score_one_whatever_the_width_and_case_of_letters():
    scores = nearest(["ＡＮ   ANSWER about money"], ["an answer\nabout money"])

    assert scores[0, 0] == pytest.approx(1)


def test_statements_in_another_script_are_near_to_nothing():
    assert nearest(["計程車司機應該有保險"], PASSAGES[:2]).max() < 0.05


def test_near_duplicates_are_found_in_chinese_and_in_english():
    statements = [
        "Every answer should end with a warning.",
        "計程車司機應該每年接受健康檢查",
        "every answer should end with the warning!",
        "計程車司機應該每年接受健康檢查。",
        "Taxis should be yellow.",
    ]

    pairs = near_duplicates(statements)

    assert {(each.first, each.second) for each in pairs} == {(0, 2), (1, 3)}
    assert pairs[0].score >= pairs[1].score


def test_a_lower_threshold_finds_more():
    statements = ["The city needs better parking", "The city needs better parks", "Nothing of the kind"]

    assert len(near_duplicates(statements, 0.3)) >= len(near_duplicates(statements, 0.9))


def test_more_statements_than_are_compared_at_once_are_compared_all_the_same():
    statements = [f"Statement number {each} says {each * 7919}" for each in range(600)]
    statements[3] = statements[590]

    pairs = near_duplicates(statements, 0.999)

    assert [(each.first, each.second) for each in pairs] == [(3, 590)]


@pytest.mark.parametrize(("statements", "passages"), [([], ["a"]), (["a"], []), ([], []), ([""], [" "])])
def test_nothing_is_near_to_nothing(statements, passages):
    scores = nearest(statements, passages)

    assert scores.shape == (len(statements), len(passages))
    assert not scores.any()


@pytest.mark.parametrize("statements", [[], ["one"], ["", ""], ["", "one"]])
def test_where_there_is_nothing_to_compare_there_are_no_duplicates(statements):
    assert near_duplicates(statements) == []
