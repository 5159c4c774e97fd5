"""Votes of fakes, as coordinated participants would cast them: for tests and benchmarks.

All functions take the real votes as a table, shape (participants, statements), NaN where there is no vote, and return
the votes of `number` fakes as a table of that kind. Whoever attacks knows all votes. Source: the attacks are this
project's, after those measured on Community Notes and Polis.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from analysis.votes import FloatArray, IntArray

# Of the person they copy, turncoats cast this share of the votes and turn this share of them.
_KEPT = 0.7
_TURNED = 0.05

_FEWEST = 10  # votes of a person who is worth copying


class Wish(NamedTuple):
    """What a statement (its column) is to be voted by every fake: 1 agree, -1 disagree."""

    statement: int
    vote: int


def bots(rng: np.random.Generator, table: FloatArray, number: int, wish: Wish) -> FloatArray:
    """Fakes who vote at random on as many statements as real people do, and as wished."""
    activity = np.sort((~np.isnan(table)).sum(axis=1))
    amounts = rng.choice(activity[activity >= _FEWEST], size=number) / table.shape[1]
    fakes = rng.choice([1.0, -1.0], size=(number, table.shape[1]))
    fakes[rng.random(fakes.shape) >= amounts[:, None]] = np.nan
    fakes[:, wish.statement] = wish.vote
    return fakes


def turncoats(rng: np.random.Generator, table: FloatArray, sources: IntArray, wish: Wish) -> FloatArray:
    """Fakes who copy 70 % of the votes of real people, 5 % of them turned, and vote as wished.

    sources: the row of the person whom each fake copies, shape (number,).
    """
    fakes = copies(rng, table, sources)
    turned = rng.random(fakes.shape) < _TURNED
    fakes[turned] *= -1
    fakes[:, wish.statement] = wish.vote
    return fakes


def copies(rng: np.random.Generator, table: FloatArray, sources: IntArray) -> FloatArray:
    """Honest copies: 70 % of the votes of these people, as they are. sources: as in `turncoats`."""
    fakes = table[sources].copy()
    fakes[rng.random(fakes.shape) >= _KEPT] = np.nan
    return fakes


def opponents(table: FloatArray, wish: Wish) -> IntArray:
    """Rows of the people with enough votes to be copied who voted against the wish."""
    rows: IntArray = np.flatnonzero(_is_active(table) & (table[:, wish.statement] == -wish.vote))
    return rows


def members(table: FloatArray, groups: IntArray, group: int) -> IntArray:
    """Rows of the people of a group who can be copied; of all its people, where none voted enough for that."""
    own = groups == group
    rows: IntArray = np.flatnonzero(own & _is_active(table))
    return rows if len(rows) else np.flatnonzero(own)


def faction(
    rng: np.random.Generator, table: FloatArray, number: int, against: Sequence[Wish], *, tireless: bool = False
) -> FloatArray:
    """Fakes of one made-up opinion: against what is agreed, and by a coin thrown once for each other statement.

    against: what they vote on what is agreed. Each votes on what some real person voted on, or, tireless, on all.
    """
    pattern = rng.choice([1.0, -1.0], size=table.shape[1])
    return _followers(rng, table, number, _against(pattern, against), tireless=tireless)


def factions(
    rng: np.random.Generator, table: FloatArray, number: int, against: Sequence[Wish], *, tireless: bool = False
) -> FloatArray:
    """Two factions of half the size, opposed to each other in all but what is agreed."""
    pattern = rng.choice([1.0, -1.0], size=table.shape[1])
    halves = ((number - number // 2, pattern), (number // 2, -pattern))
    return np.vstack([_followers(rng, table, half, _against(own, against), tireless=tireless) for half, own in halves])


def infiltrators(rng: np.random.Generator, table: FloatArray, sources: IntArray, against: Sequence[Wish]) -> FloatArray:
    """Fakes who copy real people, so as to be taken into their group, but vote against what is agreed."""
    fakes = copies(rng, table, sources)
    for wish in against:
        voted = ~np.isnan(fakes[:, wish.statement])
        fakes[voted, wish.statement] = wish.vote
    return fakes


def near_copies(rng: np.random.Generator, table: FloatArray, statement: int, number: int) -> FloatArray:
    """Columns of near-copies of a statement, shape (participants, number): 60 % of its voters each, 5 % noise."""
    columns = np.repeat(table[:, [statement]], number, axis=1)
    columns[rng.random(columns.shape) >= 0.6] = np.nan
    columns[rng.random(columns.shape) < _TURNED] *= -1
    return columns


def _against(pattern: FloatArray, against: Sequence[Wish]) -> FloatArray:
    turned = pattern.copy()
    for wish in against:
        turned[wish.statement] = wish.vote
    return turned


def _followers(
    rng: np.random.Generator, table: FloatArray, number: int, pattern: FloatArray, *, tireless: bool
) -> FloatArray:
    fakes = np.repeat(pattern[None, :], number, axis=0)
    if not tireless:
        people = np.flatnonzero(_is_active(table))
        fakes[np.isnan(table[rng.choice(people, size=number)])] = np.nan
    fakes[rng.random(fakes.shape) < _TURNED] *= -1
    return fakes


def _is_active(table: FloatArray) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    active: np.ndarray[tuple[int, ...], np.dtype[np.bool_]] = (~np.isnan(table)).sum(axis=1) >= _FEWEST
    return active
