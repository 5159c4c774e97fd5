"""Near-duplicates: what weighs together as one statement."""

import numpy as np

from analysis.duplicates import duplicates
from analysis.parameters import Parameters

DEFAULTS = Parameters()
ONE = "The assistant should name the most serious problem first."
COPY = "The assistant should name the most serious problem first!"
OTHER = "People of all ages need somebody who listens."


def test_copies_are_one_cluster_and_others_their_own():
    assert duplicates([ONE, OTHER, COPY], DEFAULTS).tolist() == [0, 1, 0]


def test_an_excluded_statement_is_in_none_and_clusters_are_numbered_without_it():
    assert duplicates([OTHER, ONE, COPY], DEFAULTS, [True, False, False]).tolist() == [-1, 0, 0]


def test_statements_without_a_text_are_no_copies_of_one_another():
    assert len(set(duplicates([None, "", ONE], DEFAULTS).tolist())) == 3


def test_the_order_of_statements_decides_only_the_numbers():
    texts = [ONE, OTHER, COPY, OTHER + "!", "Something else altogether."]
    order = np.random.default_rng(0).permutation(len(texts))

    found, shuffled = duplicates(texts, DEFAULTS), duplicates([texts[each] for each in order], DEFAULTS)

    same = found[:, None] == found[None, :]
    assert (same[np.ix_(order, order)] == (shuffled[:, None] == shuffled[None, :])).all()


def test_no_statements_have_no_clusters():
    assert duplicates([], DEFAULTS).tolist() == []
