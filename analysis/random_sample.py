"""The votes on statements drawn uniformly, by themselves, beside all votes.

Statements come more often where votes are needed, and some participants vote more than others; so who voted on a
statement might differ from who takes part. Part of all draws is uniform whatever the need: those votes are the random
sample. Where it and the whole differ by more than chance allows, the whole must not be read as everybody's opinion.
"""

from dataclasses import dataclass

import numpy as np

from analysis.classic import BoolArray
from analysis.intervals import Bounds, Estimate, estimates, wilson
from analysis.moments import Counts, Tally, tallies
from analysis.parameters import Parameters
from analysis.votes import AGREE, DISAGREE, PASS, FloatArray, IntArray, Votes


@dataclass(frozen=True)
class RandomSample:
    """One statement's random sample beside the whole.

    sample: its tally. agree_gap, disagree_gap: the share in the sample minus the share in the whole, with its interval;
    without a value where either holds no votes. is_apart: a gap is wider than chance explains, all statements
    considered.
    """

    sample: Tally
    agree_gap: Estimate
    disagree_gap: Estimate
    is_apart: bool


def random_sample(sample: Counts, whole: Counts, parameters: Parameters) -> list[RandomSample]:
    """Each statement's random sample beside the whole.

    sample, whole: shape (statements,); the sample is part of the whole, which ValueError is raised for if it is not.
    Each gap is tested exactly: were the sample drawn at random from the whole, its agreement would be hypergeometric
    (two-sided, mid-p). Of all these tests at most the share 1 - confidence of those that are called apart is expected
    to be so by chance (Benjamini and Hochberg 1995). A gap between the sample and the whole is the gap between the
    sample and the rest times the rest's share of the votes; its interval is Newcombe's for two independent shares
    (1998, Statistics in Medicine 17, method 10), scaled so.
    """
    _check_is_part(sample, whole)
    chances = np.stack(
        [_chance(hits, sample.votes, all_hits, whole.votes) for hits, all_hits in _directions(sample, whole)]
    )
    agree_gaps, disagree_gaps = (
        _gaps(hits, sample.votes, all_hits, whole.votes, confidence=parameters.confidence)
        for hits, all_hits in _directions(sample, whole)
    )
    apart = _either(_are_discoveries(chances, 1 - parameters.confidence))
    own = tallies(sample, parameters.confidence)
    return [RandomSample(*row) for row in zip(own, agree_gaps, disagree_gaps, apart, strict=True)]


def count_drawn(votes: Votes, drawn: BoolArray) -> Counts:
    """The votes of the sample on each statement, shape (statements,). drawn: which votes are in it, shape (votes,)."""
    columns, values = votes.columns[drawn], votes.values[drawn]
    agree, disagree, passed = (
        np.bincount(columns[values == each], minlength=votes.shape[1]).astype(np.int64)
        for each in (AGREE, DISAGREE, PASS)
    )
    return Counts(agree, disagree, passed)


def _either(apart: BoolArray) -> list[bool]:
    return [bool(agree or disagree) for agree, disagree in apart.T]


def _directions(sample: Counts, whole: Counts) -> tuple[tuple[IntArray, IntArray], ...]:
    return (sample.agree, whole.agree), (sample.disagree, whole.disagree)


def _check_is_part(sample: Counts, whole: Counts) -> None:
    for name in ("agree", "disagree", "passed"):
        if (getattr(sample, name) > getattr(whole, name)).any():
            raise ValueError(f"the random sample has more votes ({name}) than the whole; it must be part of it")


def _gaps(hits: IntArray, n: IntArray, all_hits: IntArray, all_n: IntArray, *, confidence: float) -> list[Estimate]:
    rest_hits, rest_n = all_hits - hits, all_n - n
    rest_share = np.divide(rest_n, all_n, out=np.zeros(len(n)), where=all_n > 0)
    share, other = _share(hits, n), _share(rest_hits, rest_n)
    own, others = wilson(hits, n, confidence), wilson(rest_hits, rest_n, confidence)
    below = np.hypot(share - own.low, others.high - other)
    above = np.hypot(own.high - share, other - others.low)
    known = (n > 0) & (rest_n > 0)
    # A sample that is all there is has no gap, and no doubt about it. Without a sample anything is possible.
    reach = np.where(n > 0, 0.0, 1.0)
    gap = np.where(known, (share - other) * rest_share, np.where(n > 0, 0.0, np.nan))
    low = np.where(known, (share - other - below) * rest_share, -reach)
    high = np.where(known, (share - other + above) * rest_share, reach)
    return estimates(gap, Bounds(low, high))


def _share(hits: IntArray, n: IntArray) -> FloatArray:
    share: FloatArray = np.divide(hits, n, out=np.full(len(n), 0.5), where=n > 0)
    return share


def _chance(hits: IntArray, n: IntArray, all_hits: IntArray, all_n: IntArray) -> FloatArray:
    """Two-sided mid-p value of so many hits among n of all votes, drawn without replacement, shape (statements,)."""
    from scipy.stats import hypergeom

    # Without a vote there would be no distribution; one that is no hit changes nothing.
    drawn = hypergeom(np.maximum(all_n, 1), all_hits, n)
    here = drawn.pmf(hits) / 2
    chance: FloatArray = np.clip(2 * np.minimum(drawn.cdf(hits) - here, drawn.sf(hits) + here), 0.0, 1.0)
    return chance


def _are_discoveries(p: FloatArray, level: float) -> BoolArray:
    from scipy.stats import false_discovery_control

    if not p.size:
        return np.zeros(p.shape, dtype=bool)
    # It answers in a row, whatever the shape.
    adjusted = false_discovery_control(p.ravel()).reshape(p.shape)
    return np.asarray(adjusted < level, dtype=bool)
