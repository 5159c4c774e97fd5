"""Opinion groups: how many there are and who is in which."""

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.cluster import KMeans
from sklearn.metrics import pairwise_distances, pairwise_distances_argmin, silhouette_score
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data
from threadpoolctl import threadpool_limits

from analysis.votes import FloatArray, IntArray


class OpinionGroups(ClusterMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Weighted k-means whose number of groups is the one with the highest silhouette, at a tie the larger one.

    Input has the shape (points, dimensions): base clusters, with the number of their members as weights. For each
    number several starts compete, since k-means ends in the nearest of many solutions; the silhouette decides between
    them too. All starts follow from the points sorted by their coordinates, so the order of rows changes nothing.
    Source: Polis's groups, whose one start is the first rows or the groups of the run before.

    numbers: how many groups are tried. starts: random starts for each. init: given centres (groups, dimensions) in
    place of all that; their number is then the number of groups.
    Fitted: cluster_centers_ (groups, dimensions), labels_ (points,), n_groups_, silhouettes_ (the best for each
    number tried). Where the points are all in one place there is one group.
    """

    def __init__(self, numbers: Iterable[int] = (2, 3, 4, 5), starts: int = 10, init: FloatArray | None = None) -> None:
        self.numbers = numbers
        self.starts = starts
        self.init = init

    def fit(
        self,
        X: FloatArray,
        y: object = None,  # noqa: ARG002  # as scikit-learn asks
        sample_weight: npt.ArrayLike | None = None,
    ) -> "OpinionGroups":
        """Find the groups."""
        points = validate_data(self, X, dtype=np.float64)
        weights = _check_sample_weight(sample_weight, points, dtype=np.float64)
        # One thread: several add up in the order in which they finish, and the last digits would differ by luck.
        with threadpool_limits(limits=1):
            self._settle(points, weights)
        self.n_groups_ = len(self.cluster_centers_)
        return self

    def predict(self, X: FloatArray) -> IntArray:
        """The group whose centre is nearest, shape (points,)."""
        check_is_fitted(self)
        points = validate_data(self, X, dtype=np.float64, reset=False)
        nearest: IntArray = pairwise_distances_argmin(points, self.cluster_centers_)
        return nearest

    def _settle(self, points: FloatArray, weights: FloatArray) -> None:
        order = np.lexsort(points.T[::-1])
        if self.init is None:
            best, self.silhouettes_ = self._best(points[order], weights[order])
        else:
            start = np.asarray(self.init, dtype=float)
            best, self.silhouettes_ = _clustered(points[order], weights[order], start), {}
        self.cluster_centers_ = best.cluster_centers_
        self.labels_ = np.empty(len(points), dtype=np.int64)
        self.labels_[order] = best.labels_

    def _best(self, points: FloatArray, weights: FloatArray) -> tuple[KMeans, dict[int, float]]:
        best, silhouettes = KMeans(1, n_init=1).fit(points, sample_weight=weights), {0: -1.0}
        distances = pairwise_distances(points)
        places = len(np.unique(points, axis=0))
        for number in sorted(each for each in self.numbers if each <= places):
            rivals = [
                _random_best(points, weights, number, self.starts),
                *(_clustered(points, weights, start) for start in _spread_starts(points, number)),
            ]
            values = [_silhouette(distances, rival.labels_) for rival in rivals]
            if max(values) >= max(silhouettes.values()):
                best = rivals[int(np.argmax(values))]
            silhouettes[number] = max(values)
        del silhouettes[0]
        return best, silhouettes


def _spread_starts(points: FloatArray, number: int) -> Iterator[FloatArray]:
    """Centres to start from, shape (number, dimensions): points at even ranks along each dimension in turn."""
    ranks = ((np.arange(number) + 0.5) * len(points) / number).astype(int)
    for along in points.T:
        yield points[np.argsort(along, kind="stable")[ranks]]


def _random_best(points: FloatArray, weights: FloatArray, number: int, starts: int) -> KMeans:
    """The tightest of several clusterings from seeded random starts."""
    return KMeans(number, n_init=starts, random_state=0).fit(points, sample_weight=weights)


def _clustered(points: FloatArray, weights: FloatArray, start: FloatArray) -> KMeans:
    return KMeans(len(start), init=start, n_init=1).fit(points, sample_weight=weights)


def _silhouette(distances: FloatArray, labels: IntArray) -> float:
    """Mean silhouette over points, unweighted; 0 where it is not defined."""
    if not 2 <= len(np.unique(labels)) < len(labels):
        return 0.0
    return float(silhouette_score(distances, labels, metric="precomputed"))
