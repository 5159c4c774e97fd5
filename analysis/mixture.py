"""Opinion groups as latent classes: each group has a rate of agreement of its own with each statement."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.sample import Sample, Table
from analysis.votes import FloatArray, IntArray

# Imagined votes that each class casts on each statement at everybody's rate: what few votes say is not taken at face
# value. Four predicted the votes of people left out best, of 2, 4 and 8, on real and on simulated conversations.
_IMAGINED = np.float32(4.0)

# Rounds of expectation-maximisation, and the relative gain in likelihood below which they end sooner.
_ROUNDS = 30
_GAIN = 1e-5

# How a class is cut in two along its leading direction before the halves settle: in the middle, or at either tail, so
# that a small group inside a large one is found as well.
_CUTS = (0.5, 0.12, 0.88)
_ROUNDS_OF_A_CUT = 6
_FEWEST_TO_CUT = 6
_SMALLEST_PART = 3


@dataclass(frozen=True, eq=False)
class Mixture:
    """Latent classes. log_agree, log_disagree: logarithms of rates among votes that are no passes, shape (classes,
    statements); log_share: of the classes' shares, (classes,).
    """

    log_agree: Table
    log_disagree: Table
    log_share: Table

    @property
    def table(self) -> Table:
        """What an agreement, then what a disagreement adds to each class's score, shape (2 statements, classes)."""
        return np.hstack([self.log_agree, self.log_disagree]).T

    def scores(self, sample: Sample) -> Table:
        """Log likelihood of each one's votes together with each class, shape (people, classes)."""
        scores: Table = sample.agree @ self.log_agree.T + sample.disagree @ self.log_disagree.T + self.log_share
        return scores

    def nearest(self, sample: Sample) -> IntArray:
        """The most probable class of each, shape (people,)."""
        nearest: IntArray = self.scores(sample).argmax(axis=1).astype(np.int64)
        return nearest


def log_sum(scores: Table) -> FloatArray:
    """Logarithm of the sum of exponentials over the last axis: the log likelihood of each one's votes, (people,)."""
    top = scores.max(axis=1)
    total: FloatArray = np.log(np.exp(scores - top[:, None]).sum(axis=1, dtype=np.float64)) + top
    return total


def shares_of(scores: Table) -> tuple[Table, float]:
    """Posterior probabilities, shape (people, classes), and the log likelihood of all."""
    top = scores.max(axis=1, keepdims=True)
    likely = np.exp(scores - top)
    total = likely.sum(axis=1, keepdims=True)
    return likely / total, float((np.log(total) + top).sum(dtype=np.float64))


def base_rate(sample: Sample) -> Table:
    """Everybody's rate of agreement among votes that are no passes, half a vote added to either side, (statements,)."""
    agree, disagree = sample.agree.sum(axis=0), sample.disagree.sum(axis=0)
    rate: Table = (agree + sample.worth / 2) / (agree + disagree + sample.worth)
    return rate


def fit_mixtures(sample: Sample, most: int) -> list[Mixture]:
    """Latent classes, first one, then two, up to `most`; fewer where nothing is left that could be divided.

    Each mixture starts from the one before: every class is cut in two along its leading direction, the cut that gains
    the most likelihood is made, and all classes settle again by expectation-maximisation. Nothing is drawn at random.
    A missing vote and a pass say nothing of where somebody belongs. Own numerics, since scikit-learn's mixtures know no
    missing values. Source: latent class analysis, Lazarsfeld and Henry 1968; EM for it, Goodman 1974, "Exploratory
    latent structure analysis", Biometrika 61.
    """
    base = base_rate(sample)
    belonging: Table = np.ones((len(sample.people), 1), dtype=np.float32)
    found = [_estimated(sample, belonging, base)]
    while len(found) < most:
        cut = max(_cuts(sample, belonging.argmax(axis=1), base), key=lambda each: each.gain, default=None)
        if cut is None:
            break
        mixture, belonging, _ = _settled(sample, _divided(belonging, cut), base, _ROUNDS)
        found.append(mixture)
    return found


