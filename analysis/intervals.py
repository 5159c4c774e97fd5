"""Bounds of a share: what a count of votes says about everybody who might have voted."""

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


class Bounds(NamedTuple):
    """Lower and upper ends, arrays of one shape."""

    low: FloatArray
    high: FloatArray


@dataclass(frozen=True)
class Estimate:
    """A figure with the ends of its interval; without a value where there is nothing to estimate it from."""

    value: float | None
    low: float
    high: float


def estimates(values: FloatArray, bounds: Bounds) -> list[Estimate]:
    """Each value, shape (things,), with its bounds; NaN becomes an estimate without a value."""
    return [
        Estimate(None if math.isnan(value) else value, low, high)
        for value, low, high in zip(values.tolist(), bounds.low.tolist(), bounds.high.tolist(), strict=True)
    ]


def normal_quantile(confidence: float) -> float:
    """How many standard deviations a two-sided interval of this confidence reaches to each side (0.95: 1.96)."""
    return NormalDist().inv_cdf((1 + confidence) / 2)


def wilson(successes: npt.ArrayLike, trials: npt.ArrayLike, confidence: float = 0.95) -> Bounds:
    """Wilson's two-sided interval of a share.

    successes, trials: counts of one shape, successes <= trials. Returns bounds of that shape, in [0, 1]; without trials
    [0, 1], since nothing is known. Source: Wilson 1927, "Probable inference, the law of succession, and statistical
    inference", JASA 22.
    """
    hits, n = np.asarray(successes, dtype=float), np.asarray(trials, dtype=float)
    z = normal_quantile(confidence)
    share = np.divide(hits, n, out=np.full(n.shape, 0.5), where=n > 0)
    # Multiplied through by n, so that no trials at all need no case of their own: the formula then gives 0.5 ± 0.5.
    centre = (hits + z**2 / 2) / (n + z**2)
    reach = z * np.sqrt(n * share * (1 - share) + z**2 / 4) / (n + z**2)
    # At 0 and at n the ends are 0 and 1 exactly; rounding would leave 1e-17.
    return Bounds(np.where(hits == 0, 0.0, centre - reach), np.where(hits == n, 1.0, centre + reach))


def mean_estimate(values: FloatArray, confidence: float = 0.95) -> Estimate:
    """Mean of two values or more, shape (things,), with Student's interval."""
    from scipy.special import stdtrit

    mean, number = float(values.mean()), len(values)
    reach = float(stdtrit(number - 1, (1 + confidence) / 2) * values.std(ddof=1) / math.sqrt(number))
    return Estimate(mean, mean - reach, mean + reach)


def product_bounds(estimates: FloatArray, bounds: Bounds) -> Bounds:
    """Interval of a product of independent shares, from the interval of each.

    estimates and bounds: shape (factors, things); each estimate lies within its bounds. Returns shape (things,).
    Distances to the ends are squared and added on the log scale. Source: MOVER, Zou and Donner 2008, "Construction of
    confidence limits about effect measures", Statistics in Medicine 27.
    """
    with np.errstate(divide="ignore"):
        middle = np.log(estimates)
        below = np.sqrt(((middle - np.log(bounds.low)) ** 2).sum(axis=0))
        above = np.sqrt(((np.log(bounds.high) - middle) ** 2).sum(axis=0))
    total = middle.sum(axis=0)
    return Bounds(np.exp(total - below), np.minimum(np.exp(total + above), 1.0))


def ratio_bounds(
    inside: tuple[npt.ArrayLike, npt.ArrayLike], outside: tuple[npt.ArrayLike, npt.ArrayLike], confidence: float = 0.95
) -> Bounds:
    """Interval of the ratio of two smoothed shares, ((a+1)/(n+2)) / ((b+1)/(m+2)), given as (a, n) and (b, m).

    Normal on the log scale. Source: Katz and others 1978, "Obtaining confidence intervals for the risk ratio in cohort
    studies", Biometrics 34, with the smoothing of the estimate itself.
    """
    (hits_in, n_in), (hits_out, n_out) = (
        (np.asarray(hits) + 1.0, np.asarray(n) + 2.0) for hits, n in (inside, outside)
    )
    middle = np.log(hits_in / n_in) - np.log(hits_out / n_out)
    reach = normal_quantile(confidence) * np.sqrt(1 / hits_in - 1 / n_in + 1 / hits_out - 1 / n_out)
    return Bounds(np.exp(middle - reach), np.exp(middle + reach))


def difference_bounds(
    inside: tuple[npt.ArrayLike, npt.ArrayLike], outside: tuple[npt.ArrayLike, npt.ArrayLike], confidence: float = 0.95
) -> Bounds:
    """Interval of the difference of two independent shares a/n - b/m, given as (a, n) and (b, m), counts of one shape.

    Distances to the ends of Wilson's intervals, squared and added. Without trials on a side its share is taken as 0.5,
    with the interval from 0 to 1. Source: Newcombe 1998, "Interval estimation for the difference between independent
    proportions", Statistics in Medicine 17, method 10.
    """
    first, second = wilson(*inside, confidence), wilson(*outside, confidence)
    one, other = (
        np.divide(hits, n, out=np.full(np.shape(n), 0.5), where=np.asarray(n) > 0) for hits, n in (inside, outside)
    )
    below = np.hypot(one - first.low, second.high - other)
    above = np.hypot(first.high - one, other - second.low)
    return Bounds(one - other - below, one - other + above)
