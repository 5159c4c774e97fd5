"""The opinion space: a plane in which participants who vote alike lie close together."""

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.decomposition import PCA
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted, validate_data

from analysis.votes import FloatArray

# A component that explains less than this part of the first one is rounding, not opinion.
_NEGLIGIBLE = 1e-12


class OpinionSpace(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Principal components of votes, missing votes at their statement's mean, sparse voters scaled up.

    Input has the shape (participants, statements), with NaN where there is no vote. A participant's position is the sum
    over the statements they voted on of (vote - mean) times loading, times the root of (all statements / statements
    voted on), so that those who voted on little are not all drawn to the middle. Source: Polis's sparsity-aware
    projection.

    Fitted: mean_ (statements,), components_ (n_components, statements), of length 1 and signed so that the larger
    loadings are positive; a component that the votes do not support is zero, and so are positions along it.
    """

    def __init__(self, n_components: int = 2) -> None:
        self.n_components = n_components

    def fit(self, X: FloatArray, y: object = None) -> "OpinionSpace":  # noqa: ARG002  # y as scikit-learn asks
        """Learn means and components."""
        table = validate_data(self, X, dtype=np.float64, ensure_all_finite="allow-nan")
        cast = ~np.isnan(table)
        self.mean_ = np.where(cast, table, 0).sum(axis=0) / np.maximum(cast.sum(axis=0), 1)
        self.components_ = _components(np.where(cast, table - self.mean_, 0), self.n_components)
        return self

    def transform(self, X: FloatArray) -> FloatArray:
        """Positions of participants, shape (participants, n_components); new ones are placed by their votes alone."""
        check_is_fitted(self)
        table = validate_data(self, X, dtype=np.float64, ensure_all_finite="allow-nan", reset=False)
        cast = ~np.isnan(table)
        scale = np.sqrt(table.shape[1] / np.maximum(cast.sum(axis=1), 1))
        positions: FloatArray = scale[:, None] * (np.where(cast, table - self.mean_, 0) @ self.components_.T)
        return positions

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags


def _components(centred: FloatArray, number: int) -> FloatArray:
    """The first principal components, shape (number, statements), in a direction that only the votes decide."""
    participants, statements = centred.shape
    components = np.zeros((number, statements))
    found = min(number, participants, statements)
    if participants > 1 and centred.any():
        # Neither solver draws random numbers; the first is the faster one where there are more people than statements.
        solver = "covariance_eigh" if statements <= participants else "full"
        pca: Any = PCA(n_components=found, svd_solver=solver).fit(centred)
        supported = pca.explained_variance_ > _NEGLIGIBLE * pca.explained_variance_[0]
        components[:found][supported] = pca.components_[supported]
    # The cube weighs the largest loadings most without resting on a single one.
    leaning: FloatArray = np.where((components**3).sum(axis=1) < 0, -1.0, 1.0)
    return components * leaning[:, None]