@dataclass(frozen=True, eq=False)
class _Cut:
    """A class in two: how much likelier its votes become, who is in it, and how far each belongs to the new part."""

    gain: float
    parent: int
    people: IntArray
    second: Table


def _cuts(sample: Sample, nearest: npt.NDArray[np.intp], base: Table) -> Iterator[_Cut]:
    for parent in range(int(nearest.max(initial=0)) + 1):
        people = np.flatnonzero(nearest == parent)
        if len(people) >= _FEWEST_TO_CUT:
            yield from _cuts_of_one(sample.of_people(people), parent, people, base)


def _cuts_of_one(own: Sample, parent: int, people: IntArray, base: Table) -> Iterator[_Cut]:
    order = np.argsort(_along_leading_direction(own, base), kind="stable")
    _, whole = shares_of(_estimated(own, np.ones((len(people), 1), dtype=np.float32), base).scores(own))
    for share in _CUTS:
        first = min(max(round(share * len(people)), _SMALLEST_PART), len(people) - _SMALLEST_PART)
        parts = np.zeros((len(people), 2), dtype=np.float32)
        parts[order[:first], 0] = 1
        parts[order[first:], 1] = 1
        _, parts, likelihood = _settled(own, parts, base, _ROUNDS_OF_A_CUT)
        yield _Cut(likelihood - whole, parent, people, parts[:, 1])


def _along_leading_direction(own: Sample, base: Table) -> Table:
    """Where each lies along the direction in which a class's votes differ most from its rates, shape (people,)."""
    voted = own.agree + own.disagree
    imagined = _IMAGINED * own.worth
    rate = (own.agree.sum(axis=0) + imagined * base) / (voted.sum(axis=0) + imagined)
    unlike = (own.agree - voted * rate) / np.sqrt(rate * (1 - rate))
    direction = _leading(unlike)
    along: Table = (unlike @ direction) / np.sqrt(np.maximum(voted.sum(axis=1), 1))
    return along


def _leading(table: Table, rounds: int = 12) -> Table:
    """Roughly the first right singular vector, by power iteration from the longest row; zeros where all is zero."""
    direction: Table = table[np.argmax((table * table).sum(axis=1))].copy()
    for _ in range(rounds):
        direction = table.T @ (table @ direction)
        length = np.sqrt((direction * direction).sum())
        if length == 0:
            break
        direction /= length
    return direction


def _divided(belonging: Table, cut: _Cut) -> Table:
    """One more class, which takes its part of those who belong to the parent."""
    divided = np.hstack([belonging, np.zeros((len(belonging), 1), dtype=np.float32)])
    moved = belonging[cut.people, cut.parent] * cut.second
    divided[cut.people, cut.parent] -= moved
    divided[cut.people, -1] = moved
    return divided


def _settled(sample: Sample, belonging: Table, base: Table, rounds: int) -> tuple[Mixture, Table, float]:
    """Rates from belonging, belonging from rates, until the likelihood stands still."""
    before = -np.inf
    for _ in range(rounds):
        mixture = _estimated(sample, belonging, base)
        belonging, likelihood = shares_of(mixture.scores(sample))
        if likelihood - before < _GAIN * abs(likelihood):
            break
        before = likelihood
    return mixture, belonging, likelihood


def _estimated(sample: Sample, belonging: Table, base: Table) -> Mixture:
    """The classes' rates where people belong to them so far, shape of belonging (people, classes)."""
    agree, disagree = belonging.T @ sample.agree, belonging.T @ sample.disagree
    imagined = _IMAGINED * sample.worth
    total = agree + disagree + imagined
    rates = ((agree + imagined * base) / total, (disagree + imagined * (1 - base)) / total)
    sizes = belonging.sum(axis=0) + np.float32(1)
    return Mixture(*(np.log(each).astype(np.float32) for each in (*rates, sizes / sizes.sum())))
