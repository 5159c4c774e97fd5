"""A logistic factor model of answers: each participant at a point, each statement with a slope; own numerics.

The chance to agree with statement n at the point f is 1 / (1 + exp(-(intercept + slope · f))), and points are normal
around 0 (the two-parameter item-response model in several dimensions). A pass counts as half an agreement and half a
disagreement. Answers that were not given appear nowhere. No library at hand fits this with missing answers.
Source of the model: Bock and Aitkin 1981, "Marginal maximum likelihood estimation of item parameters", Psychometrika
46; of the bound that makes each step a weighted least squares: Jaakkola and Jordan 2000, "Bayesian parameter
estimation via variational methods", Statistics and Computing 10.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from scipy.special import expit
from sklearn.utils.extmath import randomized_svd

from analysis.votes import FloatArray, IntArray, Votes

# Prior precision of slopes (log-odds for a step of one standard deviation) and of intercepts.
_SLOPE_PRECISION = 1.0
_INTERCEPT_PRECISION = 0.1
# Fixed numbers of steps: stopping at a tolerance could stop one step earlier on another machine.
_BOUND_STEPS = 2
_NEWTON_STEPS = 3


@dataclass(frozen=True, eq=False)
class Answers:
    """Given answers, participant after participant.

    starts: where each participant's answers begin, shape (participants + 1,). columns: which statement, shape
    (answers,). values: from -1 (disagree) to 1 (agree), 0 for a pass, shape (answers,). statements: how many there are.
    """

    starts: IntArray
    columns: IntArray
    values: npt.NDArray[Any]
    statements: int

    @property
    def participants(self) -> int:
        return len(self.starts) - 1

    @property
    def rows(self) -> IntArray:
        """Which participant, shape (answers,)."""
        return np.repeat(np.arange(self.participants), np.diff(self.starts))

    def part(self, first: int, last: int) -> "Answers":
        """The answers of participants first to last - 1, without copying them."""
        ends = slice(self.starts[first], self.starts[last])
        return Answers(
            self.starts[first : last + 1] - self.starts[first], self.columns[ends], self.values[ends], self.statements
        )

    def of(self, participants: IntArray) -> "Answers":
        """The answers of these participants, shape (participants,), as a copy."""
        lengths = np.diff(self.starts)[participants]
        starts = np.concatenate([[0], np.cumsum(lengths)])
        chosen = np.arange(starts[-1]) + np.repeat(self.starts[participants] - starts[:-1], lengths)
        return Answers(starts, self.columns[chosen], self.values[chosen], self.statements)

    def table(self, values: FloatArray) -> csr_matrix:
        """These values, one an answer, as a sparse table of the shape (participants, statements)."""
        return csr_matrix((values, self.columns, self.starts), shape=(self.participants, self.statements))


def answers_of(votes: Votes) -> Answers:
    """The answers in votes."""
    starts = np.concatenate([[0], np.cumsum(votes.votes_cast())])
    return Answers(starts, votes.columns, votes.values, votes.shape[1])


def answers_in(table: FloatArray) -> Answers:
    """The answers in a table of the shape (participants, statements), NaN where there is none."""
    given = ~np.isnan(table)
    starts = np.concatenate([[0], np.cumsum(given.sum(axis=1))])
    return Answers(starts, np.nonzero(given)[1].astype(np.int64), table[given], table.shape[1])


@dataclass(frozen=True, eq=False)
class Factors:
    """What distinguishes statements: intercepts, shape (statements,), and slopes, (statements, dimensions)."""

    intercepts: FloatArray
    slopes: FloatArray


@dataclass(frozen=True, eq=False)
class Points:
    """Where participants stand and how uncertain that is.

    means: shape (participants, dimensions). covariances: shape (participants, dimensions, dimensions).
    """

    means: FloatArray
    covariances: FloatArray


def fit_factors(answers: Answers, weights: FloatArray, dimensions: int, *, steps: int) -> tuple[Factors, Points]:
    """Intercepts and slopes of all statements, by expectation and maximisation, and where that leaves the participants.

    weights: how much an answer on each statement tells of the participant, shape (statements,), 1 for a whole answer
    and 0 for none; a statement of weight 0 still gets its slopes. steps: how often both are renewed. After each
    expectation the points are brought back to variance 1, which saves hundreds of steps (Liu, Rubin and Wu 1998,
    "Parameter expansion to accelerate EM", Biometrika 85).
    """
    rows, columns, halves = answers.rows, answers.columns, answers.values / 2.0
    pull = answers.table(halves)
    lean = answers.table(halves * weights[columns])
    means = _start(answers, weights, dimensions)
    covariances = np.tile(0.1 * np.eye(dimensions), (answers.participants, 1, 1))
    curvature = np.full(len(columns), 0.25)
    factors = Factors(np.zeros(answers.statements), np.zeros((answers.statements, dimensions)))
    for _ in range(steps):
        factors = _maximised(answers.table(curvature), pull, means, covariances)
        spread = _pairs(factors.slopes, twice=True)
        centre = factors.intercepts[columns] + _dot(means[rows], factors.slopes[columns])
        reach = centre**2 + _dot(_packed(covariances)[rows], spread[columns])
        curvature = _bound(np.sqrt(reach))
        weighed = curvature * weights[columns]
        means, covariances = _expected(answers.table(weighed), lean, factors)
        means, covariances = _standardised(means, covariances)
    return factors, Points(means, covariances)


def place(answers: Answers, weights: FloatArray, factors: Factors) -> Points:
    """The most probable point of each participant given the factors, and its covariance by the curvature there.

    Two steps along the bound, which cannot overshoot, then Newton's. Who answered little stays near 0, the middle: the
    prior holds there as much as about 4 answers on a statement of slope 1 would.
    """
    dimensions = factors.slopes.shape[1]
    slopes, products = factors.slopes, _pairs(factors.slopes)
    rows, columns, share = answers.rows, answers.columns, weights[answers.columns]
    wanted = answers.values / 2.0 + 0.5
    means = np.zeros((answers.participants, dimensions))
    covariances = np.tile(np.eye(dimensions), (answers.participants, 1, 1))
    for step in range(_BOUND_STEPS + _NEWTON_STEPS):
        centre = factors.intercepts[columns] + _dot(means[rows], slopes[columns])
        agree = expit(centre)
        curvature = _bound(np.abs(centre)) if step < _BOUND_STEPS else agree * (1 - agree)
        slope = answers.table(share * (wanted - agree)) @ slopes - means
        covariances = _inverse(_unpacked(answers.table(share * curvature) @ products) + np.eye(dimensions))
        means = means + np.einsum("pij,pj->pi", covariances, slope)
    return Points(means, covariances)


def chances(factors: Factors, points: Points, rows: npt.NDArray[Any], columns: npt.NDArray[Any]) -> FloatArray:
    """The chance that participant rows[i] agrees with statement columns[i], over what is known of their point.

    Returns shape (cells,). The normal uncertainty is averaged out as in MacKay 1992, "The evidence framework applied to
    classification networks", Neural Computation 4.
    """
    centre = factors.intercepts[columns] + _dot(points.means[rows], factors.slopes[columns])
    variance = _dot(_packed(points.covariances)[rows], _pairs(factors.slopes, twice=True)[columns])
    agree: FloatArray = expit(centre / np.sqrt(1 + np.pi / 8 * variance))
    return agree


def _start(answers: Answers, weights: FloatArray, dimensions: int) -> FloatArray:
    """Principal components of the answers about their statements' means, each of variance 1, to start from."""
    means = np.zeros((answers.participants, dimensions))
    heard = np.bincount(answers.columns, minlength=answers.statements)
    sums = np.bincount(answers.columns, weights=answers.values, minlength=answers.statements)
    centred = answers.values - (sums / np.maximum(heard, 1))[answers.columns]
    found = min(dimensions, answers.participants, answers.statements)
    if found and (centred * weights[answers.columns]).any():
        table = answers.table(centred * np.sqrt(weights[answers.columns]))
        left, _, _ = randomized_svd(table, found, n_iter=4, random_state=0)
        means[:, :found] = left * np.sqrt(answers.participants)
    return means


