"""Whether the votes have any structure at all: the test that comes before any talk of groups."""

from dataclasses import dataclass

import numpy as np

from analysis.parameters import Parameters
from analysis.sample import Sample, Table
from analysis.votes import FloatArray, IntArray

# Largest eigenvalues lean to the right: by 0.3 in large tables (the Tracy-Widom law), by 0.5 to 0.7 in small ones.
_LEAST_SKEWNESS = 0.5

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
    standardised) among those who voted on both, divided by its standard error, with zeros on the diagonal and between
    near-duplicates, which together count as one statement. Its tail is a gamma law with the permutations' mean, spread
    and skewness. Source: parallel analysis, Buja and Eyuboglu 1992, "Remarks on parallel analysis", Multivariate
    Behavioral Research 27; the law, Chiani 2014, "Distribution of the largest eigenvalue for real Wishart and Gaussian
    random matrices and a simple approximation for the Tracy-Widom distribution", Journal of Multivariate Analysis 129.
    """
    rows, columns, deviations, shares = _cells(sample)
    people, statements = len(sample.people), len(shares)
    if people < _FEWEST_PEOPLE or not shares.any():
        return StructureTest(0.0, 0.0, None, 1.0, 0, people, statements)
    table = np.zeros((people, statements), dtype=np.float32)
    rng = np.random.default_rng(0)

    def statistic(dealt: FloatArray) -> float:
        table[rows, columns] = dealt
        return _largest((table.T @ table) * shares)

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


def _cells(sample: Sample) -> tuple[IntArray, IntArray, FloatArray, Table]:
    """The votes on statements on which people differ, sorted by statement.

    Row, column and standardised vote of each; then for each pair of statements what their sum of products is multiplied
    by, shape (statements, statements): one over its standard error, and over the root of the numbers of near-duplicates
    that both have; 0 for near-duplicates of one another, whose likeness is no structure.
    """
    agreed, disagreed, passed = (each > 0 for each in (sample.agree, sample.disagree, sample.passed))
    values, cast = agreed.astype(np.float64) - disagreed, agreed | disagreed | passed
    votes = cast.sum(axis=0)
    mean = values.sum(axis=0) / np.maximum(votes, 1)
    variance = np.where(cast, (values - mean) ** 2, 0).sum(axis=0) / np.maximum(votes - 1, 1)
    kept = variance > 0
    cast, clusters = cast[:, kept], sample.clusters[kept]
    columns, rows = np.nonzero(cast.T)
    deviations = ((values[:, kept] - mean[kept]) / np.sqrt(variance[kept]))[rows, columns]
    copies = np.bincount(clusters, minlength=1)[clusters]
    together = cast.T.astype(np.float32) @ cast.astype(np.float32) * np.outer(copies, copies)
    shares = np.where(clusters[:, None] == clusters, 0, 1 / np.sqrt(np.maximum(together, 1)))
    return rows, columns, deviations, shares.astype(np.float32)


def _largest(matrix: Table) -> float:
    from scipy.sparse.linalg import eigsh

    symmetric = matrix.astype(np.float64)
    if len(symmetric) <= _SMALL_TABLE:
        return float(np.linalg.eigvalsh(symmetric)[-1])
    start = np.ones(len(symmetric))
    return float(eigsh(symmetric, k=1, which="LA", v0=start, tol=1e-4, return_eigenvectors=False)[0])


def _tail(observed: float, permuted: FloatArray) -> float:
    """Probability that one more permutation reaches the observed statistic."""
    from scipy.stats import gamma, norm, skew, t

    number, spread = len(permuted), float(permuted.std(ddof=1))
    if spread <= 1e-6 * max(abs(observed), 1.0):
        return 1.0 if observed <= float(permuted.max()) + 1e-6 * max(abs(observed), 1.0) else 1 / (number + 1)
    # Mean and spread are known from so many permutations only, which makes the tail heavier: Student's law.
    student = (observed - float(permuted.mean())) / (spread * np.sqrt(1 + 1 / number))
    deviate = float(norm.isf(t.sf(student, number - 1)))
    shape = 4 / max(float(skew(permuted)), _LEAST_SKEWNESS) ** 2
    return float(max(gamma.sf(shape + deviate * np.sqrt(shape), shape), _SMALLEST_P))
