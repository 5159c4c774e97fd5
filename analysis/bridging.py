"""The bridging score: how far a statement is agreed with beyond what taking sides explains."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from threadpoolctl import threadpool_limits

from analysis.factors import Answers, answers_of, principal_scores
from analysis.intervals import Bounds, Estimate, estimates, normal_quantile
from analysis.parameters import Parameters
from analysis.votes import FloatArray, Votes


def bridging(votes: Votes, weights: FloatArray, parameters: Parameters) -> list[Estimate]:
    """The bridging score of each statement, in the order of `votes.statements`.

    A vote (agree 1, pass 0.5, disagree 0) is modelled as a mean + the participant's intercept + the statement's + the
    participant's side times the statement's; the score is the statement's intercept. Intercepts are held nearer to 0
    than sides are, so that what one side alone agrees with is explained by the sides. The higher, the more both sides
    agree; a statement with few votes stays near 0. Fitted by least squares with the penalties of Community Notes, whose
    published code takes the mean of squared errors over votes and of squared parameters over participants and over
    statements. Source: Community Notes, "Note ranking algorithm", section "Matrix factorization"; Wojcik and others
    2022, "Birdwatch", arXiv 2210.15723.

    weights: how much a vote on each statement tells of the participant, shape (statements,), as for the opinion space.
    The interval is normal, from the scatter of the votes about a fit without each of them (a sandwich estimate as in
    MacKinnon and White 1985, Journal of Econometrics 29), with the sides taken as known. Beyond `bridging_participants`
    that many of them, at even ranks, are used; a statement on which none of them voted has no value, and -1 to 1.
    """
    if not len(votes):
        return []
    answers = answers_of(votes).evenly(parameters.bridging_participants)
    # One thread: several add up in the order in which they finish, and the last digits would differ by luck.
    with threadpool_limits(limits=1):
        model = _fitted(answers, weights, parameters)
        values, errors = model.statements[:, 0], _errors(answers, weights, model)
    reach = normal_quantile(parameters.confidence) * errors
    heard = np.bincount(answers.columns, minlength=answers.statements) > 0
    bounds = Bounds(np.where(heard, values - reach, -1.0), np.where(heard, values + reach, 1.0))
    return estimates(np.where(heard, values, np.nan), bounds)


@dataclass(frozen=True, eq=False)
class _Model:
    """Intercept and side of each participant and statement, shape (things, 2), and what holds them near 0, (2,)."""

    mean: float
    participants: FloatArray
    statements: FloatArray
    ridge_participants: FloatArray
    ridge_statements: FloatArray


def _fitted(answers: Answers, weights: FloatArray, parameters: Parameters) -> _Model:
    """Participants and statements in turn, each by ridge regression on the other."""
    shares = (answers.values + 1) / 2
    weighed = weights[answers.columns]
    present, said = answers.table(np.ones(len(shares))), answers.table(shares)
    present_weighed, said_weighed = answers.table(weighed), answers.table(shares * weighed)
    penalty = len(shares) * np.array([parameters.bridging_intercepts, parameters.bridging_factors])
    of_participant, of_statement = penalty / answers.participants, penalty / answers.statements

    sides = principal_scores(answers, weights, 1)[:, 0] / 2
    participants = np.column_stack([np.zeros(len(sides)), sides])
    statements = np.zeros((answers.statements, 2))
    mean = 0.0
    for _ in range(parameters.bridging_steps):
        statements = _regressed(present.T, said.T, participants, mean, of_statement)
        participants = _regressed(present_weighed, said_weighed, statements, mean, of_participant)
        mean = _mean(present, shares, participants, statements, parameters.bridging_intercepts)
    statements = _regressed(present.T, said.T, participants, mean, of_statement)
    return _Model(mean, participants, statements, of_participant, of_statement)


def _regressed(present: csr_matrix, said: csr_matrix, others: FloatArray, mean: float, ridge: FloatArray) -> FloatArray:
    """Intercept and side of each row of the tables, shape (rows, 2), from those of the columns, (columns, 2)."""
    offset, side = mean + others[:, 0], others[:, 1]
    a, b, d = _normal(present, side, ridge)
    plain, along = (said @ _powers(side, 2) - present @ (_powers(side, 2) * offset[:, None])).T
    determinant = a * d - b**2
    return np.column_stack([(d * plain - b * along) / determinant, (a * along - b * plain) / determinant])


def _normal(present: csr_matrix, side: FloatArray, ridge: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The normal matrix [[a, b], [b, d]] of each row's regression on an intercept and the columns' sides."""
    n, first, second = (present @ _powers(side, 3)).T
    return n + ridge[0], first, second + ridge[1]


def _powers(side: FloatArray, number: int) -> FloatArray:
    """1, side, side squared, ..., shape (things, number)."""
    return np.vander(side, number, increasing=True)


def _mean(
    present: csr_matrix, shares: FloatArray, participants: FloatArray, statements: FloatArray, ridge: float
) -> float:
    by_participant = present @ np.column_stack([statements[:, 0], statements[:, 1]])
    explained = (
        (by_participant[:, 1] * participants[:, 1]).sum()
        + by_participant[:, 0].sum()
        + (np.diff(present.indptr) * participants[:, 0]).sum()
    )
    return float((shares.sum() - explained) / (len(shares) * (1 + ridge)))


def _errors(answers: Answers, weights: FloatArray, model: _Model) -> FloatArray:
    """Standard error of each statement's intercept, shape (statements,), by the scatter of its votes about the fit."""
    lengths, columns = np.diff(answers.starts), answers.columns
    present = answers.table(np.ones(len(columns)))
    (intercept, side), (bridge, slope) = np.repeat(model.participants, lengths, axis=0).T, model.statements[columns].T
    residuals = (answers.values + 1) / 2 - (model.mean + intercept + bridge + side * slope)
    # A vote draws its participant to itself, by this much of its residual; the fewer others there are, the more.
    a, b, d = _normal(answers.table(weights[columns]), model.statements[:, 1], model.ridge_participants)
    inverse = np.column_stack([d, -2 * b, a]) / (a * d - b**2)[:, None]
    drawn = weights[columns] * (np.repeat(inverse, lengths, axis=0) * _powers(slope, 3)).sum(axis=1)
    scatter = answers.table((residuals / (1 - drawn)) ** 2)

    a, b, d = _normal(present.T, model.participants[:, 1], model.ridge_statements)
    plain, first, second = (scatter.T @ _powers(model.participants[:, 1], 3)).T
    variance = (d**2 * plain - 2 * d * b * first + b**2 * second) / (a * d - b**2) ** 2
    # Two figures are fitted to the n votes on a statement.
    n = present.sum(axis=0).A1
    errors: FloatArray = np.sqrt(np.maximum(variance, 0) * n / np.maximum(n - 2, 1))
    return errors
