"""The opinion space: a plane in which participants who vote alike lie close together."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.decomposition import PCA
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted, validate_data

from analysis.kernels import one_thread
from analysis.moments import moments
from analysis.votes import FloatArray, Votes

BoolArray = npt.NDArray[np.bool_]

# Beyond so many statements, what any two have in common takes more room than the votes; steps along them find the same.
MOST_STATEMENTS_IN_PAIRS = 4000
# Below so many statements all components are computed, which is then faster than to find two by steps.
_FEW_STATEMENTS = 64

# A component that explains less than this part of the first one is rounding, not opinion.
_NEGLIGIBLE = 1e-12


@dataclass(frozen=True, eq=False)
class Plane:
    """The two directions along which opinions differ most.

    mean: of the votes on each statement, shape (statements,); components: shape (2, statements), of length 1, or zero
    where the votes support none.
    """

    mean: FloatArray
    components: FloatArray


def principal_plane(votes: Votes, excluded: BoolArray) -> Plane:
    """The principal components of votes, as `OpinionSpace` finds them in a table, however many votes there are.

    excluded: shape (statements,), those that count as a pass of everybody.
    """
    if len(votes.statements) > MOST_STATEMENTS_IN_PAIRS:
        return _plane_by_steps(votes, excluded)
    own = moments(votes)
    covariance = own.covariance()
    covariance[excluded] = 0
    covariance[:, excluded] = 0
    return Plane(np.where(excluded, 0, own.mean), _leaning(_leading(covariance)))


def place(votes: Votes, plane: Plane, excluded: BoolArray) -> FloatArray:
    """Positions of participants as `OpinionSpace` gives them, shape (participants, 2)."""
    choice = np.array([-1.0, 0.0, 1.0])[:, None, None]
    weights = (choice - plane.mean[:, None]) * plane.components.T
    cast = votes.votes_cast()
    if excluded.any():
        is_excluded = np.broadcast_to(excluded[:, None].astype(float), weights.shape)
        cast = cast - votes.weighted_sums(is_excluded)[:, 0].astype(np.int64) + excluded.sum()
    scale = np.sqrt(votes.shape[1] / np.maximum(cast, 1))
    positions: FloatArray = scale[:, None] * votes.weighted_sums(weights)
    return positions


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
    return _leaning(components)


def _leaning(components: FloatArray) -> FloatArray:
    """The components turned so that their larger loadings are positive."""
    # The cube weighs the largest loadings most without resting on a single one.
    sides: FloatArray = np.where((components**3).sum(axis=1) < 0, -1.0, 1.0)
    return components * sides[:, None]


def _leading(covariance: FloatArray) -> FloatArray:
    """The two leading eigenvectors, shape (2, statements), zero where they are rounding alone."""
    from scipy.linalg import eigh

    statements = len(covariance)
    with one_thread():
        found = _by_steps(covariance, statements) if statements > _FEW_STATEMENTS and covariance.any() else None
        if found is None:
            found = eigh(covariance, subset_by_index=[max(statements - 2, 0), statements - 1])
    values, vectors = found
    return _supported(values, vectors, statements)


def _by_steps(covariance: Any, statements: int) -> tuple[FloatArray, FloatArray] | None:
    """Eigenvalues, rising, and eigenvectors by Lanczos steps from a fixed start, or None where they do not settle."""
    from scipy.sparse.linalg import ArpackError, eigsh

    start = np.random.default_rng(0).standard_normal(statements)
    try:
        values, vectors = eigsh(covariance, k=2, v0=start, rng=np.random.default_rng(0))
    except ArpackError:
        return None
    order = np.argsort(values, kind="stable")
    return values[order], vectors[:, order]


def _supported(values: FloatArray, vectors: FloatArray, statements: int) -> FloatArray:
    """Eigenvectors as components, the leading one first; values rise."""
    components = np.zeros((2, statements))
    if values[-1] > 0:
        supported = values[::-1] > _NEGLIGIBLE * values[-1]
        components[: len(values)][supported] = vectors.T[::-1][supported]
    return components


def _plane_by_steps(votes: Votes, excluded: BoolArray) -> Plane:
    """The plane from the votes themselves, without what pairs of statements have in common."""
    from scipy.sparse import csr_array
    from scipy.sparse.linalg import LinearOperator

    statements = votes.shape[1]
    number = np.bincount(votes.columns, minlength=statements)
    total = np.bincount(votes.columns, weights=votes.values, minlength=statements)
    mean = np.where(excluded, 0, total / np.maximum(number, 1))
    centred = np.where(excluded[votes.columns], 0, votes.values - mean[votes.columns])
    table = csr_array((centred, votes.columns, votes.starts), shape=votes.shape)
    turned = table.T.tocsr()
    products = LinearOperator((statements, statements), matvec=lambda along: turned @ (table @ along), dtype=np.float64)
    with one_thread():
        found = _by_steps(products, statements) if centred.any() else None
    components = np.zeros((2, statements)) if found is None else _supported(found[0], found[1], statements)
    return Plane(mean, _leaning(components))
