"""The opinion space and the opinion groups are estimators as scikit-learn means them."""

from sklearn.utils.estimator_checks import check_estimator

from analysis.groups import OpinionGroups
from analysis.space import OpinionSpace

# As scikit-learn's own KMeans: a start that is drawn from rows differs where a row stands there twice.
EXPECTED = {"check_sample_weight_equivalence_on_dense_data": "starts and silhouette look at points, not at weights"}


def test_the_opinion_space_keeps_the_rules_of_scikit_learn():
    results = check_estimator(OpinionSpace(), on_skip=None)

    assert {each["status"] for each in results} <= {"passed", "skipped"}


def test_the_opinion_groups_keep_the_rules_of_scikit_learn():
    results = check_estimator(OpinionGroups(), on_skip=None, expected_failed_checks=EXPECTED)

    assert [each["check_name"] for each in results if each["status"] not in ("passed", "skipped")] == list(EXPECTED)
