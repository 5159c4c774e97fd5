"""Likeness of wording: near-duplicates in any script, and the passages nearest to a statement."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from analysis.pipeline import analyse
from analysis.similarity import duplicate_clusters, near_duplicates, nearest
from analysis.votes import Votes

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


# Statements of a few words each, so that many are nearly alike and some are equal but for case.
_WORDS = ["answer", "Answer", "question", "should", "never", "always", "醫生", "醫生應該", "計程車"]
wordings = st.lists(st.lists(st.sampled_from(_WORDS), max_size=6).map(" ".join), max_size=25)


@given(wordings, st.sampled_from([0.3, 0.6, 0.75, 0.95]))
def test_no_pair_is_lost_by_the_search_for_candidates(statements, threshold):
    found = {(each.first, each.second) for each in near_duplicates(statements, threshold)}

    plain = [" ".join(each.casefold().split()) for each in statements]
    distinct = sorted(set(plain) - {""})
    measure = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)
    rows = measure.fit_transform(distinct).toarray() if distinct else []
    row = dict(zip(distinct, rows, strict=True))
    for second, first in ((one, other) for one in range(len(plain)) for other in range(one)):
        score = row[plain[first]] @ row[plain[second]] if plain[first] and plain[second] else 0.0
        if abs(score - threshold) > 1e-5:
            assert ((first, second) in found) == (score >= threshold), (plain[first], plain[second])


@given(wordings, st.randoms(use_true_random=False))
def test_clusters_are_the_same_in_whatever_order_the_texts_come(statements, random):
    order = random.sample(range(len(statements)), len(statements))

    clusters = duplicate_clusters(statements)
    shuffled = duplicate_clusters([statements[each] for each in order])

    together = clusters[:, None] == clusters
    assert ((shuffled[:, None] == shuffled) == together[np.ix_(order, order)]).all()


@given(wordings)
def test_each_cluster_has_a_text_that_is_a_near_duplicate_of_all_others_in_it(statements):
    alike = {(each.first, each.second) for each in near_duplicates(statements)}

    clusters = duplicate_clusters(statements)

    for cluster in range(int(clusters.max(initial=-1)) + 1):
        members = np.flatnonzero(clusters == cluster).tolist()
        assert any(
            all(one == centre or (min(one, centre), max(one, centre)) in alike for one in members) for centre in members
        )


def test_clusters_are_numbered_in_the_order_of_the_texts_and_others_stand_alone():
    statements = [
        "Taxis should be yellow.",
        "",
        "Every answer should end with a warning.",
        "taxis should be  yellow",
        "",
    ]

    clusters = duplicate_clusters([*statements, "Every answer should end with the warning."])

    assert clusters.tolist() == [0, 1, 2, 0, 3, 2]


def test_a_chain_of_small_changes_does_not_tie_its_ends_together():
    start = "the assistant has to ask a doctor before it tells anybody how much of a medicine they may take"
    end = "no model can say whether some lawyer would advise people that new contracts were signed in good faith"
    words, others = start.split(), end.split()
    chain = [" ".join([*others[:at], *words[at:]]) for at in range(len(words) + 1)]

    clusters = duplicate_clusters(chain, 0.7)

    assert all(any(pair == (at, at + 1) for pair in pairs_of(chain)) for at in range(len(chain) - 1))
    assert clusters[0] != clusters[-1]
    assert len(set(clusters.tolist())) > 2
    # Nobody stands alone beside somebody else who does though they are alike.
    alone = [at for at in range(len(chain)) if (clusters == clusters[at]).sum() == 1]
    assert not [pair for pair in pairs_of(chain) if set(pair) <= set(alone)]


def pairs_of(statements):
    return {(each.first, each.second) for each in near_duplicates(statements, 0.7)}


def test_a_flood_of_copies_is_one_cluster_and_changes_no_other():
    statements = ["Taxis should be yellow.", "Taxis should be yellow too.", "Nobody needs a taxi at night."]
    flood = [f"Every answer should end with a warning{'!' * (each % 5)}" for each in range(2_000)]

    clusters = duplicate_clusters([*statements, *flood])

    assert len(set(clusters[3:].tolist())) == 1
    assert clusters[3] not in clusters[:3]


@pytest.mark.parametrize("texts", [[], [""], ["one"], ["", ""], ["same", "SAME"]])
def test_few_texts_have_clusters_too(texts):
    clusters = duplicate_clusters(texts)

    assert clusters.tolist() == ([0, 0] if texts == ["same", "SAME"] else list(range(len(texts))))


def test_a_negation_is_not_seen_so_nothing_is_merged_without_a_person():
    statements = [
        "The assistant should refuse to write about weapons.",
        "The assistant should not refuse to write about weapons.",
        "It is right to decline when somebody wants a text on arms.",
    ]
    votes = Votes.from_arrays(list(range(40)) * 2, ["0"] * 40 + ["1"] * 40, [1] * 40 + [-1] * 40)

    result = analyse(votes, texts=dict(zip("012", statements, strict=True)))

    # The opposite looks alike and the same thing in other words does not.
    assert [(each.first, each.second) for each in near_duplicates(statements)] == [(0, 1)]
    assert duplicate_clusters(statements).tolist() == [0, 0, 1]
    # Each keeps its own votes and its own class all the same.
    assert [each.text for each in result.statements] == statements
    assert [each.kind for each in result.statements[:2]] == ["consensus_agree", "consensus_disagree"]
