"""Gradual differences: positions along one axis or in a plane, which answers follow by a logistic curve."""

from dataclasses import dataclass

import numpy as np

from analysis.mixture import base_rate, log_sum, shares_of
from analysis.sample import Sample, Table
from analysis.votes import FloatArray

# Positions are normal with mean 0 and standard deviation 1, looked at on a grid within this radius.
_REACH = 3.0
_STEP = {1: 0.25, 2: 0.5}

# Intercepts and slopes are normal a priori with standard deviation 2: one over its square.
_RIDGE = 0.25

_ROUNDS = 25
_GAIN = 2e-5
_LONGEST_STEP = 1.5


@dataclass(frozen=True, eq=False)
class Scale:
    """Positions and answers. A vote at position x that is no pass agrees with the logistic of intercept + slopes · x.

    nodes: positions looked at, shape (nodes, axes); log_weight: logarithm of how frequent each is, (nodes,);
    curves: each statement's intercept and slopes, (statements, 1 + axes).
    """

    nodes: FloatArray
    log_weight: Table
    curves: FloatArray

    @property
    def table(self) -> Table:
        """What an agreement, then what a disagreement adds to each node's score, shape (2 statements, nodes)."""
        leaning = self.curves @ _with_ones(self.nodes).T
        disagree = -np.logaddexp(0.0, leaning)
        return np.vstack([leaning + disagree, disagree]).astype(np.float32)

    def scores(self, sample: Sample) -> Table:
        """Log likelihood of each one's votes together with each position, shape (people, nodes)."""
        agree, disagree = np.split(self.table, 2)
        scores: Table = sample.agree @ agree + sample.disagree @ disagree + self.log_weight
        return scores


def fit_scale(sample: Sample, axes: int, start: Scale | None = None) -> Scale:
    """Curves of answers along so many axes, 1 or 2, by marginal maximum likelihood over normal positions.

    start: a scale to begin with, else the leading directions of the votes. A missing vote and a pass say nothing of
    where somebody stands. Own numerics, since scikit-learn has no model of items. Source: two-parameter logistic model
    of item response; its EM over a grid, Bock and Aitkin 1981, "Marginal maximum likelihood estimation of item
    parameters", Psychometrika 46.
    """
    nodes, log_weight = _grid(axes)
    curves = _first_curves(sample, axes) if start is None else start.curves
    voted = sample.agree + sample.disagree
    design = _with_ones(nodes)
    before = -np.inf
    for _ in range(_ROUNDS):
        scale = Scale(nodes, log_weight, curves)
        places, likelihood = shares_of(scale.scores(sample))
        if likelihood - before < _GAIN * abs(likelihood):
            break
        before = likelihood
        votes_at, agreed_at = (each.T @ places for each in (voted, sample.agree))
        curves = _fitted(design, votes_at.astype(np.float64), agreed_at.astype(np.float64), curves, sample.worth)
    return scale


def log_likelihood(scale: Scale, sample: Sample) -> FloatArray:
    """Log likelihood of each one's votes, whatever their position, shape (people,)."""
    return log_sum(scale.scores(sample))


def _grid(axes: int) -> tuple[FloatArray, Table]:
    line = np.arange(-_REACH, _REACH + 1e-9, _STEP[axes])
    nodes = np.stack(np.meshgrid(*[line] * axes, indexing="ij"), axis=-1).reshape(-1, axes)
    nodes = nodes[(nodes**2).sum(axis=1) <= _REACH**2 + 1e-9]
    weight = np.exp(-(nodes**2).sum(axis=1) / 2)
    return nodes, np.log(weight / weight.sum()).astype(np.float32)


def _with_ones(nodes: FloatArray) -> FloatArray:
    return np.hstack([np.ones((len(nodes), 1)), nodes])


def _first_curves(sample: Sample, axes: int) -> FloatArray:
    """Curves along the leading directions of the votes, shape (statements, 1 + axes): one step of a logistic fit."""
    base = base_rate(sample)
    voted = sample.agree + sample.disagree
    unlike = sample.agree - voted * base
    standardised = unlike / np.sqrt(base * (1 - base))
    together = (standardised.T @ standardised).astype(np.float64)
    # The diagonal tells how many voted, not who votes alike.
    np.fill_diagonal(together, 0.0)
    axes = min(axes, len(together))
    directions = np.linalg.eigh(together)[1][:, ::-1][:, :axes]
    places = (standardised @ directions) / np.sqrt(np.maximum(voted.sum(axis=1), 1))[:, None]
    spread = places.std(axis=0)
    places = (places - places.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    information = (voted * (base * (1 - base))).T @ places**2
    slopes = (unlike.T @ places) / (information + 1)
    return np.hstack([np.log(base / (1 - base))[:, None], slopes]).astype(np.float64)


def _fitted(design: FloatArray, votes: FloatArray, agreed: FloatArray, curves: FloatArray, worth: Table) -> FloatArray:
    """Each statement's curve after two steps of Newton's method.

    design: shape (nodes, parameters); votes, agreed: expected counts, (statements, nodes).
    worth: mean weight of a vote, (statements,).
    """
    parameters = design.shape[1]
    ridge = _RIDGE * worth.astype(np.float64)[:, None]
    squares = (design[:, :, None] * design[:, None, :]).reshape(len(design), -1)
    for _ in range(2):
        expected = 1 / (1 + np.exp(-(curves @ design.T)))
        gradient = (agreed - votes * expected) @ design - ridge * curves
        curvature = ((votes * expected * (1 - expected)) @ squares).reshape(-1, parameters, parameters)
        step = np.linalg.solve(curvature + ridge[:, :, None] * np.eye(parameters), gradient[..., None])[..., 0]
        longest = np.abs(step).max(axis=1, keepdims=True)
        curves = curves + step * np.minimum(1.0, _LONGEST_STEP / np.maximum(longest, 1e-9))
    return curves
