"""The opinion space and the opinion groups are estimators as scikit-learn means them."""

import pytest
from sklearn.utils.estimator_checks import check_estimator

from analysis.groups import OpinionGroups
from analysis.logistic_space import LogisticSpace
from analysis.space import OpinionSpace

# As scikit-learn's own KMeans: a start that is drawn from rows differs where a row stands there twice.
EXPECTED = {"check_sample_weight_equivalence_on_dense_data": "starts and silhouette look at points, not at weights"}


@pytest.mark.parametrize("space", [OpinionSpace(), LogisticSpace()])
def test_an_opinion_space_keeps_the_rules_of_scikit_learn(space):
    results = check_estimator(space, on_skip=None)

    assert {each["status"] for each in results} <= {"passed", "skipped"}


def test_the_opinion_groups_keep_the_rules_of_scikit_learn():
    results = check_estimator(OpinionGroups(), on_skip=None, expected_failed_checks=EXPECTED)

    assert [each["check_name"] for each in results if each["status"] not in ("passed", "skipped")] == list(EXPECTED)
