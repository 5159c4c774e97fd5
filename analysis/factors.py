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
from sklearn.utils.extmath import randomized_svd

from analysis.votes import FloatArray, IntArray, Votes

# Prior precision of slopes (log-odds for a step of one standard deviation) and of intercepts.
_SLOPE_PRECISION = 1.0
_INTERCEPT_PRECISION = 0.1
# Fixed numbers of steps: stopping at a tolerance could stop one step earlier on another machine.
_NEWTON_STEPS = 4


@dataclass(frozen=True, eq=False)
class Answers:
    """Given answers, participant after participant.

    starts: where each participant's answers begin, shape (participants + 1,). columns: which statement, shape
    (answers,). values: from -1 (disagree) to 1 (agree), 0 for a pass, shape (answers,). statements: how many there are.
    """

    starts: npt.NDArray[np.integer[Any]]
    columns: npt.NDArray[np.integer[Any]]
    values: npt.NDArray[Any]
    statements: int

    @property
    def participants(self) -> int:
        return len(self.starts) - 1

    def part(self, first: int, last: int) -> "Answers":
        """The answers of participants first to last - 1, with columns that a sparse table takes as they are."""
        ends = slice(self.starts[first], self.starts[last])
        starts = (self.starts[first : last + 1] - self.starts[first]).astype(np.int32)
        return Answers(starts, self.columns[ends].astype(np.int32), self.values[ends], self.statements)

    def of(self, participants: IntArray) -> "Answers":
        """The answers of these participants, shape (participants,), as a copy."""
        lengths = np.diff(self.starts)[participants]
        starts = np.concatenate([[0], np.cumsum(lengths)])
        chosen = np.arange(starts[-1]) + np.repeat(self.starts[participants] - starts[:-1], lengths)
        return Answers(starts, self.columns[chosen], self.values[chosen], self.statements)

    def evenly(self, most: int) -> "Answers":
        """The answers of at most so many participants, at even ranks through all of them, as a copy."""
        number = min(self.participants, most)
        return self.of(np.arange(number, dtype=np.int64) * self.participants // max(number, 1))

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
    halves = answers.values / 2.0
    pull = answers.table(halves)
    lean = answers.table(halves * weights[answers.columns])
    means = principal_scores(answers, weights, dimensions)
    covariances = np.tile(0.1 * np.eye(dimensions), (answers.participants, 1, 1))
    curvature = np.full(len(halves), 0.25)
    factors = Factors(np.zeros(answers.statements), np.zeros((answers.statements, dimensions)))
    for _ in range(steps):
        second = _second_moments(means, covariances)
        factors = _maximised(answers.table(curvature), pull, means, second)
        coefficients = np.column_stack([factors.intercepts, factors.slopes])
        # The mean square of intercept + slope · f for each answer, f being known only as far as it is.
        curvature = _bound(np.sqrt(_dot(answers, second, _pairs(coefficients, twice=True))))
        means, covariances = _expected(answers.table(curvature * weights[answers.columns]), lean, factors)
        means, covariances = _standardised(means, covariances)
    return factors, Points(means, covariances)


def place(answers: Answers, weights: FloatArray, factors: Factors) -> Points:
    """The most probable point of each participant given the factors, and its covariance by the curvature there.

    One step along the bound from 0, which is the same for all votes on a statement and so costs nothing, then Newton's.
    Who answered little stays near 0, the middle: the prior weighs as much as some 4 answers at a slope of 1.
    """
    slopes, products = factors.slopes, _pairs(factors.slopes)
    identity = np.eye(slopes.shape[1])
    share, intercepts = weights.take(answers.columns), factors.intercepts.take(answers.columns)
    wanted = answers.values / 2.0 + 0.5
    agree = _logistic(factors.intercepts).take(answers.columns)
    curvature = _bound(np.abs(factors.intercepts)).take(answers.columns)
    means = np.zeros((answers.participants, slopes.shape[1]))
    for _ in range(_NEWTON_STEPS + 1):
        gradient = answers.table(share * (wanted - agree)) @ slopes - means
        precisions = _unpacked(answers.table(share * curvature) @ products) + identity
        means = means + np.linalg.solve(precisions, gradient[..., None])[..., 0]
        agree = _logistic(intercepts + _dot(answers, means, slopes))
        curvature = agree * (1 - agree)
    return Points(means, _inverse(_unpacked(answers.table(share * curvature) @ products) + identity))


def chances(factors: Factors, points: Points, rows: npt.NDArray[Any], columns: npt.NDArray[Any]) -> FloatArray:
    """The chance that participant rows[i] agrees with statement columns[i], over what is known of their point.

    Returns shape (cells,). The normal uncertainty is averaged out as in MacKay 1992, "The evidence framework applied to
    classification networks", Neural Computation 4.
    """
    slopes, i_j = factors.slopes[columns], np.triu_indices(factors.slopes.shape[1])
    centre = factors.intercepts[columns] + (points.means[rows] * slopes).sum(axis=1)
    packed = points.covariances[:, *i_j]
    variance = (packed[rows] * _pairs(slopes, twice=True)).sum(axis=1)
    return _logistic(centre / np.sqrt(1 + np.pi / 8 * variance))


def principal_scores(answers: Answers, weights: FloatArray, dimensions: int) -> FloatArray:
    """Where participants stand along the first principal components of their answers, a start for factor models.

    Missing answers stand at their statement's mean. Returns shape (participants, dimensions), each column with a mean
    square of 1, or 0 where answers do not differ in so many ways.
    """
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


def _second_moments(means: FloatArray, covariances: FloatArray) -> FloatArray:
    """What is expected of the products of 1 and the coordinates of each point, shape (participants, pairs)."""
    known = np.column_stack([np.ones(len(means)), means])
    products = known[:, :, None] * known[:, None, :]
    products[:, 1:, 1:] += covariances
    i, j = np.triu_indices(known.shape[1])
    return products[:, i, j]


def _maximised(curvature: csr_matrix, pull: csr_matrix, means: FloatArray, second: FloatArray) -> Factors:
    """Weighted least squares of each statement on the points, with normal priors."""
    prior = np.diag([_INTERCEPT_PRECISION, *[_SLOPE_PRECISION] * means.shape[1]])
    normal = _unpacked(curvature.T @ second) + prior
    pulls = pull.T @ np.column_stack([np.ones(len(means)), means])
    solved = np.linalg.solve(normal, pulls[..., None])[..., 0]
    return Factors(solved[:, 0], solved[:, 1:])


def _expected(curvature: csr_matrix, lean: csr_matrix, factors: Factors) -> tuple[FloatArray, FloatArray]:
    """Means and covariances of the points given the factors."""
    products, offsets = _pairs(factors.slopes), factors.intercepts[:, None] * factors.slopes
    sums = curvature @ np.hstack([products, offsets])
    covariances = _inverse(_unpacked(sums[:, : products.shape[1]]) + np.eye(factors.slopes.shape[1]))
    pulls = lean @ factors.slopes - sums[:, products.shape[1] :]
    return np.einsum("pij,pj->pi", covariances, pulls), covariances


def _standardised(means: FloatArray, covariances: FloatArray) -> tuple[FloatArray, FloatArray]:
    if not len(means):
        return means, covariances
    variance: FloatArray = (means.T @ means + covariances.sum(axis=0)) / len(means)
    whiten: FloatArray = np.linalg.inv(np.linalg.cholesky(variance))
    return means @ whiten.T, whiten @ covariances @ whiten.T


def _inverse(matrices: FloatArray) -> FloatArray:
    return np.linalg.inv(matrices).astype(np.float64, copy=False)


def _bound(reach: FloatArray) -> FloatArray:
    """Curvature of the quadratic that touches the logistic log-likelihood at -reach and reach: tanh(x/2) / 2x."""
    x = np.maximum(reach, 1e-4)
    curvature: FloatArray = np.tanh(x / 2) / (2 * x)
    return curvature


def _logistic(log_odds: FloatArray) -> FloatArray:
    # SciPy's expit takes four times as long; beyond 700 the exponential would overflow.
    chance: FloatArray = 1 / (1 + np.exp(np.minimum(-log_odds, 700)))
    return chance


def _dot(answers: Answers, of_participants: FloatArray, of_statements: FloatArray) -> FloatArray:
    """For each answer the scalar product of its participant's row, (participants, k), and its statement's, (statements,
    k). Coordinate by coordinate, since short arrays in a row are many times faster than rows picked from tables."""
    lengths = np.diff(answers.starts)
    total = np.zeros(len(answers.columns))
    for one, other in zip(of_participants.T, of_statements.T, strict=True):
        total += np.repeat(one, lengths) * other.take(answers.columns)
    return total


def _pairs(slopes: FloatArray, *, twice: bool = False) -> FloatArray:
    """Products of each statement's slopes, shape (statements, pairs); with `twice`, unequal ones count double."""
    i, j = np.triu_indices(slopes.shape[1])
    return slopes[:, i] * slopes[:, j] * np.where(twice & (i != j), 2.0, 1.0)


def _unpacked(triangles: FloatArray) -> FloatArray:
    dimensions = int(np.sqrt(2 * triangles.shape[1]))
    i, j = np.triu_indices(dimensions)
    matrices = np.empty((len(triangles), dimensions, dimensions))
    matrices[:, i, j] = triangles
    matrices[:, j, i] = triangles
    return matrices
