"""What stands when some participants are left out: whether groups or a scale predict better, and which groups."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.intervals import Estimate, mean_estimate
from analysis.mixture import Mixture, fit_mixtures, log_sum
from analysis.parameters import Parameters
from analysis.sample import Sample
from analysis.scale import Scale, fit_scale, log_likelihood
from analysis.votes import FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class LeftOut:
    """Each part of the sample once left out, and everything found anew from the others.

    mixtures: for each part those of one class, two and on. by_mixture: for each number of classes the log likelihood of
    each person's votes by the mixture that was found without them, shape (numbers, people); by_scale: the same for
    scales of one and two axes, (axes, people).
    """

    mixtures: tuple[tuple[Mixture, ...], ...]
    by_mixture: FloatArray
    by_scale: FloatArray


@dataclass(frozen=True)
class Prediction:
    """How well the votes of people left out are predicted, in nats a person more than by everybody's rates.

    groups: by the groups; scale: by positions on the number of axes (`axes`) that does so best. advantage: of the
    groups over the scale, and `deviate` the same in its standard errors. Intervals are Student's, over the people.
    """

    groups: Estimate
    scale: Estimate
    axes: int
    advantage: Estimate
    deviate: float


def leave_out(sample: Sample, scales: Sequence[Scale], parameters: Parameters) -> LeftOut:
    """Leave out each part of the people in turn.

    scales: those of all people, where the fits begin: they have one best solution, so nothing is given away by that.
    The mixtures begin from nothing.
    """
    people = len(sample.people)
    parts = _parts(people, parameters.parts_left_out)
    fits = []
    by_mixture = np.full((parameters.largest_number, people), -np.inf)
    by_scale = np.zeros((len(scales), people))
    for part in parts:
        rest, own = sample.of_people(np.setdiff1d(np.arange(people), part)), sample.of_people(part)
        mixtures = fit_mixtures(rest, parameters.largest_number)
        for at, mixture in enumerate(mixtures):
            by_mixture[at, part] = log_sum(mixture.scores(own))
        for at, scale in enumerate(scales):
            by_scale[at, part] = log_likelihood(fit_scale(rest, at + 1, start=scale), own)
        fits.append(tuple(mixtures))
    return LeftOut(tuple(fits), by_mixture, by_scale)


def compare(left_out: LeftOut, number: int, confidence: float = 0.95) -> Prediction:
    """Do so many groups or gradual positions predict the votes of people left out better?

    Source: prediction as the measure of a model, Geisser 1975, "The predictive sample reuse method with applications",
    JASA 70; the paired comparison, Vuong 1989, "Likelihood ratio tests for model selection and non-nested hypotheses",
    Econometrica 57.
    """
    axis = int(left_out.by_scale.sum(axis=1).argmax())
    rates, groups, scale = left_out.by_mixture[0], left_out.by_mixture[number - 1], left_out.by_scale[axis]
    gain = groups - scale
    error = float(gain.std(ddof=1)) * np.sqrt(len(gain))
    return Prediction(
        groups=mean_estimate(groups - rates, confidence),
        scale=mean_estimate(scale - rates, confidence),
        axes=axis + 1,
        advantage=mean_estimate(gain, confidence),
        deviate=float(gain.sum() / error) if error > 0 else 0.0,
    )


def found_again(members: IntArray, number: int, mixtures: Sequence[Mixture], sample: Sample) -> FloatArray:
    """How well each group is found again without each part of the people, shape (parts, number).

    members: each person's group, shape (people,); mixtures: with this number of classes, from the people that remained.
    The largest Jaccard index of the group with one of theirs, everybody assigned by both; its mean over the parts is
    the measure. Source: Hennig 2007, "Cluster-wise assessment of cluster stability", Computational Statistics and Data
    Analysis 52.
    """
    return np.array([overlap(members, each.nearest(sample), number).max(axis=1) for each in mixtures])


def overlap(one: IntArray, other: IntArray, number: int) -> FloatArray:
    """Jaccard index of each group of one division with each of the other, shape (number, number).

    one, other: shape (people,), 0 to number - 1, or -1 for people in no group.
    """
    first, second = (each == np.arange(number)[:, None] for each in (one, other))
    shared = first.astype(np.float64) @ second.T.astype(np.float64)
    either = first.sum(axis=1)[:, None] + second.sum(axis=1)[None, :] - shared
    index: FloatArray = shared / np.maximum(either, 1)
    return index


def matched(one: IntArray, other: IntArray, number: int) -> IntArray:
    """For each group of the other division the group of the one that it is, shape (number,), by largest overlap."""
    from scipy.optimize import linear_sum_assignment

    groups, others = linear_sum_assignment(overlap(one, other, number), maximize=True)
    match = np.empty(number, dtype=np.int64)
    match[others] = groups
    return match


def _parts(people: int, number: int) -> Iterator[IntArray]:
    """The places of each part, ascending; of nearly the same size, drawn from a fixed seed."""
    shuffled = np.random.default_rng(0).permutation(people)
    for part in range(min(number, people)):
        yield np.sort(shuffled[part::number])
