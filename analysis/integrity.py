"""Signs that participants may be one person, or a machine: alike votes, one answer to all, arrival in a burst.

A sign is no proof: real people agree, and come together when a link is shared. Nobody is taken out for it. The result
is shown with those who bear a sign and without them, which says how much hangs on them. And who bears none may be a
fake all the same: one that errs in a fifth of its votes is no more alike to the next than real people are.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from analysis.classic import BoolArray
from analysis.consensus import Judgement, StatementClass
from analysis.parameters import Parameters
from analysis.votes import AGREE, DISAGREE, PASS, FloatArray, IntArray, Votes

# So many participants are compared with all others at once, which bounds the memory.
_ROWS_AT_ONCE = 512
_DAY = 24 * 60.0


class Sign(StrEnum):
    """What is conspicuous about a participant."""

    ALIKE = "alike"
    STRAIGHT = "straight"
    BURST = "burst"


@dataclass(frozen=True)
class Integrity:
    """Who bears which signs, sorted by id, and what was looked for.

    looked_for: the signs that could be computed; bursts need times. compared: how many participants were compared pair
    by pair; of the others only votes that are exactly the same were found.
    """

    signs: Mapping[str, tuple[Sign, ...]]
    looked_for: tuple[Sign, ...]
    compared: int

    @property
    def flagged(self) -> frozenset[str]:
        """Everybody who bears a sign."""
        return frozenset(self.signs)


@dataclass(frozen=True)
class Change:
    """A statement whose class is another one without those who bear a sign."""

    statement: str
    with_all: StatementClass
    without_flagged: StatementClass


def signs(votes: Votes, parameters: Parameters, first_votes: FloatArray | None = None) -> Integrity:
    """Who bears a sign.

    first_votes: when each participant cast their first vote, shape (participants,), in seconds from any moment, NaN
    where it is not known; without it bursts are not looked for, and the result says so.
    """
    compared = _most_active(votes, parameters.alike_compared)
    found = {Sign.ALIKE: _alike(votes, compared, parameters), Sign.STRAIGHT: _straight(votes, parameters)}
    if first_votes is not None:
        found[Sign.BURST] = _bursts(first_votes, parameters)
    borne = {who: tuple(sign for sign, has in found.items() if has[at]) for at, who in enumerate(votes.participants)}
    return Integrity({who: own for who, own in borne.items() if own}, tuple(found), len(compared))


def without(votes: Votes, participants: frozenset[str]) -> Votes:
    """The votes of everybody else."""
    stays = np.array([who not in participants for who in votes.participants], dtype=bool)[votes.rows]
    who = [votes.participants[row] for row in votes.rows[stays].tolist()]
    what = [votes.statements[column] for column in votes.columns[stays].tolist()]
    return Votes.from_arrays(who, what, votes.values[stays])


def changes(
    statements: Sequence[str], with_all: Sequence[Judgement], without_flagged: Sequence[Judgement]
) -> list[Change]:
    """The statements whose class differs between two lists of judgements, both in the order of the statements."""
    pairs = zip(statements, with_all, without_flagged, strict=True)
    return [Change(each, before.kind, after.kind) for each, before, after in pairs if before.kind is not after.kind]


def _most_active(votes: Votes, number: int) -> IntArray:
    """Rows of those who voted on the most statements; at a tie in the order of their ids."""
    rows: IntArray = np.sort(np.argsort(-votes.votes_cast(), kind="stable")[:number])
    return rows


def _alike(votes: Votes, compared: IntArray, parameters: Parameters) -> BoolArray:
    """Who is nearly identical to somebody, shape (participants,).

    Two participants are when on enough shared votes nearly all are the same, and the same answers are together so rare
    that chance does not explain them, among as many pairs as there are. An answer that a share p of the voters gave is
    worth -log2 p bits, so agreeing on what everybody agrees on is worth nothing.
    """
    flagged = _same(votes, parameters)
    answers, bits = _answers(votes, compared), _bits(votes)
    cast = answers[0] + answers[1] + answers[2]
    for start in range(0, len(compared), _ROWS_AT_ONCE):
        here = slice(start, start + _ROWS_AT_ONCE)
        same, worth = np.zeros((2, len(cast[here]), len(cast)), dtype=np.float32)
        for own, rare in zip(answers, bits, strict=True):
            same += own[here] @ own.T
            worth += (own[here] * rare) @ own.T
        shared = cast[here] @ cast.T
        pairs = (shared >= parameters.alike_votes) & (same >= parameters.alike_share * shared)
        pairs &= worth >= _rare(len(compared), parameters)
        pairs[np.arange(pairs.shape[0]), np.arange(start, start + pairs.shape[0])] = False
        flagged[compared[here]] |= pairs.any(axis=1)
    return flagged


def _same(votes: Votes, parameters: Parameters) -> BoolArray:
    """Who cast exactly the votes of somebody else, and enough and rare enough ones: found by digest, over everybody."""
    flagged = np.zeros(votes.shape[0], dtype=bool)
    bits = _bits(votes)[_place(votes.values), votes.columns] if len(votes) else np.zeros(0)
    worth = np.bincount(votes.rows, weights=bits, minlength=votes.shape[0])
    enough = (votes.votes_cast() >= parameters.alike_votes) & (worth >= _rare(votes.shape[0], parameters))
    ends = np.append(0, np.cumsum(votes.votes_cast()))
    seen: dict[bytes, int] = {}
    for row in np.flatnonzero(enough).tolist():
        own = slice(ends[row], ends[row + 1])
        ballot = votes.columns[own].tobytes() + votes.values[own].tobytes()
        first = seen.setdefault(ballot, row)
        flagged[[first, row]] |= first != row
    return flagged


def _rare(people: int, parameters: Parameters) -> float:
    """The bits from which no pair among so many people is expected by chance."""
    return parameters.alike_bits + math.log2(max(people * (people - 1) / 2, 1))


def _place(values: npt.NDArray[np.int8]) -> IntArray:
    """Which of the three answers each vote is, in the order of `_answers`."""
    places: IntArray = np.array([2, 1, 0], dtype=np.int64)[values + 1]
    return places


def _answers(votes: Votes, rows: IntArray) -> list[npt.NDArray[np.float32]]:
    """Who of these gave which answer, three tables of ones and zeros, shape (rows, statements)."""
    place = np.full(votes.shape[0], -1, dtype=np.int64)
    place[rows] = np.arange(len(rows))
    tables = []
    for value in (AGREE, PASS, DISAGREE):
        table = np.zeros((len(rows), votes.shape[1]), dtype=np.float32)
        own = (votes.values == value) & (place[votes.rows] >= 0)
        table[place[votes.rows[own]], votes.columns[own]] = 1
        tables.append(table)
    return tables


def _bits(votes: Votes) -> npt.NDArray[np.float32]:
    """How rare each answer to each statement is, -log2 of its share, shape (3, statements)."""
    counts = np.zeros((3, votes.shape[1]))
    np.add.at(counts, (_place(votes.values), votes.columns), 1)
    shares = (counts + 1) / (counts.sum(axis=0) + 3)
    return np.asarray(-np.log2(shares), dtype=np.float32)


def _straight(votes: Votes, parameters: Parameters) -> BoolArray:
    """Who gave one and the same answer to all of many statements, shape (participants,)."""
    cast = votes.votes_cast()
    most = np.max(
        [np.bincount(votes.rows[votes.values == value], minlength=len(cast)) for value in (AGREE, PASS, DISAGREE)],
        axis=0,
    )
    straight: BoolArray = (cast >= parameters.straight_votes) & (most == cast)
    return straight


def _bursts(first_votes: FloatArray, parameters: Parameters) -> BoolArray:
    """Who began in a span of minutes in which many more did than on the day around it, shape (participants,).

    A span starts with each first vote. What to expect is the rate of the day around it without the span itself.
    """
    span = 60 * parameters.burst_minutes
    known = np.flatnonzero(~np.isnan(first_votes))
    order = known[np.argsort(first_votes[known], kind="stable")]
    times = first_votes[order]
    ends = np.searchsorted(times, times + span, side="right")
    inside = ends - np.arange(len(times))
    around = np.searchsorted(times, times + span / 2 + 30 * _DAY, side="right") - np.searchsorted(
        times, times + span / 2 - 30 * _DAY, side="left"
    )
    expected = (around - inside) * parameters.burst_minutes / max(_DAY - parameters.burst_minutes, 1.0)
    is_burst = (inside >= parameters.burst_people) & (inside > parameters.burst_times * expected)
    flagged = np.zeros(len(first_votes), dtype=bool)
    for start in np.flatnonzero(is_burst).tolist():
        flagged[order[start : ends[start]]] = True
    return flagged
