"""Sufficient statistics: all that later steps need to know of the votes, however many there are."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from analysis.intervals import Estimate, estimates, wilson
from analysis.votes import IntArray, Votes

Direction = Literal["agree", "disagree"]


@dataclass(frozen=True, eq=False)
class Counts:
    """Votes counted by choice; three arrays of one shape, (statements,) or (groups, statements)."""

    agree: IntArray
    disagree: IntArray
    passed: IntArray

    @property
    def votes(self) -> IntArray:
        """All votes, passes included."""
        return self.agree + self.disagree + self.passed

    def going(self, direction: Direction) -> IntArray:
        """The votes in this direction."""
        return self.agree if direction == "agree" else self.disagree

    @property
    def total(self) -> "Counts":
        """Over all groups, shape (statements,)."""
        return Counts(self.agree.sum(axis=0), self.disagree.sum(axis=0), self.passed.sum(axis=0))

    @property
    def outside(self) -> "Counts":
        """For each group the counts of all other groups together, shape (groups, statements)."""
        whole = self.total
        return Counts(whole.agree - self.agree, whole.disagree - self.disagree, whole.passed - self.passed)

    def at(self, columns: IntArray) -> "Counts":
        """Of these statements only, shape (..., columns); -1 stands for a statement without votes."""
        none = np.zeros((*self.agree.shape[:-1], 1), dtype=np.int64)
        choices = (
            np.concatenate([each, none], axis=-1)[..., columns] for each in (self.agree, self.disagree, self.passed)
        )
        return Counts(*choices)

    def of_group(self, group: int) -> "Counts":
        """Of one group, shape (statements,)."""
        return Counts(self.agree[group], self.disagree[group], self.passed[group])


@dataclass(frozen=True)
class Tally:
    """The votes on one statement, and the share of each choice in all of them."""

    votes: int
    agree: int
    disagree: int
    passed: int
    agree_share: Estimate
    disagree_share: Estimate
    pass_share: Estimate


def tallies(counts: Counts, confidence: float) -> list[Tally]:
    """One for each statement of counts of the shape (statements,), with Wilson's intervals."""
    votes = counts.votes
    choices = (counts.agree, counts.disagree, counts.passed)
    shares = (
        estimates(
            np.divide(each, votes, out=np.full(len(votes), np.nan), where=votes > 0), wilson(each, votes, confidence)
        )
        for each in choices
    )
    columns = (votes.tolist(), *(each.tolist() for each in choices), *shares)
    return [Tally(*row) for row in zip(*columns, strict=True)]


def count(votes: Votes) -> Counts:
    """The votes of everybody, shape (statements,)."""
    return count_by_group(votes, np.zeros(votes.shape[0], dtype=np.int64), 1).total


def count_by_group(votes: Votes, groups: IntArray, number: int) -> Counts:
    """The votes of each group, shape (number, statements).

    groups: shape (participants,), 0 to number - 1, or -1 for participants in no group, whose votes are not counted.
    """
    group = groups[votes.rows]
    grouped = group >= 0
    shape = (number, votes.shape[1], 3)
    cells = np.ravel_multi_index((group[grouped], votes.columns[grouped], votes.values[grouped] + 1), shape)
    disagree, passed, agree = np.moveaxis(np.bincount(cells, minlength=int(np.prod(shape))).reshape(shape), 2, 0)
    return Counts(agree, disagree, passed)
