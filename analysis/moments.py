"""Sufficient statistics: all that later steps need to know of the votes, however many there are."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from analysis import kernels
from analysis.intervals import Estimate, estimates, wilson
from analysis.votes import FloatArray, IntArray, Votes

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


@dataclass(frozen=True, eq=False)
class Moments:
    """What the opinion space needs to know of the votes: what any two statements have in common.

    statements: their ids, sorted. pairs: whole numbers of shape (statements, statements), so that parts add up to the
    whole exactly, in whatever order; 12 bytes a pair, 11 MiB for a thousand statements. The diagonal counts the votes.
    """

    statements: tuple[str, ...]
    pairs: kernels.PairSums

    @property
    def mean(self) -> FloatArray:
        """Of the votes on each statement, shape (statements,)."""
        total, number = np.diagonal(self.pairs.first), np.diagonal(self.pairs.together)
        mean: FloatArray = total / np.maximum(number, 1)
        return mean

    def covariance(self) -> FloatArray:
        """Sums of products of votes less their statement's mean, shape (statements, statements).

        Of participants who voted on both statements; with missing votes at the mean the others add nothing.
        """
        mean, (together, product, first) = self.mean, self.pairs
        crossed = first * mean
        sums: FloatArray = product - crossed - crossed.T + together * np.outer(mean, mean)
        return sums

    def plus(self, other: "Moments") -> "Moments":
        """Of the votes of two separate sets of participants together."""
        statements = tuple(sorted({*self.statements, *other.statements}))
        own, others = (each.spread(statements).pairs for each in (self, other))
        return Moments(statements, kernels.PairSums(*(one + another for one, another in zip(own, others, strict=True))))

    def spread(self, statements: tuple[str, ...]) -> "Moments":
        """The same among more statements, those without votes at zero."""
        if statements == self.statements:
            return self
        place = {each: at for at, each in enumerate(statements)}
        at = np.array([place[each] for each in self.statements], dtype=np.int64)
        spread = np.zeros((3, len(statements), len(statements)), dtype=np.int32)
        spread[:, at[:, None], at] = self.pairs
        return Moments(statements, kernels.PairSums(*spread))


def moments(votes: Votes) -> Moments:
    """Sums over all participants; the time grows with the sum of the squares of their numbers of votes."""
    return Moments(votes.statements, votes.pair_sums())


def standing(votes: Votes) -> Votes:
    """The same votes with their sums of pairs kept: what `update` starts from."""
    return replace(votes, known_pairs=votes.pair_sums())


def update(before: Votes, newer: Votes) -> Votes:
    """Votes that stand, with newer ones added, which take the place of earlier votes on the same statement.

    The sums of pairs are renewed from the votes of the participants who cast the new ones, and are exactly those of all
    votes together; so is every result. Costs a small part of starting anew.
    """
    after = before.plus(newer)
    removed, added = (moments(votes.of(votes.rows_of(newer.participants))) for votes in (before, after))
    own, old = (each.spread(after.statements).pairs for each in (moments(before), removed))
    parts = zip(own, old, added.pairs, strict=True)
    return replace(after, known_pairs=kernels.PairSums(*(one - less + more for one, less, more in parts)))


def count(votes: Votes) -> Counts:
    """The votes of everybody, shape (statements,)."""
    return count_by_group(votes, np.zeros(votes.shape[0], dtype=np.int64), 1).total


def count_by_group(votes: Votes, groups: IntArray, number: int) -> Counts:
    """The votes of each group, shape (number, statements).

    groups: shape (participants,), 0 to number - 1, or -1 for participants in no group, whose votes are not counted.
    """
    disagree, passed, agree = np.moveaxis(votes.choices(groups, number), 2, 0)
    return Counts(agree, disagree, passed)
