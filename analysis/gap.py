"""A gap in a gradual scale: whether positions along one axis heap up in two places with few people between."""

from dataclasses import dataclass

import numpy as np

from analysis.parameters import Parameters
from analysis.sample import Sample
from analysis.scale import Scale
from analysis.votes import FloatArray

_ROUNDS = 100
# Two heaps of this share, these centres and this spread to begin with: of one size, or a smaller one at either end.
_STARTS = ((0.5, -1.0, 1.0, 0.5), (0.15, -1.5, 0.3, 0.5), (0.85, -0.3, 1.5, 0.5))
# No heap is narrower than the grid of positions can show.
_NARROWEST = 0.25
_LINE = np.linspace(-4, 4, 801)


@dataclass(frozen=True)
class Gap:
    """Two heaps of positions on a scale of one axis, fitted beside the one normal heap that the scale assumes.

    share: of the people in the lower heap; low, high: centres; spread: standard deviation of each. valley: how frequent
    the rarest position between the peaks is, as a share of the lower peak, 1 where there is one peak. deviance: twice
    the gain in log likelihood over one heap. is_there: whether both say that there is a gap.
    """

    share: float
    low: float
    high: float
    spread: float
    valley: float
    deviance: float
    is_there: bool


def find_gap(scale: Scale, sample: Sample, parameters: Parameters) -> Gap:
    """Fit two heaps of one spread to the positions that the votes leave possible, by expectation-maximisation.

    scale: of one axis. Not the estimated positions are looked at, which are blurred where votes are few, but all that
    the votes allow for. A gap is there where two heaps are likelier than one (three more parameters, chi-square) and
    the valley between them is deep: a flat, skewed or heavy-tailed distribution has none. Source: the idea of the dip
    test, Hartigan and Hartigan 1985, Annals of Statistics 13, carried over to positions that are not observed.
    """
    from scipy.stats import chi2

    scores = (scale.scores(sample) - scale.log_weight).astype(np.float64)
    likely = np.exp(scores - scores.max(axis=1, keepdims=True))
    nodes = scale.nodes[:, 0]
    one = float(np.log(likely @ np.exp(scale.log_weight.astype(np.float64))).sum())
    fits = [_two_heaps(likely, nodes, np.array(start)) for start in _STARTS]
    heaps, two = max(fits, key=lambda each: each[1])
    share, low, high, spread = (float(each) for each in heaps)
    valley, deviance = _valley(heaps), 2 * (two - one)
    is_likelier = deviance > float(chi2.isf(parameters.gap_level, 3))
    return Gap(share, low, high, spread, valley, deviance, is_likelier and valley <= parameters.gap_valley)


def _two_heaps(likely: FloatArray, nodes: FloatArray, heaps: FloatArray) -> tuple[FloatArray, float]:
    """Share, centres and spread, and the log likelihood. likely: of each position, shape (people, nodes)."""
    for _ in range(_ROUNDS):
        lower, higher = _densities(nodes, heaps)
        places = likely * (lower + higher)
        people = (places / places.sum(axis=1, keepdims=True)).sum(axis=0)
        of_lower = people * lower / np.maximum(lower + higher, 1e-300)
        of_higher = people - of_lower
        low, high = ((each @ nodes) / max(each.sum(), 1e-9) for each in (of_lower, of_higher))
        variance = (of_lower @ (nodes - low) ** 2 + of_higher @ (nodes - high) ** 2) / people.sum()
        heaps = np.array([of_lower.sum() / people.sum(), low, high, max(np.sqrt(variance), _NARROWEST)])
    density = _densities(nodes, heaps).sum(axis=0)
    return heaps, float(np.log(likely @ (density / density.sum())).sum())


def _densities(places: FloatArray, heaps: FloatArray) -> FloatArray:
    """Of both heaps at these places, shape (2, places)."""
    share, low, high, spread = heaps
    parts = ((share, low), (1 - share, high))
    return np.stack([part * np.exp(-(((places - centre) / spread) ** 2) / 2) / spread for part, centre in parts])


def _valley(heaps: FloatArray) -> float:
    density = _densities(_LINE, heaps).sum(axis=0)
    inner = density[1:-1]
    peaks = np.flatnonzero((inner > density[:-2]) & (inner >= density[2:])) + 1
    if len(peaks) < 2:
        return 1.0
    first, second = peaks[0], peaks[-1]
    return float(density[first : second + 1].min() / min(density[first], density[second]))
