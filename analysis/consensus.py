"""What holds across groups: consensus for and against, and the class of each statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from analysis.classic import BoolArray, group_aware_consensus, share_test, smoothed_share
from analysis.intervals import Bounds, Estimate, estimates, product_bounds, wilson
from analysis.moments import Counts, Direction
from analysis.parameters import Parameters
from analysis.votes import FloatArray, IntArray


class StatementClass(StrEnum):
    """What the votes say of a statement."""

    CONSENSUS_AGREE = "consensus_agree"
    CONSENSUS_DISAGREE = "consensus_disagree"
    CONTESTED = "contested"
    UNCERTAIN = "uncertain"
    TOO_FEW = "too_few"


KINDS = tuple(StatementClass)


@dataclass(frozen=True)
class Judgement:
    """One statement's class and its figures; those across groups have no value where no group holds a veto."""

    kind: StatementClass
    consensus_agree: Estimate
    consensus_disagree: Estimate
    group_aware_consensus: Estimate


class Leaning(StrEnum):
    """Which way a group goes on a statement: more than half of its votes, passes included, or neither."""

    AGREE = "agree"
    DISAGREE = "disagree"
    DIVIDED = "divided"
    TOO_FEW = "too_few"


@dataclass(frozen=True)
class Dissent:
    """What a group that holds no veto says of a statement; its counts only where enough people hide each other."""

    group: str
    leaning: Leaning
    votes: int | None
    agree: int | None
    disagree: int | None
    passed: int | None


class ClassesBy(StrEnum):
    """What the classes of statements rest on: opinion groups, cuts of something gradual, or everybody together."""

    GROUPS = "groups"
    CUTS = "cuts"
    EVERYBODY = "everybody"


class Verified(NamedTuple):
    """The verified members of each group. sizes: shape (groups,); counts: their votes, shape (groups, statements)."""

    sizes: IntArray
    counts: Counts


@dataclass(frozen=True)
class Majority:
    """A statement in one of Polis's two consensus lists: `count` of all `votes` on it went in the list's direction."""

    statement: str
    votes: int
    count: int
    p_success: Estimate
    p_test: float


@dataclass(frozen=True)
class PolisConsensus:
    """Polis's own lists, over everybody and without groups, the clearest first."""

    agree: tuple[Majority, ...]
    disagree: tuple[Majority, ...]


def veto_holders(sizes: IntArray, parameters: Parameters, verified: Verified | None = None) -> BoolArray:
    """Which groups hold a veto, shape (groups,): by their size, or by their verified members.

    sizes: people in each group, shape (groups,).
    """
    holders = holds_by_size(sizes, parameters)
    return holders if verified is None else holders | holds_by_verified(verified.sizes, parameters)


def holds_by_size(sizes: IntArray, parameters: Parameters) -> BoolArray:
    """Which groups are large enough that few fakes cannot found one, shape (groups,)."""
    return _reach(sizes, parameters.veto_share, parameters.veto_people)


def holds_by_verified(sizes: IntArray, parameters: Parameters) -> BoolArray:
    """Which groups have verified members enough, whose number no fakes can raise. sizes: of these, shape (groups,)."""
    return _reach(sizes, parameters.veto_share_verified, parameters.veto_people)


def classes_by(verdict: str, veto: BoolArray) -> ClassesBy:
    """What the classes rest on with this verdict on structure: where no group holds a veto, everybody together."""
    if verdict == "none" or not veto.any():
        return ClassesBy.EVERYBODY
    return ClassesBy.CUTS if verdict == "gradual" else ClassesBy.GROUPS


def deciding(by_group: Counts, sizes: IntArray, verified: Verified, parameters: Parameters) -> Counts:
    """The votes that speak for each group, shape (groups, statements), where some participants are verified.

    by_group: the votes of all members, in that shape; sizes: shape (groups,). A group that holds its veto by size is
    judged by all of its members. One that holds it by its verified members alone is judged by these alone: otherwise
    fakes could join it and speak with its veto.
    """
    alone = holds_by_verified(verified.sizes, parameters) & ~holds_by_size(sizes, parameters)
    choices = zip(_choices(by_group), _choices(verified.counts), strict=True)
    return Counts(*(np.where(alone[:, None], own, everyone) for everyone, own in choices))


