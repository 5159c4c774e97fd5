"""How well a gradual difference of opinion predicts votes it has not seen: what groups have to beat."""

import numpy as np
import numpy.typing as npt

from analysis.factors import answers_in, chances, fit_factors
from analysis.votes import FloatArray

BoolArray = npt.NDArray[np.bool_]

# The likelihood of unseen votes changes by under 0.1 % with more.
_STEPS = 15


def opinion_held_out(table: FloatArray, held: BoolArray, dimensions: int) -> FloatArray:
    """Log-likelihood (natural) of each held-out vote that is not a pass, by the factor model fitted on all others.

    table: votes, shape (participants, statements), NaN where there is none. held: same shape, which to predict; the
    model does not see them. Returns shape (votes,), in the order of np.nonzero(held), 0 where the vote is a pass:
    passes take no part in this model, on either side. 0 dimensions: a rate for each statement and nothing else.
    """
    decided = np.where(table == 0, np.nan, table)
    return _held_out(decided, held, dimensions)


def passing_held_out(table: FloatArray, held: BoolArray) -> FloatArray:
    """Log-likelihood (natural) of whether each held-out vote is a pass, by a habit of passing in one dimension.

    Added to `opinion_held_out` this is the log-likelihood of all three choices. It is the same whatever the number of
    dimensions of opinion, so a rival that differs in opinion alone needs no comparison here.
    """
    passed = np.where(np.isnan(table), np.nan, np.where(table == 0, 1.0, -1.0))
    return _held_out(passed, held, 1)


def _held_out(answers: FloatArray, held: BoolArray, dimensions: int) -> FloatArray:
    train = answers_in(np.where(held, np.nan, answers))
    factors, points = fit_factors(train, np.ones(answers.shape[1]), dimensions, steps=_STEPS)
    rows, columns = np.nonzero(held)
    said = answers[rows, columns]
    agree = chances(factors, points, rows, columns)
    likely: FloatArray = np.log(np.where(said > 0, agree, 1 - agree))
    return np.where(np.isnan(said), 0.0, likely)
