"""The opinion space of the default method: a plane of log-odds, in which a missing vote is missing."""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted, validate_data
from threadpoolctl import threadpool_limits

from analysis.factors import Answers, Factors, Points, answers_in, answers_of, fit_factors, place
from analysis.parameters import Parameters
from analysis.votes import FloatArray, Votes

# An axis along which a statement's log-odds change by less than this in the mean is rounding, not opinion.
_NEGLIGIBLE = 1e-6
# Participants that are placed together: their answers fit into a processor's cache.
_ANSWERS_A_BATCH = 30_000


@dataclass(frozen=True, eq=False)
class Space:
    """Where participants and statements lie.

    positions: shape (participants, 2); spreads: the standard deviation of each, likewise. intercepts: a statement's
    log-odds of agreement for who stands in the middle, shape (statements,); loadings: how much they change with a step
    of 1 along each axis, (statements, 2). transform: places others by their votes alone.
    """

    positions: FloatArray
    spreads: FloatArray
    intercepts: FloatArray
    loadings: FloatArray
    estimator: "LogisticSpace"

    def transform(self, table: FloatArray) -> FloatArray:
        """Positions of participants by their votes, shape (participants, statements), NaN where there is none."""
        return self.estimator.transform(table)


def fit_space(votes: Votes, weights: FloatArray, parameters: Parameters) -> Space:
    """The opinion space of these votes.

    weights: how much a vote on each statement tells of who cast it, shape (statements,), in the order of
    `votes.statements`; near-duplicates weigh together as one, and 0 leaves a statement out: it moves nobody, and its
    loadings only say where it lies.
    """
    answers = answers_of(votes)
    estimator = LogisticSpace(steps=parameters.space_steps, most_fitted=parameters.space_participants)
    estimator.fit_answers(answers, weights)
    points = estimator.place(answers)
    spreads = np.sqrt(np.diagonal(points.covariances, axis1=1, axis2=2))
    return Space(points.means, spreads, estimator.intercepts_, estimator.loadings_, estimator)


class LogisticSpace(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """A logistic factor model of votes with missing ones left out, its axes turned to where opinions differ most.

    Input has the shape (participants, statements): votes from -1 to 1 (beyond is cut off), NaN where there is none. The
    log-odds of agreeing with a statement are its intercept plus its loadings times the participant's position; a pass
    counts as half an agreement and half a disagreement. Participants are normal around 0 a priori, so who voted on
    little stands near the middle. A distance of 1 means that the log-odds differ by 1 in the root mean square over
    votes. Axes come in the order in which opinion differs along them, signed so that the larger loadings are positive.

    statement_weights: shape (statements,), 1 each if None; see `fit_space`. steps: of the fit. most_fitted: so many
    participants at most, at even ranks, determine the axes; all are placed.
    Fitted: intercepts_ (statements,), loadings_ (statements, n_components), scales_ (n_components,), the standard
    deviation of positions a priori, weights_ (statements,).
    """

    def __init__(
        self,
        n_components: int = 2,
        statement_weights: FloatArray | None = None,
        steps: int = 40,
        most_fitted: int = 10_000,
    ) -> None:
        self.n_components = n_components
        self.statement_weights = statement_weights
        self.steps = steps
        self.most_fitted = most_fitted

    def fit(self, X: FloatArray, y: object = None) -> "LogisticSpace":  # noqa: ARG002  # y as scikit-learn asks
        """Learn intercepts and loadings."""
        table = validate_data(self, X, dtype=np.float64, ensure_all_finite="allow-nan")
        given = self.statement_weights
        weights = np.ones(table.shape[1]) if given is None else np.asarray(given, dtype=np.float64)
        return self.fit_answers(answers_in(np.clip(table, -1, 1)), weights)

    def fit_answers(self, answers: Answers, weights: FloatArray) -> "LogisticSpace":
        """Learn intercepts and loadings from answers. Raises ValueError for weights of another shape or below 0."""
        if weights.shape != (answers.statements,) or not (weights >= 0).all():
            raise ValueError(f"weights: {answers.statements} numbers of at least 0, one for each statement")
        some = answers.evenly(self.most_fitted)
        # One thread: several add up in the order in which they finish, and the last digits would differ by luck.
        with threadpool_limits(limits=1):
            factors, _ = fit_factors(some, weights, self.n_components, steps=self.steps)
            heard = np.bincount(some.columns, minlength=answers.statements) * weights
            slopes, self.scales_ = _principal(factors.slopes, heard)
        self.weights_ = weights
        self.intercepts_ = factors.intercepts
        self.loadings_ = slopes / np.maximum(self.scales_, _NEGLIGIBLE)
        self.n_features_in_ = answers.statements
        return self

    def transform(self, X: FloatArray) -> FloatArray:
        """Positions of participants, shape (participants, n_components); new ones are placed by their votes alone."""
        check_is_fitted(self)
        table = validate_data(self, X, dtype=np.float64, ensure_all_finite="allow-nan", reset=False)
        return self.place(answers_in(np.clip(table, -1, 1))).means

    def place(self, answers: Answers) -> Points:
        """Positions of participants and their covariances by the answers they gave, batch by batch."""
        check_is_fitted(self)
        factors = Factors(self.intercepts_, self.loadings_ * self.scales_)
        ranges = _batches(answers)
        # Each participant's sums are their own, so that the number of threads changes nothing.
        with ThreadPoolExecutor(os.cpu_count()) as pool, threadpool_limits(limits=1, user_api="blas"):
            points = list(pool.map(lambda each: place(answers.part(*each), self.weights_, factors), ranges))
        return Points(
            np.concatenate([each.means for each in points]) * self.scales_,
            np.concatenate([each.covariances for each in points]) * np.outer(self.scales_, self.scales_),
        )

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags


def _batches(answers: Answers) -> list[tuple[int, int]]:
    """First and last + 1 of the participants that are placed together, one batch at least."""
    ends = np.arange(_ANSWERS_A_BATCH, answers.starts[-1], _ANSWERS_A_BATCH)
    cuts = np.unique(np.concatenate([[0], np.searchsorted(answers.starts, ends), [answers.participants]])).tolist()
    return list(pairwise(cuts)) or [(0, 0)]


def _principal(slopes: FloatArray, heard: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Slopes turned to their principal axes, and their root mean square along each. heard: votes on each statement."""
    total = max(heard.sum(), 1e-300)
    _, axes = np.linalg.eigh((slopes * heard[:, None]).T @ slopes / total)
    turned = slopes @ axes[:, ::-1]
    scales = np.sqrt((turned**2 * heard[:, None]).sum(axis=0) / total)
    # The cube weighs the largest loadings most without resting on a single one.
    turned = turned * np.where((turned**3 * heard[:, None]).sum(axis=0) < 0, -1.0, 1.0)
    supported = scales > _NEGLIGIBLE
    return turned * supported, scales * supported
