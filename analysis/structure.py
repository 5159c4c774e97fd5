"""Whether the votes have any structure at all: the test that comes before any talk of groups."""

from dataclasses import dataclass

import numpy as np

from analysis.parameters import Parameters
from analysis.sample import Sample, Table
from analysis.votes import FloatArray, IntArray

# Standardised largest eigenvalues are referred to the Tracy-Widom law, here as a gamma law of this shape.
_TRACY_WIDOM_SHAPE = 46.446

# Beyond this the tail is an extrapolation, and no smaller value is to be believed.
_SMALLEST_P = 1e-9

_FEWEST_PEOPLE = 6
_SMALL_TABLE = 60


@dataclass(frozen=True)
class StructureTest:
    """How much more alike people vote than the statements' own rates explain.

    statistic: largest eigenvalue of the statements' standardised covariances; permuted: its mean where the votes on
    each statement are dealt out anew; ratio: the one over the other (1 without structure, None where nothing can be
    tested); p_value: probability of such a statistic without structure. people, statements: tested.
    """

    statistic: float
    permuted: float
    ratio: float | None
    p_value: float
    permutations: int
    people: int
    statements: int


def test_structure(sample: Sample, parameters: Parameters) -> StructureTest:
    """Test whether participants' votes hang together, by permuting the votes on each statement among its voters.

    Who voted on what stays as it is, so neither uneven activity nor the statements' popularity can pass for structure;
    where there is none, every permutation is as likely as the votes themselves. The statistic is the largest eigenvalue
    of a matrix with a row and a column for each statement: the covariance of two statements' votes (1, 0 and -1,
    standardised) among those who voted on both, divided by its standard error, with zeros on the diagonal. Its tail is
    a gamma law with the permutations' mean and standard deviation. Source: parallel analysis, Buja and Eyuboglu 1992;
    the law, Chiani 2014, "Distribution of the largest eigenvalue for real Wishart and Gaussian random matrices and a
    simple approximation for the Tracy-Widom distribution", Journal of Multivariate Analysis 129.
    """
    rows, columns, deviations, roots, scales = _cells(sample)
    people, statements = sample.agree.shape[0], len(scales)
    if people < _FEWEST_PEOPLE or statements < 2:
        return StructureTest(0.0, 0.0, None, 1.0, 0, people, statements)
    table = np.zeros((people, statements), dtype=np.float32)
    rng = np.random.default_rng(0)

    def statistic(dealt: FloatArray) -> float:
        table[rows, columns] = dealt * roots
        return _largest((table.T @ table) / scales)

    observed = statistic(deviations)
    shuffles = (np.argsort(columns + rng.random(len(columns))) for _ in range(parameters.structure_permutations))
    permuted = np.array([statistic(deviations[each]) for each in shuffles])
    mean = float(permuted.mean())
    return StructureTest(
        statistic=observed,
        permuted=mean,
        ratio=observed / mean if mean > 0 else None,
        p_value=_tail(observed, permuted),
        permutations=len(permuted),
        people=people,
        statements=statements,
    )


# pytest would otherwise take the function for a test wherever it is imported.
test_structure.__test__ = False  # type: ignore[attr-defined]


def _cells(sample: Sample) -> tuple[IntArray, IntArray, FloatArray, FloatArray, Table]:
    """The votes on statements on which people differ, sorted by statement.

    Row, column, standardised vote and root of the weight of each; then for each pair of statements the standard error
    of its covariance, shape (statements, statements).
    """
    weights = sample.agree + sample.disagree + sample.passed
    values = np.sign(sample.agree).astype(np.float64) - np.sign(sample.disagree)
    cast = weights > 0
    votes = cast.sum(axis=0)
    mean = values.sum(axis=0) / np.maximum(votes, 1)
    variance = np.where(cast, (values - mean) ** 2, 0).sum(axis=0) / np.maximum(votes - 1, 1)
    kept = variance > 0
    weights, cast = weights[:, kept], cast[:, kept]
    columns, rows = np.nonzero(cast.T)
    deviations = ((values[:, kept] - mean[kept]) / np.sqrt(variance[kept]))[rows, columns]
    together = weights.T @ weights
    return rows, columns, deviations, np.sqrt(weights[rows, columns]), np.sqrt(np.maximum(together, 1e-6))


def _largest(matrix: Table) -> float:
    from scipy.sparse.linalg import eigsh

    symmetric = matrix.astype(np.float64)
    np.fill_diagonal(symmetric, 0.0)
    if len(symmetric) <= _SMALL_TABLE:
        return float(np.linalg.eigvalsh(symmetric)[-1])
    start = np.ones(len(symmetric))
    return float(eigsh(symmetric, k=1, which="LA", v0=start, tol=1e-4, return_eigenvectors=False)[0])


def _tail(observed: float, permuted: FloatArray) -> float:
    """Probability that one more permutation reaches the observed statistic."""
    from scipy.stats import gamma

    spread = float(permuted.std(ddof=1))
    if spread <= 1e-9 * max(abs(observed), 1.0):
        return 1.0 if observed <= float(permuted.max()) + 1e-6 * max(abs(observed), 1.0) else 1 / (len(permuted) + 1)
    # One more draw differs from the mean of the others by a little more than the spread.
    deviate = (observed - float(permuted.mean())) / (spread * np.sqrt(1 + 1 / len(permuted)))
    shape = _TRACY_WIDOM_SHAPE
    return float(max(gamma.sf(shape + deviate * np.sqrt(shape), shape), _SMALLEST_P))
