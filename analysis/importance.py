"""Importance marks: which share of a statement's voters marked it. They change no class and no other figure."""

from dataclasses import dataclass

import numpy as np

from analysis.classic import BoolArray
from analysis.intervals import Estimate, estimates, wilson
from analysis.votes import IntArray, Votes


@dataclass(frozen=True, eq=False)
class Marks:
    """Votes, and how many of them are marked as important; two arrays, (statements,) or (groups, statements)."""

    votes: IntArray
    marked: IntArray

    def at(self, columns: IntArray) -> "Marks":
        """Of these statements only, shape (..., columns); -1 stands for a statement without votes."""
        none = np.zeros((*self.votes.shape[:-1], 1), dtype=np.int64)
        return Marks(*(np.concatenate([each, none], axis=-1)[..., columns] for each in (self.votes, self.marked)))

    def of_group(self, group: int) -> "Marks":
        """Of one group, shape (statements,)."""
        return Marks(self.votes[group], self.marked[group])


@dataclass(frozen=True)
class Importance:
    """How many of those who voted on a statement marked it as important; its share has Wilson's interval."""

    votes: int
    marked: int
    share: Estimate


def count_marks(votes: Votes, important: BoolArray) -> Marks:
    """The marks of everybody, shape (statements,). important: shape (votes,), in the order of the votes."""
    return count_marks_by_group(votes, important, np.zeros(votes.shape[0], dtype=np.int64), 1).of_group(0)


def count_marks_by_group(votes: Votes, important: BoolArray, groups: IntArray, number: int) -> Marks:
    """The marks of each group, shape (number, statements).

    groups: shape (participants,), 0 to number - 1, or -1 for participants in no group, whose votes are not counted.
    Raises ValueError where there is not one mark for each vote.
    """
    if important.shape != votes.values.shape:
        raise ValueError(f"{len(important)} marks for {len(votes)} votes; give each vote one, true or false")
    group = groups[votes.rows]
    grouped = group >= 0
    shape = (number, votes.shape[1])
    cells = np.ravel_multi_index((group[grouped], votes.columns[grouped]), shape)
    counts = (
        np.bincount(each, minlength=number * votes.shape[1]).reshape(shape)
        for each in (cells, cells[important[grouped]])
    )
    return Marks(*counts)


def importances(marks: Marks, confidence: float) -> list[Importance]:
    """One for each statement of marks of the shape (statements,)."""
    none = np.full(len(marks.votes), np.nan)
    shares = estimates(
        np.divide(marks.marked, marks.votes, out=none, where=marks.votes > 0),
        wilson(marks.marked, marks.votes, confidence),
    )
    rows = zip(marks.votes.tolist(), marks.marked.tolist(), shares, strict=True)
    return [Importance(*row) for row in rows]
