"""What holds across groups: consensus for and against, and the class of each statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

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


@dataclass(frozen=True)
class Judgement:
    """One statement's class and its figures; those across groups have no value where no group holds a veto."""

    kind: StatementClass
    consensus_agree: Estimate
    consensus_disagree: Estimate
    group_aware_consensus: Estimate


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


def veto_holders(sizes: IntArray, parameters: Parameters) -> BoolArray:
    """Which groups hold a veto, shape (groups,): those large enough that few fakes cannot found one."""
    holders: BoolArray = (sizes >= parameters.veto_share * sizes.sum()) & (sizes >= parameters.veto_people)
    return holders


def judge(
    everybody: Counts, by_group: Counts, veto: BoolArray, *, eligible: BoolArray, parameters: Parameters
) -> list[Judgement]:
    """Judge each statement.

    everybody: shape (statements,); by_group: shape (groups, statements); veto: shape (groups,); eligible: shape
    (statements,), those that put something to the public. The others can be neither consensus nor contested.
    """
    holders = Counts(by_group.agree[veto], by_group.disagree[veto], by_group.passed[veto])
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


def classify(everybody: Counts, holders: Counts, parameters: Parameters) -> list[StatementClass]:
    """The class of each statement, from the votes of everybody and of each group that holds a veto.

    everybody: shape (statements,); holders: shape (groups, statements), where there may be no group.
    """
    few_in_group = (holders.votes < parameters.fewest_votes_in_group).any(axis=0)
    cases = {
        StatementClass.TOO_FEW: (everybody.votes < parameters.fewest_votes) | few_in_group,
        StatementClass.CONSENSUS_AGREE: _agreed(everybody, holders, "agree", parameters),
        StatementClass.CONSENSUS_DISAGREE: _agreed(everybody, holders, "disagree", parameters),
        StatementClass.CONTESTED: _contested(holders, parameters),
    }
    kinds = np.select(list(cases.values()), [str(each) for each in cases], str(StatementClass.UNCERTAIN))
    return [StatementClass(each) for each in kinds.tolist()]


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


def _majorities(
    hits: IntArray, votes: IntArray, statements: Sequence[str], *, eligible: BoolArray, parameters: Parameters
) -> tuple[Majority, ...]:
    share, test = smoothed_share(hits, votes), share_test(hits, votes)
    bounds = wilson(hits, votes, parameters.confidence)
    clear = np.flatnonzero(eligible & (share > 0.5) & (test > parameters.representative_z)).tolist()
    ranked = sorted(clear, key=lambda at: -float(share[at] * test[at]))[: parameters.most_polis_consensus]
    shares = estimates(share, bounds)
    return tuple(Majority(statements[at], int(votes[at]), int(hits[at]), shares[at], float(test[at])) for at in ranked)