def judge(
    everybody: Counts,
    by_group: Counts,
    veto: BoolArray,
    *,
    eligible: BoolArray,
    parameters: Parameters,
    decided: Counts | None = None,
) -> list[Judgement]:
    """Judge each statement.

    everybody: shape (statements,); by_group: shape (groups, statements); veto: shape (groups,); eligible: shape
    (statements,), those that put something to the public. The others can be neither consensus nor contested. decided:
    the votes that speak for the groups, where these are not all of their votes (see `deciding`), shaped as by_group.
    """
    speaking = decided or by_group
    holders = Counts(*(each[veto] for each in _choices(speaking)))
    kinds = [
        kind if judged or kind is StatementClass.TOO_FEW else StatementClass.UNCERTAIN
        for kind, judged in zip(classify(everybody, holders, parameters), eligible.tolist(), strict=True)
    ]
    figures = (
        _across(holders.agree, holders.votes, parameters.confidence),
        _across(holders.disagree, holders.votes, parameters.confidence),
        _polis_product(by_group, parameters.confidence),
    )
    return [Judgement(*row) for row in zip(kinds, *figures, strict=True)]


def dissents(
    by_group: Counts, letters: Sequence[str], sizes: IntArray, veto: BoolArray, parameters: Parameters
) -> list[tuple[Dissent, ...]]:
    """For each statement what the groups without a veto say of it, in the order of the groups.

    by_group: shape (groups, statements); letters, sizes, veto: one for each group. Of a group under ten people the
    leaning alone is told: a count of so few says too much about each of them.
    """
    small = np.flatnonzero(~veto).tolist()
    rows = [
        _dissents_of(
            by_group.of_group(group), letters[group], int(sizes[group]) >= parameters.dissent_people, parameters
        )
        for group in small
    ]
    return list(zip(*rows, strict=True)) if rows else [()] * by_group.agree.shape[1]


def classify(everybody: Counts, holders: Counts, parameters: Parameters) -> list[StatementClass]:
    """The class of each statement, from the votes of everybody and of each group that holds a veto.

    everybody: shape (statements,); holders: shape (groups, statements), where there may be no group.
    """
    return [KINDS[code] for code in class_codes(everybody, holders, parameters).tolist()]


def class_codes(everybody: Counts, holders: Counts, parameters: Parameters) -> IntArray:
    """The same as places in KINDS, shape (statements,): quick enough for a hundred thousand imagined statements."""
    few_in_group = (holders.votes < parameters.fewest_votes_in_group).any(axis=0)
    cases = {
        StatementClass.TOO_FEW: (everybody.votes < parameters.fewest_votes) | few_in_group,
        StatementClass.CONSENSUS_AGREE: _agreed(everybody, holders, "agree", parameters),
        StatementClass.CONSENSUS_DISAGREE: _agreed(everybody, holders, "disagree", parameters),
        StatementClass.CONTESTED: _contested(holders, parameters),
    }
    codes = [np.int64(KINDS.index(each)) for each in cases]
    return np.select(list(cases.values()), codes, np.int64(KINDS.index(StatementClass.UNCERTAIN)))


def across(hits: IntArray, votes: IntArray) -> FloatArray:
    """How far every group goes in this direction: the geometric mean over groups of the smoothed share.

    hits, votes: shape (groups, statements), with a group at least. Returns shape (statements,), in (0, 1).
    """
    mean: FloatArray = np.exp(np.log(smoothed_share(hits, votes)).mean(axis=0))
    return mean


