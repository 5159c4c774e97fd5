"""Votes of invented participants whose groups are known: for tests, benchmarks and demonstrations."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.votes import FloatArray, IntArray, Votes


@dataclass(frozen=True, eq=False)
class Simulated:
    """Invented votes and what they were drawn from.

    groups: each participant's group, shape (participants,), in the order of `votes.participants`, so that those who
    happened to cast no vote are left out. agree, disagree: each group's probabilities, shape (groups, statements), in
    the order of the statements given; the rest passes.
    """

    votes: Votes
    groups: IntArray
    agree: FloatArray
    disagree: FloatArray


def draw_votes(
    rng: np.random.Generator,
    groups: IntArray,
    *,
    agree: FloatArray,
    disagree: FloatArray,
    presence: float | FloatArray,
    statements: Sequence[str] | None = None,
) -> Simulated:
    """Draw each participant's votes from the probabilities of their group.

    groups: shape (participants,). agree, disagree: shape (groups, statements). presence: how likely each cell is voted
    on, a number or anything that spreads to (participants, statements), drawn independently. statements: their ids,
    else numbers from 0. Raises ValueError where agree and disagree add up to more than 1.
    """
    if (agree < 0).any() or (disagree < 0).any() or (agree + disagree > 1 + 1e-9).any():
        raise ValueError("agree and disagree are probabilities that add up to at most 1")
    shape = (len(groups), agree.shape[1])
    luck = rng.random(shape)
    said = np.where(luck < agree[groups], 1, np.where(luck < agree[groups] + disagree[groups], -1, 0))
    rows, columns = np.nonzero(rng.random(shape) < presence)
    ids = np.array([str(each) for each in (statements or range(shape[1]))], dtype=object)
    votes = Votes.from_arrays(rows, ids[columns], said[rows, columns])
    voters = np.array([int(each) for each in votes.participants], dtype=np.int64)
    return Simulated(votes, groups[voters], agree, disagree)


def planted_groups(
    rng: np.random.Generator,
    *,
    participants: int,
    statements: int,
    shares: Sequence[float],
    presence: float,
    follows: float = 0.8,
    opposes: float = 0.1,
    divisive: float = 0.5,
) -> Simulated:
    """Groups that lean each their own way on some statements and alike on the others.

    shares: of the participants in each group, adding up to 1; sizes are as near to them as whole people can be.
    divisive: the part of the statements on which each group leans for or against by a fair coin. A vote follows its
    group's lean with the probability `follows`, opposes it with `opposes`, and else passes.
    """
    ends = np.round(np.cumsum(shares) * participants).astype(np.int64)
    groups = rng.permutation(np.searchsorted(ends, np.arange(participants), side="right"))
    leans = rng.choice([-1, 1], size=(len(shares), statements))
    alike = rng.permutation(statements) >= round(divisive * statements)
    leans[:, alike] = leans[0, alike]
    return draw_votes(
        rng,
        groups,
        agree=np.where(leans > 0, follows, opposes),
        disagree=np.where(leans > 0, opposes, follows),
        presence=presence,
    )


def one_axis(
    rng: np.random.Generator,
    *,
    participants: int,
    statements: int,
    presence: float,
    slope: float = 1.5,
    passes: float = 0.12,
) -> Simulated:
    """One gradual axis and no groups: positions, slopes and thresholds are normal, answers logistic.

    slope: the slopes' standard deviation; positions and thresholds have 1. passes: how likely a vote is a pass, whoever
    casts it. Everybody has rates of their own, so each participant is their own group in the result.
    """
    positions, thresholds = rng.normal(size=participants), rng.normal(size=statements)
    leaning = rng.normal(scale=slope, size=statements) * positions[:, None] - thresholds
    agree = (1 - passes) / (1 + np.exp(-leaning))
    everybody = np.arange(participants)
    return draw_votes(rng, everybody, agree=agree, disagree=1 - passes - agree, presence=presence)


def no_groups(
    rng: np.random.Generator, *, participants: int, statements: int, presence: float, unevenness: float = 0.0
) -> Simulated:
    """Votes without any structure: each statement has rates of its own, and everybody votes by them independently.

    unevenness: the standard deviation of the logarithm of participants' activity, which is `presence` on average as far
    as nobody can vote on more than all statements.
    """
    rates = rng.dirichlet((1.0, 1.0, 0.5), size=statements).T
    everybody = np.zeros(participants, dtype=np.int64)
    activity = np.exp(rng.normal(-(unevenness**2) / 2, unevenness, size=(participants, 1))) if unevenness else 1.0
    presence_of_each = np.minimum(presence * activity, 1.0)
    return draw_votes(rng, everybody, agree=rates[:1], disagree=rates[1:2], presence=presence_of_each)
