"""Intervals of shares and means in which people do not count alike: linearised variance, Wilson's interval."""

import numpy as np

from analysis.intervals import Bounds, FloatArray, wilson


def weighted_bounds(
    hits: FloatArray, squared_hits: FloatArray, weight: FloatArray, squares: FloatArray, confidence: float = 0.95
) -> Bounds:
    """Interval of weighted shares, hits / weight; all arrays of one shape.

    hits, weight: sums of the weights of the votes in one direction, and of all. squared_hits, squares: the same sums of
    squared weights. Returns bounds of that shape, in [0, 1]; [0, 1] where there is no weight.

    Wilson's interval for so many votes of equal weight as tell as much: the fewer of Kish's number, which is right
    where weights have nothing to do with opinions, and of what the linearised variance of the ratio gives, which is
    right where they have but too sure with few votes. With equal weights both are the number of votes, and this is
    Wilson's interval. Sources: Kish 1965, "Survey Sampling", section 11.7; Woodruff 1971, "A simple method for
    approximating the variance of a complicated estimate", JASA 66; Wilson's interval on effective sample sizes: Franco
    and others 2019, "Comparative study of confidence intervals for proportions in complex sample surveys", Journal of
    Survey Statistics and Methodology 7. The smaller of the two numbers is this project's choice, from simulations in
    its tests.
    """
    share = np.divide(hits, weight, out=np.full(np.shape(weight), 0.5), where=weight > 0)
    kish = effective_number(weight, squares)
    spread = squared_hits * (1 - 2 * share) + share**2 * squares
    # Where all votes go in one direction the spread is 0 but for rounding, and the votes say nothing of it.
    known = spread > 1e-12 * squares
    linearised = np.divide(share * (1 - share) * weight**2, spread, out=kish.copy(), where=known)
    number = np.minimum(kish, linearised)
    return wilson(share * number, number, confidence)


def effective_number(weight: FloatArray, squares: FloatArray) -> FloatArray:
    """How many votes of equal weight tell as much as these: (sum of w)^2 / (sum of w^2); 0 without votes. Kish 1965."""
    number: FloatArray = np.divide(weight**2, squares, out=np.zeros(np.shape(weight)), where=squares > 0)
    return number


def mean_bounds(means: FloatArray, spread: FloatArray, people: FloatArray, confidence: float = 0.95) -> Bounds:
    """Interval of means of figures between 0 and 1, one figure a person; all arrays of one shape.

    spread: the sum over people of the square of what each adds to the mean (for a plain mean ((x - mean) / n)^2; for a
    ratio of sums, hits over sizes, ((hits - mean * size) / all sizes)^2). people: how many they are. Returns bounds of
    that shape, in [0, 1]; [0, 1] where there is nobody.

    Wilson's interval for as many yes-or-no answers as would have this variance. One further person is imagined whose
    figure varies as much as figures with this mean can: without it the interval of a few who answer alike is too sure.
    Sources: as in `weighted_bounds`; the imagined person is this project's, from simulations in its tests.
    """
    most = means * (1 - means)
    variance = spread + np.divide(most, people**2, out=np.zeros(np.shape(people)), where=people > 0)
    # At the ends of the scale the figures show no variance at all; there each person is one answer.
    number = np.divide(most, variance, out=np.array(people, dtype=float), where=variance > 1e-15)
    return wilson(np.where(people > 0, means, 0.5) * number, number, confidence)
