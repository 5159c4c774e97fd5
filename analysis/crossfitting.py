"""Cross-fitting: a statement's votes counted by groups that were made without that statement."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analysis.mixture import fit_mixtures
from analysis.moments import Counts
from analysis.parameters import Parameters
from analysis.sample import BoolArray, Sample, Table
from analysis.stability import matched, overlap
from analysis.votes import IntArray


@dataclass(frozen=True, eq=False)
class CrossFitted:
    """Votes to test with; they did not make the groups by which they are counted.

    counts: shape (groups, statements); testable: of the same shape, whether the group was found again from the other
    statements. A statement that does not count is not testable.
    """

    counts: Counts
    testable: BoolArray

    def at(self, columns: IntArray) -> "CrossFitted":
        """Of these statements only, shape (groups, columns); -1 stands for a statement without votes."""
        never = np.zeros((len(self.testable), 1), dtype=bool)
        return CrossFitted(self.counts.at(columns), np.hstack([self.testable, never])[:, columns])


def cross_fit(
    sample: Sample, members: IntArray, *, number: int, statements: int, parameters: Parameters
) -> CrossFitted:
    """Make as many groups from the other statements, for each fold of statements in turn.

    members: each person's group, shape (people,), 0 to number - 1; statements: how many there are, those that do not
    count included. Near-duplicates of one another are in one fold. A
    group of a fold is the one with which it overlaps most, from `label_overlap` on; nobody is told anything else of the
    groups. Groups made so are coarser than those of all votes, never sharper by chance. Source: sample splitting, Cox
    1975, "A note on data-splitting for the evaluation of significance levels", Biometrika 62; for clusters, Gao, Bien
    and Witten 2024, "Selective inference for hierarchical clustering", JASA 119 (on why the same votes will not do).
    """
    counts = np.zeros((3, number, statements), dtype=np.int64)
    testable = np.zeros((number, statements), dtype=bool)
    for fold in _folds(sample.clusters, parameters.statement_folds):
        rest = np.setdiff1d(np.arange(len(sample.columns)), fold)
        mixtures = fit_mixtures(sample.of_statements(rest), number) if len(rest) else []
        if len(mixtures) < number:
            continue
        nearest = mixtures[-1].nearest(sample.of_statements(rest))
        match = matched(members, nearest, number)
        columns = sample.columns[fold]
        testable[:, columns] = overlap(members, match[nearest], number).diagonal()[:, None] >= parameters.label_overlap
        belonging = (match[nearest] == np.arange(number)[:, None]).astype(np.float32)
        counts[:, :, columns] = _counted(belonging, sample.of_statements(fold))
    return CrossFitted(Counts(*counts), testable)


def _folds(clusters: IntArray, number: int) -> Iterator[IntArray]:
    """The places of the statements of each fold, ascending, by a seeded shuffle of the clusters."""
    shuffled = np.random.default_rng(0).permutation(int(clusters.max(initial=-1)) + 1)
    for fold in range(min(number, len(shuffled))):
        yield np.flatnonzero(np.isin(clusters, shuffled[fold::number]))


def _counted(belonging: Table, sample: Sample) -> IntArray:
    """Votes of each choice, shape (3, groups, statements); belonging: 1 or 0, (groups, people)."""
    tables = (sample.agree, sample.disagree, sample.passed)
    return np.stack([np.rint(belonging @ (table > 0).astype(np.float32)) for table in tables]).astype(np.int64)