def _maximised(curvature: csr_matrix, pull: csr_matrix, means: FloatArray, covariances: FloatArray) -> Factors:
    """Weighted least squares of each statement on the points, with normal priors."""
    known = np.column_stack([np.ones(len(means)), means])
    second = known[:, :, None] * known[:, None, :]
    second[:, 1:, 1:] += covariances
    prior = np.diag([_INTERCEPT_PRECISION, *[_SLOPE_PRECISION] * means.shape[1]])
    normal = _unpacked(curvature.T @ _packed(second)) + prior
    solved = np.linalg.solve(normal, (pull.T @ known)[..., None])[..., 0]
    return Factors(solved[:, 0], solved[:, 1:])


def _expected(curvature: csr_matrix, lean: csr_matrix, factors: Factors) -> tuple[FloatArray, FloatArray]:
    """Means and covariances of the points given the factors."""
    precisions = _unpacked(curvature @ _pairs(factors.slopes)) + np.eye(factors.slopes.shape[1])
    pulls = lean @ factors.slopes - curvature @ (factors.intercepts[:, None] * factors.slopes)
    covariances = _inverse(precisions)
    return np.einsum("pij,pj->pi", covariances, pulls), covariances


def _standardised(means: FloatArray, covariances: FloatArray) -> tuple[FloatArray, FloatArray]:
    if not len(means):
        return means, covariances
    variance: FloatArray = (means.T @ means + covariances.sum(axis=0)) / len(means)
    whiten: FloatArray = np.linalg.inv(np.linalg.cholesky(variance))
    return means @ whiten.T, whiten @ covariances @ whiten.T


def _inverse(matrices: FloatArray) -> FloatArray:
    inverse: FloatArray = np.linalg.inv(matrices)
    return inverse


def _bound(reach: FloatArray) -> FloatArray:
    """Curvature of the quadratic that touches the logistic log-likelihood at -reach and reach: tanh(x/2) / 2x."""
    x = np.maximum(reach, 1e-4)
    curvature: FloatArray = np.tanh(x / 2) / (2 * x)
    return curvature


def _dot(left: FloatArray, right: FloatArray) -> FloatArray:
    product: FloatArray = np.einsum("ij,ij->i", left, right)
    return product


def _pairs(slopes: FloatArray, *, twice: bool = False) -> FloatArray:
    """Products of each statement's slopes, shape (statements, pairs); with `twice`, unequal ones count double."""
    i, j = np.triu_indices(slopes.shape[1])
    return slopes[:, i] * slopes[:, j] * np.where(twice & (i != j), 2.0, 1.0)


def _packed(matrices: FloatArray) -> FloatArray:
    """Symmetric matrices, shape (things, d, d), as their upper triangles, (things, pairs)."""
    i, j = np.triu_indices(matrices.shape[-1])
    return matrices[:, i, j]


def _unpacked(triangles: FloatArray) -> FloatArray:
    dimensions = int(np.sqrt(2 * triangles.shape[1]))
    i, j = np.triu_indices(dimensions)
    matrices = np.empty((len(triangles), dimensions, dimensions))
    matrices[:, i, j] = triangles
    matrices[:, j, i] = triangles
    return matrices