def polis_consensus(
    everybody: Counts, statements: Sequence[str], eligible: BoolArray, parameters: Parameters
) -> PolisConsensus:
    """What Polis lists as consensus. everybody, eligible: shape (statements,)."""
    lists = (
        _majorities(hits, everybody.votes, statements, eligible=eligible, parameters=parameters)
        for hits in (everybody.agree, everybody.disagree)
    )
    return PolisConsensus(*lists)


def _agreed(everybody: Counts, holders: Counts, direction: Direction, parameters: Parameters) -> BoolArray:
    """The three conditions of consensus in one direction; without groups the first alone decides."""
    overall: BoolArray = _low(everybody, direction, parameters) > parameters.consensus_overall
    if not len(holders.votes):
        return overall
    in_each = _low(holders, direction, parameters) > parameters.consensus_in_each
    together = across(holders.going(direction), holders.votes) > parameters.consensus_across
    agreed: BoolArray = overall & together & in_each.all(axis=0)
    return agreed


def _contested(holders: Counts, parameters: Parameters) -> BoolArray:
    """One group is for it, another against; no group can be both, since the shares add up to at most 1."""
    lows = (_low(holders, "agree", parameters), _low(holders, "disagree", parameters))
    some_for, some_against = ((low > parameters.contested_above).any(axis=0) for low in lows)
    contested: BoolArray = np.asarray(some_for & some_against)
    return contested


def _low(counts: Counts, direction: Direction, parameters: Parameters) -> FloatArray:
    return wilson(counts.going(direction), counts.votes, parameters.confidence).low


def _across(hits: IntArray, votes: IntArray, confidence: float) -> list[Estimate]:
    if not len(hits):
        return [Estimate(None, 0.0, 1.0)] * hits.shape[1]
    product = product_bounds(smoothed_share(hits, votes), wilson(hits, votes, confidence))
    root = 1 / len(hits)
    return estimates(across(hits, votes), Bounds(product.low**root, product.high**root))


def _polis_product(by_group: Counts, confidence: float) -> list[Estimate]:
    shares = smoothed_share(by_group.agree, by_group.votes)
    bounds = product_bounds(shares, wilson(by_group.agree, by_group.votes, confidence))
    return estimates(group_aware_consensus(by_group), bounds)


def _reach(sizes: IntArray, share: float, people: int) -> BoolArray:
    reached: BoolArray = (sizes >= share * sizes.sum()) & (sizes >= people)
    return reached


def _choices(counts: Counts) -> tuple[IntArray, IntArray, IntArray]:
    return counts.agree, counts.disagree, counts.passed


def _dissents_of(counts: Counts, letter: str, is_counted: bool, parameters: Parameters) -> list[Dissent]:
    cases = {
        Leaning.TOO_FEW: counts.votes < parameters.dissent_votes,
        Leaning.AGREE: 2 * counts.agree > counts.votes,
        Leaning.DISAGREE: 2 * counts.disagree > counts.votes,
    }
    leanings = np.select(list(cases.values()), [str(each) for each in cases], str(Leaning.DIVIDED)).tolist()
    columns = (counts.votes, *_choices(counts)) if is_counted else ()
    figures = zip(*(each.tolist() for each in columns), strict=True) if is_counted else [(None,) * 4] * len(leanings)
    return [Dissent(letter, Leaning(leaning), *own) for leaning, own in zip(leanings, figures, strict=True)]


def _majorities(
    hits: IntArray, votes: IntArray, statements: Sequence[str], *, eligible: BoolArray, parameters: Parameters
) -> tuple[Majority, ...]:
    share, test = smoothed_share(hits, votes), share_test(hits, votes)
    bounds = wilson(hits, votes, parameters.confidence)
    clear = np.flatnonzero(eligible & (share > 0.5) & (test > parameters.representative_z)).tolist()
    ranked = sorted(clear, key=lambda at: -float(share[at] * test[at]))[: parameters.most_polis_consensus]
    shares = estimates(share, bounds)
    return tuple(Majority(statements[at], int(votes[at]), int(hits[at]), shares[at], float(test[at])) for at in ranked)
