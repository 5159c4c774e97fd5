"""Rankings and vetoes as people gave them: ties, gaps, what is missing, and what is refused."""

import numpy as np
import pytest

from analysis.rankings import Question, Rankings, RankingsError, Vetoes, veto_shares


def rankings_of(rows, **more):
    who, what, ranks = zip(*rows, strict=True) if rows else ((), (), ())
    return Rankings.from_arrays("p", "world", participants=who, responses=what, ranks=ranks, **more)


def test_rankings_are_sorted_and_ranks_lose_their_gaps():
    rankings = rankings_of([(9, "B", 7), (9, "A", 7), (9, "C", 9), (10, "A", 1)])

    assert (rankings.participants, rankings.responses) == (("10", "9"), ("A", "B", "C"))
    assert rankings.question is Question.WORLD
    np.testing.assert_array_equal(rankings.places, [[1, np.nan, np.nan], [1, 1, 2]])


def test_answered_skipped_and_not_asked_are_told_apart():
    rankings = rankings_of([(1, "A", 1), (1, "B", 2)], skipped=[2, 3])

    told = rankings.participation(["1", "2", "4", "5", "6"])

    assert (told.answered, told.skipped, told.not_asked) == (1, 1, 3)


def test_a_group_is_those_of_its_members_who_were_asked():
    rankings = rankings_of([(1, "A", 1), (2, "B", 1)], skipped=[3])

    own = rankings.among({"2", "3", "9"})

    assert (own.participants, own.skipped, own.responses) == (("2",), ("3",), ("A", "B"))
    assert own.places.shape == (1, 2)


def test_a_candidate_that_nobody_placed_is_there_all_the_same():
    assert rankings_of([(1, "A", 1)], candidates=["A", "B"]).responses == ("A", "B")


def test_no_rankings_are_rankings_too():
    rankings = rankings_of([], candidates=["A", "B"], skipped=["x"])

    assert (rankings.places.shape, rankings.skipped) == ((0, 2), ("x",))


@pytest.mark.parametrize(
    ("rows", "more", "told"),
    [
        ([(1, "A", 0)], {}, r"ranks\[0\] is 0; a rank is a whole number from 1"),
        ([(1, "A", 1.5)], {}, r"ranks\[0\] is 1\.5"),
        ([(1, "A", float("nan"))], {}, r"ranks\[0\] is nan"),
        ([(1, "A", "first")], {}, r"ranks\[0\] is 'first'"),
        ([(1, "A", True)], {}, r"ranks\[0\] is True"),
        ([(1, "A", 1), (1, "A", 2)], {}, "participant '1' placed response 'A' to prompt p twice"),
        ([(1, "A", 1)], {"skipped": [1]}, "participant '1' both ranked and skipped"),
        ([(1, "A", 1)], {"candidates": ["B"]}, "response 'A' is not among the candidates B"),
        ([(None, "A", 1)], {}, r"participants\[0\] is None"),
        ([(1, "", 1)], {}, r"responses\[0\] is ''"),
        ([(1, str(each), 1) for each in range(9)], {}, "9 responses to one prompt; at most 8"),
    ],
)
def test_what_is_no_ranking_is_refused(rows, more, told):
    with pytest.raises(RankingsError, match=told):
        rankings_of(rows, **more)


def test_an_unknown_question_is_refused():
    with pytest.raises(RankingsError, match="unknown question 'both'; known: myself, world"):
        Rankings.from_arrays("p", "both", participants=[1], responses=["A"], ranks=[1])


def test_arrays_of_different_lengths_are_refused():
    with pytest.raises(RankingsError, match="participants 1, responses 2, ranks 1"):
        Rankings.from_arrays("p", "world", participants=[1], responses=["A", "B"], ranks=[1])


def vetoes_of(pairs, **more):
    who, what = zip(*pairs, strict=True) if pairs else ((), ())
    return Vetoes.from_arrays("p", participants=who, responses=what, candidates=["A", "B"], **more)


def test_a_veto_share_is_of_those_who_answered_with_or_without_a_veto():
    vetoes = vetoes_of([(1, "A"), (1, "A"), (2, "A")], answered=range(10), skipped=[10])

    first, second = veto_shares(vetoes, 0.95)

    assert (first.response, first.answered, first.vetoes, first.share.value) == ("A", 10, 2, 0.2)
    assert (second.vetoes, second.share.value, second.share.low) == (0, 0, 0)
    assert first.share.low < 0.2 < first.share.high
    assert vetoes.participation([str(each) for each in range(20)]).not_asked == 9


def test_vetoes_of_a_group_are_those_of_its_members():
    vetoes = vetoes_of([(1, "A"), (2, "B")], answered=[1, 2, 3])

    (first, second) = veto_shares(vetoes.among({"1", "3"}), 0.95)

    assert (first.vetoes, second.vetoes, first.answered) == (1, 0, 2)


def test_where_nobody_answered_there_is_no_veto_share():
    (first, _) = veto_shares(vetoes_of([], answered=[]), 0.95)

    assert (first.share.value, first.share.low, first.share.high) == (None, 0, 1)


@pytest.mark.parametrize(
    ("pairs", "more", "told"),
    [
        ([(1, "A")], {"answered": [2]}, "participant '1' vetoed on prompt p without having answered"),
        ([(1, "C")], {"answered": [1]}, "response 'C' is not among the candidates"),
        ([], {"answered": [1], "skipped": [1]}, "participant '1' both answered and skipped"),
    ],
)
def test_what_is_no_veto_is_refused(pairs, more, told):
    with pytest.raises(RankingsError, match=told):
        vetoes_of(pairs, **more)
